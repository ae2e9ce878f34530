/* A market: its flat state (state.h), what surrounds it, and where each part lies. What is done with it has a header
 * each: kernel.h delivers, trader.h and exchange.h are the two kinds of agent, oracle.h the fundamentals, latency.h the
 * delays, streams.h the random numbers. */
#ifndef PAB_MARKET_MARKET_H
#define PAB_MARKET_MARKET_H

#include "book/book.h"
#include "market/queue.h"
#include "market/state.h"
#include "scenario/scenario.h"

/* Where an agent's parts lie; fixed by the scenario. Exchanges have no views and no state of a type. */
typedef struct pab__agent_place {
    uint32_t view; /* first of its views */
    uint32_t own;  /* first word of its type's state */
    int32_t exchange;
    int32_t resident; /* 1: it stands at the exchange (resident.h) */
} pab__agent_place;

/* A symbol at the exchange that lists it: the context of its book's reports. */
typedef struct pab__listing {
    pab_market *m;
    int32_t symbol, exchange;
    int32_t resident; /* agent that stands there, -1 for none */
} pab__listing;

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
    pab__listing *listings; /* one per symbol */
    pab_tap tap;
    pab_level *l1; /* last quotes reported to the tap, two per symbol */
    pab_status failed; /* why the run cannot continue */
    int32_t inside;    /* 1: callbacks of agents and taps may be running */
    char why[256];     /* the sentence of the first failure */
    void *check_room;  /* scratch of restoring */
    size_t check_size;
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

/* PAB_OK, or the first failure of this market with its sentence. */
pab_status pab__market_failure(const pab_market *m);
/* PAB_E_STATE for a call that one of the market's own callbacks makes. */
pab_status pab__market_idle(const pab_market *m);
/* A restore found the state unsound when it was in place already: nothing is left, and the market says why. */
void pab__market_wipe(pab_market *m, pab_status why);

#endif
