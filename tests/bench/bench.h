/* Measuring: warm up, repeat until the spread is small, print one line of JSON. With PAB_BENCH_ONCE set in the
 * environment each measurement runs once, so that the tests check that a benchmark still works. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BENCH_ROUNDS 25 /* at most */

/* Does the same work each time and returns the ns that its timed part took. */
typedef double (*bench_work)(void *user);

typedef struct bench_result {
    double median, low, high; /* ns per item; the middle half lies between low and high */
    int rounds;
} bench_result;

static inline double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline int bench_once(void)
{
    return getenv("PAB_BENCH_ONCE") != NULL;
}

static inline int bench_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Runs `work`, which handles `items` items a time. */
static inline bench_result bench_measure(bench_work work, void *user, double items)
{
    double sorted[BENCH_ROUNDS], ns[BENCH_ROUNDS];
    bench_result r = {0};
    if (!bench_once())
        work(user);
    do {
        ns[r.rounds] = work(user) / items;
        r.rounds++;
        for (int i = 0; i < r.rounds; i++)
            sorted[i] = ns[i];
        qsort(sorted, (size_t)r.rounds, sizeof sorted[0], bench_order);
        r.median = sorted[r.rounds / 2];
        r.low = sorted[r.rounds / 4];
        r.high = sorted[r.rounds - 1 - r.rounds / 4];
    } while (!bench_once() && r.rounds < BENCH_ROUNDS && (r.rounds < 7 || r.high - r.low > 0.02 * r.median));
    return r;
}

/* The line of a report: bench_open, any number of numbers, bench_close. */
static inline void bench_open(const char *name)
{
    printf("{\"bench\": \"%s\"", name);
}

static inline void bench_number(const char *key, double value)
{
    printf(", \"%s\": %.6g", key, value);
}

static inline void bench_figure(const char *key, bench_result r)
{
    printf(", \"%s\": {\"ns\": %.2f, \"low\": %.2f, \"high\": %.2f, \"rounds\": %d}", key, r.median, r.low, r.high,
           r.rounds);
}

static inline void bench_close(void)
{
    printf("}\n");
}

#endif
