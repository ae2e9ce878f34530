/* Evaluations and searches without memory. */
#include "../faults.h"
#include "../tiny.h"

enum { POLICIES = 2 };

static const char *const names[POLICIES] = {"lae", "twap"};

typedef struct world {
    fault_world base;
    pab_scenario *scn, *fine; /* fine: decides every 100 ms, as impact needs */
    pab_policy *policy[POLICIES];
    pab_eval *eval; /* filled */
    uint32_t threads;
} world;

static pab_eval_options options_of(const world *w)
{
    pab_eval_options o;
    must(pab_eval_options_init(&o, sizeof o));
    o.episodes = 2;
    o.regimes = 1 << PAB_REGIME_CALM;
    o.resamples = 20;
    o.threads = w->threads;
    return o;
}

static void hash_rows(world *w, const pab_eval *eval, uint64_t *digest)
{
    disarm(&w->base);
    must(pab_eval_save(eval, world_path(&w->base, "digest")));
    *digest = hash_of_file(world_path(&w->base, "digest"));
}

static pab_status run(void *user, uint64_t *digest)
{
    world *w = user;
    pab_eval *eval = NULL;
    const pab_eval_options o = options_of(w);
    pab_status status = pab_eval_new(&w->base.host, names, POLICIES, &o, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, w->scn, w->policy);
    else
        assert_null(eval);
    if (status == PAB_OK)
        hash_rows(w, eval, digest);
    pab_eval_free(eval);
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_eval_save(w->eval, world_path(&w->base, "saved"));
    *digest = hash_of_saved(&w->base, status, "saved");
    return status;
}

static pab_status load(void *user, uint64_t *digest)
{
    world *w = user;
    pab_eval *eval = NULL;
    const pab_eval_options o = options_of(w);
    pab_episode_metrics none = {.struct_size = sizeof none};
    pab_status status = pab_eval_new(&w->base.host, names, POLICIES, &o, &eval);
    if (status == PAB_OK) {
        status = pab_eval_load(eval, world_path(&w->base, "file"));
        if (status == PAB_OK)
            hash_rows(w, eval, digest);
        else { /* it has no rows */
            char text[1024];
            pab_last_error(text, sizeof text);
            assert_int_equal(pab_eval_get(eval, 0, PAB_REGIME_CALM, 0, &none), PAB_E_STATE);
            pab__fail(status, "%s", text);
        }
    }
    pab_eval_free(eval);
    return status;
}

static pab_status judge(void *user, uint64_t *digest)
{
    world *w = user;
    pab_eval_summary summary = {.struct_size = sizeof summary};
    pab_contrast contrast[POLICIES] = {{.struct_size = sizeof *contrast}, {.struct_size = sizeof *contrast}};
    static char text[1 << 16];
    pab_status status = pab_eval_summarize(w->eval, 0, -1, &summary);
    if (status == PAB_OK)
        status = pab_eval_compare(w->eval, 1, PAB_REGIME_CALM, PAB_MEASURE_PAIR_COST, contrast, POLICIES);
    if (status == PAB_OK)
        status = pab_eval_text(w->eval, 1, text, sizeof text, NULL);
    if (status == PAB_OK)
        *digest = pab__hash(contrast, sizeof contrast);
    return status;
}

static pab_status impact(void *user, uint64_t *digest)
{
    world *w = user;
    pab_impact_options o;
    pab_impact out = {.struct_size = sizeof out};
    must(pab_impact_options_init(&o, sizeof o));
    o.seeds = 1;
    o.slice = 100;
    o.threads = w->threads;
    pab_status status = pab_impact_measure(w->fine, &o, &out);
    *digest = status == PAB_OK ? pab__hash(&out, sizeof out) : 0;
    return status;
}

static pab_status tune(void *user, uint64_t *digest)
{
    world *w = user;
    static pab_tune_result out;
    pab_tune_options o;
    must(pab_tune_options_init(&o, sizeof o));
    o.regimes = 1 << PAB_REGIME_CALM;
    o.generations = 1;
    o.candidates = 8;
    o.episodes = o.validation = 2;
    o.threads = w->threads;
    out = (pab_tune_result){.struct_size = sizeof out};
    pab_status status = pab_policy_tune(w->scn, "lae", &o, &out);
    *digest = status == PAB_OK ? pab__hash(&out, sizeof out) : 0;
    return status;
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w = {.threads = 0};
    (void)state;
    open_fault_world(&w.base);
    w.scn = tiny_pair(&w.base.host);
    pab_config *cfg = tiny_config(&w.base.host, "pair: {interval: 100ms, horizon: 301s}\n");
    must(pab_scenario_new(cfg, &w.fine));
    pab_config_free(cfg);
    for (int i = 0; i < POLICIES; i++)
        must(pab_policy_parse(&w.base.host, names[i], &w.policy[i]));
    const pab_eval_options o = options_of(&w);
    must(pab_eval_new(&w.base.host, names, POLICIES, &o, &w.eval));
    must(pab_eval_run(w.eval, w.scn, w.policy));
    must(pab_eval_save(w.eval, world_path(&w.base, "file")));
    const fault_operation operations[] = {{"pab_eval_run", run, &w, 0},
                                          {"pab_eval_save", save, &w, 0},
                                          {"pab_eval_load", load, &w, 0},
                                          {"pab_eval_compare", judge, &w, 0},
                                          {"pab_impact_measure", impact, &w, 0},
                                          {"pab_policy_tune", tune, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    const fault_operation on_threads[] = {{"pab_eval_run on two threads", run, &w, 0},
                                          {"pab_impact_measure on two threads", impact, &w, 0},
                                          {"pab_policy_tune on two threads", tune, &w, 0}};
    w.threads = 2;
    fail_every_allocation_of(&w.base.memory, on_threads, sizeof on_threads / sizeof *on_threads);
    pab_eval_free(w.eval);
    for (int i = 0; i < POLICIES; i++)
        pab_policy_free(w.policy[i]);
    pab_scenario_free(w.fine);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("eval/faults", tests, NULL, NULL);
}
