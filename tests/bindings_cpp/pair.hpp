// Short episodes of the built-in pair.
#ifndef PAIR_HPP
#define PAIR_HPP

#include <pairsabides.hpp>

inline pab::scenario short_pair()
{
    pab::config cfg = pab::config::from_preset("pair");
    cfg.set("pair.warmup", "30s").set("pair.horizon", "60s");
    return pab::scenario(cfg);
}

#endif
