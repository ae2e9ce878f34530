/* Records and hooks that cannot be used are refused before any work: each call here would take minutes. */
#include "../tiny.h"

static int32_t never(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    (void)done;
    (void)total;
    fail_msg("%s has begun", stage);
    return 1;
}

static int32_t never_step(void *user, const pab_pipeline_step *step)
{
    return never(user, step->name, 0, 0);
}

static int32_t never_done(void *user, double done)
{
    (void)done;
    return never(user, "the fit", 0, 0);
}

static const pab_progress hook = {.struct_size = sizeof hook, .report = never};
static const pab_progress bad_hook = {.struct_size = 0, .report = never};

static void results_without_a_size_are_refused_at_once(void **state)
{
    pab_config *cfg = tiny_config(NULL, "pair: {interval: 100ms, horizon: 301s}\n");
    pab_scenario *scn = NULL;
    (void)state;
    must(pab_scenario_new(cfg, &scn));
    pab_impact_options impact;
    pab_impact moved = {.struct_size = 0};
    must(pab_impact_options_init(&impact, sizeof impact));
    impact.progress = &hook;
    refused(pab_impact_measure(scn, &impact, &moved), PAB_E_ARGUMENT, "struct_size is 0");
    pab_tune_options tune;
    static pab_tune_result found;
    must(pab_tune_options_init(&tune, sizeof tune));
    tune.progress = &hook;
    found.struct_size = 9;
    refused(pab_policy_tune(scn, "lae", &tune, &found), PAB_E_ARGUMENT, "struct_size is 9");
    pab_calibrate_options calibrate;
    pab_calibration report = {.struct_size = 5000};
    must(pab_calibrate_options_init(&calibrate, sizeof calibrate));
    calibrate.progress = &hook;
    calibrate.report = &report;
    refused(pab_calibrate(scn, &calibrate, cfg), PAB_E_ARGUMENT, "struct_size is 5000");
    const pab_pipeline_hook steps = {.struct_size = sizeof steps, .report = never_step};
    pab_pipeline_options run;
    pab_pipeline_result result = {.struct_size = 0};
    must(pab_pipeline_options_init(&run, sizeof run));
    run.hook = &steps;
    refused(pab_pipeline_run(cfg, "/tmp/pab-never", &run, &result), PAB_E_ARGUMENT, "struct_size is 0");
    pab_tape *tape = NULL;
    pab_fit_options fit;
    pab_fit_report fitted = {.struct_size = 0};
    must(pab_tape_new(NULL, &tape));
    must(pab_fit_options_init(&fit, sizeof fit));
    fit.progress = never_done;
    refused(pab_stage0_fit(cfg, tape, tape, &fit, &fitted), PAB_E_ARGUMENT, "struct_size is 0");
    pab_tape_free(tape);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

static void hooks_without_a_size_are_refused_at_once(void **state)
{
    pab_config *cfg = tiny_config(NULL, NULL);
    pab_scenario *scn = NULL;
    pab_qtable *q = NULL;
    pab_sip *sip = NULL;
    (void)state;
    must(pab_scenario_new(cfg, &scn));
    pab_learn_options learn;
    must(pab_learn_options_init(&learn, sizeof learn));
    learn.progress = &bad_hook;
    refused(pab_qtable_train(scn, PAB_EXPERT_LAE, &learn, &q), PAB_E_ARGUMENT, "options.progress");
    refused(pab_sip_train(scn, NULL, &learn, NULL, &sip), PAB_E_ARGUMENT, "options.progress");
    pab_tune_options tune;
    static pab_tune_result found;
    must(pab_tune_options_init(&tune, sizeof tune));
    tune.progress = &bad_hook;
    found.struct_size = sizeof found;
    refused(pab_policy_tune(scn, "lae", &tune, &found), PAB_E_ARGUMENT, "options.progress");
    const pab_pipeline_hook steps = {.struct_size = 4, .report = never_step};
    pab_pipeline_options run;
    must(pab_pipeline_options_init(&run, sizeof run));
    run.hook = &steps;
    refused(pab_pipeline_run(cfg, "/tmp/pab-never", &run, NULL), PAB_E_ARGUMENT, "options.hook");
    pab_sip *ensemble = tiny_sip(scn);
    const pab_policy *nobody[] = {NULL};
    pab_prefs_options prefs;
    pab_prefs *generated = NULL;
    must(pab_prefs_options_init(&prefs, sizeof prefs));
    prefs.extra = nobody;
    prefs.extras = 1;
    refused(pab_prefs_generate(scn, ensemble, NULL, NULL, &prefs, &generated), PAB_E_ARGUMENT, "prefs.extra[0]");
    pab_sip_free(ensemble);
    pab_scenario_free(scn);
    pab_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_without_a_size_are_refused_at_once),
        cmocka_unit_test(hooks_without_a_size_are_refused_at_once),
    };
    return cmocka_run_group_tests_name("pipeline/early_checks", tests, NULL, NULL);
}
