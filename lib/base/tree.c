#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pab__tree_init(pab__tree *tree, const pab_host *host)
{
    pab__arena_init(&tree->arena, host);
    tree->root = NULL;
}

void pab__tree_free(pab__tree *tree)
{
    pab__arena_free(&tree->arena);
    tree->root = NULL;
}

static void append(pab__tree *tree, pab__node *parent, pab__node *node)
{
    if (!parent) {
        tree->root = node;
        return;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
}

pab__node *pab__node_add(pab__tree *tree, pab__node *parent, int32_t kind, const char *key, const char *text)
{
    pab__node *node = pab__arena_take(&tree->arena, sizeof *node);
    if (!node)
        return NULL;
    node->kind = kind;
    if (key && !(node->key = pab__arena_text(&tree->arena, key, strlen(key))))
        return NULL;
    if (text && !(node->text = pab__arena_text(&tree->arena, text, strlen(text))))
        return NULL;
    append(tree, parent, node);
    return node;
}

/* Names of texts repeat from node to node: a copy shares its elder sibling's or parent's where equal. */
static const char *share_origin(pab__tree *tree, const pab__node *parent, const pab__node *elder, const char *origin)
{
    if (elder && elder->origin && strcmp(elder->origin, origin) == 0)
        return elder->origin;
    if (parent && parent->origin && strcmp(parent->origin, origin) == 0)
        return parent->origin;
    return pab__arena_text(&tree->arena, origin, strlen(origin));
}

pab__node *pab__node_copy(pab__tree *tree, pab__node *parent, const pab__node *source)
{
    const pab__node *elder = parent ? parent->last : NULL;
    pab__node *node = pab__node_add(tree, parent, source->kind, source->key, source->text);
    if (!node)
        return NULL;
    node->quoted = source->quoted;
    node->line = source->line;
    node->column = source->column;
    node->key_line = source->key_line;
    node->key_column = source->key_column;
    if (source->origin && !(node->origin = share_origin(tree, parent, elder, source->origin)))
        return NULL;
    for (const pab__node *child = source->first; child; child = child->next) {
        if (!pab__node_copy(tree, node, child))
            return NULL;
    }
    return node;
}

pab__node *pab__node_find(const pab__node *map, const char *key)
{
    if (!map || map->kind != PAB__NODE_MAP)
        return NULL;
    pab__node *child = map->first;
    while (child && strcmp(child->key, key) != 0)
        child = child->next;
    return child;
}

int32_t pab__node_is_null(const pab__node *node)
{
    if (node->kind != PAB__NODE_SCALAR || node->quoted)
        return 0;
    const char *t = node->text;
    return *t == '\0' || strcmp(t, "~") == 0 || strcmp(t, "null") == 0 || strcmp(t, "Null") == 0 ||
           strcmp(t, "NULL") == 0;
}

static pab_status fail_at(const char *origin, uint32_t line, uint32_t column, pab_status code, const char *format,
                          va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, args);
    if (!origin)
        return pab__fail(code, "%s", text);
    if (line == 0)
        return pab__fail(code, "%s: %s", origin, text);
    return pab__fail(code, "%s:%u:%u: %s", origin, line, column, text);
}

pab_status pab__node_fail(const pab__node *node, pab_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    code = fail_at(node ? node->origin : NULL, node ? node->line : 0, node ? node->column : 0, code, format, args);
    va_end(args);
    return code;
}

pab_status pab__node_fail_key(const pab__node *node, pab_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    uint32_t line = node->key_line ? node->key_line : node->line;
    code = fail_at(node->origin, line, node->key_line ? node->key_column : node->column, code, format, args);
    va_end(args);
    return code;
}
