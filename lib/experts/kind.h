/* Kinds of built-in policies: a row each (kind.c), with documented options. pab_policy_parse makes a policy of one,
 * which is a pab_policy_type like a caller's. */
#ifndef PAB_EXPERTS_KIND_H
#define PAB_EXPERTS_KIND_H

#include <pairsabides/policy.h>

#include "env/context.h"
#include "base/text.h"

enum { PAB__POLICY_OPTIONS_MAX = 16, PAB__POLICY_STATE_MAX = 128 };

typedef struct pab__policy_option {
    const char *key, *unit, *doc;
    double value, min, max; /* default and bounds */
} pab__policy_option;

typedef struct pab__policy_params pab__policy_params;

typedef struct pab__policy_kind {
    const char *name;
    const char *forms; /* "pair|leg", the first is the default; "" for none */
    const pab__policy_option *options;
    uint32_t option_count; /* at most PAB__POLICY_OPTIONS_MAX */
    uint32_t state_size;   /* at most PAB__POLICY_STATE_MAX; zeroed when an episode begins */
    const void *detail;    /* parameters of `decide`, for rows that share it */
    /* Decides (out is zeroed) and explains into `why`, unless that is NULL. */
    void (*decide)(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                   pab__text *why);
} pab__policy_kind;

/* A row with the values of its options; immutable, shared by clones. */
struct pab__policy_params {
    const pab__policy_kind *kind;
    int32_t form; /* index into forms */
    double value[PAB__POLICY_OPTIONS_MAX];
};

/* Bytes of a canonical specification. */
#define PAB__POLICY_SPEC_SIZE 512

const pab__policy_kind *pab__policy_kind_at(uint32_t index); /* NULL past the last */

/* Reads a specification; *out is set on success only. */
pab_status pab__spec_read(const char *spec, pab__policy_params *out);
/* Writes it back in its shortest form: defaults left out, options in the order of the table. */
void pab__spec_write(const pab__policy_params *params, pab__text *words);

/* The policy type of `params`, which becomes its `user`. */
void pab__policy_kind_type(pab__policy_params *params, pab_policy_type *out);

#endif
