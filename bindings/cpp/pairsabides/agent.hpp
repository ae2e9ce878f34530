/**
 * @file agent.hpp
 * @brief Agents as classes.
 *
 * An agent type is a class whose objects are the agents' states. The market keeps them in its flat memory, all bytes
 * zero at the start, and copies them as bytes; so the class must be trivially copyable and have no initialisers. It has
 *
 *     void on_wakeup(pab::agent self, bool can_trade);                                  // required
 *     void on_message(pab::agent self, const pab_message &msg, std::int32_t sender);    // these as needed
 *     void on_build(pab::agent self);   void on_start(pab::agent self);   void on_stop(pab::agent self);
 *     std::int64_t first_wakeup(pab::agent self);
 *     struct params {...};   static constexpr pab_param keys[] = {...};                 // keys in YAML
 *
 * What a callback throws stops the market at that event and comes out of market::run. In a vecenv with threads there is
 * no call it could come out of on its own thread: callbacks used there must not throw.
 */
#ifndef PAIRSABIDES_AGENT_HPP
#define PAIRSABIDES_AGENT_HPP

#include <pairsabides/core.hpp>

namespace pab {

/** An agent during one of its callbacks. Members are the functions of agent.h, without the prefix. */
class agent {
public:
    explicit agent(pab_agent *self) noexcept : self_(self) {}

    std::int32_t id() const noexcept { return pab_agent_id(self_); }
    std::int32_t symbol() const noexcept { return pab_agent_symbol(self_); }
    std::int64_t now() const noexcept { return pab_agent_now(self_); }
    std::int64_t market_open() const noexcept { return pab_agent_market_open(self_); }
    std::int64_t market_close() const noexcept { return pab_agent_market_close(self_); }
    bool hours_known() const noexcept { return pab_agent_hours_known(self_) != 0; }
    bool market_closed() const noexcept { return pab_agent_market_closed(self_) != 0; }
    bool close_known() const noexcept { return pab_agent_close_known(self_) != 0; }
    std::int32_t symbol_count() const noexcept { return pab_agent_symbol_count(self_); }
    /** The group's parameters, filled in from YAML. */
    template <class Params> const Params &params() const noexcept
    {
        return *static_cast<const Params *>(pab_agent_params(self_));
    }
    /** What add_agent_type was given. */
    template <class User> User &user() const noexcept { return *static_cast<User *>(pab_agent_user(self_)); }

    std::int64_t cash() const noexcept { return pab_agent_cash(self_); }
    std::int64_t holding(std::int32_t s) const noexcept { return pab_agent_holding(self_, s); }
    std::int64_t last_trade(std::int32_t s) const noexcept { return pab_agent_last_trade(self_, s); }
    std::int64_t bid(std::int32_t s) const noexcept { return pab_agent_bid(self_, s); }
    std::int64_t ask(std::int32_t s) const noexcept { return pab_agent_ask(self_, s); }
    std::int64_t bid_quantity(std::int32_t s) const noexcept { return pab_agent_bid_quantity(self_, s); }
    std::int64_t ask_quantity(std::int32_t s) const noexcept { return pab_agent_ask_quantity(self_, s); }
    std::uint32_t open_count() const noexcept { return pab_agent_open_count(self_); }
    /** The filled part of `out`. */
    span<pab_open_order> open_orders(span<pab_open_order> out) const
    {
        return out.first(pab_agent_open_orders(self_, out.data(), detail::count32(out.size())));
    }
    /** Levels of a market-data message, best first: the filled part of `out`. */
    span<pab_level> levels(const pab_message &msg, std::int32_t side, span<pab_level> out) const
    {
        return out.first(pab_agent_levels(self_, &msg, side, out.data(), detail::count32(out.size())));
    }

    void wakeup_at(std::int64_t time) noexcept { pab_agent_wakeup_at(self_, time); }
    void query_spread(std::int32_t s, std::int32_t depth = 1) noexcept { pab_agent_query_spread(self_, s, depth); }
    void query_volume(std::int32_t s, std::int64_t lookback) noexcept { pab_agent_query_volume(self_, s, lookback); }
    void query_last_trade(std::int32_t s) noexcept { pab_agent_query_last_trade(self_, s); }
    void subscribe(std::int32_t type, std::int32_t s, const pab_message_subscription &sub) noexcept
    {
        pab_agent_subscribe(self_, type, s, &sub);
    }
    std::int64_t limit_order(std::int32_t s, std::int32_t side, std::int64_t quantity, std::int64_t price,
                             std::uint32_t flags = 0) noexcept
    {
        return pab_agent_limit_order(self_, s, side, quantity, price, flags);
    }
    std::int64_t market_order(std::int32_t s, std::int32_t side, std::int64_t quantity) noexcept
    {
        return pab_agent_market_order(self_, s, side, quantity);
    }
    void batch_begin() noexcept { pab_agent_batch_begin(self_); }
    void batch_end() noexcept { pab_agent_batch_end(self_); }
    void cancel(std::int64_t order) { check(pab_agent_cancel(self_, order)); }
    void cancel_all() noexcept { pab_agent_cancel_all(self_); }
    void partial_cancel(std::int64_t order, std::int64_t quantity)
    {
        check(pab_agent_partial_cancel(self_, order, quantity));
    }
    void modify(std::int64_t order, std::int64_t quantity, std::int64_t price)
    {
        check(pab_agent_modify(self_, order, quantity, price));
    }
    std::int64_t replace(std::int64_t order, std::int64_t quantity, std::int64_t price)
    {
        std::int64_t fresh = 0;
        check(pab_agent_replace(self_, order, quantity, price, &fresh));
        return fresh;
    }
    void send(std::int32_t recipient, const pab_message_user &payload)
    {
        check(pab_agent_send(self_, recipient, &payload));
    }
    void add_delay(std::int64_t ns) noexcept { pab_agent_add_delay(self_, ns); }
    void set_computation_delay(std::int64_t ns) noexcept { pab_agent_set_computation_delay(self_, ns); }
    void pause() noexcept { pab_agent_pause(self_); }

    double uniform(double low, double high) noexcept { return pab_agent_uniform(self_, low, high); }
    std::int64_t randint(std::int64_t low, std::int64_t high) noexcept { return pab_agent_randint(self_, low, high); }
    double normal(double mean, double sd) noexcept { return pab_agent_normal(self_, mean, sd); }
    double exponential(double mean) noexcept { return pab_agent_exponential(self_, mean); }
    std::int64_t order_size() noexcept { return pab_agent_order_size(self_); }
    double shared_uniform() noexcept { return pab_agent_shared_uniform(self_); }
    std::int64_t observe(std::int32_t s, double variance) noexcept { return pab_agent_observe(self_, s, variance); }

    pab_agent *get() const noexcept { return self_; }

private:
    pab_agent *self_;
};

namespace detail {

template <class State, class = void> struct has_on_build : std::false_type {};
template <class State>
struct has_on_build<State, std::void_t<decltype(&State::on_build)>> : std::true_type {};
template <class State, class = void> struct has_on_start : std::false_type {};
template <class State>
struct has_on_start<State, std::void_t<decltype(&State::on_start)>> : std::true_type {};
template <class State, class = void> struct has_first_wakeup : std::false_type {};
template <class State>
struct has_first_wakeup<State, std::void_t<decltype(&State::first_wakeup)>> : std::true_type {};
template <class State, class = void> struct has_on_message : std::false_type {};
template <class State>
struct has_on_message<State, std::void_t<decltype(&State::on_message)>> : std::true_type {};
template <class State, class = void> struct has_on_stop : std::false_type {};
template <class State> struct has_on_stop<State, std::void_t<decltype(&State::on_stop)>> : std::true_type {};
template <class State, class = void> struct has_params : std::false_type {};
template <class State> struct has_params<State, std::void_t<typename State::params>> : std::true_type {};

/** Calls a member of the state; a state without members has no memory in the market. */
template <class State, class Call> void with_state(pab_agent *self, void *state, Call &&call) noexcept
{
    if constexpr (std::is_empty_v<State>) {
        State none{};
        guarded([&] { call(none, agent(self)); });
    } else {
        guarded([&] { call(*static_cast<State *>(state), agent(self)); });
    }
    if (pending())
        pab_agent_pause(self);
}

} // namespace detail

/** The record by which the library knows the class `State`. `name` and `label` are kept as pointers. */
template <class State>
pab_agent_type describe_agent_type(const char *name, const char *label, void *user = nullptr)
{
    static_assert(std::is_trivially_copyable_v<State>, "an agent's state is copied as bytes");
    static_assert(std::is_trivially_default_constructible_v<State>, "an agent's state starts as zero bytes");
    static_assert(alignof(State) <= 8, "an agent's state is aligned to 8 bytes");
    pab_agent_type type;
    check(pab_agent_type_init(&type, sizeof type));
    type.name = name;
    type.label = label;
    type.user = user;
    if constexpr (!std::is_empty_v<State>)
        type.state_size = static_cast<std::uint32_t>(sizeof(State));
    if constexpr (detail::has_params<State>::value) {
        static_assert(std::is_trivially_copyable_v<typename State::params>, "parameters are written as bytes");
        type.params = State::keys;
        type.params_count = static_cast<std::uint32_t>(std::size(State::keys));
        type.params_size = static_cast<std::uint32_t>(sizeof(typename State::params));
    }
    type.on_wakeup = [](pab_agent *self, void *state, std::int32_t can_trade) {
        detail::with_state<State>(self, state, [&](State &s, agent a) { s.on_wakeup(a, can_trade != 0); });
    };
    if constexpr (detail::has_on_build<State>::value)
        type.on_build = [](pab_agent *self, void *state) {
            detail::with_state<State>(self, state, [](State &s, agent a) { s.on_build(a); });
        };
    if constexpr (detail::has_on_start<State>::value)
        type.on_start = [](pab_agent *self, void *state) {
            detail::with_state<State>(self, state, [](State &s, agent a) { s.on_start(a); });
        };
    if constexpr (detail::has_first_wakeup<State>::value)
        type.first_wakeup = [](pab_agent *self, void *state) {
            std::int64_t offset = 0;
            detail::with_state<State>(self, state, [&](State &s, agent a) { offset = s.first_wakeup(a); });
            return offset;
        };
    if constexpr (detail::has_on_message<State>::value)
        type.on_message = [](pab_agent *self, void *state, const pab_message *msg, std::int32_t sender) {
            detail::with_state<State>(self, state, [&](State &s, agent a) { s.on_message(a, *msg, sender); });
        };
    if constexpr (detail::has_on_stop<State>::value)
        type.on_stop = [](pab_agent *self, void *state) {
            detail::with_state<State>(self, state, [](State &s, agent a) { s.on_stop(a); });
        };
    return type;
}

} // namespace pab

#endif
