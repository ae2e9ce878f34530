/* The observation: 23 features of each leg, then 14 of the pair, from what has reached the executor. The table of
 * names, units and bounds is features.c. */
#include "env/executor.h"

#include <math.h>

enum { LEG_FEATURES = 23, PAIR_FEATURES = 14, BACK = 6 /* decisions */ };

_Static_assert(2 * LEG_FEATURES + PAIR_FEATURES == PAB_ENV_OBSERVATIONS, "two legs and the pair");

/* What several features of a leg are made of. */
typedef struct angle {
    const pab__executor *x;
    const pab_scenario *scn;
    const pab__leg *leg;
    const pab__sight *sight;
    const pab__reference *ref;
    double s, mid, spread; /* side, ticks, ticks */
    int i, near, far;      /* leg; sides of the book */
    double seconds;        /* of an interval */
} angle;

static angle angle_of(const pab__executor *x, const pab_scenario *scn, int i)
{
    const pab__leg *leg = &x->leg[i];
    int near = leg->side == PAB_SELL;
    return (angle){x, scn, leg, &leg->sight, &pab__pair_of(scn)->legs[i].ref, pab__sign(leg), pab__mid_of(&leg->sight),
                   pab__spread_of(&leg->sight), i, near, 1 - near, (double)pab__pair_of(scn)->plan.interval * 1e-9};
}

static double clip(double v, double a)
{
    return v < -a ? -a : v > a ? a : v;
}

static double sigmoid(double v)
{
    return 1.0 / (1.0 + exp(-v));
}

/* --- The market of a leg --- */

void pab__crumbling_see(const pab__executor *x, int64_t interval, int i, int side, pab__crumble_seen *out)
{
    const pab__sight *s = &x->leg[i].sight;
    int64_t seconds = (interval + PAB__SECOND - 1) / PAB__SECOND;
    double hit = (double)pab__sight_volume(s, side == 0, seconds, x->samples);
    *out = (pab__crumble_seen){
        .touch = (double)pab__shares_of(s, side, 1),
        .other = (double)pab__shares_of(s, 1 - side, 1),
        .depth3 = (double)pab__shares_of(s, side, 3),
        .hit = hit,
        .gone = fmax(0, (double)s->gone[side] - hit),
        .added = (double)s->added[side],
        .spread = pab__spread_of(s),
        .retreats = s->retreats[side] == 3 ? 1 : 0,
    };
}

void pab__crumbling_inputs(const pab__crumble_seen *s, const pab__reference *usual, double out[PAB__CRUMBLE_INPUTS])
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

/* Probability that a side withdraws, after IEX's crumbling quote indicator, for one book. */
double pab__crumbling(const pab__executor *x, const pab_scenario *scn, int i, int side)
{
    const pab__sight *s = &x->leg[i].sight;
    const pab__reference *r = &pab__pair_of(scn)->legs[i].ref;
    const double *c = pab__pair_of(scn)->crumbling;
    pab__reference usual = {.touch_mean = pab__touch_mean(s, r), .depth3_mean = pab__depth3_mean(s, r),
                            .spread_mean = pab__spread_mean(s, r), .spread_sd = pab__spread_sd(s, r)};
    pab__crumble_seen seen;
    double input[PAB__CRUMBLE_INPUTS], v = c[0];
    pab__crumbling_see(x, pab__pair_of(scn)->plan.interval, i, side, &seen);
    pab__crumbling_inputs(&seen, &usual, input);
    for (int k = 0; k < PAB__CRUMBLE_INPUTS; k++)
        v += c[k + 1] * input[k];
    return sigmoid(v);
}

int pab__micro_row(double share, double spread, double mean)
{
    double wide = spread / fmax(1, mean);
    int row = share >= 1 ? PAB__MICRO_IMBALANCES - 1 : (int)(share * PAB__MICRO_IMBALANCES);
    return row * PAB__MICRO_SPREADS + (wide < 0.75 ? 0 : wide < 1.5 ? 1 : 2);
}

static double imbalance(const angle *a, int levels)
{
    /* exp(-k/2), k levels from the touch. */
    static const double weight[PAB__DEPTH] = {
        1.0, 0.6065306597126334, 0.36787944117144233, 0.22313016014842982, 0.1353352832366127,
        0.0820849986238988, 0.049787068367863944, 0.0301973834223185, 0.01831563888873418, 0.011108996538242306,
    };
    double sum[2] = {0, 0};
    for (int side = 0; side < 2; side++)
        for (int k = 0; k < levels && k < a->sight->levels[side]; k++)
            sum[side] += weight[k] * (double)a->sight->depth[side][k].quantity;
    double all = sum[0] + sum[1];
    return all > 0 ? a->s * (sum[0] - sum[1]) / all : 0;
}

/* Where the mid is expected to settle, less the mid: ticks. */
static double micro_price(const angle *a)
{
    const pab__leg_plan *plan = &pab__pair_of(a->scn)->legs[a->i];
    double q_bid = (double)pab__shares_of(a->sight, 0, 1), q_ask = (double)pab__shares_of(a->sight, 1, 1);
    double share = q_bid / (q_bid + q_ask);
    if (plan->micro_count == 0)
        return (share - 0.5) * a->spread;
    return plan->micro_price[pab__micro_row(share, a->spread, pab__spread_mean(a->sight, a->ref))];
}

static double volatility_ratio(const angle *a)
{
    return tanh(log(pab__volatility(a->sight) / pab__volatility_mean(a->sight, a->ref)));
}

static double momentum(const angle *a)
{
    double before = a->sight->grid_mid[BACK];
    if (a->mid <= 0 || before <= 0)
        return 0;
    double move = a->s * log(a->mid / before) * 1e4;
    return clip(move / (pab__volatility(a->sight) * sqrt(BACK * a->seconds)), 3) / 3;
}

static double volume_ratio(const angle *a)
{
    double v = (double)(pab__sight_volume(a->sight, 0, 30, a->x->samples) +
                        pab__sight_volume(a->sight, 1, 30, a->x->samples));
    return clip(log((v + 1) / (30 * pab__volume_mean(a->sight, a->ref) + 1)), 2) / 2;
}

static double depth_ratio(const angle *a, int side)
{
    double usual = pab__depth5_mean(a->sight, a->ref);
    return clip(log(((double)pab__shares_of(a->sight, side, 5) + 1) / (usual + 1)), 2) / 2;
}

static double flow_imbalance(const angle *a)
{
    double bought = (double)pab__sight_volume(a->sight, 0, 30, a->x->samples);
    double sold = (double)pab__sight_volume(a->sight, 1, 30, a->x->samples);
    return a->s * (bought - sold) / (bought + sold + 1);
}

static void market_features(const angle *a, float *out)
{
    const pab__reference *r = a->ref;
    int both = a->sight->levels[0] > 0 && a->sight->levels[1] > 0;
    double mean = pab__spread_mean(a->sight, r), sd = pab__spread_sd(a->sight, r);
    if (both) {
        out[6] = (float)fmin(1, log(1 + 1e4 * a->spread / a->mid) / log(51));
        out[7] = (float)(clip((a->spread - mean) / (sd + 0.5), 3) / 3);
        out[11] = (float)clip(a->s * micro_price(a) / (a->spread / 2), 1);
    }
    out[8] = (float)imbalance(a, 1);
    out[9] = (float)imbalance(a, 5);
    out[10] = (float)imbalance(a, 10);
    out[12] = (float)flow_imbalance(a);
    out[13] = (float)tanh(a->s * a->sight->flow / fmax(1, pab__touch_mean(a->sight, r)));
    out[14] = (float)volatility_ratio(a);
    out[15] = (float)momentum(a);
    out[16] = (float)pab__crumbling(a->x, a->scn, a->i, a->near);
    out[17] = (float)pab__crumbling(a->x, a->scn, a->i, a->far);
    out[18] = (float)depth_ratio(a, a->near);
    out[19] = (float)depth_ratio(a, a->far);
    out[20] = (float)volume_ratio(a);
}

/* --- The parent of a leg --- */

static void order_features(const angle *a, float *out)
{
    const pab__leg *leg = a->leg;
    double near = (double)pab__touch_of(a->sight, a->near), working = (double)pab__working(leg);
    if (!pab__rests(leg)) {
        out[4] = 1;
        return;
    }
    if (near > 0) {
        double offset = a->s * (near - (double)leg->price) / fmax(1, a->spread);
        out[3] = (float)(fmax(-1, fmin(3, offset)) / 3);
    }
    double ahead = leg->ahead < 0 ? 0 : (double)leg->ahead;
    out[4] = (float)(leg->ahead < 0 ? 1 : ahead / (ahead + fmax(1, working)));
    out[5] = (float)fmin(1, (double)(a->x->now - leg->since) * 1e-9 / (5 * a->seconds));
}

static void parent_features(const angle *a, float *out)
{
    const pab__leg *leg = a->leg;
    double parent = (double)leg->parent, leaves = (double)pab__leaves(leg);
    double left = fmax(1, a->x->steps - a->x->step), slice = ceil(leaves / left);
    double schedule = (double)a->x->step / (double)a->x->steps;
    double slip = a->s * (leg->ledger.paid - (double)leg->filled * leg->arrival) / (parent * leg->arrival);
    out[0] = (float)(leaves / parent);
    out[1] = (float)clip(4 * ((double)leg->filled / parent - schedule), 1);
    out[2] = (float)(slice > 0 ? fmin(1, (double)pab__working(leg) / (4 * slice)) : 0);
    out[21] = (float)clip(1e4 * slip / 20, 1);
    out[22] = (float)clip(a->s * (a->mid - leg->arrival) / leg->arrival * 1e4 / 20, 1);
}

/* --- The pair --- */

static void hedge_features(const pab__executor *x, float *out)
{
    double e = pab__hedge_error(x), band = x->band;
    double a = (double)pab__working(&x->leg[0]), b = (double)pab__working(&x->leg[1]) / x->ratio;
    out[0] = (float)((double)x->step / (double)x->steps);
    out[1] = (float)clip(e / band, 1);
    out[2] = (float)clip(fabs(e) / band, 1);
    out[3] = (float)fmax(0, fmin(1, (band - e - a) / (2 * band)));
    out[4] = (float)fmax(0, fmin(1, (band + e - b) / (2 * band)));
}

static void relation_features(const pab__executor *x, const pab_scenario *scn, float *out)
{
    const pab__couple *c = &x->couple;
    double s = pab__sign(&x->leg[0]), z = c->grid_z[0], beta = pab__pair_of(scn)->beta;
    double both = sqrt(c->slow[0] * c->slow[2]);
    double half[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        const pab__sight *sight = &x->leg[i].sight;
        double mid = pab__mid_of(sight);
        half[i] = mid > 0 ? 0.5e4 * pab__spread_of(sight) / mid : 0;
    }
    out[5] = (float)clip(s * z / 4, 1);
    out[6] = (float)clip(s * (z - c->grid_z[BACK]) / 2, 1);
    out[7] = (float)(both > 0 ? clip(c->slow[1] / both, 1) : 0);
    out[8] = (float)(c->slow[2] > 0 && beta != 0 ? clip(c->slow[1] / c->slow[2] / beta - 1, 1) : 0);
    out[9] = (float)(half[0] + half[1] > 0 ? (half[0] - half[1]) / (half[0] + half[1]) : 0);
}

static void risk_features(const pab__executor *x, const pab_scenario *scn, const float *legs, float *out)
{
    double left = (double)(x->steps - x->step) * (double)pab__pair_of(scn)->plan.interval * 1e-9, slip = 0;
    const float *a = legs, *b = legs + LEG_FEATURES;
    for (int i = 0; i < 2; i++) {
        const pab__leg *leg = &x->leg[i];
        slip += pab__sign(leg) * (leg->ledger.paid - (double)leg->filled * leg->arrival);
    }
    out[10] = (float)fmin(1, sqrt(pab__account_variance(x) * fmax(0, left)) / 50);
    out[11] = fmaxf(fmaxf(a[16], a[17]), fmaxf(b[16], b[17]));
    out[12] = fmaxf(a[14], b[14]);
    out[13] = (float)clip(1e4 * slip / x->notional / 20, 1);
}

void pab__observe(const pab__executor *x, const pab_scenario *scn, float out[PAB_ENV_OBSERVATIONS])
{
    for (int k = 0; k < PAB_ENV_OBSERVATIONS; k++)
        out[k] = 0;
    for (int i = 0; i < 2; i++) {
        angle a = angle_of(x, scn, i);
        float *leg = out + i * LEG_FEATURES;
        market_features(&a, leg);
        order_features(&a, leg);
        parent_features(&a, leg);
    }
    float *pair = out + 2 * LEG_FEATURES;
    hedge_features(x, pair);
    relation_features(x, scn, pair);
    risk_features(x, scn, out, pair);
    for (int k = 0; k < PAB_ENV_OBSERVATIONS; k++)
        if (!isfinite(out[k]))
            out[k] = 0;
}
