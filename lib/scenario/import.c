/* Recorded ABIDES runs: scenario.json, every parameter of it, as settings. Nothing is assumed: a missing key is an
 * error, and what has no place in the schema is refused by it, at its line. */
#include "scenario/config.h"

#include "base/file.h"
#include "scenario/import_keys.h"
#include "scenario/notation.h"

#include <stdio.h>
#include <string.h>

#define JSON_LIMIT ((size_t)16 << 20)

enum { PARTS_MAX = 1024 }; /* symbols or groups; recorded runs have a handful */

/* The import under way: settings grow in `tree`, beside the recorded file. */
typedef struct import {
    pab_config *cfg;
    const pab__node *from;
    pab__tree tree;
    int64_t agents;  /* counted so far, exchange included */
    int64_t window;  /* longest look-back of a volume query */
    int64_t date;
} import;

static pab_status no_memory(void)
{
    return pab__fail(PAB_E_MEMORY, "no memory for the import");
}

/* Adds a setting that stands where `source` stands. */
static pab_status put(import *im, pab__node *map, const char *key, const char *text, const pab__node *source)
{
    pab__node *node = pab__node_add(&im->tree, map, PAB__NODE_SCALAR, key, text);
    if (!node)
        return no_memory();
    if (source) {
        node->origin = source->origin;
        node->quoted = source->quoted;
        node->line = source->line;
        node->column = source->column;
    }
    return PAB_OK;
}

static pab_status put_map(import *im, pab__node *map, const char *key, pab__node **out)
{
    *out = pab__node_add(&im->tree, map, PAB__NODE_MAP, key, NULL);
    return *out ? PAB_OK : no_memory();
}

static pab_status read_int(const pab__node *node, const char *what, int64_t low, int64_t high, int64_t *out)
{
    static const pab__times none = {0};
    const pab_param row = {"", PAB_PARAM_INT, 0, "", NULL, (double)low, (double)high, NULL, ""};
    return pab__schema_read_value(&row, node, what, &none, out);
}

static const char *scalar_text(const pab__node *node)
{
    return node && node->kind == PAB__NODE_SCALAR && !pab__node_is_null(node) ? node->text : NULL;
}

/* Whole numbers may be recorded as reals: 100000.0 is 100000. */
static pab_status put_number(import *im, pab__node *map, const char *key, const pab__node *value)
{
    const char *text = value->text;
    size_t whole = strspn(text, "-0123456789");
    if (value->quoted || text[whole] != '.' || text[whole + 1 + strspn(text + whole + 1, "0")] != '\0' || whole == 0)
        return put(im, map, key, text, value);
    char buf[64];
    snprintf(buf, sizeof buf, "%.*s", (int)whole, text);
    return put(im, map, key, whole < sizeof buf ? buf : text, value);
}

/* Whole ns in the notation a reader expects; anything else as it is, for the schema to refuse. */
static pab_status put_ns(import *im, pab__node *map, const pab__import_mapping *m, const pab__node *value)
{
    int64_t ns;
    char text[PAB__NOTATION_SIZE];
    if (value->quoted || pab__notation_int(value->text, &ns) != PAB__NOTATION_OK)
        return put_number(im, map, m->to, value);
    if (m->how == PAB__IMPORT_DURATION)
        pab__notation_duration_text(ns, text);
    else if (m->how == PAB__IMPORT_TIME)
        pab__notation_time_text(ns, im->date, text);
    else
        pab__notation_date_text(im->date = ns, text);
    return put(im, map, m->to, text, value);
}

static pab_status put_mapped(import *im, pab__node *map, const pab__import_mapping *m, const pab__node *value)
{
    if (m->how == PAB__IMPORT_PART || m->how == PAB__IMPORT_IGNORE)
        return PAB_OK;
    if (value->kind != PAB__NODE_SCALAR)
        return pab__node_fail(value, PAB_E_TYPE, "%s: expected a single value", m->from);
    if (m->how == PAB__IMPORT_NULL_IS_0 && pab__node_is_null(value))
        return put(im, map, m->to, "0", NULL);
    if (m->how == PAB__IMPORT_ADAPTIVE && value->quoted && strcmp(value->text, "adaptive") == 0)
        return put(im, map, m->to, "0", NULL);
    if (m->how == PAB__IMPORT_DATE || m->how == PAB__IMPORT_TIME || m->how == PAB__IMPORT_DURATION)
        return put_ns(im, map, m, value);
    return put_number(im, map, m->to, value);
}

static const pab__import_mapping *find_mapping(const pab__import_mapping *keys, const char *from)
{
    while (keys->from && strcmp(keys->from, from) != 0)
        keys++;
    return keys->from ? keys : NULL;
}

/* All keys of one recorded object: every one known, every one needed there. */
static pab_status take_object(import *im, const pab__node *from, const char *what, const pab__import_mapping *keys,
                              pab__node *into)
{
    if (!from || from->kind != PAB__NODE_MAP)
        return pab__node_fail(from ? from : im->from, PAB_E_TYPE, "%s: expected an object", what);
    pab_status status = PAB_OK;
    for (const pab__node *child = from->first; child && status == PAB_OK; child = child->next) {
        const pab__import_mapping *m = find_mapping(keys, child->key);
        if (!m)
            return pab__node_fail_key(child, PAB_E_KEY, "%s has no key '%.80s' in a recorded scenario", what,
                                      child->key);
        status = put_mapped(im, into, m, child);
    }
    for (const pab__import_mapping *m = keys; m->from && status == PAB_OK; m++) {
        if (!m->optional && !pab__node_find(from, m->from))
            status = pab__node_fail(from, PAB_E_KEY, "%s lacks the key '%s'", what, m->from);
    }
    return status;
}

static pab_status take_exchange(import *im)
{
    const pab__node *from = pab__node_find(im->from, "exchange");
    pab__node *map;
    int64_t id;
    pab_status status = put_map(im, im->tree.root, "exchange", &map);
    if (status == PAB_OK)
        status = take_object(im, from, "exchange", pab__import_exchange, map);
    if (status == PAB_OK)
        status = read_int(pab__node_find(from, "id"), "exchange.id", 0, 0, &id);
    im->agents = 1;
    return status;
}

static pab_status take_symbols(import *im)
{
    const pab__node *names = pab__node_find(im->from, "symbols");
    const pab__node *oracles = pab__node_find(im->from, "oracle");
    pab__node *all, *symbol, *oracle;
    pab_status status = put_map(im, im->tree.root, "symbols", &all);
    if (status == PAB_OK && (names->kind != PAB__NODE_LIST || oracles->kind != PAB__NODE_MAP))
        status = pab__node_fail(names, PAB_E_TYPE, "symbols: expected a list, and oracle an object");
    if (status == PAB_OK && names->count != oracles->count)
        status = pab__node_fail(oracles, PAB_E_KEY, "oracle: %u symbols, the list has %u", oracles->count,
                                names->count);
    if (status == PAB_OK && names->count > PARTS_MAX)
        status = pab__node_fail(names, PAB_E_CAPACITY, "symbols: %u, at most %d are read", names->count, PARTS_MAX);
    for (const pab__node *name = names->first; name && status == PAB_OK; name = name->next) {
        const char *text = scalar_text(name);
        const pab__node *from = text ? pab__node_find(oracles, text) : NULL;
        if (!from || pab__node_find(all, text))
            return pab__node_fail(name, PAB_E_KEY, "symbols: '%.80s' is listed twice or has no oracle",
                                  text ? text : "");
        status = put_map(im, all, text, &symbol);
        if (status == PAB_OK)
            status = put_map(im, symbol, "oracle", &oracle);
        if (status == PAB_OK)
            status = put(im, oracle, "kind", "sparse", NULL);
        if (status == PAB_OK)
            status = take_object(im, from, text, pab__import_oracle, oracle);
    }
    return status;
}

/* "randint_20_50_at_construction": one draw per agent, and its bounds. */
static pab_status take_drawn_size(import *im, const pab__node *size, pab__node *group)
{
    char low[20], high[20];
    int end = 0;
    pab_status status = put(im, group, "order_size", "per_agent", NULL);
    if (status != PAB_OK || strcmp(size->text, "randint_min_max_at_construction") == 0)
        return status;
    if (sscanf(size->text, "randint_%18[0-9]_%18[0-9]_at_construction%n", low, high, &end) != 2 || end == 0 ||
        size->text[end])
        return pab__node_fail(size, PAB_E_TYPE,
                              "order_size: '%.80s' is not usable, expected mixture, randint_LOW_HIGH_at_construction, "
                              "randint_min_max_at_construction or a whole number", size->text);
    if (pab__node_find(group, "min_size"))
        return pab__node_fail(size, PAB_E_KEY, "order_size: its bounds are given twice, here and as min_size");
    status = put(im, group, "min_size", low, NULL);
    return status == PAB_OK ? put(im, group, "max_size", high, NULL) : status;
}

static pab_status take_order_size(import *im, const pab__node *from, pab__node *group)
{
    const pab__node *size = pab__node_find(from, "order_size");
    if (!size)
        return PAB_OK;
    if (!scalar_text(size))
        return pab__node_fail(size, PAB_E_TYPE, "order_size: expected text or a whole number");
    if (size->quoted && strcmp(size->text, "mixture") == 0)
        return put(im, group, "order_size", "mixture", NULL);
    if (size->quoted)
        return take_drawn_size(im, size, group);
    pab_status status = put(im, group, "order_size", "fixed", NULL);
    return status == PAB_OK ? put_number(im, group, "fixed_size", size) : status;
}

/* noise; with several groups of the kind noise_AAA; should that be taken, noise_AAA_2. */
static void name_group(const import *im, const pab__node *from, const pab__import_kind *kind, const pab__node *groups,
                             char out[PAB__KEY_MAX + 1])
{
    int32_t same = 0;
    const char *symbol = scalar_text(pab__node_find(from, "symbol"));
    for (const pab__node *g = pab__node_find(im->from, "groups")->first; g; g = g->next) {
        const char *other = scalar_text(pab__node_find(g, "kind"));
        same += other && strcmp(other, kind->from) == 0;
    }
    int32_t suffix = same > 1 && symbol;
    snprintf(out, PAB__KEY_MAX + 1, "%s%s%.80s", kind->type, suffix ? "_" : "", suffix ? symbol : "");
    size_t len = strlen(out);
    for (unsigned n = 2; pab__node_find(groups, out); n++)
        snprintf(out + len, PAB__KEY_MAX + 1 - len, "_%u", n);
}

static pab_status take_text_key(import *im, const pab__node *from, const char *key, const char *as, int32_t null_ok,
                                pab__node *group)
{
    const pab__node *node = pab__node_find(from, key);
    if (null_ok && pab__node_is_null(node))
        return PAB_OK;
    if (!scalar_text(node) || !node->quoted)
        return pab__node_fail(node, PAB_E_TYPE, "%s: expected text", key);
    return put(im, group, as, node->text, node);
}

/* Groups come in order of their ids, without gaps. */
static pab_status take_count(import *im, const pab__node *from)
{
    int64_t first, count;
    pab_status status = read_int(pab__node_find(from, "first_id"), "first_id", 0, INT32_MAX, &first);
    if (status == PAB_OK)
        status = read_int(pab__node_find(from, "count"), "count", 0, 1000000, &count);
    if (status == PAB_OK && first != im->agents)
        status = pab__node_fail(pab__node_find(from, "first_id"), PAB_E_RANGE,
                                "first_id: %lld, but the agents before it end at %lld", (long long)first,
                                (long long)im->agents - 1);
    if (status == PAB_OK)
        im->agents += count;
    return status;
}

/* A maker asks for the volume since its last waking; that much must be remembered. */
static pab_status note_window(import *im, const pab__node *from)
{
    static const char *const keys[] = {"wake_up_freq_ns", "subscribe_freq_ns"};
    pab_status status = PAB_OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == PAB_OK; i++) {
        const pab__node *node = pab__node_find(from, keys[i]);
        int64_t value = 0;
        if (node)
            status = read_int(node, keys[i], 0, INT64_MAX, &value);
        if (value > im->window)
            im->window = value;
    }
    return status;
}

static pab_status take_group(import *im, const pab__node *from, pab__node *groups)
{
    const char *name = scalar_text(pab__node_find(from, "kind"));
    const pab__import_kind *kind = NULL;
    for (const pab__import_kind *k = pab__import_kinds; name && k->from; k++) {
        if (strcmp(k->from, name) == 0)
            kind = k;
    }
    if (!kind)
        return pab__node_fail(from, PAB_E_KEY, "groups: the kind of agent '%.80s' is unknown", name ? name : "");
    char key[PAB__KEY_MAX + 1];
    pab__node *group;
    name_group(im, from, kind, groups, key);
    pab_status status = put_map(im, groups, key, &group);
    if (status == PAB_OK)
        status = put(im, group, "type", kind->type, NULL);
    if (status == PAB_OK)
        status = take_object(im, from, key, kind->keys, group);
    if (status == PAB_OK)
        status = take_text_key(im, from, "symbol", "symbol", 1, group);
    if (status == PAB_OK)
        status = take_text_key(im, from, "type", "label", 0, group);
    if (status == PAB_OK)
        status = take_order_size(im, from, group);
    if (status == PAB_OK)
        status = take_count(im, from);
    return status == PAB_OK && kind->looks_back ? note_window(im, from) : status;
}

static pab_status take_groups(import *im)
{
    const pab__node *from = pab__node_find(im->from, "groups");
    pab__node *groups;
    pab_status status = put_map(im, im->tree.root, "agents", &groups);
    if (status == PAB_OK && from->kind != PAB__NODE_LIST)
        status = pab__node_fail(from, PAB_E_TYPE, "groups: expected a list");
    if (status == PAB_OK && from->count > PARTS_MAX)
        status = pab__node_fail(from, PAB_E_CAPACITY, "groups: %u, at most %d are read", from->count, PARTS_MAX);
    for (const pab__node *item = from->first; item && status == PAB_OK; item = item->next)
        status = take_group(im, item, groups);
    int64_t told = 0;
    const pab__node *count = pab__node_find(im->from, "agent_count");
    if (status == PAB_OK)
        status = read_int(count, "agent_count", 0, INT32_MAX, &told);
    if (status == PAB_OK && told != im->agents)
        status = pab__node_fail(count, PAB_E_RANGE, "agent_count: %lld, but exchange and groups have %lld agents",
                                (long long)told, (long long)im->agents);
    return status;
}

static pab_status take_latency(import *im)
{
    const pab__node *from = pab__node_find(im->from, "latency");
    pab__node *map;
    pab_status status = put_map(im, im->tree.root, "latency", &map);
    if (status == PAB_OK)
        status = take_object(im, from, "latency", pab__import_latency, map);
    if (status != PAB_OK)
        return status;
    const pab__node *model = pab__node_find(from, "model");
    const char *name = scalar_text(model);
    return put(im, map, "model", name && strcmp(name, "no_latency") == 0 ? "none" : name ? name : "", model);
}

static pab_status take_mixture(import *im)
{
    const pab__node *from = pab__node_find(im->from, "order_size_mixture");
    pab__node *copy = pab__node_copy(&im->tree, im->tree.root, from);
    if (!copy || !(copy->key = pab__arena_text(&im->tree.arena, "order_size_mixture", 18)))
        return no_memory();
    for (const char *const *key = (const char *const[]){"components", "weights", NULL}; *key; key++) {
        if (!pab__node_find(from, *key))
            return pab__node_fail(from, PAB_E_KEY, "order_size_mixture lacks the key '%s'", *key);
    }
    return PAB_OK;
}

static pab_status take_top(import *im)
{
    pab__node *root = pab__node_add(&im->tree, NULL, PAB__NODE_MAP, NULL, NULL);
    pab__node *clock;
    if (!root)
        return no_memory();
    pab_status status = put(im, root, "rng", "abides", NULL);
    if (status == PAB_OK)
        status = put(im, root, "quirks", "abides", NULL);
    if (status == PAB_OK)
        status = put_map(im, root, "clock", &clock);
    if (status == PAB_OK)
        status = take_object(im, im->from, "the file", pab__import_top, clock);
    if (status == PAB_OK)
        status = take_text_key(im, im->from, "name", "name", 0, root);
    if (status == PAB_OK && !scalar_text(pab__node_find(im->from, "seed")))
        status = pab__node_fail(pab__node_find(im->from, "seed"), PAB_E_TYPE, "seed: expected a whole number");
    return status == PAB_OK ? put_number(im, root, "seed", pab__node_find(im->from, "seed")) : status;
}

/* The default window is long enough for all but unusual makers. */
static pab_status widen_window(import *im)
{
    char text[PAB__NOTATION_SIZE];
    if (im->window <= INT64_C(3600000000000))
        return PAB_OK;
    pab__notation_duration_text(im->window, text);
    return put(im, pab__node_find(im->tree.root, "exchange"), "volume_window", text, NULL);
}

static pab_status convert(import *im)
{
    pab_status (*const parts[])(import *) = {take_top,    take_exchange, take_symbols, take_groups,
                                             take_latency, take_mixture, widen_window};
    if (!im->from || im->from->kind != PAB__NODE_MAP)
        return pab__node_fail(im->from, PAB_E_TYPE, "expected the object of a recorded scenario.json");
    pab_status status = PAB_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == PAB_OK; i++)
        status = parts[i](im);
    return status;
}

pab_status pab_config_import_abides(pab_config *cfg, const char *path)
{
    if (!cfg || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "path" : "cfg");
    void *data = NULL;
    size_t len = 0;
    pab_status status = pab__file_read(&cfg->host, path, JSON_LIMIT, &data, &len);
    if (status != PAB_OK)
        return status;
    pab__tree json;
    status = pab__yaml_parse(&cfg->host, data, len, path, &json);
    pab__release(&cfg->host, data, len + 1);
    if (status != PAB_OK)
        return status;
    import im = {.cfg = cfg, .from = json.root};
    pab__tree_init(&im.tree, &cfg->host);
    status = convert(&im);
    if (status == PAB_OK)
        status = pab__config_merge(cfg, NULL, im.tree.root);
    if (status == PAB_OK)
        cfg->preset = "";
    pab__tree_free(&im.tree);
    pab__tree_free(&json);
    return status;
}
