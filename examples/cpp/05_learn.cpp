// Learning from end to end in a tiny budget: an expert, an ensemble, preferences, and a mixture that says why it acts.
#include <pairsabides.hpp>

#include <cstdio>

static pab::qtable teach(const pab::scenario &scn, pab_learn_options options)
{
    pab_qtable_options tables = pab::qtable_options();
    tables.rounds = 4; // the documented default is 300
    tables.episodes = 16;
    tables.validation = 4;
    tables.interval = 2;
    options.qtable = &tables;
    return pab::qtable::train(scn, PAB_EXPERT_LAE, options);
}

static int run()
{
    pab::config cfg = pab::config::from_preset("pair");
    cfg.set("pair.warmup", "30s").set("pair.horizon", "60s");
    const pab::scenario scn(cfg);
    pab_learn_options options = pab::learn_options();
    options.budget = 0.001;
    options.threads = 2;

    const pab::qtable lae = teach(scn, options);
    std::printf("leg A: %u states visited, %.3f bps better than the rule\n", lae.describe(PAB_TABLE_LEG_A).visited,
                lae.describe(PAB_TABLE_LEG_A).gain);

    pab_sip_options search = pab::sip_options();
    search.candidates = 8;
    search.front = 0;
    const pab::sip ensemble = pab::sip::train(scn, {&lae, nullptr, nullptr, nullptr}, options, search); // null: rules

    const pab::moe reference = pab::moe::distil(scn, ensemble, options);
    pab_prefs_options how = pab::prefs_options();
    how.episodes = 10;
    const pab::prefs ranked = pab::prefs::generate(scn, ensemble, nullptr, options, how);
    pab_moe_options tuning = pab::moe_options();
    tuning.loss = PAB_LOSS_MBT;
    options.moe = &tuning;
    const pab::tuned result = reference.tune(scn, ranked, &ensemble, options);
    std::printf("%u ranked pairs; tuning was %s\n", ranked.describe().pairs,
                result.accepted ? "accepted" : "no better, the reference stays");

    const char *path = "cpp_05_learn.moe";
    result.mixture.save(path);
    const pab::moe stored = pab::moe::load(path);
    std::remove(path);
    pab::env env(scn);
    pab::policy policy = stored.policy(); // stored must outlive it
    env.reset(pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_THIN, 1));
    policy.reset(env);
    std::printf("%s\n", policy.explain(env).c_str());
    pab::outcome step;
    while (!step.done())
        step = env.step_exact(policy.act(env));
    std::printf("shortfall %.2f bps\n", env.metrics().shortfall);
    return env.metrics().residual < 0.01 ? 0 : 1;
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
