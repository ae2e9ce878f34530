/* The reference price: the factors of its pace, news, the impact of trades, and what of that was to be expected.
 *
 * Lasting impact is the increment of a root of the net signed volume of the last seconds, so that slices add up to the
 * root of their sum; passing impact is a root of the order's own size, less in a burst, and decays. Expected flow moves
 * nothing: each step takes off what the crowd's own rates foretell. Other agents' orders are not foretold. */
#include "market/agents/news.h"

static const double passing_share[3] = {0.4, 0.3, 0.3}, passing_time[3] = {2, 20, 200}; /* s */

/* Odd root of net volume, smooth at 0. */
static double root(double z, double offset)
{
    return z > 0 ? sqrt(z + offset) - sqrt(offset) : sqrt(offset) - sqrt(offset - z);
}

void pab__flow_gap(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    s->gap = s->reference + s->passing[0] + s->passing[1] + s->passing[2] - 0.5 * (double)(s->best[0] + s->best[1]);
    l->moved = 1;
}

void pab__flow_lean(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    const pab__flow_params *p = l->p;
    double g = s->gap, c = g > p->lean_cap ? p->lean_cap : g < -p->lean_cap ? -p->lean_cap : g;
    double add = pab__quick_exp(p->add_lean * c), cancel = pab__quick_exp(p->cancel_lean * c);
    double trade = pab__quick_exp(p->trade_lean * c) * s->meta_push;
    s->lean[0][0] = s->calm_activity * add;
    s->lean[0][1] = s->calm_activity / add;
    s->lean[1][0] = s->calm_activity / cancel;
    s->lean[1][1] = s->calm_activity * cancel;
    s->lean[2][0] = s->activity / trade;
    s->lean[2][1] = s->activity * trade;
    for (uint32_t side = 0; side < 2; side++) {
        double x = p->fall_slope * (pab__flow_adverse(l, side) - p->fall_at);
        s->fall[side] = p->fall_rate * pab__quick_exp(x < 50 ? x : 50);
    }
    l->moved = 0;
}

/* --- Impact --- */

static void pass(pab__flow *s, double ticks)
{
    for (int i = 0; i < 3; i++)
        s->passing[i] += passing_share[i] * ticks;
}

void pab__flow_impact(pab__flow_leg *l, uint32_t side, double shares, int expected)
{
    pab__flow *s = l->s;
    const pab__flow_params *p = l->p;
    double size = shares / p->tables.mean_trade, sign = side == 1 ? 1 : -1, net = s->net + sign * size;
    double passing = p->impact * p->impact_passing * sign * sqrt(size) / (1 + s->hits[side]);
    double lasting = p->impact * (1 - p->impact_passing) *
                     (root(net, p->impact_offset) - root(s->net, p->impact_offset));
    if (expected) {
        s->seen[0] += fabs(passing);
        s->seen[1] += fabs(lasting);
    }
    s->net = net;
    s->own += lasting;
    s->reference += lasting;
    pass(s, passing);
    pab__flow_gap(l);
}

/* Takes off the impact that the crowd's own rates foretell for a step. */
static void compensate(pab__flow_leg *l)
{
    const double renewed = 50, weight = 0.1; /* clusters between two looks at the ratio of seen to foretold */
    pab__flow *s = l->s;
    const pab__flow_params *p = l->p;
    const pab__flow_tables *t = &p->tables;
    double buys = s->rate[PAB__FLOW_TRADE + 1] * t->step, sells = s->rate[PAB__FLOW_TRADE] * t->step;
    double size = t->mean_root * t->mean_root, here = root(s->net, p->impact_offset);
    double up = (root(s->net + size, p->impact_offset) - here) * t->cluster;
    double down = (root(s->net - size, p->impact_offset) - here) * t->cluster;
    double passing = p->impact * p->impact_passing * t->mean_root * t->cluster;
    double lasting = p->impact * (1 - p->impact_passing);
    s->expected[0] += (buys + sells) * passing;
    s->expected[1] += lasting * (buys * up - sells * down);
    s->counted += buys + sells;
    if (s->counted > renewed) {
        for (int i = 0; i < 2; i++) {
            if (s->expected[i] > 0)
                s->ratio[i] += weight * (s->seen[i] / s->expected[i] - s->ratio[i]);
            s->seen[i] = s->expected[i] = 0;
        }
        s->counted = 0;
    }
    double gone = lasting * (buys * up + sells * down) * s->ratio[1];
    s->own -= gone;
    s->reference -= gone;
    pass(s, -(buys - sells) * passing * s->ratio[0]);
}

/* --- News --- */

void pab__flow_compile_news(pab__flow_params *p, double tick_bps, const struct pab__news_params *news)
{
    pab__flow_tables *t = &p->tables;
    double step = (double)news->step * 1e-9, sd = p->volatility / tick_bps / 60; /* ticks per root of a second */
    double jumps = sd * sd * p->jump_share, calm = 1 - p->jump_share;
    double shared = calm > 0 ? (news->correlation - news->jump_correlation * p->jump_share) / calm : 0;
    shared = shared < 0 ? 0 : shared > 1 ? 1 : shared;
    t->tick_bps = tick_bps;
    t->step = step;
    t->common = sd * sqrt(calm * shared * step);
    t->alone = sd * sqrt(calm * (1 - shared) * step);
    t->common_jump = news->jump_rate > 0 ? sqrt(jumps * news->jump_correlation / news->jump_rate) : 0;
    double own = news->jump_rate > 0 ? 1 - news->jump_correlation : 1;
    t->own_jump = p->jump_rate > 0 ? sqrt(jumps * own / p->jump_rate) : 0;
    t->own_jump_chance = p->jump_rate * step;
    for (int i = 0; i < 3; i++)
        t->keep_passing[i] = exp(-step / passing_time[i]);
    t->keep_hits = exp(-step);
    t->keep_net = exp(-step * 1e9 / (double)p->impact_time);
}

void pab__flow_price_step(pab__flow_leg *l, const pab__flow_news *news)
{
    pab__flow *s = l->s;
    const pab__flow_tables *t = &l->p->tables;
    double common = t->common * s->news_sd * news->normal + t->common_jump * news->jump + news->event / t->tick_bps;
    double own = t->alone * s->news_sd * pab__flow_normal(&s->path);
    if (pab__flow_uniform(&s->path) < t->own_jump_chance * s->news_sd * s->news_sd)
        own += t->own_jump * pab__flow_laplace(&s->path);
    own -= s->own * t->step * 1e9 / (double)l->p->own_time;
    s->own += own;
    s->reference += common + own;
    compensate(l);
    s->net *= t->keep_net;
    for (int i = 0; i < 3; i++)
        s->passing[i] *= t->keep_passing[i];
    s->hits[0] *= t->keep_hits;
    s->hits[1] *= t->keep_hits;
    pab__flow_gap(l);
}

/* --- Factors --- */

/* An Ornstein-Uhlenbeck step of variance 1. */
static double wander(pab__flow_draw *d, double x, double step, int64_t time)
{
    double keep = exp(-step * 1e9 / (double)time);
    return x * keep + sqrt(1 - keep * keep) * pab__flow_normal(d);
}

void pab__flow_mood_step(pab__flow_leg *l, const pab__flow_mood *mood)
{
    pab__flow *s = l->s;
    const pab__flow_params *p = l->p;
    s->slow = wander(&s->path, s->slow, mood->step, (int64_t)(mood->time * 1e9));
    s->burst = wander(&s->path, s->burst, mood->step, p->burst_time);
    s->depth = wander(&s->path, s->depth, mood->step, p->depth_time);
    double slow = sqrt(mood->share) * mood->common + sqrt(1 - mood->share) * mood->sd * s->slow;
    double var = mood->sd * mood->sd, burst = p->burst_sd * s->burst, burst_var = p->burst_sd * p->burst_sd;
    double f = p->add_activity, w = mood->power;
    s->activity = p->pace * mood->volume * exp(slow - var / 2 + burst - burst_var / 2);
    s->calm_activity = p->pace * pow(mood->volume, f) *
                       exp(f * (slow + burst / 2) - f * f * (var + burst_var / 4) / 2);
    s->news_sd = mood->volatility * exp(w * slow - w * w * var + p->burst_news * s->burst / 2 -
                                        p->burst_news * p->burst_news / 4);
    s->depth_factor = p->thickness * exp(p->depth_swing * s->depth - p->depth_swing * p->depth_swing / 2);
    s->queue[0] = s->queue[1] = -1;
    l->moved = 1;
}
