#include "scenario/config.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

#define TEXT_LIMIT ((size_t)16 << 20)

static pab_status null_argument(const char *name)
{
    return pab__fail(PAB_E_ARGUMENT, "%s is NULL", name);
}

pab_status pab__config_new(const pab_host *host, const pab__extension *const *list, pab_config **out)
{
    if (!out)
        return null_argument("out");
    pab_host full;
    pab_status status = pab__host_take(host, &full);
    if (status != PAB_OK)
        return status;
    pab_config *cfg = pab__alloc(&full, sizeof *cfg);
    if (!cfg)
        return pab__fail(PAB_E_MEMORY, "no memory for a configuration");
    cfg->host = full;
    cfg->extensions = list;
    pab__schema_compose(list, &cfg->schema);
    cfg->preset = "";
    pab__tree_init(&cfg->tree, &cfg->host);
    status = pab__config_merge(cfg, NULL, NULL);
    if (status != PAB_OK) {
        pab__release(&full, cfg, sizeof *cfg);
        return status;
    }
    *out = cfg;
    return PAB_OK;
}

void pab_config_free(pab_config *cfg)
{
    if (!cfg)
        return;
    pab_host host = cfg->host;
    pab__tree_free(&cfg->tree);
    pab__release(&host, cfg->types, cfg->type_count * sizeof *cfg->types);
    pab__release(&host, cfg, sizeof *cfg);
}

static pab_status no_preset(const pab_config *cfg, const pab__node *node, const char *name)
{
    char names[256] = "";
    const pab__preset *preset;
    for (uint32_t i = 0; (preset = pab__preset_at(cfg->extensions, i)); i++) {
        size_t len = strlen(names);
        snprintf(names + len, sizeof names - len, "%s%s", i ? ", " : "", preset->name);
    }
    return pab__node_fail(node, PAB_E_KEY, "there is no preset '%.80s', expected one of %s", name, names);
}

/* Starts over from a preset, then lays `overlay` (may be NULL) on top. */
static pab_status start_over(pab_config *cfg, const pab__preset *preset, const pab__node *overlay)
{
    pab__tree base;
    char name[64];
    snprintf(name, sizeof name, "preset %s", preset->name);
    pab__tree_init(&base, &cfg->host);
    /* Merging the preset into a scratch configuration normalises it as any other text. */
    pab_config scratch = *cfg;
    pab__tree_init(&scratch.tree, &cfg->host);
    pab_status status = pab__yaml_parse(&cfg->host, preset->text, strlen(preset->text), name, &base);
    if (status == PAB_OK)
        status = pab__config_merge(&scratch, NULL, base.root);
    if (status == PAB_OK)
        status = pab__config_merge(cfg, scratch.tree.root, overlay);
    if (status == PAB_OK)
        cfg->preset = preset->name;
    pab__tree_free(&base);
    pab__tree_free(&scratch.tree);
    return status;
}

pab_status pab_config_preset(pab_config *cfg, const char *name)
{
    if (!cfg || !name)
        return null_argument(cfg ? "name" : "cfg");
    const pab__preset *preset = pab__preset_named(cfg->extensions, name);
    return preset ? start_over(cfg, preset, NULL) : no_preset(cfg, NULL, name);
}

/* Takes the entry `preset` out of a parsed file; *out is NULL without one. */
static pab_status take_preset(const pab_config *cfg, pab__node *root, const pab__preset **out)
{
    pab__node **link = &root->first, *before = NULL;
    *out = NULL;
    while (*link && strcmp((*link)->key, "preset") != 0) {
        before = *link;
        link = &before->next;
    }
    pab__node *node = *link;
    if (!node)
        return PAB_OK;
    if (node->kind != PAB__NODE_SCALAR || pab__node_is_null(node))
        return pab__node_fail(node, PAB_E_TYPE, "preset: expected the name of a preset");
    if (!(*out = pab__preset_named(cfg->extensions, node->text)))
        return no_preset(cfg, node, node->text);
    *link = node->next;
    if (root->last == node)
        root->last = before;
    root->count--;
    return PAB_OK;
}

pab_status pab_config_parse(pab_config *cfg, const char *text, size_t len, const char *name)
{
    if (!cfg || (!text && len > 0) || !name)
        return null_argument(!cfg ? "cfg" : !name ? "name" : "text");
    pab__tree tree;
    pab_status status = pab__yaml_parse(&cfg->host, text ? text : "", len, name, &tree);
    if (status != PAB_OK)
        return status;
    const pab__preset *preset = NULL;
    pab__node *root = tree.root;
    if (root && root->kind != PAB__NODE_MAP)
        status = pab__node_fail(root, PAB_E_TYPE, "expected keys and values, as in 'seed: 7'");
    else if (root)
        status = take_preset(cfg, root, &preset);
    if (status == PAB_OK && preset)
        status = start_over(cfg, preset, root);
    else if (status == PAB_OK)
        status = pab__config_merge(cfg, cfg->tree.root, root);
    pab__tree_free(&tree);
    return status;
}

pab_status pab_config_load(pab_config *cfg, const char *path)
{
    if (!cfg || !path)
        return null_argument(cfg ? "path" : "cfg");
    void *data = NULL;
    size_t len = 0;
    pab_status status = pab__file_read(&cfg->host, path, TEXT_LIMIT, &data, &len);
    if (status != PAB_OK)
        return status;
    status = pab_config_parse(cfg, data, len, path);
    pab__release(&cfg->host, data, len + 1);
    return status;
}

/* The nested maps that lead to a key, around a node: {agents: {noise: {count: 5}}}. */
static pab_status nest(pab__tree *tree, const char *key, const pab__node *leaf)
{
    pab__node *map = pab__node_add(tree, NULL, PAB__NODE_MAP, NULL, NULL);
    const char *dot;
    char part[PAB__KEY_MAX + 1];
    for (; map && (dot = strchr(key, '.')); key = dot + 1) {
        snprintf(part, sizeof part, "%.*s", (int)(dot - key), key);
        map = pab__node_add(tree, map, PAB__NODE_MAP, part, NULL);
    }
    pab__node *copy = map ? pab__node_copy(tree, map, leaf) : NULL;
    if (!copy || !(copy->key = pab__arena_text(&tree->arena, key, strlen(key))))
        return pab__fail(PAB_E_MEMORY, "no memory to set '%s'", key);
    return PAB_OK;
}

static pab_status set_node(pab_config *cfg, const char *key, const pab__node *leaf)
{
    pab__tree overlay;
    pab__tree_init(&overlay, &cfg->host);
    pab_status status = nest(&overlay, key, leaf);
    if (status == PAB_OK)
        status = pab__config_merge(cfg, cfg->tree.root, overlay.root);
    pab__tree_free(&overlay);
    return status;
}

pab_status pab_config_set(pab_config *cfg, const char *key, const char *value)
{
    if (!cfg || !key || !value)
        return null_argument(!cfg ? "cfg" : !key ? "key" : "value");
    if (strcmp(key, "preset") == 0)
        return pab_config_preset(cfg, value);
    pab__schema_place place;
    pab_status status = pab__schema_find(cfg, cfg->tree.root, key, 1, &place);
    if (status != PAB_OK)
        return status;
    if (place.row) {
        pab__node leaf = {.text = value, .quoted = place.row->type == PAB_PARAM_TEXT};
        return set_node(cfg, key, &leaf);
    }
    pab__tree tree;
    status = pab__yaml_parse(&cfg->host, value, strlen(value), key, &tree);
    if (status != PAB_OK)
        return status;
    status = tree.root ? set_node(cfg, key, tree.root) : pab__fail(PAB_E_TYPE, "%s: expected YAML, found nothing", key);
    pab__tree_free(&tree);
    return status;
}

static pab_status copy_out(const char *text, size_t len, char *buf, size_t cap, size_t *needed)
{
    if (needed)
        *needed = len;
    if (cap == 0)
        return PAB_OK;
    if (cap <= len)
        return pab__fail(PAB_E_CAPACITY, "the value takes %zu bytes, the buffer has %zu", len + 1, cap);
    memcpy(buf, text, len);
    buf[len] = '\0';
    return PAB_OK;
}

static pab_status get_node(const pab__node *node, char *buf, size_t cap, size_t *needed)
{
    pab__text count = pab__text_in(NULL, 0), out = pab__text_in(buf, cap);
    pab__config_write_flow(node, &count);
    if (needed)
        *needed = count.len;
    if (cap == 0)
        return PAB_OK;
    if (cap <= count.len)
        return pab__fail(PAB_E_CAPACITY, "the value takes %zu bytes, the buffer has %zu", count.len + 1, cap);
    pab__config_write_flow(node, &out);
    return PAB_OK;
}

pab_status pab_config_get(const pab_config *cfg, const char *key, char *buf, size_t cap, size_t *needed)
{
    if (!cfg || !key || (!buf && cap > 0))
        return null_argument(!cfg ? "cfg" : !key ? "key" : "buf");
    if (strcmp(key, "preset") == 0)
        return copy_out(cfg->preset, strlen(cfg->preset), buf, cap, needed);
    pab__schema_place place;
    pab_status status = pab__schema_find(cfg, cfg->tree.root, key, 0, &place);
    if (status != PAB_OK)
        return status;
    if (place.node)
        return get_node(place.node, buf, cap, needed);
    const char *text = place.row ? place.row->default_value : place.section->default_value;
    if (place.row && !text)
        return pab__fail(PAB_E_KEY, "%s is not set and has no default", key);
    if (!text)
        text = "{}";
    return copy_out(text, strlen(text), buf, cap, needed);
}
