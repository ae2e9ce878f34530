/* The flow agent as a type: its keys, its checks, and when it acts. */
#include <string.h>

#include "market/agents/news.h"

#define AT(member) offsetof(pab__flow_params, member)
#define REAL(key, unit, def, low, high, doc) {#key, PAB_PARAM_REAL, AT(key), unit, def, low, high, NULL, doc}
#define SPAN(key, def, doc) {#key, PAB_PARAM_DURATION, AT(key), "ns", def, 1, 1e15, NULL, doc}
#define LIST(key, unit, def, doc) {#key, PAB_PARAM_TEXT, AT(key), unit, def, 0, 0, NULL, doc}

/* Defaults are those of AIG on 7 to 9 October 2013; "counted" from its tapes, others tuned to its facts. */
static const pab_param params[] = {
    LIST(adds, "1/s", "3.9 7.7 8.1 7.3 6.6 6.1 5.8 5.9 7.0 6.8",
         "Orders added to a touch, by its share of both touches in ten bins; counted."),
    LIST(trades, "1/s", ".256 .220 .148 .105 .090 .077 .069 .070 .064 .054",
         "Clusters of trades against a touch, by its share; counted more than 20 ms from moves."),
    LIST(queues, "shares", "181 461 691 881 1081 1291 1617 2077 2527 2604", "Mean queue by its share; counted."),
    LIST(falls, "1/s", ".381 .263 .157 .116 .083 .068 .052 .046 .0515 .059",
         "Losses of a touch by its share; counted."),
    LIST(trade_sizes, "shares", "100 100 100 100 100 100 180 200 300 400 500 800 1000 1300 1752 2300 3438 9824 12000",
         "Sizes of trades; quantiles at 0 .1 .2 .3 .4 .5 .6 .7 .8 .85 .9 .95 .97 .98 .99 .995 .998 .9995 1."),
    LIST(add_sizes, "shares", "100 100 100 100 100 100 110 200 300 300 300 400 600 600 600 700 1000 1500 2000",
         "Sizes of added orders: quantiles at the same; counted."),
    REAL(depth, "shares", "1300", 1, 1e9, "Mean of a new level; counted."),
    REAL(depth_sd, "", ".55", 0, 3, "Standard deviation of its logarithm; counted."),
    REAL(behind_rate, "1/s", ".25", 0, 1e4, "Adds, and cancels, at the level behind the touch when it holds `depth`."),
    REAL(add_power, "", ".1", 0, 2, "Adds fall with this power of the queue over what is usual for its share."),
    REAL(cancel_power, "", ".7", 0, 2, "Cancels rise with this power of it."),
    REAL(add_lean, "1/ticks", ".4", 0, 10, "How adds lean to the side of the reference price."),
    REAL(cancel_lean, "1/ticks", ".42", 0, 10, "How cancels lean away from it."),
    REAL(lean_cap, "ticks", "1.5", 0, 100, "Largest gap that these lean with."),
    REAL(short_share, "", ".3", 0, 1, "Share of added orders that are short-lived; LOBSTER files of other stocks."),
    SPAN(short_life, "40ms", "Their mean life."),
    REAL(odd_adds, "", ".02", 0, 1, "Share of added orders that are no round lots; counted."),
    REAL(odd_trades, "", ".08", 0, 1, "Share of trades that are no round lots; counted."),
    REAL(trade_scale, "", "1.25", 0, 100, "Factor on `trades`: undoes what bursts and lean do to their mean."),
    REAL(trade_lean, "1/ticks", ".1", 0, 10, "How trades lean to the reference price."),
    REAL(meta_lean, "", ".65", 0, 10, "How trades lean to the mean sign of the metaorders alive."),
    REAL(open_trades, "", ".3", 0, 1, "Factor on trades while the spread is open."),
    REAL(on_queue, "", ".1", 0, 1, "Share of clusters that trade here; the others print from other venues; counted."),
    REAL(away_piece, "", "2", .01, 1e3, "Size of a print of other venues over that of an added order."),
    REAL(keep_slope, "1/ticks", "8", 0, 100,
         "An order that would empty a queue leaves a lot, unless the gap is past ..."),
    REAL(keep_at, "ticks", ".6", -100, 100, "... this: chance by a logistic of this slope."),
    REAL(cluster_single, "", ".745", 0, 1, "Share of clusters of one order; counted."),
    REAL(cluster_more, "", ".45", 0, .99, "Chance of one more order in a longer cluster; counted."),
    REAL(cluster_long, "", "0", 0, 1, "Share of longer clusters that go on with ..."),
    REAL(cluster_more_long, "", ".45", 0, .99, "... this chance instead; counted."),
    SPAN(cluster_gap, "2ms", "Mean time between orders of a cluster, beyond 0.2 ms; counted."),
    {"metaorders", PAB_PARAM_INT, AT(metaorders), "", "5", 1, PAB__FLOW_METAORDERS, NULL,
     "Metaorders alive; each has a sign and a number of clusters left."},
    REAL(meta_least, "clusters", "2.02", .1, 1e6, "Least length of a metaorder."),
    REAL(meta_tail, "", "1.45", .1, 20, "Tail exponent of their lengths; from the memory of trade signs."),
    REAL(fall_at, "ticks", "1", 0, 100, "Gap at which a touch falls at `fall_rate`."),
    REAL(fall_slope, "1/ticks", "10", 0, 100, "The hazard is exponential in the gap with this rate."),
    REAL(fall_rate, "1/s", "7", 0, 1e4, "Hazard at that gap, at an even queue."),
    REAL(fall_cap, "1/s", "40", 0, 1e6, "Largest hazard."),
    REAL(fall_power, "", ".6", 0, 5, "Power of `falls` with which the queue's share counts."),
    REAL(fall_alone, "1/s", ".001", 0, 100, "Hazard whatever the gap: crumbling that no news explains."),
    {"alone_time", PAB_PARAM_DURATION, AT(alone_time), "ns", "0", 0, 1e15, NULL,
     "Mean time until somebody closes the spread after such a fall; 0: as after others."},
    REAL(fall_other, "", "1.6", 0, 1e3, "Factor while the other leg's mid has just moved against the side; counted."),
    SPAN(other_memory, "2s", "How long that counts."),
    REAL(fall_burst, "", "1.5", 0, 1e3, "Factor in a burst of trades against the side; counted."),
    REAL(sweep_orders, "", "2.3", 1, 12, "Mean stages of a fall; counted."),
    SPAN(sweep_gap, "2ms", "Mean time between them; counted."),
    REAL(sweep_hits, "", ".8", 0, 1, "Chance that a stage is a trade, not cancels; counted."),
    REAL(sweep_cancels, "", ".35", 0, 1, "Share of falls that are cancels only; counted."),
    REAL(sweep_away, "", ".25", 0, 10, "Prints of other venues with a stage, over its shares; counted."),
    SPAN(answer_time, "2ms", "Mean time until somebody closes an open spread; counted."),
    REAL(answer_late, "", ".29", 0, 1, "Share of spreads that stay open longer; counted."),
    SPAN(answer_late_time, "500ms", "Mean time that those do; counted."),
    REAL(move_at, "ticks", "-.6", -100, 100, "An open spread ends in a move, not a refill, past this gap ..."),
    REAL(move_slope, "1/ticks", "8", 0, 100, "... with a logistic of this slope."),
    REAL(moved_depth, "", ".9", 0, 100, "Mean of a touch just posted, over `depth`; counted."),
    REAL(moved_sd, "", ".5", 0, 3, "Standard deviation of its logarithm; counted."),
    SPAN(refill_gap, "4ms", "Mean time until its orders have come; counted."),
    REAL(flick, "", ".29", 0, 1, "Share of moves that are undone; counted."),
    SPAN(flick_time, "98500us", "Mean time until then; counted."),
    REAL(volatility, "bps/sqrt(h)", "47", 0, 1e4, "Volatility of news."),
    REAL(jump_share, "", ".6", 0, 1, "Share of their variance from jumps."),
    REAL(jump_rate, "1/s", ".4", 0, 1e3, "Own jumps of the symbol."),
    REAL(burst_sd, "", ".333", 0, 5, "Standard deviation of the burst factor of trading, a logarithm."),
    REAL(burst_news, "", "1.4", 0, 5, "Power of it in the variance of news."),
    SPAN(burst_time, "20s", "Time in which it forgets."),
    REAL(depth_swing, "", ".3", 0, 5, "Standard deviation of the depth factor, a logarithm."),
    SPAN(depth_time, "600s", "Time in which it forgets."),
    REAL(add_activity, "", ".6", 0, 2, "Power of activity in adds and cancels."),
    REAL(pace, "", "1", 0, 1e3, "Factor on adds, cancels and trades."),
    REAL(thickness, "", "1", 1e-3, 1e3, "Factor on the depth of all queues."),
    SPAN(own_time, "1500s", "Time in which the symbol's own news and lasting impact revert to the pair."),
    REAL(impact, "ticks", ".13", 0, 100, "Impact of a trade of mean size."),
    REAL(impact_passing, "", ".4", 0, 1, "Share of it that passes."),
    REAL(impact_offset, "trades", ".5", 1e-6, 1e6, "Volume below which lasting impact is linear."),
    SPAN(impact_time, "15s", "Time in which the net volume is forgotten that lasting impact is a root of."),
};

static pab__flow_leg leg_of(pab_market *m, int32_t id)
{
    const pab__group *g = pab__group_at(m, id);
    pab__flow *s = pab__agent_own_at(m, id);
    uint64_t key = pab__agent_at(m, id)->rng.key;
    pab__flow_draw_follow(&s->draw, key);
    pab__flow_draw_follow(&s->path, pab__flow_draw_other(key));
    return (pab__flow_leg){
        .at = {m, &m->books[g->symbol], id, g->symbol},
        .p = g->params,
        .s = s,
        .sibling = s->sibling >= 0 ? pab__agent_own_at(m, s->sibling) : NULL,
        .now = m->core.now,
    };
}

int32_t pab__flow_find(const pab_scenario *scn, int32_t symbol)
{
    for (uint32_t i = 0; i < scn->group_count; i++) {
        const pab__group *g = &scn->groups[i];
        if (g->builtin == &pab__flow_agent && g->symbol == symbol && g->common.count > 0)
            return g->first_id;
    }
    return -1;
}

double pab__flow_excitement(pab_market *m, int32_t id)
{
    const pab__flow *s = pab__agent_own_at(m, id);
    double w = 0.7 * ((const pab__flow_params *)pab__group_at(m, id)->params)->burst_news;
    return exp(w * s->burst - w * w / 2);
}

/* --- When it acts --- */

/* Draws what comes next. It wakes for that only if it comes before the next news, which looks again. */
static void plan(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    pab__flow_rates(l);
    int64_t clock = pab__flow_wait(l), task = pab__agenda_next(&s->agenda);
    s->on_clock = clock < task;
    int64_t next = s->on_clock ? clock : task < l->now ? l->now : task;
    s->due = INT64_MAX;
    if (next >= s->step_due)
        return;
    s->due = next;
    pab__kernel_wakeup(l->at.m, l->at.agent, next);
}

static void do_task(pab__flow_leg *l)
{
    pab__task task = pab__agenda_pop(&l->s->agenda);
    switch (task.kind) {
    case PAB__TASK_CANCEL:
        pab__flow_cancel_id(l, &task);
        break;
    case PAB__TASK_CLUSTER:
        pab__flow_cluster_next(l, &task);
        break;
    case PAB__TASK_SWEEP:
        pab__flow_sweep(l, &task);
        break;
    case PAB__TASK_ANSWER:
        pab__flow_answer(l, &task);
        break;
    case PAB__TASK_REFILL:
        pab__flow_refill(l, &task);
        break;
    default:
        pab__flow_flick(l, &task);
    }
}

static void do_clock(pab__flow_leg *l)
{
    int kind = pab__flow_which(l);
    uint32_t side = (uint32_t)kind & 1;
    switch (kind & ~1) {
    case PAB__FLOW_ADD:
        pab__flow_add(l, side);
        break;
    case PAB__FLOW_CANCEL:
        pab__flow_cancel_one(l, side, l->s->best[side], 0);
        break;
    case PAB__FLOW_TRADE:
        pab__flow_cluster(l, side);
        break;
    case PAB__FLOW_FALL:
        pab__flow_fall(l, side);
        break;
    default:
        pab__flow_behind(l, side, (kind & ~1) == PAB__FLOW_ADD_BEHIND);
    }
}

static int in_session(const pab__flow_leg *l)
{
    const pab__clock *c = &l->at.m->scn->clock;
    return l->now >= c->market_open && l->now <= c->market_close;
}

static void flow_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    pab__flow *s = own;
    (void)can_trade;
    if (!s->opened || pab_agent_now(self) != s->due)
        return;
    pab__flow_leg l = leg_of(self->m, pab_agent_id(self));
    if (!in_session(&l))
        return;
    if (s->on_clock)
        do_clock(&l);
    else
        do_task(&l);
    plan(&l);
    pab__resident_publish(&l.at);
}

/* Another agent's order has changed the book. */
static void flow_on_book(pab_agent *self, void *own, int32_t side, int64_t traded)
{
    pab__flow *s = own;
    pab__flow_leg l = leg_of(self->m, pab_agent_id(self));
    uint32_t against = side == PAB_BUY ? 1 : 0;
    if (!s->opened || !in_session(&l))
        return;
    if (traded > 0) {
        pab__flow_impact(&l, against, (double)traded, 0);
        s->hits[against] += 1;
    }
    s->orders[0] = s->orders[1] = -1;
    pab__flow_look(&l);
    plan(&l);
}

void pab__flow_hear_mood(pab_market *m, int32_t id, const pab__flow_mood *mood)
{
    pab__flow_leg l = leg_of(m, id);
    pab__flow_mood_step(&l, mood);
}

void pab__flow_hear_news(pab_market *m, int32_t id, const pab__flow_news *news, int64_t next)
{
    pab__flow_leg l = leg_of(m, id);
    int opens = !l.s->opened;
    if (opens)
        pab__flow_open(&l);
    pab__flow_price_step(&l, news);
    l.s->step_due = next;
    plan(&l);
    if (opens)
        pab__resident_publish(&l.at);
}

static void flow_start(pab_agent *self, void *own)
{
    pab__flow *s = own;
    const pab_scenario *scn = self->m->scn;
    const pab__group *news = pab__news_find(scn, self->symbol);
    const pab__news_params *p = news->params;
    s->due = s->step_due = INT64_MAX;
    s->queue[0] = s->queue[1] = s->behind[0] = s->behind[1] = -1;
    s->orders[0] = s->orders[1] = -1;
    s->activity = s->calm_activity = s->news_sd = s->depth_factor = 1;
    s->sibling = -1;
    for (uint32_t i = 0; i < scn->symbol_count; i++) {
        int32_t other = pab__flow_find(scn, (int32_t)i);
        int listed = strcmp(p->first, scn->symbols[i].name) == 0 || strcmp(p->second, scn->symbols[i].name) == 0;
        if ((int32_t)i != self->symbol && listed && other >= 0)
            s->sibling = other;
    }
    pab__flow_draw_seed(&s->draw, self->base->rng.key);
    pab__flow_draw_seed(&s->path, pab__flow_draw_other(self->base->rng.key));
    s->slow = pab__flow_normal(&s->path);
    s->burst = pab__flow_normal(&s->path);
    s->depth = pab__flow_normal(&s->path);
}

/* --- Checks --- */

static pab_status flow_check(const pab_scenario *scn, const pab__group *g, const pab__node *map)
{
    const pab__symbol *symbol = &scn->symbols[g->symbol];
    const pab__group *news = pab__news_find(scn, g->symbol);
    if (g->common.count > 1 || pab__flow_find(scn, g->symbol) != g->first_id)
        return pab__node_fail(map, PAB_E_RANGE, "agents.%s: symbol %.80s has more than one agent of type flow, "
                              "expected one", g->name, symbol->name);
    if (!news)
        return pab__node_fail(map, PAB_E_KEY, "agents.%s: no agent of type news has symbol %.80s as its first or "
                              "second", g->name, symbol->name);
    if (symbol->oracle.r_bar <= PAB__FLOW_LEVELS)
        return pab__node_fail(map, PAB_E_RANGE, "agents.%s: symbols.%.80s.oracle.r_bar is %lld ticks, expected the "
                              "opening price, over %d", g->name, symbol->name, (long long)symbol->oracle.r_bar,
                              PAB__FLOW_LEVELS);
    if (scn->exchange.self_trade_prevention)
        return pab__node_fail(map, PAB_E_RANGE, "agents.%s: a flow agent is many traders, who trade with each other: "
                              "exchange.self_trade_prevention must be off", g->name);
    pab__flow_params *p = g->params; /* the scenario is still being made: its tables are filled in here */
    pab_status status = pab__flow_compile(p, g, map);
    if (status == PAB_OK)
        pab__flow_compile_news(p, 1e4 / (double)symbol->oracle.r_bar, news->params);
    return status;
}

static void flow_adjust(void *group, const pab__conditions *c)
{
    pab__flow_params *p = group;
    p->volatility *= c->volatility;
    p->pace *= c->orders;
    p->thickness *= c->depth;
    p->fall_alone += c->crumbling;
    p->alone_time = c->away > 0 ? c->away : p->alone_time;
}

const pab__builtin_type pab__flow_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(pab__flow),
        .params_size = sizeof(pab__flow_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "flow",
        .label = "FlowAgent",
        .on_start = flow_start,
        .on_wakeup = flow_wakeup,
        .accepts = pab__flow_accepts,
    },
    .needs = PAB__NEEDS_SYMBOL,
    .check = flow_check,
    .on_book = flow_on_book,
    .adjust = flow_adjust,
};
