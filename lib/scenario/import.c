/* Recorded ABIDES runs: scenario.json, every parameter of it, as settings. A missing
 * key is an error; an unknown value is refused by the schema, with its line. */
#include "scenario/import.h"

#include <string.h>

#include "base/file.h"
#include "scenario/notation.h"

#define JSON_LIMIT ((size_t)16 << 20)

static pab_status take_exchange(pab__import *im)
{
    const pab__node *from = pab__node_find(im->from, "exchange");
    pab__node *map;
    int64_t id;
    pab_status status = pab__import_put_map(im, im->tree.root, "exchange", &map);
    if (status == PAB_OK)
        status = pab__import_take_object(im, from, "exchange", pab__import_exchange, map);
    if (status == PAB_OK)
        status = pab__import_read_int(pab__node_find(from, "id"), "exchange.id", 0, 0, &id);
    im->agents = 1;
    return status;
}

static pab_status take_symbols(pab__import *im)
{
    const pab__node *names = pab__node_find(im->from, "symbols");
    const pab__node *oracles = pab__node_find(im->from, "oracle");
    pab__node *all, *symbol, *oracle;
    pab_status status = pab__import_put_map(im, im->tree.root, "symbols", &all);
    if (status == PAB_OK && (names->kind != PAB__NODE_LIST || oracles->kind != PAB__NODE_MAP))
        status = pab__node_fail(names, PAB_E_TYPE, "symbols: expected a list, and oracle an object");
    if (status == PAB_OK && names->count != oracles->count)
        status = pab__node_fail(oracles, PAB_E_KEY, "oracle: %u symbols, the list has %u", oracles->count,
                                names->count);
    if (status == PAB_OK && names->count > PAB__IMPORT_PARTS_MAX)
        status = pab__node_fail(names, PAB_E_CAPACITY, "symbols: %u, at most %d are read", names->count,
                                PAB__IMPORT_PARTS_MAX);
    for (const pab__node *name = names->first; name && status == PAB_OK; name = name->next) {
        const char *text = pab__import_text_of(name);
        const pab__node *from = text ? pab__node_find(oracles, text) : NULL;
        if (!from || pab__node_find(all, text))
            return pab__node_fail(name, PAB_E_KEY, "symbols: '%.80s' is listed twice or has no oracle",
                                  text ? text : "");
        status = pab__import_put_map(im, all, text, &symbol);
        if (status == PAB_OK)
            status = pab__import_put_map(im, symbol, "oracle", &oracle);
        if (status == PAB_OK)
            status = pab__import_put(im, oracle, "kind", "sparse", NULL);
        if (status == PAB_OK)
            status = pab__import_take_object(im, from, text, pab__import_oracle, oracle);
    }
    return status;
}

static pab_status take_latency(pab__import *im)
{
    const pab__node *from = pab__node_find(im->from, "latency");
    pab__node *map;
    pab_status status = pab__import_put_map(im, im->tree.root, "latency", &map);
    if (status == PAB_OK)
        status = pab__import_take_object(im, from, "latency", pab__import_latency, map);
    if (status != PAB_OK)
        return status;
    const pab__node *model = pab__node_find(from, "model");
    const char *name = pab__import_text_of(model);
    return pab__import_put(im, map, "model", name && strcmp(name, "no_latency") == 0 ? "none" : name ? name : "",
                           model);
}

static pab_status take_mixture(pab__import *im)
{
    const pab__node *from = pab__node_find(im->from, "order_size_mixture");
    pab__node *copy = pab__node_copy(&im->tree, im->tree.root, from);
    if (!copy || !(copy->key = pab__arena_text(&im->tree.arena, "order_size_mixture", 18)))
        return pab__import_no_memory();
    for (const char *const *key = (const char *const[]){"components", "weights", NULL}; *key; key++) {
        if (!pab__node_find(from, *key))
            return pab__node_fail(from, PAB_E_KEY, "order_size_mixture lacks the key '%s'", *key);
    }
    return PAB_OK;
}

static pab_status take_top(pab__import *im)
{
    pab__node *root = pab__node_add(&im->tree, NULL, PAB__NODE_MAP, NULL, NULL);
    pab__node *clock;
    if (!root)
        return pab__import_no_memory();
    pab_status status = pab__import_put(im, root, "rng", "abides", NULL);
    if (status == PAB_OK)
        status = pab__import_put(im, root, "quirks", "abides", NULL);
    if (status == PAB_OK)
        status = pab__import_put_map(im, root, "clock", &clock);
    if (status == PAB_OK)
        status = pab__import_take_object(im, im->from, "the file", pab__import_top, clock);
    if (status == PAB_OK)
        status = pab__import_take_text(im, im->from, "name", "name", 0, root);
    if (status == PAB_OK && !pab__import_text_of(pab__node_find(im->from, "seed")))
        status = pab__node_fail(pab__node_find(im->from, "seed"), PAB_E_TYPE, "seed: expected a whole number");
    return status == PAB_OK ? pab__import_put_number(im, root, "seed", pab__node_find(im->from, "seed")) : status;
}

/* The default window is long enough for all but unusual makers. */
static pab_status widen_window(pab__import *im)
{
    char text[PAB__NOTATION_SIZE];
    if (im->window <= INT64_C(3600000000000))
        return PAB_OK;
    pab__notation_duration_text(im->window, text);
    return pab__import_put(im, pab__node_find(im->tree.root, "exchange"), "volume_window", text, NULL);
}

static pab_status convert(pab__import *im)
{
    pab_status (*const parts[])(pab__import *) = {take_top,    take_exchange, take_symbols, pab__import_take_groups,
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
    pab__import im = {.cfg = cfg, .from = json.root};
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
