// Environments, vector environments and policies through the C++ binding.
#include <pairsabides.hpp>

#include <cmath>
#include <type_traits>

#include "check.hpp"

static pab::scenario pair_scenario()
{
    pab::config cfg;
    cfg.parse("preset: pair\n"
              "agents: {executor: {type: pair_executor}}\n"
              "pair: {quantity: 100, horizon: 60s}\n");
    return pab::scenario(cfg);
}

static constexpr std::int32_t take = PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_TAKE + 1;

// Takes with both legs, and counts how often it was asked.
struct taker {
    std::int64_t asked;

    pab_decision act(pab::env_view env)
    {
        if (env.describe().regime == PAB_REGIME_THIN)
            throw std::domain_error("too thin");
        asked++;
        pab_decision d{};
        d.action[0] = d.action[1] = take;
        return d;
    }
    std::string explain(pab::env_view) const { return "asked " + std::to_string(asked) + " times"; }
};

static std::uint64_t seed_of(std::int32_t regime = PAB_REGIME_CALM)
{
    return pab_seed(PAB_SPLIT_TRAIN, regime, 3);
}

static_assert(!std::is_copy_constructible_v<pab::env> && std::is_nothrow_move_constructible_v<pab::env>);
static_assert(!std::is_copy_constructible_v<pab::vecenv> && std::is_nothrow_move_constructible_v<pab::vecenv>);
static_assert(!std::is_copy_constructible_v<pab::policy> && std::is_nothrow_move_constructible_v<pab::policy>);

TEST(an_episode_ends_with_metrics)
{
    const pab::scenario scn = pair_scenario();
    pab::env env(scn);
    pab::observation obs;
    env.reset(seed_of(), obs);
    CHECK(obs == env.observe());
    CHECK(thrown<pab::error>([&] { env.metrics(); }).status() == PAB_E_STATE);
    CHECK(thrown<pab::error>([&] { env.step({99, 0}); }).status() == PAB_E_RANGE);
    pab::outcome r;
    int steps = 0;
    for (; !r.done(); steps++)
        r = env.step({take, take}, obs);
    CHECK(r.terminated() && steps == env.describe().steps && r.step == steps);
    CHECK(env.metrics().residual == 0 && !env.fills().empty() && env.fills()[0].quantity > 0);
    CHECK(env.market().count().delivered > 0 && env.legal().size() == 34);
}

TEST(a_fork_goes_where_its_origin_goes)
{
    const pab::scenario scn = pair_scenario();
    pab::env a(scn), b(scn), c(scn);
    a.reset(seed_of());
    a.step({take, take});
    b.copy_from(a);
    c.restore(a.save());
    pab_decision d{};
    d.action[0] = d.action[1] = take;
    a.step_exact(d);
    b.step({take, take});
    c.step_exact(d);
    CHECK(a.hash() == b.hash() && a.hash() == c.hash());
    pab::env moved(std::move(a));
    CHECK(moved.hash() == b.hash() && moved.get() == moved.view());
}

TEST(policies_are_made_by_name)
{
    const pab::scenario scn = pair_scenario();
    pab::env env(scn);
    pab::policy twap("twap:take");
    CHECK(std::string(twap.name()) == "twap:take");
    CHECK(thrown<pab::error>([] { pab::policy("nobody"); }).status() == PAB_E_KEY);
    env.reset(seed_of());
    CHECK(thrown<pab::error>([&] { twap.act(env); }).status() == PAB_E_STATE); // before reset
    twap.reset(env);
    CHECK(!twap.explain(env).empty());
    pab::outcome r;
    while (!r.done())
        r = env.step_exact(twap.act(env));
    CHECK(env.metrics().residual == 0);
}

TEST(a_class_is_a_policy)
{
    const pab::scenario scn = pair_scenario();
    pab::env env(scn);
    pab::policy mine = pab::policy::of<taker>("taker");
    env.reset(seed_of());
    mine.reset(env);
    for (int i = 0; i < 3; i++)
        env.step_exact(mine.act(env));
    pab::policy twin = mine.clone();
    CHECK(twin.explain(env) == "asked 3 times" && std::string(twin.name()) == "taker");
    twin.act(env);
    CHECK(mine.explain(env) == "asked 3 times");
    mine.copy_from(twin);
    CHECK(mine.explain(env) == "asked 4 times");
}

TEST(what_a_policy_throws_comes_out_of_act)
{
    const pab::scenario scn = pair_scenario();
    pab::env env(scn);
    pab::policy mine = pab::policy::of<taker>("taker");
    env.reset(seed_of(PAB_REGIME_THIN));
    mine.reset(env);
    CHECK(std::string(thrown<std::domain_error>([&] { mine.act(env); }).what()) == "too thin");
}

TEST(many_environments_do_what_each_would_do)
{
    constexpr std::uint32_t count = 3;
    const pab::scenario scn = pair_scenario();
    pab::vecenv vec(scn, pab::vecenv_options(count, 2));
    std::vector<std::int32_t> actions(2 * count, take);
    std::vector<float> observations(count * PAB_ENV_OBSERVATIONS);
    std::vector<double> rewards(count);
    const std::vector<std::uint64_t> seeds{seed_of(), seed_of() + 1, seed_of() + 2};
    auto buffers = pab::sized<pab_vecenv_buffers>();
    buffers.actions = actions.data();
    buffers.observations = observations.data();
    buffers.rewards = rewards.data();
    vec.bind(buffers);
    vec.reset(seeds);
    vec.step();
    pab::env alone(scn);
    for (std::uint32_t i = 0; i < count; i++) {
        pab::observation obs;
        alone.reset(seeds[i]);
        CHECK(alone.step({take, take}, obs).reward == rewards[i]);
        CHECK(std::equal(obs.begin(), obs.end(), observations.begin() + i * PAB_ENV_OBSERVATIONS));
        CHECK(vec[i].hash() == alone.hash());
    }
    CHECK(thrown<pab::error>([&] { vec[count]; }).status() == PAB_E_RANGE);
    CHECK(thrown<pab::error>([&] { vec.reset(pab::span<const std::uint64_t>()); }).status() == PAB_E_ARGUMENT);
}

int main()
{
    return run_cases();
}
