/* Every kind of file that the library writes or reads, with every system call failing. */
#include "../io_loop.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_config *cfg;
    pab_market *market;
    pab_qtable *q;
    pab_sip *sip;
    pab_prefs *prefs;
    pab_moe *moe;
    pab_eval *eval;
} world;

static const char *const policies[] = {"lae", "twap"};

/* The operation is over: what follows looks at files undisturbed. */
static int64_t io_put_off(void)
{
    int64_t passes = io_faults.passes;
    io_faults.passes = -1;
    return passes;
}

static uint64_t saved(world *w, const char *name)
{
    int64_t passes = io_put_off();
    uint64_t hash = hash_of_file(world_path(&w->base, name));
    io_faults.passes = passes;
    return hash;
}

static pab_eval *new_eval(world *w)
{
    pab_eval_options o;
    pab_eval *eval = NULL;
    must(pab_eval_options_init(&o, sizeof o));
    o.episodes = 1;
    o.regimes = 1 << PAB_REGIME_CALM;
    must(pab_eval_new(&w->base.host, policies, 2, &o, &eval));
    return eval;
}

/* --- Saving --- */

#define SAVES(name, call)                                   \
    static pab_status save_##name(void *user, uint64_t *digest) \
    {                                                       \
        world *w = user;                                    \
        const char *path = world_path(&w->base, "saved");   \
        pab_status status = call;                           \
        if (status == PAB_OK)                               \
            *digest = saved(w, "saved");                    \
        return status;                                      \
    }

SAVES(market, pab_market_save_file(w->market, path))
SAVES(config, pab_config_save(w->cfg, path))
SAVES(qtable, pab_qtable_save(w->q, path))
SAVES(sip, pab_sip_save(w->sip, path))
SAVES(csv, pab_sip_write_csv(w->sip, PAB_SIP_CSV_FINALISTS, path))
SAVES(prefs, pab_prefs_save(w->prefs, path))
SAVES(moe, pab_moe_save(w->moe, path))
SAVES(eval, pab_eval_save(w->eval, path))

/* --- Loading: the handle is made, or, where there is one, changed, on success only --- */

static pab_status load_market(void *user, uint64_t *digest)
{
    world *w = user;
    pab_market *m = NULL;
    uint64_t before = 0;
    must(pab_market_new(w->scn, &m));
    must(pab_market_reset(m, 99));
    must(pab_market_hash(m, &before));
    pab_status status = pab_market_load_file(m, world_path(&w->base, "market"));
    must(pab_market_hash(m, digest));
    if (status != PAB_OK)
        assert_true(*digest == before);
    pab_market_free(m);
    return status;
}

static pab_status load_config(void *user, uint64_t *digest)
{
    world *w = user;
    pab_config *cfg = NULL;
    static char text[1 << 16];
    size_t len = 0;
    must(pab_config_new(&w->base.host, &cfg));
    pab_status status = pab_config_load(cfg, world_path(&w->base, "config"));
    must(pab_config_text(cfg, text, sizeof text, &len));
    *digest = pab__hash_long(text, len);
    pab_config_free(cfg);
    return status;
}

static pab_status load_eval(void *user, uint64_t *digest)
{
    world *w = user;
    pab_eval *eval = new_eval(w);
    pab_status status = pab_eval_load(eval, world_path(&w->base, "eval"));
    *digest = 1;
    pab_eval_free(eval);
    return status;
}

#define LOADS(name, type)                                                                      \
    static pab_status load_##name(void *user, uint64_t *digest)                                \
    {                                                                                          \
        world *w = user;                                                                       \
        type *loaded = NULL;                                                                   \
        pab_status status = pab_##name##_load(&w->base.host, world_path(&w->base, #name), &loaded); \
        assert_true((status == PAB_OK) == (loaded != NULL));                                   \
        *digest = 1;                                                                           \
        pab_##name##_free(loaded);                                                             \
        return status;                                                                         \
    }

LOADS(qtable, pab_qtable)
LOADS(sip, pab_sip)
LOADS(prefs, pab_prefs)
LOADS(moe, pab_moe)

/* --- Checkpoints and curves: after a failure the same call resumes to the same result --- */

static pab_learn_options options_of(const world *w)
{
    static char checkpoint[256], log[256];
    pab_learn_options o;
    must(pab_learn_options_init(&o, sizeof o));
    snprintf(checkpoint, sizeof checkpoint, "%s/checkpoint", w->base.dir);
    snprintf(log, sizeof log, "%s/log.csv", w->base.dir);
    o.checkpoint = checkpoint;
    o.log_path = log;
    o.budget = 1e-6;
    return o;
}

static pab_status run_qtable(world *w, const char *out)
{
    pab_learn_options o = options_of(w);
    pab_qtable_options how;
    pab_qtable *q = NULL;
    must(pab_qtable_options_init(&how, sizeof how));
    how.rounds = how.episodes = how.repeats = how.validation = how.interval = 1;
    o.qtable = &how;
    pab_status status = pab_qtable_train(w->scn, PAB_EXPERT_SCE, &o, &q);
    if (status == PAB_OK && out)
        must(pab_qtable_save(q, out));
    pab_qtable_free(q);
    return status;
}

static pab_status run_sip(world *w, const char *out)
{
    const pab_learn_options o = options_of(w);
    const pab_sip_options how = tiny_search();
    pab_sip *sip = NULL;
    pab_status status = pab_sip_train(w->scn, NULL, &o, &how, &sip);
    if (status == PAB_OK && out)
        must(pab_sip_save(sip, out));
    pab_sip_free(sip);
    return status;
}

static pab_status run_prefs(world *w, const char *out)
{
    const pab_learn_options o = options_of(w);
    pab_prefs_options how;
    pab_prefs *prefs = NULL;
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 2;
    how.futures = 1;
    pab_status status = pab_prefs_generate(w->scn, w->sip, NULL, &o, &how, &prefs);
    if (status == PAB_OK && out)
        must(pab_prefs_save(prefs, out));
    pab_prefs_free(prefs);
    return status;
}

static pab_status run_moe(world *w, const char *out)
{
    const pab_learn_options o = options_of(w);
    pab_moe *moe = NULL;
    pab_status status = pab_moe_distil(w->scn, w->sip, &o, &moe);
    if (status == PAB_OK && out)
        must(pab_moe_save(moe, out));
    pab_moe_free(moe);
    return status;
}

static pab_status resume(world *w, pab_status (*run)(world *, const char *), uint64_t *digest)
{
    char out[256], text[1024];
    int64_t passes = io_put_off();
    snprintf(out, sizeof out, "%s", world_path(&w->base, "digest"));
    remove(options_of(w).checkpoint);
    io_faults.passes = passes;
    pab_status status = run(w, NULL);
    pab_last_error(text, sizeof text);
    passes = io_put_off();
    must(run(w, out));
    *digest = hash_of_file(out);
    io_faults.passes = passes;
    return status == PAB_OK ? status : pab__fail(status, "%s", text);
}

static pab_status train_qtable(void *user, uint64_t *digest)
{
    return resume(user, run_qtable, digest);
}

static pab_status train_sip(void *user, uint64_t *digest)
{
    return resume(user, run_sip, digest);
}

static pab_status generate_prefs(void *user, uint64_t *digest)
{
    return resume(user, run_prefs, digest);
}

static pab_status distil_moe(void *user, uint64_t *digest)
{
    return resume(user, run_moe, digest);
}

/* --- The pipeline --- */

static pab_pipeline_options run_of(int32_t again)
{
    pab_pipeline_options o;
    must(pab_pipeline_options_init(&o, sizeof o));
    o.budget = 1e-4;
    o.episodes = 2;
    o.resamples = 20;
    o.rounds = 0;
    o.rules = 1;
    o.front = 0;
    o.resume = again;
    return o;
}

/* A run that failed resumes to the same bytes. */
static pab_status run_pipeline(void *user, uint64_t *digest)
{
    world *w = user;
    char dir[96], command[128], text[1024];
    pab_pipeline_options o = run_of(0);
    int64_t passes = io_put_off();
    snprintf(dir, sizeof dir, "%s/run", w->base.dir);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
    io_faults.passes = passes;
    pab_status status = pab_pipeline_run(w->cfg, dir, &o, NULL);
    pab_last_error(text, sizeof text);
    passes = io_put_off();
    o = run_of(1);
    if (status != PAB_OK)
        must(pab_pipeline_run(w->cfg, dir, &o, NULL));
    *digest = hash_of_file(world_path(&w->base, "run/manifest.json"));
    io_faults.passes = passes;
    return status == PAB_OK ? status : pab__fail(status, "%s", text);
}

static pab_status open_pipeline(void *user, uint64_t *digest)
{
    world *w = user;
    pab_pipeline *run = NULL;
    pab_eval *eval = NULL;
    pab_status status = pab_pipeline_open(&w->base.host, world_path(&w->base, "run"), &run);
    if (status == PAB_OK)
        status = pab_pipeline_eval(run, &eval);
    *digest = 1;
    pab_eval_free(eval);
    pab_pipeline_free(run);
    return status;
}

/* --- */

static void open_world(world *w)
{
    pab_policy *policy[2];
    *w = (world){.scn = NULL};
    open_fault_world(&w->base);
    w->cfg = tiny_config(&w->base.host, NULL);
    must(pab_scenario_new(w->cfg, &w->scn));
    must(pab_market_new(w->scn, &w->market));
    must(pab_market_reset(w->market, 1));
    w->sip = tiny_sip(w->scn);
    pab_prefs_options how;
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 2;
    how.futures = 1;
    must(pab_prefs_generate(w->scn, w->sip, NULL, NULL, &how, &w->prefs));
    pab_learn_options o;
    must(pab_learn_options_init(&o, sizeof o));
    o.budget = 1e-6;
    must(pab_moe_distil(w->scn, w->sip, &o, &w->moe));
    pab_qtable_options q;
    must(pab_qtable_options_init(&q, sizeof q));
    q.rounds = q.episodes = q.repeats = q.validation = q.interval = 1;
    o.qtable = &q;
    must(pab_qtable_train(w->scn, PAB_EXPERT_LAE, &o, &w->q));
    w->eval = new_eval(w);
    for (int i = 0; i < 2; i++)
        must(pab_policy_parse(&w->base.host, policies[i], &policy[i]));
    must(pab_eval_run(w->eval, w->scn, policy));
    for (int i = 0; i < 2; i++)
        pab_policy_free(policy[i]);
    must(pab_market_save_file(w->market, world_path(&w->base, "market")));
    must(pab_config_save(w->cfg, world_path(&w->base, "config")));
    must(pab_eval_save(w->eval, world_path(&w->base, "eval")));
    must(pab_qtable_save(w->q, world_path(&w->base, "qtable")));
    must(pab_sip_save(w->sip, world_path(&w->base, "sip")));
    must(pab_prefs_save(w->prefs, world_path(&w->base, "prefs")));
    must(pab_moe_save(w->moe, world_path(&w->base, "moe")));
}

static void close_world(world *w)
{
    pab_eval_free(w->eval);
    pab_moe_free(w->moe);
    pab_prefs_free(w->prefs);
    pab_sip_free(w->sip);
    pab_qtable_free(w->q);
    pab_market_free(w->market);
    pab_scenario_free(w->scn);
    pab_config_free(w->cfg);
    close_fault_world(&w->base);
}

static world w;

static int open_one(void **state)
{
    (void)state;
    open_world(&w);
    return 0;
}

static int close_one(void **state)
{
    (void)state;
    close_world(&w);
    return 0;
}

static void every_kind_of_file_survives_every_failure(void **state)
{
    (void)state;
    const io_operation operations[] = {
        {{"pab_market_save_file", save_market, &w, 0}, &w.base, "saved"},
        {{"pab_config_save", save_config, &w, 0}, &w.base, "saved"},
        {{"pab_qtable_save", save_qtable, &w, 0}, &w.base, "saved"},
        {{"pab_sip_save", save_sip, &w, 0}, &w.base, "saved"},
        {{"pab_sip_write_csv", save_csv, &w, 0}, &w.base, "saved"},
        {{"pab_prefs_save", save_prefs, &w, 0}, &w.base, "saved"},
        {{"pab_moe_save", save_moe, &w, 0}, &w.base, "saved"},
        {{"pab_eval_save", save_eval, &w, 0}, &w.base, "saved"},
        {{"pab_market_load_file", load_market, &w, 0}, &w.base, NULL},
        {{"pab_config_load", load_config, &w, 0}, &w.base, NULL},
        {{"pab_qtable_load", load_qtable, &w, 0}, &w.base, NULL},
        {{"pab_sip_load", load_sip, &w, 0}, &w.base, NULL},
        {{"pab_prefs_load", load_prefs, &w, 0}, &w.base, NULL},
        {{"pab_moe_load", load_moe, &w, 0}, &w.base, NULL},
        {{"pab_eval_load", load_eval, &w, 0}, &w.base, NULL},
        {{"pab_qtable_train", train_qtable, &w, 2}, &w.base, NULL},
        {{"pab_sip_train", train_sip, &w, -1}, &w.base, NULL},
        {{"pab_prefs_generate", generate_prefs, &w, 4}, &w.base, NULL},
        {{"pab_moe_distil", distil_moe, &w, -1}, &w.base, NULL},
    };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (operations[i].is.quick >= 0 || faults_all()) /* what takes long is left to the long suite */
            fail_every_call(&operations[i]);
}

static void a_run_that_failed_resumes_to_the_same_bytes(void **state)
{
    (void)state;
    uint64_t unused;
    const io_operation run = {{"pab_pipeline_run", run_pipeline, &w, -1}, &w.base, NULL};
    const io_operation open = {{"pab_pipeline_open", open_pipeline, &w, 8}, &w.base, NULL};
    if (faults_all())
        fail_every_call(&run);
    else
        must(run_pipeline(&w, &unused));
    fail_every_call(&open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_file_survives_every_failure),
        cmocka_unit_test(a_run_that_failed_resumes_to_the_same_bytes),
    };
    return cmocka_run_group_tests_name("pipeline/files_io", tests, open_one, close_one);
}
