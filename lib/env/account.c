/* Accounting of an episode, fill by fill and second by second: shortfall, hedge error, risk and the reward's terms. */
#include "env/executor.h"

#include <math.h>

#define RISK 0.02       /* lambda_R, 1/bps */
#define FORCED 5.0      /* bps per share of the notional that liquidation traded */
#define RESIDUAL 50.0   /* bps per share of the notional that never traded, and its charge in the price */
#define UNHEDGED 500.0  /* bps at h = 1 */

static double bps(const pab__executor *x, double money)
{
    return 1e4 * money / x->notional;
}

/* --- Arrival --- */

/* Shares of B per share of A at the present prices. */
static double ratio_of(const pab__executor *x, const pab__pair_plan *plan)
{
    double prices = pab__tracker_mid(&x->leg[0].tracker) / pab__tracker_mid(&x->leg[1].tracker);
    if (plan->hedge == PAB_HEDGE_SHARE)
        return fabs(plan->ratio);
    return plan->hedge == PAB_HEDGE_BETA ? fabs(plan->ratio) * prices : prices;
}

/* Nearest whole number of shares, at least one and few enough for sums to stay exact. */
static int64_t whole(double shares)
{
    double n = nearbyint(shares);
    return n < 1 ? 1 : n > 1e12 ? (int64_t)1e12 : (int64_t)n;
}

static void set_ratio(pab__executor *x, const pab__pair_plan *plan)
{
    double parent = (double)x->leg[0].parent;
    x->ratio = (double)x->leg[1].parent / parent;
    x->band = fmax(plan->band * parent, fmax(2.0, 2.0 / x->ratio));
}

void pab__account_fix(pab__executor *x, const pab_scenario *scn)
{
    const pab__pair_plan *plan = &pab__pair_of(scn)->plan;
    x->leg[1].parent = whole(ratio_of(x, plan) * (double)x->leg[0].parent);
    x->notional = 0;
    for (int i = 0; i < 2; i++) {
        pab__leg *leg = &x->leg[i];
        leg->parent_start = leg->parent;
        leg->arrival = pab__tracker_mid(&leg->tracker);
        leg->account.volume_start = leg->account.volume_seen = leg->tracker.bought + leg->tracker.sold;
        x->notional += (double)leg->parent * leg->arrival;
    }
    set_ratio(x, plan);
    x->hedge_time = x->start;
    x->end = x->start + plan->horizon;
}

void pab__account_ratio(pab__executor *x, const pab_scenario *scn)
{
    const pab__pair_plan *plan = &pab__pair_of(scn)->plan;
    pab__leg *b = &x->leg[1];
    if (plan->ratio_mode != PAB__RATIO_LIVE)
        return;
    int64_t parent = whole(ratio_of(x, plan) * (double)x->leg[0].parent), most = b->parent_start + b->parent_start / 4;
    int64_t least = b->filled + pab__leg_working(b);
    parent = parent > most ? most : parent;
    parent = parent < least ? least : parent;
    double change = (double)(parent - b->parent), mid = pab__tracker_mid(&b->tracker);
    b->account.bench += change * mid;
    b->account.drift -= pab__leg_sign(b) * change * (mid - b->arrival);
    b->parent = parent;
    set_ratio(x, plan);
}

/* --- One step --- */

double pab__account_variance(const pab__executor *x)
{
    const double *c = x->pair.covariance;
    double w[2];
    for (int i = 0; i < 2; i++) {
        const pab__leg *leg = &x->leg[i];
        w[i] = pab__leg_sign(leg) * (double)pab__leg_leaves(leg) * pab__tracker_mid(&leg->tracker) / x->notional;
    }
    double variance = w[0] * w[0] * c[0] + 2 * w[0] * w[1] * c[1] + w[1] * w[1] * c[2];
    return variance > 0 ? variance : 0;
}

/* Adds h^2 up to `now`; the horizon ends it. */
static void add_hedge(pab__executor *x, int64_t now)
{
    if (now > x->end)
        now = x->end;
    if (now <= x->hedge_time)
        return;
    double h = pab__executor_hedge_fraction(x);
    x->hedge_sum += h * h * (double)(now - x->hedge_time) * 1e-9;
    x->hedge_time = now;
}

static void note_hedge(pab__executor *x)
{
    double h = fabs(pab__executor_hedge_fraction(x)), band = fabs(pab__executor_hedge_error(x)) / x->band;
    x->hedge_max = fmax(x->hedge_max, h);
    x->outcome.hedge_max = fmax(x->outcome.hedge_max, h);
    x->outcome.band_max = fmax(x->outcome.band_max, band);
}

void pab__account_begin(pab__executor *x, int64_t now)
{
    for (int i = 0; i < 2; i++) {
        pab__leg *leg = &x->leg[i];
        leg->account.step_mid = pab__tracker_mid(&leg->tracker);
        leg->account.step_leaves = pab__leg_leaves(leg);
        leg->account.step_paid = leg->account.step_captured = leg->account.step_fees = 0;
        leg->account.step_shares = 0;
        pab__tracker_interval(&leg->tracker);
    }
    add_hedge(x, now);
    x->hedge_mark = x->hedge_sum;
    x->step_error = pab__executor_hedge_error(x);
    x->step_variance = pab__account_variance(x);
    x->step_fills = x->fills;
    note_hedge(x);
}

/* Splits a fill's cost: drift of the mid since arrival, spread, and impact (beyond the touch). */
static void split(pab__leg *leg, double price, double shares, int passive)
{
    double mid = pab__tracker_mid(&leg->tracker), half = 0.5 * pab__tracker_spread(&leg->tracker);
    double s = pab__leg_sign(leg);
    double over = s * (price - mid);
    leg->account.drift += s * shares * (mid - leg->arrival);
    leg->account.spread += shares * (passive ? over : half);
    leg->account.impact += shares * (passive ? 0 : over - half);
}

void pab__account_fill(pab__executor *x, int i, int64_t now, int64_t price, int64_t quantity, int passive, double fee)
{
    pab__leg *leg = &x->leg[i];
    pab__leg_account *l = &leg->account;
    double p = (double)price, q = (double)quantity, s = pab__leg_sign(leg);
    add_hedge(x, now);
    leg->filled += quantity;
    note_hedge(x);
    l->paid += q * p;
    l->step_paid += q * p;
    l->fees += q * fee;
    l->step_fees += q * fee;
    l->step_shares += quantity;
    l->step_captured += q * fmax(0, s * (l->step_mid - p));
    l->passive += passive ? quantity : 0;
    l->forced += x->phase == PAB__PHASE_CLOSE ? quantity : 0;
    split(leg, p, q, passive);
    leg->waiting_shares[0] += quantity;
    leg->waiting_paid[0] += q * p;
    x->fill[x->fills % PAB_ENV_FILLS_KEPT] = (pab__fill_record){now, price, quantity * 4 + (passive ? 2 : 0) + i};
    x->fills++;
}

/* Marks fills to a mid: how far the price went our way since. */
static void mark(pab__leg *leg, int64_t shares, double paid)
{
    leg->account.markout += pab__leg_sign(leg) * ((double)shares * pab__tracker_mid(&leg->tracker) - paid);
    leg->account.markout_base += paid;
}

/* The market's volume, valued at the last trade: the feed has no prices of others' trades. */
static void add_volume(pab__leg *leg)
{
    int64_t volume = leg->tracker.bought + leg->tracker.sold;
    leg->account.volume_money += (double)(volume - leg->account.volume_seen) * (double)leg->tracker.last_trade;
    leg->account.volume_seen = volume;
}

void pab__account_sample(pab__executor *x)
{
    for (int i = 0; i < 2; i++) {
        pab__leg *leg = &x->leg[i];
        add_volume(leg);
        mark(leg, leg->waiting_shares[PAB__MARKOUT_SECONDS - 1], leg->waiting_paid[PAB__MARKOUT_SECONDS - 1]);
        for (int k = PAB__MARKOUT_SECONDS - 1; k > 0; k--) {
            leg->waiting_shares[k] = leg->waiting_shares[k - 1];
            leg->waiting_paid[k] = leg->waiting_paid[k - 1];
        }
        leg->waiting_shares[0] = 0;
        leg->waiting_paid[0] = 0;
    }
}

/* --- The X term --- */

static double adverse_selection(const pab__executor *x, int i)
{
    double sum = 0, mid = pab__tracker_mid(&x->leg[i].tracker), s = pab__leg_sign(&x->leg[i]);
    int64_t first = x->fills - x->step_fills > PAB_ENV_FILLS_KEPT ? x->fills - PAB_ENV_FILLS_KEPT : x->step_fills;
    for (int64_t n = first; n < x->fills; n++) {
        const pab__fill_record *f = &x->fill[n % PAB_ENV_FILLS_KEPT];
        if ((f->what & 1) == i && (f->what & 2))
            sum += (double)(f->what / 4) * fmax(0, s * ((double)f->price - mid));
    }
    return bps(x, sum);
}

static double exposure(const pab__executor *x, const pab_scenario *scn, int i)
{
    const pab__tracker *s = &x->leg[i].tracker;
    double ratio = pab__tracker_volatility(s) / pab__tracker_volatility_mean(s, &pab__pair_of(scn)->legs[i].ref);
    return (double)pab__leg_working(&x->leg[i]) / (double)x->leg[i].parent * fmax(0, tanh(log(ratio)));
}

static double extra(const pab__executor *x, const pab_scenario *scn, int i)
{
    switch (x->weights.adverse) {
    case PAB_X_ADVERSE_SELECTION:
        return adverse_selection(x, i);
    case PAB_X_BAND:
        return 0.5 * fmax(0, x->outcome.band_max - 0.5);
    case PAB_X_SPREAD_CAPTURE:
        return -bps(x, x->leg[i].account.step_captured);
    case PAB_X_EXPOSURE:
        return exposure(x, scn, i);
    default:
        return 0;
    }
}

/* --- The end of a step, and of the episode --- */

/* Legging: while the hedge error is not 0, the pair gains or loses with the market. */
static void add_legging(pab__executor *x)
{
    int i = x->step_error > 0 ? 0 : 1;
    const pab__leg *leg = &x->leg[i];
    double shares = i == 0 ? x->step_error : -x->step_error * x->ratio;
    x->legging += pab__leg_sign(leg) * shares * (pab__tracker_mid(&leg->tracker) - leg->account.step_mid);
}

static double leg_shortfall(const pab__executor *x, int i)
{
    const pab__leg *leg = &x->leg[i];
    const pab__leg_account *l = &leg->account;
    double mid = pab__tracker_mid(&leg->tracker), leaves = (double)(l->step_leaves - l->step_shares);
    double traded = l->step_paid - (double)l->step_shares * l->step_mid;
    return bps(x, pab__leg_sign(leg) * (traded + leaves * (mid - l->step_mid))) + bps(x, l->step_fees);
}

void pab__account_end(pab__executor *x, const pab_scenario *scn, int64_t now)
{
    double interval = (double)pab__pair_of(scn)->plan.interval * 1e-9;
    add_hedge(x, now);
    for (int i = 0; i < 2; i++) {
        x->outcome.shortfall[i] += leg_shortfall(x, i);
        x->outcome.fees[i] += bps(x, x->leg[i].account.step_fees);
        x->outcome.extra[i] += x->phase == PAB__PHASE_RUN ? extra(x, scn, i) : 0;
    }
    add_legging(x);
    if (x->phase != PAB__PHASE_RUN)
        return;
    double square = (x->hedge_sum - x->hedge_mark) / interval, risk = RISK * interval * x->step_variance;
    x->outcome.hedge_square = square;
    x->outcome.hedge += 100.0 / (double)x->steps * square;
    x->outcome.risk += risk;
    x->hedge_cost += 100.0 / (double)x->steps * square;
    x->risk_cost += risk;
}

/* Shares that never traded are charged at the mid plus the usual half-spread and a penalty. */
static void charge_residual(pab__executor *x, int i, const pab__reference *ref)
{
    pab__leg *leg = &x->leg[i];
    double leaves = (double)pab__leg_leaves(leg), mid = pab__tracker_mid(&leg->tracker);
    leg->account.residual = leaves * mid * (pab__tracker_half_spread(&leg->tracker, ref) + RESIDUAL) * 1e-4;
    leg->account.drift += pab__leg_sign(leg) * leaves * (mid - leg->arrival);
    leg->account.impact += leg->account.residual;
    x->outcome.shortfall[i] += bps(x, leg->account.residual);
}

void pab__account_close(pab__executor *x, const pab_scenario *scn)
{
    double forced = 0, residual = 0, done[2];
    for (int i = 0; i < 2; i++) {
        pab__leg *leg = &x->leg[i];
        charge_residual(x, i, &pab__pair_of(scn)->legs[i].ref);
        add_volume(leg);
        for (int k = 0; k < PAB__MARKOUT_SECONDS; k++)
            mark(leg, leg->waiting_shares[k], leg->waiting_paid[k]);
        forced += (double)leg->account.forced * leg->arrival;
        residual += (double)pab__leg_leaves(leg) * leg->arrival;
        done[i] = (double)leg->account.filled_at_end / (double)leg->parent;
    }
    double h = done[0] - done[1];
    x->outcome.terminal = (FORCED * forced + RESIDUAL * residual) / x->notional + UNHEDGED * h * h;
    x->terminal_cost = x->outcome.terminal;
}
