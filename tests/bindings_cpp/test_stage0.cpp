// Tapes, facts, hedge ratios, fits and calibrations through the C++ binding; what watches a market.
#include <pairsabides.hpp>

#include <cmath>
#include <fstream>

#include "check.hpp"

static constexpr std::int64_t second = INT64_C(1000000000); // ns

static_assert(!std::is_copy_constructible_v<pab::tape> && std::is_nothrow_move_constructible_v<pab::tape>);

struct recorded {
    pab::tape a, b;

    recorded()
    {
        const pab::scenario scn(pab::config::from_preset("pair"));
        pab::market market(scn);
        pab::tape *tapes[] = {&a, &b};
        const double tick[] = {0.01, 0.01};
        market.reset(5);
        market.run(scn.describe().market_open + 60 * second);
        pab::record(market, tapes, tick, scn.describe().market_open + 360 * second);
        CHECK(thrown<pab::error>([&] { pab::record(market, tapes, {tick, 1}, 0); }).status() == PAB_E_ARGUMENT);
    }
};

TEST(rows_make_a_tape)
{
    pab::tape tape;
    tape.add_quote(0, 1000 * INT64_C(1000000), 5, 1002 * INT64_C(1000000), 7);
    tape.add_quote(second, 1001 * INT64_C(1000000), 5, 1002 * INT64_C(1000000), 7);
    tape.add_trade(second, 1002 * INT64_C(1000000), 3, 1);
    tape.set_window(0, 3 * second);
    const std::vector<double> mids = tape.mids(second);
    CHECK(mids.size() >= 3 && std::abs(mids[0] - 10.01) < 1e-12 && std::abs(mids[2] - 10.015) < 1e-12);
    CHECK(tape.describe().quotes == 2 && tape.describe().trades == 1 && std::abs(tape.describe().tick - 0.01) < 1e-12);
    CHECK(thrown<pab::error>([&] { tape.add_quote(0, 1, 1, 2, 1); }).status() != PAB_OK);
    CHECK(thrown<pab::error>([&] { tape.set_window(5, 5); }).status() == PAB_E_RANGE);
    tape.clear();
    CHECK(tape.describe().quotes == 0);
    CHECK(thrown<pab::error>([&] { tape.facts(); }).status() == PAB_E_STATE);
}

TEST(a_file_becomes_a_tape)
{
    const char *path = "test_cpp_stage0.csv";
    std::ofstream(path) << "time_ns,bid,bid_size,ask,ask_size\n0,10.00,5,10.02,7\n1000000000,10.01,5,10.02,7\n";
    pab::tape tape;
    tape.read(path);
    CHECK(tape.describe().quotes == 2);
    pab_read_options options = pab::read_options();
    options.format = PAB_TAPE_TRADES;
    CHECK(thrown<pab::error>([&] { pab::tape().read(path, options); }).status() == PAB_E_KEY);
    std::remove(path);
    CHECK(thrown<pab::error>([&] { tape.read(path); }).status() == PAB_E_IO);
}

TEST(facts_have_names_and_values)
{
    const recorded pair;
    const std::vector<pab_fact_info> named = pab::facts();
    CHECK(named.size() == PAB_FACT_COUNT && std::string(named[PAB_FACT_SPREAD_BPS].name) == "spread_bps");
    CHECK(named[PAB_LEG_FACT_COUNT].pair == 1);
    const pab::leg_facts a = pair.a.facts();
    CHECK(a[PAB_FACT_MID] > 0 && a[PAB_FACT_SPREAD_BPS] > 0);
    const pab::pair_facts both = pab::facts_of_pair(pair.a, pair.b);
    CHECK(std::abs(both[PAB_FACT_CORR_10 - PAB_PAIR_FACT_FIRST]) <= 1);
}

TEST(a_market_is_judged_over_windows)
{
    const recorded pair;
    const std::vector<pab_fact_info> named = pab::realism_names();
    CHECK(named.size() == PAB_REALISM_NAMES && named[PAB_REALISM_LEG_COUNT].pair == 1);
    const std::vector<pab_pair_window> windows = pab::pair_windows(pair.a, pair.b);
    CHECK(windows.size() == 1 && windows[0].legs[0] == pair.a.get());
    const pab::realism_facts all = pab::judge(windows);
    CHECK(all[PAB_REALISM_TOUCH] > 0 && all[PAB_REALISM_LEG_COUNT + PAB_REALISM_TOUCH] > 0);
    CHECK(std::isnan(all[PAB_REALISM_AUC_LOST]));
    CHECK(thrown<pab::error>([&] { pab::judge(windows, 1); }).status() == PAB_E_RANGE);
}

TEST(a_hedge_ratio_is_that_of_the_series)
{
    std::vector<double> a, b, path(64);
    for (int i = 0; i < 64; i++) {
        b.push_back(50 + std::sin(i));
        a.push_back(2 * b.back() + 1);
    }
    const pab_hedge hedge = pab::estimate_hedge(a, b, path);
    CHECK(std::abs(hedge.ols_increments - 2) < 1e-9 && path[63] == hedge.kalman);
    CHECK(pab::estimate_hedge(a, b).slope == hedge.slope);
    CHECK(thrown<pab::error>([&] { pab::estimate_hedge(a, {b.data(), 10}); }).status() == PAB_E_ARGUMENT);
    CHECK(thrown<pab::error>([&] { pab::estimate_hedge({a.data(), 7}, {b.data(), 7}); }).status() == PAB_E_RANGE);
}

TEST(a_fit_stops_when_told)
{
    const recorded pair;
    pab::config cfg = pab::config::from_preset("pair");
    const std::string before = cfg.text();
    pab_fit_options how = pab::fit_options();
    how.budget = PAB_BUDGET_SMALL;
    double seen = -1;
    const auto stop = [&](double done) {
        seen = done;
        return false;
    };
    CHECK(thrown<pab::error>([&] { pab::fit(cfg, pair.a, pair.b, how, stop); }).status() == PAB_E_CANCELLED);
    CHECK(seen >= 0 && cfg.text() == before);
    const auto fail = [](double) -> bool { throw std::domain_error("enough"); };
    CHECK(std::string(thrown<std::domain_error>([&] { pab::fit(cfg, pair.a, pair.b, how, fail); }).what()) ==
          "enough");
}

TEST(a_scenario_is_calibrated)
{
    pab::config cfg = pab::config::from_preset("pair");
    cfg.set("pair.warmup", "30s").set("pair.horizon", "60s");
    const std::uint64_t before = pab::scenario(cfg).describe().fingerprint;
    pab_calibrate_options options = pab::calibrate_options();
    options.regimes = 1 << PAB_REGIME_CALM;
    options.episodes = options.validation = 2;
    const pab_calibration report = pab::calibrate(cfg, options);
    CHECK(report.episodes == 2 && report.spread[0] > 0 && report.fingerprint != before);
    CHECK(report.fingerprint == pab::scenario(cfg).describe().fingerprint);
    options.regimes = 0;
    CHECK(thrown<pab::error>([&] { pab::calibrate(cfg, options); }).status() == PAB_E_RANGE);
}

TEST(a_watched_market_reports)
{
    const pab::scenario scn(pab::config::from_preset("pair"));
    pab::market market(scn);
    const pab::validity watch(market);
    market.reset(1);
    market.run(scn.describe().market_open + 30 * second);
    CHECK(watch.read(0).watched == 30 * second && watch.read(1).makers > 0);
    CHECK(thrown<pab::error>([&] { watch.read(9); }).status() == PAB_E_RANGE);
    CHECK(pab::withdrawn(market, 0, PAB_BUY) >= 0);
    CHECK(thrown<pab::error>([&] { pab::withdrawn(market, 9, PAB_BUY); }).status() == PAB_E_RANGE);
}

int main()
{
    return run_cases();
}
