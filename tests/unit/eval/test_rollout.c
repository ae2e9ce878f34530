/* Rollouts: an episode from a seed is one from the state that the seed begins with; callbacks see every step and may
 * stop it; workers give all back; jobs fill the results that they declare. */
#include "eval_table.h"

#include "eval/rollout.h"
#include "eval/workers.h"

enum { STEPS = 8, JOBS = 40 };

typedef struct stage {
    pab_scenario *scn;
    pab_env *env, *fork;
    pab_policy *policy;
} stage;

static int open_stage(void **state)
{
    static stage s;
    s.scn = make_pair("pair: {warmup: 20s, horizon: 40s, interval: 5s, quantity: 300}\n");
    must(pab_env_new(s.scn, &s.env));
    must(pab_env_new(s.scn, &s.fork));
    must(pab_policy_parse(NULL, "lae", &s.policy));
    *state = &s;
    return 0;
}

static int close_stage(void **state)
{
    stage *s = *state;
    pab_policy_free(s->policy);
    pab_env_free(s->fork);
    pab_env_free(s->env);
    pab_scenario_free(s->scn);
    return 0;
}

/* Decides as `policy` does, counts calls, and stops or fails at the decision asked for. */
typedef struct script {
    pab_policy *policy;
    int decided, before, after;
    int stop_at, fail_at; /* -1: never */
    double reward;
} script;

static pab_status decide(void *user, const pab_env *env, pab_decision *out)
{
    script *s = user;
    assert_int_equal(out->action[0], PAB_ACTION_HOLD);
    if (s->decided == s->stop_at)
        return PAB__ROLLOUT_STOP;
    if (s->decided == s->fail_at)
        return PAB_E_UNSUPPORTED;
    s->decided++;
    return pab_policy_act(s->policy, env, out);
}

static pab_status before(void *user, const pab_env *env, const pab_decision *decision)
{
    script *s = user;
    pab_env_status now = {.struct_size = sizeof now};
    must(pab_env_describe(env, &now));
    assert_int_equal(now.step, s->before++);
    assert_in_range(decision->action[1], 0, PAB_ENV_LEG_ACTIONS - 1);
    return PAB_OK;
}

static pab_status after(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *result)
{
    script *s = user;
    (void)env;
    (void)decision;
    assert_int_equal(result->step, ++s->after);
    s->reward += result->reward;
    return PAB_OK;
}

static script new_script(pab_policy *policy)
{
    return (script){.policy = policy, .stop_at = -1, .fail_at = -1};
}

static void callbacks_and_policies_roll_out_alike(void **state)
{
    const stage *s = *state;
    pab_episode_metrics expected, got;
    script watched = new_script(s->policy);
    const pab__rollout plain = {.env = s->env, .policy = s->policy};
    const pab__rollout scripted = {.env = s->env, .decide = decide, .before = before, .after = after, .user = &watched};
    must(pab__rollout_episode(&plain, 7, NULL, &expected));
    must(pab_env_reset(s->env, 7, NULL, NULL, 0));
    must(pab_policy_reset(s->policy, s->env));
    must(pab__rollout_resume(&scripted, &got));
    assert_memory_equal(&expected, &got, sizeof got);
    assert_int_equal(watched.decided, STEPS);
    assert_int_equal(watched.before, STEPS);
    assert_int_equal(watched.after, STEPS);
    assert_true(watched.reward < 0 || watched.reward > 0);
}

static void forks_resume_where_the_copy_stands(void **state)
{
    const stage *s = *state;
    pab_episode_metrics expected, got;
    script half = new_script(s->policy);
    const pab__rollout plain = {.env = s->env, .policy = s->policy};
    const pab__rollout first = {.env = s->env, .decide = decide, .user = &half};
    const pab__rollout rest = {.env = s->fork, .policy = s->policy};
    must(pab__rollout_episode(&plain, 9, NULL, &expected));
    must(pab_env_reset(s->env, 9, NULL, NULL, 0));
    must(pab_policy_reset(s->policy, s->env));
    half.stop_at = STEPS / 2;
    memset(&got, 0x5a, sizeof got);
    must(pab__rollout_resume(&first, &got));
    assert_int_equal(got.struct_size, 0x5a5a5a5a); /* stopped: no metrics */
    assert_int_equal(half.decided, STEPS / 2);
    must(pab_env_copy(s->fork, s->env));
    must(pab__rollout_resume(&rest, &got));
    assert_memory_equal(&expected, &got, sizeof got);
}

static void errors_of_callbacks_are_passed_on(void **state)
{
    const stage *s = *state;
    script failing = new_script(s->policy);
    const pab__rollout r = {.env = s->env, .decide = decide, .after = after, .user = &failing};
    must(pab_env_reset(s->env, 9, NULL, NULL, 0));
    must(pab_policy_reset(s->policy, s->env));
    failing.fail_at = 2;
    assert_int_equal(pab__rollout_resume(&r, NULL), PAB_E_UNSUPPORTED);
    assert_int_equal(failing.after, 2);
}

/* --- Workers and jobs --- */

static int is_odd(const void *user, uint32_t job)
{
    (void)user;
    return job % 2 == 1;
}

typedef struct batch {
    pab__workers workers;
    pab__results results;
} batch;

static pab_status write_pieces(void *user, uint32_t thread, uint32_t job)
{
    const batch *b = user;
    uint32_t *calls = b->workers.worker[thread].scratch;
    calls[0]++;
    for (uint32_t piece = 0; piece < b->results.pieces; piece++)
        *(uint32_t *)pab__results_at(&b->results, job, piece) = 1000 * piece + job;
    return PAB_OK;
}

static void jobs_fill_the_results_they_declare(void **state)
{
    const stage *s = *state;
    for (int lent = 0; lent < 2; lent++) {
        pab_host host;
        pab__threads *threads = NULL;
        uint32_t table[3][JOBS] = {{0}}, calls = 0;
        batch b = {.results = {table, sizeof **table, sizeof **table, sizeof *table, 3}};
        must(pab__host_take(NULL, &host));
        if (lent)
            must(pab__threads_new(&host, 2, "threads", &threads));
        const pab__workers_plan plan = {.threads = 3, .lent = threads, .forks = lent, .scratch = sizeof calls};
        must(pab__workers_new(&host, s->scn, &plan, &b.workers));
        assert_int_equal(b.workers.count, lent ? 2 : 3);
        assert_true(lent == (b.workers.worker[0].fork != NULL));
        const pab__jobs jobs = {.count = JOBS, .run = write_pieces, .wanted = is_odd, .user = &b,
                                .results = &b.results, .result_count = 1};
        must(pab__jobs_run(b.workers.threads, &jobs));
        for (uint32_t t = 0; t < b.workers.count; t++)
            calls += *(uint32_t *)b.workers.worker[t].scratch;
        assert_int_equal(calls, JOBS / 2);
        for (uint32_t piece = 0; piece < 3; piece++)
            for (uint32_t job = 0; job < JOBS; job++)
                assert_int_equal(table[piece][job], job % 2 == 1 ? 1000 * piece + job : 0);
        pab__workers_free(&b.workers);
        pab__workers_free(&b.workers); /* zeroed: nothing to do */
        pab__threads_free(threads);
    }
}

static void too_many_threads_leave_no_workers(void **state)
{
    const stage *s = *state;
    pab_host host;
    pab__workers w = {0};
    const pab__workers_plan plan = {.threads = PAB__THREADS_MAX + 1};
    must(pab__host_take(NULL, &host));
    assert_int_equal(pab__workers_new(&host, s->scn, &plan, &w), PAB_E_RANGE);
    pab__workers_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callbacks_and_policies_roll_out_alike),
        cmocka_unit_test(forks_resume_where_the_copy_stands),
        cmocka_unit_test(errors_of_callbacks_are_passed_on),
        cmocka_unit_test(jobs_fill_the_results_they_declare),
        cmocka_unit_test(too_many_threads_leave_no_workers),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
