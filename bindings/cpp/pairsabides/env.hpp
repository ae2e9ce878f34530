/**
 * @file env.hpp
 * @brief The pair environment, and many of them at once.
 */
#ifndef PAIRSABIDES_ENV_HPP
#define PAIRSABIDES_ENV_HPP

#include <pairsabides/market.hpp>

#include <array>

namespace pab {

using actions = std::array<std::int32_t, PAB_ENV_LEGS>;
using observation = std::array<float, PAB_ENV_OBSERVATIONS>;
using action_mask = std::array<std::uint8_t, PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS>;

/** What the numbers of an observation are. */
inline std::vector<pab_feature_info> features()
{
    return detail::rows<pab_feature_info>(pab_feature_get);
}

/** Defaults of the scenario. */
inline pab_reset_options reset_options()
{
    pab_reset_options options;
    check(pab_reset_options_init(&options, sizeof options));
    return options;
}

/** An environment for reading: what a policy is shown. */
class env_view {
public:
    explicit env_view(const pab_env *env) noexcept : view_(env) {}

    void observe(span<float> obs) const { check(pab_env_observe(view_, obs.data(), detail::count32(obs.size()))); }
    observation observe() const
    {
        observation obs;
        observe(obs);
        return obs;
    }
    /** [17 * leg + action] is 1 where legal now. */
    action_mask legal() const
    {
        action_mask mask;
        check(pab_env_legal(view_, mask.data()));
        return mask;
    }
    pab_env_status describe() const
    {
        auto status = sized<pab_env_status>();
        check(pab_env_describe(view_, &status));
        return status;
    }
    std::vector<pab_fill> fills() const
    {
        std::vector<pab_fill> all(pab_env_fills(view_, nullptr, 0));
        pab_env_fills(view_, all.data(), detail::count32(all.size()));
        return all;
    }
    pab_episode_metrics metrics() const
    {
        auto m = sized<pab_episode_metrics>();
        check(pab_env_metrics(view_, &m));
        return m;
    }
    std::uint64_t hash() const
    {
        std::uint64_t h = 0;
        check(pab_env_hash(view_, &h));
        return h;
    }
    std::vector<unsigned char> save() const
    {
        std::size_t needed = 0;
        const pab_status status = pab_env_save(view_, nullptr, 0, &needed);
        if (status != PAB_OK && status != PAB_E_CAPACITY)
            raise(status);
        std::vector<unsigned char> bytes(needed);
        check(pab_env_save(view_, bytes.data(), bytes.size(), &needed));
        return bytes;
    }
    /** The market below, lent. */
    market_view market() const noexcept { return market_view(pab_env_market(view_)); }
    /** Its scenario, lent. */
    scenario_view scenario() const noexcept { return scenario_view(pab_env_scenario(view_)); }

    const pab_env *view() const noexcept { return view_; }

protected:
    const pab_env *view_;
};

/** What a step led to. */
struct outcome : pab_step_result {
    outcome() noexcept : pab_step_result(sized<pab_step_result>()) {}
    bool terminated() const noexcept { return (flags & PAB_STEP_TERMINATED) != 0; }
    bool truncated() const noexcept { return (flags & PAB_STEP_TRUNCATED) != 0; }
    bool done() const noexcept { return terminated() || truncated(); }
};

/** An environment that may be stepped: one's own, or one of a vecenv. */
class env_ref : public env_view {
public:
    explicit env_ref(pab_env *env) noexcept : env_view(env) {}

    /** `obs` is empty or holds PAB_ENV_OBSERVATIONS. */
    void reset(std::uint64_t seed, span<float> obs = {}, const pab_reset_options *options = nullptr)
    {
        detail::settle(pab_env_reset(get(), seed, options, obs.data(), detail::count32(obs.size())));
    }
    outcome step(const actions &action, span<float> obs = {})
    {
        outcome result;
        detail::settle(pab_env_step(get(), action.data(), obs.data(), detail::count32(obs.size()), &result));
        return result;
    }
    /** As step, with exact quantities: what a policy decides. */
    outcome step_exact(const pab_decision &decision, span<float> obs = {})
    {
        outcome result;
        detail::settle(pab_env_step_exact(get(), &decision, obs.data(), detail::count32(obs.size()), &result));
        return result;
    }
    /** Becomes equal to `src`, an environment of the same scenario. */
    void copy_from(const env_view &src) { check(pab_env_copy(get(), src.view())); }
    void reseed(std::uint64_t fork) { check(pab_env_reseed(get(), fork)); }
    void restore(span<const unsigned char> bytes) { check(pab_env_restore(get(), bytes.data(), bytes.size())); }

    pab_env *get() const noexcept { return const_cast<pab_env *>(view_); } // given as a pab_env *
};

/** A pair environment of one's own. */
class env : public env_ref {
public:
    explicit env(const scenario_view &scn) : env_ref(nullptr)
    {
        pab_env *made = nullptr;
        check(pab_env_new(scn.get(), &made));
        handle_.reset(made);
        view_ = made;
    }
    env(env &&other) noexcept : env_ref(other.get()), handle_(std::move(other.handle_)) { other.view_ = nullptr; }
    env &operator=(env &&other) noexcept
    {
        handle_ = std::move(other.handle_);
        view_ = std::exchange(other.view_, nullptr);
        return *this;
    }

private:
    detail::owned<pab_env, pab_env_free> handle_;
};

/** One environment, no threads. */
inline pab_vecenv_options vecenv_options(std::uint32_t count = 1, std::uint32_t threads = 0)
{
    pab_vecenv_options options;
    check(pab_vecenv_options_init(&options, sizeof options));
    options.count = count;
    options.threads = threads;
    return options;
}

/** Many environments stepped by one call, into buffers of the caller. */
class vecenv {
public:
    vecenv(const scenario_view &scn, const pab_vecenv_options &options) : count_(options.count)
    {
        pab_vecenv *made = nullptr;
        check(pab_vecenv_new(scn.get(), &options, &made));
        handle_.reset(made);
    }

    std::uint32_t size() const noexcept { return count_; }
    /** Buffers (start from sized<pab_vecenv_buffers>()) stay the caller's and must stay valid. */
    void bind(const pab_vecenv_buffers &buffers) { check(pab_vecenv_bind(get(), &buffers)); }
    /** One seed per environment. */
    void reset(span<const std::uint64_t> seeds)
    {
        expect(seeds.size(), "seeds");
        detail::settle(pab_vecenv_reset(get(), seeds.data()));
    }
    void reset_some(span<const std::uint8_t> mask, span<const std::uint64_t> seeds)
    {
        expect(mask.size(), "mask");
        expect(seeds.size(), "seeds");
        detail::settle(pab_vecenv_reset_some(get(), mask.data(), seeds.data()));
    }
    void step() { detail::settle(pab_vecenv_step(get())); }
    /** Continues an environment that was restored or copied into. */
    void resume(std::uint32_t index) { check(pab_vecenv_resume(get(), index)); }
    /** One of them, lent between calls. */
    env_ref operator[](std::uint32_t index) const
    {
        pab_env *one = pab_vecenv_env(get(), index);
        if (!one)
            raise_range(index);
        return env_ref(one);
    }

    pab_vecenv *get() const noexcept { return handle_.get(); }

private:
    void expect(std::size_t size, const char *what) const
    {
        if (size != count_)
            throw error(PAB_E_ARGUMENT, std::string(what) + ": " + std::to_string(size) + " elements, expected " +
                                            std::to_string(count_));
    }
    [[noreturn]] void raise_range(std::uint32_t index) const
    {
        throw error(PAB_E_RANGE, "there is no environment " + std::to_string(index) + ", there are " +
                                     std::to_string(count_));
    }

    std::uint32_t count_;
    detail::owned<pab_vecenv, pab_vecenv_free> handle_;
};

} // namespace pab

#endif
