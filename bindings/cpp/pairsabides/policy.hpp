/**
 * @file policy.hpp
 * @brief Policies by name, and policies as classes.
 *
 * A policy class is, like an agent class, the policy's private state: trivially copyable, all bytes zero when an
 * episode begins. It has
 *
 *     pab_decision act(pab::env_view env);                   // required
 *     void reset(pab::env_view env);                         // these as needed
 *     std::string explain(pab::env_view env) const;
 */
#ifndef PAIRSABIDES_POLICY_HPP
#define PAIRSABIDES_POLICY_HPP

#include <pairsabides/env.hpp>

#include <cstring>

namespace pab {

namespace detail {

template <class State, class = void> struct has_reset : std::false_type {};
template <class State> struct has_reset<State, std::void_t<decltype(&State::reset)>> : std::true_type {};
template <class State, class = void> struct has_explain : std::false_type {};
template <class State> struct has_explain<State, std::void_t<decltype(&State::explain)>> : std::true_type {};

} // namespace detail

/** Names of the built-in policies. */
inline std::vector<std::string> policies()
{
    std::vector<std::string> names;
    while (const char *name = pab_policy_builtin(static_cast<std::uint32_t>(names.size())))
        names.emplace_back(name);
    return names;
}

/** Options of the built-in policies. */
inline std::vector<pab_policy_option> policy_options()
{
    return detail::rows<pab_policy_option>(pab_policy_option_get);
}

/** A policy. What its callbacks throw comes out of reset, act and explain. */
class policy {
public:
    /** A built-in one: "lae", "sce:pair", "ac_pair(mu=10)"; see pab_policy_parse. */
    explicit policy(const std::string &spec, const pab_host *host = nullptr)
    {
        pab_policy *made = nullptr;
        check(pab_policy_parse(host, spec.c_str(), &made));
        handle_.reset(made);
    }
    /** Takes over a policy made by C. */
    explicit policy(pab_policy *owned) noexcept : handle_(owned) {}

    /** A policy of a class of one's own. */
    template <class State> static policy of(const char *name, const pab_host *host = nullptr);

    void reset(const env_view &env) { detail::settle(pab_policy_reset(get(), env.view())); }
    pab_decision act(const env_view &env)
    {
        pab_decision decision{};
        detail::settle(pab_policy_act(get(), env.view(), &decision));
        return decision;
    }
    std::string explain(const env_view &env) const
    {
        char text[1024] = "";
        detail::settle(pab_policy_explain(get(), env.view(), text, sizeof text));
        return text;
    }
    policy clone() const
    {
        pab_policy *made = nullptr;
        check(pab_policy_clone(get(), &made));
        return policy(made);
    }
    /** Private state of another policy of the same kind. */
    void copy_from(const policy &src) { check(pab_policy_copy(get(), src.get())); }
    const char *name() const noexcept { return pab_policy_name(get()); } /**< lent */

    pab_policy *get() const noexcept { return handle_.get(); }

private:
    detail::owned<pab_policy, pab_policy_free> handle_;
};

template <class State> policy policy::of(const char *name, const pab_host *host)
{
    static_assert(std::is_trivially_copyable_v<State>, "a policy's state is copied as bytes");
    static_assert(std::is_trivially_default_constructible_v<State>, "a policy's state starts as zero bytes");
    pab_policy_type type;
    check(pab_policy_type_init(&type, sizeof type));
    type.name = name;
    type.state_size = static_cast<std::uint32_t>(sizeof(State));
    /* A status only tells the library to stop; the exception itself waits for settle. */
    type.act = [](void *, void *state, const pab_env *env, pab_decision *out) -> pab_status {
        detail::guarded([&] { *out = static_cast<State *>(state)->act(env_view(env)); });
        return detail::pending() ? PAB_E_CANCELLED : PAB_OK;
    };
    if constexpr (detail::has_reset<State>::value)
        type.reset = [](void *, void *state, const pab_env *env) {
            detail::guarded([&] {
                *static_cast<State *>(state) = State{};
                static_cast<State *>(state)->reset(env_view(env));
            });
        };
    if constexpr (detail::has_explain<State>::value)
        type.explain = [](void *, const void *state, const pab_env *env, char *buf, std::size_t cap) -> pab_status {
            detail::guarded([&] {
                const std::string text = static_cast<const State *>(state)->explain(env_view(env));
                const std::size_t kept = cap == 0 ? 0 : text.size() < cap - 1 ? text.size() : cap - 1;
                std::memcpy(buf, text.data(), kept);
                if (cap > 0)
                    buf[kept] = '\0';
            });
            return detail::pending() ? PAB_E_CANCELLED : PAB_OK;
        };
    pab_policy *made = nullptr;
    check(pab_policy_new(host, &type, &made));
    return policy(made);
}

} // namespace pab

#endif
