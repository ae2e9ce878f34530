/* Adaptive market maker: keeps a ladder of orders around the mid, sized by traded volume. docs/abides.md 4.7.
 * Not in ABIDES: it may withdraw from one side at times, independently of prices (crumbling quotes). */
#include "market/agents/market_maker.h"

#include <math.h>

#include "base/rng.h"
#include "market/streams.h"
#include "market/trader.h"

static const pab__maker_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

void pab__maker_start(pab_agent *self, void *own)
{
    pab__maker *s = own;
    const pab__maker_params *p = params_of(self);
    s->need_quote = s->need_volume = 1;
    s->spread = p->initial_spread;
    s->buy_size = s->sell_size = p->min_order_size;
    s->window = (double)p->window_size;
    s->tick = pab__trunc(ceil(p->initial_spread * p->level_spacing));
}

int64_t pab__maker_period(pab_agent *self, void *own)
{
    (void)own;
    return pab__agent_period(self, (double)params_of(self)->wake_up_freq, params_of(self)->poisson_arrival);
}

/* --- Withdrawal --- */

/* Keyed by agent and number, apart from its generator: quoting draws the same numbers with and without withdrawals. */
static void set_switch(pab_agent *self, pab__maker *s)
{
    const pab__maker_params *p = params_of(self);
    pab__rng rng;
    pab__rng_seed(&rng, pab__rng_key(self->base->rng.key, s->switches++, PAB__PURPOSE_WITHDRAWAL));
    pab__draw d = {&rng, NULL, 0};
    double mean = (double)(s->withdrawn ? p->withdrawal_on : p->withdrawal_off);
    s->switch_due = pab_agent_now(self) + 1 + pab__trunc(pab__draw_exponential(&d, mean));
    pab_agent_wakeup_at(self, s->switch_due);
}

static void cancel_side(pab_agent *self, int32_t side)
{
    for (uint32_t slot = self->base->open_first; slot != PAB__NONE;) {
        const pab__open_order *o = pab__open_at(self->m, slot);
        slot = o->next;
        if (o->side == side)
            pab_agent_cancel(self, o->id);
    }
}

static void change_withdrawal(pab_agent *self, pab__maker *s)
{
    if (s->withdrawn) {
        s->withdrawn = 0; /* it quotes both sides again when it next wakes */
    } else {
        pab__rng rng;
        pab__rng_seed(&rng, pab__rng_key(self->base->rng.key, s->switches++, PAB__PURPOSE_WITHDRAWAL));
        pab__draw d = {&rng, NULL, 0};
        s->withdrawn = pab__draw_randint(&d, 0, 2) ? PAB_BUY : PAB_SELL;
        cancel_side(self, s->withdrawn);
    }
    set_switch(self, s);
}

/* Starts or ends a withdrawal that is due; 1 if the maker woke for no other reason. */
static int only_withdrawing(pab_agent *self, pab__maker *s, int32_t can_trade)
{
    int64_t now = pab_agent_now(self);
    if (params_of(self)->withdrawal_off == 0 || !can_trade)
        return 0;
    if (s->switch_due == 0) {
        set_switch(self, s);
        return 0;
    }
    if (now >= s->switch_due)
        change_withdrawal(self, s);
    return now < s->quote_due;
}

/* --- Waking --- */

static void first_requests(pab_agent *self, pab__maker *s)
{
    const pab__maker_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    pab_message_subscription imbalance = {.threshold = p->min_imbalance};
    pab_agent_subscribe(self, PAB_MSG_IMBALANCE_SUBSCRIBE, symbol, &imbalance);
    s->subscribed = 1;
    if (!p->subscribe)
        return;
    pab_message_subscription quotes = {.interval = p->subscribe_freq, .depth = (int32_t)p->subscribe_num_levels};
    pab_agent_subscribe(self, PAB_MSG_L2_SUBSCRIBE, symbol, &quotes);
    pab_agent_query_volume(self, symbol, p->subscribe_freq);
    s->need_quote = s->need_volume = 1;
}

void pab__maker_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    pab__maker *s = own;
    const pab__maker_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    if (!s->subscribed)
        first_requests(self, s);
    if (only_withdrawing(self, s, can_trade))
        return;
    s->quote_due = INT64_MAX;
    if (can_trade && p->requote == PAB__REQUOTE_CHANGED) {
        pab__requote_look(self, s);
        return;
    }
    if (!can_trade || (p->subscribe && pab__agent_quirk(self, PAB_QUIRK_MAKER_SUBSCRIPTION)))
        return;
    pab_agent_cancel_all(self);
    pab_agent_add_delay(self, p->cancel_limit_delay);
    if (p->subscribe) {
        s->need_volume = 1;
        pab_agent_query_volume(self, symbol, p->subscribe_freq);
        return;
    }
    pab_agent_query_spread(self, symbol, (int32_t)p->subscribe_num_levels);
    pab_agent_query_volume(self, symbol, p->wake_up_freq);
}

/* --- The ladder --- */

/* Moves the mid with the flow of the last volume answer. */
static int64_t skewed(const pab__maker_params *p, const pab__maker *s, int64_t mid)
{
    int64_t total = s->bought + s->sold;
    if (p->price_skew == 0 || total <= 0)
        return mid;
    return pab__trunc((double)mid + ((double)(2 * s->bought) / (double)total - 1) * p->price_skew);
}

void pab__maker_innermost(const pab__maker_params *p, const pab__maker *s, int64_t mid, int64_t *bid, int64_t *ask)
{
    int64_t window = pab__trunc(s->window);
    mid = skewed(p, s, mid);
    if (p->window_size == 0 || p->anchor == PAB__ANCHOR_MIDDLE) {
        *bid = mid - pab__trunc(floor(0.5 * s->window));
        *ask = mid + pab__trunc(ceil(0.5 * s->window));
    } else if (p->anchor == PAB__ANCHOR_BOTTOM) {
        *bid = mid - 1;
        *ask = mid + window;
    } else {
        *bid = mid - window;
        *ask = mid + 1;
    }
}

static void place_ladder(pab_agent *self, pab__maker *s, int64_t mid)
{
    const pab__maker_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    int64_t bid, ask, deepest = p->num_ticks - 1, levels = p->num_ticks;
    pab__maker_innermost(p, s, mid, &bid, &ask);
    pab_agent_batch_begin(self);
    if (p->backstop_quantity > 0) {
        if (s->withdrawn != PAB_BUY)
            pab_agent_limit_order(self, symbol, PAB_BUY, p->backstop_quantity, bid - deepest * s->tick, 0);
        if (s->withdrawn != PAB_SELL)
            pab_agent_limit_order(self, symbol, PAB_SELL, p->backstop_quantity, ask + deepest * s->tick, 0);
        levels--;
    }
    for (int64_t i = s->withdrawn == PAB_BUY ? -1 : levels - 1; i >= 0; i--)
        pab_agent_limit_order(self, symbol, PAB_BUY, s->buy_size, bid - i * s->tick, 0);
    for (int64_t i = 0; i < levels && s->withdrawn != PAB_SELL; i++)
        pab_agent_limit_order(self, symbol, PAB_SELL, s->sell_size, ask + i * s->tick, 0);
    pab_agent_batch_end(self);
}

/* --- Answers --- */

/* Sizes follow the volume, skewed against the inventory. */
void pab__maker_take_volume(pab_agent *self, pab__maker *s, const pab_message_volume *volume)
{
    const pab__maker_params *p = params_of(self);
    s->bought = volume->bought;
    s->sold = volume->sold;
    s->has_volume = 1;
    if (!s->need_volume)
        return;
    s->need_volume = 0;
    double quantity = (double)pab__round_half_even(p->pov * (double)(s->bought + s->sold));
    double buy = quantity, sell = quantity;
    if (p->skew_beta != 0) {
        double h = (double)pab_agent_holding(self, pab_agent_symbol(self)), z = exp(p->skew_beta * h);
        double f = h >= 0 ? 1 / (1 + exp(-p->skew_beta * h)) : z / (1 + z);
        sell = ceil(f * quantity);
        buy = floor((1 - f) * quantity);
    }
    s->buy_size = buy > (double)p->min_order_size ? pab__trunc(buy) : p->min_order_size;
    s->sell_size = sell > (double)p->min_order_size ? pab__trunc(sell) : p->min_order_size;
}

/* The mid of the last known quote; without the quirk, the last trade stands in for a missing side. */
int64_t pab__maker_take_quote(pab_agent *self, pab__maker *s, int64_t mid)
{
    const pab__maker_params *p = params_of(self);
    int32_t symbol = pab_agent_symbol(self);
    int64_t bid = pab_agent_bid(self, symbol), ask = pab_agent_ask(self, symbol);
    s->need_quote = 0;
    if (bid != 0 && ask != 0) {
        s->last_mid = (ask + bid) / 2;
        if (p->window_size == 0)
            s->spread = s->window = p->spread_alpha * (double)(ask - bid) + (1 - p->spread_alpha) * s->spread;
        return s->last_mid;
    }
    if (pab__agent_quirk(self, PAB_QUIRK_SILENT_MAKER))
        return mid;
    s->last_mid = pab_agent_last_trade(self, symbol); /* kept: the volume may come after the quote */
    return s->last_mid;
}

/* An imbalance began: the ladder is renewed, on top of the live one with ABIDES' quirk. Without it only once a
 * period: cancelling is an imbalance too, which makers would answer back and forth for ever. */
static void answer_imbalance(pab_agent *self, pab__maker *s, int64_t mid)
{
    if (mid == 0 || (params_of(self)->price_skew != 0 && !s->has_volume))
        return;
    if (!pab__agent_quirk(self, PAB_QUIRK_STACKED_LADDERS)) {
        if (s->answered)
            return;
        s->answered = 1;
        pab_agent_cancel_all(self);
    }
    place_ladder(self, s, mid);
}

/* Both answers are in: quote, and come back after a period. */
static void quote(pab_agent *self, pab__maker *s, int64_t mid)
{
    const pab__maker_params *p = params_of(self);
    if (s->need_quote || s->need_volume)
        return;
    int endless = p->subscribe && pab__agent_quirk(self, PAB_QUIRK_MAKER_SUBSCRIPTION);
    int stays_silent = !p->subscribe && pab__agent_quirk(self, PAB_QUIRK_SILENT_MAKER);
    if (mid == 0 && stays_silent)
        return;
    if (mid != 0)
        place_ladder(self, s, mid);
    s->need_quote = s->need_volume = 1;
    s->answered = 0;
    if (endless)
        return;
    s->quote_due = pab_agent_now(self) + pab__maker_period(self, s);
    pab_agent_wakeup_at(self, s->quote_due);
}

void pab__maker_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender)
{
    pab__maker *s = own;
    const pab__maker_params *p = params_of(self);
    (void)sender;
    int64_t mid = s->last_mid;
    if (p->window_size == 0) {
        s->window = s->spread;
        s->tick = pab__round_half_even(p->level_spacing * s->spread);
        s->tick = s->tick == 0 ? 1 : s->tick;
    }
    if (p->requote == PAB__REQUOTE_CHANGED) {
        pab__requote_message(self, s, msg);
        return;
    }
    if (msg->type == PAB_MSG_VOLUME)
        pab__maker_take_volume(self, s, &msg->u.volume);
    if (msg->type == PAB_MSG_IMBALANCE_DATA && (msg->flags & PAB_MSG_FLAG_IMBALANCE_START))
        answer_imbalance(self, s, mid);
    int quoted = p->subscribe ? msg->type == PAB_MSG_L2_DATA || msg->type == PAB_MSG_IMBALANCE_DATA
                              : msg->type == PAB_MSG_SPREAD;
    if (quoted && s->need_quote)
        mid = pab__maker_take_quote(self, s, mid);
    quote(self, s, mid);
}
