/* Experts as tables of rules: the first row whose conditions all hold decides.
 *
 * Tables are constants in lae.c, sce.c, ome.c and rae.c; a condition compares an input (inputs.h) with an option. */
#ifndef PAB_EXPERTS_RULES_H
#define PAB_EXPERTS_RULES_H

#include "experts/inputs.h"
#include "base/text.h"

/* How a condition compares; IS and NOT read a flag and have no threshold. */
enum { PAB__OP_GE, PAB__OP_GT, PAB__OP_LE, PAB__OP_LT, PAB__OP_IS, PAB__OP_NOT };

/* "input op options[option]". */
typedef struct pab__when {
    int32_t input, op;
    int32_t option;
} pab__when;
#define PAB__WHEN(input, op, option) {PAB__INPUT_##input, PAB__OP_##op, option}
#define PAB__ALWAYS {0, 0, 0}

enum { PAB__RULE_CONDITIONS = 3, PAB__ACTION_BY_GAP = 32 };

typedef struct pab__rule {
    pab__when when[PAB__RULE_CONDITIONS]; /* all must hold; unused ones are zero */
    int32_t action;                       /* 0..16, or PAB__ACTION_BY_GAP + style: of the size nearest the gap */
    const char *because;
} pab__rule;

typedef struct pab__rules {
    const char *title; /* role of the leg in explanations: "liquid "; "" for none */
    const pab__rule *row;
    uint32_t count;
} pab__rules;

/* What a leg does, and by which row. */
typedef struct pab__choice {
    const pab__rules *table;
    const pab__rule *rule;
    int32_t read;   /* leg whose inputs were read */
    int32_t wanted; /* as the rule says, or as the pair form changed it */
    int32_t action; /* first legal one from there down the ladder */
    const char *turn; /* why the pair form changed it; NULL: it did not */
} pab__choice;

/* The first row that holds, or NULL. */
const pab__rule *pab__rule_find(const pab__rules *table, const pab__leg_inputs *leg, const double *options);

/* The action of a row; sizes by the gap are resolved. */
int32_t pab__rule_action(const pab__rule *rule, const pab__leg_inputs *leg);

/* Chooses by the first row that holds and returns 1; returns 0 and keeps *choice where none does. */
int pab__rule_choose(const pab__rules *table, const pab__pair_inputs *inputs, int32_t read, const double *options,
                     pab__choice *choice);

/* "p_far 0.63 >= 0.6 and zs 0.4 < 1.5" */
void pab__rule_say(const pab__rule *rule, const pab__leg_inputs *leg, const double *options, pab__text *words);

#endif
