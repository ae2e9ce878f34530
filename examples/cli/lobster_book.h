/**
 * @file lobster_book.h
 * @brief A book kept from messages: orders by id, and shares by level on each side.
 */
#ifndef PAIRSABIDES_CLI_LOBSTER_BOOK_H
#define PAIRSABIDES_CLI_LOBSTER_BOOK_H

#include <stddef.h>
#include <stdint.h>

/** A resting order; quantity 0: its place is free, or was once used. */
typedef struct lobster_order {
    int64_t id, price, quantity;
    int32_t side; /**< PAB_BUY, PAB_SELL; 0: never used */
} lobster_order;

typedef struct lobster_level {
    int64_t price, quantity;
} lobster_level;

typedef struct lobster_book {
    lobster_order *orders; /**< open addressing; cap is a power of two */
    size_t order_count, order_cap;
    lobster_level *levels[2]; /**< bids, asks; the best is last */
    size_t level_count[2], level_cap[2];
} lobster_book;

/** The order, or NULL. Valid until the next add. */
lobster_order *lobster_book_find(const lobster_book *b, int64_t id);
int lobster_book_add(lobster_book *b, const lobster_order *order); /**< 0, or -1 without memory */
/** Takes shares off an order (a negative number adds some); nothing is left of it at 0. 0, or -1 without memory. */
int lobster_book_take(lobster_book *b, lobster_order *order, int64_t quantity);
void lobster_book_free(lobster_book *b);

#endif
