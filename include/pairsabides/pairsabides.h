/**
 * @file pairsabides.h
 * @brief Everything: include this one.
 */
#ifndef PAIRSABIDES_H
#define PAIRSABIDES_H

#include <pairsabides/version.h>
#include <pairsabides/status.h>
#include <pairsabides/progress.h>
#include <pairsabides/param.h>
#include <pairsabides/message.h>
#include <pairsabides/agent.h>
#include <pairsabides/book.h>
#include <pairsabides/config.h>
#include <pairsabides/scenario.h>
#include <pairsabides/sip.h>
#include <pairsabides/learn.h>
#include <pairsabides/sip_train.h>
#include <pairsabides/prefs.h>
#include <pairsabides/moe.h>
#include <pairsabides/moe_train.h>
#include <pairsabides/pipeline.h>
#include <pairsabides/market.h>
#include <pairsabides/replay.h>
#include <pairsabides/validity.h>
#include <pairsabides/env.h>
#include <pairsabides/vecenv.h>
#include <pairsabides/eval.h>
#include <pairsabides/tune.h>
#include <pairsabides/policy.h>
#include <pairsabides/qtable.h>
#include <pairsabides/stage0.h>
#include <pairsabides/calibrate.h>

#endif
