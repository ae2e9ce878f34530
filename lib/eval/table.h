/* The inside of a pab_eval: a row of metrics per policy, regime and episode.
 *
 * table.c makes it and reads rows, run.c fills in those that are missing, summary.c and text.c report on them. */
#ifndef PAB_EVAL_TABLE_H
#define PAB_EVAL_TABLE_H

#include <pairsabides/eval.h>

#include "base/jobs.h"

enum { PAB__POLICY_NAME = 256 };

struct pab_eval {
    pab_host host;
    pab_eval_options options; /* complete; its pointers lead to the copies below, or are NULL */
    pab_reset_options episode;
    pab_progress progress;
    uint32_t policies;
    uint32_t strata;                     /* regimes that take part ... */
    int32_t regime[PAB_REGIME_COUNT];    /* ... which, ascending ... */
    int32_t stratum[PAB_REGIME_COUNT];   /* ... and the other way round; -1: takes no part */
    char (*names)[PAB__POLICY_NAME];
    pab_episode_metrics *rows; /* [policies][strata][episodes]; struct_size 0: missing */
};

static inline pab_episode_metrics *pab__eval_row(const pab_eval *e, uint32_t policy, uint32_t stratum, uint32_t episode)
{
    return &e->rows[((size_t)policy * e->strata + stratum) * e->options.episodes + episode];
}

/* PAB_MEASURE_... of a row. */
double pab__measure_of(int32_t measure, const pab_episode_metrics *row);

/* The objective that is minimised: J = IS + eta TE + 0.1 CVaR95, plus a penalty on mean tracking error above a bound
 * (a constraint). */
typedef struct pab__objective {
    double eta;   /* bps per % of tracking error */
    double bound; /* mean tracking error, %; INFINITY: any */
} pab__objective;

double pab__eval_objective(const pab_eval_summary *summary, const pab__objective *goal);

/* Strata first .. *end - 1 that `regime` (or -1: all) means; checks its arguments. */
pab_status pab__eval_strata(const pab_eval *e, int32_t regime, uint32_t *first, uint32_t *end);

#endif
