/* The executor as an agent: wake-ups, subscriptions, messages, and the pause of the market at each decision. */
#include "env/executor.h"

#include "env/builtin.h"

static const pab_scenario *scenario_of(const pab_agent *self)
{
    return self->m->scn;
}

/* --- Wake-ups --- */

static void stand_still(pab_agent *self, pab__executor *x)
{
    x->now = pab_agent_now(self);
    pab_agent_pause(self);
}

static void subscribe(pab_agent *self, const pab__pair *pair)
{
    const pab__pair_plan *plan = &pair->plan;
    pab_message_subscription quotes = {.interval = plan->feed_interval, .depth = PAB__TRACKER_LEVELS};
    /* Everything since the open: the scenario is checked to remember that long. */
    pab_message_subscription volumes = {.interval = plan->volume_interval,
                                        .lookback = scenario_of(self)->exchange.volume_window};
    for (int i = 0; i < 2; i++) {
        pab_agent_subscribe(self, PAB_MSG_L2_SUBSCRIBE, (int32_t)pair->legs[i].symbol, &quotes);
        pab_agent_subscribe(self, PAB_MSG_VOLUME_SUBSCRIBE, (int32_t)pair->legs[i].symbol, &volumes);
    }
}

/* Decisions before t_0 only fill the tracker's history. */
static int64_t first_grid(const pab__pair_plan *plan, int64_t open)
{
    int64_t steps = plan->warmup / plan->interval;
    if (steps > PAB__TRACKER_DECISIONS)
        steps = PAB__TRACKER_DECISIONS;
    return open + plan->warmup - steps * plan->interval;
}

static void set_out(pab_agent *self, pab__executor *x)
{
    const pab__pair *pair = pab__pair_of(scenario_of(self));
    int64_t open = pab_agent_market_open(self);
    x->start = open + pair->plan.warmup;
    x->steps = (int32_t)(pair->plan.horizon / pair->plan.interval);
    x->next_sample = open;
    x->next_grid = first_grid(&pair->plan, open);
    for (int i = 0; i < 2; i++) {
        x->leg[i].symbol = (int32_t)pair->legs[i].symbol;
        x->leg[i].intent.style = PAB__STYLE_NONE;
    }
    subscribe(self, pair);
}

static void sample(pab__executor *x, double beta)
{
    pab__tracker *legs[2] = {&x->leg[0].tracker, &x->leg[1].tracker};
    pab__pair_tracker_sample(legs, &x->pair, beta, x->samples);
    if (x->phase >= PAB__PHASE_RUN)
        pab__account_sample(x);
    x->samples++;
    x->next_sample += PAB__SECOND;
}

void pab__executor_finish(pab__executor *x, const pab_scenario *scn, int32_t truncated, int64_t now)
{
    if (x->phase == PAB__PHASE_DONE)
        return;
    x->truncated = truncated;
    if (truncated)
        pab__legs_expire(x);
    for (int i = 0; i < 2 && x->phase == PAB__PHASE_RUN; i++)
        x->leg[i].account.filled_at_end = x->leg[i].filled;
    pab__account_end(x, scn, now);
    pab__account_close(x, scn);
    x->phase = PAB__PHASE_DONE;
}

static void finish(pab_agent *self, pab__executor *x, int32_t truncated)
{
    pab__executor_finish(x, scenario_of(self), truncated, pab_agent_now(self));
    stand_still(self, x);
}

static int complete(const pab__executor *x)
{
    return pab__leg_leaves(&x->leg[0]) == 0 && pab__leg_leaves(&x->leg[1]) == 0;
}

static int idle(const pab__leg *leg)
{
    return leg->children == 0 && leg->intent.style == PAB__STYLE_NONE;
}

/* The leg that a round of liquidation trades: the one behind, if it has headroom; -1: none. */
static int behind(const pab__executor *x)
{
    int first = pab__executor_hedge_error(x) <= 0 ? 0 : 1;
    for (int n = 0; n < 2; n++) {
        int i = n == 0 ? first : 1 - first;
        if (pab__shield_headroom(x, i, 0) > 0 && pab__shield_price(x, i, PAB__STYLE_FORCED) != 0)
            return i;
    }
    return -1;
}

/* A round of liquidation: no order is working any more, so the next slice is sent. */
static void liquidate(pab_agent *self, pab__executor *x)
{
    x->next_grid = pab_agent_now(self) + PAB__LIQUIDATION_GAP;
    if (!idle(&x->leg[0]) || !idle(&x->leg[1]))
        return;
    if (complete(x) || x->round >= PAB__LIQUIDATION_ROUNDS) {
        finish(self, x, 0);
        return;
    }
    x->round++;
    int i = behind(x);
    if (i >= 0)
        pab__leg_force(self, x, i);
}

static void close_horizon(pab_agent *self, pab__executor *x)
{
    pab__account_begin(x, pab_agent_now(self));
    x->phase = PAB__PHASE_CLOSE;
    for (int i = 0; i < 2; i++) {
        x->leg[i].account.filled_at_end = x->leg[i].filled;
        pab__leg_clear(self, x, i);
    }
    liquidate(self, x);
}

/* The end of a step: the next decision, or liquidation. */
static void end_step(pab_agent *self, pab__executor *x)
{
    x->step++;
    if (complete(x) || pab_agent_market_closed(self) || pab_agent_now(self) >= pab_agent_market_close(self)) {
        finish(self, x, !complete(x));
        return;
    }
    pab__account_end(x, scenario_of(self), pab_agent_now(self));
    if (x->step < x->steps)
        stand_still(self, x);
    else
        close_horizon(self, x);
}

static void grid(pab_agent *self, pab__executor *x, const pab__pair *pair)
{
    pab__tracker *legs[2] = {&x->leg[0].tracker, &x->leg[1].tracker};
    int64_t time = x->next_grid;
    if (x->phase == PAB__PHASE_CLOSE) {
        liquidate(self, x);
        return;
    }
    x->next_grid += pair->plan.interval;
    pab__pair_tracker_decide(legs, &x->pair, pair->beta);
    if (x->phase == PAB__PHASE_RUN) {
        end_step(self, x);
    } else if (time >= x->start) {
        x->phase = PAB__PHASE_READY;
        if (x->armed)
            stand_still(self, x);
    } else {
        pab__tracker_interval(legs[0]);
        pab__tracker_interval(legs[1]);
    }
}

static void executor_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    pab__executor *x = own;
    const pab__pair *pair = pab__pair_of(scenario_of(self));
    int64_t now = pab_agent_now(self);
    if (!pair->given || !pab_agent_hours_known(self) || now < pab_agent_market_open(self))
        return;
    (void)can_trade;
    if (x->steps == 0)
        set_out(self, x);
    while (x->next_sample <= now && x->phase != PAB__PHASE_DONE)
        sample(x, pair->beta);
    if (x->next_grid <= now && x->phase != PAB__PHASE_DONE)
        grid(self, x, pair);
    if (x->phase == PAB__PHASE_DONE)
        return;
    int64_t next = x->next_sample < x->next_grid ? x->next_sample : x->next_grid;
    pab_agent_wakeup_at(self, next > now ? next : now);
}

/* --- Messages --- */

/* Levels of one side without own resting shares; also how many shares are ahead of ours in the queue. */
static int32_t others(pab_agent *self, pab__leg *leg, const pab_message *msg, int32_t side, pab_level *out)
{
    int32_t n = (int32_t)pab_agent_levels(self, msg, side, out, PAB__TRACKER_LEVELS), kept = 0;
    int64_t own = 0, there = 0;
    for (int32_t k = 0; side == leg->side && k < leg->children; k++)
        own += leg->child[k].accepted ? leg->child[k].left : 0;
    if (own <= 0) /* feeds have no empty levels either */
        return n;
    for (int32_t k = 0; k < n; k++) {
        if (out[k].price == leg->price) {
            out[k].quantity -= own < out[k].quantity ? own : out[k].quantity;
            there = out[k].quantity;
        }
        if (out[k].quantity > 0)
            out[kept++] = out[k];
    }
    if (leg->ahead < 0 || there < leg->ahead)
        leg->ahead = there;
    return kept;
}

static void take_quote(pab_agent *self, pab__executor *x, const pab__pair *pair, const pab_message *msg)
{
    for (int i = 0; i < 2; i++) {
        pab__leg *leg = &x->leg[i];
        if (leg->symbol != msg->symbol)
            continue;
        pab_level bids[PAB__TRACKER_LEVELS], asks[PAB__TRACKER_LEVELS];
        int32_t n_bids = others(self, leg, msg, PAB_BUY, bids), n_asks = others(self, leg, msg, PAB_SELL, asks);
        double band = 0.25 * pab__tracker_spread_mean(&leg->tracker, &pair->legs[i].ref);
        pab__tracker_quote(&leg->tracker, bids, n_bids, asks, n_asks, msg->u.quote.last_trade, band > 3 ? band : 3);
    }
}

static void take_volume(pab__executor *x, const pab_message *msg)
{
    for (int i = 0; i < 2; i++) {
        pab__tracker *s = &x->leg[i].tracker;
        if (x->leg[i].symbol != msg->symbol)
            continue;
        s->bought = msg->u.volume.bought;
        s->sold = msg->u.volume.sold;
    }
}

static void executor_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender)
{
    pab__executor *x = own;
    (void)sender;
    if (x->steps == 0 || x->phase == PAB__PHASE_DONE)
        return;
    switch (msg->type) {
    case PAB_MSG_L2_DATA:
        take_quote(self, x, pab__pair_of(scenario_of(self)), msg);
        break;
    case PAB_MSG_VOLUME_DATA:
        take_volume(x, msg);
        break;
    case PAB_MSG_ORDER_ACCEPTED:
    case PAB_MSG_ORDER_EXECUTED:
    case PAB_MSG_ORDER_CANCELLED:
    case PAB_MSG_ORDER_PARTIAL_CANCELLED:
    case PAB_MSG_ORDER_REJECTED:
        pab__leg_message(self, x, msg);
        break;
    case PAB_MSG_MARKET_CLOSED:
        if (x->phase == PAB__PHASE_RUN || x->phase == PAB__PHASE_CLOSE)
            finish(self, x, 1);
        break;
    default:
        break;
    }
}

static int leg_is_sound(const pab_agent *self, const pab__leg *leg)
{
    const pab__tracker *s = &leg->tracker;
    return leg->symbol >= 0 && leg->symbol < pab_agent_symbol_count(self) && leg->side >= PAB_SELL &&
           leg->side <= PAB_BUY && leg->children >= 0 && leg->children <= PAB__LEG_CHILDREN &&
           leg->intent.style >= PAB__STYLE_NONE && leg->intent.style <= PAB__STYLE_FORCED && leg->intent.size >= 0 &&
           leg->intent.size <= 2 && s->levels[0] >= 0 && s->levels[0] <= PAB__TRACKER_LEVELS && s->levels[1] >= 0 &&
           s->levels[1] <= PAB__TRACKER_LEVELS;
}

/* Counters are indices into rings, and times are caught up with in steps of a second. */
static int32_t executor_accepts(pab_agent *self, const void *own)
{
    const pab__executor *x = own;
    int64_t open = pab_agent_market_open(self);
    if (x->phase < PAB__PHASE_WARM || x->phase > PAB__PHASE_DONE || x->regime < 0 || x->regime >= PAB_REGIME_COUNT ||
        x->steps < 0 || x->step < 0 || x->step > x->steps || x->samples < 0 || x->round < 0 || x->fills < 0 ||
        x->step_fills < 0 || x->step_fills > x->fills)
        return 0;
    if (x->steps > 0 && (x->next_sample < open || x->next_grid < open || x->start < open))
        return 0;
    return leg_is_sound(self, &x->leg[0]) && leg_is_sound(self, &x->leg[1]);
}

const pab__builtin_type pab__executor_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(pab__executor),
        .name = "pair_executor",
        .label = "PairExecutor",
        .on_wakeup = executor_wakeup,
        .on_message = executor_message,
        .accepts = executor_accepts,
    },
};
