/* Two markets on two threads against one; and the cost of a message as the crowd grows. */
#include <pthread.h>

#include "market_bench.h"

/* --- threads --- */

static void *day(void *arg)
{
    bench_must(pab_market_reset(arg, 7));
    bench_must(pab_market_finish(arg));
    return NULL;
}

static double one(void *user)
{
    pab_market **m = user;
    double start = bench_now();
    day(m[0]);
    return bench_now() - start;
}

static double two(void *user)
{
    pab_market **m = user;
    pthread_t thread;
    double start = bench_now();
    if (pthread_create(&thread, NULL, day, m[1]) != 0)
        abort();
    day(m[0]);
    pthread_join(thread, NULL);
    return bench_now() - start;
}

/* --- crowds --- */

typedef struct crowd {
    pab_market *m;
    void *open; /* the state at the open */
    size_t len;
    int64_t from, until;
} crowd;

static double trade(void *user)
{
    crowd *c = user;
    bench_must(pab_market_restore(c->m, c->open, c->len));
    double start = bench_now();
    bench_must(pab_market_run(c->m, c->until, NULL));
    return bench_now() - start;
}

/* Ten times the agents get a tenth of the time. The open, when all who wanted to come earlier come, is in it. */
static void measure(int64_t times)
{
    char key[64];
    pab_scenario *scn = bench_rmsc04("fast", times);
    crowd c = {.m = bench_market_of(scn), .from = bench_open_time(scn)};
    c.until = c.from + 1800 * SECOND / times;
    bench_must(pab_market_reset(c.m, 7));
    bench_must(pab_market_run(c.m, c.from, NULL));
    (void)pab_market_save(c.m, NULL, 0, &c.len);
    c.open = malloc(c.len);
    if (!c.open)
        abort();
    bench_must(pab_market_save(c.m, c.open, c.len, NULL));
    uint64_t before = bench_count(c.m).delivered;
    trade(&c);
    double delivered = (double)(bench_count(c.m).delivered - before);
    snprintf(key, sizeof key, "delivery_%lldk_agents", (long long)times);
    bench_figure(key, bench_measure(trade, &c, delivered));
    snprintf(key, sizeof key, "deliveries_%lldk", (long long)times);
    bench_number(key, delivered);
    snprintf(key, sizeof key, "memory_%lldk_bytes", (long long)times);
    bench_number(key, (double)pab_market_memory(c.m));
    free(c.open);
    pab_market_free(c.m);
    pab_scenario_free(scn);
}

int main(void)
{
    pab_scenario *scn = bench_rmsc04("fast", 1);
    pab_market *m[2] = {bench_market_of(scn), bench_market_of(scn)};
    bench_open("scale");
    bench_result alone = bench_measure(one, m, 1), both = bench_measure(two, m, 1);
    bench_figure("one_day_on_one_thread", alone);
    bench_figure("two_days_on_two_threads", both);
    bench_number("two_threads_gain", 2 * alone.median / both.median);
    pab_market_free(m[0]);
    pab_market_free(m[1]);
    pab_scenario_free(scn);
    measure(1);
    measure(10);
    measure(100);
    bench_close();
    return 0;
}
