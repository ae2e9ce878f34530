/* How a learned expert ranks joint actions. */
#ifndef PAB_QLEARN_SCORE_H
#define PAB_QLEARN_SCORE_H

#include "qlearn/qtable.h"

/* Whether enough was learned for a row to decide where the rule says `rule`. */
int pab__qtable_row_is_known(const pab__table *t, uint32_t state, int32_t rule);

/* A row as it decides: the table's values, or where those are not trusted, 0 for the rule and -sigma elsewhere.
 * `legal` has a bit per column. */
void pab__qtable_row(const pab_qtable *q, int32_t table, int32_t mode, uint32_t state, int32_t rule, uint32_t legal,
                     double *out);

/* Best action of a leg by its table, among `legal`. */
int32_t pab__qtable_leg(const pab_qtable *q, const pab__features *f, int leg, uint32_t legal);

/* The advice to the pair's table: the class pair of what each leg's table says. */
int32_t pab__qtable_advice(const pab_qtable *q, const pab__features *f,
                           const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS]);

/* Joint score Z (docs/methods.md 5): at most 0, -INFINITY where illegal. Its greatest entry, the first among equals, is
 * what the learned expert plays. `f` is of the same expert (features.h). */
void pab__qtable_score(const pab_qtable *q, const pab__features *f,
                       const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS], double z[PAB_ENV_JOINT_ACTIONS]);

/* The action with the greatest score, the first among equals. */
int32_t pab__qtable_best(const double z[PAB_ENV_JOINT_ACTIONS]);

/* Legal class pairs as bits. */
uint32_t pab__legal_class_pairs(const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS]);
/* Those actions of a leg that are of a class. */
uint32_t pab__legal_of_class(uint32_t legal, int32_t class);

#endif
