// Cases named as behaviours, reported as TAP.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

struct test_case {
    const char *name;
    void (*body)();
};

inline std::vector<test_case> &cases()
{
    static std::vector<test_case> all;
    return all;
}

struct registered {
    registered(const char *name, void (*body)()) { cases().push_back({name, body}); }
};

#define TEST(name)                                    \
    static void name();                               \
    static const registered name##_case(#name, name); \
    static void name()

#define CHECK(holds)                                                                                        \
    do {                                                                                                    \
        if (!(holds))                                                                                       \
            throw std::logic_error(std::string(__FILE__) + ":" + std::to_string(__LINE__) + ": " + #holds); \
    } while (0)

// The expression throws `kind`; evaluates to what was caught.
template <class Kind, class Call> Kind thrown(Call &&call)
{
    try {
        call();
    } catch (const Kind &caught) {
        return caught;
    }
    throw std::logic_error("nothing was thrown");
}

inline int run_cases()
{
    int n = 0, bad = 0;
    for (const test_case &c : cases()) {
        n++;
        try {
            c.body();
            std::printf("ok %d - %s\n", n, c.name);
        } catch (const std::exception &e) {
            std::printf("not ok %d - %s\n", n, c.name);
            std::fprintf(stderr, "# %s\n", e.what());
            bad = 1;
        }
    }
    std::printf("1..%d\n", n);
    return bad;
}

#endif
