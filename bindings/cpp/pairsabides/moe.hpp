/**
 * @file moe.hpp
 * @brief Stage 3 of learning: a mixture of networks, distilled and tuned on preferences.
 */
#ifndef PAIRSABIDES_MOE_HPP
#define PAIRSABIDES_MOE_HPP

#include <pairsabides/prefs.hpp>

namespace pab {

/** Defaults of Stage 3, for learn_options().moe. */
inline pab_moe_options moe_options()
{
    return detail::defaults(pab_moe_options_init);
}

/** Defaults of policies: greedy. */
inline pab_moe_policy_options moe_policy_options()
{
    return detail::defaults(pab_moe_policy_options_init);
}

struct tuned;

/** Five networks and a gate. */
class moe {
public:
    /** Takes over a mixture made by C. */
    explicit moe(pab_moe *owned) noexcept : handle_(owned) {}

    /** Distils an ensemble. */
    static moe distil(const scenario_view &scn, const sip &ensemble, const pab_learn_options &options = learn_options())
    {
        return moe(detail::made<pab_moe>(
            [&](pab_moe **out) { return pab_moe_distil(scn.get(), ensemble.get(), &options, out); }));
    }
    /** Tunes this mixture by PAB_LOSS_..., compared with `ensemble` too unless that is null. */
    tuned tune(const scenario_view &scn, const prefs &preferences, const sip *ensemble = nullptr,
               const pab_learn_options &options = learn_options()) const;

    static moe load(const std::string &path, const pab_host *host = nullptr)
    {
        return moe(detail::made<pab_moe>([&](pab_moe **out) { return pab_moe_load(host, path.c_str(), out); }));
    }
    void save(const std::string &path) const { check(pab_moe_save(get(), path.c_str())); }

    /** Greedy policy. The mixture must outlive it. */
    pab::policy policy() const
    {
        return pab::policy(detail::made<pab_policy>([&](pab_policy **out) { return pab_moe_policy(get(), out); }));
    }
    /** Policy by options. The mixture must outlive it. */
    pab::policy policy(const pab_moe_policy_options &options) const
    {
        return pab::policy(
            detail::made<pab_policy>([&](pab_policy **out) { return pab_moe_policy_with(get(), &options, out); }));
    }

    /** Why it decides as it does where `env` stands. */
    pab_moe_explanation describe(const env_view &env) const
    {
        const observation obs = env.observe();
        const action_mask mask = env.legal();
        return detail::filled<pab_moe_explanation>(
            [&](pab_moe_explanation *out) { return pab_moe_describe(get(), obs.data(), mask.data(), out); });
    }
    pab_moe_cell cell(std::int32_t index) const
    {
        return detail::filled<pab_moe_cell>([&](pab_moe_cell *out) { return pab_moe_cell_get(get(), index, out); });
    }

    pab_moe *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_moe, pab_moe_free> handle_;
};

/** Result of a tuning. */
struct tuned {
    moe mixture;   /**< the tuned one, or a copy of the reference */
    bool accepted; /**< the tuned one did no worse than the reference and the ensemble on fresh validation seeds */
};

inline tuned moe::tune(const scenario_view &scn, const prefs &preferences, const sip *ensemble,
                       const pab_learn_options &options) const
{
    std::int32_t accepted = 0;
    moe made(detail::made<pab_moe>([&](pab_moe **out) {
        return pab_moe_tune(scn.get(), ensemble ? ensemble->get() : nullptr, get(), preferences.get(), &options,
                            out, &accepted);
    }));
    return {std::move(made), accepted != 0};
}

} // namespace pab

#endif
