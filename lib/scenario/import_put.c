/* Recorded keys become settings: single values, and whole objects by a table of keys. */
#include "scenario/import.h"

#include <stdio.h>
#include <string.h>

#include "scenario/notation.h"

pab_status pab__import_no_memory(void)
{
    return pab__fail(PAB_E_MEMORY, "no memory for the import");
}

pab_status pab__import_put(pab__import *im, pab__node *map, const char *key, const char *text, const pab__node *source)
{
    pab__node *node = pab__node_add(&im->tree, map, PAB__NODE_SCALAR, key, text);
    if (!node)
        return pab__import_no_memory();
    if (source) {
        node->origin = source->origin;
        node->quoted = source->quoted;
        node->line = source->line;
        node->column = source->column;
    }
    return PAB_OK;
}

pab_status pab__import_put_map(pab__import *im, pab__node *map, const char *key, pab__node **out)
{
    *out = pab__node_add(&im->tree, map, PAB__NODE_MAP, key, NULL);
    return *out ? PAB_OK : pab__import_no_memory();
}

pab_status pab__import_read_int(const pab__node *node, const char *what, int64_t low, int64_t high, int64_t *out)
{
    static const pab__times none = {0};
    const pab_param row = {"", PAB_PARAM_INT, 0, "", NULL, (double)low, (double)high, NULL, ""};
    return pab__schema_read_value(&row, node, what, &none, out);
}

const char *pab__import_text_of(const pab__node *node)
{
    return node && node->kind == PAB__NODE_SCALAR && !pab__node_is_null(node) ? node->text : NULL;
}

/* Whole numbers may be recorded as reals: 100000.0 is 100000. */
pab_status pab__import_put_number(pab__import *im, pab__node *map, const char *key, const pab__node *value)
{
    const char *text = value->text;
    size_t whole = strspn(text, "-0123456789");
    if (value->quoted || text[whole] != '.' || text[whole + 1 + strspn(text + whole + 1, "0")] != '\0' || whole == 0)
        return pab__import_put(im, map, key, text, value);
    char buf[64];
    snprintf(buf, sizeof buf, "%.*s", (int)whole, text);
    return pab__import_put(im, map, key, whole < sizeof buf ? buf : text, value);
}

/* Whole ns in the notation a reader expects; anything else as it is, for the schema to refuse. */
static pab_status put_ns(pab__import *im, pab__node *map, const pab__import_mapping *m, const pab__node *value)
{
    int64_t ns;
    char text[PAB__NOTATION_SIZE];
    if (value->quoted || pab__notation_int(value->text, &ns) != PAB__NOTATION_OK)
        return pab__import_put_number(im, map, m->to, value);
    if (m->how == PAB__IMPORT_DURATION)
        pab__notation_duration_text(ns, text);
    else if (m->how == PAB__IMPORT_TIME)
        pab__notation_time_text(ns, im->date, text);
    else
        pab__notation_date_text(im->date = ns, text);
    return pab__import_put(im, map, m->to, text, value);
}

static pab_status put_mapped(pab__import *im, pab__node *map, const pab__import_mapping *m, const pab__node *value)
{
    if (m->how == PAB__IMPORT_PART || m->how == PAB__IMPORT_IGNORE)
        return PAB_OK;
    if (value->kind != PAB__NODE_SCALAR)
        return pab__node_fail(value, PAB_E_TYPE, "%s: expected a single value", m->from);
    if (m->how == PAB__IMPORT_NULL_IS_0 && pab__node_is_null(value))
        return pab__import_put(im, map, m->to, "0", NULL);
    if (m->how == PAB__IMPORT_ADAPTIVE && value->quoted && strcmp(value->text, "adaptive") == 0)
        return pab__import_put(im, map, m->to, "0", NULL);
    if (m->how == PAB__IMPORT_DATE || m->how == PAB__IMPORT_TIME || m->how == PAB__IMPORT_DURATION)
        return put_ns(im, map, m, value);
    return pab__import_put_number(im, map, m->to, value);
}

static const pab__import_mapping *find_mapping(const pab__import_mapping *keys, const char *from)
{
    while (keys->from && strcmp(keys->from, from) != 0)
        keys++;
    return keys->from ? keys : NULL;
}

/* All keys of one recorded object: every one known, every one needed there. */
pab_status pab__import_take_object(pab__import *im, const pab__node *from, const char *what,
                                   const pab__import_mapping *keys, pab__node *into)
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

pab_status pab__import_take_text(pab__import *im, const pab__node *from, const char *key, const char *as,
                                 int32_t null_ok, pab__node *group)
{
    const pab__node *node = pab__node_find(from, key);
    if (null_ok && pab__node_is_null(node))
        return PAB_OK;
    if (!pab__import_text_of(node) || !node->quoted)
        return pab__node_fail(node, PAB_E_TYPE, "%s: expected text", key);
    return pab__import_put(im, group, as, node->text, node);
}
