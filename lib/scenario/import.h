/* The import of a recorded run, for the files that do it: import.c reads the whole, import_groups.c the agents. */
#ifndef PAB_SCENARIO_IMPORT_H
#define PAB_SCENARIO_IMPORT_H

#include "scenario/config.h"
#include "scenario/import_keys.h"

enum { PAB__IMPORT_PARTS_MAX = 1024 }; /* symbols or groups; recorded runs have a handful */

/* An import in progress: the recorded file, and the tree of settings made from it. */
typedef struct pab__import {
    pab_config *cfg;
    const pab__node *from;
    pab__tree tree;
    int64_t agents;  /* counted so far, exchange included */
    int64_t window;  /* longest look-back of a volume query */
    int64_t date;
} pab__import;

pab_status pab__import_no_memory(void);

/* The text of a single value that is not null; else NULL. */
const char *pab__import_text_of(const pab__node *node);
pab_status pab__import_read_int(const pab__node *node, const char *what, int64_t low, int64_t high, int64_t *out);

/* Adds a setting that has the place of `source` in errors (NULL: none). */
pab_status pab__import_put(pab__import *im, pab__node *map, const char *key, const char *text,
                           const pab__node *source);
/* Whole numbers may be recorded as reals: 100000.0 is 100000. */
pab_status pab__import_put_number(pab__import *im, pab__node *map, const char *key, const pab__node *value);
pab_status pab__import_put_map(pab__import *im, pab__node *map, const char *key, pab__node **out);

/* All keys of one recorded object: every one known, every one needed there. */
pab_status pab__import_take_object(pab__import *im, const pab__node *from, const char *what,
                                   const pab__import_mapping *keys, pab__node *into);
/* A text under `key` becomes the setting `as`. */
pab_status pab__import_take_text(pab__import *im, const pab__node *from, const char *key, const char *as,
                                 int32_t null_ok, pab__node *group);

/* Fills in `agents` (import_groups.c). */
pab_status pab__import_take_groups(pab__import *im);

#endif
