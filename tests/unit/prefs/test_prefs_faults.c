/* Preferences without memory. */
#include "../faults.h"
#include "../tiny.h"

#include "prefs/prefs.h"

typedef struct world {
    failing memory;
    pab_host host;
    pab_scenario *scn;
    pab_sip *sip;
    pab_prefs *prefs;
    uint32_t threads;
    char path[64];
} world;

static pab_status hash_of_prefs(const pab_prefs *p, uint64_t *digest)
{
    pab_host plain;
    must(pab__host_take(NULL, &plain));
    pab__bytes bytes = {.host = &plain};
    pab__prefs_write(p, &bytes);
    return pab__bytes_hash(&bytes, "preferences", digest);
}

static pab_status generate(void *user, uint64_t *digest)
{
    const world *w = user;
    pab_learn_options options;
    pab_prefs_options how;
    pab_prefs *prefs = NULL;
    must(pab_learn_options_init(&options, sizeof options));
    must(pab_prefs_options_init(&how, sizeof how));
    options.threads = w->threads;
    how.episodes = 2;
    how.futures = 1;
    pab_status status = pab_prefs_generate(w->scn, w->sip, NULL, &options, &how, &prefs);
    if (status == PAB_OK)
        status = hash_of_prefs(prefs, digest);
    else
        assert_null(prefs);
    pab_prefs_free(prefs);
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    const world *w = user;
    *digest = 1;
    return pab_prefs_save(w->prefs, w->path);
}

static pab_status load(void *user, uint64_t *digest)
{
    const world *w = user;
    pab_prefs *prefs = NULL;
    pab_status status = pab_prefs_load(&w->host, w->path, &prefs);
    if (status == PAB_OK)
        status = hash_of_prefs(prefs, digest);
    else
        assert_null(prefs);
    pab_prefs_free(prefs);
    return status;
}

static void open_world(world *w)
{
    pab_prefs_options how;
    *w = (world){.path = "/tmp/pab-prefs-XXXXXX"};
    w->host = failing_host(&w->memory, -1, 0);
    w->scn = tiny_pair(&w->host);
    w->sip = tiny_sip(w->scn);
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 5;
    how.futures = 2;
    must(pab_prefs_generate(w->scn, w->sip, NULL, NULL, &how, &w->prefs));
    int fd = mkstemp(w->path);
    assert_true(fd >= 0);
    close(fd);
    must(pab_prefs_save(w->prefs, w->path));
}

static void close_world(world *w)
{
    unlink(w->path);
    pab_prefs_free(w->prefs);
    pab_sip_free(w->sip);
    pab_scenario_free(w->scn);
    assert_int_equal(w->memory.blocks, 0);
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w;
    (void)state;
    open_world(&w);
    const fault_operation operations[] = {{"pab_prefs_generate", generate, &w, 0},
                                          {"pab_prefs_save", save, &w, 0},
                                          {"pab_prefs_load", load, &w, 0}};
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        fail_every_allocation(&w.memory, &operations[i]);
    const fault_operation on_threads = {"pab_prefs_generate, 2 threads", generate, &w, 0};
    w.threads = 2;
    fail_every_allocation(&w.memory, &on_threads);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("prefs/faults", tests, NULL, NULL);
}
