/**
 * @file sip.hpp
 * @brief Stage 2 of learning: an ensemble of the experts, weighed by state.
 */
#ifndef PAIRSABIDES_SIP_HPP
#define PAIRSABIDES_SIP_HPP

#include <pairsabides/qtable.hpp>

#include <array>

namespace pab {

/** Defaults of Stage 2. */
inline pab_sip_options sip_options()
{
    return detail::defaults(pab_sip_options_init);
}

/** An ensemble. */
class sip {
public:
    /** In the order of PAB_EXPERT_...; null: the rule as it is. */
    using expert_list = std::array<const qtable *, PAB_EXPERT_COUNT>;

    /** Takes over an ensemble made by C. */
    explicit sip(pab_sip *owned) noexcept : handle_(owned) {}

    /** Searches weights. The experts are copied. */
    static sip train(const scenario_view &scn, const expert_list &experts = {},
                     const pab_learn_options &options = learn_options(), const pab_sip_options &how = sip_options())
    {
        const pab_qtable *tables[PAB_EXPERT_COUNT] = {};
        for (std::size_t e = 0; e < experts.size(); e++)
            tables[e] = experts[e] ? experts[e]->get() : nullptr;
        return sip(detail::made<pab_sip>(
            [&](pab_sip **out) { return pab_sip_train(scn.get(), tables, &options, &how, out); }));
    }
    static sip load(const std::string &path, const pab_host *host = nullptr)
    {
        return sip(detail::made<pab_sip>([&](pab_sip **out) { return pab_sip_load(host, path.c_str(), out); }));
    }
    void save(const std::string &path) const { check(pab_sip_save(get(), path.c_str())); }
    /** A copy without some terms (bits PAB_SIP_TERM_...), or over the experts' rules. */
    sip variant(std::uint32_t without, bool rules = false) const
    {
        return sip(detail::made<pab_sip>(
            [&](pab_sip **out) { return pab_sip_variant(get(), without, rules ? 1 : 0, out); }));
    }
    /** `what` is PAB_SIP_CSV_... */
    void write_csv(std::int32_t what, const std::string &path) const
    {
        check(pab_sip_write_csv(get(), what, path.c_str()));
    }

    /** Plays greedily. The ensemble must outlive it. */
    pab::policy policy() const
    {
        return pab::policy(detail::made<pab_policy>([&](pab_policy **out) { return pab_sip_policy(get(), out); }));
    }

    pab_sip_info describe() const
    {
        return detail::filled<pab_sip_info>([&](pab_sip_info *out) { return pab_sip_describe(get(), out); });
    }
    pab_sip_cell cell(std::int32_t index) const
    {
        return detail::filled<pab_sip_cell>([&](pab_sip_cell *out) { return pab_sip_cell_get(get(), index, out); });
    }
    std::vector<pab_sip_generation> generations() const
    {
        return detail::rows<pab_sip_generation>(
            [&](std::uint32_t i, pab_sip_generation *out) { return pab_sip_generation_get(get(), i, out); });
    }
    std::vector<pab_sip_finalist> finalists() const
    {
        return detail::rows<pab_sip_finalist>(
            [&](std::uint32_t i, pab_sip_finalist *out) { return pab_sip_finalist_get(get(), i, out); });
    }
    std::vector<pab_sip_sweep> sweeps() const
    {
        return detail::rows<pab_sip_sweep>(
            [&](std::uint32_t i, pab_sip_sweep *out) { return pab_sip_sweep_get(get(), i, out); });
    }

    pab_sip *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_sip, pab_sip_free> handle_;
};

} // namespace pab

#endif
