/* Files whose checksum is right and whose content is not: refused with PAB_E_CORRUPT, and never trusted with memory. */
#include <math.h>

#include "../faults.h"
#include "../tiny.h"

#include "base/frame.h"
#include "moedpo/moe.h"
#include "prefs/prefs.h"
#include "sip/sip.h"

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_qtable *q;
    pab_sip *sip;
    pab_prefs *prefs;
    pab_moe *moe;
} world;

static world w;

static const char *path_of(const char *name)
{
    return world_path(&w.base, name);
}

/* Reads a whole file; the caller frees it. */
static unsigned char *slurp(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    unsigned char *data = malloc(64 << 20);
    *len = fread(data, 1, 64 << 20, file);
    fclose(file);
    return data;
}

/* Writes bytes whose last eight become the checksum of the others. */
static void write_sealed(const char *path, unsigned char *data, size_t len)
{
    uint64_t sum = pab__hash_long(data, len - 8);
    for (int i = 0; i < 8; i++)
        data[len - 8 + (size_t)i] = (unsigned char)(sum >> (8 * i));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    fclose(file);
}

enum { HEAD = PAB__FRAME_SIZE - 8 }; /* where a payload begins */

/* Puts four bytes into the payload of a file. */
static void patch(const char *path, size_t at, uint32_t value)
{
    size_t len;
    unsigned char *data = slurp(path, &len);
    assert_true(HEAD + at + 4 <= len - 8);
    memcpy(data + HEAD + at, &value, sizeof value);
    write_sealed(path, data, len);
    free(data);
}

/* --- Objects that were changed in memory and saved --- */

static void table_is_refused(const char *what)
{
    pab_qtable *q = NULL;
    char path[400];
    snprintf(path, sizeof path, "%s", path_of("forged"));
    must(pab_qtable_save(w.q, path));
    pab_status status = pab_qtable_load(&w.base.host, path, &q);
    if (status != PAB_E_CORRUPT || q)
        fail_msg("a table with %s: %s", what, pab_status_name(status));
}

#define FORGE(place, value, refused, what) \
    do {                                   \
        __typeof__(place) was_ = place;    \
        place = value;                     \
        refused(what);                     \
        place = was_;                      \
    } while (0)

static void tables_without_numbers_are_refused(void **state)
{
    (void)state;
    pab__table *t = &w.q->table[PAB_TABLE_PAIR];
    uint32_t row = 0;
    while (row < t->states && t->visits[row] == 0)
        row++;
    if (row == t->states) /* forks fill the shared part only */
        t->visits[row = 3] = 1;
    FORGE(pab__table_at(t, 0, row)[1].value, NAN, table_is_refused, "a value that is no number");
    FORGE(pab__table_at(t, 1, row)[0].mean, INFINITY, table_is_refused, "an infinite mean");
    FORGE(pab__table_at(t, 1, row)[0].count, -1, table_is_refused, "a negative count");
    FORGE(t->shared[5].value, NAN, table_is_refused, "a shared value that is no number");
    FORGE(w.q->bins.leg[0].edge[0], NAN, table_is_refused, "an edge that is no number");
    FORGE(w.q->bins.pair[0].edge[0], 1e9, table_is_refused, "edges that do not ascend");
    FORGE(w.q->verdict[0].scale, INFINITY, table_is_refused, "an infinite scale");
    FORGE(w.q->verdict[0].mode, 9, table_is_refused, "an unknown mode");
    FORGE(w.q->expert, 7, table_is_refused, "an unknown expert");
}

static void ensemble_is_refused(const char *what)
{
    pab_sip *sip = NULL;
    char path[400];
    snprintf(path, sizeof path, "%s", path_of("forged"));
    must(pab_sip_save(w.sip, path));
    pab_status status = pab_sip_load(&w.base.host, path, &sip);
    if (status != PAB_E_CORRUPT || sip)
        fail_msg("an ensemble with %s: %s", what, pab_status_name(status));
}

static void ensembles_without_numbers_are_refused(void **state)
{
    (void)state;
    pab__sip_cell *cell = &w.sip->table.cell[40];
    FORGE(cell->weight[1], NAN, ensemble_is_refused, "a weight that is no number");
    FORGE(cell->weight[0], -0.5, ensemble_is_refused, "a negative weight");
    FORGE(cell->multiplier[2], INFINITY, ensemble_is_refused, "an infinite multiplier");
    FORGE(w.sip->visits[3], NAN, ensemble_is_refused, "visits that are no number");
    FORGE(w.sip->info.shipped, 99, ensemble_is_refused, "a finalist that is not there");
    FORGE(w.sip->info.eta, NAN, ensemble_is_refused, "an eta that is no number");
    FORGE(w.sip->finalist[0].kind, 17, ensemble_is_refused, "an unknown kind of finalist");
    FORGE(w.sip->finalist[0].expert, 1000000, ensemble_is_refused, "an unknown expert");
    FORGE(w.sip->expert[2]->expert, 0, ensemble_is_refused, "an expert in another's place");
}

static void mixture_is_refused(const char *what)
{
    pab_moe *moe = NULL;
    char path[400];
    snprintf(path, sizeof path, "%s", path_of("forged"));
    must(pab_moe_save(w.moe, path));
    pab_status status = pab_moe_load(&w.base.host, path, &moe);
    if (status != PAB_E_CORRUPT || moe)
        fail_msg("a mixture with %s: %s", what, pab_status_name(status));
}

static void mixtures_without_numbers_are_refused(void **state)
{
    (void)state;
    pab__moe_body *body = &w.moe->body;
    FORGE(body->net.net[2].w2[1][1], NAN, mixture_is_refused, "a parameter that is no number");
    FORGE(body->net.gate.b2[4], -INFINITY, mixture_is_refused, "an infinite bias of the gate");
    FORGE(body->ensemble_weight[71][3], NAN, mixture_is_refused, "a share that is no number");
    FORGE(body->cell[9].visits, NAN, mixture_is_refused, "visits that are no number");
    FORGE(body->components, 6, mixture_is_refused, "six components");
    FORGE(body->loss, 5, mixture_is_refused, "an unknown loss");
}

static void prefs_are_refused(const char *what)
{
    pab_prefs *prefs = NULL;
    char path[400];
    snprintf(path, sizeof path, "%s", path_of("forged"));
    must(pab_prefs_save(w.prefs, path));
    pab_status status = pab_prefs_load(&w.base.host, path, &prefs);
    if (status != PAB_E_CORRUPT || prefs)
        fail_msg("preferences with %s: %s", what, pab_status_name(status));
}

static void preferences_that_lead_astray_are_refused(void **state)
{
    (void)state;
    pab_prefs *p = w.prefs;
    assert_true(p->starts > 1 && p->trajectories > 2);
    FORGE(p->eta, NAN, prefs_are_refused, "an eta that is no number");
    FORGE(p->point[1].obs[5], NAN, prefs_are_refused, "an observation that is no number");
    FORGE(p->point[1].legal[0], 0, prefs_are_refused, "no legal action");
    FORGE(p->point[1].legal[1], UINT32_MAX, prefs_are_refused, "actions that do not exist");
    FORGE(p->play[0].point, p->points, prefs_are_refused, "a point past the last");
    FORGE(p->play[0].action, -1, prefs_are_refused, "an action below 0");
    FORGE(p->play[1].action, PAB_ENV_JOINT_ACTIONS, prefs_are_refused, "an action past the last");
    FORGE(p->trajectory[1].play[0], p->trajectory[1].play[0] - 1, prefs_are_refused, "plays in two trajectories");
    FORGE(p->trajectory[p->trajectories - 1].play[p->futures], p->plays + 1, prefs_are_refused, "plays past the last");
    FORGE(p->trajectory[0].candidates, 0, prefs_are_refused, "a trajectory of nobody");
    FORGE(p->outcome[1].score, NAN, prefs_are_refused, "a score that is no number");
    FORGE(p->outcome[0].component[2], INFINITY, prefs_are_refused, "an infinite cost");
    FORGE(p->start[0].point, p->points, prefs_are_refused, "a start at no point");
    FORGE(p->start[1].trajectory, 0, prefs_are_refused, "trajectories of two starts");
    FORGE(p->start[0].trajectories, 40, prefs_are_refused, "more trajectories than candidates");
    FORGE(p->start[0].cell, 72, prefs_are_refused, "a cell past the last");
    FORGE(p->start[0].segment, 0, prefs_are_refused, "no segment");
}

/* --- Checkpoints --- */

static int32_t stop_at_once(void *user, const char *stage, uint64_t done, uint64_t total)
{
    int *left = user;
    (void)stage;
    (void)done;
    (void)total;
    return (*left)-- <= 0;
}

typedef pab_status (*training)(const pab_learn_options *options);

static pab_status train_table(const pab_learn_options *options)
{
    pab_learn_options o = *options;
    pab_qtable_options how;
    pab_qtable *q = NULL;
    must(pab_qtable_options_init(&how, sizeof how));
    how.rounds = 2;
    how.episodes = how.repeats = how.validation = how.interval = 1;
    o.qtable = &how;
    pab_status status = pab_qtable_train(w.scn, PAB_EXPERT_LAE, &o, &q);
    pab_qtable_free(q);
    return status;
}

static pab_status train_ensemble(const pab_learn_options *options)
{
    pab_sip_options how = tiny_search();
    pab_sip *sip = NULL;
    how.generations = 3;
    pab_status status = pab_sip_train(w.scn, NULL, options, &how, &sip);
    pab_sip_free(sip);
    return status;
}

static pab_status generate(const pab_learn_options *options)
{
    pab_prefs_options how;
    pab_prefs *prefs = NULL;
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 40; /* two rounds */
    how.futures = 1;
    pab_status status = pab_prefs_generate(w.scn, w.sip, NULL, options, &how, &prefs);
    pab_prefs_free(prefs);
    return status;
}

static pab_status distil(const pab_learn_options *options)
{
    pab_moe *moe = NULL;
    pab_status status = pab_moe_distil(w.scn, w.sip, options, &moe);
    pab_moe_free(moe);
    return status;
}

/* Stops a training after `reports` reports, puts `value` at `at` of its checkpoint's payload, and resumes. */
static void checkpoint_is_refused(const char *what, training train, int reports, size_t at, uint32_t value)
{
    char path[400];
    int left = reports;
    const pab_progress hook = {.struct_size = sizeof hook, .user = &left, .report = stop_at_once};
    pab_learn_options o;
    must(pab_learn_options_init(&o, sizeof o));
    snprintf(path, sizeof path, "%s", path_of("checkpoint"));
    remove(path);
    o.budget = 1e-6;
    o.checkpoint = path;
    o.progress = &hook;
    if (train(&o) != PAB_E_CANCELLED)
        fail_msg("a checkpoint of %s: the training was not stopped", what);
    patch(path, at, value);
    o.progress = NULL;
    pab_status status = train(&o);
    if (status != PAB_E_CORRUPT)
        fail_msg("a checkpoint of %s: %s", what, pab_status_name(status));
}

static void forged_checkpoints_are_refused(void **state)
{
    enum { ID = 8, NAN_HIGH = 0x7ff80000 };
    (void)state;
    checkpoint_is_refused("an unknown expert", train_table, 1, ID, 9);
    checkpoint_is_refused("another expert", train_table, 1, ID, PAB_EXPERT_RAE);
    checkpoint_is_refused("an edge that is no number", train_table, 1, ID + 4 + 16 + 4, NAN_HIGH);
    checkpoint_is_refused("too many searches", train_ensemble, 1, ID, 9);
    checkpoint_is_refused("too many rows", train_ensemble, 1, ID + 4, UINT32_MAX);
    checkpoint_is_refused("too many candidates", train_ensemble, 1, ID + 8, 65);
    checkpoint_is_refused("an eta that is no number", train_ensemble, 1, ID + 16 + 4, NAN_HIGH);
    checkpoint_is_refused("a mean that is no number", train_ensemble, 1, ID + 24 + 8 + 4, NAN_HIGH);
    checkpoint_is_refused("an episode past the last", generate, 0, ID, 41);
    checkpoint_is_refused("other futures", generate, 0, ID + 4 + 24, 2);
    checkpoint_is_refused("a round past the last", distil, 6, ID, 4);
    checkpoint_is_refused("rounds that are not there", distil, 6, ID + 12, 200);
    checkpoint_is_refused("states that are not there", distil, 6, ID + 16, 1 << 30);
    checkpoint_is_refused("a parameter that is no number", distil, 6, ID + 40 + 4 + 800, NAN_HIGH);
}

/* --- What a file may ask for --- */

/* The most that was held at once while `load` ran, less what was held before. */
static int64_t peak_of(pab_status (*load)(const char *path), const char *path, pab_status expected)
{
    failing *f = &w.base.memory;
    int64_t before = f->bytes;
    f->peak = before;
    pab_status status = load(path);
    if (status != expected)
        fail_msg("%s: %s, expected %s", path, pab_status_name(status), pab_status_name(expected));
    assert_int_equal(f->bytes, before);
    return f->peak - before;
}

static pab_status load_prefs(const char *path)
{
    pab_prefs *prefs = NULL;
    pab_status status = pab_prefs_load(&w.base.host, path, &prefs);
    pab_prefs_free(prefs);
    return status;
}

static pab_status load_ensemble(const char *path)
{
    pab_sip *sip = NULL;
    pab_status status = pab_sip_load(&w.base.host, path, &sip);
    pab_sip_free(sip);
    return status;
}

static pab_status load_config(const char *path)
{
    pab_config *cfg = NULL;
    must(pab_config_new(&w.base.host, &cfg));
    pab_status status = pab_config_load(cfg, path);
    pab_config_free(cfg);
    return status;
}

static void a_file_asks_for_memory_in_proportion_to_its_size(void **state)
{
    enum { MILLION = 1 << 20, COUNTS = 8 + 8 + 8 + 4 };
    char path[400];
    (void)state;
    snprintf(path, sizeof path, "%s", path_of("large"));
    must(pab_prefs_save(w.prefs, path));
    size_t len;
    unsigned char *good = slurp(path, &len), *large = calloc(1, MILLION + PAB__FRAME_SIZE);
    for (int count = 0; count < 4; count++) { /* a million bytes, and each count in turn as large as they are */
        memcpy(large, good, HEAD + 64);
        uint64_t payload = MILLION;
        uint32_t most = MILLION - 64;
        memcpy(large + 24, &payload, sizeof payload);
        memcpy(large + HEAD + COUNTS + 4 * count, &most, sizeof most);
        write_sealed(path, large, MILLION + PAB__FRAME_SIZE);
        assert_in_range(peak_of(load_prefs, path, PAB_E_CORRUPT), MILLION, 2 * MILLION);
    }
    free(large);
    free(good);
    must(pab_sip_save(w.sip, path));
    patch(path, 16, 1 << 20); /* generations */
    assert_in_range(peak_of(load_ensemble, path, PAB_E_CORRUPT), 1, MILLION);
}

/* Two bytes of text are a value of a hundred bytes: the number of values is bounded, not only the text. */
static void a_list_of_millions_is_refused_early(void **state)
{
    enum { ITEMS = 7 << 20 };
    char path[400];
    (void)state;
    snprintf(path, sizeof path, "%s", path_of("long.yaml"));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("series: [", file);
    for (int i = 0; i < ITEMS; i++)
        fputs("1,", file);
    fputs("1]\n", file);
    fclose(file);
    assert_in_range(peak_of(load_config, path, PAB_E_CAPACITY), 2 * ITEMS, 2 * ITEMS + (64 << 20));
}

static int open_world(void **state)
{
    (void)state;
    open_fault_world(&w.base);
    w.scn = tiny_pair(&w.base.host);
    w.sip = tiny_sip(w.scn);
    pab_prefs_options how;
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 5;
    how.futures = 2;
    must(pab_prefs_generate(w.scn, w.sip, NULL, NULL, &how, &w.prefs));
    pab_learn_options o;
    pab_qtable_options q;
    must(pab_learn_options_init(&o, sizeof o));
    must(pab_qtable_options_init(&q, sizeof q));
    q.rounds = q.episodes = q.repeats = q.validation = q.interval = 1;
    o.qtable = &q;
    must(pab_qtable_train(w.scn, PAB_EXPERT_LAE, &o, &w.q));
    w.moe = pab__moe_new(&w.base.host);
    assert_non_null(w.moe);
    w.moe->body.components = PAB_MOE_COMPONENTS;
    w.moe->body.loss = -1;
    pab__mixture_net_init(&w.moe->body.net, 1);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    pab_moe_free(w.moe);
    pab_prefs_free(w.prefs);
    pab_sip_free(w.sip);
    pab_qtable_free(w.q);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_without_numbers_are_refused),
        cmocka_unit_test(ensembles_without_numbers_are_refused),
        cmocka_unit_test(mixtures_without_numbers_are_refused),
        cmocka_unit_test(preferences_that_lead_astray_are_refused),
        cmocka_unit_test(forged_checkpoints_are_refused),
        cmocka_unit_test(a_file_asks_for_memory_in_proportion_to_its_size),
        cmocka_unit_test(a_list_of_millions_is_refused_early),
    };
    return cmocka_run_group_tests_name("pipeline/forged", tests, open_world, close_world);
}
