/* Learned experts without memory. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_env *env;
    pab_qtable *q;
    uint32_t threads;
} world;

static void take(world *w, pab_status status, pab_qtable *q, uint64_t *digest)
{
    if (status == PAB_OK) {
        disarm(&w->base);
        must(pab_qtable_save(q, world_path(&w->base, "digest")));
        *digest = hash_of_file(world_path(&w->base, "digest"));
    } else {
        assert_null(q);
    }
    pab_qtable_free(q);
}

static pab_status run(world *w, int32_t forks, const char *checkpoint, pab_qtable **out)
{
    pab_learn_options options;
    pab_qtable_options how;
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_qtable_options_init(&how, sizeof how));
    how.forks = forks;
    how.rounds = 1;
    how.episodes = how.repeats = 1;
    how.validation = how.interval = 1;
    options.qtable = &how;
    options.threads = w->threads;
    options.checkpoint = checkpoint;
    options.log_path = checkpoint ? world_path(&w->base, "curve.csv") : NULL;
    return pab_qtable_train(w->scn, PAB_EXPERT_LAE, &options, out);
}

static pab_status train_on_forks(void *user, uint64_t *digest)
{
    pab_qtable *q = NULL;
    pab_status status = run(user, 1, NULL, &q);
    take(user, status, q, digest);
    return status;
}

static pab_status train_on_episodes(void *user, uint64_t *digest)
{
    pab_qtable *q = NULL;
    pab_status status = run(user, 0, NULL, &q);
    take(user, status, q, digest);
    return status;
}

/* The checkpoint that a failed call leaves is good: the training resumes to the same tables. */
static pab_status train_with_checkpoint(void *user, uint64_t *digest)
{
    world *w = user;
    pab_qtable *q = NULL, *later = NULL;
    uint64_t resumed = 0;
    const char *checkpoint = fresh_checkpoint(&w->base);
    pab_status status = run(w, 1, checkpoint, &q);
    take(w, status, q, digest);
    disarm(&w->base);
    if (status == PAB_OK) {
        must(run(w, 1, checkpoint, &later));
        take(w, PAB_OK, later, &resumed);
        assert_true(resumed == *digest);
    }
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_qtable_save(w->q, world_path(&w->base, "saved"));
    *digest = hash_of_saved(&w->base, status, "saved");
    return status;
}

static pab_status load(void *user, uint64_t *digest)
{
    world *w = user;
    pab_qtable *q = NULL;
    pab_status status = pab_qtable_load(&w->base.host, world_path(&w->base, "file"), &q);
    take(w, status, q, digest);
    return status;
}

static pab_status act(void *user, uint64_t *digest)
{
    world *w = user;
    pab_policy *policy = NULL;
    pab_decision decision;
    pab_status status = pab_qtable_policy(w->q, &policy);
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
    must(run(&w, 1, NULL, &w.q));
    must(pab_qtable_save(w.q, world_path(&w.base, "file")));
    must(pab_env_new(w.scn, &w.env));
    must(pab_env_reset(w.env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 1), NULL, NULL, 0));
    const fault_operation operations[] = {{"pab_qtable_train", train_on_forks, &w, 0},
                                          {"pab_qtable_train on episodes", train_on_episodes, &w, 0},
                                          {"pab_qtable_train with a checkpoint", train_with_checkpoint, &w, 8},
                                          {"pab_qtable_save", save, &w, 0},
                                          {"pab_qtable_load", load, &w, 0},
                                          {"pab_qtable_policy", act, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    const fault_operation on_threads = {"pab_qtable_train on two threads", train_on_forks, &w, 8};
    w.threads = 2;
    fail_every_allocation(&w.base.memory, &on_threads);
    pab_env_free(w.env);
    pab_qtable_free(w.q);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("qlearn/faults", tests, NULL, NULL);
}
