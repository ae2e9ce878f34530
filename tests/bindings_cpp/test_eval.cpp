// Evaluations and impact through the C++ binding.
#include <cmath>

#include "check.hpp"
#include "pair.hpp"

static_assert(!std::is_copy_constructible_v<pab::eval> && std::is_nothrow_move_constructible_v<pab::eval>);

static const std::vector<std::string> names{"twap:take", "aggressive"};

static pab_eval_options few()
{
    pab_eval_options options = pab::eval_options();
    options.regimes = 1 << PAB_REGIME_CALM;
    options.episodes = 4;
    options.resamples = 200;
    options.threads = 2;
    return options;
}

// Takes until it has seen enough.
struct quitter {
    pab_decision act(pab::env_view env)
    {
        if (env.describe().step > 2)
            throw std::domain_error("seen enough");
        return {};
    }
};

TEST(a_table_has_rows_statistics_and_text)
{
    const pab::scenario scn = short_pair();
    const pab::eval table = pab::eval::of(scn, names, few());
    CHECK(table.size() == 2 && table.name(1) == names[1] && table.episodes(PAB_REGIME_CALM) == 4);
    CHECK(table.seed(PAB_REGIME_CALM, 1) == pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_CALM, 1));
    double mean = 0;
    for (std::uint32_t i = 0; i < 4; i++)
        mean += table.at(0, PAB_REGIME_CALM, i).pair_cost / 4;
    CHECK(std::abs(table.summarize(0).pair_cost - mean) < 1e-9 && table.summarize(0).episodes == 4);
    const std::vector<pab_contrast> less = table.compare(0);
    CHECK(less.size() == 2 && less[0].mean == 0);
    CHECK(std::abs(less[1].mean - (table.summarize(1).pair_cost - mean)) < 1e-9);
    CHECK(table.text(0).find("aggressive") != std::string::npos && table.text().size() < table.text(0).size());
}

TEST(rows_can_be_carried_over)
{
    const pab::scenario scn = short_pair();
    const pab::eval played = pab::eval::of(scn, names, few());
    pab::eval empty(names, few());
    CHECK(thrown<pab::error>([&] { empty.at(0, PAB_REGIME_CALM, 0); }).status() == PAB_E_STATE);
    CHECK(thrown<pab::error>([&] { empty.compare(0); }).status() == PAB_E_STATE);
    for (std::uint32_t p = 0; p < 2; p++)
        for (std::uint32_t i = 0; i < 4; i++)
            empty.put(p, PAB_REGIME_CALM, i, played.at(p, PAB_REGIME_CALM, i));
    CHECK(empty.text(0) == played.text(0));
    CHECK(thrown<pab::error>([&] { empty.run(scn, {}); }).status() == PAB_E_ARGUMENT);
}

TEST(what_a_policy_throws_comes_out_of_run)
{
    const pab::scenario scn = short_pair();
    const std::vector<std::string> one{"quitter"};
    std::vector<pab::policy> policies;
    policies.push_back(pab::policy::of<quitter>("quitter"));
    pab_eval_options options = few();
    options.threads = 0;
    CHECK(thrown<std::domain_error>([&] { pab::eval(one, options).run(scn, policies); }).what() ==
          std::string("seen enough"));
    options.threads = 2;
    thrown<std::exception>([&] { pab::eval(one, options).run(scn, policies); }); // by whichever thread met it first
    CHECK(!pab::detail::pending());
}

TEST(a_progress_hook_counts_and_stops)
{
    const pab::scenario scn = short_pair();
    std::uint64_t last = 0, total = 0;
    pab::progress count([&](const char *, std::uint64_t done, std::uint64_t of) {
        last = done;
        total = of;
        return true;
    });
    pab::progress stop([](const char *, std::uint64_t, std::uint64_t) { return false; });
    pab::progress fail([](const char *, std::uint64_t, std::uint64_t) -> bool { throw std::domain_error("no"); });
    pab_eval_options options = few();
    options.progress = count.get();
    pab::eval::of(scn, names, options);
    CHECK(total == 4 && last > 0 && last <= total); // another thread may finish last, unreported
    options.progress = stop.get();
    CHECK(thrown<pab::error>([&] { pab::eval::of(scn, names, options); }).status() == PAB_E_CANCELLED);
    options.progress = fail.get();
    CHECK(std::string(thrown<std::domain_error>([&] { pab::eval::of(scn, names, options); }).what()) == "no");
}

TEST(measures_policies_and_features_are_listed)
{
    const std::vector<pab_measure_info> all = pab::measures();
    CHECK(all.size() == PAB_MEASURE_COUNT && std::string(all[PAB_MEASURE_SHORTFALL].name) == "shortfall");
    auto metrics = pab::sized<pab_episode_metrics>();
    metrics.shortfall = 2.5;
    CHECK(pab::value_of(PAB_MEASURE_SHORTFALL, metrics) == 2.5);
    CHECK(thrown<pab::error>([&] { pab::value_of(PAB_MEASURE_COUNT, metrics); }).status() == PAB_E_RANGE);
    CHECK(pab::policies().size() > 10 && pab::policies()[0] == "lae" && pab::policy_options().size() > 10);
    CHECK(pab::features().size() == PAB_ENV_OBSERVATIONS);
}

TEST(impact_is_measured)
{
    pab::config cfg = pab::config::from_preset("pair");
    cfg.set("pair.warmup", "30s").set("pair.horizon", "301s").set("pair.interval", "100ms");
    const pab::scenario scn(cfg);
    pab_impact_options options = pab::impact_options();
    options.seeds = 1;
    const pab_impact impact = pab::measure_impact(scn, options);
    CHECK(impact.seeds == 1 && impact.shares[1] > impact.shares[0] && impact.times[0] == 0.1);
    CHECK(thrown<pab::error>([&] { pab::measure_impact(short_pair(), options); }).status() == PAB_E_UNSUPPORTED);
}

TEST(thresholds_are_tuned)
{
    const pab::scenario scn = short_pair();
    pab_tune_options options = pab::tune_options();
    options.regimes = 1 << PAB_REGIME_CALM;
    options.generations = 1;
    options.candidates = 8;
    options.episodes = options.validation = 2;
    const pab_tune_result result = pab::tune(scn, "sce", options);
    CHECK(std::string(pab::policy(result.spec).name()) == result.spec);
    CHECK(std::string(result.spec).rfind("sce", 0) == 0 && (result.better != 0) == (result.after < result.before));
    CHECK(thrown<pab::error>([&] { pab::tune(scn, "immediate", options); }).status() == PAB_E_UNSUPPORTED);
}

int main()
{
    return run_cases();
}
