/* Settings as YAML text: block style for sections, flow style for short things inside. */
#include "scenario/config.h"

#include <string.h>

static int is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 1 if the text reads back the same without quotes, in flow style too. */
static int is_plain(const char *text)
{
    size_t len = strlen(text);
    pab__node probe = {.text = text};
    if (len == 0 || len > 120 || pab__node_is_null(&probe))
        return 0;
    if (!is_alnum(text[0]) && !((text[0] == '-' || text[0] == '.') && is_alnum(text[1])))
        return 0;
    for (size_t i = 1; i < len; i++) {
        int inside = i + 1 < len && text[i + 1] != ' ';
        if (!is_alnum(text[i]) && !strchr("_.+-/", text[i]) && !((text[i] == ' ' || text[i] == ':') && inside))
            return 0;
    }
    return 1;
}

static void put_scalar(pab__text *out, const char *text)
{
    if (is_plain(text)) {
        pab__text_put(out, text);
        return;
    }
    pab__text_put(out, "\"");
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            pab__text_put(out, "\\");
        pab__text_put_char(out, *at);
    }
    pab__text_put(out, "\"");
}

static void put_flow(pab__text *out, const pab__node *node)
{
    if (node->kind == PAB__NODE_SCALAR) {
        put_scalar(out, node->text);
        return;
    }
    int32_t map = node->kind == PAB__NODE_MAP;
    pab__text_put(out, map ? "{" : "[");
    for (const pab__node *child = node->first; child; child = child->next) {
        if (map) {
            put_scalar(out, child->key);
            pab__text_put(out, ": ");
        }
        put_flow(out, child);
        pab__text_put(out, child->next ? ", " : "");
    }
    pab__text_put(out, map ? "}" : "]");
}

static void put_indent(pab__text *out, int depth)
{
    for (int i = 0; i < depth; i++)
        pab__text_put(out, "  ");
}

static void put_block(pab__text *out, const pab__node *map, int depth);

static void put_items(pab__text *out, const pab__node *list, int depth)
{
    if (!list->first || list->first->kind == PAB__NODE_SCALAR) {
        pab__text_put(out, " ");
        put_flow(out, list);
        pab__text_put(out, "\n");
        return;
    }
    pab__text_put(out, "\n");
    for (const pab__node *item = list->first; item; item = item->next) {
        put_indent(out, depth);
        pab__text_put(out, "- ");
        put_flow(out, item);
        pab__text_put(out, "\n");
    }
}

/* "abides" or "none" for a full set of equal switches, else NULL. */
static const char *uniform_quirks(const pab__node *map)
{
    if (strcmp(map->key, "quirks") != 0 || map->count != PAB__QUIRK_COUNT)
        return NULL;
    for (const pab__node *child = map->first; child; child = child->next) {
        if (strcmp(child->text, map->first->text) != 0)
            return NULL;
    }
    return strcmp(map->first->text, "true") == 0 ? "abides" : "none";
}

static void put_entry(pab__text *out, const pab__node *node, int depth)
{
    const char *quirks = depth == 0 && node->kind == PAB__NODE_MAP ? uniform_quirks(node) : NULL;
    put_indent(out, depth);
    put_scalar(out, node->key);
    pab__text_put(out, ":");
    if (node->kind == PAB__NODE_LIST) {
        put_items(out, node, depth + 1);
    } else if (node->kind == PAB__NODE_MAP && node->first && !quirks) {
        pab__text_put(out, "\n");
        put_block(out, node, depth + 1);
    } else {
        pab__text_put(out, " ");
        if (quirks)
            pab__text_put(out, quirks);
        else
            put_flow(out, node);
        pab__text_put(out, "\n");
    }
}

static void put_block(pab__text *out, const pab__node *map, int depth)
{
    for (const pab__node *child = map->first; child; child = child->next)
        put_entry(out, child, depth);
}

void pab__config_write(const pab__node *root, pab__text *out)
{
    if (root->first)
        put_block(out, root, 0);
    else
        pab__text_put(out, "{}\n");
}

void pab__config_write_flow(const pab__node *node, pab__text *out)
{
    const char *quirks = node->kind == PAB__NODE_MAP && node->key ? uniform_quirks(node) : NULL;
    if (node->kind == PAB__NODE_SCALAR || quirks)
        pab__text_put(out, quirks ? quirks : node->text);
    else
        put_flow(out, node);
}

pab_status pab_config_text(const pab_config *cfg, char *buf, size_t cap, size_t *needed)
{
    if (!cfg || (!buf && cap > 0))
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "buf" : "cfg");
    pab__text count = pab__text_in(NULL, 0), out = pab__text_in(buf, cap);
    pab__config_write(cfg->tree.root, &count);
    if (needed)
        *needed = count.len;
    if (cap == 0)
        return PAB_OK;
    if (cap <= count.len)
        return pab__fail(PAB_E_CAPACITY, "the text takes %zu bytes, the buffer has %zu", count.len + 1, cap);
    pab__config_write(cfg->tree.root, &out);
    return PAB_OK;
}

pab_status pab_config_save(const pab_config *cfg, const char *path)
{
    if (!cfg || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "path" : "cfg");
    pab__text out = pab__text_growing(&cfg->host);
    pab__config_write(cfg->tree.root, &out);
    return pab__text_save(&out, path);
}
