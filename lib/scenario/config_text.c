/* Settings as YAML text: block style for sections, flow style for short things inside. */
#include "scenario/config.h"

#include "base/file.h"

#include <string.h>

/* Counts all that is written and keeps what fits. */
typedef struct sink {
    char *buf;
    size_t cap, len;
} sink;

static void put(sink *out, const char *text, size_t len)
{
    if (out->len < out->cap) {
        size_t room = out->cap - out->len;
        memcpy(out->buf + out->len, text, len < room ? len : room);
    }
    out->len += len;
}

static void put_text(sink *out, const char *text)
{
    put(out, text, strlen(text));
}

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

static void put_scalar(sink *out, const char *text)
{
    if (is_plain(text)) {
        put_text(out, text);
        return;
    }
    put_text(out, "\"");
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            put_text(out, "\\");
        put(out, at, 1);
    }
    put_text(out, "\"");
}

static void put_flow(sink *out, const pab__node *node)
{
    if (node->kind == PAB__NODE_SCALAR) {
        put_scalar(out, node->text);
        return;
    }
    int32_t map = node->kind == PAB__NODE_MAP;
    put_text(out, map ? "{" : "[");
    for (const pab__node *child = node->first; child; child = child->next) {
        if (map) {
            put_scalar(out, child->key);
            put_text(out, ": ");
        }
        put_flow(out, child);
        put_text(out, child->next ? ", " : "");
    }
    put_text(out, map ? "}" : "]");
}

static void put_indent(sink *out, int depth)
{
    for (int i = 0; i < depth; i++)
        put_text(out, "  ");
}

static void put_block(sink *out, const pab__node *map, int depth);

static void put_items(sink *out, const pab__node *list, int depth)
{
    if (!list->first || list->first->kind == PAB__NODE_SCALAR) {
        put_text(out, " ");
        put_flow(out, list);
        put_text(out, "\n");
        return;
    }
    put_text(out, "\n");
    for (const pab__node *item = list->first; item; item = item->next) {
        put_indent(out, depth);
        put_text(out, "- ");
        put_flow(out, item);
        put_text(out, "\n");
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

static void put_entry(sink *out, const pab__node *node, int depth)
{
    const char *quirks = depth == 0 && node->kind == PAB__NODE_MAP ? uniform_quirks(node) : NULL;
    put_indent(out, depth);
    put_scalar(out, node->key);
    put_text(out, ":");
    if (node->kind == PAB__NODE_LIST) {
        put_items(out, node, depth + 1);
    } else if (node->kind == PAB__NODE_MAP && node->first && !quirks) {
        put_text(out, "\n");
        put_block(out, node, depth + 1);
    } else {
        put_text(out, " ");
        if (quirks)
            put_text(out, quirks);
        else
            put_flow(out, node);
        put_text(out, "\n");
    }
}

static void put_block(sink *out, const pab__node *map, int depth)
{
    for (const pab__node *child = map->first; child; child = child->next)
        put_entry(out, child, depth);
}

void pab__config_write(const pab__node *root, char *buf, size_t cap, size_t *len)
{
    sink out = {.buf = buf, .cap = cap};
    if (root->first)
        put_block(&out, root, 0);
    else
        put_text(&out, "{}\n");
    *len = out.len;
}

void pab__config_write_flow(const pab__node *node, char *buf, size_t cap, size_t *len)
{
    sink out = {.buf = buf, .cap = cap};
    const char *quirks = node->kind == PAB__NODE_MAP && node->key ? uniform_quirks(node) : NULL;
    if (node->kind == PAB__NODE_SCALAR || quirks)
        put_text(&out, quirks ? quirks : node->text);
    else
        put_flow(&out, node);
    *len = out.len;
}

pab_status pab_config_text(const pab_config *cfg, char *buf, size_t cap, size_t *needed)
{
    if (!cfg || (!buf && cap > 0))
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "buf" : "cfg");
    size_t len = 0;
    pab__config_write(cfg->tree.root, NULL, 0, &len);
    if (needed)
        *needed = len;
    if (cap == 0)
        return PAB_OK;
    if (cap <= len)
        return pab__fail(PAB_E_CAPACITY, "the text takes %zu bytes, the buffer has %zu", len + 1, cap);
    pab__config_write(cfg->tree.root, buf, cap, &len);
    buf[len] = '\0';
    return PAB_OK;
}

pab_status pab_config_save(const pab_config *cfg, const char *path)
{
    if (!cfg || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", cfg ? "path" : "cfg");
    size_t len = 0;
    pab__config_write(cfg->tree.root, NULL, 0, &len);
    char *text = pab__alloc(&cfg->host, len);
    if (!text)
        return pab__fail(PAB_E_MEMORY, "no memory for the text of '%s'", path);
    pab__config_write(cfg->tree.root, text, len, &len);
    pab_status status = pab__file_write(path, text, len);
    pab__release(&cfg->host, text, len);
    return status;
}
