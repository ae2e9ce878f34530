/**
 * @file replay.h
 * @brief Experimental: states of the random generators, which a replay of a recorded ABIDES run compares.
 *
 * For tests of the library. These declarations may change in any release. An index that names nothing
 * and a NULL market give 0.
 */
#ifndef PAIRSABIDES_REPLAY_H
#define PAIRSABIDES_REPLAY_H

#include <pairsabides/market.h>

PAB_BEGIN_DECLS

/** Generators that belong to the market as a whole. */
enum { PAB_REPLAY_GLOBAL = 0, PAB_REPLAY_LATENCY = 1 };

/** Next 32-bit word of the generator PAB_REPLAY_... */
PAB_API uint32_t pab_replay_word(const pab_market *m, int32_t generator);
/** Next 32-bit word of the generator of a symbol's oracle. */
PAB_API uint32_t pab_replay_oracle_word(const pab_market *m, uint32_t symbol);
/** Next 32-bit word of an agent's generator. */
PAB_API uint32_t pab_replay_agent_word(const pab_market *m, int32_t agent);
/** 1 when an agent's generator holds the second of two normal draws. */
PAB_API int32_t pab_replay_agent_gauss(const pab_market *m, int32_t agent);
/** The waking time that a noise agent drew before the start, ns; 0 for other agents. */
PAB_API int64_t pab_replay_agent_wakeup(const pab_market *m, int32_t agent);

PAB_END_DECLS

#endif
