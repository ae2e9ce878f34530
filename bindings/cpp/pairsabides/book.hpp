/**
 * @file book.hpp
 * @brief One order book on its own.
 */
#ifndef PAIRSABIDES_BOOK_HPP
#define PAIRSABIDES_BOOK_HPP

#include <pairsabides/core.hpp>

#include <functional>
#include <vector>

namespace pab {

/** Best visible quote; a missing side is 0. */
struct quote {
    pab_level bid, ask;
};

/** An order book. What its observers throw comes out of the operation that called them. */
class book {
public:
    using event_observer = std::function<void(const pab_book_event &)>;
    using row_observer = std::function<void(const pab_book_row &)>;

    /** Observers may be empty. */
    explicit book(std::uint32_t quirks = PAB_QUIRKS_NONE, event_observer on_event = {}, row_observer on_row = {},
                  const pab_host *host = nullptr)
        : observers_(new observers{std::move(on_event), std::move(on_row)})
    {
        auto sink = sized<pab_book_sink>();
        sink.user = observers_.get();
        if (observers_->event)
            sink.event = [](void *user, const pab_book_event *event) {
                detail::guarded([&] { static_cast<observers *>(user)->event(*event); });
            };
        if (observers_->row)
            sink.row = [](void *user, const pab_book_row *row) {
                detail::guarded([&] { static_cast<observers *>(user)->row(*row); });
            };
        pab_book *made = nullptr;
        check(pab_book_new(host, quirks, &sink, &made));
        handle_.reset(made);
    }

    void limit(std::int64_t now, const pab_order &order) { detail::settle(pab_book_limit(get(), now, &order)); }
    void market(std::int64_t now, const pab_order &order) { detail::settle(pab_book_market(get(), now, &order)); }
    void cancel(std::int64_t now, const pab_order &order) { detail::settle(pab_book_cancel(get(), now, &order)); }
    void partial_cancel(std::int64_t now, const pab_order &order, std::int64_t quantity)
    {
        detail::settle(pab_book_partial_cancel(get(), now, &order, quantity));
    }
    void modify(std::int64_t now, const pab_order &order, const pab_order &changed)
    {
        detail::settle(pab_book_modify(get(), now, &order, &changed));
    }
    void replace(std::int64_t now, std::int32_t requester, const pab_order &order, const pab_order &fresh)
    {
        detail::settle(pab_book_replace(get(), now, requester, &order, &fresh));
    }
    void clear() noexcept { pab_book_clear(get()); }

    quote l1() const
    {
        quote q;
        check(pab_book_l1(get(), &q.bid, &q.ask));
        return q;
    }
    /** First levels of a side, as many as `out` holds: its filled part. */
    span<pab_level> l2(std::int32_t side, span<pab_level> out) const
    {
        const std::uint32_t cap = detail::count32(out.size());
        return out.first(pab_book_l2(get(), side, cap, out.data(), cap));
    }
    /** All resting orders of a side. */
    std::vector<pab_resting_order> l3(std::int32_t side) const
    {
        std::vector<pab_resting_order> orders(pab_book_l3(get(), side, nullptr, 0));
        pab_book_l3(get(), side, orders.data(), detail::count32(orders.size()));
        return orders;
    }
    /** Shares bought and sold by aggressors at or after now - lookback. */
    std::pair<std::int64_t, std::int64_t> volume(std::int64_t now, std::int64_t lookback) const
    {
        std::pair<std::int64_t, std::int64_t> v{};
        check(pab_book_volume(get(), now, lookback, &v.first, &v.second));
        return v;
    }
    /** |imbalance| in [0,1] and the dominant side. */
    std::pair<double, std::int32_t> imbalance() const
    {
        std::pair<double, std::int32_t> v{};
        check(pab_book_imbalance(get(), &v.first, &v.second));
        return v;
    }
    pab_book_summary describe() const
    {
        auto summary = sized<pab_book_summary>();
        check(pab_book_describe(get(), &summary));
        return summary;
    }

    pab_book *get() const noexcept { return handle_.get(); }

private:
    struct observers {
        event_observer event;
        row_observer row;
    };

    std::unique_ptr<observers> observers_;
    detail::owned<pab_book, pab_book_free> handle_;
};

} // namespace pab

#endif
