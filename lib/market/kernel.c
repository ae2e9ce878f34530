/* The event loop: takes entries from the queue in order and delivers them, as ABIDES' kernel does. */
#include "market/kernel.h"

#include "base/stamp.h"
#include "market/exchange.h"
#include "market/latency.h"
#include "market/parking.h"
#include "market/trader.h"

#define CACHED_AGENTS 256

void pab__kernel_stop(pab_market *m, pab_status why)
{
    if (m->failed != PAB_OK)
        return;
    m->failed = why;
    pab_last_error(m->why, sizeof m->why);
}

pab_status pab__market_failure(const pab_market *m)
{
    return m->failed == PAB_OK ? PAB_OK : pab__fail(m->failed, "%s", m->why);
}

pab_status pab__market_idle(const pab_market *m)
{
    if (!m->inside)
        return PAB_OK;
    return pab__fail(PAB_E_STATE, "the market is running, and one of its own callbacks makes this call; expected it "
                     "after the call that runs the market has returned");
}

uint32_t pab__message_none(pab_market *m)
{
    pab__kernel_stop(m, pab__fail(PAB_E_MEMORY, "no memory for messages"));
    return PAB__NONE;
}

void pab__message_release(pab_market *m, uint32_t slot)
{
    while (slot != PAB__NONE) {
        uint32_t next = pab__message_at(m, slot)->next;
        pab__pool_give(&m->pools.messages, slot);
        slot = next;
    }
}

static void push(pab_market *m, int64_t time, int32_t sender, int32_t recipient, uint32_t what)
{
    if (m->core.next_message_id == UINT32_MAX) {
        pab__kernel_stop(m, pab__fail(PAB_E_CAPACITY, "more than %u messages in one run", UINT32_MAX - 1));
        return;
    }
    pab__entry e = {time, pab__entry_route(sender, recipient), m->core.next_message_id++, what};
    if (pab__queue_push(&m->queue, &m->host, &e))
        pab__kernel_stop(m, pab__fail(PAB_E_MEMORY, "no memory for the event queue"));
}

void pab__kernel_send(pab_market *m, int32_t sender, int32_t recipient, uint32_t what, int64_t delay)
{
    if (what == PAB__NONE)
        return;
    pab__agent_state *a = pab__agent_at(m, sender);
    int64_t sent = m->core.now + a->computation_delay + delay;
    int64_t time = sent + pab__latency_between(m, sender, recipient);
    a->sent++;
    push(m, time, sender, recipient, what);
}

void pab__kernel_wakeup(pab_market *m, int32_t agent, int64_t time)
{
    if (time < m->core.now) {
        pab__kernel_stop(m, pab__fail(PAB_E_RANGE, "agent %d asks for a wake-up at %s, before now (%s)", agent,
                                      pab__stamp_time(time).text, pab__stamp_time(m->core.now).text));
        return;
    }
    push(m, time, agent, agent, PAB__BARE + PAB_MSG_WAKEUP);
}

/* ABIDES adds the busy time before the handler of a message and after that of a wake-up. */
static void handle_wakeup(pab_market *m, int32_t id, pab__event *event)
{
    if (pab__market_is_exchange(m, id))
        pab__exchange_wakeup(m, id);
    else
        pab__trader_wakeup(m, id, event);
    pab__agent_state *a = pab__agent_at(m, id);
    a->busy_until += a->computation_delay + event->delay;
}

static void handle_message(pab_market *m, int32_t id, int32_t sender, const pab_message *msg, pab__event *event)
{
    if (m->tap.message)
        m->tap.message(m->tap.user, m->core.now, sender, id, msg);
    int early = pab__market_quirk(m, PAB_QUIRK_UNEVEN_BUSY);
    pab__agent_state *a = pab__agent_at(m, id);
    if (early)
        a->busy_until += a->computation_delay + event->delay;
    if (pab__market_is_exchange(m, id))
        pab__exchange_message(m, id, sender, msg);
    else
        pab__trader_message(m, id, sender, msg, event);
    if (!early)
        a->busy_until += a->computation_delay + event->delay;
}

/* The slots of a batch are handled one by one; the handlers may grow the pool, so each is copied out first. */
static void handle_batch(pab_market *m, int32_t id, int32_t sender, uint32_t slot, pab__event *event)
{
    while (slot != PAB__NONE && m->failed == PAB_OK) {
        pab_message msg = *pab__message_at(m, slot);
        slot = msg.next;
        handle_message(m, id, sender, &msg, event);
    }
}

static void handle(pab_market *m, int32_t id, int32_t sender, uint32_t what, pab__event *event)
{
    if (what == PAB__BARE + PAB_MSG_WAKEUP) {
        handle_wakeup(m, id, event);
        return;
    }
    if (what >= PAB__BARE) {
        pab_message msg = {.type = (uint8_t)(what - PAB__BARE), .symbol = -1, .next = PAB__NONE};
        handle_message(m, id, sender, &msg, event);
        return;
    }
    pab_message msg = *pab__message_at(m, what);
    if (msg.type == PAB_MSG_BATCH)
        handle_batch(m, id, sender, msg.next, event);
    else
        handle_message(m, id, sender, &msg, event);
    pab__message_release(m, what);
}

static int32_t type_of(const pab_market *m, uint32_t what)
{
    return what >= PAB__BARE ? (int32_t)(what - PAB__BARE) : pab__message_at(m, what)->type;
}

/* The agents' states stay where they are for as long as a market runs. */
static void deliver(pab_market *m, pab__agent_state *a, const pab__entry *e, pab__event *event)
{
    int64_t time = e->time;
    int32_t sender = pab__entry_sender(e), recipient = pab__entry_recipient(e);
    if (m->tap.delivery) {
        pab_delivery d = {time, sender, recipient, type_of(m, e->what), 0};
        m->tap.delivery(m->tap.user, &d);
    }
    m->core.delivered++;
    m->core.last_delivery = time;
    a->busy_until = a->last_time = time;
    handle(m, recipient, sender, e->what, event);
    event->delay = 0;
    if (a->park_count > 0)
        pab__parking_resume(m, recipient, time);
}

/* A proxy is stale once another message has become the first parked one: that has a proxy of its own. */
static int proxy_is_stale(const pab_market *m, const pab__entry *e)
{
    const pab__agent_state *a = pab__agent_at(m, pab__entry_recipient(e));
    if (a->park_count == 0 || a->park_time != e->time)
        return 1;
    const pab__parked *head = pab__parking_head(m, a);
    return head->id != e->id || head->sender != pab__entry_sender(e);
}

/* The next entry that is not a stale proxy, or NULL. */
static const pab__entry *next_entry(pab_market *m)
{
    const pab__entry *e = pab__queue_peek(&m->queue);
    while (e && e->what == PAB__PROXY && proxy_is_stale(m, e)) {
        pab__queue_drop(&m->queue);
        e = pab__queue_peek(&m->queue);
    }
    return e;
}

/* Starts loading what the next delivery will touch while this one is worked on. Few agents are in the cache anyway. */
static void look_ahead(const pab_market *m)
{
    const pab__entry *e = m->scn->agent_count > CACHED_AGENTS ? pab__queue_second(&m->queue) : NULL;
    if (!e)
        return;
    int32_t id = pab__entry_recipient(e);
    const pab__agent_state *a = pab__agent_at(m, id);
    __builtin_prefetch(a);
    __builtin_prefetch((const char *)a + 64);
    __builtin_prefetch(pab__agent_view_at(m, id));
    __builtin_prefetch(pab__agent_own_at(m, id));
    if (e->what < PAB__BARE)
        __builtin_prefetch(pab__message_at(m, e->what));
}

/* Takes one entry; returns 1 when it was delivered, 0 when its recipient is busy. */
static int take(pab_market *m, const pab__entry *next, pab__event *event)
{
    pab__entry e = *next;
    look_ahead(m);
    pab__queue_drop(&m->queue);
    m->core.now = e.time;
    m->core.pops++;
    int32_t recipient = pab__entry_recipient(&e);
    pab__agent_state *a = pab__agent_at(m, recipient);
    if (e.what == PAB__PROXY) {
        pab__parked p;
        pab__parking_pop(m, a, &p);
        e.what = p.what;
    } else if (a->busy_until > e.time) {
        pab__parking_add(m, &e);
        return 0;
    }
    deliver(m, a, &e, event);
    return 1;
}

/* ABIDES looks at the time of the last entry taken, so one entry past the stop time is still served. */
static int past_the_end(const pab_market *m, const pab__entry *next)
{
    int64_t stop = m->scn->clock.kernel_stop;
    return !next || m->core.now > stop || (next->time > stop && !pab__market_quirk(m, PAB_QUIRK_LATE_ENTRY));
}

/* Takes entries due by `until`, at most `limit` deliveries. */
static pab_status deliver_due(pab_market *m, int64_t until, uint64_t limit, int32_t *why)
{
    int32_t reason = PAB_RUN_TIME;
    pab__event event = {0};
    while (limit > 0) {
        const pab__entry *next = m->core.ended ? NULL : next_entry(m);
        if (past_the_end(m, next)) {
            m->core.ended = 1;
            reason = PAB_RUN_ENDED;
            break;
        }
        if (next->time > until)
            break;
        limit -= (uint64_t)take(m, next, &event);
        if (m->failed != PAB_OK) {
            m->core.ready = 0;
            return pab__market_failure(m);
        }
        if (event.paused) {
            reason = PAB_RUN_PAUSED;
            break;
        }
    }
    if (why)
        *why = reason;
    return PAB_OK;
}

/* A time that was meant for another day, or in another unit, is refused; one after the end is the end. */
static pab_status check_until(const pab_market *m, int64_t until)
{
    enum { HOURS = 24 };
    const int64_t day = HOURS * INT64_C(3600000000000), from = m->scn->clock.date;
    const int64_t to = m->scn->clock.kernel_stop > from + day ? m->scn->clock.kernel_stop : from + day;
    if (until == INT64_MAX || !m->core.ready)
        return PAB_OK;
    if (until < from || until > to)
        return pab__fail(PAB_E_RANGE, "until is %s (%lld ns), expected a time on the scenario's day, %.10s",
                         pab__stamp_time(until).text, (long long)until, pab__stamp_time(from).text);
    if (until < m->core.now && !m->core.ended)
        return pab__fail(PAB_E_RANGE, "until is %s, expected no time before %s, at which the market stands",
                         pab__stamp_time(until).text, pab__stamp_time(m->core.now).text);
    return PAB_OK;
}

static pab_status run(pab_market *m, int64_t until, uint64_t limit, int32_t *why)
{
    pab_status status = pab__market_idle(m);
    if (status != PAB_OK)
        return status;
    if (!m->core.ready)
        return pab__fail(PAB_E_STATE, "the market has to be reset or restored first");
    m->inside = 1;
    status = deliver_due(m, until, limit, why);
    m->inside = 0;
    return status;
}

pab_status pab_market_run(pab_market *m, int64_t until, int32_t *why)
{
    if (!m)
        return pab__fail(PAB_E_ARGUMENT, "m is NULL: a market was expected");
    pab_status status = check_until(m, until);
    return status == PAB_OK ? run(m, until, UINT64_MAX, why) : status;
}

pab_status pab_market_step(pab_market *m, int32_t *why)
{
    return m ? run(m, INT64_MAX, 1, why) : pab__fail(PAB_E_ARGUMENT, "m is NULL: a market was expected");
}

pab_status pab_market_finish(pab_market *m)
{
    int32_t why = PAB_RUN_TIME;
    while (why != PAB_RUN_ENDED) {
        pab_status status = pab_market_run(m, INT64_MAX, &why);
        if (status != PAB_OK)
            return status;
    }
    if (!m->core.finished) {
        m->inside = 1;
        for (int32_t id = (int32_t)m->scn->exchange.count; id < (int32_t)m->scn->agent_count; id++)
            pab__trader_stop(m, id);
        m->inside = 0;
        m->core.finished = 1;
        m->core.ready = m->failed == PAB_OK;
    }
    return pab__market_failure(m);
}
