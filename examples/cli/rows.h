/**
 * @file rows.h
 * @brief Rows that traces of markets and of single books have in common.
 */
#ifndef PAIRSABIDES_CLI_ROWS_H
#define PAIRSABIDES_CLI_ROWS_H

#include <pairsabides/book.h>

#include "text.h"

#define CLI_BOOK_HEADER "time_ns,symbol,type,order_id,agent_id,oppos_order_id,oppos_agent_id,side,quantity,price\n"

/** One row of book.csv or history.csv. */
void cli_put_book_row(cli_out *out, int64_t time, const char *symbol, const pab_book_row *row);

/** "BID", "ASK", or nothing. */
const char *cli_side(int32_t side);

#endif
