/**
 * @file validity.hpp
 * @brief Is a simulated market sound?
 */
#ifndef PAIRSABIDES_VALIDITY_HPP
#define PAIRSABIDES_VALIDITY_HPP

#include <pairsabides/market.hpp>

namespace pab {

/** Watches a market, which must outlive it; takes the place of the market's observers. */
class validity {
public:
    explicit validity(market &m)
        : handle_(detail::made<pab_validity>([&](pab_validity **out) { return pab_validity_new(m.get(), out); }))
    {
    }

    pab_validity_report read(std::uint32_t symbol) const
    {
        return detail::filled<pab_validity_report>(
            [&](pab_validity_report *out) { return pab_validity_read(get(), symbol, out); });
    }

    pab_validity *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_validity, pab_validity_free> handle_;
};

/** How many makers of a symbol have withdrawn from a side right now: for labels, never for decisions. */
inline std::int32_t withdrawn(const market_view &m, std::uint32_t symbol, std::int32_t side)
{
    std::int32_t makers = 0;
    check(pab_market_withdrawn(m.view(), symbol, side, &makers));
    return makers;
}

} // namespace pab

#endif
