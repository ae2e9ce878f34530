// What the C++ binding costs: the same loops over a market and a book in C and in C++, in turn.
#include <pairsabides.hpp>

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" // {0} is C
#include "bench.h"

static const std::int64_t minute = INT64_C(60000000000); // ns

enum { STEPS = 20000, QUERIES = 1000000, SLICES = 20000 };

struct job {
    pab::market &start;  // a running market
    pab::market &market; // made equal to it before each round
    std::int64_t sum;
};

static void begin(job &j)
{
    j.market.copy_from(j.start);
    j.sum = 0;
}

static double c_step(void *user)
{
    job &j = *static_cast<job *>(user);
    begin(j);
    pab_market *m = j.market.get();
    const double from = bench_now();
    for (int i = 0; i < STEPS; i++) {
        std::int32_t why = 0;
        if (pab_market_step(m, &why) != PAB_OK || why != PAB_RUN_TIME)
            std::abort();
    }
    return bench_now() - from;
}

static double cpp_step(void *user)
{
    job &j = *static_cast<job *>(user);
    begin(j);
    const double from = bench_now();
    for (int i = 0; i < STEPS; i++)
        if (j.market.step() != pab::stop::time)
            std::abort();
    return bench_now() - from;
}

static double c_run(void *user)
{
    job &j = *static_cast<job *>(user);
    begin(j);
    pab_market *m = j.market.get();
    const std::int64_t now = j.start.count().now;
    const double from = bench_now();
    for (int i = 1; i <= SLICES; i++)
        if (pab_market_run(m, now + i * (minute / 2000), nullptr) != PAB_OK)
            std::abort();
    return bench_now() - from;
}

static double cpp_run(void *user)
{
    job &j = *static_cast<job *>(user);
    begin(j);
    const std::int64_t now = j.start.count().now;
    const double from = bench_now();
    for (int i = 1; i <= SLICES; i++)
        j.market.run(now + i * (minute / 2000));
    return bench_now() - from;
}

static double c_quote(void *user)
{
    job &j = *static_cast<job *>(user);
    begin(j);
    const pab_market *m = j.market.get();
    const double from = bench_now();
    for (int i = 0; i < QUERIES; i++) {
        pab_level bid, ask;
        if (pab_market_l1(m, 0, &bid, &ask) != PAB_OK)
            std::abort();
        j.sum += bid.price + ask.price;
    }
    return bench_now() - from;
}

static double cpp_quote(void *user)
{
    job &j = *static_cast<job *>(user);
    begin(j);
    const double from = bench_now();
    for (int i = 0; i < QUERIES; i++) {
        const pab::quote q = j.market.l1(0);
        j.sum += q.bid.price + q.ask.price;
    }
    return bench_now() - from;
}

// Rounds of the two take turns, so that a change of the machine's speed meets both.
static void compare(const char *what, bench_work c, bench_work cpp, job &j, double items)
{
    static const int rounds = bench_once() ? 1 : 11;
    double best[2] = {1e300, 1e300};
    for (int i = 0; i < rounds; i++) {
        const double ns[2] = {c(&j) / items, cpp(&j) / items};
        for (int k = 0; k < 2; k++)
            best[k] = ns[k] < best[k] ? ns[k] : best[k];
    }
    bench_open(what);
    bench_number("c_ns", best[0]);
    bench_number("cpp_ns", best[1]);
    bench_number("ratio", best[1] / best[0]);
    bench_close();
}

int main()
{
    const pab::scenario scn(pab::config::from_preset("rmsc04"));
    pab::market start(scn), market(scn);
    start.reset(1);
    start.run(scn.describe().market_open + 10 * minute);
    job j{start, market, 0};
    compare("cpp_step", c_step, cpp_step, j, STEPS);
    compare("cpp_run", c_run, cpp_run, j, SLICES);
    compare("cpp_quote", c_quote, cpp_quote, j, QUERIES);
    return 0;
}
