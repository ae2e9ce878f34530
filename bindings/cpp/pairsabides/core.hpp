/**
 * @file core.hpp
 * @brief Errors, spans, owning handles, and how exceptions get past the C library.
 */
#ifndef PAIRSABIDES_CORE_HPP
#define PAIRSABIDES_CORE_HPP

#if __cplusplus < 201703L
#error "pairsabides.hpp needs C++17: compile with -std=c++17 or later"
#else

#include <pairsabides/pairsabides.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace pab {

/** A call that failed. what() is the sentence of pab_last_error. */
class error : public std::runtime_error {
public:
    error(pab_status status, const std::string &text) : std::runtime_error(text), status_(status) {}

    pab_status status() const noexcept { return status_; }                       /**< PAB_E_... */
    const char *status_name() const noexcept { return pab_status_name(status_); } /**< "PAB_E_RANGE" */

private:
    pab_status status_;
};

/** This thread's last error sentence. */
inline std::string last_error()
{
    std::string text(pab_last_error(nullptr, 0), '\0');
    pab_last_error(text.data(), text.size() + 1);
    return text;
}

[[noreturn]] inline void raise(pab_status status)
{
    throw error(status, last_error());
}

/** Throws `error` unless the call succeeded. */
inline void check(pab_status status)
{
    if (status != PAB_OK)
        raise(status);
}

/** Contiguous elements of someone else's: a pointer and a count. C++17 has no std::span. */
template <class T> class span {
public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;

    constexpr span() noexcept = default;
    constexpr span(T *first, std::size_t count) noexcept : data_(first), size_(count) {}
    template <std::size_t N> constexpr span(T (&array)[N]) noexcept : data_(array), size_(N) {}
    /** From anything with data() and size(): vector, array, string, another span. */
    template <class C, class P = decltype(std::declval<C &>().data()),
              class = std::enable_if_t<std::is_convertible_v<std::remove_pointer_t<P> (*)[], T (*)[]>>>
    constexpr span(C &&whole) noexcept : data_(whole.data()), size_(whole.size())
    {
    }

    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t i) const noexcept { return data_[i]; }
    constexpr span first(std::size_t count) const noexcept { return span(data_, count); }

private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/** A zeroed record that knows its size. */
template <class Record> Record sized() noexcept
{
    Record record{};
    record.struct_size = static_cast<std::uint32_t>(sizeof(Record));
    return record;
}

namespace detail {

template <auto Free> struct releaser {
    template <class T> void operator()(T *handle) const noexcept { Free(handle); }
};

template <class T, auto Free> using owned = std::unique_ptr<T, releaser<Free>>;

/** The library counts in 32 bits. */
inline std::uint32_t count32(std::size_t n)
{
    if (n > UINT32_MAX)
        throw std::length_error("pab: a buffer has more than 2^32 - 1 elements");
    return static_cast<std::uint32_t>(n);
}

/** The first exception that a callback of this thread threw. It waits here while C frames are left. */
inline std::exception_ptr &pending() noexcept
{
    static thread_local std::exception_ptr thrown;
    return thrown;
}

/** Calls back into C++, letting nothing out; skipped while an exception waits. */
template <class Body> void guarded(Body &&body) noexcept
{
    if (pending())
        return;
    try {
        body();
    } catch (...) {
        pending() = std::current_exception();
    }
}

/** As check, after a call that may have called back: a waiting exception comes first. */
inline void settle(pab_status status)
{
    if (pending())
        std::rethrow_exception(std::exchange(pending(), nullptr));
    check(status);
}

/** A handle that `call` makes. */
template <class Handle, class Call> Handle *made(Call &&call)
{
    Handle *handle = nullptr;
    settle(call(&handle));
    return handle;
}

/** A record that `call` fills in. */
template <class Record, class Call> Record filled(Call &&call)
{
    auto record = sized<Record>();
    settle(call(&record));
    return record;
}

/** Options with their defaults, as `init` gives them. */
template <class Record> Record defaults(pab_status (*init)(Record *, std::uint32_t))
{
    Record record;
    check(init(&record, static_cast<std::uint32_t>(sizeof record)));
    return record;
}

/** All rows of a table whose end is PAB_E_RANGE. */
template <class Record, class Call> std::vector<Record> rows(Call &&call)
{
    std::vector<Record> all;
    for (;;) {
        auto row = sized<Record>();
        const pab_status status = call(static_cast<std::uint32_t>(all.size()), &row);
        if (status == PAB_E_RANGE)
            return all;
        check(status);
        all.push_back(row);
    }
}

/** Asks for a text's length, then for the text. */
template <class Call> std::string text_of(Call &&call)
{
    std::size_t needed = 0;
    pab_status status = call(nullptr, std::size_t(0), &needed);
    if (status != PAB_OK && status != PAB_E_CAPACITY)
        raise(status);
    std::string text(needed, '\0');
    check(call(text.data(), text.size() + 1, &needed));
    return text;
}

} // namespace detail
} // namespace pab

#endif // C++17
#endif
