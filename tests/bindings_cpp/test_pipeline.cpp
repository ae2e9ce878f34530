// All stages of learning in one call through the C++ binding, in a tiny budget.
#include <pairsabides.hpp>

#include <filesystem>

#include "check.hpp"

static_assert(!std::is_copy_constructible_v<pab::pipeline> && std::is_nothrow_move_constructible_v<pab::pipeline>);
static_assert(!std::is_copy_constructible_v<pab::scenario> && std::is_nothrow_move_constructible_v<pab::scenario>);

static pab::config pair()
{
    pab::config cfg = pab::config::from_preset("pair");
    return std::move(cfg.set("pair.warmup", "5s").set("pair.horizon", "20s"));
}

static pab_pipeline_options tiny()
{
    pab_pipeline_options options = pab::pipeline_options();
    options.budget = 1e-4;
    options.episodes = 2;
    options.resamples = 100;
    options.rounds = 0;
    options.rules = 1;
    options.front = 0;
    options.threads = 2;
    return options;
}

TEST(a_run_that_was_stopped_is_resumed_and_opened)
{
    const std::string dir = "test_cpp_pipeline";
    std::filesystem::remove_all(dir);
    pab_pipeline_options options = tiny();
    int told = 0;
    const auto some = [&](const pab_pipeline_step &step) { return ++told < 3 && step.stages > 0; };
    CHECK(thrown<pab::error>([&] { pab::pipeline::run(pair(), dir, options, some); }).status() == PAB_E_CANCELLED);
    CHECK(told == 3);
    CHECK(thrown<pab::error>([&] { pab::pipeline::run(pair(), dir, options); }).status() == PAB_E_STATE);
    options.resume = 1;
    const auto fail = [](const pab_pipeline_step &) -> bool { throw std::domain_error("enough"); };
    CHECK(thrown<std::domain_error>([&] { pab::pipeline::run(pair(), dir, options, fail); }).what() ==
          std::string("enough"));
    const pab_pipeline_result result = pab::pipeline::run(pair(), dir, options);
    CHECK(result.shipped >= PAB_SHIPPED_ENSEMBLE && result.rounds == 0);

    const pab::pipeline run(dir);
    bool ensemble = false;
    for (const std::string &name : run.names()) {
        CHECK(std::string(run.policy(name).name()) != "");
        ensemble = ensemble || name == "sip";
    }
    CHECK(ensemble);
    CHECK(thrown<pab::error>([&] { run.policy("nobody"); }).status() == PAB_E_KEY);

    const pab_pipeline_info info = run.describe();
    CHECK(info.finished == 1 && info.shipped == result.shipped && info.episodes == options.episodes);
    const pab::eval table = run.eval();
    CHECK(pab_eval_policies(table.get()) > 10 && run.round_seed(1) != run.round_seed(2));

    pab::env env(run.scenario()); // of a scenario that is lent
    CHECK(env.scenario().describe().fingerprint == run.scenario().describe().fingerprint);
    pab::policy policy = run.policy("sip");
    env.reset(pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_CALM, 1));
    policy.reset(env);
    pab::outcome step;
    while (!step.done())
        step = env.step_exact(policy.act(env));
    CHECK(env.metrics().residual < 1);
    std::filesystem::remove_all(dir);
}

int main()
{
    return run_cases();
}
