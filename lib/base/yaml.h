/* Strict YAML (and so JSON) as a small ordered tree.
 *
 * Anchors, aliases, tags, duplicate keys, several documents, more than 32 levels, more than 16 MiB
 * and more than 262144 values are errors. */
#ifndef PAB_BASE_YAML_H
#define PAB_BASE_YAML_H

#include "base/arena.h"

enum { PAB__NODE_SCALAR = 0, PAB__NODE_MAP = 1, PAB__NODE_LIST = 2 };

typedef struct pab__node {
    int32_t kind;   /* PAB__NODE_... */
    int32_t quoted; /* scalars: written in quotes, hence text */
    const char *origin; /* name of the text it stands in, NULL: none */
    uint32_t line, column; /* of the value, from 1 */
    uint32_t key_line, key_column;
    const char *key;  /* in a map */
    const char *text; /* scalars */
    struct pab__node *first, *last, *next; /* children in order; next sibling */
    uint32_t count;   /* children */
} pab__node;

typedef struct pab__tree {
    pab__arena arena; /* holds all nodes and texts */
    pab__node *root;  /* NULL: an empty document */
} pab__tree;

/* Parses `len` bytes; `name` stands in errors as NAME:LINE:COLUMN. On success the caller frees the tree. */
pab_status pab__yaml_parse(const pab_host *host, const char *text, size_t len, const char *name, pab__tree *out);

void pab__tree_init(pab__tree *tree, const pab_host *host);
void pab__tree_free(pab__tree *tree);

/* A new last child; `key` and `text` are copied and may be NULL. NULL without memory. */
pab__node *pab__node_add(pab__tree *tree, pab__node *parent, int32_t kind, const char *key, const char *text);

/* Deep copy of `source` as a new last child of `parent` (NULL: as the root). NULL without memory. */
pab__node *pab__node_copy(pab__tree *tree, pab__node *parent, const pab__node *source);

/* A map's entry, or NULL. */
pab__node *pab__node_find(const pab__node *map, const char *key);

/* 1 for a plain `null`, `~` or nothing. */
int32_t pab__node_is_null(const pab__node *node);

/* Sets the error "ORIGIN:LINE:COLUMN: ..." (without the first part where unknown) and returns `code`. */
pab_status pab__node_fail(const pab__node *node, pab_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* As pab__node_fail, at the node's key. */
pab_status pab__node_fail_key(const pab__node *node, pab_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

#endif
