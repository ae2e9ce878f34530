/* Calibration without memory: the configuration stays as it was. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_config *cfg;
    uint32_t threads;
    int32_t bins;
} world;

static uint64_t hash_of_text(const pab_config *cfg)
{
    static char text[1 << 16];
    size_t len = 0;
    must(pab_config_text(cfg, text, sizeof text, &len));
    return pab__hash_long(text, len);
}

static pab_status calibrate(void *user, uint64_t *digest)
{
    world *w = user;
    pab_calibrate_options o;
    pab_calibration report = {.struct_size = sizeof report};
    must(pab_calibrate_options_init(&o, sizeof o));
    o.episodes = o.validation = 1;
    o.regimes = 1u << PAB_REGIME_CRUMBLING;
    o.bins = w->bins;
    o.threads = w->threads;
    o.report = &report;
    int64_t left = put_off(&w->base);
    pab_config *cfg = tiny_config(&w->base.host, NULL);
    uint64_t before = hash_of_text(cfg);
    bring_back(&w->base, left);
    pab_status status = pab_calibrate(w->scn, &o, cfg);
    disarm(&w->base);
    *digest = hash_of_text(cfg);
    if (status != PAB_OK)
        assert_true(*digest == before);
    pab_config_free(cfg);
    return status;
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w = {.bins = PAB_BINS_QUANTILE};
    (void)state;
    open_fault_world(&w.base);
    w.scn = tiny_pair(&w.base.host);
    const fault_operation operation = {"pab_calibrate", calibrate, &w, 0};
    fail_every_allocation(&w.base.memory, &operation);
    const fault_operation on_threads = {"pab_calibrate on two threads", calibrate, &w, 0};
    w.threads = 2;
    fail_every_allocation(&w.base.memory, &on_threads);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("calib/faults", tests, NULL, NULL);
}
