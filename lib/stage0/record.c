/* Recording of a simulated market onto tapes. */
#include "stage0/tape.h"

#include <math.h>

#include "base/stamp.h"

typedef struct recorder {
    pab_tape *const *tapes;
    const double *tick; /* currency units */
    uint32_t count;
    pab_status status;  /* of the first row that found no room */
} recorder;

static pab_tape *tape_of(const recorder *r, uint32_t symbol)
{
    return r->status == PAB_OK && symbol < r->count ? r->tapes[symbol] : NULL;
}

static int64_t price_of(const recorder *r, uint32_t symbol, int64_t ticks)
{
    return llround((double)ticks * r->tick[symbol] * PAB_TAPE_PRICE);
}

static void on_quote(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    recorder *r = user;
    pab_tape *tape = tape_of(r, symbol);
    if (!tape)
        return;
    const pab__quote now = {.time = time, .bid = price_of(r, symbol, bid->price), .bid_size = (double)bid->quantity,
                            .ask = price_of(r, symbol, ask->price), .ask_size = (double)ask->quantity};
    if (tape->quote_count > 0 && pab__quote_same(&tape->quotes[tape->quote_count - 1], &now))
        return; /* a tap tells the first quote that it sees, changed or not */
    r->status = pab_tape_add_quote(tape, time, now.bid, now.bid_size, now.ask, now.ask_size);
    if (r->status == PAB_OK) {
        pab__quote *q = &tape->quotes[tape->quote_count - 1];
        q->bid_venue = q->ask_venue = pab__venue_of(PAB__VENUE_BOOK);
    }
}

/* A row's side is that of the order that rested. Trades of other venues do not reach the queues of the book. */
static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    recorder *r = user;
    pab_tape *tape = row->kind == PAB_ROW_EXEC || row->kind == PAB_ROW_AWAY ? tape_of(r, symbol) : NULL;
    if (!tape)
        return;
    r->status = pab_tape_add_trade(tape, time, price_of(r, symbol, row->price), (double)row->quantity,
                                   row->side == PAB_BUY ? -1 : 1, 0);
    if (r->status == PAB_OK)
        tape->trades[tape->trade_count - 1].venue =
            pab__venue_of(row->kind == PAB_ROW_AWAY ? PAB__VENUE_AWAY : PAB__VENUE_BOOK);
}

/* The quote that holds when recording begins. */
static void open_quotes(recorder *r, const pab_market *market, int64_t now)
{
    for (uint32_t i = 0; i < r->count; i++) {
        pab_level bid = {0}, ask = {0};
        if (!r->tapes[i] || pab_market_l1(market, i, &bid, &ask) != PAB_OK)
            continue;
        on_quote(r, now, i, &bid, &ask);
    }
}

pab_status pab_tape_record(pab_market *market, pab_tape *const *tapes, const double *tick, uint32_t count,
                           int64_t until)
{
    if (!market || !tapes || !tick)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !market ? "market" : !tapes ? "tapes" : "tick");
    for (uint32_t i = 0; i < count; i++)
        if (!(tick[i] * PAB_TAPE_PRICE >= 1 - 1e-9 && tick[i] <= 1e9))
            return pab__fail(PAB_E_RANGE, "tick[%u] is %g currency units; expected 1e-8, the unit of a tape, to 1e9", i,
                             tick[i]);
    recorder r = {.tapes = tapes, .tick = tick, .count = count};
    pab_tap tap = {.struct_size = sizeof tap, .user = &r, .row = on_row, .l1 = on_quote};
    pab_market_counters counters = {.struct_size = sizeof counters};
    pab_status status = pab_market_count(market, &counters);
    if (status == PAB_OK && until <= counters.now)
        status = pab__fail(PAB_E_RANGE, "recording until %s; expected a time after the market's, %s",
                           pab__stamp_time(until).text, pab__stamp_time(counters.now).text);
    if (status == PAB_OK) {
        open_quotes(&r, market, counters.now);
        status = pab_market_set_tap(market, &tap);
    }
    if (status != PAB_OK)
        return status;
    status = pab_market_run(market, until, NULL);
    pab_market_set_tap(market, NULL);
    status = status == PAB_OK ? r.status : status;
    for (uint32_t i = 0; i < count && status == PAB_OK; i++) {
        if (!tapes[i])
            continue;
        pab__tape_widen(tapes[i], counters.now, until);
        status = pab_tape_set_tick(tapes[i], tick[i]);
    }
    return status;
}
