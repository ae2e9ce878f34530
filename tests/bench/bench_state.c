/* Saving, restoring, copying and resetting a market of rmsc04. */
#include "market_bench.h"

#define REPEATS 200

typedef struct job {
    pab_market *m, *other;
    void *buf;
    size_t len;
    int64_t until;
} job;

static double save_restore(void *user)
{
    job *j = user;
    double start = bench_now();
    for (int i = 0; i < REPEATS; i++) {
        bench_must(pab_market_save(j->m, j->buf, j->len, NULL));
        bench_must(pab_market_restore(j->m, j->buf, j->len));
    }
    return bench_now() - start;
}

static double restore(void *user)
{
    job *j = user;
    double start = bench_now();
    for (int i = 0; i < REPEATS; i++)
        bench_must(pab_market_restore(j->m, j->buf, j->len));
    return bench_now() - start;
}

static double copy(void *user)
{
    job *j = user;
    double start = bench_now();
    for (int i = 0; i < REPEATS; i++)
        bench_must(pab_market_copy(i % 2 ? j->m : j->other, i % 2 ? j->other : j->m));
    return bench_now() - start;
}

static double reset(void *user)
{
    job *j = user;
    double start = bench_now();
    for (uint64_t i = 0; i < REPEATS / 10; i++)
        bench_must(pab_market_reset(j->m, i));
    return bench_now() - start;
}

/* From nothing to the open: the first state, and what happens before trade begins. */
static double reset_to_open(void *user)
{
    job *j = user;
    double start = bench_now();
    for (uint64_t i = 0; i < REPEATS / 20; i++) {
        bench_must(pab_market_reset(j->m, i));
        bench_must(pab_market_run(j->m, j->until, NULL));
    }
    return bench_now() - start;
}

static void take_state(job *j)
{
    free(j->buf);
    (void)pab_market_save(j->m, NULL, 0, &j->len);
    j->buf = malloc(j->len);
    if (!j->buf)
        abort();
    bench_must(pab_market_save(j->m, j->buf, j->len, NULL));
}

int main(void)
{
    static const char *const rngs[] = {"fast", "abides"};
    bench_open("state");
    for (int i = 0; i < 2; i++) {
        char key[64];
        pab_scenario *scn = bench_rmsc04(rngs[i], 1);
        job j = {.m = bench_market_of(scn), .other = bench_market_of(scn), .until = bench_open_time(scn)};
        bench_must(pab_market_reset(j.m, 7));
        bench_must(pab_market_run(j.m, j.until, NULL));
        take_state(&j);
        snprintf(key, sizeof key, "restore_as_reset_%s", rngs[i]);
        bench_figure(key, bench_measure(restore, &j, REPEATS));
        bench_must(pab_market_run(j.m, j.until + 3 * 3600 * SECOND, NULL));
        take_state(&j);
        snprintf(key, sizeof key, "midday_bytes_%s", rngs[i]);
        bench_number(key, (double)j.len);
        snprintf(key, sizeof key, "save_restore_%s", rngs[i]);
        bench_figure(key, bench_measure(save_restore, &j, REPEATS));
        bench_must(pab_market_copy(j.other, j.m));
        snprintf(key, sizeof key, "copy_%s", rngs[i]);
        bench_figure(key, bench_measure(copy, &j, REPEATS));
        snprintf(key, sizeof key, "reset_%s", rngs[i]);
        bench_figure(key, bench_measure(reset, &j, REPEATS / 10));
        snprintf(key, sizeof key, "reset_to_open_%s", rngs[i]);
        bench_figure(key, bench_measure(reset_to_open, &j, REPEATS / 20));
        free(j.buf);
        pab_market_free(j.m);
        pab_market_free(j.other);
        pab_scenario_free(scn);
    }
    bench_close();
    return 0;
}
