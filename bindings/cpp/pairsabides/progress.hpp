/**
 * @file progress.hpp
 * @brief Progress of long calls, given to a lambda that may stop them.
 */
#ifndef PAIRSABIDES_PROGRESS_HPP
#define PAIRSABIDES_PROGRESS_HPP

#include <pairsabides/core.hpp>

#include <functional>

namespace pab {

/**
 * A progress hook. Its function returns true to continue, false to stop: the call then throws an `error` with
 * PAB_E_CANCELLED. What it throws comes out of the call. Must outlive the calls whose options name it.
 *
 *     pab::progress bar([](const char *stage, std::uint64_t done, std::uint64_t total) { ...; return true; });
 *     options.progress = bar.get();
 */
class progress {
public:
    using function = std::function<bool(const char *stage, std::uint64_t done, std::uint64_t total)>;

    explicit progress(function f) : function_(std::move(f)), record_(sized<pab_progress>())
    {
        record_.user = this;
        record_.report = [](void *user, const char *stage, std::uint64_t done, std::uint64_t total) -> std::int32_t {
            bool go_on = false;
            detail::guarded([&] { go_on = static_cast<progress *>(user)->function_(stage, done, total); });
            return go_on ? 0 : 1;
        };
    }
    progress(const progress &) = delete; // the record points here
    progress &operator=(const progress &) = delete;

    const pab_progress *get() const noexcept { return &record_; }

private:
    function function_;
    pab_progress record_;
};

} // namespace pab

#endif
