/* Configurations and scenarios without memory: unchanged, or as they should be. */
#include "../faults.h"
#include "../tiny.h"

typedef struct world {
    fault_world base;
    pab_config *cfg;
    uint64_t text; /* hash of what cfg holds before each operation */
} world;

static uint64_t hash_of_text(const pab_config *cfg)
{
    static char text[1 << 16];
    size_t len = 0;
    must(pab_config_text(cfg, text, sizeof text, &len));
    return pab__hash_long(text, len);
}

/* One change of a configuration that is made anew for it. */
static pab_status change(world *w, pab_status (*how)(const world *, pab_config *), uint64_t *digest)
{
    int64_t left = put_off(&w->base);
    pab_config *cfg = tiny_config(&w->base.host, NULL);
    assert_true(hash_of_text(cfg) == w->text);
    bring_back(&w->base, left);
    pab_status status = how(w, cfg);
    disarm(&w->base);
    *digest = hash_of_text(cfg);
    if (status != PAB_OK)
        assert_true(*digest == w->text);
    pab_config_free(cfg);
    return status;
}

static pab_status preset(const world *w, pab_config *cfg)
{
    (void)w;
    return pab_config_preset(cfg, "rmsc04");
}

static pab_status parse(const world *w, pab_config *cfg)
{
    static const char yaml[] = "preset: two_symbol\nagents: {noise: {count: 7}}\n";
    (void)w;
    return pab_config_parse(cfg, yaml, sizeof yaml - 1, "yaml");
}

static pab_status load(const world *w, pab_config *cfg)
{
    return pab_config_load(cfg, world_path(&w->base, "file"));
}

static pab_status set_key(const world *w, pab_config *cfg)
{
    (void)w;
    return pab_config_set(cfg, "agents.noise_AAA.count", "3");
}

static pab_status set_section(const world *w, pab_config *cfg)
{
    (void)w;
    return pab_config_set(cfg, "agents.noise_AAA", "{count: 3, type: noise, symbol: AAA, order_size: mixture}");
}

static pab_status add_types(const world *w, pab_config *cfg)
{
    static const pab_param row = {.key = "patience", .type = PAB_PARAM_INT, .unit = "", .default_value = "4",
                                  .max = 10, .doc = "Number."};
    pab_status status = PAB_OK;
    (void)w;
    for (int i = 0; status == PAB_OK && i < 3; i++) {
        static const char *const names[] = {"one", "two", "three"};
        pab_agent_type type;
        must(pab_agent_type_init(&type, sizeof type));
        type.name = type.label = names[i];
        type.params = &row;
        type.params_count = 1;
        type.params_size = sizeof(int64_t);
        status = pab_config_add_agent_type(cfg, &type);
    }
    if (status == PAB_OK)
        status = pab_config_set(cfg, "agents.new", "{type: two, patience: 5}");
    return status;
}

static pab_status do_preset(void *user, uint64_t *digest)
{
    return change(user, preset, digest);
}

static pab_status do_parse(void *user, uint64_t *digest)
{
    return change(user, parse, digest);
}

static pab_status do_load(void *user, uint64_t *digest)
{
    return change(user, load, digest);
}

static pab_status do_set_key(void *user, uint64_t *digest)
{
    return change(user, set_key, digest);
}

static pab_status do_set_section(void *user, uint64_t *digest)
{
    return change(user, set_section, digest);
}

static pab_status do_add_types(void *user, uint64_t *digest)
{
    return change(user, add_types, digest);
}

static pab_status make(void *user, uint64_t *digest)
{
    world *w = user;
    pab_config *cfg = NULL;
    pab_status status = pab_config_new(&w->base.host, &cfg);
    if (status == PAB_OK)
        *digest = hash_of_text(cfg);
    else
        assert_null(cfg);
    pab_config_free(cfg);
    return status;
}

static pab_status freeze(void *user, uint64_t *digest)
{
    world *w = user;
    pab_scenario *scn = NULL;
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_status status = pab_scenario_new(w->cfg, &scn);
    if (status == PAB_OK)
        status = pab_scenario_describe(scn, &info);
    else
        assert_null(scn);
    *digest = status == PAB_OK ? info.fingerprint : 0;
    pab_scenario_free(scn);
    return status;
}

static pab_status save(void *user, uint64_t *digest)
{
    world *w = user;
    pab_status status = pab_config_save(w->cfg, world_path(&w->base, "saved"));
    *digest = hash_of_saved(&w->base, status, "saved");
    return status;
}

static pab_status read_key(void *user, uint64_t *digest)
{
    world *w = user;
    char text[512];
    size_t len = 0;
    pab_status status = pab_config_get(w->cfg, "agents.noise_AAA", text, sizeof text, &len);
    *digest = status == PAB_OK ? pab__hash(text, len) : 0;
    return status;
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w = {.text = 0};
    (void)state;
    open_fault_world(&w.base);
    w.cfg = tiny_config(&w.base.host, NULL);
    w.text = hash_of_text(w.cfg);
    must(pab_config_set(w.cfg, "seed", "5"));
    must(pab_config_save(w.cfg, world_path(&w.base, "file")));
    const fault_operation operations[] = {
        {"pab_config_new", make, &w, 0},          {"pab_config_preset", do_preset, &w, 0},
        {"pab_config_parse", do_parse, &w, 0},    {"pab_config_load", do_load, &w, 0},
        {"pab_config_set", do_set_key, &w, 0},    {"pab_config_set of a section", do_set_section, &w, 0},
        {"pab_config_save", save, &w, 0},         {"pab_config_add_agent_type", do_add_types, &w, 0},
        {"pab_scenario_new", freeze, &w, 0},
    };
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    w.base.memory.passes = w.base.memory.seen; /* reading a key takes no memory */
    w.base.memory.sticky = 1;
    uint64_t digest;
    must(read_key(&w, &digest));
    pab_config_free(w.cfg);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("scenario/faults", tests, NULL, NULL);
}
