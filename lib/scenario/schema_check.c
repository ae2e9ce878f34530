/* Walks trees and keys along the schema: what is known, what is meant, what is wrong. */
#include "scenario/config.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Rows and subsections that are open at one place of the schema. */
typedef struct scope {
    const pab__section *section;
    const pab_agent_type *type; /* agent groups: brings more rows; NULL: unknown or none */
} scope;

static const pab_param *find_row(const pab_param *rows, uint32_t count, const char *key)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

static const pab_param *scope_row(const scope *s, const char *key)
{
    const pab_param *row = find_row(s->section->rows, s->section->row_count, key);
    if (!row && s->type)
        row = find_row(s->type->params, s->type->params_count, key);
    return row;
}

static const pab__section *scope_sub(const scope *s, const char *key)
{
    for (uint32_t i = 0; i < s->section->sub_count; i++) {
        if (strcmp(s->section->subs[i].name, key) == 0)
            return &s->section->subs[i];
    }
    return NULL;
}

/* Insertions, deletions and replacements between two words of at most 63 bytes; longer ones are far apart. */
static uint32_t edit_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > 63 || m > 63)
        return 64;
    uint32_t row[64];
    for (uint32_t j = 0; j <= m; j++)
        row[j] = j;
    for (uint32_t i = 1; i <= n; i++) {
        uint32_t corner = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= m; j++) {
            uint32_t change = corner + (a[i - 1] != b[j - 1]);
            uint32_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            corner = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[m];
}

/* The candidate nearest to a misspelt word. */
typedef struct hint {
    const char *word;
    const char *best;
    uint32_t distance;
} hint;

static void consider(hint *h, const char *candidate)
{
    uint32_t distance = edit_distance(h->word, candidate);
    uint32_t most = (uint32_t)strlen(h->word) / 3 + 1;
    if (distance <= most && (!h->best || distance < h->distance)) {
        h->best = candidate;
        h->distance = distance;
    }
}

static const char *nearest_key(const scope *s, const char *key)
{
    hint h = {.word = key};
    for (uint32_t i = 0; i < s->section->row_count; i++)
        consider(&h, s->section->rows[i].key);
    for (uint32_t i = 0; i < s->section->sub_count; i++)
        consider(&h, s->section->subs[i].name);
    for (uint32_t i = 0; s->type && i < s->type->params_count; i++)
        consider(&h, s->type->params[i].key);
    return h.best;
}

static const char *nearest_child(const pab__node *map, const char *key)
{
    hint h = {.word = key};
    for (const pab__node *child = map ? map->first : NULL; child; child = child->next)
        consider(&h, child->key);
    return h.best;
}

void pab__section_noun(const pab__section *named, char out[PAB__NOUN_SIZE])
{
    snprintf(out, PAB__NOUN_SIZE, "%.*s", (int)strcspn(named->item + 1, ">"), named->item + 1);
}

static const char *nearest_type(const pab_config *cfg, const char *name)
{
    hint h = {.word = name};
    const pab_agent_type *type;
    for (uint32_t i = 0; (type = pab__config_type_at(cfg, i)); i++)
        consider(&h, type->name);
    return h.best;
}

int32_t pab__schema_is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return len > 0 && len <= PAB__KEY_MAX && name[len] == '\0';
}

static void join(char path[PAB__PATH_SIZE], const char *head, const char *tail)
{
    snprintf(path, PAB__PATH_SIZE, "%.380s%s%.127s", head, *head ? "." : "", tail);
}

/* "a, b, c" for an error; cut where there are too many. */
typedef struct word_list {
    char words[640];
} word_list;

static void list(pab__text *out, const char *word)
{
    pab__text_say(out, "%s%s", out->len > 0 ? ", " : "", word);
}

static word_list list_keys(const scope *s)
{
    word_list all = {""};
    pab__text out = pab__text_in(all.words, sizeof all.words);
    for (uint32_t i = 0; i < s->section->row_count; i++)
        list(&out, s->section->rows[i].key);
    for (uint32_t i = 0; i < s->section->sub_count; i++)
        list(&out, s->section->subs[i].name);
    for (uint32_t i = 0; s->type && i < s->type->params_count; i++)
        list(&out, s->type->params[i].key);
    return all;
}

static word_list list_children(const pab__node *map)
{
    word_list all = {""};
    pab__text out = pab__text_in(all.words, sizeof all.words);
    for (const pab__node *child = map ? map->first : NULL; child; child = child->next)
        list(&out, child->key);
    return all;
}

static word_list list_types(const pab_config *cfg)
{
    word_list all = {""};
    pab__text out = pab__text_in(all.words, sizeof all.words);
    const pab_agent_type *type;
    for (uint32_t i = 0; (type = pab__config_type_at(cfg, i)); i++)
        list(&out, type->name);
    return all;
}

static pab_status unknown_key(const scope *s, const pab__node *node, const char *path)
{
    const char *where = *path ? path : "a scenario";
    if (s->section->typed && !s->type)
        return pab__node_fail_key(node, PAB_E_KEY, "%s has no key '%.80s'; give %s.type before its type's own keys",
                                  where, node->key, where);
    const char *near = nearest_key(s, node->key);
    if (near)
        return pab__node_fail_key(node, PAB_E_KEY, "%s has no key '%.80s'; did you mean '%s'? It has %s", where,
                                  node->key, near, list_keys(s).words);
    return pab__node_fail_key(node, PAB_E_KEY, "%s has no key '%.80s'; it has %s", where, node->key,
                              list_keys(s).words);
}

static pab_status check_value(const pab_param *row, const pab__node *node, const char *path)
{
    static const pab__times any = {.known = PAB__KNOWS_ALL};
    char scratch[PAB_PARAM_TEXT_SIZE];
    pab_param here = *row;
    here.offset = 0;
    return pab__schema_read_value(&here, node, path, &any, scratch);
}

static pab_status check_scope(const pab_config *cfg, const scope *s, const pab__node *node, const char *path);

static pab_status check_map(const pab_config *cfg, const scope *s, const pab__node *node, const char *path)
{
    pab_status status = PAB_OK;
    for (const pab__node *child = node->first; child && status == PAB_OK; child = child->next) {
        char below[PAB__PATH_SIZE];
        join(below, path, child->key);
        const pab_param *row = scope_row(s, child->key);
        scope inner = {.section = scope_sub(s, child->key)};
        if (row)
            status = check_value(row, child, below);
        else if (inner.section)
            status = check_scope(cfg, &inner, child, below);
        else
            status = unknown_key(s, child, path);
    }
    return status;
}

static pab_status group_type(const pab_config *cfg, const pab__node *group, const char *path,
                             const pab_agent_type **out)
{
    const pab__node *type = pab__node_find(group, "type");
    *out = NULL;
    if (!type || type->kind != PAB__NODE_SCALAR)
        return PAB_OK;
    *out = pab__config_type(cfg, type->text);
    if (*out)
        return PAB_OK;
    const char *near = nearest_type(cfg, type->text);
    return pab__node_fail(type, PAB_E_KEY, "%s.type: there is no agent type '%.80s'%s%s%s one of %s", path, type->text,
                          near ? "; did you mean '" : "", near ? near : "", near ? "'? Expected" : "; expected",
                          list_types(cfg).words);
}

static pab_status check_named(const pab_config *cfg, const pab__section *section, const pab__node *node,
                              const char *path)
{
    pab_status status = PAB_OK;
    for (const pab__node *child = node->first; child && status == PAB_OK; child = child->next) {
        if (!pab__schema_is_name(child->key))
            return pab__node_fail_key(child, PAB_E_KEY,
                                      "%s: '%.80s' is no name, expected 1 to %d letters, digits, '_' or '-'", path,
                                      child->key, PAB__KEY_MAX);
        char below[PAB__PATH_SIZE];
        join(below, path, child->key);
        scope inner = {.section = section->subs};
        if (section->subs->typed)
            status = group_type(cfg, child, below, &inner.type);
        if (status == PAB_OK)
            status = check_scope(cfg, &inner, child, below);
    }
    return status;
}

static pab_status check_list(const pab_config *cfg, const pab__section *section, const pab__node *node,
                             const char *path)
{
    pab_status status = PAB_OK;
    uint32_t index = 0;
    for (const pab__node *item = node->first; item && status == PAB_OK; item = item->next, index++) {
        char below[PAB__PATH_SIZE];
        snprintf(below, sizeof below, "%.480s[%u]", path, index);
        scope inner = {.section = section->subs};
        if (section->subs)
            status = check_scope(cfg, &inner, item, below);
        else
            status = check_value(section->rows, item, below);
    }
    return status;
}

static pab_status check_scope(const pab_config *cfg, const scope *s, const pab__node *node, const char *path)
{
    int32_t list = s->section->kind == PAB__SECTION_LIST;
    if (node->kind != (list ? PAB__NODE_LIST : PAB__NODE_MAP))
        return pab__node_fail(node, PAB_E_TYPE, "%s: expected %s", *path ? path : "a scenario",
                              list ? "a list" : "a section of keys");
    if (list)
        return check_list(cfg, s->section, node, path);
    if (s->section->kind == PAB__SECTION_NAMED)
        return check_named(cfg, s->section, node, path);
    return check_map(cfg, s, node, path);
}

pab_status pab__schema_check(const pab_config *cfg, const pab__node *root)
{
    scope top = {.section = &cfg->schema.top};
    return check_scope(cfg, &top, root, "");
}

pab_status pab__schema_store_row(const pab_param *row, const pab__node *map, const char *path, const pab__times *times,
                                 void *record)
{
    char whole[PAB__PATH_SIZE];
    join(whole, path, row->key);
    const pab__node *given = pab__node_find(map, row->key);
    if (given)
        return pab__schema_read_value(row, given, whole, times, record);
    if (!row->default_value)
        return pab__node_fail(map, PAB_E_KEY, "%s is required", whole);
    pab__node fallback = {.text = row->default_value};
    fallback.quoted = row->type == PAB_PARAM_TEXT;
    return pab__schema_read_value(row, &fallback, whole, times, record);
}

pab_status pab__schema_store_rows(const pab_param *rows, uint32_t count, const pab__node *map, const char *path,
                                  const pab__times *times, void *record)
{
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < count && status == PAB_OK; i++)
        status = pab__schema_store_row(&rows[i], map, path, times, record);
    return status;
}

/* One step of a key's path: the part's text and what it has led to. */
typedef struct key_walk {
    const pab_config *cfg;
    const pab__node *node; /* the tree at this place, NULL: nothing given there */
    scope at;
    const pab_param *row;
    char path[PAB__PATH_SIZE]; /* walked so far */
} key_walk;

static pab_status step_named(key_walk *w, const char *part, int32_t create)
{
    const pab__node *child = w->node ? pab__node_find(w->node, part) : NULL;
    char what[PAB__NOUN_SIZE];
    pab__section_noun(w->at.section, what);
    if (!pab__schema_is_name(part))
        return pab__fail(PAB_E_KEY, "%s: '%.80s' is no name, expected letters, digits, '_' or '-'", w->path, part);
    if (!child && !create) {
        const char *near = nearest_child(w->node, part);
        return pab__fail(PAB_E_KEY, "%s has no %s '%s'%s%s%s has %s", w->path, what, part,
                         near ? "; did you mean '" : "", near ? near : "", near ? "'? It" : "; it",
                         w->node && w->node->first ? list_children(w->node).words : "none");
    }
    const pab_agent_type *type = NULL;
    const pab__node *named = pab__node_find(child, "type");
    if (w->at.section->subs->typed && named && named->kind == PAB__NODE_SCALAR)
        type = pab__config_type(w->cfg, named->text);
    w->at.section = w->at.section->subs;
    w->at.type = type;
    w->node = child;
    return PAB_OK;
}

static pab_status step(key_walk *w, const char *part, int32_t create)
{
    char key[PAB__KEY_MAX + 1];
    snprintf(key, sizeof key, "%s", part);
    if (w->row || w->at.section->kind == PAB__SECTION_LIST)
        return pab__fail(PAB_E_KEY, "%s has nothing below it; there is no '%s.%s'", w->path, w->path, part);
    if (w->at.section->kind == PAB__SECTION_NAMED)
        return step_named(w, part, create);
    w->row = scope_row(&w->at, part);
    const pab__section *sub = w->row ? NULL : scope_sub(&w->at, part);
    if (!w->row && !sub) {
        pab__node typo = {.key = key};
        return unknown_key(&w->at, &typo, w->path);
    }
    w->node = pab__node_find(w->node, part);
    w->at.section = sub;
    w->at.type = NULL;
    return PAB_OK;
}

pab_status pab__schema_find(const pab_config *cfg, const pab__node *root, const char *key, int32_t create,
                            pab__schema_place *out)
{
    key_walk w = {.cfg = cfg, .node = root, .at = {.section = &cfg->schema.top}};
    for (const char *at = key; at;) {
        const char *dot = strchr(at, '.');
        size_t len = dot ? (size_t)(dot - at) : strlen(at);
        if (len == 0 || len > PAB__KEY_MAX || strlen(w.path) > 300)
            return pab__fail(PAB_E_KEY, "'%.80s' is no key, expected words of 1 to %d bytes joined by dots", key,
                             PAB__KEY_MAX);
        char part[PAB__KEY_MAX + 1];
        snprintf(part, sizeof part, "%.*s", (int)len, at);
        /* A new group or symbol comes whole or begins with its type: anything else is a misspelt name. */
        int32_t fresh = create && (!dot || strcmp(dot + 1, "type") == 0);
        pab_status status = step(&w, part, fresh);
        if (status != PAB_OK)
            return status;
        char longer[PAB__PATH_SIZE];
        join(longer, w.path, part);
        memcpy(w.path, longer, sizeof longer);
        at = dot ? dot + 1 : NULL;
    }
    out->section = w.row ? NULL : w.at.section;
    out->row = w.row;
    out->node = w.node;
    return PAB_OK;
}
