// Three policies on the same episodes, one of them a class of our own: the tables, and an interval for a difference.
#include <pairsabides.hpp>

#include <cmath>
#include <cstdio>

// Takes one slice with both legs at every decision.
struct steady {
    std::int64_t asked;

    pab_decision act(pab::env_view)
    {
        pab_decision decision{};
        decision.action[0] = decision.action[1] = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_TAKE + 1;
        asked++;
        return decision;
    }
};

static int run()
{
    pab::config cfg = pab::config::from_preset("pair");
    cfg.set("pair.warmup", "1min").set("pair.horizon", "120s").set("pair.quantity", 400);
    const pab::scenario scn(cfg);

    pab_eval_options options = pab::eval_options();
    options.split = PAB_SPLIT_TRAIN;
    options.regimes = 1 << PAB_REGIME_CALM | 1 << PAB_REGIME_THIN;
    options.episodes = 8;
    options.threads = 2; // any number gives the same table
    pab::progress bar([](const char *, std::uint64_t done, std::uint64_t total) {
        std::fprintf(stderr, "%llu of %llu seeds\n", static_cast<unsigned long long>(done),
                     static_cast<unsigned long long>(total));
        return true; // false would stop
    });
    options.progress = bar.get();

    const std::vector<std::string> names{"twap:take", "lae", "steady"};
    std::vector<pab::policy> policies;
    policies.emplace_back(names[0]);
    policies.emplace_back(names[1]);
    policies.push_back(pab::policy::of<steady>("steady"));

    pab::eval table(names, options);
    table.run(scn, policies);
    std::fputs(table.text(0).c_str(), stdout);
    const pab_contrast lae = table.compare(0)[1];
    std::printf("\nlae costs %.2f bps more than twap:take, between %.2f and %.2f with 95 %% confidence\n", lae.mean,
                lae.low, lae.high);
    const double difference = table.summarize(1).pair_cost - table.summarize(0).pair_cost;
    return std::abs(difference - lae.mean) < 1e-9 ? 0 : 1;
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
