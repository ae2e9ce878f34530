/* The schema of scenarios: which keys there are, where their values go, and how text becomes a value.
 *
 * One tree of sections describes the whole file: the constant tables of schema.c, and those of extensions. It drives
 * checking at load (schema_check.c), compilation, the public listing (schema_list.c) and the nearest-key hints. */
#ifndef PAB_SCENARIO_SCHEMA_H
#define PAB_SCENARIO_SCHEMA_H

#include <pairsabides/config.h>

#include "base/yaml.h"
#include "scenario/scenario.h"

enum { PAB__PATH_SIZE = 512, PAB__KEY_MAX = 127, PAB__QUIRK_COUNT = 20, PAB__MIXTURE_MAX = 32 };

enum {
    PAB__SECTION_MAP = 0,   /* rows and subsections by name */
    PAB__SECTION_NAMED = 1, /* children named by the user, each like subs[0] */
    PAB__SECTION_LIST = 2   /* items: maps like subs[0], or scalars like rows[0] */
};

typedef struct pab__section {
    const char *name;
    int32_t kind; /* PAB__SECTION_... */
    uint32_t row_count;
    const pab_param *rows;
    const struct pab__section *subs;
    uint32_t sub_count;
    int32_t typed;             /* agent groups: the agent type brings more rows */
    const char *item;          /* named sections: placeholder of the name in listings */
    const char *default_value; /* lists: flow YAML used when absent */
} pab__section;

/* Keys at the top of the file. */
typedef struct pab__top_keys {
    char preset[PAB_PARAM_TEXT_SIZE];
    char name[PAB_PARAM_TEXT_SIZE];
    int64_t seed;
    int32_t rng;
} pab__top_keys;

/* Keys under symbols.<NAME>. */
typedef struct pab__symbol_keys {
    int64_t exchange;
} pab__symbol_keys;

/* Keys under agents.<group> that every type has. */
typedef struct pab__group_keys {
    char type[PAB_PARAM_TEXT_SIZE];
    char symbol[PAB_PARAM_TEXT_SIZE];
    char label[PAB_PARAM_TEXT_SIZE];
    pab__group_common common;
} pab__group_keys;

/* Keys under correlation.pairs.<pair>. */
typedef struct pab__rho_keys {
    char first[PAB_PARAM_TEXT_SIZE];
    char second[PAB_PARAM_TEXT_SIZE];
    double rho;
} pab__rho_keys;

/* One item of order_size_mixture.components. */
typedef struct pab__component_keys {
    int32_t dist; /* 0 normal, 1 lognormal */
    double mu, sigma;
} pab__component_keys;

/* Values of quirks, in the order of PAB_QUIRK_TABLE. */
typedef struct pab__quirk_keys {
    int32_t on[PAB__QUIRK_COUNT];
} pab__quirk_keys;

/* What a child of a named section is called: its `item` without brackets. */
enum { PAB__NOUN_SIZE = 32 };
void pab__section_noun(const pab__section *named, char out[PAB__NOUN_SIZE]);

struct pab__extension;

/* The whole file: the keys at its top, the sections of scenario/schema.c, then those of extensions. */
enum { PAB__TOP_SECTIONS_MAX = 24 };
typedef struct pab__schema {
    pab__section top;
    pab__section sections[PAB__TOP_SECTIONS_MAX]; /* top.subs */
} pab__schema;
void pab__schema_compose(const struct pab__extension *const *list, pab__schema *out);

extern const pab__section pab__top_section; /* without extensions */
extern const pab_param pab__quirk_rows[PAB__QUIRK_COUNT];
extern const pab__section pab__clock_section; /* each also found under pab__top_section */
extern const pab__section pab__exchange_section;
extern const pab__section pab__latency_section;
extern const pab__section pab__symbol_section;
extern const pab__section pab__oracle_section;
extern const pab__section pab__correlation_section;
extern const pab__section pab__rho_section;
extern const pab__section pab__group_section;
extern const pab__section pab__component_section;
extern const pab__section pab__components_section;
extern const pab__section pab__weights_section;
extern const pab__section pab__quirks_section;

/* What the words of a time (open, close) refer to; `known` has a bit for each that is set. */
enum { PAB__KNOWS_DATE = 1, PAB__KNOWS_OPEN = 2, PAB__KNOWS_CLOSE = 4, PAB__KNOWS_ALL = 7 };
typedef struct pab__times {
    int64_t date, open, close; /* ns */
    int32_t known;
} pab__times;

/* Reads the text of `node` as `row` asks and stores it at record + row->offset. `path` names it in errors. */
pab_status pab__schema_read_value(const pab_param *row, const pab__node *node, const char *path,
                                  const pab__times *times, void *record);

/* Bytes that a value of this type takes in a record; 0 for an unknown type. */
uint32_t pab__schema_value_size(int32_t type);

/* Reads one row of a section out of `map` (NULL: nothing given), falling back on its default. */
pab_status pab__schema_store_row(const pab_param *row, const pab__node *map, const char *path, const pab__times *times,
                                 void *record);

/* All rows of a section; stops at the first error. */
pab_status pab__schema_store_rows(const pab_param *rows, uint32_t count, const pab__node *map, const char *path,
                                  const pab__times *times, void *record);

/* Hash of the values that rows describe; bytes between them do not count. */
uint64_t pab__schema_hash_rows(const pab_param *rows, uint32_t count, const void *record, uint64_t seed);

/* Agent types: the caller's, then the built-in ones. NULL past the last, or if there is none of that name. */
const pab_agent_type *pab__config_type_at(const pab_config *cfg, uint32_t index);
const pab_agent_type *pab__config_type(const pab_config *cfg, const char *name);

/* Checks a whole tree: every key known, every value readable and in range. */
pab_status pab__schema_check(const pab_config *cfg, const pab__node *root);

/* What a dotted key leads to: a section or a value. */
typedef struct pab__schema_place {
    const pab__section *section; /* NULL: a value */
    const pab_param *row;        /* NULL: a section */
    const pab__node *node;       /* what the tree holds there; NULL: nothing */
} pab__schema_place;

/* Looks a dotted key up; group types come from the tree. Groups and symbols must exist unless `create` is set and
 * the key names them whole or their type. On failure sets an error with a hint. */
pab_status pab__schema_find(const pab_config *cfg, const pab__node *root, const char *key, int32_t create,
                            pab__schema_place *out);

/* 1 if a name can be part of a key: letters, digits, '_' and '-', at most PAB__KEY_MAX bytes. */
int32_t pab__schema_is_name(const char *name);

#endif
