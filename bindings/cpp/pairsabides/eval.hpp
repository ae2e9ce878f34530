/**
 * @file eval.hpp
 * @brief Policies on the same episodes, what they cost, their thresholds tuned, and the impact of orders.
 */
#ifndef PAIRSABIDES_EVAL_HPP
#define PAIRSABIDES_EVAL_HPP

#include <pairsabides/policy.hpp>
#include <pairsabides/progress.hpp>

namespace pab {

/** Names, units and meanings of PAB_MEASURE_... */
inline std::vector<pab_measure_info> measures()
{
    return detail::rows<pab_measure_info>(
        [](std::uint32_t i, pab_measure_info *out) { return pab_measure_get(static_cast<std::int32_t>(i), out); });
}

/** One measure of an episode. */
inline double value_of(std::int32_t measure, const pab_episode_metrics &metrics)
{
    double value = 0;
    check(pab_measure_value(measure, &metrics, &value));
    return value;
}

/** 64 validation episodes in each regime, on the caller's thread. */
inline pab_eval_options eval_options()
{
    return detail::defaults(pab_eval_options_init);
}

/** A table of episodes: policies by regimes by seeds. A `regime` of -1 takes all together. */
class eval {
public:
    /** Takes over a table made by C. */
    explicit eval(pab_eval *owned) noexcept : handle_(owned) {}
    /** An empty table. */
    explicit eval(span<const std::string> names, const pab_eval_options &options = eval_options(),
                  const pab_host *host = nullptr)
    {
        std::vector<const char *> texts;
        for (const std::string &name : names)
            texts.push_back(name.c_str());
        handle_.reset(detail::made<pab_eval>([&](pab_eval **out) {
            return pab_eval_new(host, texts.data(), detail::count32(texts.size()), &options, out);
        }));
    }

    /** Plays built-in policies, named by their specifications. */
    static eval of(const scenario_view &scn, span<const std::string> specs,
                   const pab_eval_options &options = eval_options())
    {
        eval table(specs, options);
        std::vector<policy> policies;
        for (const std::string &spec : specs)
            policies.emplace_back(spec);
        table.run(scn, policies);
        return table;
    }

    /**
     * Plays the episodes that are missing; one policy per name, in order. What a policy class throws comes out of here,
     * or, where another thread played the episode, an `error` that names it.
     */
    void run(const scenario_view &scn, span<const policy> policies)
    {
        if (policies.size() != size())
            throw error(PAB_E_ARGUMENT, "eval: " + std::to_string(policies.size()) + " policies for " +
                                            std::to_string(size()) + " names");
        std::vector<pab_policy *> handles;
        for (const policy &one : policies)
            handles.push_back(one.get());
        detail::settle(pab_eval_run(get(), scn.get(), handles.data()));
    }

    std::uint32_t size() const noexcept { return pab_eval_policies(get()); } /**< policies */
    const char *name(std::uint32_t policy) const noexcept { return pab_eval_policy(get(), policy); } /**< lent */
    std::uint32_t episodes(std::int32_t regime) const noexcept { return pab_eval_episodes(get(), regime); }
    std::uint64_t seed(std::int32_t regime, std::uint32_t episode) const noexcept
    {
        return pab_eval_seed(get(), regime, episode);
    }
    void put(std::uint32_t policy, std::int32_t regime, std::uint32_t episode, const pab_episode_metrics &metrics)
    {
        check(pab_eval_put(get(), policy, regime, episode, &metrics));
    }
    pab_episode_metrics at(std::uint32_t policy, std::int32_t regime, std::uint32_t episode) const
    {
        return detail::filled<pab_episode_metrics>(
            [&](pab_episode_metrics *out) { return pab_eval_get(get(), policy, regime, episode, out); });
    }

    pab_eval_summary summarize(std::uint32_t policy, std::int32_t regime = -1) const
    {
        return detail::filled<pab_eval_summary>(
            [&](pab_eval_summary *out) { return pab_eval_summarize(get(), policy, regime, out); });
    }
    /** Every policy less `base`, seed by seed. */
    std::vector<pab_contrast> compare(std::uint32_t base, std::int32_t regime = -1,
                                      std::int32_t measure = PAB_MEASURE_PAIR_COST) const
    {
        std::vector<pab_contrast> all(size(), sized<pab_contrast>());
        check(pab_eval_compare(get(), base, regime, measure, all.data(), size()));
        return all;
    }
    /** The tables as text, compared with policy `base`, or not with -1. */
    std::string text(std::int32_t base = -1) const
    {
        return detail::text_of([&](char *buf, std::size_t cap, std::size_t *needed) {
            return pab_eval_text(get(), base, buf, cap, needed);
        });
    }

    /** All rows in a file, for the same version of the library. */
    void save(const std::string &path) const { check(pab_eval_save(get(), path.c_str())); }
    /** Rows of a table of the same shape. */
    void load(const std::string &path) { check(pab_eval_load(get(), path.c_str())); }

    pab_eval *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_eval, pab_eval_free> handle_;
};

/** 64 calm training seeds. */
inline pab_impact_options impact_options()
{
    return detail::defaults(pab_impact_options_init);
}

/** How leg A's mid answers an order that takes. */
inline pab_impact measure_impact(const scenario_view &scn, const pab_impact_options &options = impact_options())
{
    return detail::filled<pab_impact>(
        [&](pab_impact *out) { return pab_impact_measure(scn.get(), &options, out); });
}

/** 20 generations of 40 candidates in all regimes, on the caller's thread. */
inline pab_tune_options tune_options()
{
    return detail::defaults(pab_tune_options_init);
}

/** The thresholds of a built-in policy that cost least on training episodes. */
inline pab_tune_result tune(const scenario_view &scn, const std::string &spec,
                            const pab_tune_options &options = tune_options())
{
    return detail::filled<pab_tune_result>(
        [&](pab_tune_result *out) { return pab_policy_tune(scn.get(), spec.c_str(), &options, out); });
}

} // namespace pab

#endif
