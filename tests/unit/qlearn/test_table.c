/* Learning on made-up decision processes, whose best decisions are known. */
#include "qlearn/table.h"

#include "learned.h"

enum { STAGES = 5, PLACES = 4, ACTIONS = 3, STATES = STAGES * PLACES };

/* A walk of STAGES decisions over PLACES: mean rewards and next places are drawn once. */
typedef struct walk {
    double reward[STATES][ACTIONS];
    uint32_t next[STATES][ACTIONS][2]; /* with probability 0.7 the first */
    double best[STATES];               /* value of acting best from there on */
    double worth[STATES][ACTIONS];
} walk;

static double value_after(const walk *w, uint32_t state, int32_t a)
{
    uint32_t stage = state / PLACES;
    if (stage + 1 == STAGES)
        return 0;
    const uint32_t *next = w->next[state][a];
    return 0.7 * w->best[(stage + 1) * PLACES + next[0]] + 0.3 * w->best[(stage + 1) * PLACES + next[1]];
}

static void make_walk(walk *w, pab__draw *draw)
{
    for (uint32_t s = STATES; s-- > 0;) {
        w->best[s] = -INFINITY;
        for (int32_t a = 0; a < ACTIONS; a++) {
            w->reward[s][a] = pab__draw_uniform(draw, -1, 1);
            for (int i = 0; i < 2; i++)
                w->next[s][a][i] = (uint32_t)pab__draw_randint(draw, 0, PLACES);
            w->worth[s][a] = w->reward[s][a] + value_after(w, s, a);
            w->best[s] = fmax(w->best[s], w->worth[s][a]);
        }
    }
}

static void play_walk(const walk *w, const pab__table *t, const pab__exploration *how, pab__draw *draw,
                      pab__transition moves[STAGES])
{
    uint32_t place = (uint32_t)pab__draw_randint(draw, 0, PLACES);
    for (uint32_t k = 0; k < STAGES; k++) {
        double explore;
        uint32_t s = k * PLACES + place;
        moves[k] = (pab__transition){.state = s, .legal = 7, .rule = 0};
        moves[k].action = pab__table_behave(t, s, 7, 0, how, draw, &explore);
        moves[k].reward = pab__draw_normal(draw, w->reward[s][moves[k].action], 0.5);
        place = w->next[s][moves[k].action][pab__draw_double(draw) < 0.7 ? 0 : 1];
    }
}

/* Rounds of 64 episodes with a frozen table, as training has them. */
static void learn_walk(const walk *w, pab__table *t, uint32_t rounds, uint64_t seed)
{
    pab__transition moves[64][STAGES];
    for (uint32_t j = 1; j <= rounds; j++) {
        pab__exploration how = {fmax(0.1, 1 - (j - 1) / (0.6 * rounds)), 0.5, 0.5, 0.02};
        for (uint32_t i = 0; i < 64; i++) {
            pab__rng rng;
            pab__draw draw = {.rng = &rng};
            pab__rng_seed(&rng, pab__rng_key(seed, (uint64_t)j << 32 | i, 1));
            play_walk(w, t, &how, &draw, moves[i]);
        }
        for (uint32_t i = 0; i < 64; i++)
            pab__table_learn(t, moves[i], STAGES, (int)(pab__rng_key(seed, (uint64_t)j << 32 | i, 2) & 1),
                             &pab__learning_rates_episodes);
    }
}

static pab__table make_table(uint32_t states, uint32_t actions)
{
    pab_host host = plain_host();
    pab__table t;
    must(pab__table_new(&host, states, actions, &t));
    return t;
}

static void the_best_decisions_are_found(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        walk w;
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__table t = make_table(STATES, ACTIONS);
        double value[ACTIONS], lost = 0, by_rule = 0;
        pab__rng_seed(&rng, seed);
        make_walk(&w, &draw);
        learn_walk(&w, &t, 300, seed);
        for (uint32_t s = 0; s < STATES; s++) {
            pab__table_values(&t, s, 0, 0.5, value);
            lost += w.best[s] - w.worth[s][pab__table_best(value, ACTIONS, 7)];
            by_rule += w.best[s] - w.worth[s][0];
        }
        if (!(lost / STATES < 0.05) || !(by_rule / STATES > 0.3))
            fail_msg("seed %d: decisions lose %g of the best on average, the rule's %g", (int)seed, lost / STATES,
                     by_rule / STATES);
        pab__table_free(&t);
    }
}

/* One state of ten equal actions, noisy and worth -0.1, is led to by action 1 of another; its action 0 is worth 0. */
static void noise_is_not_taken_for_value(void **state)
{
    enum { ARMS = 10, RUNS = 40, EPISODES = 300 };
    double judged = 0, hoped = 0;
    (void)state;
    for (uint64_t run = 0; run < RUNS; run++) {
        pab__table t = make_table(2, ARMS);
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__learning_rates rates = pab__learning_rates_episodes;
        rates.trace = 0; /* bootstrapping alone */
        rates.prior = 0;
        pab__rng_seed(&rng, run + 1);
        for (int i = 0; i < EPISODES; i++) {
            pab__transition moves[2] = {{.state = 0, .legal = 3, .action = 1, .rule = -1},
                                  {.state = 1, .legal = (1u << ARMS) - 1, .rule = -1}};
            moves[1].action = (int32_t)pab__draw_randint(&draw, 0, ARMS);
            moves[1].reward = pab__draw_normal(&draw, -0.1, 1);
            pab__table_learn(&t, moves, 2, (int)pab__draw_randint(&draw, 0, 2), &rates);
        }
        for (int half = 0; half < 2; half++) {
            const pab__table_cell *row = pab__table_at(&t, half, 1);
            double best = -INFINITY;
            for (int a = 0; a < ARMS; a++)
                best = fmax(best, row[a].value);
            judged += pab__table_at(&t, half, 0)[1].value / (2 * RUNS);
            hoped += best / (2 * RUNS);
        }
        pab__table_free(&t);
    }
    if (!(hoped > 0.2) || !(fabs(judged + 0.1) < 0.1))
        fail_msg("the largest of ten noisy values is %g, the other half says %g; expected above 0.2, and -0.1", hoped,
                 judged);
}

static void targets_follow_the_formula(void **state)
{
    pab__table t = make_table(3, 3);
    pab__learning_rates rates = pab__learning_rates_episodes;
    (void)state;
    /* State 1 was seen before: half 0 likes action 2, half 1 thinks it is worth 3. */
    t.visits[1] = 1;
    const double x[] = {1, 0, 2}, y[] = {10, 20, 3};
    for (int a = 0; a < 3; a++) {
        pab__table_at(&t, 0, 1)[a].value = x[a];
        pab__table_at(&t, 1, 1)[a].value = y[a];
    }
    const pab__transition greedy[2] = {{.state = 0, .legal = 7, .action = 1, .rule = -1, .reward = 0.25},
                                 {.state = 1, .legal = 7, .action = 2, .rule = -1, .reward = 4}};
    pab__table_learn(&t, greedy, 2, 0, &rates);
    assert_true(fabs(pab__table_at(&t, 0, 1)[2].value - 4) < 1e-12); /* the first rate is 1 */
    assert_true(fabs(pab__table_at(&t, 0, 0)[1].value - (0.25 + 0.2 * 3 + 0.8 * 4)) < 1e-12);
    assert_true(pab__table_at(&t, 1, 0)[1].value == -0.5); /* the other half is left alone */
    /* Leaving the greedy path cuts the trace; the second rate is 2^-0.7. */
    const pab__transition strays[2] = {{.state = 0, .legal = 7, .action = 1, .rule = -1, .reward = 0.25},
                                 {.state = 1, .legal = 7, .action = 1, .rule = -1, .reward = -9}};
    double before = pab__table_at(&t, 0, 0)[1].value;
    pab__table_learn(&t, strays, 2, 0, &rates);
    double target = 0.25 + 3, now = before + pow(2, -0.7) * (target - before);
    assert_true(fabs(pab__table_at(&t, 0, 0)[1].value - now) < 1e-12);
    /* What is not legal next is not hoped for. */
    const pab__transition barred[2] = {{.state = 2, .legal = 7, .action = 0, .rule = -1, .reward = 0},
                                 {.state = 1, .legal = 1, .action = 0, .rule = -1, .reward = 0}};
    rates.trace = 0;
    pab__table_learn(&t, barred, 2, 0, &rates);
    assert_true(fabs(pab__table_at(&t, 0, 2)[0].value - 10) < 1e-12);
    pab__table_free(&t);
}

static void advice_is_valued_apart(void **state)
{
    pab__table t = make_table(2, 4);
    double value[4];
    (void)state;
    pab__table_values(&t, 1, 2, 0.5, value);
    for (int a = 0; a < 4; a++)
        assert_true(value[a] == (a == 2 ? 0 : -0.5));
    const pab__transition advised = {.state = 1, .legal = 15, .action = 2, .rule = 2, .reward = 8};
    pab__table_learn(&t, &advised, 1, 0, &pab__learning_rates_episodes);
    for (int32_t rule = 0; rule < 4; rule++) { /* whatever is advised is worth what advice was worth */
        pab__table_values(&t, 1, rule, 0.5, value);
        for (int32_t a = 0; a < 4; a++)
            assert_true(value[a] == (a == rule ? 4 : -0.5)); /* the mean of halves */
    }
    const pab__transition against = {.state = 1, .legal = 15, .action = 2, .rule = 0, .reward = 20};
    pab__table_learn(&t, &against, 1, 0, &pab__learning_rates_episodes);
    pab__table_values(&t, 1, 0, 0.5, value);
    assert_int_equal(pab__table_best(value, 4, 15), 2);
    assert_int_equal(pab__table_best(value, 4, 11), 0);
    value[1] = value[0];
    assert_int_equal(pab__table_best(value, 4, 11), 0); /* equal values: the lowest */
    pab__table_free(&t);
}

static void exploring_follows_the_rule_or_tries_the_least_tried(void **state)
{
    pab__table t = make_table(1, 5);
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    double explore;
    int seen[5] = {0};
    (void)state;
    pab__rng_seed(&rng, 1);
    t.visits[0] = 30;
    pab__table_at(&t, 0, 0)[1].count = 1;
    for (int i = 0; i < 200; i++) {
        pab__exploration rule = {1, 0.5, 2, 0.02}, tries = {0, 0.5, 2, 0.02};
        assert_int_equal(pab__table_behave(&t, 0, 30, 4, &rule, &draw, &explore), 4);
        seen[pab__table_behave(&t, 0, 14, 4, &tries, &draw, &explore)]++;
    }
    assert_true(fabs(explore - 1) < 1e-12); /* 2 * sqrt(10 / 40) */
    assert_int_equal(seen[0] + seen[1] + seen[4], 0);
    assert_true(seen[2] > 60 && seen[3] > 60);
    pab__table_free(&t);
}

static void errors_and_scales_are_those_of_the_targets(void **state)
{
    pab__table t = make_table(4, 3);
    double scale;
    (void)state;
    const double reward[] = {1, 5, 3, 7};
    for (int i = 0; i < 4; i++) { /* split over the halves, as if they had been one */
        pab__transition move = {.state = 0, .legal = 7, .action = 1, .rule = -1, .reward = reward[i]};
        pab__table_learn(&t, &move, 1, i / 3, &pab__learning_rates_episodes);
    }
    assert_true(pab__table_count(&t, 0, 1) == 4);
    assert_true(fabs(pab__table_error(&t, 0, 1) - sqrt(20.0 / 3 / 4)) < 1e-12);
    assert_true(isinf(pab__table_error(&t, 0, 2)));
    for (uint32_t s = 0; s < 3; s++) {
        t.visits[s] = 1;
        for (int half = 0; half < 2; half++) {
            pab__table_at(&t, half, s)[0].value = 0;
            pab__table_at(&t, half, s)[1].value = -1 - (double)s;
            pab__table_at(&t, half, s)[2].value = pab__table_at(&t, half, s)[3].value = -9;
        }
    }
    must(pab__table_scale(&t, &scale));
    assert_true(fabs(scale - 2) < 1e-12); /* of 1, 2 and 3: the upper of the two in the middle */
    pab__table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_decisions_are_found),
        cmocka_unit_test(noise_is_not_taken_for_value),
        cmocka_unit_test(targets_follow_the_formula),
        cmocka_unit_test(advice_is_valued_apart),
        cmocka_unit_test(exploring_follows_the_rule_or_tries_the_least_tried),
        cmocka_unit_test(errors_and_scales_are_those_of_the_targets),
    };
    return cmocka_run_group_tests_name("qlearn/table", tests, NULL, NULL);
}
