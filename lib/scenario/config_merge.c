/* Merges one tree of settings into another. Each merge builds a new tree, so that an error changes nothing. */
#include "scenario/config.h"

#include <string.h>

static pab_status no_memory(void)
{
    return pab__fail(PAB_E_MEMORY, "no memory for the configuration");
}

static const pab__section *sub_named(const pab__section *section, const char *key)
{
    if (!section)
        return NULL;
    if (section->kind == PAB__SECTION_NAMED)
        return section->subs;
    for (uint32_t i = 0; section->kind == PAB__SECTION_MAP && i < section->sub_count; i++) {
        if (strcmp(section->subs[i].name, key) == 0)
            return &section->subs[i];
    }
    return NULL;
}

/* Takes `node` out of the map as `order` asks; NULL: it is not there. */
static pab_status drop(pab__node *map, uint32_t *before, const pab__node *node, const pab__node *order,
                       const char *what)
{
    if (!node)
        return pab__node_fail_key(order, PAB_E_KEY, "%s '%.80s' cannot be dropped, there is none of that name", what,
                                  order->key);
    pab__node *elder = NULL;
    for (pab__node *at = map->first; at != node; at = at->next)
        elder = at;
    if (elder)
        elder->next = node->next;
    else
        map->first = node->next;
    if (map->last == node)
        map->last = elder;
    map->count--;
    (*before)--;
    return PAB_OK;
}

/* Puts a copy of `fresh` where `old` stands. */
static pab_status replace(pab__tree *tree, pab__node *old, const pab__node *fresh)
{
    pab__node holder = {.kind = PAB__NODE_MAP};
    pab__node *copy = pab__node_copy(tree, &holder, fresh);
    if (!copy)
        return no_memory();
    pab__node *next = old->next;
    *old = *copy;
    old->next = next;
    return PAB_OK;
}

/* One of the first `count` children. */
static pab__node *find_among(const pab__node *map, uint32_t count, const char *key)
{
    pab__node *child = map->first;
    for (; count > 0; count--, child = child->next) {
        if (strcmp(child->key, key) == 0)
            return child;
    }
    return NULL;
}

static pab_status merge(pab__tree *tree, pab__node *into, const pab__node *from, const pab__section *section)
{
    int32_t named = section && section->kind == PAB__SECTION_NAMED;
    pab_status status = PAB_OK;
    /* Keys of `from` are unique, so only those there before need searching: a hostile million stays cheap. */
    uint32_t before = into->count;
    for (const pab__node *child = from->first; child && status == PAB_OK; child = child->next) {
        pab__node *old = find_among(into, before, child->key);
        if (named && pab__node_is_null(child))
            status = drop(into, &before, old, child, section->subs->typed ? "group" : "symbol");
        else if (old && old->kind == PAB__NODE_MAP && child->kind == PAB__NODE_MAP)
            status = merge(tree, old, child, sub_named(section, child->key));
        else if (old)
            status = replace(tree, old, child);
        else if (!pab__node_copy(tree, into, child))
            status = no_memory();
    }
    return status;
}

/* `quirks: abides` is expanded to every switch, so that single ones can be overridden. */
static pab_status expand_quirks(pab__tree *tree, pab__node *root)
{
    pab__node *quirks = pab__node_find(root, "quirks");
    if (!quirks || quirks->kind == PAB__NODE_MAP)
        return PAB_OK;
    int32_t scalar = quirks->kind == PAB__NODE_SCALAR;
    int32_t all = scalar && strcmp(quirks->text, "abides") == 0;
    if (!all && !(scalar && strcmp(quirks->text, "none") == 0))
        return pab__node_fail(quirks, PAB_E_TYPE,
                              "quirks: '%.80s' is not usable, expected abides, none or a map of switches",
                              scalar ? quirks->text : "a list");
    quirks->kind = PAB__NODE_MAP;
    quirks->quoted = 0;
    for (uint32_t i = 0; i < PAB__QUIRK_COUNT; i++) {
        pab__node *one =
            pab__node_add(tree, quirks, PAB__NODE_SCALAR, pab__quirk_rows[i].key, all ? "true" : "false");
        if (!one)
            return no_memory();
        one->origin = quirks->origin;
        one->line = quirks->line;
        one->column = quirks->column;
    }
    return PAB_OK;
}

static pab_status build(const pab_config *cfg, pab__tree *tree, const pab__node *base, const pab__node *overlay)
{
    pab__node *root = base ? pab__node_copy(tree, NULL, base) : pab__node_add(tree, NULL, PAB__NODE_MAP, NULL, NULL);
    if (!root)
        return no_memory();
    if (!overlay)
        return PAB_OK;
    pab__node holder = {.kind = PAB__NODE_LIST};
    pab__node *own = pab__node_copy(tree, &holder, overlay);
    if (!own)
        return no_memory();
    pab_status status = expand_quirks(tree, own);
    return status == PAB_OK ? merge(tree, root, own, &cfg->schema.top) : status;
}

pab_status pab__config_merge(pab_config *cfg, const pab__node *base, const pab__node *overlay)
{
    pab__tree tree;
    pab__tree_init(&tree, &cfg->host);
    pab_status status = build(cfg, &tree, base, overlay);
    if (status == PAB_OK)
        status = pab__schema_check(cfg, tree.root);
    if (status != PAB_OK) {
        pab__tree_free(&tree);
        return status;
    }
    pab__tree_free(&cfg->tree);
    cfg->tree = tree;
    return PAB_OK;
}

pab_status pab__config_copy(const pab_config *cfg, pab_config *copy)
{
    *copy = *cfg;
    pab__tree_init(&copy->tree, &cfg->host);
    return pab__config_merge(copy, cfg->tree.root, NULL);
}
