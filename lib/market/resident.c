/* Agents that stand at their exchange. */
#include "market/resident.h"

#include "market/exchange.h"
#include "market/kernel.h"

static int32_t side_of(uint32_t side)
{
    return side == 0 ? PAB_BUY : PAB_SELL;
}

static void check_memory(const pab__resident *r)
{
    if (r->book->failed != PAB_OK)
        pab__kernel_stop(r->m, pab__fail(r->book->failed, "no memory for the book of %s",
                                         r->m->scn->symbols[r->symbol].name));
}

int64_t pab__resident_post(const pab__resident *r, uint32_t side, int64_t quantity, int64_t price)
{
    pab_order order = {.id = r->m->core.next_order_id++, .quantity = quantity, .price = price, .agent = r->agent,
                       .side = side_of(side), .ref = PAB__NONE};
    pab__book_post(r->book, r->m->core.now, &order);
    check_memory(r);
    return order.id;
}

void pab__resident_take(const pab__resident *r, uint32_t side, int64_t quantity)
{
    const pab__price_level *level = pab__resident_best(r, side);
    if (!level || quantity <= 0)
        return;
    pab_order order = {.id = r->m->core.next_order_id++, .price = pab__resident_price(side, level),
                       .quantity = quantity < level->total ? quantity : level->total, .agent = r->agent,
                       .side = -side_of(side), .flags = PAB_ORDER_IS_MARKET, .ref = PAB__NONE};
    pab__book_market(r->book, r->m->core.now, &order);
    check_memory(r);
}

void pab__resident_cancel(const pab__resident *r, uint32_t order)
{
    pab__book_drop(r->book, r->m->core.now, order);
}

void pab__resident_print(const pab__resident *r, uint32_t side, int64_t quantity, int64_t price)
{
    pab__tape_record(r->book, 1 - side, r->m->core.now, quantity);
    check_memory(r);
    r->book->core.traded_volume = pab__book_add(r->book->core.traded_volume, quantity);
    r->book->core.last_trade = price;
    if (!r->book->sink.row)
        return;
    pab_book_row row = {.kind = PAB_ROW_AWAY, .side = side_of(side), .order_id = -1, .other_order_id = -1, .agent = -1,
                        .other_agent = -1, .quantity = quantity, .price = price};
    r->book->sink.row(r->book->sink.user, &row);
}

void pab__resident_publish(const pab__resident *r)
{
    pab__feed_publish_symbol(r->m, r->m->places[r->agent].exchange, (uint32_t)r->symbol);
}
