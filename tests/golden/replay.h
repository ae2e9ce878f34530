/* A run of a market as the lines of a recorded run's files. */
#ifndef GOLDEN_REPLAY_H
#define GOLDEN_REPLAY_H

#include <pairsabides/replay.h>

/* The recorded files; GOLDEN_TOTALS is summary.json, a line per value: "symbols.ABM.trades 211". */
enum { GOLDEN_MESSAGES, GOLDEN_BOOK, GOLDEN_L1, GOLDEN_FUNDAMENTAL, GOLDEN_AGENTS, GOLDEN_TOTALS, GOLDEN_FILES };

extern const char *const golden_names[GOLDEN_FILES]; /* "messages.csv", ... */

#define GOLDEN_MESSAGES_KEPT 200000
#define GOLDEN_LINE 512

/* Takes one line, without its end. */
typedef void (*golden_sink)(void *user, int file, const char *line);

/* Runs the scenario with its own seed to the end; every line of every file goes to `sink`, header lines too. */
pab_status golden_replay(pab_scenario *scn, golden_sink sink, void *user);

/* The same lines of a recorded summary.json. */
pab_status golden_totals(const char *path, golden_sink sink, void *user);

#endif
