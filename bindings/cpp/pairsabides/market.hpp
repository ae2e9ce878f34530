/**
 * @file market.hpp
 * @brief Running markets, and views of them for reading.
 */
#ifndef PAIRSABIDES_MARKET_HPP
#define PAIRSABIDES_MARKET_HPP

#include <pairsabides/book.hpp>
#include <pairsabides/config.hpp>

namespace pab {

/** Why market::run returned. */
enum class stop : std::int32_t { time = PAB_RUN_TIME, paused = PAB_RUN_PAUSED, ended = PAB_RUN_ENDED };

/** A market for reading: one's own, or one that an environment lends. As cheap as a pointer. */
class market_view {
public:
    explicit market_view(const pab_market *m) noexcept : view_(m) {}

    pab_market_counters count() const
    {
        auto counters = sized<pab_market_counters>();
        check(pab_market_count(view_, &counters));
        return counters;
    }
    quote l1(std::uint32_t symbol) const
    {
        quote q;
        check(pab_market_l1(view_, symbol, &q.bid, &q.ask));
        return q;
    }
    /** First levels of a side, as many as `out` holds: its filled part. */
    span<pab_level> l2(std::uint32_t symbol, std::int32_t side, span<pab_level> out) const
    {
        const std::uint32_t cap = detail::count32(out.size());
        return out.first(pab_market_l2(view_, symbol, side, cap, out.data(), cap));
    }
    /** All resting orders of a side. */
    std::vector<pab_resting_order> l3(std::uint32_t symbol, std::int32_t side) const
    {
        std::vector<pab_resting_order> orders(pab_market_l3(view_, symbol, side, nullptr, 0));
        pab_market_l3(view_, symbol, side, orders.data(), detail::count32(orders.size()));
        return orders;
    }
    pab_symbol_info symbol(std::uint32_t index) const
    {
        auto info = sized<pab_symbol_info>();
        check(pab_market_symbol(view_, index, &info));
        return info;
    }
    pab_agent_info agent(std::int32_t id) const
    {
        auto info = sized<pab_agent_info>();
        check(pab_market_agent(view_, id, &info));
        return info;
    }
    /** An agent's own state, lent until the market changes; null for exchanges and stateless types. */
    template <class State> const State *agent_state(std::int32_t id) const noexcept
    {
        return static_cast<const State *>(pab_market_agent_state(view_, id));
    }
    std::int64_t holding(std::int32_t id, std::uint32_t symbol) const noexcept
    {
        return pab_market_holding(view_, id, symbol);
    }
    /** @name The states of the generators (replay.h; experimental)
     * @{ */
    std::uint32_t replay_word(std::int32_t generator) const noexcept { return pab_replay_word(view_, generator); }
    std::uint32_t replay_oracle_word(std::uint32_t symbol) const noexcept
    {
        return pab_replay_oracle_word(view_, symbol);
    }
    std::uint32_t replay_agent_word(std::int32_t id) const noexcept { return pab_replay_agent_word(view_, id); }
    bool replay_agent_gauss(std::int32_t id) const noexcept { return pab_replay_agent_gauss(view_, id) != 0; }
    std::int64_t replay_agent_wakeup(std::int32_t id) const noexcept { return pab_replay_agent_wakeup(view_, id); }
    /** @} */
    std::size_t memory() const noexcept { return pab_market_memory(view_); }

    /** Equal states have equal hashes. */
    std::uint64_t hash() const
    {
        std::uint64_t h = 0;
        check(pab_market_hash(view_, &h));
        return h;
    }
    std::vector<unsigned char> save() const
    {
        std::vector<unsigned char> bytes;
        save(bytes);
        return bytes;
    }
    /** Into a vector whose memory is used again. */
    void save(std::vector<unsigned char> &bytes) const
    {
        std::size_t needed = 0;
        pab_status status = pab_market_save(view_, bytes.data(), bytes.size(), &needed);
        if (status == PAB_E_CAPACITY) {
            bytes.resize(needed);
            status = pab_market_save(view_, bytes.data(), bytes.size(), &needed);
        }
        check(status);
        bytes.resize(needed);
    }
    void save_file(const std::string &path) const { check(pab_market_save_file(view_, path.c_str())); }

    const pab_market *view() const noexcept { return view_; }

protected:
    const pab_market *view_;
};

/** A market. What agents and observers throw comes out of reset, run, step and finish. */
class market : public market_view {
public:
    explicit market(const scenario_view &scn) : market_view(nullptr)
    {
        pab_market *made = nullptr;
        check(pab_market_new(scn.get(), &made));
        handle_.reset(made);
        view_ = made;
    }
    market(market &&other) noexcept
        : market_view(std::exchange(other.view_, nullptr)), taps_(std::move(other.taps_)),
          handle_(std::move(other.handle_))
    {
    }
    market &operator=(market &&other) noexcept
    {
        handle_ = std::move(other.handle_);
        taps_ = std::move(other.taps_);
        view_ = std::exchange(other.view_, nullptr);
        return *this;
    }

    void reset(std::uint64_t seed) { detail::settle(pab_market_reset(get(), seed)); }
    /** Delivers everything due up to and including `until`, ns. */
    stop run(std::int64_t until)
    {
        std::int32_t why = PAB_RUN_TIME;
        detail::settle(pab_market_run(get(), until, &why));
        return static_cast<stop>(why);
    }
    /** Delivers one entry. */
    stop step()
    {
        std::int32_t why = PAB_RUN_TIME;
        detail::settle(pab_market_step(get(), &why));
        return static_cast<stop>(why);
    }
    void finish() { detail::settle(pab_market_finish(get())); }

    void restore(span<const unsigned char> bytes) { check(pab_market_restore(get(), bytes.data(), bytes.size())); }
    void load_file(const std::string &path) { check(pab_market_load_file(get(), path.c_str())); }
    /** Becomes equal to `src`, a market of the same scenario. Observers stay. */
    void copy_from(const market_view &src) { check(pab_market_copy(get(), src.view())); }
    void reseed(std::uint64_t fork) { check(pab_market_reseed(get(), fork)); }

    /** @name Observers, see pab_tap. Each replaces the last of its kind; they follow the market when it is moved.
     * @{ */
    void on_delivery(std::function<void(const pab_delivery &)> f) { set(taps().delivery, std::move(f)); }
    void on_row(std::function<void(std::int64_t time, std::uint32_t symbol, const pab_book_row &)> f)
    {
        set(taps().row, std::move(f));
    }
    void on_l1(std::function<void(std::int64_t time, std::uint32_t symbol, const quote &)> f)
    {
        set(taps().l1, std::move(f));
    }
    void on_fundamental(
        std::function<void(std::uint32_t symbol, std::int64_t time, std::int64_t value, bool stopping)> f)
    {
        set(taps().fundamental, std::move(f));
    }
    void on_megashock(std::function<void(std::uint32_t symbol, std::int64_t time, double value)> f)
    {
        set(taps().megashock, std::move(f));
    }
    void clear_taps()
    {
        check(pab_market_set_tap(get(), nullptr));
        taps_.reset();
    }
    /** @} */

    pab_market *get() const noexcept { return handle_.get(); }

private:
    struct observers {
        std::function<void(const pab_delivery &)> delivery;
        std::function<void(std::int64_t, std::uint32_t, const pab_book_row &)> row;
        std::function<void(std::int64_t, std::uint32_t, const quote &)> l1;
        std::function<void(std::uint32_t, std::int64_t, std::int64_t, bool)> fundamental;
        std::function<void(std::uint32_t, std::int64_t, double)> megashock;
    };

    observers &taps()
    {
        if (!taps_)
            taps_ = std::make_unique<observers>();
        return *taps_;
    }

    template <class Function> void set(Function &slot, Function f)
    {
        slot = std::move(f);
        attach();
    }

    /* The library is given only what is observed. */
    void attach()
    {
        auto tap = sized<pab_tap>();
        tap.user = taps_.get();
        if (taps_->delivery)
            tap.delivery = [](void *user, const pab_delivery *d) {
                detail::guarded([&] { static_cast<observers *>(user)->delivery(*d); });
            };
        if (taps_->row)
            tap.row = [](void *user, std::int64_t time, std::uint32_t symbol, const pab_book_row *row) {
                detail::guarded([&] { static_cast<observers *>(user)->row(time, symbol, *row); });
            };
        if (taps_->l1)
            tap.l1 = [](void *user, std::int64_t time, std::uint32_t symbol, const pab_level *bid,
                        const pab_level *ask) {
                detail::guarded([&] { static_cast<observers *>(user)->l1(time, symbol, quote{*bid, *ask}); });
            };
        if (taps_->fundamental)
            tap.fundamental = [](void *user, std::uint32_t symbol, std::int64_t time, std::int64_t value,
                                 std::int32_t stopping) {
                detail::guarded(
                    [&] { static_cast<observers *>(user)->fundamental(symbol, time, value, stopping != 0); });
            };
        if (taps_->megashock)
            tap.megashock = [](void *user, std::uint32_t symbol, std::int64_t time, double value) {
                detail::guarded([&] { static_cast<observers *>(user)->megashock(symbol, time, value); });
            };
        check(pab_market_set_tap(get(), &tap));
    }

    std::unique_ptr<observers> taps_;
    detail::owned<pab_market, pab_market_free> handle_; // freed before what it observes into
};

} // namespace pab

#endif
