/* Double action-value tables and their updates: from whole episodes, or from forks. They know nothing of markets.
 *
 * A row has a column per action and one more, for doing what a rule advises. The rule sees more than the state tells,
 * so an action is worth more where it is advised than where it is not: advice is valued by the last column.
 *
 * Forks are too few to fill a row for every state. They fill a part that all states share: the value of an action
 * where the rule advises another. A value is the sum of both parts; whole episodes leave the shared one at 0, forks the
 * rows. */
#ifndef PAB_QLEARN_TABLE_H
#define PAB_QLEARN_TABLE_H

#include "base/host.h"
#include "base/rng.h"

enum { PAB__TABLE_ACTIONS_MAX = 25, PAB__TABLE_HALVES = 2 };

/* One column of a row, in one half. */
typedef struct pab__table_cell {
    double value;
    double mean, m2; /* of the targets seen: running mean, sum of squared deviations */
    double count;    /* targets seen */
} pab__table_cell;

typedef struct pab__table {
    pab_host host;
    uint32_t states, actions;
    uint32_t *visits;   /* per state; 0: the row is not yet set */
    pab__table_cell *cells;   /* [half][state][actions + 1] */
    pab__table_cell *shared;  /* [half][rule][action]; all 0 where whole episodes are learned from */
} pab__table;

pab_status pab__table_new(const pab_host *host, uint32_t states, uint32_t actions, pab__table *out);
void pab__table_free(pab__table *t); /* zeroed is allowed */
void pab__table_copy(pab__table *dst, const pab__table *src); /* same shape */
void pab__table_clear(pab__table *t);

static inline pab__table_cell *pab__table_at(const pab__table *t, int half, uint32_t state)
{
    return t->cells + ((size_t)half * t->states + state) * (t->actions + 1);
}

static inline pab__table_cell *pab__table_shared(const pab__table *t, int half, int32_t rule)
{
    return t->shared + ((size_t)half * t->actions + (uint32_t)rule) * t->actions;
}

/* Cells of all that is shared. */
static inline size_t pab__table_shared_count(const pab__table *t)
{
    return (size_t)PAB__TABLE_HALVES * t->actions * t->actions;
}

/* Where an action is valued while the rule advises `rule`; -1: nothing. */
static inline uint32_t pab__table_column(const pab__table *t, int32_t action, int32_t rule)
{
    return action == rule ? t->actions : (uint32_t)action;
}

/* One decision of an episode, with what followed. */
typedef struct pab__transition {
    uint32_t state;
    uint32_t legal; /* bit a: action a was legal */
    int32_t action;
    int32_t rule;   /* what the rule advised; -1: nothing */
    int32_t instead; /* of a fork: the trunk's action */
    double reward;  /* until the next move; of a fork: its return less the trunk's, from this decision on */
} pab__transition;

/* Constants of learning. */
typedef struct pab__learning_rates {
    double discount;    /* gamma */
    double trace;       /* lambda */
    double prior;       /* values of a new row: minus this, but 0 for the rule's advice */
    double prior_visits;/* that a new entry counts as having had */
    double rate_power;  /* learning rate: (1 + visits)^-power ... */
    double rate_least;  /* ... but no less than this */
} pab__learning_rates;

extern const pab__learning_rates pab__learning_rates_episodes;

/* Updates half `half` by Watkins' Q(lambda), last move first; the other half values what this one prefers.
 * Returns the sum of |target - value|. */
double pab__table_learn(pab__table *t, const pab__transition *moves, uint32_t count, int half,
                        const pab__learning_rates *rates);

/* --- Forks (table_forks.c) --- */

extern const pab__learning_rates pab__learning_rates_forks;

/* What is shared starts at minus `prior` for all that is not advised. */
void pab__table_share(pab__table *t, double prior);
/* Updates half `half` by what a fork gained over the trunk. Returns |target - value|. */
double pab__table_compare(pab__table *t, const pab__transition *fork, int half, const pab__learning_rates *rates);
/* The action that a fork tries instead of `instead`, by Thompson sampling: the best of values drawn with their standard
 * errors. -1: nothing else is legal. */
int32_t pab__table_try(const pab__table *t, uint32_t state, uint32_t legal, int32_t rule, int32_t instead,
                       pab__draw *draw);
/* Forks taken where the rule says `rule`, of both halves. */
double pab__table_compared(const pab__table *t, int32_t rule);

/* Exploration. */
typedef struct pab__exploration {
    double rule_share;  /* psi: of exploring decisions that follow the rule */
    double prior;       /* as in pab__learning_rates, for rows that are not yet set */
    double most, least; /* probability of exploring: most * sqrt(10 / (10 + visits)), at least `least` */
} pab__exploration;

/* Chooses among legal actions; *explore receives the probability of exploring. */
int32_t pab__table_behave(const pab__table *t, uint32_t state, uint32_t legal, int32_t rule,
                          const pab__exploration *how, pab__draw *draw, double *explore);

/* Values of the actions, mean of halves, with what is shared; a row that is not yet set has minus `prior`, 0 for the
 * rule's advice. */
void pab__table_values(const pab__table *t, uint32_t state, int32_t rule, double prior, double *out);

/* Best legal action, the lowest among equals. */
int32_t pab__table_best(const double *value, uint32_t actions, uint32_t legal);

/* Standard error of what two halves of a cell say together; infinite below two targets. */
double pab__table_cells_error(const pab__table_cell *x, const pab__table_cell *y);

/* Targets seen by both halves, and the standard error of the value. */
double pab__table_count(const pab__table *t, uint32_t state, uint32_t column);
double pab__table_error(const pab__table *t, uint32_t state, uint32_t column);

/* Median of (largest - median value) over visited states, or over what is shared where there is such; at least 1e-6. */
pab_status pab__table_scale(const pab__table *t, double *out);

uint32_t pab__table_visited(const pab__table *t); /* states */
double pab__table_entropy(const pab__table *t);   /* of greedy columns over the same rows, nats */

#endif
