/* pab_agent_...: who an agent is, what it knows, what it draws. */
#include "market/oracle.h"
#include "market/streams.h"
#include "market/trader.h"

#include <string.h>

pab_status pab_agent_type_init(pab_agent_type *type, uint32_t size)
{
    const uint32_t least = PAB__UPTO(pab_agent_type, on_stop);
    if (!type || size < least || size > 4096)
        return pab__fail(PAB_E_ARGUMENT, "pab_agent_type_init: size %u: %u to 4096 bytes were expected", size, least);
    memset(type, 0, size);
    type->struct_size = size;
    return PAB_OK;
}

int32_t pab_agent_id(const pab_agent *self)
{
    return self->id;
}

int32_t pab_agent_symbol(const pab_agent *self)
{
    return self->symbol;
}

const void *pab_agent_params(const pab_agent *self)
{
    return self->group->params;
}

void *pab_agent_user(const pab_agent *self)
{
    return self->group->type.user;
}

int64_t pab_agent_now(const pab_agent *self)
{
    return self->now;
}

int64_t pab_agent_market_open(const pab_agent *self)
{
    return self->m->scn->clock.market_open;
}

int64_t pab_agent_market_close(const pab_agent *self)
{
    return self->m->scn->clock.market_close;
}

int32_t pab_agent_hours_known(const pab_agent *self)
{
    return (self->base->flags & PAB__AGENT_HOURS_KNOWN) != 0;
}

int32_t pab_agent_market_closed(const pab_agent *self)
{
    return (self->base->flags & PAB__AGENT_CLOSED) != 0;
}

int32_t pab_agent_close_known(const pab_agent *self)
{
    return (self->base->flags & PAB__AGENT_CLOSE_KNOWN) != 0;
}

int32_t pab_agent_symbol_count(const pab_agent *self)
{
    return (int32_t)self->m->scn->symbol_count;
}

int64_t pab_agent_cash(const pab_agent *self)
{
    return self->base->cash;
}

/* Of a symbol that is not its own the agent knows nothing. */
static const pab__agent_view nothing;

static const pab__agent_view *view_of(const pab_agent *self, int32_t symbol)
{
    if (self->symbol >= 0)
        return symbol == self->symbol ? self->views : &nothing;
    return symbol >= 0 && (uint32_t)symbol < self->m->scn->symbol_count ? &self->views[symbol] : &nothing;
}

int64_t pab_agent_holding(const pab_agent *self, int32_t symbol)
{
    return view_of(self, symbol)->holding;
}

int64_t pab_agent_last_trade(const pab_agent *self, int32_t symbol)
{
    return view_of(self, symbol)->last_trade;
}

int64_t pab_agent_bid(const pab_agent *self, int32_t symbol)
{
    return view_of(self, symbol)->bid;
}

int64_t pab_agent_ask(const pab_agent *self, int32_t symbol)
{
    return view_of(self, symbol)->ask;
}

int64_t pab_agent_bid_quantity(const pab_agent *self, int32_t symbol)
{
    return view_of(self, symbol)->bid_quantity;
}

int64_t pab_agent_ask_quantity(const pab_agent *self, int32_t symbol)
{
    return view_of(self, symbol)->ask_quantity;
}

uint32_t pab_agent_open_count(const pab_agent *self)
{
    return self->base->open_count;
}

uint32_t pab_agent_open_orders(const pab_agent *self, pab_open_order *out, uint32_t cap)
{
    const pab__open_order *all = (const pab__open_order *)(const void *)self->m->pools.opens.data;
    uint32_t n = 0;
    for (uint32_t slot = self->base->open_first; slot != PAB__NONE && n < cap; slot = all[slot].next) {
        const pab__open_order *o = &all[slot];
        out[n++] = (pab_open_order){o->id, o->quantity, o->price, o->symbol, o->side, o->flags, slot};
    }
    return n;
}

uint32_t pab_agent_levels(const pab_agent *self, const pab_message *msg, int32_t side, pab_level *out, uint32_t cap)
{
    const pab_message_quote *q = &msg->u.quote;
    if (msg->next == PAB__NONE) {
        pab_level touch = side == PAB_BUY ? (pab_level){q->bid, q->bid_quantity} : (pab_level){q->ask, q->ask_quantity};
        if (touch.price == 0 || cap == 0)
            return 0;
        out[0] = touch;
        return 1;
    }
    uint32_t n = 0;
    for (uint32_t slot = msg->next; slot != PAB__NONE; slot = pab__message_at(self->m, slot)->next) {
        const pab_message *part = pab__message_at(self->m, slot);
        uint32_t count = part->side != side ? 0 : part->type < cap - n ? part->type : cap - n;
        for (uint32_t i = 0; i < count; i++)
            out[n++] = part->u.levels[i];
    }
    return n;
}

double pab_agent_uniform(pab_agent *self, double low, double high)
{
    pab__draw d = pab__stream_agent(self->m, self->id);
    return pab__draw_uniform(&d, low, high);
}

int64_t pab_agent_randint(pab_agent *self, int64_t low, int64_t high)
{
    pab__draw d = pab__stream_agent(self->m, self->id);
    return pab__draw_randint(&d, low, high);
}

double pab_agent_normal(pab_agent *self, double mean, double sd)
{
    pab__draw d = pab__stream_agent(self->m, self->id);
    return pab__draw_normal(&d, mean, sd);
}

double pab_agent_exponential(pab_agent *self, double mean)
{
    pab__draw d = pab__stream_agent(self->m, self->id);
    return pab__draw_exponential(&d, mean);
}

int64_t pab_agent_order_size(pab_agent *self)
{
    if (self->group->common.size_kind != PAB__SIZE_MIXTURE)
        return self->base->size;
    pab__draw d = pab__stream_agent(self->m, self->id);
    return pab__draw_mixture(&d, &self->m->scn->mixture);
}

double pab_agent_shared_uniform(pab_agent *self)
{
    if (self->m->mt) {
        pab__draw d = pab__stream_global(self->m);
        return pab__draw_double(&d);
    }
    pab__rng own;
    pab__rng_seed(&own, pab__rng_key(self->m->core.seed, pab__stream_agent_key(self->m->scn, self->id),
                                     PAB__PURPOSE_BUILD));
    pab__draw d = pab__stream_draw(self->m, &own, 0);
    return pab__draw_double(&d);
}

int64_t pab_agent_observe(pab_agent *self, int32_t symbol, double variance)
{
    if (symbol < 0 || (uint32_t)symbol >= self->m->scn->symbol_count)
        return 0;
    pab__draw d = pab__stream_agent(self->m, self->id);
    return pab__oracle_observe(self->m, (uint32_t)symbol, self->now, variance, &d);
}
