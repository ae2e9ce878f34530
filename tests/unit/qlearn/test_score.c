/* The joint score: what it is made of, and that its best action is class first, then placement. */
#include "qlearn/score.h"

#include "learned.h"

enum { LEGS = PAB_ENV_LEGS, ACTIONS = PAB_ENV_LEG_ACTIONS };

static pab_qtable *make_learned(void)
{
    pab_host host = plain_host();
    pab_qtable *q;
    must(pab__qtable_new(&host, PAB_EXPERT_SCE, &q));
    return q;
}

/* Fills the rows of a state with numbers of one seed. */
static void fill_row(pab__table *t, uint32_t state, uint32_t visits, pab__draw *draw)
{
    t->visits[state] = visits;
    for (int half = 0; half < PAB__TABLE_HALVES; half++)
        for (uint32_t a = 0; a <= t->actions; a++)
            pab__table_at(t, half, state)[a] = (pab__table_cell){.value = pab__draw_uniform(draw, -3, 3), .count = 5};
}

static void random_mask(uint8_t *mask, pab__features *f, pab__draw *draw)
{
    for (int i = 0; i < LEGS * ACTIONS; i++)
        mask[i] = i % ACTIONS == 0 || pab__draw_double(draw) < 0.5;
    for (int leg = 0; leg < LEGS; leg++)
        do
            f->rule[leg] = (int32_t)pab__draw_randint(draw, 0, ACTIONS);
        while (!mask[leg * ACTIONS + f->rule[leg]]);
}

/* Class pair first, then each leg's best action of its class, as the definition has it. */
static int32_t by_definition(const pab_qtable *q, const pab__features *f, const uint8_t *mask)
{
    double value[PAB__ACTION_CLASS_PAIRS];
    int32_t action[LEGS], advice = 0;
    for (int leg = 0; leg < LEGS; leg++)
        advice = 5 * advice + pab__action_class(pab__qtable_leg(q, f, leg, pab__legal_bits(mask + leg * ACTIONS)));
    uint32_t pairs = pab__legal_class_pairs(mask);
    pab__qtable_row(q, 2, q->verdict[2].mode, pab__bins_pair_state(&q->bins, f), advice, pairs, value);
    int32_t c = pab__table_best(value, PAB__ACTION_CLASS_PAIRS, pairs);
    for (int leg = 0; leg < LEGS; leg++) {
        uint32_t legal = pab__legal_bits(mask + leg * ACTIONS);
        double row[ACTIONS];
        pab__qtable_row(q, leg, q->verdict[leg].mode, pab__bins_leg_state(&q->bins, f, leg), f->rule[leg], legal, row);
        action[leg] = pab__table_best(row, ACTIONS, pab__legal_of_class(legal, leg == 0 ? c / 5 : c % 5));
    }
    return ACTIONS * action[0] + action[1];
}

static void the_best_joint_action_is_class_first_then_placement(void **state)
{
    pab_qtable *q = make_learned();
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__features f = {.time = 0.3};
    (void)state;
    pab__rng_seed(&rng, 7);
    for (int i = 0; i < 500; i++) {
        uint8_t mask[LEGS * ACTIONS];
        double z[PAB_ENV_JOINT_ACTIONS];
        random_mask(mask, &f, &draw);
        for (int t = 0; t < PAB_TABLE_COUNT; t++) {
            uint32_t s = t == PAB_TABLE_PAIR ? pab__bins_pair_state(&q->bins, &f)
                                             : pab__bins_leg_state(&q->bins, &f, t);
            fill_row(&q->table[t], s, (uint32_t)pab__draw_randint(&draw, 15, 25), &draw);
            q->verdict[t] = (pab__qtable_verdict){.mode = (int32_t)pab__draw_randint(&draw, 0, 3),
                                           .scale = pab__draw_uniform(&draw, 0.1, 2)};
        }
        pab__qtable_score(q, &f, mask, z);
        int32_t best = pab__qtable_best(z);
        assert_true(z[best] == 0);
        assert_int_equal(best, by_definition(q, &f, mask));
        for (int32_t j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
            int legal = mask[j / ACTIONS] && mask[ACTIONS + j % ACTIONS];
            assert_true(legal ? z[j] <= 0 && isfinite(z[j]) : z[j] == -INFINITY);
        }
    }
    pab_qtable_free(q);
}

static void an_untrained_expert_scores_the_rule_best(void **state)
{
    pab_qtable *q = make_learned();
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__features f = {.time = 0.6};
    (void)state;
    pab__rng_seed(&rng, 3);
    for (int i = 0; i < 200; i++) {
        uint8_t mask[LEGS * ACTIONS];
        double z[PAB_ENV_JOINT_ACTIONS];
        random_mask(mask, &f, &draw);
        pab__qtable_score(q, &f, mask, z);
        assert_int_equal(pab__qtable_best(z), ACTIONS * f.rule[0] + f.rule[1]);
    }
    pab_qtable_free(q);
}

static void the_score_is_counted_in_sigmas(void **state)
{
    pab_qtable *q = make_learned();
    pab__features f = {.rule = {2, 2}};
    uint8_t mask[LEGS * ACTIONS];
    double z[PAB_ENV_JOINT_ACTIONS];
    (void)state;
    memset(mask, 1, sizeof mask);
    uint32_t leg = pab__bins_leg_state(&q->bins, &f, 0), pair = pab__bins_pair_state(&q->bins, &f);
    q->table[0].visits[leg] = q->table[2].visits[pair] = 20;
    for (int half = 0; half < 2; half++) {
        pab__table_at(&q->table[0], half, leg)[3].value = 4; /* JOIN x1, the best of its class */
        pab__table_at(&q->table[2], half, pair)[PAB__ACTION_CLASS_PAIRS].value = 3; /* JOIN, JOIN, as advised */
    }
    q->verdict[0] = (pab__qtable_verdict){.mode = PAB_TABLE_PLAIN, .scale = 2};
    q->verdict[2] = (pab__qtable_verdict){.mode = PAB_TABLE_PLAIN, .scale = 6};
    pab__qtable_score(q, &f, mask, z);
    assert_int_equal(pab__qtable_best(z), ACTIONS * 3 + 2);
    assert_true(fabs(z[ACTIONS * 2 + 2] + 0.5 * 4 / 2) < 1e-12);      /* another size of JOIN for A */
    assert_true(fabs(z[ACTIONS * 3 + 3] + 0.5 * 1) < 1e-12);          /* a rule row is one sigma deep */
    assert_true(fabs(z[ACTIONS * 0 + 2] + 3.0 / 6) < 1e-12);          /* another class for A */
    pab_qtable_free(q);
}

static void a_confident_table_needs_visits_and_a_gap(void **state)
{
    pab_qtable *q = make_learned();
    pab__table *t = &q->table[0];
    double row[ACTIONS];
    (void)state;
    t->visits[9] = 100;
    for (int half = 0; half < 2; half++) {
        pab__table_at(t, half, 9)[4] = (pab__table_cell){.value = 1, .count = 20, .m2 = 80};
        pab__table_at(t, half, 9)[ACTIONS] = (pab__table_cell){.value = 0, .count = 20, .m2 = 80};
    }
    q->verdict[0].scale = 7;
    pab__qtable_row(q, 0, PAB_TABLE_CONFIDENT, 9, 3, 0x1ffff, row);
    assert_int_equal(pab__table_best(row, ACTIONS, 0x1ffff), 4); /* the error of the gap is 0.45 */
    pab__table_at(t, 0, 9)[4].m2 = pab__table_at(t, 1, 9)[4].m2 = 800;
    pab__qtable_row(q, 0, PAB_TABLE_CONFIDENT, 9, 3, 0x1ffff, row);
    assert_true(row[3] == 0 && row[4] == -7); /* now it is 1.05 */
    pab__table_at(t, 0, 9)[4] = (pab__table_cell){.value = 1, .count = 9};
    pab__table_at(t, 1, 9)[4] = (pab__table_cell){.value = 1, .count = 9};
    pab__qtable_row(q, 0, PAB_TABLE_CONFIDENT, 9, 3, 0x1ffff, row);
    assert_true(row[3] == 0 && row[4] == -7); /* sure, but seldom seen */
    pab__qtable_row(q, 0, PAB_TABLE_PLAIN, 9, 3, 0x1ffff, row);
    assert_true(row[4] == 1);
    pab_qtable_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_joint_action_is_class_first_then_placement),
        cmocka_unit_test(an_untrained_expert_scores_the_rule_best),
        cmocka_unit_test(the_score_is_counted_in_sigmas),
        cmocka_unit_test(a_confident_table_needs_visits_and_a_gap),
    };
    return cmocka_run_group_tests_name("qlearn/score", tests, NULL, NULL);
}
