/* Mixtures without memory. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_env *env;
    pab_sip *sip;
    pab_prefs *prefs;
    pab_moe *moe;
    uint32_t threads;
} world;

static void take(world *w, pab_status status, pab_moe *moe, uint64_t *digest)
{
    if (status == PAB_OK) {
        disarm(&w->base);
        must(pab_moe_save(moe, world_path(&w->base, "digest")));
        *digest = hash_of_file(world_path(&w->base, "digest"));
    } else {
        assert_null(moe);
    }
    pab_moe_free(moe);
}

static pab_learn_options options_of(const world *w, const char *checkpoint)
{
    pab_learn_options options;
    must(pab_learn_options_init(&options, sizeof options));
    options.budget = 1e-6;
    options.threads = w->threads;
    options.checkpoint = checkpoint;
    options.log_path = checkpoint ? world_path(&w->base, "log.csv") : NULL;
    return options;
}

static pab_status distil(void *user, uint64_t *digest)
{
    world *w = user;
    pab_moe *moe = NULL;
    const pab_learn_options options = options_of(w, NULL);
    pab_status status = pab_moe_distil(w->scn, w->sip, &options, &moe);
    take(w, status, moe, digest);
    return status;
}

static pab_status tune(void *user, uint64_t *digest)
{
    world *w = user;
    pab_moe *moe = NULL;
    int32_t accepted = 0;
    const pab_learn_options options = options_of(w, NULL);
    pab_status status = pab_moe_tune(w->scn, w->sip, w->moe, w->prefs, &options, &moe, &accepted);
    take(w, status, moe, digest);
    return status;
}

static pab_status distil_with_checkpoint(void *user, uint64_t *digest)
{
    world *w = user;
    pab_moe *moe = NULL;
    const char *checkpoint = fresh_checkpoint(&w->base);
    const pab_learn_options options = options_of(w, checkpoint);
    pab_status status = pab_moe_distil(w->scn, w->sip, &options, &moe);
    take(w, status, moe, digest);
    return status;
}

static pab_status tune_with_checkpoint(void *user, uint64_t *digest)
{
    world *w = user;
    pab_moe *moe = NULL;
    int32_t accepted = 0;
    const char *checkpoint = fresh_checkpoint(&w->base);
    const pab_learn_options options = options_of(w, checkpoint);
    pab_status status = pab_moe_tune(w->scn, w->sip, w->moe, w->prefs, &options, &moe, &accepted);
    take(w, status, moe, digest);
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_moe_save(w->moe, world_path(&w->base, "saved"));
    *digest = hash_of_saved(&w->base, status, "saved");
    return status;
}

static pab_status load(void *user, uint64_t *digest)
{
    world *w = user;
    pab_moe *moe = NULL;
    pab_status status = pab_moe_load(&w->base.host, world_path(&w->base, "file"), &moe);
    take(w, status, moe, digest);
    return status;
}

static pab_status act(void *user, uint64_t *digest)
{
    world *w = user;
    pab_policy *policy = NULL, *sampler = NULL;
    pab_moe_policy_options how;
    pab_decision decision = {{0}, {0}};
    must(pab_moe_policy_options_init(&how, sizeof how));
    how.sample = 1;
    pab_status status = pab_moe_policy(w->moe, &policy);
    if (status == PAB_OK)
        status = pab_moe_policy_with(w->moe, &how, &sampler);
    if (status == PAB_OK)
        status = pab_policy_reset(policy, w->env);
    if (status == PAB_OK)
        status = pab_policy_act(policy, w->env, &decision);
    if (status == PAB_OK)
        *digest = pab__hash(&decision, sizeof decision);
    pab_policy_free(policy);
    pab_policy_free(sampler);
    return status;
}

static void open_world(world *w)
{
    pab_prefs_options how;
    pab_policy *policy[2];
    *w = (world){.threads = 0};
    open_fault_world(&w->base);
    w->scn = tiny_pair(&w->base.host);
    w->sip = tiny_sip(w->scn);
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 20;
    how.futures = 2;
    must(pab_policy_parse(NULL, "aggressive", &policy[0]));
    must(pab_policy_parse(NULL, "passive", &policy[1]));
    const pab_policy *extra[] = {policy[0], policy[1]}; /* they differ, so that there are pairs */
    how.extra = extra;
    how.extras = 2;
    must(pab_prefs_generate(w->scn, w->sip, NULL, NULL, &how, &w->prefs));
    pab_policy_free(policy[0]);
    pab_policy_free(policy[1]);
    const pab_learn_options options = options_of(w, NULL);
    must(pab_moe_distil(w->scn, w->sip, &options, &w->moe));
    must(pab_moe_save(w->moe, world_path(&w->base, "file")));
    must(pab_env_new(w->scn, &w->env));
    must(pab_env_reset(w->env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 1), NULL, NULL, 0));
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w;
    (void)state;
    open_world(&w);
    const fault_operation operations[] = {{"pab_moe_distil", distil, &w, -40},
                                          {"pab_moe_distil with a checkpoint", distil_with_checkpoint, &w, 6},
                                          {"pab_moe_tune", tune, &w, -20},
                                          {"pab_moe_tune with a checkpoint", tune_with_checkpoint, &w, -20},
                                          {"pab_moe_save", save, &w, 0},
                                          {"pab_moe_load", load, &w, 0},
                                          {"pab_moe_policy", act, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    const fault_operation on_threads[] = {{"pab_moe_distil on two threads", distil, &w, -40},
                                          {"pab_moe_tune on two threads", tune, &w, -20}};
    w.threads = 2;
    fail_every_allocation_of(&w.base.memory, on_threads, sizeof on_threads / sizeof *on_threads);
    pab_env_free(w.env);
    pab_moe_free(w.moe);
    pab_prefs_free(w.prefs);
    pab_sip_free(w.sip);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("moedpo/faults", tests, NULL, NULL);
}
