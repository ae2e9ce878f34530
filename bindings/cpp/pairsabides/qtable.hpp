/**
 * @file qtable.hpp
 * @brief Stage 1 of learning: experts with tables.
 */
#ifndef PAIRSABIDES_QTABLE_HPP
#define PAIRSABIDES_QTABLE_HPP

#include <pairsabides/policy.hpp>
#include <pairsabides/progress.hpp>

namespace pab {

/** Budget 1, master seed 1, on the caller's thread, no files. Texts and records that it names must outlive the call. */
inline pab_learn_options learn_options()
{
    return detail::defaults(pab_learn_options_init);
}

/** Defaults of Stage 1, for learn_options().qtable. */
inline pab_qtable_options qtable_options()
{
    return detail::defaults(pab_qtable_options_init);
}

/** A learned expert. */
class qtable {
public:
    /** Takes over a learned expert made by C. */
    explicit qtable(pab_qtable *owned) noexcept : handle_(owned) {}

    /** Trains expert PAB_EXPERT_... against its rule. */
    static qtable train(const scenario_view &scn, std::int32_t expert,
                        const pab_learn_options &options = learn_options())
    {
        return qtable(detail::made<pab_qtable>(
            [&](pab_qtable **out) { return pab_qtable_train(scn.get(), expert, &options, out); }));
    }
    static qtable load(const std::string &path, const pab_host *host = nullptr)
    {
        return qtable(
            detail::made<pab_qtable>([&](pab_qtable **out) { return pab_qtable_load(host, path.c_str(), out); }));
    }
    void save(const std::string &path) const { check(pab_qtable_save(get(), path.c_str())); }

    std::int32_t expert() const noexcept { return pab_qtable_expert(get()); } /**< PAB_EXPERT_... */
    /** Plays greedily. The tables must outlive it. */
    pab::policy policy() const
    {
        return pab::policy(
            detail::made<pab_policy>([&](pab_policy **out) { return pab_qtable_policy(get(), out); }));
    }

    pab_qtable_info describe(std::int32_t table) const
    {
        return detail::filled<pab_qtable_info>(
            [&](pab_qtable_info *out) { return pab_qtable_describe(get(), table, out); });
    }
    pab_qtable_entry read(std::int32_t table, std::uint32_t state, std::int32_t action) const
    {
        return detail::filled<pab_qtable_entry>(
            [&](pab_qtable_entry *out) { return pab_qtable_read(get(), table, state, action, out); });
    }
    /** The learning curve. */
    std::vector<pab_qtable_round> curve() const
    {
        return detail::rows<pab_qtable_round>(
            [&](std::uint32_t i, pab_qtable_round *out) { return pab_qtable_curve(get(), i, out); });
    }

    pab_qtable *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_qtable, pab_qtable_free> handle_;
};

} // namespace pab

#endif
