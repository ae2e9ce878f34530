/**
 * @file config.hpp
 * @brief Configurations and scenarios.
 */
#ifndef PAIRSABIDES_CONFIG_HPP
#define PAIRSABIDES_CONFIG_HPP

#include <pairsabides/agent.hpp>

#include <cstdio>
#include <string_view>
#include <vector>

namespace pab {

/** Names of the built-in presets. */
inline std::vector<std::string> presets()
{
    std::vector<std::string> names;
    while (const char *name = pab_preset_name(static_cast<std::uint32_t>(names.size())))
        names.emplace_back(name);
    return names;
}

/** A scenario being put together. */
class config {
public:
    explicit config(const pab_host *host = nullptr)
    {
        pab_config *made = nullptr;
        check(pab_config_new(host, &made));
        handle_.reset(made);
    }

    static config from_preset(const std::string &name) { return std::move(config().preset(name)); }
    static config from_file(const std::string &path) { return std::move(config().load(path)); }

    config &preset(const std::string &name) { return done(pab_config_preset(get(), name.c_str())); }
    config &load(const std::string &path) { return done(pab_config_load(get(), path.c_str())); }
    config &import_abides(const std::string &path) { return done(pab_config_import_abides(get(), path.c_str())); }

    /** Merges YAML text; `name` stands for the file in errors. */
    config &parse(std::string_view yaml, const std::string &name = "text")
    {
        return done(pab_config_parse(get(), yaml.data(), yaml.size(), name.c_str()));
    }

    config &set(const std::string &key, const std::string &value)
    {
        return done(pab_config_set(get(), key.c_str(), value.c_str()));
    }
    config &set(const std::string &key, const char *value) { return set(key, std::string(value)); }
    config &set(const std::string &key, bool value) { return set(key, value ? "true" : "false"); }
    /** Numbers; reals keep all their digits. */
    template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
    config &set(const std::string &key, Number value)
    {
        if constexpr (std::is_integral_v<Number>) {
            return set(key, std::to_string(value));
        } else {
            char text[32];
            std::snprintf(text, sizeof text, "%.17g", static_cast<double>(value));
            return set(key, std::string(text));
        }
    }

    /** A key's value as text, its default where unset. */
    std::string get(const std::string &key) const
    {
        return detail::text_of([&](char *buf, std::size_t cap, std::size_t *needed) {
            return pab_config_get(get(), key.c_str(), buf, cap, needed);
        });
    }

    /** The whole configuration as YAML. */
    std::string text() const
    {
        return detail::text_of([&](char *buf, std::size_t cap, std::size_t *needed) {
            return pab_config_text(get(), buf, cap, needed);
        });
    }

    void save(const std::string &path) const { check(pab_config_save(get(), path.c_str())); }

    /** Registers a class as an agent type: see agent.hpp. */
    template <class State>
    config &add_agent_type(const char *name, const char *label, void *user = nullptr)
    {
        const pab_agent_type type = describe_agent_type<State>(name, label, user);
        return done(pab_config_add_agent_type(get(), &type));
    }

    pab_config *get() noexcept { return handle_.get(); }
    const pab_config *get() const noexcept { return handle_.get(); }

private:
    config &done(pab_status status)
    {
        check(status);
        return *this;
    }

    detail::owned<pab_config, pab_config_free> handle_;
};

/** All rows of the schema of built-in keys. */
inline std::vector<pab_schema_entry> schema()
{
    return detail::rows<pab_schema_entry>(pab_schema_get);
}

/** A scenario for reading and for making things of: one's own, or one that is lent. As cheap as a pointer. */
class scenario_view {
public:
    explicit scenario_view(pab_scenario *scn) noexcept : view_(scn) {}

    pab_scenario_info describe() const
    {
        auto info = sized<pab_scenario_info>();
        check(pab_scenario_describe(get(), &info));
        return info;
    }

    pab_group_info group(std::uint32_t index) const
    {
        auto info = sized<pab_group_info>();
        check(pab_scenario_group(get(), index, &info));
        return info;
    }

    /** Name of a symbol, lent; null past the last. */
    const char *symbol(std::uint32_t index) const noexcept { return pab_scenario_symbol(get(), index); }

    pab_scenario *get() const noexcept { return view_; }

protected:
    pab_scenario *view_;
};

/** A frozen scenario; any number of markets may be made of it, on any threads. */
class scenario : public scenario_view {
public:
    explicit scenario(const config &cfg) : scenario_view(nullptr)
    {
        check(pab_scenario_new(cfg.get(), &view_));
        handle_.reset(view_);
    }
    scenario(scenario &&other) noexcept
        : scenario_view(std::exchange(other.view_, nullptr)), handle_(std::move(other.handle_))
    {
    }
    scenario &operator=(scenario &&other) noexcept
    {
        handle_ = std::move(other.handle_);
        view_ = std::exchange(other.view_, nullptr);
        return *this;
    }

private:
    detail::owned<pab_scenario, pab_scenario_free> handle_;
};

} // namespace pab

#endif
