/* Metrics of a finished episode. */
#include "env/executor.h"

#include <math.h>

#define TRACKING 0.5 /* bps per % of tracking error: the common objective */

/* Shortfall of a leg in ticks * shares, the charge for its residual and fees included. */
static double money_of(const pab__leg *leg)
{
    const pab__leg_account *l = &leg->account;
    double left = (double)pab__leg_leaves(leg) * pab__tracker_mid(&leg->tracker);
    double bench = (double)leg->parent_start * leg->arrival + l->bench;
    return pab__leg_sign(leg) * (l->paid + left - bench) + l->residual + l->fees;
}

static double vwap_money(const pab__leg *leg)
{
    double volume = (double)(leg->account.volume_seen - leg->account.volume_start);
    if (volume <= 0 || leg->filled == 0)
        return 0;
    return pab__leg_sign(leg) * (leg->account.paid - (double)leg->filled * leg->account.volume_money / volume);
}

/* A ratio of share counts of both legs, weighted by arrival prices; 0 where the denominator is 0. */
static double share(const pab__executor *x, const double of[2], const double in[2])
{
    double a = 0, b = 0;
    for (int i = 0; i < 2; i++) {
        a += of[i] * x->leg[i].arrival;
        b += in[i] * x->leg[i].arrival;
    }
    return b > 0 ? a / b : 0;
}

static void fill_shares(const pab__executor *x, pab_episode_metrics *m)
{
    double parent[2], filled[2], before[2], forced[2], left[2], passive[2], market[2];
    for (int i = 0; i < 2; i++) {
        const pab__leg *leg = &x->leg[i];
        parent[i] = (double)leg->parent;
        filled[i] = (double)leg->filled;
        before[i] = (double)leg->account.filled_at_end;
        forced[i] = (double)leg->account.forced;
        left[i] = (double)pab__leg_leaves(leg);
        passive[i] = (double)leg->account.passive;
        market[i] = fmax(filled[i], (double)(leg->account.volume_seen - leg->account.volume_start));
    }
    m->completion = share(x, before, parent);
    m->forced = share(x, forced, parent);
    m->residual = share(x, left, parent);
    m->passive = share(x, passive, filled);
    m->participation = share(x, filled, market);
}

static void fill_costs(const pab__executor *x, const pab_scenario *scn, pab_episode_metrics *m)
{
    double per_bp = 1e4 / x->notional, markout = 0, base = 0, ticks = 0;
    for (int i = 0; i < 2; i++) {
        const pab__leg *leg = &x->leg[i];
        double money = money_of(leg);
        ticks += money;
        m->leg_shortfall[i] = 1e4 * money / ((double)leg->parent_start * leg->arrival);
        m->cost_spread += per_bp * leg->account.spread;
        m->cost_impact += per_bp * leg->account.impact;
        m->cost_drift += per_bp * leg->account.drift;
        m->cost_fees += per_bp * leg->account.fees;
        m->vwap_slippage += per_bp * vwap_money(leg);
        markout += leg->account.markout;
        base += leg->account.markout_base;
    }
    m->shortfall = per_bp * ticks;
    m->shortfall_currency = ticks * pab__exchange_cents(&scn->exchange);
    m->markout = base > 0 ? 1e4 * markout / base : 0;
    m->legging = per_bp * x->legging;
}

void pab__metrics_compute(const pab__executor *x, const pab_scenario *scn, pab_episode_metrics *out)
{
    pab_episode_metrics m = {.struct_size = sizeof m, .truncated = x->truncated};
    fill_costs(x, scn, &m);
    fill_shares(x, &m);
    m.tracking_error = 100 * sqrt(x->hedge_sum / ((double)pab__pair_of(scn)->plan.horizon * 1e-9));
    m.hedge_max = x->hedge_max;
    m.hedge_cost = x->hedge_cost;
    m.risk_cost = x->risk_cost;
    m.terminal_cost = x->terminal_cost;
    m.pair_cost = m.shortfall + TRACKING * m.tracking_error;
    m.messages = x->messages;
    m.shielded = x->shielded;
    m.fills = x->fills;
    *out = m;
}
