/* Inside of a configuration: a checked tree of keys, and the caller's agent types. Used to compile scenarios, and where
 * a configuration is copied. A change builds and checks a new tree first, so that an error leaves the old one. */
#ifndef PAB_SCENARIO_CONFIG_H
#define PAB_SCENARIO_CONFIG_H

#include "base/text.h"
#include "scenario/extension.h"

struct pab_config {
    pab_host host;
    const pab__extension *const *extensions; /* NULL at the end */
    pab__schema schema;                      /* of the scenario and of its extensions */
    pab__tree tree; /* root is always a map that passed pab__schema_check */
    const char *preset; /* name of the preset it started from, "" for none */
    pab_agent_type *types; /* registered */
    uint32_t type_count;
};

/* Replaces the tree by `base` with `overlay` merged on top, once the result is checked; unchanged on error.
 * NULL: nothing. */
pab_status pab__config_merge(pab_config *cfg, const pab__node *base, const pab__node *overlay);

/* A copy to work on, whose types are lent; its tree is freed by pab__tree_free in any case. Call
 * pab__config_merge(cfg, copy.tree.root, NULL) to apply it: whole or not at all. */
pab_status pab__config_copy(const pab_config *cfg, pab_config *copy);

/* Puts a tree as block YAML, or one node in flow style. */
void pab__config_write(const pab__node *root, pab__text *out);
void pab__config_write_flow(const pab__node *node, pab__text *out);

#endif
