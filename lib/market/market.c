/* A market's life: memory, the state at the start of a run, and the end of it. */
#include "market/market.h"

#include <string.h>

#include "base/hash.h"
#include "market/exchange.h"
#include "market/kernel.h"
#include "market/latency.h"
#include "market/oracle.h"
#include "market/streams.h"
#include "market/trader.h"
#include "scenario/extension.h"

/* --- Memory --- */

static void init_pools(pab_market *m)
{
    pab__market_pools *p = &m->pools;
    pab__pool_init(&p->agents, sizeof(pab__agent_state));
    pab__pool_init(&p->views, sizeof(pab__agent_view));
    pab__pool_init(&p->own, 8);
    pab__pool_init(&p->positions, sizeof(double));
    pab__pool_init(&p->close_next, sizeof(int32_t));
    pab__pool_init(&p->symbols, sizeof(pab__symbol_state));
    pab__pool_init(&p->messages, sizeof(pab_message));
    pab__pool_init(&p->opens, sizeof(pab__open_order));
    pab__pool_init(&p->parked, sizeof(pab__parked));
    pab__pool_init(&p->subs, sizeof(pab__subscription));
    pab__pool_init(&p->lags, sizeof(double));
    pab__queue_init(&m->queue);
}

/* Lays the agents' views and states out one after the other. */
static void lay_out(pab_market *m, uint32_t *views, uint32_t *words)
{
    const pab_scenario *scn = m->scn;
    uint32_t view = 0, own = 0;
    for (int32_t id = 0; id < (int32_t)scn->agent_count; id++) {
        if (pab__market_is_exchange(m, id)) {
            m->places[id] = (pab__agent_place){0, 0, id, 0};
            continue;
        }
        const pab__group *g = pab__group_at(m, id);
        m->places[id] = (pab__agent_place){view, own, g->symbol < 0 ? 0 : (int32_t)scn->symbols[g->symbol].exchange,
                                           g->builtin && g->builtin->on_book};
        view += g->symbol < 0 ? scn->symbol_count : 1;
        own += (g->type.state_size + 7) / 8;
    }
    *views = view;
    *words = own;
}

static pab_status fixed_pool(pab_market *m, pab__pool *pool, uint32_t count)
{
    pab_status status = pab__pool_reserve(pool, &m->host, count);
    if (status == PAB_OK)
        pool->mark.count = pool->mark.live = count;
    return status;
}

/* Pools whose size the scenario fixes; zeroed. */
static pab_status size_pools(pab_market *m)
{
    const pab_scenario *scn = m->scn;
    uint32_t views, words;
    lay_out(m, &views, &words);
    pab__pool *pools[] = {&m->pools.agents, &m->pools.views, &m->pools.own, &m->pools.positions, &m->pools.close_next,
                          &m->pools.symbols, &m->pools.lags};
    uint32_t counts[] = {scn->agent_count, views, words, 0, scn->agent_count, scn->symbol_count,
                         scn->correlation.lag_slots};
    if (scn->latency.model != PAB__LATENCY_NONE)
        counts[3] = scn->agent_count;
    pab_status status = PAB_OK;
    for (size_t i = 0; i < sizeof pools / sizeof pools[0] && status == PAB_OK; i++)
        status = fixed_pool(m, pools[i], counts[i]);
    return status;
}

static pab_status make_books(pab_market *m)
{
    const pab_scenario *scn = m->scn;
    for (uint32_t s = 0; s < scn->symbol_count; s++) {
        pab_status status = pab__book_init(&m->books[s], &m->host, scn->quirks, scn->exchange.volume_window);
        if (status != PAB_OK)
            return status;
        m->books[s].no_self_trade = scn->exchange.self_trade_prevention;
    }
    pab__exchange_sink(m);
    return PAB_OK;
}

static pab_status make_parts(pab_market *m)
{
    const pab_scenario *scn = m->scn;
    m->places = pab__alloc(&m->host, scn->agent_count * sizeof *m->places);
    m->listings = pab__alloc(&m->host, scn->symbol_count * sizeof *m->listings);
    m->l1 = pab__alloc(&m->host, scn->symbol_count * 2 * sizeof *m->l1);
    m->books = pab__alloc(&m->host, scn->symbol_count * sizeof *m->books);
    if (!m->places || !m->listings || !m->l1 || !m->books)
        return pab__fail(PAB_E_MEMORY, "no memory for a market of %u agents", scn->agent_count);
    pab_status status = make_books(m);
    if (status == PAB_OK && scn->rng == PAB_RNG_ABIDES)
        status = pab__mt_cache_new(&m->host, scn->agent_count + 2 + 2 * scn->symbol_count, &m->mt);
    return status == PAB_OK ? size_pools(m) : status;
}

pab_status pab_market_new(pab_scenario *scn, pab_market **out)
{
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", scn ? "out" : "scn");
    pab_market *m = pab__alloc(&scn->host, sizeof *m);
    if (!m)
        return pab__fail(PAB_E_MEMORY, "no memory for a market");
    m->host = scn->host;
    m->scn = pab__scenario_ref(scn);
    init_pools(m);
    pab_status status = make_parts(m);
    if (status != PAB_OK) {
        pab_market_free(m);
        return status;
    }
    *out = m;
    return PAB_OK;
}

void pab_market_free(pab_market *m)
{
    if (!m)
        return;
    if (m->inside) { /* the caller further up still uses it */
        pab__kernel_stop(m, pab__fail(PAB_E_STATE, "one of the market's own callbacks frees it; expected that after "
                                      "the call that runs the market has returned"));
        return;
    }
    const pab_scenario *scn = m->scn;
    pab__pool *pools = (pab__pool *)&m->pools;
    for (size_t i = 0; i < PAB__MARKET_POOLS; i++)
        pab__pool_free(&pools[i], &m->host);
    pab__queue_free(&m->queue, &m->host);
    for (uint32_t s = 0; m->books && s < scn->symbol_count; s++)
        if (m->books[s].host)
            pab__book_free(&m->books[s]);
    pab__mt_cache_free(m->mt);
    pab__release(&m->host, m->books, scn->symbol_count * sizeof *m->books);
    pab__release(&m->host, m->l1, scn->symbol_count * 2 * sizeof *m->l1);
    pab__release(&m->host, m->listings, scn->symbol_count * sizeof *m->listings);
    pab__release(&m->host, m->places, scn->agent_count * sizeof *m->places);
    pab__release(&m->host, m->check_room, m->check_size);
    pab_host host = m->host;
    pab_scenario_free(m->scn);
    pab__release(&host, m, sizeof *m);
}

/* --- The first state of a run: docs/abides.md 3.9 --- */

static pab_status clear(pab_market *m)
{
    pab__pool *pools = (pab__pool *)&m->pools;
    for (size_t i = 0; i < PAB__MARKET_POOLS; i++)
        pab__pool_clear(&pools[i]);
    pab__queue_clear(&m->queue);
    for (uint32_t s = 0; s < m->scn->symbol_count; s++)
        pab__book_reset(&m->books[s], m->scn->clock.market_open, m->scn->symbols[s].oracle.r_bar);
    memset(m->l1, 0, m->scn->symbol_count * 2 * sizeof *m->l1);
    m->core = (pab__market_core){.sub_symbol = -1, .close_first = -1, .close_last = -1};
    m->failed = PAB_OK;
    return size_pools(m);
}

static void build_oracles(pab_market *m)
{
    for (uint32_t s = 0; s < m->scn->symbol_count; s++) {
        pab__symbol_state *state = pab__symbol_at(m, s);
        state->sub_first = state->sub_last = PAB__NONE;
        state->sub_next = -2;
        pab__oracle_seed(m, s);
    }
    for (uint32_t s = 0; s < m->scn->symbol_count; s++)
        pab__oracle_build(m, s);
    pab__correlated_build(m);
}

uint64_t pab__stream_agent_key(const pab_scenario *scn, int32_t id)
{
    if (id < (int32_t)scn->exchange.count)
        return (uint64_t)id;
    const pab__group *g = &scn->groups[scn->group_of[id]];
    return pab__hash_mix(pab__hash(g->name, strlen(g->name)), (uint64_t)(id - g->first_id));
}

static void seed_agent(pab_market *m, int32_t id)
{
    pab__agent_state *a = pab__agent_at(m, id);
    *a = (pab__agent_state){
        .busy_until = m->scn->clock.kernel_start,
        .computation_delay = m->scn->clock.computation_delay,
        .park_first = PAB__NONE,
        .park_last = PAB__NONE,
        .park_root = PAB__NONE,
        .open_first = PAB__NONE,
        .open_last = PAB__NONE,
    };
    if (!pab__market_is_exchange(m, id))
        pab__trader_build(m, id);
    uint64_t key;
    if (m->mt) {
        pab__draw global = pab__stream_global(m);
        key = pab__draw_word(&global);
    } else {
        key = pab__rng_key(m->core.seed, pab__stream_agent_key(m->scn, id), PAB__PURPOSE_AGENT);
    }
    pab__rng_seed(&a->rng, key);
}

/* Expands the agents' generators side by side, a block of agents at a time. */
static void prime(pab_market *m)
{
    uint32_t seeds[256], count = m->scn->agent_count;
    for (uint32_t first = 0; first < count; first += 256) {
        uint32_t n = count - first < 256 ? count - first : 256;
        for (uint32_t i = 0; i < n; i++)
            seeds[i] = (uint32_t)pab__agent_at(m, (int32_t)(first + i))->rng.key;
        pab__mt_cache_prime(m->mt, first, n, seeds);
    }
}

static void build_agents(pab_market *m)
{
    int32_t count = (int32_t)m->scn->agent_count;
    for (int32_t id = 0; id < count; id++)
        seed_agent(m, id);
    if (m->mt)
        prime(m);
    for (int32_t id = (int32_t)m->scn->exchange.count; id < count; id++)
        pab__trader_start(m, id);
    if (pab__market_quirk(m, PAB_QUIRK_UNEVEN_BUSY))
        return;
    for (int32_t id = 0; pab__market_is_exchange(m, id); id++)
        pab__agent_at(m, id)->computation_delay = m->scn->exchange.computation_delay;
}

static void seed_latency(pab_market *m)
{
    if (m->mt) {
        pab__draw global = pab__stream_global(m);
        pab__draw_word(&global); /* ABIDES seeds a kernel generator that nothing uses */
        pab__rng_seed(&m->core.latency, pab__draw_word(&global));
    }
    pab__latency_build(m);
}

static void queue_first_wakeups(pab_market *m)
{
    const pab__clock *c = &m->scn->clock;
    m->core.now = c->kernel_start;
    for (int32_t id = 0; pab__market_is_exchange(m, id); id++)
        pab__kernel_wakeup(m, id, c->market_close);
    for (int32_t id = 0; id < (int32_t)m->scn->agent_count; id++)
        pab__kernel_wakeup(m, id, c->kernel_start);
}

pab_status pab_market_reset(pab_market *m, uint64_t seed)
{
    if (!m)
        return pab__fail(PAB_E_ARGUMENT, "m is NULL: a market was expected");
    if (m->mt && seed > UINT32_MAX)
        return pab__fail(PAB_E_RANGE, "seed %llu: with rng: abides a seed below 2^32 was expected",
                         (unsigned long long)seed);
    pab_status status = pab__market_idle(m);
    if (status == PAB_OK)
        status = clear(m);
    if (status != PAB_OK)
        return status;
    m->inside = 1;
    m->core.seed = seed;
    pab__rng_seed(&m->core.global, m->mt ? seed : pab__rng_key(seed, 0, PAB__PURPOSE_GLOBAL));
    build_oracles(m);
    build_agents(m);
    seed_latency(m);
    queue_first_wakeups(m);
    m->inside = 0;
    m->core.ready = m->failed == PAB_OK;
    return pab__market_failure(m);
}

void pab__market_wipe(pab_market *m, pab_status why)
{
    char text[sizeof m->why];
    pab_last_error(text, sizeof text);
    (void)clear(m); /* its pools have room for an empty state */
    m->failed = why;
    memcpy(m->why, text, sizeof text);
}

static void rekey(pab__rng *rng, uint64_t fork)
{
    rng->key = pab__rng_key(rng->key, fork, PAB__PURPOSE_FORK);
    rng->words &= ~PAB__RNG_HAS_GAUSS;
    rng->gauss = 0;
}

pab_status pab_market_reseed(pab_market *m, uint64_t fork)
{
    if (!m || !m->core.ready)
        return pab__fail(m ? PAB_E_STATE : PAB_E_ARGUMENT, "a market that is reset or restored was expected");
    if (m->inside)
        return pab__market_idle(m);
    if (m->mt)
        return pab__fail(PAB_E_UNSUPPORTED, "rng: abides has no keyed streams: a scenario with rng: fast was expected");
    pab__correlated_catch_up(m);
    for (uint32_t id = 0; id < m->scn->agent_count; id++)
        rekey(&pab__agent_at(m, (int32_t)id)->rng, fork);
    for (uint32_t s = 0; s < m->scn->symbol_count; s++) {
        rekey(&pab__symbol_at(m, s)->rng, fork);
        rekey(&pab__symbol_at(m, s)->shock_rng, fork);
    }
    rekey(&m->core.global, fork);
    m->core.seed = pab__rng_key(m->core.seed, fork, PAB__PURPOSE_FORK);
    pab__correlated_renew(m);
    return PAB_OK;
}

pab_status pab_market_set_tap(pab_market *m, const pab_tap *tap)
{
    if (!m)
        return pab__fail(PAB_E_ARGUMENT, "m is NULL: a market was expected");
    pab_tap taken = {0};
    pab_status status = pab__market_idle(m);
    if (status != PAB_OK)
        return status;
    if (tap) {
        status = pab__record_in(&taken, sizeof taken, tap, PAB__UPTO(pab_tap, megashock), "pab_tap");
        if (status != PAB_OK)
            return status;
    }
    m->tap = taken;
    pab__exchange_sink(m);
    return PAB_OK;
}
