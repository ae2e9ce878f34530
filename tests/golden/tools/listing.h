/**
 * @file listing.h
 * @brief What a single book looks like: resting orders, and answers to queries.
 */
#ifndef PAIRSABIDES_CLI_LISTING_H
#define PAIRSABIDES_CLI_LISTING_H

#include <pairsabides/book.h>

#include "ops.h"
#include "text.h"

/** Bids, then asks. */
extern const int32_t cli_sides[2];

/** Room for one side of a book; grows as needed. Zero-initialise. */
typedef struct listing {
    pab_resting_order *orders;
    pab_level *levels;
    uint32_t order_cap, level_cap;
} listing;

/** Fills `orders` with one side; returns the number of orders, or -1 after printing why. */
int64_t listing_orders(listing *list, const pab_book *book, int32_t side);
/** One row of final_l3.csv without its newline; returns its length. */
int listing_text(const pab_resting_order *order, char *buf, size_t cap);
void listing_free(listing *list);

/** Writes the row that answers a QUERY_... operation; 0, or CLI_FAILED after printing why. */
int answer_query(const pab_book *book, listing *list, cli_out *out, const book_op *op);

#endif
