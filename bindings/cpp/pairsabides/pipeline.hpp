/**
 * @file pipeline.hpp
 * @brief All stages of learning in one call.
 */
#ifndef PAIRSABIDES_PIPELINE_HPP
#define PAIRSABIDES_PIPELINE_HPP

#include <pairsabides/eval.hpp>
#include <pairsabides/policy.hpp>

namespace pab {

/** Budget 1, two rounds of preferences and tuning, a new directory. */
inline pab_pipeline_options pipeline_options()
{
    return detail::defaults(pab_pipeline_options_init);
}

/** A run's directory, opened for its policies. */
class pipeline {
public:
    using hook = std::function<bool(const pab_pipeline_step &)>;

    /**
     * Runs all stages into `dir`. `progress`, which stands in for the hook of `options`, answers false to stop: `error`
     * with PAB_E_CANCELLED; what it throws comes out of here. Either way the run can be resumed.
     */
    static pab_pipeline_result run(const config &cfg, const std::string &dir,
                                   pab_pipeline_options options = pipeline_options(), hook progress = nullptr)
    {
        const pab_pipeline_hook record = record_of(progress);
        if (progress)
            options.hook = &record;
        return detail::filled<pab_pipeline_result>(
            [&](pab_pipeline_result *out) { return pab_pipeline_run(cfg.get(), dir.c_str(), &options, out); });
    }

    /** Opens a run, finished or not. */
    explicit pipeline(const std::string &dir, const pab_host *host = nullptr)
        : handle_(detail::made<pab_pipeline>(
              [&](pab_pipeline **out) { return pab_pipeline_open(host, dir.c_str(), out); }))
    {
    }

    /** Its options, and how far it is. */
    pab_pipeline_info describe() const
    {
        return detail::filled<pab_pipeline_info>(
            [&](pab_pipeline_info *out) { return pab_pipeline_describe(get(), out); });
    }
    /** Its result table; policy 0 is the mixture. */
    pab::eval eval() const
    {
        return pab::eval(detail::made<pab_eval>([&](pab_eval **out) { return pab_pipeline_eval(get(), out); }));
    }
    /** Names the seeds of a round of preferences and tuning, from 1. */
    std::uint64_t round_seed(std::uint32_t round) const noexcept { return pab_pipeline_round_seed(get(), round); }
    /** Its scenario, lent. */
    scenario_view scenario() const noexcept { return scenario_view(pab_pipeline_scenario(get())); }
    /** Names of the policies that it made. */
    std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        while (const char *name = pab_pipeline_name(get(), static_cast<std::uint32_t>(all.size())))
            all.emplace_back(name);
        return all;
    }
    /** One of those, or any built-in one. The run must outlive it. */
    pab::policy policy(const std::string &name) const
    {
        return pab::policy(detail::made<pab_policy>(
            [&](pab_policy **out) { return pab_pipeline_policy(get(), name.c_str(), out); }));
    }

    pab_pipeline *get() const noexcept { return handle_.get(); }

private:
    /* Lends `progress` to the library. */
    static pab_pipeline_hook record_of(hook &progress)
    {
        auto record = sized<pab_pipeline_hook>();
        record.user = &progress;
        record.report = [](void *user, const pab_pipeline_step *step) -> std::int32_t {
            bool go_on = false;
            detail::guarded([&] { go_on = (*static_cast<hook *>(user))(*step); });
            return go_on ? 0 : 1;
        };
        return record;
    }

    detail::owned<pab_pipeline, pab_pipeline_free> handle_;
};

} // namespace pab

#endif
