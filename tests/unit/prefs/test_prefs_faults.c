/* Preferences without memory. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_sip *sip;
    pab_policy *reference;
    pab_prefs *prefs;
    uint32_t threads;
} world;

/* Takes over what an operation made, if it made something. */
static void take(world *w, pab_status status, pab_prefs *prefs, uint64_t *digest)
{
    if (status == PAB_OK) {
        disarm(&w->base);
        must(pab_prefs_save(prefs, world_path(&w->base, "digest")));
        *digest = hash_of_file(world_path(&w->base, "digest"));
    } else {
        assert_null(prefs);
    }
    pab_prefs_free(prefs);
}

static pab_status run(world *w, const char *checkpoint, pab_prefs **out)
{
    pab_learn_options options;
    pab_prefs_options how;
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_prefs_options_init(&how, sizeof how));
    const pab_policy *extra[] = {w->reference};
    options.threads = w->threads;
    options.checkpoint = checkpoint;
    how.episodes = 2;
    how.futures = 1;
    how.extra = extra;
    how.extras = 1;
    return pab_prefs_generate(w->scn, w->sip, w->reference, &options, &how, out);
}

static pab_status generate(void *user, uint64_t *digest)
{
    pab_prefs *prefs = NULL;
    pab_status status = run(user, NULL, &prefs);
    take(user, status, prefs, digest);
    return status;
}

/* The checkpoint that a failed call leaves, if any, is good. */
static pab_status generate_with_checkpoint(void *user, uint64_t *digest)
{
    world *w = user;
    pab_prefs *prefs = NULL, *later = NULL;
    const char *checkpoint = fresh_checkpoint(&w->base);
    pab_status status = run(w, checkpoint, &prefs);
    take(w, status, prefs, digest);
    if (status == PAB_OK) {
        must(run(w, checkpoint, &later));
        pab_prefs_free(later);
    }
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_prefs_save(w->prefs, world_path(&w->base, "saved"));
    *digest = hash_of_saved(&w->base, status, "saved");
    return status;
}

static pab_status load(void *user, uint64_t *digest)
{
    world *w = user;
    pab_prefs *prefs = NULL;
    pab_status status = pab_prefs_load(&w->base.host, world_path(&w->base, "file"), &prefs);
    take(w, status, prefs, digest);
    return status;
}

static void open_world(world *w)
{
    *w = (world){.threads = 0};
    open_fault_world(&w->base);
    w->scn = tiny_pair(&w->base.host);
    w->sip = tiny_sip(w->scn);
    must(pab_policy_parse(&w->base.host, "lae", &w->reference));
    must(run(w, NULL, &w->prefs));
    must(pab_prefs_save(w->prefs, world_path(&w->base, "file")));
}

static void close_world(world *w)
{
    pab_prefs_free(w->prefs);
    pab_policy_free(w->reference);
    pab_sip_free(w->sip);
    pab_scenario_free(w->scn);
    close_fault_world(&w->base);
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w;
    (void)state;
    open_world(&w);
    const fault_operation operations[] = {{"pab_prefs_generate", generate, &w, 0},
                                          {"pab_prefs_generate with a checkpoint", generate_with_checkpoint, &w, 0},
                                          {"pab_prefs_save", save, &w, 0},
                                          {"pab_prefs_load", load, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    const fault_operation on_threads = {"pab_prefs_generate on two threads", generate, &w, 0};
    w.threads = 2;
    fail_every_allocation(&w.base.memory, &on_threads);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("prefs/faults", tests, NULL, NULL);
}
