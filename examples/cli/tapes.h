/**
 * @file tapes.h
 * @brief Recorded files of two legs: which file is whose and of what day, read into tapes and cut into windows.
 */
#ifndef PAIRSABIDES_CLI_TAPES_H
#define PAIRSABIDES_CLI_TAPES_H

#include "cli.h"

enum { TAPES_NAME = 32, TAPES_DAYS = 400 };

/** Both legs of one day. */
typedef struct recorded_day {
    char date[16];     /**< as in the files' names; empty where they have none */
    pab_tape *legs[2];
    const char *file[2]; /**< the first file of each leg, NULL for none */
} recorded_day;

typedef struct recorded {
    char names[2][TAPES_NAME];
    recorded_day *days;   /**< by date */
    uint32_t day_count;
    pab_pair_window *windows; /**< of all days; fewer than three are cut into parts */
    uint32_t window_count;
    uint32_t parts;    /**< 1, or how many parts a window is cut into */
} recorded;

/** "HH:MM:SS-HH:MM:SS" of each day as ns since midnight; NULL text: all rows. CLI_OK, or CLI_USAGE after saying why. */
int tapes_session(const char *command, const char *text, int64_t *from, int64_t *to);

/**
 * Reads files of two legs. Names of legs are the part of the files' names that has two values, or those given; files
 * whose names hold both names, or neither, have columns NAME_bid and so on.
 * @param names  of leg A and B; NULL: told from the files
 * @return       CLI_OK, or CLI_FAILED after printing what is wrong; recorded_free in both cases
 */
int recorded_read(const char *command, const cli_files *files, const char *const names[2], int64_t session_from,
               int64_t session_to, recorded *out);
void recorded_free(recorded *t);

#endif
