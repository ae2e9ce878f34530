/* The public listing of the schema, row after row. */
#include "scenario/extension.h"

#include <stdio.h>
#include <string.h>

/* A count-down to the wanted row. */
typedef struct finder {
    const pab__extension *const *list;
    uint32_t left;
    const pab_param *row;
    char key[PAB_SCHEMA_KEY_SIZE];
} finder;

static void visit_rows(finder *f, const pab_param *rows, uint32_t count, const char *path)
{
    if (f->row)
        return;
    if (f->left >= count) {
        f->left -= count;
        return;
    }
    f->row = &rows[f->left];
    snprintf(f->key, sizeof f->key, "%.60s%s%.60s", path, *path ? "." : "", f->row->key);
}

static void visit_builtin_types(finder *f)
{
    const pab__builtin_type *one;
    for (uint32_t i = 0; !f->row && (one = pab__extensions_type(f->list, i)); i++) {
        char path[64];
        snprintf(path, sizeof path, "agents.<%.40s>", one->type.name);
        visit_rows(f, one->type.params, one->type.params_count, path);
    }
}

static void visit(finder *f, const pab__section *section, const char *path)
{
    if (section->kind == PAB__SECTION_LIST && !section->subs) {
        if (!f->row && f->left-- == 0) {
            f->row = section->rows;
            snprintf(f->key, sizeof f->key, "%.100s.<n>", path);
        }
        return;
    }
    visit_rows(f, section->rows, section->row_count, path);
    if (section->typed)
        visit_builtin_types(f);
    for (uint32_t i = 0; i < section->sub_count && !f->row; i++) {
        const char *name = section->kind == PAB__SECTION_NAMED  ? section->item
                           : section->kind == PAB__SECTION_LIST ? "<n>"
                                                                : section->subs[i].name;
        char below[PAB_SCHEMA_KEY_SIZE];
        snprintf(below, sizeof below, "%.60s%s%.60s", path, *path ? "." : "", name);
        visit(f, &section->subs[i], below);
    }
}

static const char *type_name(int32_t type)
{
    static const char *const names[] = {"?", "int", "real", "bool", "duration", "time", "choice", "text"};
    return names[type >= PAB_PARAM_INT && type <= PAB_PARAM_TEXT ? type : 0];
}

pab_status pab__schema_get(const pab__extension *const *list, uint32_t index, pab_schema_entry *out)
{
    finder f = {.list = list, .left = index};
    pab__schema schema;
    pab__schema_compose(list, &schema);
    visit(&f, &schema.top, "");
    if (!f.row)
        return pab__fail(PAB_E_RANGE, "the schema has %u rows, there is no row %u", index - f.left, index);
    pab_schema_entry entry = {
        .struct_size = sizeof entry,
        .type = f.row->type,
        .type_name = type_name(f.row->type),
        .unit = f.row->unit,
        .default_value = f.row->default_value,
        .choices = f.row->choices,
        .doc = f.row->doc,
        .min = f.row->min,
        .max = f.row->max,
    };
    memcpy(entry.key, f.key, sizeof entry.key);
    return pab__record_out(out, &entry, sizeof entry, PAB__UPTO(pab_schema_entry, key), "the schema entry");
}
