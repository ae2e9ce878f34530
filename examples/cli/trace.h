/**
 * @file trace.h
 * @brief Writes a market run into a directory, in the formats of a recorded ABIDES run.
 */
#ifndef PAIRSABIDES_CLI_TRACE_H
#define PAIRSABIDES_CLI_TRACE_H

#include <pairsabides/pairsabides.h>

#include "text.h"

/** Delivered entries kept in messages.csv.gz; summary.json covers the rest. */
enum { TRACE_MESSAGES = 200000, TRACE_CRC_BLOCK = 4096 };

/** One computed fundamental value; the file lists them symbol by symbol, so they wait here. */
typedef struct trace_fundamental {
    int64_t time;
    int64_t value;
    int32_t stopping;
} trace_fundamental;

typedef struct trace_shock {
    int64_t time;
    double value;
} trace_shock;

/** What a trace remembers of one symbol. */
typedef struct trace_symbol {
    const char *name; /**< lent by the scenario */
    trace_fundamental *fundamentals;
    trace_shock *shocks;
    size_t fundamental_count, fundamental_cap, fundamentals_running;
    size_t shock_count, shock_cap;
} trace_symbol;

typedef struct trace {
    const pab_scenario *scenario;
    const char *dir;
    trace_symbol *symbols;
    uint32_t symbol_count;
    int out_of_memory;
    uint64_t delivered, book_rows, l1_rows;
    uint32_t crc;
    size_t crc_len;
    unsigned char crc_block[TRACE_CRC_BLOCK * 16];
    cli_out messages, book, l1;
} trace;

/** Creates `dir` where needed and opens the files. All functions: 0, or CLI_FAILED after printing why. */
int trace_open(trace *t, const pab_scenario *scenario, const char *dir);
/** Attaches to a market, before its reset. */
int trace_attach(trace *t, pab_market *market);
/** Non-zero once a write has failed and going on is pointless. */
int trace_failed(const trace *t);
/** Writes what is known only at the end and closes everything. */
int trace_close(trace *t, const pab_market *market);
/** Releases without writing. */
void trace_abandon(trace *t);

/** agents.csv.gz and summary.json. */
int trace_write_agents(const trace *t, const pab_market *market);
int trace_write_summary(const trace *t, const pab_market *market);

#endif
