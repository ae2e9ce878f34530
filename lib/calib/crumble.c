/* Fitting the crumbling probability: which touches withdrew, by their signals at the decision before. */
#include "calib/calib.h"

#include <math.h>
#include <string.h>

#include "calib/logistic.h"

_Static_assert((int)PAB__LOGISTIC_INPUTS == (int)PAB__CRUMBLE_INPUTS, "one weight for each input");

#define RIDGE 1e-2
enum { RECOVERS = 6 /* intervals that a touch has to come back */ };

/* How far a touch has gone from where it was, ticks. */
static double retreat(const pab__touch_sample *from, const pab__touch_sample *to, int side)
{
    return side == 0 ? from->bid - to->bid : to->ask - from->ask;
}

/* 1 if the touch retreats by half a usual spread within the interval and then recovers half; -1: unknown. */
static int retreats(const pab__touch_sample *g, const pab__recording_plan *plan, uint32_t step, int side, double mean)
{
    const uint32_t parts = plan->parts, at = step * parts, end = at + RECOVERS * parts;
    uint32_t worst = at;
    if (step + RECOVERS > plan->steps)
        return -1;
    for (uint32_t k = at; k <= end; k++)
        if (!(g[k].bid > 0 && g[k].ask > 0))
            return -1;
    for (uint32_t k = at + 1; k <= at + parts; k++)
        worst = retreat(&g[at], &g[k], side) > retreat(&g[at], &g[worst], side) ? k : worst;
    double depth = retreat(&g[at], &g[worst], side);
    if (depth < fmax(1, mean / 2))
        return 0;
    for (uint32_t k = worst + 1; k <= end; k++)
        if (retreat(&g[at], &g[k], side) <= depth / 2)
            return 1;
    return 0;
}

typedef struct labelling {
    const pab__recording_plan *plan;
    const pab__leg_plan *legs;
    int32_t label; /* PAB_LABEL_... */
} labelling;

/* Appends an episode's rows; how many there are then. */
static size_t add_episode(const labelling *how, const pab__recording *w, pab__logistic_row *rows, size_t n)
{
    for (int i = 0; i < 4; i++) {
        const int leg = i / 2, side = i % 2;
        const pab__reference *usual = &how->legs[leg].ref;
        for (uint32_t k = 0; k < how->plan->steps; k++) {
            const pab__decision_sample *l = &w->decision[leg][k];
            int label = how->label == PAB_LABEL_MAKERS
                            ? l->on[side]
                            : retreats(w->touch[leg], how->plan, k, side, usual->spread_mean);
            if (label < 0)
                continue;
            pab__crumble_inputs(&l->side[side], usual, rows[n].input);
            rows[n++].label = label;
        }
    }
    return n;
}

static int32_t label_of(const pab__recording *recordings, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (recordings[i].withdraws)
            return PAB_LABEL_MAKERS;
    return PAB_LABEL_RETREAT;
}

static void evaluate(const pab__logistic_row *rows, size_t count, const double *before, double *space,
                     const pab__calibrated *m, pab_calibration *report)
{
    pab__logistic_score score;
    pab__logistic_evaluate(rows, count, before, space, &score);
    report->auc_before = score.auc;
    report->brier_before = score.brier;
    pab__logistic_evaluate(rows, count, m->crumbling, space, &score);
    report->auc = score.auc;
    report->brier = score.brier;
    report->positives = score.positives;
}

pab_status pab__crumble_fit(const pab_host *host, const pab__recording *recordings, uint32_t train, uint32_t count,
                            const pab__recording_plan *plan, const pab_scenario *scn, pab__calibrated *out,
                            pab_calibration *report)
{
    const labelling how = {plan, out->leg, label_of(recordings, train)};
    const size_t most = (size_t)(train > count - train ? train : count - train) * plan->steps * 4;
    pab__logistic_row *rows = pab__alloc(host, most * sizeof *rows);
    double *space = pab__alloc(host, 2 * most * sizeof *space);
    size_t n = 0;
    report->auc = report->auc_before = report->brier = report->brier_before = report->positives = NAN;
    if (!rows || !space) {
        pab__release(host, space, 2 * most * sizeof *space);
        pab__release(host, rows, most * sizeof *rows);
        return pab__fail(PAB_E_MEMORY, "no memory for %zu samples of touches", most);
    }
    for (uint32_t i = 0; i < train; i++)
        n = add_episode(&how, &recordings[i], rows, n);
    out->has_crumbling = pab__logistic_fit(rows, n, RIDGE, out->crumbling) == PAB_OK;
    report->label = out->has_crumbling ? how.label : PAB_LABEL_NONE;
    if (out->has_crumbling) {
        n = 0;
        for (uint32_t i = train; i < count; i++)
            n = add_episode(&how, &recordings[i], rows, n);
        evaluate(rows, n, pab__pair_of(scn)->crumbling, space, out, report);
    }
    pab__release(host, space, 2 * most * sizeof *space);
    pab__release(host, rows, most * sizeof *rows);
    return PAB_OK;
}
