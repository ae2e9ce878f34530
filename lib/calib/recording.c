/* Recording a market without trading in it: the executor tracks its books and holds. */
#include <pairsabides/validity.h>

#include "calib/calib.h"
#include "scenario/extension.h"

#define TOUCH_EVERY INT64_C(250000000) /* ns between samples of the touches, or a little more */
enum { PARTS_MAX = 20 };

pab__recording_plan pab__recording_plan_of(const pab_scenario *scn)
{
    const pab__pair_plan *p = &pab__pair_of(scn)->plan;
    int64_t parts = p->interval / TOUCH_EVERY;
    int64_t buckets = (p->warmup + p->horizon + PAB__PROFILE_BUCKET - 1) / PAB__PROFILE_BUCKET;
    return (pab__recording_plan){
        .steps = (uint32_t)(p->horizon / p->interval),
        .parts = parts < 1 ? 1 : parts > PARTS_MAX ? PARTS_MAX : (uint32_t)parts,
        .buckets = buckets < PAB__PROFILE_MAX ? (uint32_t)buckets : PAB__PROFILE_MAX,
    };
}

typedef struct recorder {
    pab_market *market;
    const pab__recording_plan *plan;
    pab__recording *out;
    int64_t open, interval;
    uint32_t bucket; /* that is filling */
    double seen[2];  /* volume at the start of that bucket, shares */
} recorder;

static double volume_of(const recorder *w, int leg)
{
    const pab__tracker *s = &pab__executor_of(w->market)->leg[leg].tracker;
    return (double)(s->bought + s->sold);
}

/* Runs to `time`, stopping where a bucket of the profile ends. */
static pab_status run_to(recorder *w, int64_t time)
{
    pab_status status = PAB_OK;
    while (status == PAB_OK && w->bucket < w->plan->buckets) {
        int64_t mark = w->open + (int64_t)(w->bucket + 1) * PAB__PROFILE_BUCKET;
        if (mark > time)
            break;
        status = pab_market_run(w->market, mark, NULL);
        for (int leg = 0; status == PAB_OK && leg < 2; leg++) {
            double volume = volume_of(w, leg);
            w->out->profile[leg][w->bucket] = volume - w->seen[leg];
            w->seen[leg] = volume;
        }
        w->bucket++;
    }
    return status == PAB_OK ? pab_market_run(w->market, time, NULL) : status;
}

static void sample_touches(recorder *w, uint32_t index)
{
    const pab__executor *x = pab__executor_of(w->market);
    for (int leg = 0; leg < 2; leg++) {
        const pab__tracker *s = &x->leg[leg].tracker;
        double bid = (double)pab__tracker_shares(s, 0, 1), ask = (double)pab__tracker_shares(s, 1, 1);
        w->out->touch[leg][index] = (pab__touch_sample){
            .bid = (double)pab__tracker_touch(s, 0),
            .ask = (double)pab__tracker_touch(s, 1),
            .share = bid + ask > 0 ? bid / (bid + ask) : 0.5,
        };
    }
}

/* As at a decision, including that the counts of the interval start over. */
static void sample_decision(recorder *w, uint32_t step)
{
    pab__executor *x = pab__executor_of(w->market);
    for (int leg = 0; leg < 2; leg++) {
        pab__decision_sample *l = &w->out->decision[leg][step];
        pab__tracker *s = &x->leg[leg].tracker;
        *l = (pab__decision_sample){.volatility = pab__tracker_volatility(s)};
        for (int side = 0; side < 2; side++) {
            pab__crumble_measure(x, w->interval, leg, side, &l->side[side]);
            l->depth5[side] = (double)pab__tracker_shares(s, side, 5);
        }
        pab__tracker_interval(s);
    }
}

static pab_status note_withdrawals(recorder *w, uint32_t step)
{
    const pab__executor *x = pab__executor_of(w->market);
    pab_status status = PAB_OK;
    for (int n = 0; n < 4 && status == PAB_OK; n++) {
        int leg = n / 2, side = n % 2;
        int32_t makers = 0;
        status = pab_market_withdrawn(w->market, (uint32_t)x->leg[leg].symbol, side == 0 ? PAB_BUY : PAB_SELL, &makers);
        w->out->decision[leg][step].on[side] |= makers > 0;
    }
    return status;
}

static pab_status record_step(recorder *w, uint32_t step, int64_t start)
{
    const uint32_t parts = w->plan->parts;
    pab_status status = PAB_OK;
    sample_decision(w, step);
    for (uint32_t j = 1; j <= parts && status == PAB_OK; j++) {
        status = run_to(w, start + w->interval * j / parts);
        if (status != PAB_OK)
            break;
        sample_touches(w, step * parts + j);
        status = note_withdrawals(w, step);
    }
    return status;
}

static int32_t withdraws(const pab_scenario *scn)
{
    for (uint32_t i = 0; i < scn->group_count; i++) {
        const pab__group *g = &scn->groups[i];
        if (g->builtin && g->builtin->maker && g->common.count > 0 && g->builtin->maker->withdraws(g->params))
            return 1;
    }
    return 0;
}

pab_status pab__recording_episode(pab_market *market, const pab__recording_plan *plan, uint64_t seed,
                                  pab__recording *out)
{
    const pab_scenario *scn = market->scn;
    const pab__pair_plan *p = &pab__pair_of(scn)->plan;
    recorder w = {.market = market, .plan = plan, .out = out, .open = scn->clock.market_open, .interval = p->interval};
    int64_t start = w.open + p->warmup;
    double before[2];
    pab_status status = pab_market_reset(market, seed);
    if (status == PAB_OK)
        status = run_to(&w, start);
    if (status != PAB_OK)
        return status;
    out->withdraws = withdraws(scn);
    for (int leg = 0; leg < 2; leg++)
        before[leg] = volume_of(&w, leg);
    sample_touches(&w, 0);
    for (uint32_t k = 0; k < plan->steps && status == PAB_OK; k++)
        status = record_step(&w, k, start + w.interval * k);
    /* The last bucket may end after the horizon. */
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++) {
        out->volume[leg] = volume_of(&w, leg) - before[leg];
        if (w.bucket < plan->buckets)
            out->profile[leg][w.bucket] = volume_of(&w, leg) - w.seen[leg];
    }
    return status;
}
