/* The records that a market's state is made of. They lie in pools: no pointers, no unset padding, so that saving,
 * copying and hashing are block copies. */
#ifndef PAB_MARKET_STATE_H
#define PAB_MARKET_STATE_H

#include <pairsabides/market.h>

#include "base/pool.h"
#include "base/rng.h"

/* Flags of an agent. */
enum {
    PAB__AGENT_GREETED = 1,     /* has asked for close prices */
    PAB__AGENT_HOURS_KNOWN = 2, /* knows the market hours */
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
    int64_t cash;        /* ticks */
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

#endif
