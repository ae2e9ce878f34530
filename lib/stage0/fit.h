/* The parts of a fit: target facts, free parameters, simulation. */
#ifndef PAB_STAGE0_FIT_H
#define PAB_STAGE0_FIT_H

#include "base/threads.h"
#include "stage0/count.h"

/* Free parameters of a fit. Values are positive; the first eight exist per leg. */
enum {
    PAB__KNOB_VOL,    /* volatility of the fundamental, bps/sqrt(h) */
    PAB__KNOB_WINDOW, /* makers' innermost gap, ticks */
    PAB__KNOB_DEPTH,  /* makers' least order, shares */
    PAB__KNOB_RATE,   /* orders of noise agents, 1/h */
    PAB__KNOB_SIZE,   /* mean order of noise, value and momentum agents, shares */
    PAB__KNOB_VALUE,  /* orders of value agents, 1/h */
    PAB__KNOB_MAKER,  /* visits of each maker, 1/h */
    PAB__KNOB_WATCH,  /* how far makers let the fundamental go, levels */
    PAB__KNOBS_LEG,
    PAB__KNOB_RHO = 2 * PAB__KNOBS_LEG, /* atanh of the fundamentals' correlation */
    PAB__KNOB_ARBITRAGE,                /* arbitrageurs' visits, 1/h */
    PAB__KNOBS
};

#define PAB__FIT_PAIR_FACTS (PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST)
#define PAB__FIT_FACTS (2 * PAB_LEG_FACT_COUNT + PAB__FIT_PAIR_FACTS)
#define PAB__FIT_GROUPS 64

typedef struct pab__fit_group {
    char name[PAB_PARAM_TEXT_SIZE];
    int32_t role, leg; /* PAB__ROLE_... (scenario/extension.h); -1: both legs */
    int64_t count;
} pab__fit_group;

/* What a fit knows before it searches. */
typedef struct pab__fit_plan {
    char symbol[2][PAB_PARAM_TEXT_SIZE];
    double price[2];     /* opening, currency units */
    double real_tick[2]; /* currency units */
    double tick[2];      /* of the scenario */
    int64_t r_bar[2];    /* opening price, scenario's ticks */
    double sign;         /* of the correlation */
    double half_life;    /* of the pair's spread, ns */
    double lag[2];       /* of each fundamental, ns */
    int64_t open, close; /* of the scenario's market, ns */
    uint32_t group_count;
    pab__fit_group groups[PAB__FIT_GROUPS];
    int32_t crowd;       /* 1: flow agents trade both symbols; then their tables are counted */
    char flow[2][PAB_PARAM_TEXT_SIZE], news[PAB_PARAM_TEXT_SIZE]; /* groups of the crowd */
    double fall_rate[2]; /* of the configuration */
    pab__counts counts[2];
    unsigned char used[PAB__KNOBS]; /* parameters that are free */
    char *text;          /* the configuration before the fit */
    size_t text_len;
    double wanted[PAB__FIT_FACTS];
} pab__fit_plan;

typedef struct pab__knobs {
    double value[PAB__KNOBS];
} pab__knobs;

/* check.c: PAB__FIT_FACTS facts, or why nothing can be fitted to the tapes; warnings, a line each, into `out`. */
pab_status pab__fit_check(const pab_tape *a, const pab_tape *b, double *facts, pab__text *out);

/* fit_plan.c: prices, ticks and start values from the tapes and the configuration. The caller releases plan->text. */
pab_status pab__fit_plan_make(const pab_config *cfg, const pab_tape *a, const pab_tape *b, double tick,
                              pab__fit_plan *plan);
pab__knobs pab__fit_start(const pab__fit_plan *plan);

/* fit_crowd.c: whether flow agents trade both symbols, and what is counted for them. */
int pab__fit_crowd_find(const pab_scenario *scn, pab__fit_plan *plan);
pab_status pab__fit_crowd_count(const pab_tape *a, const pab_tape *b, pab__fit_plan *plan);
pab__knobs pab__fit_crowd_start(const pab__fit_plan *plan);
pab_status pab__fit_crowd_apply(const pab__fit_plan *plan, const pab__knobs *knobs, pab_config *cfg);

/* fit_apply.c: writes the plan and the knobs into a configuration. */
pab_status pab__fit_apply(const pab__fit_plan *plan, const pab__knobs *knobs, pab_config *cfg);

/* fit_simulate.c: one candidate and the mean facts of its runs. */
typedef struct pab__fit_trial {
    pab__knobs knobs;
    double facts[PAB__FIT_FACTS];
    double missing[PAB__FIT_FACTS]; /* share of runs that do not have the fact */
    double loss;
} pab__fit_trial;

/* Simulates `seeds` markets of each trial, from `seed` on, and fills in facts and losses. */
pab_status pab__fit_simulate(const pab__fit_plan *plan, pab__threads *threads, const pab_host *host,
                             pab__fit_trial *trials, uint32_t count, uint32_t seeds, uint64_t seed);

/* Weighted mean square deviation of facts from their targets. Facts without a target (NaN) do not count; facts with one
 * that runs do not have count as the worst. */
double pab__fit_loss(const double *wanted, const double *facts, const double *missing);

#endif
