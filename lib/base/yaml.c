#include "base/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/sort.h"

enum { DEPTH_MAX = 32, SIZE_MAX_BYTES = 16 << 20, NODES_MAX = 1 << 18 };

/* A parse under way: the open collections and the key that waits for its value. */
typedef struct reader {
    yaml_parser_t parser;
    pab__tree *tree;
    const char *origin;
    pab__node *open[DEPTH_MAX];
    uint32_t depth;
    uint32_t documents, nodes;
    const char *key; /* NULL: the next scalar in a map is a key */
    uint32_t key_line, key_column;
} reader;

static pab_status fail(const reader *r, yaml_mark_t at, pab_status code, const char *what)
{
    return pab__fail(code, "%s:%zu:%zu: %s", r->origin, at.line + 1, at.column + 1, what);
}

static pab_status no_memory(const reader *r)
{
    return pab__fail(PAB_E_MEMORY, "%s: no memory to read it", r->origin);
}

static pab_status fail_parser(const reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem ? p->problem : "malformed";
    if (p->error == YAML_MEMORY_ERROR)
        return no_memory(r);
    if (p->error == YAML_READER_ERROR)
        return pab__fail(PAB_E_SYNTAX, "%s: %s at byte %zu", r->origin, problem, p->problem_offset);
    return fail(r, p->problem_mark, PAB_E_SYNTAX, problem);
}

/* By key, equal keys in the order of the text. */
static int key_before(const void *left, const void *right)
{
    const pab__node *a = *(pab__node *const *)left, *b = *(pab__node *const *)right;
    int order = strcmp(a->key, b->key);
    if (order != 0)
        return order < 0;
    return a->key_line != b->key_line ? a->key_line < b->key_line : a->key_column < b->key_column;
}

/* Sorting keeps hostile maps of a million keys cheap. */
static pab_status check_duplicates(const reader *r, const pab__node *map)
{
    if (map->count < 2)
        return PAB_OK;
    const pab_host *host = r->tree->arena.host;
    size_t size = map->count * sizeof(pab__node *);
    pab__node **sorted = pab__alloc(host, size);
    if (!sorted)
        return no_memory(r);
    uint32_t n = 0;
    for (pab__node *child = map->first; child; child = child->next)
        sorted[n++] = child;
    pab__sort(sorted, n, sizeof *sorted, key_before);
    pab_status status = PAB_OK;
    for (uint32_t i = 1; i < n && status == PAB_OK; i++) {
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
            status = pab__node_fail_key(sorted[i], PAB_E_SYNTAX, "key '%s' is already given at %u:%u", sorted[i]->key,
                                        sorted[i - 1]->key_line, sorted[i - 1]->key_column);
    }
    pab__release(host, sorted, size);
    return status;
}

static pab__node *top(const reader *r)
{
    return r->depth ? r->open[r->depth - 1] : NULL;
}

static pab_status take_key(reader *r, const yaml_event_t *e)
{
    r->key = pab__arena_text(&r->tree->arena, (const char *)e->data.scalar.value, e->data.scalar.length);
    if (!r->key)
        return no_memory(r);
    r->key_line = (uint32_t)e->start_mark.line + 1;
    r->key_column = (uint32_t)e->start_mark.column + 1;
    return PAB_OK;
}

static pab_status add(reader *r, const yaml_event_t *e, int32_t kind, const char *text, pab__node **out)
{
    if (r->nodes++ == NODES_MAX) /* two bytes of text ask for a hundred of a tree */
        return fail(r, e->start_mark, PAB_E_CAPACITY, "more than 262144 values");
    pab__node *node = pab__node_add(r->tree, top(r), kind, NULL, text);
    if (!node)
        return no_memory(r);
    node->origin = r->origin;
    node->line = (uint32_t)e->start_mark.line + 1;
    node->column = (uint32_t)e->start_mark.column + 1;
    node->key = r->key;
    node->key_line = r->key ? r->key_line : 0;
    node->key_column = r->key ? r->key_column : 0;
    r->key = NULL;
    *out = node;
    return PAB_OK;
}

static pab_status take_scalar(reader *r, const yaml_event_t *e)
{
    if (e->data.scalar.anchor)
        return fail(r, e->start_mark, PAB_E_SYNTAX, "anchors are not allowed");
    if (e->data.scalar.tag)
        return fail(r, e->start_mark, PAB_E_SYNTAX, "tags are not allowed");
    if (memchr(e->data.scalar.value, '\0', e->data.scalar.length))
        return fail(r, e->start_mark, PAB_E_SYNTAX, "a NUL character is not allowed");
    const pab__node *parent = top(r);
    if (parent && parent->kind == PAB__NODE_MAP && !r->key)
        return take_key(r, e);
    pab__node *node = NULL;
    pab_status status = add(r, e, PAB__NODE_SCALAR, (const char *)e->data.scalar.value, &node);
    if (status == PAB_OK)
        node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return status;
}

static pab_status open_collection(reader *r, const yaml_event_t *e, int32_t kind)
{
    int32_t map = kind == PAB__NODE_MAP;
    if (map ? e->data.mapping_start.anchor != NULL : e->data.sequence_start.anchor != NULL)
        return fail(r, e->start_mark, PAB_E_SYNTAX, "anchors are not allowed");
    if (map ? e->data.mapping_start.tag != NULL : e->data.sequence_start.tag != NULL)
        return fail(r, e->start_mark, PAB_E_SYNTAX, "tags are not allowed");
    const pab__node *parent = top(r);
    if (parent && parent->kind == PAB__NODE_MAP && !r->key)
        return fail(r, e->start_mark, PAB_E_SYNTAX, "a key must be a plain word or quoted text");
    if (r->depth == DEPTH_MAX)
        return fail(r, e->start_mark, PAB_E_SYNTAX, "nested deeper than 32 levels");
    pab__node *node = NULL;
    pab_status status = add(r, e, kind, NULL, &node);
    if (status == PAB_OK)
        r->open[r->depth++] = node;
    return status;
}

static pab_status close_map(reader *r)
{
    const pab__node *map = top(r);
    r->depth--;
    return check_duplicates(r, map);
}

static pab_status take_event(reader *r, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++r->documents > 1)
            return fail(r, e->start_mark, PAB_E_SYNTAX, "more than one document");
        return PAB_OK;
    case YAML_ALIAS_EVENT:
        return fail(r, e->start_mark, PAB_E_SYNTAX, "aliases are not allowed");
    case YAML_SCALAR_EVENT:
        return take_scalar(r, e);
    case YAML_MAPPING_START_EVENT:
        return open_collection(r, e, PAB__NODE_MAP);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(r, e, PAB__NODE_LIST);
    case YAML_MAPPING_END_EVENT:
        return close_map(r);
    case YAML_SEQUENCE_END_EVENT:
        r->depth--;
        return PAB_OK;
    default:
        return PAB_OK;
    }
}

static pab_status read_all(reader *r)
{
    int done = 0;
    pab_status status = PAB_OK;
    while (!done && status == PAB_OK) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event))
            return fail_parser(r);
        status = take_event(r, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return status;
}

pab_status pab__yaml_parse(const pab_host *host, const char *text, size_t len, const char *name, pab__tree *out)
{
    if (len > SIZE_MAX_BYTES)
        return pab__fail(PAB_E_CAPACITY, "%s: %zu bytes, at most 16 MiB are read", name, len);
    pab__tree tree;
    pab__tree_init(&tree, host);
    reader r = {.tree = &tree, .origin = pab__arena_text(&tree.arena, name, strlen(name))};
    if (!r.origin)
        return pab__fail(PAB_E_MEMORY, "%s: no memory to read it", name);
    if (!yaml_parser_initialize(&r.parser)) {
        pab__tree_free(&tree);
        return pab__fail(PAB_E_MEMORY, "%s: no memory to read it", name);
    }
    /* libyaml would count a byte order mark as a column. */
    size_t mark = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text + mark, len - mark);
    pab_status status = read_all(&r);
    yaml_parser_delete(&r.parser);
    if (status == PAB_OK)
        *out = tree;
    else
        pab__tree_free(&tree);
    return status;
}
