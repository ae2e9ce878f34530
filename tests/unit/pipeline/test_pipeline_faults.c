/* Runs of the pipeline without memory: they say so, and resume to the same bytes. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_config *cfg;
    char run[96], finished[96];
} world;

static pab_pipeline_options options_of(int32_t resume)
{
    pab_pipeline_options o;
    must(pab_pipeline_options_init(&o, sizeof o));
    o.budget = 1e-4;
    o.episodes = 2;
    o.resamples = 20;
    o.rounds = 0;
    o.losses = 1u << PAB_LOSS_MIX;
    o.rules = 1;
    o.front = 0;
    o.resume = resume;
    return o;
}

static void remove_run(const char *dir)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

static uint64_t hash_of_run(const char *dir)
{
    char path[128];
    snprintf(path, sizeof path, "%s/manifest.json", dir); /* has the hash of every other file */
    return hash_of_file(path);
}

static pab_status run(void *user, uint64_t *digest)
{
    world *w = user;
    pab_pipeline_options o = options_of(0);
    remove_run(w->run);
    pab_status status = pab_pipeline_run(w->cfg, w->run, &o, NULL);
    if (status != PAB_OK && faults_all()) {
        char text[1024];
        pab_last_error(text, sizeof text);
        disarm(&w->base);
        o = options_of(1);
        must(pab_pipeline_run(w->cfg, w->run, &o, NULL));
        assert_true(hash_of_run(w->run) == hash_of_run(w->finished));
        pab__fail(status, "%s", text);
    }
    if (status == PAB_OK)
        *digest = hash_of_run(w->run);
    return status;
}

static pab_status open_run(void *user, uint64_t *digest)
{
    world *w = user;
    pab_pipeline *made = NULL;
    pab_eval *eval = NULL;
    pab_policy *policy[3] = {NULL, NULL, NULL};
    static const char *const names[] = {"sip", "moe", "twap"};
    pab_status status = pab_pipeline_open(&w->base.host, w->finished, &made);
    if (status != PAB_OK)
        assert_null(made);
    if (status == PAB_OK)
        status = pab_pipeline_eval(made, &eval);
    for (int i = 0; status == PAB_OK && i < 3; i++)
        status = pab_pipeline_policy(made, names[i], &policy[i]);
    *digest = 1;
    for (int i = 0; i < 3; i++)
        pab_policy_free(policy[i]);
    pab_eval_free(eval);
    pab_pipeline_free(made);
    return status;
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w = {.cfg = NULL};
    const pab_pipeline_options o = options_of(0);
    (void)state;
    open_fault_world(&w.base);
    w.cfg = tiny_config(&w.base.host, NULL);
    snprintf(w.run, sizeof w.run, "%s/run", w.base.dir);
    snprintf(w.finished, sizeof w.finished, "%s/finished", w.base.dir);
    must(pab_pipeline_run(w.cfg, w.finished, &o, NULL));
    const fault_operation operations[] = {{"pab_pipeline_run", run, &w, -30}, {"pab_pipeline_open", open_run, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    pab_config_free(w.cfg);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("pipeline/faults", tests, NULL, NULL);
}
