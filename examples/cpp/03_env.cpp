// An episode of the pair environment under a policy of our own, against a built-in one on the same orders.
#include <pairsabides.hpp>

#include <cstdio>

// The leg that is behind takes a slice; the leg that is ahead joins the queue.
struct catch_up {
    std::int64_t takes;

    pab_decision act(pab::env_view env)
    {
        const double error = env.describe().hedge_error;
        const std::int32_t join = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_JOIN + 1;
        const std::int32_t take = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_TAKE + 1;
        pab_decision decision{};
        decision.action[0] = error <= 0 ? take : join;
        decision.action[1] = error >= 0 ? take : join;
        takes += (error <= 0) + (error >= 0);
        return decision;
    }
};

static pab_episode_metrics play(pab::env &env, pab::policy &policy)
{
    env.reset(pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 7));
    policy.reset(env);
    pab::outcome result;
    while (!result.done())
        result = env.step_exact(policy.act(env));
    const pab_episode_metrics m = env.metrics();
    std::printf("%-10s shortfall %6.2f bps, tracking error %5.2f %%\n", policy.name(), m.shortfall, m.tracking_error);
    return m;
}

static int run()
{
    pab::config cfg;
    cfg.parse("preset: pair\n"
              "agents: {executor: {type: pair_executor}}\n"
              "pair: {quantity: 400, horizon: 120s}\n");
    const pab::scenario scn(cfg);
    pab::env env(scn);
    pab::policy mine = pab::policy::of<catch_up>("catch_up"), twap("twap:take");
    const pab_episode_metrics a = play(env, mine), b = play(env, twap), again = play(env, mine);
    return a.residual == 0 && b.residual == 0 && a.shortfall == again.shortfall ? 0 : 1;
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
