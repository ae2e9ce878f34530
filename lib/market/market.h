/* The inside of a pab_market: its flat state and what surrounds it. */
#ifndef PAB_MARKET_MARKET_H
#define PAB_MARKET_MARKET_H

#include <pairsabides/market.h>

#include "book/book.h"
#include "market/queue.h"
#include "scenario/scenario.h"

/* Flags of an agent. */
enum {
    PAB__AGENT_GREETED = 1,     /* has asked for close prices */
    PAB__AGENT_HOURS_KNOWN = 2, /* has been told the market hours */
    PAB__AGENT_CLOSED = 4,      /* has learnt that the market is closed */
    PAB__AGENT_CLOSE_KNOWN = 8, /* a query was answered after the close */
    PAB__AGENT_WANTS_CLOSE = 16 /* registered for close prices */
};

/* What the library keeps for every agent, exchanges included. */
typedef struct pab__agent_state {
    int64_t busy_until;        /* ns */
    int64_t last_time;         /* of the last event it took part in, ns */
    int64_t computation_delay; /* ns */
    pab__rng rng;
    int64_t cash;        /* cents */
    int64_t size;        /* order size drawn at construction, or fixed */
    int64_t latency;     /* undisturbed delay to and from its exchange, ns */
    int64_t park_time;   /* when the parked messages come up again */
    uint32_t park_first; /* run in order of (sender, id) ... */
    uint32_t park_last;
    uint32_t park_root;  /* ... and a pairing heap for those that came out of order */
    uint32_t park_count;
    uint32_t open_first, open_last, open_count; /* open-order list */
    uint32_t sent;  /* messages sent: numbers the draws of a keyed latency */
    uint32_t flags; /* PAB__AGENT_... */
    uint32_t reserved;
} pab__agent_state;

/* What an agent knows of one symbol, and what it holds. */
typedef struct pab__agent_view {
    int64_t holding, last_trade;
    int64_t bid, bid_quantity, ask, ask_quantity; /* 0 for none */
} pab__agent_view;

/* An entry of an agent's open-order list. `next` first: it links freed slots. */
typedef struct pab__open_order {
    uint32_t next, prev;
    int64_t id; /* -1 when free */
    int64_t quantity, price;
    int32_t symbol, side;
    int32_t owner;
    uint32_t flags;
} pab__open_order;

/* A message waiting for a busy recipient. */
typedef struct pab__parked {
    uint32_t next;  /* in the run, or next sibling in the pairing heap */
    uint32_t child; /* pairing heap */
    int32_t sender;
    uint32_t id;
    uint32_t what;
} pab__parked;

/* A standing request for market data. */
typedef struct pab__subscription {
    uint32_t next; /* of the same symbol */
    int32_t type;  /* PAB_MSG_..._SUBSCRIBE */
    int32_t agent;
    int32_t depth;
    int64_t interval, lookback, last_update;
    double threshold;
    int32_t active; /* imbalance: an event is in progress ... */
    int32_t side;   /* ... on this side */
} pab__subscription;

/* A jump of the fundamental that is still to come. */
typedef struct pab__oracle_shock {
    int64_t time; /* ns, INT64_MAX for none */
    double value; /* ticks */
} pab__oracle_shock;

/* Oracle and exchange scalars of one symbol. */
typedef struct pab__symbol_state {
    pab__rng rng;       /* the oracle's */
    pab__rng shock_rng; /* megashocks, where they do not share the global generator */
    int64_t time;       /* of the last computed value */
    int64_t value;      /* ticks */
    double exact;       /* the same before rounding: grid oracles; correlated: its own deviation from r_bar */
    double jump;        /* correlated: what is left of common jumps, ticks */
    double shown;       /* correlated: deviation that is seen, ticks */
    pab__oracle_shock pending[3]; /* correlated: own, common, event */
    int64_t shock_time;
    double shock_value;
    int64_t close_price;
    uint32_t shocks;
    uint32_t sub_first, sub_last; /* subscriptions */
    int32_t sub_next; /* next symbol in order of first subscription, -1 for none */
} pab__symbol_state;

/* Scalars of a market. */
typedef struct pab__market_core {
    uint64_t seed;
    int64_t now, last_delivery;
    uint64_t pops, delivered;
    int64_t next_order_id;
    uint32_t next_message_id;
    int32_t sub_symbol; /* first symbol with a subscription, -1 for none */
    int32_t close_first; /* head of the close-price registrations, -1 */
    int32_t close_last;
    int32_t ready; /* 0 before reset and after a failure */
    int32_t ended;
    int32_t finished;
    uint32_t commons;    /* common jumps drawn */
    uint64_t path_steps; /* grid steps that correlated fundamentals have taken */
    pab__rng global, latency;
} pab__market_core;

/* The pools of a market, in the order in which they are saved. */
typedef struct pab__market_pools {
    pab__pool agents;     /* pab__agent_state */
    pab__pool views;      /* pab__agent_view */
    pab__pool own;        /* the types' states, in 8-byte words */
    pab__pool positions;  /* double: metres on the line */
    pab__pool close_next; /* int32_t: chain of close-price registrations */
    pab__pool symbols;    /* pab__symbol_state */
    pab__pool messages;   /* pab_message */
    pab__pool opens;      /* pab__open_order */
    pab__pool parked;     /* pab__parked */
    pab__pool subs;       /* pab__subscription */
    pab__pool lags;       /* double: rings of late correlated values */
} pab__market_pools;

#define PAB__MARKET_POOLS (sizeof(pab__market_pools) / sizeof(pab__pool))

/* The agent whose callback runs. */
struct pab_agent {
    pab_market *m;
    const pab__group *group;
    pab__agent_state *base;
    pab__agent_view *views;
    int64_t now;
    int32_t id;
    int32_t symbol;   /* -1: all */
    int32_t exchange; /* where it asks for hours and the close price */
    int32_t batching; /* limit orders are collected ... */
    uint32_t batch_first, batch_last; /* ... in this chain */
};

/* Where an agent's parts lie; fixed by the scenario. Exchanges have no views and no state of a type. */
typedef struct pab__agent_place {
    uint32_t view; /* first of its views */
    uint32_t own;  /* first word of its type's state */
    int32_t exchange;
} pab__agent_place;

struct pab_market {
    pab_host host;
    pab_scenario *scn;
    /* state */
    pab__market_core core;
    pab__queue queue;
    pab__market_pools pools;
    pab__book *books; /* one per symbol */
    /* not state */
    pab__mt_cache *mt; /* NULL with rng: fast */
    pab__agent_place *places;
    pab_tap tap;
    pab_level *l1; /* last quotes told to the tap, two per symbol */
    int64_t extra_delay; /* transient computation delay of the event in progress */
    int32_t symbol;      /* whose book is at work */
    int32_t exchange;    /* which exchange is at work */
    int32_t paused;
    pab_status failed; /* why the run cannot go on */
};

static inline pab__agent_state *pab__agent_at(const pab_market *m, int32_t id)
{
    return (pab__agent_state *)(void *)m->pools.agents.data + id;
}

static inline pab__symbol_state *pab__symbol_at(const pab_market *m, uint32_t symbol)
{
    return (pab__symbol_state *)(void *)m->pools.symbols.data + symbol;
}

/* The state of an agent's type. */
static inline void *pab__agent_own_at(const pab_market *m, int32_t id)
{
    return m->pools.own.data + (size_t)m->places[id].own * 8;
}

static inline pab__agent_view *pab__agent_view_at(const pab_market *m, int32_t id)
{
    return (pab__agent_view *)(void *)m->pools.views.data + m->places[id].view;
}

static inline const pab__group *pab__group_at(const pab_market *m, int32_t id)
{
    return &m->scn->groups[m->scn->group_of[id]];
}

static inline pab_message *pab__message_at(const pab_market *m, uint32_t slot)
{
    return (pab_message *)(void *)m->pools.messages.data + slot;
}

static inline pab__open_order *pab__open_at(const pab_market *m, uint32_t slot)
{
    return (pab__open_order *)(void *)m->pools.opens.data + slot;
}

static inline int pab__market_quirk(const pab_market *m, uint32_t bit)
{
    return (m->scn->quirks & bit) != 0;
}

static inline int pab__market_is_exchange(const pab_market *m, int32_t id)
{
    return id < (int32_t)m->scn->exchange.count;
}

/* Owners of generators in the MT cache: agents by id, then these, then one per symbol. */
static inline pab__draw pab__stream_draw(const pab_market *m, pab__rng *rng, uint32_t owner)
{
    return (pab__draw){rng, m->mt, owner};
}

static inline pab__draw pab__stream_global(pab_market *m)
{
    return pab__stream_draw(m, &m->core.global, m->scn->agent_count);
}

static inline pab__draw pab__stream_latency(pab_market *m)
{
    return pab__stream_draw(m, &m->core.latency, m->scn->agent_count + 1);
}

static inline pab__draw pab__stream_symbol(pab_market *m, uint32_t symbol)
{
    return pab__stream_draw(m, &pab__symbol_at(m, symbol)->rng, m->scn->agent_count + 2 + symbol);
}

static inline pab__draw pab__stream_agent(pab_market *m, int32_t id)
{
    return pab__stream_draw(m, &pab__agent_at(m, id)->rng, (uint32_t)id);
}

/* Purposes of keyed streams. */
enum {
    PAB__PURPOSE_AGENT = 1,
    PAB__PURPOSE_BUILD = 2,
    PAB__PURPOSE_POSITION = 3,
    PAB__PURPOSE_LATENCY = 4,
    PAB__PURPOSE_ORACLE = 5,
    PAB__PURPOSE_SHOCK = 6,
    PAB__PURPOSE_GLOBAL = 7,
    PAB__PURPOSE_FORK = 8,
    PAB__PURPOSE_COMMON = 9,
    PAB__PURPOSE_EVENT = 10,
    PAB__PURPOSE_WITHDRAWAL = 11
};

/* Name of an agent's keyed streams: its group and its number in it, so that other agents may come and go. */
uint64_t pab__stream_agent_key(const pab_scenario *scn, int32_t id);

/* --- kernel.c: delivery --- */

uint32_t pab__message_none(pab_market *m); /* notes that there is no memory; returns PAB__NONE */

/* A slot filled with `msg`, or PAB__NONE after noting the failure. */
static inline uint32_t pab__message_new(pab_market *m, const pab_message *msg)
{
    uint32_t slot = pab__pool_take(&m->pools.messages, &m->host);
    if (slot == PAB__NONE)
        return pab__message_none(m);
    *pab__message_at(m, slot) = *msg;
    return slot;
}

void pab__message_release(pab_market *m, uint32_t slot); /* with what hangs on it */
/* Queues an entry for delivery after the sender's delays and the latency; `pipeline` is added, ns. */
void pab__kernel_send(pab_market *m, int32_t sender, int32_t recipient, uint32_t what, int64_t pipeline);
void pab__kernel_wakeup(pab_market *m, int32_t agent, int64_t time);
/* Notes the first failure; the run stops after this event. */
void pab__kernel_stop(pab_market *m, pab_status why);

/* --- parking.c: messages whose recipient is busy --- */

void pab__parking_add(pab_market *m, const pab__entry *entry);
/* The first parked message of an agent (there must be one). */
const pab__parked *pab__parking_head(const pab_market *m, const pab__agent_state *a);
/* Removes it. */
void pab__parking_pop(pab_market *m, pab__agent_state *a, pab__parked *out);
/* After a delivery to an agent with some: counts the pops of those that wait on, and queues the next one's proxy. */
void pab__parking_resume(pab_market *m, int32_t recipient, int64_t now);

/* --- latency.c --- */

void pab__latency_build(pab_market *m); /* places agents on the line */
int64_t pab__latency_between(pab_market *m, int32_t sender, int32_t recipient);

/* --- oracle.c --- */

void pab__oracle_seed(pab_market *m, uint32_t symbol);  /* the symbol's generator */
void pab__oracle_build(pab_market *m, uint32_t symbol); /* opening value, first megashock */
int64_t pab__oracle_value(pab_market *m, uint32_t symbol, int64_t time);
int64_t pab__oracle_observe(pab_market *m, uint32_t symbol, int64_t time, double variance, pab__draw *noise);

/* --- oracle_correlated.c --- */

void pab__correlated_build(pab_market *m); /* all of them, once every generator is seeded */
int64_t pab__correlated_value(pab_market *m, uint32_t symbol, int64_t time);
void pab__correlated_catch_up(pab_market *m); /* takes the path to now, before generators are keyed anew ... */
void pab__correlated_renew(pab_market *m);    /* ... after which the jumps to come are drawn again */

/* --- exchange.c --- */

void pab__exchange_wakeup(pab_market *m, int32_t exchange);
void pab__exchange_message(pab_market *m, int32_t exchange, int32_t sender, const pab_message *msg);
void pab__exchange_sink(pab_market *m); /* connects books and tap */

/* --- feed.c: market data that exchanges send --- */

void pab__feed_quote(pab_market *m, uint32_t symbol, int32_t depth, pab_message *out); /* and its chain of levels */
void pab__feed_orders(pab_market *m, uint32_t symbol, int32_t depth, pab_message *out);
void pab__feed_subscribe(pab_market *m, int32_t agent, const pab_message *msg);
void pab__feed_publish(pab_market *m, int32_t exchange); /* after each order message */

/* --- trader.c: what every trading agent does --- */

void pab__trader_build(pab_market *m, int32_t id); /* on_build */
void pab__trader_start(pab_market *m, int32_t id); /* on_start */
void pab__trader_wakeup(pab_market *m, int32_t id);
void pab__trader_message(pab_market *m, int32_t id, int32_t sender, const pab_message *msg);
void pab__trader_stop(pab_market *m, int32_t id);
/* Between two runs: lets an agent act at the current time, as if its last handler went on. */
void pab__trader_act(pab_market *m, int32_t id, void (*act)(pab_agent *self, void *own, void *arg), void *arg);
int64_t pab__trader_worth(const pab_market *m, int32_t id); /* marked to market */

/* --- open_orders.c --- */

/* `hint` is the slot that came with a message; PAB__NONE looks through the list. NULL when it is not listed. */
uint32_t pab__open_add(pab_market *m, int32_t owner, const pab__open_order *order); /* slot, or PAB__NONE */
pab__open_order *pab__open_find(pab_market *m, int32_t owner, int64_t id, uint32_t hint, uint32_t *slot);
void pab__open_drop(pab_market *m, uint32_t slot);

#endif
