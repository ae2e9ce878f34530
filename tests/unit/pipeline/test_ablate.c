/* Ablations of a finished run: their files, interruption and resumption, errors. */
#include <math.h>

#include "runs.h"

static char base[] = "/tmp/pab_ablate_XXXXXX";
static char made[64], whole[80]; /* a finished run, and its ablations that were not interrupted */
static pab_config *cfg;

/* Experts learn, and both losses tune, so that there is something to take away. */
static pab_pipeline_options learned_run(void)
{
    pab_pipeline_options o = tiny_run();
    o.rules = 0;
    o.losses = 1u << PAB_LOSS_MIX | 1u << PAB_LOSS_MBT;
    return o;
}

static pab_ablate_options defaults(void)
{
    pab_ablate_options o;
    must(pab_ablate_options_init(&o, sizeof o));
    return o;
}

static int make_one(void **state)
{
    pab_pipeline_options o = learned_run();
    pab_ablate_options how = defaults();
    (void)state;
    how.threads = 2;
    assert_non_null(mkdtemp(base));
    snprintf(made, sizeof made, "%s/made", base);
    snprintf(whole, sizeof whole, "%s/whole", base);
    cfg = tiny_pair();
    must(pab_pipeline_run(cfg, made, &o, NULL));
    must(pab_pipeline_ablate(NULL, made, &how));
    return 0;
}

static int clear_up(void **state)
{
    (void)state;
    pab_config_free(cfg);
    remove_run(whole);
    remove_run(made);
    rmdir(base);
    return 0;
}

static void others_do_not_go_on_there(void **state)
{
    pab_ablate_options o = defaults();
    (void)state;
    o.episodes = 3;
    refused(pab_pipeline_ablate(NULL, made, &o), PAB_E_KIND, "episodes");
}

/* Moves the ablations out of the way; the next call makes them anew. */
static void set_aside(const char *to)
{
    char from[80];
    snprintf(from, sizeof from, "%s/ablations", made);
    assert_int_equal(rename(from, to), 0);
}

static void ablations_leave_every_artefact(void **state)
{
    static const char *const files[] = {"manifest.json", "no-anchor_distilled.moe", "no-anchor_distil.csv",
                                        "no-anchor_mix.moe", "gate-only_mix.moe", "gate-only_mix.csv", "whole.prefs",
                                        "whole_mix.moe", "one-future.prefs", "one-future_mix.moe", "episodes.eval",
                                        "no-shield.eval", "ablations.csv", "ablations.txt", "stage_times.csv"};
    (void)state;
    set_aside(whole);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", whole, files[i]);
        if (access(path, R_OK) != 0)
            fail_msg("%s is missing", files[i]);
    }
}

/* A cell of the first row of a CSV file that begins so. */
static double cell_of(const char *dir, const char *file, const char *begins, int column)
{
    void *data;
    size_t len;
    pab_host host;
    must(pab__host_take(NULL, &host));
    read_all(dir, file, &data, &len);
    const char *at = strstr(data, begins);
    if (!at)
        fail_msg("%s has no row '%s'", file, begins);
    for (int i = 0; at && i < column; i++)
        at = strchr(at, ',') + 1;
    const double value = at ? strtod(at, NULL) : 0;
    pab__release(&host, data, len + 1);
    return value;
}

static void every_ablation_is_held_against_what_it_was_made_from(void **state)
{
    static const char *const rows[] = {"\nno-anchor,round1_mix,all,10,", "\nno-anchor,moe,all,10,",
                                       "\ngate-only,round1_mix,thin,2,", "\nmbt,round1_mix,all,10,",
                                       "\nno-hedge-price,sip,all,10,", "\nno-prices,sip,all,10,",
                                       "\nrules,sip,all,10,", "\nno-shield:sce,sce,all,10,",
                                       "\nno-shield:moe,moe,calm,2,", "\nno-shield:moe,no-shield:lae,all,10,"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cell_of(whole, "ablations.csv", rows[i], 0);
}

/* Costs of ablation and reference differ by the reported difference, and references are those of the run's table. */
static void the_episodes_are_those_of_the_result_table(void **state)
{
    const double sip = cell_of(made, "summary.csv", "\nsip,all,", 15);
    const double cost = cell_of(whole, "ablations.csv", "\nno-prices,sip,all,", 7);
    const double less = cell_of(whole, "ablations.csv", "\nno-prices,sip,all,", 9);
    (void)state;
    assert_true(fabs(cost - less - sip) < 1e-6);
}

static int32_t run_out(void *user, const pab_pipeline_step *step)
{
    uint32_t *left = user;
    assert_true(step->stage < step->stages && step->overall >= 0 && step->overall <= 1 + 1e-12);
    return (*left)-- == 0;
}

static void cancelled_ablations_on_fewer_threads_end_with_the_same_bytes(void **state)
{
    pab_ablate_options o = defaults();
    uint32_t stops = 0, left;
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &left, .report = run_out};
    char dir[80];
    (void)state;
    o.hook = &hook;
    o.threads = 1;
    for (uint32_t step = 3;; step += 15, stops++) {
        left = step;
        pab_status status = pab_pipeline_ablate(NULL, made, &o);
        if (status == PAB_OK)
            break;
        assert_int_equal(status, PAB_E_CANCELLED);
    }
    assert_true(stops > 2);
    snprintf(dir, sizeof dir, "%s/stopped", base);
    set_aside(dir);
    assert_same_runs(whole, dir);
    remove_run(dir);
}

static void what_cannot_be_ablated_is_refused(void **state)
{
    pab_ablate_options o = defaults();
    pab_pipeline_options run = tiny_run();
    uint32_t left = 30;
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &left, .report = run_out};
    char dir[80];
    (void)state;
    snprintf(dir, sizeof dir, "%s/begun", base);
    refused(pab_pipeline_ablate(NULL, NULL, NULL), PAB_E_ARGUMENT, "dir");
    refused(pab_pipeline_ablate(NULL, dir, NULL), PAB_E_IO, "holds no run");
    run.hook = &hook;
    assert_int_equal(pab_pipeline_run(cfg, dir, &run, NULL), PAB_E_CANCELLED);
    refused(pab_pipeline_ablate(NULL, dir, NULL), PAB_E_STATE, "not finished");
    remove_run(dir);
    o.threads = 1000000;
    refused(pab_pipeline_ablate(NULL, made, &o), PAB_E_RANGE, "threads");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_do_not_go_on_there),
        cmocka_unit_test(ablations_leave_every_artefact),
        cmocka_unit_test(every_ablation_is_held_against_what_it_was_made_from),
        cmocka_unit_test(the_episodes_are_those_of_the_result_table),
        cmocka_unit_test(cancelled_ablations_on_fewer_threads_end_with_the_same_bytes),
        cmocka_unit_test(what_cannot_be_ablated_is_refused),
    };
    return cmocka_run_group_tests(tests, make_one, clear_up);
}
