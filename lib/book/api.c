/* The public functions of a book: they check their arguments, then call the operations. */
#include "book/book.h"

#include <inttypes.h>

#define ORDER_FLAGS                                                                                     \
    (PAB_ORDER_HIDDEN | PAB_ORDER_POST_ONLY | PAB_ORDER_PRICE_TO_COMPLY | PAB_ORDER_INSERT_BY_ID | \
     PAB_ORDER_IS_MARKET)

struct pab_book {
    pab_host host;
    pab__book book;
    int64_t now; /* of the last operation */
};

static pab_status need(const void *argument, const char *name)
{
    return argument ? PAB_OK : pab__fail(PAB_E_ARGUMENT, "%s is NULL", name);
}

static pab_status check_side(int32_t side, const char *name)
{
    if (side == PAB_BUY || side == PAB_SELL)
        return PAB_OK;
    return pab__fail(PAB_E_ARGUMENT, "%s is %" PRId32 ", expected PAB_BUY or PAB_SELL", name, side);
}

static pab_status check_order(const pab_order *order, const char *name)
{
    if (!order)
        return need(order, name);
    if (order->side != PAB_BUY && order->side != PAB_SELL)
        return pab__fail(PAB_E_ARGUMENT, "%s->side is %" PRId32 ", expected PAB_BUY or PAB_SELL", name, order->side);
    if (order->flags & ~(uint32_t)ORDER_FLAGS)
        return pab__fail(PAB_E_ARGUMENT, "%s->flags is 0x%" PRIx32 ", expected PAB_ORDER_... bits", name,
                         order->flags);
    return PAB_OK;
}

/* Start of an operation at `now`. */
static pab_status begin(pab_book *book, int64_t now, const pab_order *order)
{
    pab_status status = need(book, "book");
    if (status == PAB_OK)
        status = check_order(order, "order");
    if (status != PAB_OK)
        return status;
    if (now < book->now)
        return pab__fail(PAB_E_ARGUMENT, "now is %" PRId64 ", expected at least the book's last time %" PRId64, now,
                         book->now);
    book->now = now;
    return PAB_OK;
}

/* End of an operation. */
static pab_status finish(pab_book *book)
{
    if (book->book.failed == PAB_OK)
        return PAB_OK;
    book->book.failed = PAB_OK;
    return pab__fail(PAB_E_MEMORY, "no memory for the book to grow; the operation is incomplete");
}

pab_status pab_book_new(const pab_host *host, uint32_t quirks, const pab_book_sink *sink, pab_book **out)
{
    pab_host hooks;
    pab_book_sink known = {.struct_size = sizeof known};
    pab_status status = need(out, "out");
    if (status == PAB_OK)
        status = pab__host_take(host, &hooks);
    if (status == PAB_OK && sink)
        status = pab__record_in(&known, sizeof known, sink, PAB__UPTO(pab_book_sink, row), "sink");
    if (status != PAB_OK)
        return status;
    if (quirks & ~(uint32_t)PAB_QUIRKS_ABIDES)
        return pab__fail(PAB_E_ARGUMENT, "quirks is 0x%" PRIx32 ", expected PAB_QUIRK_... bits", quirks);
    pab_book *book = pab__alloc(&hooks, sizeof *book);
    if (!book)
        return pab__fail(PAB_E_MEMORY, "no memory for a book");
    book->host = hooks;
    book->now = INT64_MIN;
    if (pab__book_init(&book->book, &book->host, quirks, INT64_MAX) != PAB_OK) {
        pab_book_free(book);
        return pab__fail(PAB_E_MEMORY, "no memory for a book");
    }
    book->book.sink = known;
    *out = book;
    return PAB_OK;
}

void pab_book_free(pab_book *book)
{
    if (!book)
        return;
    pab_host hooks = book->host;
    pab__book_free(&book->book);
    pab__release(&hooks, book, sizeof *book);
}

void pab_book_clear(pab_book *book)
{
    if (!book)
        return;
    pab__book_reset(&book->book, 0, 0);
    book->now = INT64_MIN;
}

pab_status pab_book_limit(pab_book *book, int64_t now, const pab_order *order)
{
    pab_status status = begin(book, now, order);
    if (status != PAB_OK)
        return status;
    pab__book_limit(&book->book, now, order);
    return finish(book);
}

pab_status pab_book_market(pab_book *book, int64_t now, const pab_order *order)
{
    pab_status status = begin(book, now, order);
    if (status != PAB_OK)
        return status;
    pab__book_market(&book->book, now, order);
    return finish(book);
}

pab_status pab_book_cancel(pab_book *book, int64_t now, const pab_order *order)
{
    pab_status status = begin(book, now, order);
    if (status != PAB_OK)
        return status;
    pab__book_cancel(&book->book, now, order);
    return finish(book);
}

pab_status pab_book_partial_cancel(pab_book *book, int64_t now, const pab_order *order, int64_t quantity)
{
    pab_status status = begin(book, now, order);
    if (status != PAB_OK)
        return status;
    pab__book_partial_cancel(&book->book, now, order, quantity);
    return finish(book);
}

pab_status pab_book_modify(pab_book *book, int64_t now, const pab_order *order, const pab_order *changed)
{
    pab_status status = check_order(changed, "changed");
    if (status == PAB_OK)
        status = begin(book, now, order);
    if (status != PAB_OK)
        return status;
    pab__book_modify(&book->book, now, order, changed);
    return finish(book);
}

pab_status pab_book_replace(pab_book *book, int64_t now, int32_t requester, const pab_order *order,
                            const pab_order *fresh)
{
    pab_status status = check_order(fresh, "fresh");
    if (status == PAB_OK)
        status = begin(book, now, order);
    if (status != PAB_OK)
        return status;
    pab__book_replace(&book->book, now, requester, order, fresh);
    return finish(book);
}

pab_status pab_book_l1(const pab_book *book, pab_level *bid, pab_level *ask)
{
    pab_status status = need(book, "book");
    if (status == PAB_OK)
        status = need(bid, "bid");
    if (status == PAB_OK)
        status = need(ask, "ask");
    if (status == PAB_OK)
        pab__book_l1(&book->book, bid, ask);
    return status;
}

uint32_t pab_book_l2(const pab_book *book, int32_t side, uint32_t depth, pab_level *out, uint32_t cap)
{
    if (need(book, "book") != PAB_OK || check_side(side, "side") != PAB_OK || !out)
        return 0;
    return pab__book_l2(&book->book, side, depth, out, cap);
}

uint32_t pab_book_l3(const pab_book *book, int32_t side, pab_resting_order *out, uint32_t cap)
{
    if (need(book, "book") != PAB_OK || check_side(side, "side") != PAB_OK)
        return 0;
    return pab__book_l3(&book->book, side, out, !out ? 0 : cap);
}

pab_status pab_book_volume(const pab_book *book, int64_t now, int64_t lookback, int64_t *bought, int64_t *sold)
{
    pab_status status = need(book, "book");
    if (status == PAB_OK)
        status = need(bought, "bought");
    if (status == PAB_OK)
        status = need(sold, "sold");
    if (status == PAB_OK)
        pab__book_volume(&book->book, now, lookback, bought, sold);
    return status;
}

pab_status pab_book_imbalance(const pab_book *book, double *value, int32_t *side)
{
    pab_status status = need(book, "book");
    if (status == PAB_OK)
        status = need(value, "value");
    if (status == PAB_OK)
        status = need(side, "side");
    if (status == PAB_OK)
        *value = pab__book_imbalance(&book->book, side);
    return status;
}

pab_status pab_book_describe(const pab_book *book, pab_book_summary *out)
{
    pab_status status = need(book, "book");
    if (status == PAB_OK)
        status = need(out, "out");
    if (status != PAB_OK)
        return status;
    pab_book_summary full = {.struct_size = sizeof full};
    pab__book_describe(&book->book, &full);
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_book_summary, last_update), "out");
}
