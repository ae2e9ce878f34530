/**
 * @file compare.h
 * @brief Finds the first difference of two trace files without holding them in memory.
 */
#ifndef PAIRSABIDES_CLI_COMPARE_H
#define PAIRSABIDES_CLI_COMPARE_H

#include "text.h"

enum { COMPARE_BEFORE = 5, COMPARE_AFTER = 3, COMPARE_WIDTH = 240 };

/** Result for one file name. */
enum { COMPARE_ABSENT, COMPARE_EQUAL, COMPARE_DIFFERENT, COMPARE_ONLY_A, COMPARE_ONLY_B };

/** One side's rows from the divergence on; none when its file ends there. Long rows are cut. */
typedef struct divergence_side {
    int count;
    char rows[COMPARE_AFTER][COMPARE_WIDTH];
} divergence_side;

/** Where two files part. */
typedef struct divergence {
    uint64_t line;   /**< of the first differing row in A, from 1, the header included */
    uint64_t b_line; /**< likewise in B; another one only after an earlier group has parted */
    int has_time;
    int64_t time;  /**< the earlier of the two rows' times, ns */
    int before_count;
    char before[COMPARE_BEFORE][COMPARE_WIDTH]; /**< equal rows just before */
    divergence_side a, b;
} divergence;

typedef struct comparison {
    const char *file; /**< name without ".gz" */
    int result;
    uint64_t rows; /**< compared, the header not counted */
    divergence first;
} comparison;

/** Name of the known trace file `index`, NULL past the last. */
const char *compare_file_name(int index);
/** Compares that file in two directories; 0, or CLI_FAILED after printing why it cannot be read. */
int compare_files(const char *dir_a, const char *dir_b, int index, comparison *out);
/** Prints the messages of both sides next to `time`; likewise. */
int compare_print_messages(const char *dir_a, const char *dir_b, int64_t time);

#endif
