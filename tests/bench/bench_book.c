/* The order book alone: two steady streams of adds, cancels and marketable orders, and three hard cases. Operations are
 * made beforehand; only the book's work is timed. */
#include <math.h>
#include <string.h>

#include "base/host.h"
#include "bench.h"
#include "book/book.h"

#define STREAM 1000000 /* operations of a stream */
#define DEEP 10000     /* orders on one level */
#define SWEPT 1000     /* levels of a sweep */
#define SWEEPS 50

typedef struct operation {
    int32_t kind; /* 0 limit, 1 cancel */
    int32_t reserved;
    pab_order order;
} operation;

typedef struct job {
    pab__book book;
    pab_host host;
    uint32_t count, warm; /* operations, and how many of them only build the book */
    operation *list;
    double mean_orders, mean_levels, fills;
} job;

static uint64_t random_state;

static uint64_t word(void)
{
    uint64_t z = (random_state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int64_t below(int64_t n)
{
    return (int64_t)(word() % (uint64_t)n);
}

static void apply(pab__book *b, int64_t now, const operation *op)
{
    if (op->kind == 0)
        pab__book_limit(b, now, &op->order);
    else
        pab__book_cancel(b, now, &op->order);
}

static double play(void *user)
{
    job *j = user;
    pab__book_reset(&j->book, 0, 0);
    for (uint32_t i = 0; i < j->warm; i++)
        apply(&j->book, i, &j->list[i]);
    double start = bench_now();
    for (uint32_t i = j->warm; i < j->count; i++)
        apply(&j->book, i, &j->list[i]);
    return bench_now() - start;
}

static void job_init(job *j, uint32_t capacity)
{
    *j = (job){0};
    if (pab__host_take(NULL, &j->host) != PAB_OK)
        abort();
    /* A minute of transacted volume at a microsecond an operation would be 60 M; queries are not measured here. */
    if (pab__book_init(&j->book, &j->host, PAB_QUIRKS_ABIDES, 1000) != PAB_OK)
        abort();
    j->list = calloc(capacity, sizeof j->list[0]);
    if (!j->list)
        abort();
}

static void job_free(job *j)
{
    pab__book_free(&j->book);
    free(j->list);
}

static operation *add(job *j, int32_t kind, int64_t id, int32_t side, int64_t price, int64_t quantity)
{
    operation *op = &j->list[j->count++];
    *op = (operation){.kind = kind,
                      .order = {.id = id, .quantity = quantity, .price = price, .side = side, .agent = 1}};
    return op;
}

/* Resting orders while a stream is made: ids with their places, told by the book's own events. */
typedef struct census {
    uint32_t count;
    pab_order *live; /* capacity: STREAM */
    uint32_t *place; /* by id */
    int64_t fills;
} census;

static void census_drop(census *c, int64_t id)
{
    uint32_t at = c->place[id];
    c->live[at] = c->live[--c->count];
    c->place[c->live[at].id] = at;
}

static void census_hear(void *user, const pab_book_event *e)
{
    census *c = user;
    if (e->type == PAB_MSG_ORDER_ACCEPTED) {
        c->place[e->order.id] = c->count;
        c->live[c->count++] = e->order;
    } else if (e->type == PAB_MSG_ORDER_CANCELLED) {
        census_drop(c, e->order.id);
    } else if (e->type == PAB_MSG_ORDER_EXECUTED && !(e->flags & PAB_MSG_FLAG_INCOMING)) {
        pab_order *o = &c->live[c->place[e->order.id]];
        c->fills++;
        o->quantity -= e->order.quantity;
        if (o->quantity == 0)
            census_drop(c, e->order.id);
    }
}

/* 52 % limit adds at an exponential distance behind the touch, 38 % cancels of any live order, 10 % marketable; a
 * little more or less, so that about `orders` rest. */
static void make_operation(job *j, census *c, uint32_t orders, double reach, int64_t *middle)
{
    int64_t dice = below(100), id = (int64_t)j->count, cancels = c->count > orders ? 43 : 33;
    int32_t side = word() & 1 ? PAB_BUY : PAB_SELL;
    double u = ((double)(word() >> 11) + 1) * 0x1p-53;
    if (below(50) == 0)
        *middle += below(3) - 1;
    if (dice < cancels && c->count > 0) {
        const pab_order *o = &c->live[below(c->count)];
        add(j, 1, o->id, o->side, o->price, o->quantity);
    } else if (dice < 90) {
        add(j, 0, id, side, *middle - side * (1 + (int64_t)(-log(u) * reach)), 1 + below(100));
    } else {
        add(j, 0, id, side, *middle + side * 5000, 1 + below(140));
    }
}

/* A stream around `orders` resting orders. A marketable order of `middle` +- 5000 never rests, as the
 * book is not empty. */
static void make_stream(job *j, uint32_t orders, double reach, int sparse)
{
    job_init(j, STREAM + 2 * orders);
    census c = {.live = calloc(STREAM + 2 * orders, sizeof c.live[0]),
                .place = calloc(STREAM + 2 * orders, sizeof c.place[0])};
    if (!c.live || !c.place)
        abort();
    j->book.sink = (pab_book_sink){sizeof(pab_book_sink), 0, &c, census_hear, NULL};
    random_state = orders;
    int64_t middle = 100000;
    uint32_t total = STREAM + orders;
    while (j->count < total) {
        uint32_t n = j->count;
        if (n < orders) {
            int32_t side = n & 1 ? PAB_BUY : PAB_SELL;
            double u = ((double)(word() >> 11) + 1) * 0x1p-53;
            add(j, 0, n, side, middle - side * (1 + (int64_t)(-log(u) * reach)), 1 + below(100));
        } else {
            make_operation(j, &c, orders, reach, &middle);
        }
        operation *op = &j->list[n];
        if (sparse && op->kind == 0 && llabs(op->order.price - middle) < 5000)
            op->order.price += (op->order.price - middle) * 997;
        apply(&j->book, n, op);
        j->mean_orders += c.count;
        j->mean_levels += j->book.core.sides[0].levels + j->book.core.sides[1].levels;
    }
    j->warm = orders;
    j->mean_orders /= total;
    j->mean_levels /= total;
    j->fills = (double)c.fills / (STREAM / 10);
    j->book.sink = (pab_book_sink){0};
    free(c.live);
    free(c.place);
}

/* All orders on one level, cancelled in random order. */
static void make_deep(job *j)
{
    job_init(j, 2 * DEEP);
    random_state = 3;
    for (int64_t i = 0; i < DEEP; i++)
        add(j, 0, i, PAB_BUY, 5000, 10);
    j->warm = j->count;
    for (int64_t i = 0; i < DEEP; i++)
        add(j, 1, i, PAB_BUY, 5000, 10);
    operation *list = j->list + DEEP;
    for (int64_t i = DEEP - 1; i > 0; i--) {
        int64_t k = below(i + 1);
        operation swap = list[i];
        list[i] = list[k];
        list[k] = swap;
    }
}

/* Orders on many levels, swept by one order, again and again; counted per resting order. */
static void make_sweeps(job *j)
{
    job_init(j, SWEEPS * (SWEPT + 1));
    int64_t id = 0;
    for (int s = 0; s < SWEEPS; s++) {
        for (int64_t i = 0; i < SWEPT; i++)
            add(j, 0, id++, PAB_SELL, 10000 + i, 10);
        add(j, 0, id++, PAB_BUY, 10000 + SWEPT, 10 * SWEPT);
    }
}

static size_t state_bytes(const pab__book *b)
{
    size_t bytes = sizeof b->core;
    for (int i = 0; i < PAB__BOOK_POOLS; i++)
        bytes += (size_t)b->pools[i].mark.count * b->pools[i].stride;
    return bytes;
}

int main(void)
{
    static const struct {
        const char *name;
        uint32_t orders;
        double reach;
        int sparse;
    } streams[] = {{"D300", 237, 8.2, 0}, {"D3000", 2386, 32, 0}, {"sparse", 237, 8.2, 1}};
    bench_open("book");
    for (int i = 0; i < 3; i++) {
        static char key[3][64];
        job j;
        make_stream(&j, streams[i].orders, streams[i].reach, streams[i].sparse);
        bench_figure(streams[i].name, bench_measure(play, &j, STREAM));
        const char *const names[] = {"orders", "levels", "fills", "bytes"};
        const double values[] = {j.mean_orders, j.mean_levels, j.fills, (double)state_bytes(&j.book)};
        for (int k = 0; k < 4; k++) {
            snprintf(key[i], sizeof key[i], "%s_%s", streams[i].name, names[k]);
            bench_number(key[i], values[k]);
        }
        job_free(&j);
    }
    job deep, sweeps;
    make_deep(&deep);
    bench_figure("deep_level_cancels", bench_measure(play, &deep, DEEP));
    job_free(&deep);
    make_sweeps(&sweeps);
    bench_figure("sweep_adds_and_fills", bench_measure(play, &sweeps, 2.0 * SWEEPS * SWEPT));
    job_free(&sweeps);
    bench_close();
    return 0;
}
