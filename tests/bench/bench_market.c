/* The full recorded day rmsc04_s7_1600: messages per second, counted as ABIDES counts them and delivered. */
#include "market_bench.h"

#define SEED 7
#define RECORDED_POPS 430456 /* see tests/golden/rmsc04_s7_1600.sum */

typedef struct recorder {
    pab_delivery *deliveries;
    pab_book_row *rows;
    pab_level *quotes;
    size_t delivered, row_count, quote_count;
} recorder;

static void on_delivery(void *user, const pab_delivery *d)
{
    recorder *r = user;
    r->deliveries[r->delivered++] = *d;
}

static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    recorder *r = user;
    (void)time, (void)symbol;
    r->rows[r->row_count++] = *row;
}

static void on_l1(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    recorder *r = user;
    (void)time, (void)symbol;
    r->quotes[r->quote_count++] = *bid;
    r->quotes[r->quote_count++] = *ask;
}

static recorder book_keeping;

/* One day; building its first state is not counted. */
static double play(void *user)
{
    pab_market *m = user;
    book_keeping.delivered = book_keeping.row_count = book_keeping.quote_count = 0;
    bench_must(pab_market_reset(m, SEED));
    double start = bench_now();
    bench_must(pab_market_finish(m));
    return bench_now() - start;
}

static void measure(const char *name, pab_market *m, const pab_tap *tap)
{
    char key[64];
    bench_must(pab_market_set_tap(m, tap));
    play(m);
    pab_market_counters c = bench_count(m);
    bench_result r = bench_measure(play, m, 1);
    bench_figure(name, r);
    snprintf(key, sizeof key, "%s_counted_per_s", name);
    bench_number(key, (double)c.queue_pops / r.median * 1e9);
    snprintf(key, sizeof key, "%s_delivered_per_s", name);
    bench_number(key, (double)c.delivered / r.median * 1e9);
}

int main(void)
{
    const size_t room = 1 << 20;
    book_keeping.deliveries = calloc(room, sizeof *book_keeping.deliveries);
    book_keeping.rows = calloc(room, sizeof *book_keeping.rows);
    book_keeping.quotes = calloc(room, sizeof *book_keeping.quotes);
    if (!book_keeping.deliveries || !book_keeping.rows || !book_keeping.quotes)
        abort();
    pab_tap tap = {.struct_size = sizeof tap, .user = &book_keeping, .delivery = on_delivery, .row = on_row,
                   .l1 = on_l1};
    pab_scenario *abides = bench_rmsc04("abides", 1), *fast = bench_rmsc04("fast", 1);
    pab_market *replay = bench_market_of(abides), *m = bench_market_of(fast);
    bench_open("market");
    measure("day_abides", replay, NULL);
    if (bench_count(replay).queue_pops != RECORDED_POPS)
        fprintf(stderr, "this is not the recorded day\n");
    measure("day_abides_recorded", replay, &tap);
    bench_number("rows", (double)book_keeping.row_count);
    measure("day_fast", m, NULL);
    bench_number("memory_abides_bytes", (double)pab_market_memory(replay));
    bench_number("memory_fast_bytes", (double)pab_market_memory(m));
    bench_close();
    int wrong = bench_count(replay).queue_pops != RECORDED_POPS;
    pab_market_free(replay);
    pab_market_free(m);
    pab_scenario_free(abides);
    pab_scenario_free(fast);
    free(book_keeping.deliveries);
    free(book_keeping.rows);
    free(book_keeping.quotes);
    return wrong;
}
