/* Measuring signals: from what has reached the executor to natural units, in full precision. */
#include "env/signals.h"

#include "env/executor.h"

#include <math.h>

enum { BACK = 6 /* decisions */ };

/* What several signals of a leg are made of. */
typedef struct leg_source {
    const pab__executor *x;
    const pab_scenario *scn;
    const pab__leg *leg;
    const pab__tracker *tracker;
    const pab__reference *ref;
    double s, mid, spread; /* side, ticks, ticks */
    int i, near, far;      /* leg; sides of the book */
    double seconds;        /* of an interval */
    double volatility, spread_mean, spread_sd;
} leg_source;

static leg_source source_of(const pab__executor *x, const pab_scenario *scn, int i)
{
    const pab__leg *leg = &x->leg[i];
    const pab__tracker *tracker = &leg->tracker;
    const pab__reference *ref = &pab__pair_of(scn)->legs[i].ref;
    int near = leg->side == PAB_SELL;
    return (leg_source){
        .x = x, .scn = scn, .leg = leg, .tracker = tracker, .ref = ref,
        .s = pab__leg_sign(leg), .mid = pab__tracker_mid(tracker), .spread = pab__tracker_spread(tracker),
        .i = i, .near = near, .far = 1 - near,
        .seconds = (double)pab__pair_of(scn)->plan.interval * 1e-9,
        .volatility = pab__tracker_volatility(tracker),
        .spread_mean = pab__tracker_spread_mean(tracker, ref), .spread_sd = pab__tracker_spread_sd(tracker, ref),
    };
}

static double clip(double v, double a)
{
    return v < -a ? -a : v > a ? a : v;
}

/* --- A touch that crumbles --- */

void pab__crumble_measure(const pab__executor *x, int64_t interval, int i, int side, pab__crumble_side *out)
{
    const pab__tracker *s = &x->leg[i].tracker;
    int64_t seconds = (interval + PAB__SECOND - 1) / PAB__SECOND;
    double hit = (double)pab__tracker_volume(s, side == 0, seconds, x->samples);
    *out = (pab__crumble_side){
        .touch = (double)pab__tracker_shares(s, side, 1),
        .other = (double)pab__tracker_shares(s, 1 - side, 1),
        .depth3 = (double)pab__tracker_shares(s, side, 3),
        .hit = hit,
        .gone = fmax(0, (double)s->gone[side] - hit),
        .added = (double)s->added[side],
        .spread = pab__tracker_spread(s),
        .retreats = s->retreats[side] == 3 ? 1 : 0,
    };
}

void pab__crumble_inputs(const pab__crumble_side *s, const pab__reference *usual, double out[PAB__CRUMBLE_INPUTS])
{
    double deep = usual->depth3_mean;
    out[0] = clip(log((s->touch + 1) / (usual->touch_mean + 1)), 3);
    out[1] = clip(log((s->other + 1) / (usual->touch_mean + 1)), 3);
    out[2] = fmax(-1, fmin(3, (s->depth3 - deep) / (deep + 1)));
    out[3] = s->gone / (s->gone + s->added + 1);
    out[4] = fmin(3, log(1 + s->hit / (s->touch + 1)));
    out[5] = s->retreats;
    out[6] = clip((s->spread - usual->spread_mean) / (usual->spread_sd + 0.5), 3);
}

static double crumble(const pab__executor *x, const pab_scenario *scn, int i, int side, const pab__reference *usual)
{
    const double *c = pab__pair_of(scn)->crumbling;
    pab__crumble_side seen;
    double input[PAB__CRUMBLE_INPUTS], v = c[0];
    pab__crumble_measure(x, pab__pair_of(scn)->plan.interval, i, side, &seen);
    pab__crumble_inputs(&seen, usual, input);
    for (int k = 0; k < PAB__CRUMBLE_INPUTS; k++)
        v += c[k + 1] * input[k];
    return 1.0 / (1.0 + exp(-v));
}

static pab__reference usual_of(const pab__tracker *s, const pab__reference *r)
{
    return (pab__reference){.touch_mean = pab__tracker_touch_mean(s, r), .depth3_mean = pab__tracker_depth3_mean(s, r),
                            .spread_mean = pab__tracker_spread_mean(s, r), .spread_sd = pab__tracker_spread_sd(s, r)};
}

double pab__crumble_probability(const pab__executor *x, const pab_scenario *scn, int i, int side)
{
    pab__reference usual = usual_of(&x->leg[i].tracker, &pab__pair_of(scn)->legs[i].ref);
    return crumble(x, scn, i, side, &usual);
}

/* --- The market of a leg --- */

int pab__micro_price_row(double share, double spread, double mean)
{
    double wide = spread / fmax(1, mean);
    int row = share >= 1 ? PAB__MICRO_IMBALANCES - 1 : (int)(share * PAB__MICRO_IMBALANCES);
    return row * PAB__MICRO_SPREADS + (wide < 0.75 ? 0 : wide < 1.5 ? 1 : 2);
}

static void measure_imbalance(const leg_source *a, pab__leg_signals *out)
{
    /* exp(-k/2), k levels from the touch. */
    static const double weight[PAB__TRACKER_LEVELS] = {
        1.0, 0.6065306597126334, 0.36787944117144233, 0.22313016014842982, 0.1353352832366127,
        0.0820849986238988, 0.049787068367863944, 0.0301973834223185, 0.01831563888873418, 0.011108996538242306,
    };
    static const int levels[] = {1, 5, 10};
    double *const to[] = {&out->imbalance_1, &out->imbalance_5, &out->imbalance_10};
    double sum[2] = {0, 0};
    int k[2] = {0, 0};
    for (int d = 0; d < 3; d++) {
        for (int side = 0; side < 2; side++)
            for (; k[side] < levels[d] && k[side] < a->tracker->levels[side]; k[side]++)
                sum[side] += weight[k[side]] * (double)a->tracker->depth[side][k[side]].quantity;
        double all = sum[0] + sum[1];
        *to[d] = all > 0 ? a->s * (sum[0] - sum[1]) / all : 0;
    }
}

/* Where the mid is expected to settle, less the mid: ticks. */
static double micro_price(const leg_source *a)
{
    const pab__leg_plan *plan = &pab__pair_of(a->scn)->legs[a->i];
    double q_bid = (double)pab__tracker_shares(a->tracker, 0, 1), q_ask = (double)pab__tracker_shares(a->tracker, 1, 1);
    double share = q_bid / (q_bid + q_ask);
    if (plan->micro_count == 0)
        return (share - 0.5) * a->spread;
    return plan->micro_price[pab__micro_price_row(share, a->spread, a->spread_mean)];
}

static double momentum(const leg_source *a)
{
    double before = a->tracker->grid_mid[BACK];
    if (a->mid <= 0 || before <= 0)
        return 0;
    double move = a->s * log(a->mid / before) * 1e4;
    return move / (a->volatility * sqrt(BACK * a->seconds));
}

static double depth_ratio(const leg_source *a, int side)
{
    double usual = pab__tracker_depth5_mean(a->tracker, a->ref);
    return log(((double)pab__tracker_shares(a->tracker, side, 5) + 1) / (usual + 1));
}

static void measure_volume(const leg_source *a, pab__leg_signals *out)
{
    int64_t bought = pab__tracker_volume(a->tracker, 0, 30, a->x->samples);
    int64_t sold = pab__tracker_volume(a->tracker, 1, 30, a->x->samples);
    double b = (double)bought, s = (double)sold, usual = pab__tracker_volume_mean(a->tracker, a->ref);
    out->trade_flow = a->s * (b - s) / (b + s + 1);
    out->volume_ratio = log(((double)(bought + sold) + 1) / (30 * usual + 1));
}

static void measure_book(const leg_source *a, pab__leg_signals *out)
{
    const pab__reference usual = usual_of(a->tracker, a->ref);
    if (a->tracker->levels[0] > 0 && a->tracker->levels[1] > 0) {
        out->spread = 1e4 * a->spread / a->mid;
        out->spread_z = (a->spread - a->spread_mean) / (a->spread_sd + 0.5);
        out->micro_price = a->s * micro_price(a) / (a->spread / 2);
    }
    measure_imbalance(a, out);
    out->order_flow = tanh(a->s * a->tracker->flow / fmax(1, usual.touch_mean));
    out->volatility_ratio = a->volatility / pab__tracker_volatility_mean(a->tracker, a->ref);
    out->momentum = momentum(a);
    out->crumble_near = crumble(a->x, a->scn, a->i, a->near, &usual);
    out->crumble_far = crumble(a->x, a->scn, a->i, a->far, &usual);
    out->depth_near = depth_ratio(a, a->near);
    out->depth_far = depth_ratio(a, a->far);
    measure_volume(a, out);
}

/* --- The parent of a leg, and its own orders --- */

static void measure_order(const leg_source *a, pab__leg_signals *out)
{
    const pab__leg *leg = a->leg;
    double near = (double)pab__tracker_touch(a->tracker, a->near), working = (double)pab__leg_working(leg);
    if (!pab__leg_rests(leg)) {
        out->queue = 1;
        return;
    }
    if (near > 0)
        out->own_offset = a->s * (near - (double)leg->price) / fmax(1, a->spread);
    double ahead = leg->ahead < 0 ? 0 : (double)leg->ahead;
    out->queue = leg->ahead < 0 ? 1 : ahead / (ahead + fmax(1, working));
    out->age = (double)(a->x->now - leg->since) * 1e-9 / (5 * a->seconds);
}

static void measure_parent(const leg_source *a, pab__leg_signals *out)
{
    const pab__leg *leg = a->leg;
    double parent = (double)leg->parent, leaves = (double)pab__leg_leaves(leg);
    double left = fmax(1, a->x->steps - a->x->step), slice = ceil(leaves / left);
    double schedule = (double)a->x->step / (double)a->x->steps;
    double slip = a->s * (leg->account.paid - (double)leg->filled * leg->arrival) / (parent * leg->arrival);
    out->leaves = leaves / parent;
    out->schedule = (double)leg->filled / parent - schedule;
    out->working = slice > 0 ? (double)pab__leg_working(leg) / slice : 0;
    out->slippage = 1e4 * slip;
    out->drift = a->s * (a->mid - leg->arrival) / leg->arrival * 1e4;
}

/* --- The pair --- */

static void measure_hedge(const pab__executor *x, pab__pair_signals *out)
{
    double e = pab__executor_hedge_error(x), band = x->band;
    double a = (double)pab__leg_working(&x->leg[0]), b = (double)pab__leg_working(&x->leg[1]) / x->ratio;
    out->time = (double)x->step / (double)x->steps;
    out->hedge_error = e / band;
    out->hedge_size = fabs(e) / band;
    out->room_a = (band - e - a) / band;
    out->room_b = (band + e - b) / band;
}

static void measure_relation(const pab__executor *x, const pab_scenario *scn, pab__pair_signals *out)
{
    const pab__pair_tracker *c = &x->pair;
    double s = pab__leg_sign(&x->leg[0]), z = c->grid_z[0], beta = pab__pair_of(scn)->beta;
    double both = sqrt(c->slow[0] * c->slow[2]);
    double half[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        const pab__tracker *tracker = &x->leg[i].tracker;
        double mid = pab__tracker_mid(tracker);
        half[i] = mid > 0 ? 0.5e4 * pab__tracker_spread(tracker) / mid : 0;
    }
    out->residual_z = s * z;
    out->residual_change = s * (z - c->grid_z[BACK]);
    out->correlation = both > 0 ? c->slow[1] / both : 0;
    out->beta_change = c->slow[2] > 0 && beta != 0 ? c->slow[1] / c->slow[2] / beta - 1 : 0;
    out->spread_asymmetry = half[0] + half[1] > 0 ? (half[0] - half[1]) / (half[0] + half[1]) : 0;
}

static void measure_risk(const pab__executor *x, const pab_scenario *scn, const pab__leg_signals legs[2],
                         pab__pair_signals *out)
{
    double left = (double)(x->steps - x->step) * (double)pab__pair_of(scn)->plan.interval * 1e-9, slip = 0;
    const pab__leg_signals *a = &legs[0], *b = &legs[1];
    for (int i = 0; i < 2; i++) {
        const pab__leg *leg = &x->leg[i];
        slip += pab__leg_sign(leg) * (leg->account.paid - (double)leg->filled * leg->arrival);
    }
    out->risk = sqrt(pab__account_variance(x) * fmax(0, left));
    out->crumble = fmax(fmax(a->crumble_near, a->crumble_far), fmax(b->crumble_near, b->crumble_far));
    out->volatility_ratio = fmax(a->volatility_ratio, b->volatility_ratio);
    out->slippage = 1e4 * slip / x->notional;
}

void pab__signals_measure(const pab__executor *x, const pab_scenario *scn, pab__signals *out)
{
    *out = (pab__signals){0};
    for (int i = 0; i < PAB_ENV_LEGS; i++) {
        leg_source source = source_of(x, scn, i);
        measure_book(&source, &out->leg[i]);
        measure_order(&source, &out->leg[i]);
        measure_parent(&source, &out->leg[i]);
    }
    measure_hedge(x, &out->pair);
    measure_relation(x, scn, &out->pair);
    measure_risk(x, scn, out->leg, &out->pair);
}
