/* Forks: what they do, what they are paid, and what a table makes of it. */
#include "qlearn/learner.h"
#include "qlearn/workers.h"

#include "learned.h"

enum { RULES = 4, ACTIONS = 5, JOBS = 5, FORKS = 6 };

static const char scenario[] = "pair: {warmup: 20s, horizon: 60s, interval: 5s, quantity: 900}\n";

/* --- Tables on made-up gains --- */

static pab__table make_table(void)
{
    pab_host host = plain_host();
    pab__table t;
    must(pab__table_new(&host, 3, ACTIONS, &t));
    pab__table_share(&t, pab__learning_rates_forks.prior);
    return t;
}

static int32_t best_of(const pab__table *t, uint32_t state, int32_t rule)
{
    double value[ACTIONS];
    pab__table_values(t, state, rule, 0, value);
    return pab__table_best(value, ACTIONS, 31);
}

/* Forks of a world where doing `a` when the rule says `r` is worth worth[r][a]. */
static void learn(pab__table *t, double worth[RULES][ACTIONS], int forks, pab__draw *draw)
{
    for (int i = 0; i < forks; i++) {
        int32_t r = (int32_t)pab__draw_randint(draw, 0, RULES);
        pab__transition fork = {.state = (uint32_t)pab__draw_randint(draw, 0, 3), .legal = 31, .rule = r};
        fork.instead = best_of(t, fork.state, r);
        fork.action = pab__table_try(t, fork.state, 31, r, fork.instead, draw);
        assert_true(fork.action >= 0 && fork.action != fork.instead);
        fork.reward = pab__draw_normal(draw, worth[r][fork.action] - worth[r][fork.instead], 0.7);
        pab__table_compare(t, &fork, i & 1, &pab__learning_rates_forks);
    }
}

static double lost(const pab__table *t, double worth[RULES][ACTIONS])
{
    double sum = 0;
    for (int32_t r = 0; r < RULES; r++) {
        double most = worth[r][0];
        for (int a = 1; a < ACTIONS; a++)
            most = fmax(most, worth[r][a]);
        sum += (most - worth[r][best_of(t, 0, r)]) / RULES;
    }
    return sum;
}

static void draw_worth(double worth[RULES][ACTIONS], pab__draw *draw)
{
    for (int r = 0; r < RULES; r++)
        for (int a = 0; a < ACTIONS; a++)
            worth[r][a] = a == r ? 0 : pab__draw_uniform(draw, -0.5, 0.4);
}

static void what_gains_is_found_and_found_again_when_it_changes(void **state)
{
    double before = 0, first = 0, second = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        double worth[RULES][ACTIONS];
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__table t = make_table();
        pab__rng_seed(&rng, seed);
        draw_worth(worth, &draw);
        before += lost(&t, worth) / 8;
        learn(&t, worth, 4000, &draw);
        first += lost(&t, worth) / 8;
        draw_worth(worth, &draw);
        learn(&t, worth, 12000, &draw);
        second += lost(&t, worth) / 8;
        pab__table_free(&t);
    }
    if (!(before > 0.15) || !(first < 0.04) || !(second < 0.06))
        fail_msg("what is lost: %g at first, %g after 4000 forks, %g after a change and 12000 more", before, first,
                 second);
}

static void a_value_is_a_shrunk_mean_of_gains_over_the_trunk(void **state)
{
    pab__table t = make_table();
    pab__learning_rates rates = pab__learning_rates_forks;
    double value[ACTIONS];
    (void)state;
    rates.prior_visits = 2;
    const pab__transition one = {.state = 1, .rule = 0, .instead = 0, .action = 2, .reward = 0.5};
    for (int i = 0; i < 3; i++)
        pab__table_compare(&t, &one, 0, &rates);
    double worth = (3 * 0.5 - 2 * rates.prior) / 5; /* in half 0; the other is still at the prior */
    pab__table_values(&t, 2, 0, 0, value); /* a state that no fork came from */
    assert_true(fabs(value[2] - (worth - rates.prior) / 2) < 1e-12);
    assert_true(value[0] == 0 && value[1] == -rates.prior);
    const pab__transition two = {.state = 0, .rule = 0, .instead = 2, .action = 1, .reward = 0.1};
    pab__table_compare(&t, &two, 0, &rates); /* compared with the value of action 2 */
    pab__table_values(&t, 0, 0, 0, value);
    assert_true(fabs(value[1] - ((worth + 0.1 - 2 * rates.prior) / 3 - rates.prior) / 2) < 1e-12);
    pab__table_values(&t, 0, 3, 0, value); /* where the rule says something else nothing is known */
    assert_true(value[3] == 0 && value[2] == -rates.prior);
    assert_true(pab__table_compared(&t, 0) == 4 && pab__table_compared(&t, 3) == 0);
    pab__table_free(&t);
}

static void only_other_legal_actions_are_tried(void **state)
{
    pab__table t = make_table();
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    int seen[ACTIONS] = {0};
    (void)state;
    pab__rng_seed(&rng, 1);
    for (int i = 0; i < 300; i++)
        seen[pab__table_try(&t, 0, 1 | 4 | 8, 0, 2, &draw)]++;
    assert_true(seen[0] > 60 && seen[3] > 60 && seen[1] == 0 && seen[2] == 0 && seen[4] == 0);
    assert_int_equal(pab__table_try(&t, 0, 4, 0, 2, &draw), -1);
    pab__table_free(&t);
}

/* --- Forks of the pair market --- */

typedef struct stage {
    pab_scenario *scn;
    pab_qtable *q; /* untrained: it plays its rule */
    pab__qlearn_workers workers;
    pab__learning_task task;
    pab__transition moves[JOBS * FORKS];
    pab__learning_result result[JOBS * FORKS];
} stage;

static uint64_t seed_of(const pab__learning_task *task, uint32_t job)
{
    (void)task;
    return pab_seed(PAB_SPLIT_TRAIN, (int32_t)job % PAB_REGIME_COUNT, 70 + job);
}

static void fork_all(stage *s, int32_t table)
{
    pab_host host = plain_host();
    s->scn = make_pair(scenario);
    must(pab__qtable_new(&host, PAB_EXPERT_LAE, &s->q));
    must(pab__qlearn_workers_new(s->scn, 2, &s->workers));
    s->task = (pab__learning_task){.q = s->q, .table = table, .how = PAB__LEARNING_FORK, .forks = 1, .repeats = FORKS,
                            .jobs = JOBS, .steps = s->workers.steps, .key = 3, .seed = seed_of};
    must(pab__qlearn_workers_run(&s->workers, &s->task, s->moves, s->result));
}

static void close_stage(stage *s)
{
    pab__qlearn_workers_free(&s->workers);
    pab_qtable_free(s->q);
    pab_scenario_free(s->scn);
}

/* The return of the rule, or of doing `a` in leg `leg` wherever the rule says `r`; NULL for the rule. */
static double play_by_hand(const stage *s, uint64_t seed, int leg, const pab__transition *other)
{
    pab_env *env;
    pab_policy *rule;
    double sum = 0;
    pab_step_result r = {.struct_size = sizeof r};
    must(pab_env_new(s->scn, &env));
    must(pab_policy_parse(NULL, "lae", &rule));
    must(pab__learner_reset(&s->task, env, seed));
    must(pab_policy_reset(rule, env));
    while ((r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
        pab_decision d;
        uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
        must(pab_policy_act(rule, env, &d));
        must(pab_env_legal(env, mask));
        if (other && d.action[leg] == other->rule && mask[leg * PAB_ENV_LEG_ACTIONS + other->action])
            d.action[leg] = other->action;
        must(pab_env_step_exact(env, &d, NULL, 0, &r));
        sum += r.reward;
    }
    pab_policy_free(rule);
    pab_env_free(env);
    return sum;
}

static void a_fork_is_paid_what_another_action_gains(void **state)
{
    (void)state;
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++) {
        static stage s;
        int forks = 0, differ = 0;
        fork_all(&s, leg);
        for (uint32_t i = 0; i < JOBS * FORKS; i++) {
            const pab__transition *m = &s.moves[i];
            uint64_t seed = seed_of(&s.task, i / FORKS);
            double rule = play_by_hand(&s, seed, leg, NULL);
            assert_true(fabs(s.result[i].reward - rule) < 1e-9);
            assert_int_equal(s.result[i].moves, m->action >= 0);
            if (m->action < 0)
                continue;
            assert_int_equal(m->instead, m->rule);
            assert_true(fabs(play_by_hand(&s, seed, leg, m) - rule - m->reward) < 1e-9);
            differ += m->reward != 0;
            forks++;
        }
        assert_true(forks >= 2 * JOBS && differ > forks / 3);
        close_stage(&s);
    }
}

static void no_advice_is_forked_twice_in_an_episode(void **state)
{
    static stage s;
    (void)state;
    fork_all(&s, PAB_TABLE_PAIR);
    for (uint32_t job = 0; job < JOBS; job++) {
        uint32_t met = 0;
        for (uint32_t i = job * FORKS; i < (job + 1) * FORKS; i++) {
            if (s.moves[i].action < 0)
                continue;
            assert_true((met >> s.moves[i].rule & 1) == 0 && (s.moves[i].legal >> s.moves[i].action & 1) == 1);
            met |= UINT32_C(1) << s.moves[i].rule;
        }
        assert_true(met != 0);
    }
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_gains_is_found_and_found_again_when_it_changes),
        cmocka_unit_test(a_value_is_a_shrunk_mean_of_gains_over_the_trunk),
        cmocka_unit_test(only_other_legal_actions_are_tried),
        cmocka_unit_test(a_fork_is_paid_what_another_action_gains),
        cmocka_unit_test(no_advice_is_forked_twice_in_an_episode),
    };
    return cmocka_run_group_tests_name("qlearn/forks", tests, NULL, NULL);
}
