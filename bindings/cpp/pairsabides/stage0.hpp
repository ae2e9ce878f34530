/**
 * @file stage0.hpp
 * @brief Recorded tapes, facts measured on them, hedge ratios, and the fit of a scenario.
 */
#ifndef PAIRSABIDES_STAGE0_HPP
#define PAIRSABIDES_STAGE0_HPP

#include <pairsabides/market.hpp>

#include <array>
#include <limits>

namespace pab {

using leg_facts = std::array<double, PAB_LEG_FACT_COUNT>; /**< by PAB_FACT_... */
/** Number 0 is PAB_PAIR_FACT_FIRST. */
using pair_facts = std::array<double, static_cast<std::size_t>(PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST)>;

/** Names, units and meanings of all facts. */
inline std::vector<pab_fact_info> facts()
{
    return detail::rows<pab_fact_info>(pab_fact_get);
}

/** All of a file, its format told from its first line. */
inline pab_read_options read_options()
{
    return detail::defaults(pab_read_options_init);
}

/** Best quotes and trades of one instrument. */
class tape {
public:
    explicit tape(const pab_host *host = nullptr)
        : handle_(detail::made<pab_tape>([&](pab_tape **out) { return pab_tape_new(host, out); }))
    {
    }

    /** Prices in 1 / PAB_TAPE_PRICE of the currency unit, times in ns. */
    void add_quote(std::int64_t time, std::int64_t bid, double bid_size, std::int64_t ask, double ask_size)
    {
        check(pab_tape_add_quote(get(), time, bid, bid_size, ask, ask_size));
    }
    void add_trade(std::int64_t time, std::int64_t price, double size, std::int32_t sign = 0, std::uint32_t flags = 0)
    {
        check(pab_tape_add_trade(get(), time, price, size, sign, flags));
    }
    /** Appends the rows of a file. */
    void read(const std::string &path, const pab_read_options &options = read_options())
    {
        check(pab_tape_read(get(), path.c_str(), &options));
    }
    void clear() noexcept { pab_tape_clear(get()); }

    pab_tape_info describe() const
    {
        return detail::filled<pab_tape_info>([&](pab_tape_info *out) { return pab_tape_describe(get(), out); });
    }
    /** What was read: a line for each file, and one that begins with "warning: " for each thing that looks wrong. */
    std::string report() const
    {
        return detail::text_of([&](char *buf, std::size_t cap, std::size_t *needed) {
            return pab_tape_report(get(), buf, cap, needed);
        });
    }

    void set_window(std::int64_t from, std::int64_t to) { check(pab_tape_set_window(get(), from, to)); }
    void set_tick(double tick) { check(pab_tape_set_tick(get(), tick)); } /**< currency units; 0: from the quotes */

    /** Mids at `from`, `from + step`, ... of the window, in currency units; NaN before the first. */
    std::vector<double> mids(std::int64_t step) const
    {
        std::uint64_t count = 0;
        check(pab_tape_mids(get(), step, nullptr, 0, &count));
        std::vector<double> all(static_cast<std::size_t>(count));
        check(pab_tape_mids(get(), step, all.data(), count, nullptr));
        return all;
    }
    /** Facts over the window. */
    leg_facts facts() const
    {
        leg_facts all;
        check(pab_facts_leg(get(), all.data(), detail::count32(all.size())));
        return all;
    }

    pab_tape *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_tape, pab_tape_free> handle_;
};

/** Facts of two legs together, over the window that both share. */
inline pair_facts facts_of_pair(const tape &a, const tape &b)
{
    pair_facts all;
    check(pab_facts_pair(a.get(), b.get(), all.data(), detail::count32(all.size())));
    return all;
}

/**
 * Runs a market until `until` (ns) and appends what happens to symbol i to tapes[i] (null: not recorded); tick[i] is
 * its tick in currency units. Takes the place of the market's observers.
 */
inline void record(market &m, span<tape *const> tapes, span<const double> tick, std::int64_t until)
{
    if (tapes.size() != tick.size())
        throw error(PAB_E_ARGUMENT, "record: " + std::to_string(tapes.size()) + " tapes, but " +
                                        std::to_string(tick.size()) + " ticks");
    std::vector<pab_tape *> handles;
    for (const tape *one : tapes)
        handles.push_back(one ? one->get() : nullptr);
    detail::settle(
        pab_tape_record(m.get(), handles.data(), tick.data(), detail::count32(handles.size()), until));
}

/** Facts that judge a market: leg A's, leg B's from PAB_REALISM_LEG_COUNT on, then those of the pair. */
using realism_facts = std::array<double, PAB_REALISM_COUNT>;

/** Names, units and meanings of the facts that judge a market: a leg's, then those of the pair. */
inline std::vector<pab_fact_info> realism_names()
{
    return detail::rows<pab_fact_info>(pab_realism_get);
}

/** The time that two tapes share, cut where either has a gap. The tapes must outlive the windows. */
inline std::vector<pab_pair_window> pair_windows(const tape &a, const tape &b)
{
    std::uint32_t count = 0;
    check(pab_pair_windows(a.get(), b.get(), nullptr, 0, &count));
    std::vector<pab_pair_window> all(count);
    check(pab_pair_windows(a.get(), b.get(), all.data(), count, &count));
    return all;
}

/** Measures windows together; what is foreseen is learned on the first `taught` of them, NaN without any. */
inline realism_facts judge(span<const pab_pair_window> windows, std::uint32_t taught = 0)
{
    realism_facts all;
    all.fill(std::numeric_limits<double>::quiet_NaN());
    const std::uint32_t count = detail::count32(windows.size()), room = detail::count32(all.size());
    check(pab_realism_facts(windows.data(), count, all.data(), room));
    if (taught > 0)
        check(pab_realism_foresight(windows.data(), taught, count, all.data(), room));
    return all;
}

/** Hedge ratio of `a` on `b`, as many levels each; `path`, if not empty, receives the Kalman slope after each. */
inline pab_hedge estimate_hedge(span<const double> a, span<const double> b, span<double> path = {})
{
    if (a.size() != b.size() || (!path.empty() && path.size() != a.size()))
        throw error(PAB_E_ARGUMENT, "estimate_hedge: the series differ in length");
    return detail::filled<pab_hedge>([&](pab_hedge *out) {
        return pab_hedge_estimate(a.data(), b.data(), a.size(), out, path.empty() ? nullptr : path.data());
    });
}

/** Default budget, on the caller's thread. */
inline pab_fit_options fit_options()
{
    return detail::defaults(pab_fit_options_init);
}

/** Looks at two tapes before they are fitted; throws where nothing can be fitted, and returns warnings, a line each. */
inline std::string check_tapes(const tape &a, const tape &b)
{
    return detail::text_of([&](char *buf, std::size_t cap, std::size_t *needed) {
        return pab_stage0_check(a.get(), b.get(), buf, cap, needed);
    });
}

/**
 * Fits a pair scenario (preset `pair`) to two tapes. `progress`, instead of the hook of `options`, receives the
 * share done and returns false to stop: `error` with PAB_E_CANCELLED.
 */
inline pab_fit_report fit(config &cfg, const tape &a, const tape &b, pab_fit_options options = fit_options(),
                          std::function<bool(double done)> progress = nullptr)
{
    if (progress) {
        options.user = &progress;
        options.progress = [](void *user, double done) -> std::int32_t {
            bool go_on = false;
            detail::guarded([&] { go_on = (*static_cast<std::function<bool(double)> *>(user))(done); });
            return go_on ? 0 : 1;
        };
    }
    return detail::filled<pab_fit_report>([&](pab_fit_report *out) {
        return pab_stage0_fit(cfg.get(), a.get(), b.get(), &options, out);
    });
}

} // namespace pab

#endif
