/**
 * @file ops.h
 * @brief Reads the operations of a recorded order-book stream.
 */
#ifndef PAIRSABIDES_CLI_OPS_H
#define PAIRSABIDES_CLI_OPS_H

#include <pairsabides/book.h>

#include "text.h"

enum {
    OP_LIMIT,
    OP_MARKET,
    OP_CANCEL,
    OP_PARTIAL_CANCEL,
    OP_MODIFY,
    OP_REPLACE,
    OP_QUERY_VOLUME,
    OP_QUERY_IMBALANCE,
    OP_QUERY_L1,
    OP_QUERY_L2,
    OP_QUERY_L3
};

/** One operation; members that its kind does not use are 0. */
typedef struct book_op {
    int64_t seq;
    int64_t now;        /**< ns */
    int32_t kind;       /**< OP_... */
    const char *name;   /**< as in the file */
    pab_order order;    /**< as the caller believes it to be */
    pab_order fresh;    /**< modify, replace: the new order */
    int64_t cancel_qty; /**< shares */
    int64_t arg;        /**< queries: look-back in ns, or depth */
} book_op;

/** Takes in the header line: 0, or CLI_FAILED after printing file, line and column. */
int ops_read_header(cli_in *in);
/** 1 and an operation, 0 at the end, -1 after printing file, line and column. */
int ops_read(cli_in *in, book_op *op);

#endif
