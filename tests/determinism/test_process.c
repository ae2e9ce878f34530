/* A market saved to a file continues in another process as in this one. */
#include <pairsabides/pairsabides.h>

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *self;

static pab_market *market(const char *rng, int64_t *open)
{
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    pab_market *m = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_preset(cfg, "rmsc04") != PAB_OK ||
        pab_config_set(cfg, "rng", rng) != PAB_OK || pab_config_set(cfg, "clock.market_close", "09:40:00") != PAB_OK ||
        pab_scenario_new(cfg, &scn) != PAB_OK || pab_scenario_describe(scn, &info) != PAB_OK ||
        pab_market_new(scn, &m) != PAB_OK)
        exit(2);
    pab_config_free(cfg);
    pab_scenario_free(scn);
    *open = info.market_open;
    return m;
}

/* The other process: loads the file, runs to the end, prints the hash. */
static int go_on(const char *rng, const char *path)
{
    int64_t open;
    uint64_t hash;
    pab_market *m = market(rng, &open);
    if (pab_market_load_file(m, path) != PAB_OK || pab_market_finish(m) != PAB_OK ||
        pab_market_hash(m, &hash) != PAB_OK)
        return 1;
    printf("%016" PRIx64 "\n", hash);
    pab_market_free(m);
    return 0;
}

static void compare(const char *rng)
{
    char path[64], command[4096], got[64] = "", wanted[64];
    int64_t open;
    uint64_t hash;
    pab_market *m = market(rng, &open);
    snprintf(path, sizeof path, "test_process_%ld.tmp", (long)getpid());
    assert_int_equal(pab_market_reset(m, 11), PAB_OK);
    for (int64_t i = 1; i <= 3; i++) {
        assert_int_equal(pab_market_run(m, open + i * INT64_C(77777777777), NULL), PAB_OK);
        assert_int_equal(pab_market_save_file(m, path), PAB_OK);
    }
    assert_int_equal(pab_market_finish(m), PAB_OK);
    assert_int_equal(pab_market_hash(m, &hash), PAB_OK);
    snprintf(wanted, sizeof wanted, "%016" PRIx64 "\n", hash);
    snprintf(command, sizeof command, "'%s' %s %s", self, rng, path);
    FILE *other = popen(command, "r");
    assert_non_null(other);
    assert_non_null(fgets(got, sizeof got, other));
    assert_int_equal(pclose(other), 0);
    assert_string_equal(got, wanted);
    remove(path);
    pab_market_free(m);
}

static void another_process_continues_with_abides_generators(void **state)
{
    (void)state;
    compare("abides");
}

static void another_process_continues_with_fast_generators(void **state)
{
    (void)state;
    compare("fast");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_process_continues_with_abides_generators),
        cmocka_unit_test(another_process_continues_with_fast_generators),
    };
    if (argc == 3)
        return go_on(argv[1], argv[2]);
    self = argv[0];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
