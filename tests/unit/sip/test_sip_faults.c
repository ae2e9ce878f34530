/* Ensembles without memory. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_env *env;
    pab_sip *sip;
    uint32_t threads;
} world;

static void take(world *w, pab_status status, pab_sip *sip, uint64_t *digest)
{
    if (status == PAB_OK) {
        disarm(&w->base);
        must(pab_sip_save(sip, world_path(&w->base, "digest")));
        *digest = hash_of_file(world_path(&w->base, "digest"));
    } else {
        assert_null(sip);
    }
    pab_sip_free(sip);
}

static pab_status run(world *w, const char *checkpoint, pab_sip **out)
{
    pab_learn_options options;
    pab_sip_options how = tiny_search();
    must(pab_learn_options_init(&options, sizeof options));
    how.front = 1;
    how.front_generations = 1;
    how.refine = 1;
    how.refine_visits = 1;
    options.threads = w->threads;
    options.checkpoint = checkpoint;
    options.log_path = checkpoint ? world_path(&w->base, "search.csv") : NULL;
    return pab_sip_train(w->scn, NULL, &options, &how, out);
}

static pab_status train(void *user, uint64_t *digest)
{
    pab_sip *sip = NULL;
    pab_status status = run(user, NULL, &sip);
    take(user, status, sip, digest);
    return status;
}

/* The checkpoint that a call leaves is good: the search resumes to the same ensemble. */
static pab_status train_with_checkpoint(void *user, uint64_t *digest)
{
    world *w = user;
    pab_sip *sip = NULL, *later = NULL;
    uint64_t resumed = 0;
    const char *checkpoint = fresh_checkpoint(&w->base);
    pab_status status = run(w, checkpoint, &sip);
    take(w, status, sip, digest);
    disarm(&w->base);
    if (status == PAB_OK) {
        must(run(w, checkpoint, &later));
        take(w, PAB_OK, later, &resumed);
        assert_true(resumed == *digest);
    }
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_sip_save(w->sip, world_path(&w->base, "saved"));
    *digest = hash_of_saved(&w->base, status, "saved");
    return status;
}

static pab_status load(void *user, uint64_t *digest)
{
    world *w = user;
    pab_sip *sip = NULL;
    pab_status status = pab_sip_load(&w->base.host, world_path(&w->base, "file"), &sip);
    take(w, status, sip, digest);
    return status;
}

static pab_status variant(void *user, uint64_t *digest)
{
    world *w = user;
    pab_sip *sip = NULL;
    pab_status status = pab_sip_variant(w->sip, 1, 0, &sip);
    take(w, status, sip, digest);
    return status;
}

static pab_status write_csv(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_sip_write_csv(w->sip, PAB_SIP_CSV_CELLS, world_path(&w->base, "cells.csv"));
    *digest = hash_of_saved(&w->base, status, "cells.csv");
    return status;
}

static pab_status act(void *user, uint64_t *digest)
{
    world *w = user;
    pab_policy *policy = NULL;
    pab_decision decision;
    pab_status status = pab_sip_policy(w->sip, &policy);
    status = tiny_decision(status, policy, w->env, &decision);
    if (status == PAB_OK)
        *digest = pab__hash(&decision, sizeof decision);
    return status;
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w = {.threads = 0};
    (void)state;
    open_fault_world(&w.base);
    w.scn = tiny_pair(&w.base.host);
    must(run(&w, NULL, &w.sip));
    must(pab_sip_save(w.sip, world_path(&w.base, "file")));
    must(pab_env_new(w.scn, &w.env));
    must(pab_env_reset(w.env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 1), NULL, NULL, 0));
    const fault_operation operations[] = {{"pab_sip_train", train, &w, 6},
                                          {"pab_sip_train with a checkpoint", train_with_checkpoint, &w, -40},
                                          {"pab_sip_save", save, &w, 0},
                                          {"pab_sip_load", load, &w, 0},
                                          {"pab_sip_variant", variant, &w, 0},
                                          {"pab_sip_write_csv", write_csv, &w, 0},
                                          {"pab_sip_policy", act, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    const fault_operation on_threads = {"pab_sip_train on two threads", train, &w, -40};
    w.threads = 2;
    fail_every_allocation(&w.base.memory, &on_threads);
    pab_env_free(w.env);
    pab_sip_free(w.sip);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("sip/faults", tests, NULL, NULL);
}
