/* Markets of one scenario on several threads at once end as one market alone does. */
#include <pairsabides/pairsabides.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define THREADS 4
#define SEEDS 3

typedef struct worker {
    pthread_t thread;
    pab_scenario *scn;
    int64_t until;
    uint32_t first; /* seed it begins with */
    pab_status status;
    uint64_t hash[SEEDS];
} worker;

static pab_scenario *morning(const char *rng, int64_t *until)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    assert_int_equal(pab_config_preset(cfg, "rmsc04"), PAB_OK);
    assert_int_equal(pab_config_set(cfg, "rng", rng), PAB_OK);
    assert_int_equal(pab_scenario_new(cfg, &scn), PAB_OK);
    assert_int_equal(pab_scenario_describe(scn, &info), PAB_OK);
    pab_config_free(cfg);
    *until = info.market_open + INT64_C(60000000000);
    return scn;
}

/* Runs every seed, beginning with the worker's own, on one market that it makes itself. */
static void *work(void *arg)
{
    worker *w = arg;
    pab_market *m = NULL;
    w->status = pab_market_new(w->scn, &m);
    for (uint32_t i = 0; i < SEEDS && w->status == PAB_OK; i++) {
        uint32_t seed = (w->first + i) % SEEDS;
        w->status = pab_market_reset(m, seed);
        if (w->status == PAB_OK)
            w->status = pab_market_run(m, w->until, NULL);
        if (w->status == PAB_OK)
            w->status = pab_market_hash(m, &w->hash[seed]);
    }
    pab_market_free(m);
    return NULL;
}

static void compare(const char *rng)
{
    int64_t until = 0;
    pab_scenario *scn = morning(rng, &until);
    worker alone = {.scn = scn, .until = until};
    worker many[THREADS];
    work(&alone);
    assert_int_equal(alone.status, PAB_OK);
    for (uint32_t i = 0; i < THREADS; i++) {
        many[i] = (worker){.scn = scn, .until = until, .first = i};
        assert_int_equal(pthread_create(&many[i].thread, NULL, work, &many[i]), 0);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(many[i].thread, NULL), 0);
        assert_int_equal(many[i].status, PAB_OK);
        assert_memory_equal(many[i].hash, alone.hash, sizeof alone.hash);
    }
    pab_scenario_free(scn);
    assert_true(alone.hash[0] != alone.hash[1] && alone.hash[1] != alone.hash[2]);
}

static void threads_end_as_one_does_with_abides_generators(void **state)
{
    (void)state;
    compare("abides");
}

static void threads_end_as_one_does_with_fast_generators(void **state)
{
    (void)state;
    compare("fast");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_end_as_one_does_with_abides_generators),
        cmocka_unit_test(threads_end_as_one_does_with_fast_generators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
