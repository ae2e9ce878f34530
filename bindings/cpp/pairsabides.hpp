/**
 * @file pairsabides.hpp
 * @brief libpairsabides for C++17: handles that free themselves, errors as exceptions, agents and observers as classes
 * and lambdas. Header only; link the C library.
 */
#ifndef PAIRSABIDES_HPP
#define PAIRSABIDES_HPP

#include <pairsabides/core.hpp>

#if __cplusplus >= 201703L
#include <pairsabides/agent.hpp>
#include <pairsabides/book.hpp>
#include <pairsabides/calibrate.hpp>
#include <pairsabides/config.hpp>
#include <pairsabides/env.hpp>
#include <pairsabides/eval.hpp>
#include <pairsabides/market.hpp>
#include <pairsabides/moe.hpp>
#include <pairsabides/pipeline.hpp>
#include <pairsabides/policy.hpp>
#include <pairsabides/prefs.hpp>
#include <pairsabides/progress.hpp>
#include <pairsabides/qtable.hpp>
#include <pairsabides/sip.hpp>
#include <pairsabides/stage0.hpp>
#include <pairsabides/validity.hpp>
#endif

#endif
