/**
 * @file calibrate.hpp
 * @brief What an executor should know of a pair's market before its first episode.
 */
#ifndef PAIRSABIDES_CALIBRATE_HPP
#define PAIRSABIDES_CALIBRATE_HPP

#include <pairsabides/env.hpp>
#include <pairsabides/progress.hpp>

namespace pab {

/** 64 training and 32 validation episodes in each regime, on the caller's thread. */
inline pab_calibrate_options calibrate_options()
{
    return detail::defaults(pab_calibrate_options_init);
}

/** Watches and probes markets of `cfg`, and puts what is learned into its keys `calibration.*`. */
inline pab_calibration calibrate(config &cfg, pab_calibrate_options options = calibrate_options())
{
    const scenario scn(cfg);
    auto report = sized<pab_calibration>();
    options.report = &report;
    detail::settle(pab_calibrate(scn.get(), &options, cfg.get()));
    return report;
}

} // namespace pab

#endif
