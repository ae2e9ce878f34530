/**
 * @file prefs.hpp
 * @brief Preferences: what different policies would do from the same state, ranked by what follows.
 */
#ifndef PAIRSABIDES_PREFS_HPP
#define PAIRSABIDES_PREFS_HPP

#include <pairsabides/sip.hpp>

namespace pab {

/** Defaults of preferences. */
inline pab_prefs_options prefs_options()
{
    return detail::defaults(pab_prefs_options_init);
}

/** Ranked trajectories from common states. */
class prefs {
public:
    /** Takes over preferences made by C. */
    explicit prefs(pab_prefs *owned) noexcept : handle_(owned) {}

    /**
     * Plays and ranks. `reference` null: the ensemble. `extra` are further candidates; if not empty, they stand in for
     * those that `how` names.
     */
    static prefs generate(const scenario_view &scn, const sip &ensemble, const policy *reference = nullptr,
                          const pab_learn_options &options = learn_options(), pab_prefs_options how = prefs_options(),
                          span<const policy> extra = {})
    {
        std::vector<const pab_policy *> handles;
        for (const policy &one : extra)
            handles.push_back(one.get());
        if (!extra.empty()) {
            how.extras = detail::count32(handles.size());
            how.extra = handles.data();
        }
        return prefs(detail::made<pab_prefs>([&](pab_prefs **out) {
            return pab_prefs_generate(scn.get(), ensemble.get(), reference ? reference->get() : nullptr, &options,
                                      &how, out);
        }));
    }
    static prefs load(const std::string &path, const pab_host *host = nullptr)
    {
        return prefs(
            detail::made<pab_prefs>([&](pab_prefs **out) { return pab_prefs_load(host, path.c_str(), out); }));
    }
    void save(const std::string &path) const { check(pab_prefs_save(get(), path.c_str())); }

    pab_prefs_info describe() const
    {
        return detail::filled<pab_prefs_info>([&](pab_prefs_info *out) { return pab_prefs_describe(get(), out); });
    }
    pab_prefs_start start(std::uint32_t index) const
    {
        return detail::filled<pab_prefs_start>(
            [&](pab_prefs_start *out) { return pab_prefs_start_get(get(), index, out); });
    }
    /** What the candidates of a start did. */
    std::vector<pab_prefs_trajectory> trajectories(std::uint32_t start) const
    {
        return detail::rows<pab_prefs_trajectory>(
            [&](std::uint32_t i, pab_prefs_trajectory *out) { return pab_prefs_trajectory_get(get(), start, i, out); });
    }
    /** Its ranked pairs, the surest first. */
    std::vector<pab_prefs_pair> pairs(std::uint32_t start) const
    {
        return detail::rows<pab_prefs_pair>(
            [&](std::uint32_t i, pab_prefs_pair *out) { return pab_prefs_pair_get(get(), start, i, out); });
    }

    pab_prefs *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_prefs, pab_prefs_free> handle_;
};

} // namespace pab

#endif
