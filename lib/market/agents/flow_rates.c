/* What may happen next at a leg: twelve rates, a clock for their sum. */
#include "market/agents/flow.h"

static int bin_of(double share)
{
    int bin = (int)(share * PAB__FLOW_BINS);
    return bin < PAB__FLOW_BINS ? bin : PAB__FLOW_BINS - 1;
}

/* Powers of a side's queue, relative to what is usual now. */
void pab__flow_measure(pab__flow_leg *l, uint32_t side, int64_t shares)
{
    pab__flow *s = l->s;
    if (s->queue[side] == shares)
        return;
    double lq = pab__quick_log((double)shares / s->depth_factor);
    s->queue[side] = shares;
    s->add_power[side] = pab__quick_exp(-l->p->add_power * lq);
    s->cancel_power[side] = pab__quick_exp(l->p->cancel_power * lq);
}

/* Hazard of a side's fall, but for what the gap does to it. */
static double fall_rate(const pab__flow_leg *l, uint32_t side, int bin)
{
    const pab__flow *s = l->s;
    const pab__flow_params *p = l->p;
    double h = (s->fall[side] + p->fall_alone) * p->tables.fall[bin];
    if (l->sibling && l->sibling->moved == (side == 1 ? 1 : -1) && l->now - l->sibling->moved_time < p->other_memory)
        h *= p->fall_other;
    if (s->hits[side] > 2.5)
        h *= p->fall_burst;
    return (h < p->fall_cap ? h : p->fall_cap) * s->news_sd;
}

/* Of the level behind the best one: what is added goes where little lies, what is cancelled where there is much. */
static void rates_behind(pab__flow_leg *l, uint32_t side, const pab__price_level *best)
{
    int64_t shares = 1;
    if (best->next != PAB__NONE && pab__level_at(l->at.book, best->next)->key == best->key + 1)
        shares = pab__level_at(l->at.book, best->next)->total;
    if (l->s->behind[side] == shares)
        return;
    l->s->behind[side] = shares;
    double fill = (double)(shares < 1 ? 1 : shares) / (l->p->depth * l->p->thickness);
    l->s->rate[PAB__FLOW_ADD_BEHIND + side] = l->p->behind_rate / sqrt(fill);
    l->s->rate[PAB__FLOW_CANCEL_BEHIND + side] = l->p->behind_rate * fill;
}

static void rates_of_side(pab__flow_leg *l, uint32_t side, int bin, int64_t spread)
{
    pab__flow *s = l->s;
    const pab__flow_tables *t = &l->p->tables;
    s->rate[PAB__FLOW_ADD + side] = s->falling[side] ? 0 : t->add[bin] * s->add_power[side] * s->lean[0][side];
    s->rate[PAB__FLOW_CANCEL + side] = t->cancel[bin] * s->cancel_power[side] * s->lean[1][side];
    s->rate[PAB__FLOW_TRADE + side] = t->trade[bin] * s->lean[2][side] * (spread > 1 ? l->p->open_trades : 1);
    s->rate[PAB__FLOW_FALL + side] = s->falling[side] || spread > 2 ? 0 : fall_rate(l, side, bin);
}

void pab__flow_rates(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    const pab__price_level *bid = pab__resident_best(&l->at, 0), *ask = pab__resident_best(&l->at, 1);
    s->total = 0;
    if (!bid || !ask)
        return;
    int64_t b = bid->total > 1 ? bid->total : 1, a = ask->total > 1 ? ask->total : 1;
    double share = (double)b / (double)(b + a);
    int64_t spread = s->best[1] - s->best[0];
    if (l->moved)
        pab__flow_lean(l);
    pab__flow_measure(l, 0, b);
    pab__flow_measure(l, 1, a);
    rates_of_side(l, 0, bin_of(share), spread);
    rates_of_side(l, 1, bin_of(1 - share), spread);
    rates_behind(l, 0, bid);
    rates_behind(l, 1, ask);
    for (int i = 0; i < PAB__FLOW_KINDS; i++)
        s->total += s->rate[i];
}

int64_t pab__flow_wait(pab__flow_leg *l)
{
    if (!(l->s->total > 0))
        return INT64_MAX;
    return l->now + (int64_t)pab__flow_exponential(&l->s->draw, 1e9 / l->s->total);
}

int pab__flow_which(pab__flow_leg *l)
{
    double u = pab__flow_uniform(&l->s->draw) * l->s->total;
    int i = 0;
    while (i < PAB__FLOW_KINDS - 1 && u >= l->s->rate[i])
        u -= l->s->rate[i++];
    return i;
}
