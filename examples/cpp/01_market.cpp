// The reference market in C++: changed keys, a fork, an observer given as a lambda, and an error that says what it is.
#include <pairsabides.hpp>

#include <cstdio>

static int run()
{
    const std::int64_t minute = INT64_C(60000000000); // ns

    pab::config cfg = pab::config::from_preset("rmsc04");
    cfg.set("clock.market_close", "10:00:00").set("agents.value.count", 120);
    try {
        cfg.set("agents.value.count", "many");
    } catch (const pab::error &e) {
        std::printf("refused, %s: %s\n", e.status_name(), e.what());
    }

    const pab::scenario scn(cfg);
    const std::int64_t open = scn.describe().market_open;
    pab::market market(scn), fork(scn);

    long long traded = 0; // shares
    market.on_row([&](std::int64_t, std::uint32_t, const pab_book_row &row) {
        if (row.kind == PAB_ROW_EXEC)
            traded += row.quantity;
    });
    market.reset(7);
    market.run(open + 10 * minute);
    fork.copy_from(market); // both continue from here
    market.finish();
    fork.finish();

    const pab_symbol_info abm = market.symbol(0);
    std::printf("%lld trades of %lld shares, last at %lld cents\n", static_cast<long long>(abm.trades), traded,
                static_cast<long long>(abm.last_trade));
    return traded == abm.traded_volume && traded > 0 && market.hash() == fork.hash() ? 0 : 1;
}

int main()
{
    try {
        return run();
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
