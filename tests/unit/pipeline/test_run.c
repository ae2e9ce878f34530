/* Runs of the whole pipeline: their files, interruption and resumption, errors. */
#include <math.h>

#include "runs.h"

static char base[] = "/tmp/pab_run_XXXXXX";
static char whole[64]; /* a run that was not interrupted */
static pab_config *cfg;

static int make_one(void **state)
{
    pab_pipeline_options o = tiny_run();
    (void)state;
    assert_non_null(mkdtemp(base));
    snprintf(whole, sizeof whole, "%s/whole", base);
    cfg = tiny_pair();
    must(pab_pipeline_run(cfg, whole, &o, NULL));
    return 0;
}

static int clear_up(void **state)
{
    (void)state;
    pab_config_free(cfg);
    remove_run(whole);
    rmdir(base);
    return 0;
}

static void a_run_leaves_every_artefact(void **state)
{
    static const char *const files[] = {"scenario.yaml", "calibrated.yaml", "calibration.csv", "manifest.json",
                                        "costs.csv", "report.json", "ensemble.sip", "sip_cells.csv",
                                        "sip_search.csv", "sip_finalists.csv", "sip_front.csv", "distilled.moe",
                                        "distil.csv", "round1.prefs", "round1_mix.moe", "round1_mix.csv", "round1.moe",
                                        "round1_choice.csv", "choice.csv", "episodes.csv", "episodes.eval",
                                        "summary.csv", "contrasts.csv", "increments.csv", "gate.csv",
                                        "stage_times.csv"};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", whole, files[i]);
        if (access(path, R_OK) != 0)
            fail_msg("%s is missing", files[i]);
    }
}

static void a_finished_run_is_opened_for_its_policies(void **state)
{
    pab_pipeline *run;
    pab_policy *policy;
    pab_env *env;
    pab_decision decision;
    (void)state;
    must(pab_pipeline_open(NULL, whole, &run));
    must(pab_env_new(pab_pipeline_scenario(run), &env));
    must(pab_env_reset(env, pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_CALM, 1), NULL, NULL, 0));
    assert_string_equal(pab_pipeline_name(run, 0), "uniform");
    for (uint32_t i = 0; pab_pipeline_name(run, i); i++) {
        must(pab_pipeline_policy(run, pab_pipeline_name(run, i), &policy));
        must(pab_policy_reset(policy, env));
        must(pab_policy_act(policy, env, &decision));
        pab_policy_free(policy);
    }
    must(pab_pipeline_policy(run, "twap:work", &policy));
    pab_policy_free(policy);
    refused(pab_pipeline_policy(run, "q:lae", &policy), PAB_E_STATE, "q:lae");
    refused(pab_pipeline_policy(run, "nobody", &policy), PAB_E_KEY, "nobody");
    pab_env_free(env);
    pab_pipeline_free(run);
}

static void a_finished_run_describes_its_decisions_and_has_its_result_table(void **state)
{
    const pab_pipeline_options o = tiny_run();
    pab_pipeline_info info = {.struct_size = sizeof info};
    pab_pipeline *run;
    pab_eval *eval;
    pab_episode_metrics row = {.struct_size = sizeof row};
    (void)state;
    must(pab_pipeline_open(NULL, whole, &run));
    must(pab_pipeline_describe(run, &info));
    assert_int_equal(info.finished, 1);
    assert_in_range(info.shipped, PAB_SHIPPED_ENSEMBLE, PAB_SHIPPED_TUNED);
    assert_int_equal(info.rounds, 1);
    assert_int_equal(info.episodes, o.episodes);
    assert_int_equal(info.rules, 1);
    assert_true(info.budget == o.budget && info.eta == o.eta);
    assert_true(pab_pipeline_round_seed(run, 1) != pab_pipeline_round_seed(run, 2));
    must(pab_pipeline_eval(run, &eval));
    assert_string_equal(pab_eval_policy(eval, 0), "moe");
    must(pab_eval_get(eval, 0, PAB_REGIME_CALM, o.episodes - 1, &row));
    pab_eval_free(eval);
    pab_pipeline_free(run);
}

/* Cancels at a given report. */
typedef struct patience {
    uint32_t left, stage;
    double overall;
} patience;

static int32_t run_out(void *user, const pab_pipeline_step *step)
{
    patience *p = user;
    assert_true(step->stage >= p->stage && step->stage < step->stages && step->done <= step->total);
    assert_true(step->overall >= p->overall - 1e-12 && step->overall <= 1 + 1e-12);
    p->stage = step->stage;
    p->overall = step->overall;
    return p->left-- == 0;
}

static void a_cancelled_run_resumes_and_ends_with_the_same_bytes(void **state)
{
    pab_pipeline_options o = tiny_run();
    uint32_t stops = 0;
    char dir[64];
    (void)state;
    snprintf(dir, sizeof dir, "%s/stopped", base);
    for (uint32_t step = 5;; step += 9, stops++) {
        patience p = {.left = step};
        const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &p, .report = run_out};
        o.hook = &hook;
        o.threads = stops % 3;
        pab_status status = pab_pipeline_run(cfg, dir, &o, NULL);
        o.resume = 1;
        if (status == PAB_OK)
            break;
        assert_int_equal(status, PAB_E_CANCELLED);
    }
    assert_true(stops > 2);
    assert_same_runs(whole, dir);
    remove_run(dir);
}

static void a_missing_artefact_is_made_again_and_a_changed_one_refused(void **state)
{
    pab_pipeline_options o = tiny_run();
    pab_pipeline *run;
    pab_pipeline_result result = {.struct_size = sizeof result};
    char path[128], kept[128];
    (void)state;
    o.resume = 1;
    snprintf(path, sizeof path, "%s/distilled.moe", whole);
    snprintf(kept, sizeof kept, "%s/distilled.kept", base);
    assert_int_equal(rename(path, kept), 0);
    must(pab_pipeline_run(cfg, whole, &o, &result));
    assert_int_equal(result.rounds, 1);
    assert_true(isfinite(result.mixture_mean) && result.mixture_low <= result.mixture_high);
    void *a, *b;
    size_t n, m;
    pab_host host;
    must(pab__host_take(NULL, &host));
    read_all(whole, "distilled.moe", &a, &n);
    read_all(base, "distilled.kept", &b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    pab__release(&host, a, n + 1);
    pab__release(&host, b, m + 1);
    FILE *file = fopen(path, "r+");
    fputc('x', file);
    fclose(file);
    refused(pab_pipeline_run(cfg, whole, &o, NULL), PAB_E_CORRUPT, "distilled.moe");
    refused(pab_pipeline_open(NULL, whole, &run), PAB_E_CORRUPT, "distilled.moe");
    assert_int_equal(rename(kept, path), 0);
    must(pab_pipeline_open(NULL, whole, &run));
    pab_pipeline_free(run);
}

static void another_run_is_refused(void **state)
{
    pab_pipeline_options o = tiny_run();
    (void)state;
    refused(pab_pipeline_run(cfg, whole, &o, NULL), PAB_E_STATE, "resume");
    o.resume = 1;
    o.eta = 1;
    refused(pab_pipeline_run(cfg, whole, &o, NULL), PAB_E_KIND, "eta");
    o.eta = 0.5;
    o.tracking = 0.9;
    refused(pab_pipeline_run(cfg, whole, &o, NULL), PAB_E_KIND, "tracking");
    o.tracking = 1;
    o.skip = 5;
    refused(pab_pipeline_run(cfg, whole, &o, NULL), PAB_E_KIND, "skip");
    o = tiny_run();
    o.resume = 1;
    pab_config *other = tiny_pair();
    must(pab_config_set(other, "pair.horizon", "30s"));
    refused(pab_pipeline_run(other, whole, &o, NULL), PAB_E_KIND, "scenario");
    pab_config_free(other);
}

static void what_cannot_be_run_is_refused_before_anything_is_written(void **state)
{
    pab_pipeline_options o = tiny_run();
    pab_pipeline *run;
    char dir[64];
    (void)state;
    snprintf(dir, sizeof dir, "%s/none", base);
    pab_config *other;
    must(pab_config_new(NULL, &other));
    must(pab_config_preset(other, "rmsc04"));
    refused(pab_pipeline_run(other, dir, &o, NULL), PAB_E_UNSUPPORTED, "pair");
    pab_config_free(other);
    refused(pab_pipeline_run(NULL, dir, &o, NULL), PAB_E_ARGUMENT, "cfg");
    refused(pab_pipeline_run(cfg, NULL, &o, NULL), PAB_E_ARGUMENT, "dir");
    o.budget = 0;
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_RANGE, "budget");
    o = tiny_run();
    o.tracking = -1;
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_RANGE, "tracking");
    o = tiny_run();
    o.losses = 0;
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_RANGE, "losses");
    refused(pab_pipeline_open(NULL, dir, &run), PAB_E_IO, "manifest");
    assert_int_equal(access(dir, F_OK), -1);
    o = tiny_run();
    refused(pab_pipeline_run(cfg, "/nowhere/at/all", &o, NULL), PAB_E_IO, "/nowhere/at/all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_leaves_every_artefact),
        cmocka_unit_test(a_finished_run_is_opened_for_its_policies),
        cmocka_unit_test(a_finished_run_describes_its_decisions_and_has_its_result_table),
        cmocka_unit_test(a_cancelled_run_resumes_and_ends_with_the_same_bytes),
        cmocka_unit_test(a_missing_artefact_is_made_again_and_a_changed_one_refused),
        cmocka_unit_test(another_run_is_refused),
        cmocka_unit_test(what_cannot_be_run_is_refused_before_anything_is_written),
    };
    return cmocka_run_group_tests(tests, make_one, clear_up);
}
