// What a program that uses the installed C++ binding does first.
#include <pairsabides.hpp>

#include <cstdio>

int main()
{
    try {
        const pab::scenario scn(pab::config::from_preset("rmsc04"));
        pab::market market(scn);
        market.reset(1);
        return market.run(scn.describe().market_open + INT64_C(60000000000)) == pab::stop::time ? 0 : 1;
    } catch (const pab::error &e) {
        std::fprintf(stderr, "consumer: %s: %s\n", e.status_name(), e.what());
        return 1;
    }
}
