/* Busy agents: the engine parks their messages, ABIDES puts them back into the queue again and again. ABIDES' loop said
 * plainly, with agents that write to each other and change their delays, must deliver and count the same. */
#include "lab.h"

#define CREW 6
#define MOST 100000

static lab l;
static uint64_t world; /* varies the agents' conduct */

/* --- how agents behave: a function of who, how often so far, and how long the chain of letters is yet --- */

typedef struct conduct {
    int letters, hops;
    int32_t to[3]; /* in the crew */
    int64_t delay; /* new computation delay, -1: as before */
    int64_t extra; /* transient delay, from the second letter on */
} conduct;

static uint64_t scramble(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdu;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53u;
    return x ^ x >> 33;
}

static conduct conduct_of(int32_t who, int64_t times, int hops)
{
    uint64_t h = scramble(world << 40 ^ (uint64_t)who << 32 ^ (uint64_t)times << 8 ^ (uint64_t)hops);
    conduct c = {.letters = hops > 0 ? (int)(h % (hops == 4 ? 4 : 3)) : 0, .hops = hops - 1, .delay = -1};
    for (int i = 0; i < 3; i++)
        c.to[i] = (int32_t)((h >> (8 + 4 * i)) % CREW);
    if (h >> 20 & 1)
        c.delay = (int64_t)(h >> 24) % 2000;
    if ((h >> 21 & 3) == 0)
        c.extra = (int64_t)(h >> 40) % 1500;
    return c;
}

/* --- the engine --- */

static int64_t times[CREW];

static void behave(lab *b, pab_agent *self, int32_t who, int hops)
{
    conduct c = conduct_of(who, times[who]++, hops);
    pab_message_user letter = {.kind = c.hops};
    for (int i = 0; i < c.letters; i++) {
        if (i == 1)
            pab_agent_add_delay(self, c.extra);
        must(pab_agent_send(self, b->first + c.to[i], &letter));
    }
    if (c.delay >= 0)
        pab_agent_set_computation_delay(self, c.delay);
}

static void on_wakeup(lab *b, pab_agent *self, int32_t who, int32_t step)
{
    (void)step;
    behave(b, self, who, 4);
}

static void on_message(lab *b, pab_agent *self, int32_t who, const pab_message *msg)
{
    if (msg->type == PAB_MSG_USER)
        behave(b, self, who, msg->u.user.kind);
}

typedef struct delivery {
    int64_t time;
    int32_t sender, recipient;
} delivery;

static delivery seen[MOST];
static size_t seen_count;

static void on_delivery(void *user, const pab_delivery *d)
{
    (void)user;
    assert_true(seen_count < MOST);
    seen[seen_count++] = (delivery){d->time, d->sender, d->recipient};
}

/* --- ABIDES' loop, as plainly as it can be said --- */

enum { WAKE, ASK_CLOSE, ASK_HOURS, HOURS, CLOSE_PRICE, LETTER };

typedef struct entry {
    int64_t time;
    int32_t sender, recipient;
    uint32_t id;
    int kind, hops;
} entry;

typedef struct plain {
    entry queue[4096];
    size_t queued;
    uint32_t ids;
    int64_t now, extra, busy[CREW + 1], delay[CREW + 1], events[CREW];
    int greeted[CREW], hours[CREW], steps[CREW];
    int32_t registered[CREW];
    int registrations;
    uint64_t pops;
    size_t delivered; /* how many have been compared with the engine's */
} plain;

static void push(plain *p, int64_t time, int32_t sender, int32_t recipient, int kind, int hops)
{
    assert_true(p->queued < 4096);
    p->queue[p->queued++] = (entry){time, sender, recipient, p->ids++, kind, hops};
}

static void post(plain *p, int32_t sender, int32_t recipient, int kind, int hops)
{
    push(p, p->now + p->delay[sender] + p->extra, sender, recipient, kind, hops);
}

static int before(const entry *a, const entry *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->sender != b->sender)
        return a->sender < b->sender;
    return a->recipient != b->recipient ? a->recipient < b->recipient : a->id < b->id;
}

static entry pop(plain *p)
{
    size_t best = 0;
    for (size_t i = 1; i < p->queued; i++)
        if (before(&p->queue[i], &p->queue[best]))
            best = i;
    entry e = p->queue[best];
    p->queue[best] = p->queue[--p->queued];
    return e;
}

static void plain_behave(plain *p, int32_t id, int hops)
{
    conduct c = conduct_of(id - 1, p->events[id - 1]++, hops);
    for (int i = 0; i < c.letters; i++) {
        p->extra += i == 1 ? c.extra : 0;
        post(p, id, 1 + c.to[i], LETTER, c.hops);
    }
    if (c.delay >= 0)
        p->delay[id] = c.delay;
}

static void agent_wakes(plain *p, int32_t id)
{
    int32_t who = id - 1;
    if (!p->greeted[who])
        post(p, id, 0, ASK_CLOSE, 0);
    p->greeted[who] = 1;
    if (!p->hours[who]) {
        post(p, id, 0, ASK_HOURS, 0);
        return;
    }
    if (p->steps[who]++ >= LAB_STEPS)
        return;
    push(p, p->now + LAB_SECOND, id, id, WAKE, 0);
    plain_behave(p, id, 4);
}

static void agent_hears(plain *p, int32_t id, const entry *e)
{
    if (e->kind == HOURS) {
        p->hours[id - 1] = 1;
        push(p, l.info.market_open, id, id, WAKE, 0);
    } else if (e->kind == LETTER) {
        plain_behave(p, id, e->hops);
    }
}

static void exchange_hears(plain *p, const entry *e)
{
    p->delay[0] = 0;
    if (e->kind == ASK_CLOSE)
        p->registered[p->registrations++] = e->sender;
    if (e->kind == ASK_HOURS)
        post(p, 0, e->sender, HOURS, 0);
}

static void hold_against_engine(plain *p, const entry *e)
{
    assert_true(p->delivered < seen_count);
    const delivery *d = &seen[p->delivered++];
    if (d->time != e->time || d->sender != e->sender || d->recipient != e->recipient)
        fail_msg("world %llu, delivery %zu: wanted %lld %d %d, got %lld %d %d", (unsigned long long)world, p->delivered,
                 (long long)e->time, e->sender, e->recipient, (long long)d->time, d->sender, d->recipient);
}

static void deliver(plain *p, const entry *e)
{
    int32_t id = e->recipient;
    hold_against_engine(p, e);
    p->busy[id] = p->now;
    if (e->kind == WAKE) {
        if (id > 0)
            agent_wakes(p, id);
        else if (p->now >= l.info.market_close)
            for (int i = 0; i < p->registrations; i++)
                post(p, 0, p->registered[i], CLOSE_PRICE, 0);
        p->busy[id] += p->delay[id] + p->extra;
        return;
    }
    p->busy[id] += p->delay[id] + p->extra;
    if (id == 0)
        exchange_hears(p, e);
    else
        agent_hears(p, id, e);
}

static void run_plainly(plain *p)
{
    memset(p, 0, sizeof *p);
    p->now = l.info.kernel_start;
    for (int32_t id = 0; id <= CREW; id++) {
        p->delay[id] = 50;
        p->busy[id] = p->now;
    }
    push(p, l.info.market_close, 0, 0, WAKE, 0);
    for (int32_t id = 0; id <= CREW; id++)
        push(p, p->now, id, id, WAKE, 0);
    while (p->queued > 0 && p->now <= l.info.kernel_stop) {
        entry e = pop(p);
        p->now = e.time;
        p->extra = 0;
        p->pops++;
        if (p->busy[e.recipient] > e.time) {
            e.time = p->busy[e.recipient];
            p->queue[p->queued++] = e;
        } else {
            deliver(p, &e);
        }
    }
}

static void check(const char *more)
{
    static plain p;
    pab_tap tap = {.struct_size = sizeof tap, .delivery = on_delivery};
    pab_market_counters c = {.struct_size = sizeof c};
    memset(times, 0, sizeof times);
    seen_count = 0;
    l.act = on_wakeup;
    l.hear = on_message;
    l.deaf = 0;
    lab_open(&l, "abides", more);
    lab_start(&l, 1);
    must(pab_market_set_tap(l.m, &tap));
    must(pab_market_finish(l.m));
    must(pab_market_count(l.m, &c));
    run_plainly(&p);
    assert_int_equal(p.delivered, seen_count);
    assert_int_equal(c.delivered, seen_count);
    assert_int_equal(c.queue_pops, p.pops);
    assert_true(c.queue_pops > c.delivered);
    lab_close(&l);
}

static void parked_messages_are_delivered_and_counted_as_requeued_ones(void **state)
{
    (void)state;
    for (world = 0; world < 20; world++)
        check("agents: {crew: {count: 6}}");
}

/* The run may stop while messages are parked: pops past the stop are counted as ABIDES counts them. */
static void a_stop_among_parked_messages_counts_the_same(void **state)
{
    (void)state;
    for (world = 0; world < 60; world++) {
        char more[160];
        snprintf(more, sizeof more, "clock: {market_close: '09:30:05', kernel_stop: 'open + %dns'}\n"
                                    "agents: {crew: {count: 6}}", 1000 + (int)world * 37);
        check(more);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parked_messages_are_delivered_and_counted_as_requeued_ones),
        cmocka_unit_test(a_stop_among_parked_messages_counts_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
