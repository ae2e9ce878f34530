/**
 * @file lobster.h
 * @brief Writes a market run as LOBSTER files: SYMBOL_DATE_FROM_TO_message_N.csv and orderbook_N.csv of each symbol.
 *
 * The writer attaches to a market before its reset and keeps a book of its own, from the rows of the market's; each
 * row that changes the best N levels is a message, and the levels after it a row of the order book file.
 */
#ifndef PAIRSABIDES_CLI_LOBSTER_H
#define PAIRSABIDES_CLI_LOBSTER_H

#include <pairsabides/pairsabides.h>

#include "lobster_book.h"
#include "text.h"

enum { LOBSTER_LEVELS = 200 };

/** The files of one symbol. */
typedef struct lobster_symbol {
    const char *name; /**< lent by the scenario */
    lobster_book book;
    int64_t levels[4 * LOBSTER_LEVELS]; /**< as last written: ask, size, bid, size */
    lobster_order replaced; /**< one that replaced another waits until its fills are known; quantity 0: none */
    int64_t replaced_time;
    cli_out messages, orderbook;
} lobster_symbol;

typedef struct lobster {
    lobster_symbol *symbols;
    uint32_t symbol_count;
    int levels;
    double unit;      /**< 1/10000 of the currency per tick */
    int64_t midnight; /**< ns since 1970 of the run's day */
    int out_of_memory;
} lobster;

/**
 * Creates `dir` where needed and opens the files. All functions: 0, or CLI_FAILED after printing why.
 * @param tick  currency units per tick
 */
int lobster_open(lobster *l, const pab_scenario *scenario, const char *dir, int levels, double tick);
int lobster_attach(lobster *l, pab_market *market);
int lobster_failed(const lobster *l); /**< 1 once writing has failed: a reason to stop the run */
/** Compares the books with the market's, closes the files and frees everything. */
int lobster_close(lobster *l, const pab_market *market);
void lobster_abandon(lobster *l); /**< closes and frees without a word */

#endif
