/* Built-in policies: a row each, with documented options. A policy made of one is a pab_policy_type like any other. */
#ifndef PAB_EXPERTS_BUILTIN_H
#define PAB_EXPERTS_BUILTIN_H

#include <pairsabides/policy.h>

#include "env/context.h"
#include "experts/words.h"

enum { PAB__OPTIONS_MAX = 16, PAB__STATE_MAX = 128 };

typedef struct pab__option {
    const char *key, *unit, *doc;
    double value, min, max; /* default and bounds */
} pab__option;

typedef struct pab__params pab__params;

typedef struct pab__builtin {
    const char *name;
    const char *forms; /* "pair|leg", the first is the default; "" for none */
    const pab__option *options;
    uint32_t option_count; /* at most PAB__OPTIONS_MAX */
    uint32_t state_size;   /* at most PAB__STATE_MAX; zeroed when an episode begins */
    const void *detail;    /* what tells it from others that share `decide` */
    /* Decides (out is zeroed) and, when `why` is given, says so. */
    void (*decide)(const pab__params *params, void *state, const pab__context *context, pab_decision *out,
                   pab__words *why);
} pab__builtin;

/* A row with its options settled; immutable, shared by clones. */
struct pab__params {
    const pab__builtin *kind;
    int32_t form; /* index into forms */
    int32_t reserved;
    double value[PAB__OPTIONS_MAX];
};

/* Bytes of a canonical specification. */
#define PAB__SPEC_SIZE 512

const pab__builtin *pab__builtin_at(uint32_t index); /* NULL past the last */

/* Reads a specification; *out is set on success only. */
pab_status pab__spec_read(const char *spec, pab__params *out);
/* Writes it back in its shortest form: defaults left out, options in the order of the table. */
void pab__spec_write(const pab__params *params, pab__words *words);

/* The type that plays `params`, which is its `user`. */
void pab__builtin_type(pab__params *params, pab_policy_type *out);

#endif
