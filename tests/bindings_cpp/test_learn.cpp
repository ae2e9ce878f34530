// Experts that learn, their ensemble, preferences and mixtures through the C++ binding, in tiny budgets.
#include <cmath>
#include <fstream>

#include "check.hpp"
#include "pair.hpp"

static_assert(!std::is_copy_constructible_v<pab::qtable> && std::is_nothrow_move_constructible_v<pab::qtable>);
static_assert(!std::is_copy_constructible_v<pab::sip> && std::is_nothrow_move_constructible_v<pab::sip>);
static_assert(!std::is_copy_constructible_v<pab::prefs> && std::is_nothrow_move_constructible_v<pab::prefs>);
static_assert(!std::is_copy_constructible_v<pab::moe> && std::is_nothrow_move_constructible_v<pab::moe>);

static pab_learn_options tiny()
{
    pab_learn_options options = pab::learn_options();
    options.budget = 0.001;
    options.threads = 2;
    return options;
}

static pab::qtable taught(const pab::scenario &scn, pab_learn_options options = tiny())
{
    pab_qtable_options tables = pab::qtable_options();
    tables.rounds = 2;
    tables.episodes = 8;
    tables.validation = 4;
    tables.interval = 1;
    options.qtable = &tables;
    return pab::qtable::train(scn, PAB_EXPERT_SCE, options);
}

static pab::sip weighed(const pab::scenario &scn, const pab::sip::expert_list &experts = {})
{
    pab_sip_options how = pab::sip_options();
    how.candidates = 8;
    how.front = 0;
    return pab::sip::train(scn, experts, tiny(), how);
}

static double cost_of(const pab::scenario &scn, pab::policy policy)
{
    pab::env env(scn);
    env.reset(pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_CALM, 1));
    policy.reset(env);
    pab::outcome r;
    while (!r.done())
        r = env.step_exact(policy.act(env));
    return env.metrics().pair_cost;
}

TEST(a_taught_expert_is_stored_and_plays)
{
    const char *path = "test_cpp_learn.qtable";
    const pab::scenario scn = short_pair();
    const pab::qtable q = taught(scn);
    q.save(path);
    const pab::qtable back = pab::qtable::load(path);
    std::remove(path);
    CHECK(back.expert() == PAB_EXPERT_SCE && q.describe(PAB_TABLE_LEG_A).states == 4050);
    CHECK(back.describe(PAB_TABLE_PAIR).visited == q.describe(PAB_TABLE_PAIR).visited);
    CHECK(q.curve().size() >= 3 && q.curve()[0].table == PAB_TABLE_LEG_A);
    CHECK(q.read(PAB_TABLE_LEG_A, 0, 0).count >= 0);
    CHECK(q.read(PAB_TABLE_LEG_A, 4050, 0).value <= 0); // shared by all states: HOLD where HOLD is advised
    CHECK(thrown<pab::error>([&] { q.read(PAB_TABLE_LEG_A, 4050 + 17, 0); }).status() == PAB_E_RANGE);
    CHECK(cost_of(scn, q.policy()) == cost_of(scn, back.policy()));
    CHECK(thrown<pab::error>([&] { pab::qtable::load(path); }).status() == PAB_E_IO);
}

TEST(teaching_stops_when_told)
{
    const pab::scenario scn = short_pair();
    pab::progress stop([](const char *, std::uint64_t, std::uint64_t) { return false; });
    pab_learn_options options = tiny();
    options.progress = stop.get();
    CHECK(thrown<pab::error>([&] { taught(scn, options); }).status() == PAB_E_CANCELLED);
}

TEST(an_ensemble_weighs_learned_experts_and_rules)
{
    const char *path = "test_cpp_learn.sip", *csv = "test_cpp_learn.csv";
    const pab::scenario scn = short_pair();
    const pab::qtable q = taught(scn);
    const pab::sip ensemble = weighed(scn, {nullptr, &q, nullptr, nullptr});
    const pab_sip_info info = ensemble.describe();
    CHECK(ensemble.generations().size() == info.generations && ensemble.finalists().size() == info.finalists);
    CHECK(ensemble.sweeps().size() == info.sweeps);
    const pab_sip_cell cell = ensemble.cell(0);
    double sum = 0;
    for (const double w : cell.weight)
        sum += w;
    CHECK(std::abs(sum - 1) < 1e-9);
    CHECK(thrown<pab::error>([&] { ensemble.cell(PAB_SIP_CELL_COUNT); }).status() == PAB_E_RANGE);
    ensemble.save(path);
    const pab::sip back = pab::sip::load(path);
    std::remove(path);
    CHECK(cost_of(scn, ensemble.policy()) == cost_of(scn, back.policy()));
    ensemble.write_csv(PAB_SIP_CSV_CELLS, csv);
    CHECK(std::ifstream(csv).good());
    std::remove(csv);
}

TEST(preferences_tune_a_mixture)
{
    const char *path = "test_cpp_learn.prefs", *file = "test_cpp_learn.moe";
    const pab::scenario scn = short_pair();
    const pab::sip ensemble = weighed(scn);
    const pab::moe reference = pab::moe::distil(scn, ensemble, tiny());

    pab_moe_policy_options play = pab::moe_policy_options();
    play.sample = 1;
    std::vector<pab::policy> extra;
    extra.push_back(reference.policy(play));
    pab_prefs_options how = pab::prefs_options();
    how.episodes = 8;
    const pab::prefs ranked = pab::prefs::generate(scn, ensemble, nullptr, tiny(), how, extra);
    ranked.save(path);
    const pab::prefs back = pab::prefs::load(path);
    std::remove(path);
    const pab_prefs_info info = back.describe();
    CHECK(info.starts > 0 && info.starts == ranked.describe().starts);
    std::size_t trajectories = 0, pairs = 0;
    for (std::uint32_t s = 0; s < info.starts; s++) {
        trajectories += back.trajectories(s).size();
        pairs += back.pairs(s).size();
        CHECK(back.trajectories(s).size() == back.start(s).trajectories);
    }
    CHECK(trajectories == info.trajectories && pairs == info.pairs);

    pab_moe_options loss = pab::moe_options();
    loss.loss = PAB_LOSS_MBT;
    pab_learn_options options = tiny();
    options.moe = &loss;
    const pab::tuned result = reference.tune(scn, back, &ensemble, options);
    result.mixture.save(file);
    const pab::moe loaded = pab::moe::load(file);
    std::remove(file);
    CHECK(cost_of(scn, loaded.policy()) == cost_of(scn, result.mixture.policy()));
    CHECK(result.accepted || cost_of(scn, loaded.policy()) == cost_of(scn, reference.policy()));

    pab::env env(scn);
    env.reset(pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_CALM, 1));
    const pab_moe_explanation why = loaded.describe(env);
    CHECK(why.action[0] >= 0 && why.probability[0] >= why.probability[1]);
    CHECK(loaded.cell(0).entropy >= 0);
    CHECK(thrown<pab::error>([&] { loaded.cell(PAB_MOE_CELLS); }).status() == PAB_E_RANGE);
}

int main()
{
    return run_cases();
}
