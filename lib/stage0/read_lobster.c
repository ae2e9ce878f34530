/* LOBSTER: a message file gives times and trades, the order book file beside it the quotes after each message. */
#include "stage0/read.h"

#include <string.h>

enum { MESSAGE_TIME, MESSAGE_TYPE, MESSAGE_ID, MESSAGE_SIZE, MESSAGE_PRICE, MESSAGE_DIRECTION, MESSAGE_FIELDS };
enum { BOOK_ASK, BOOK_ASK_SIZE, BOOK_BID, BOOK_BID_SIZE, BOOK_FIELDS };
enum { VISIBLE_EXECUTION = 4, HIDDEN_EXECUTION = 5, LAST_TYPE = 7 };

#define NO_PRICE INT64_C(99999999990000) /* 9999999999 of 1/10000, times 10000 */

/* The order book file's name: "orderbook" for the last "message". NULL without memory or without such a word. */
static char *book_path(const pab_host *host, const char *path, size_t *size)
{
    const char *word = NULL, *slash = strrchr(path, '/');
    for (const char *p = strstr(slash ? slash : path, "message"); p; p = strstr(p + 1, "message"))
        word = p;
    if (!word)
        return NULL;
    size_t head = (size_t)(word - path), tail = strlen(word + 7) + 1;
    *size = head + 9 + tail;
    char *out = pab__alloc(host, *size);
    if (out) {
        memcpy(out, path, head);
        memcpy(out + head, "orderbook", 9);
        memcpy(out + head + 9, word + 7, tail);
    }
    return out;
}

/* One side of the first level; a dummy price means that there is none. */
static pab_status read_level(const pab__csv *csv, uint32_t price, uint32_t size, int64_t *out, double *out_size)
{
    int64_t quantity = 0;
    pab_status status = pab__csv_decimal(csv, price, "price", 4, out);
    if (status == PAB_OK)
        status = pab__csv_decimal(csv, size, "size", 0, &quantity);
    if (status != PAB_OK)
        return status;
    if (quantity < 0 || (quantity > 0 && *out <= 0))
        return pab__csv_fail(csv, PAB_E_RANGE, "a level of %lld shares at %s; expected both from 0 on",
                             (long long)quantity, csv->field[price]);
    if (quantity == 0 || *out >= NO_PRICE)
        *out = 0;
    *out_size = (double)quantity;
    return PAB_OK;
}

static pab_status read_book(pab__csv *book, uint64_t row, pab__quote *q)
{
    int more = 0;
    pab_status status = pab__csv_next(book, &more);
    if (status != PAB_OK)
        return status;
    if (!more)
        return pab__csv_fail(book, PAB_E_CORRUPT, "the order book ends before message %llu", (unsigned long long)row);
    if (book->count < BOOK_FIELDS || book->count % BOOK_FIELDS != 0)
        return pab__csv_fail(book, PAB_E_SYNTAX, "%u fields; expected four for each level", book->count);
    status = read_level(book, BOOK_ASK, BOOK_ASK_SIZE, &q->ask, &q->ask_size);
    return status == PAB_OK ? read_level(book, BOOK_BID, BOOK_BID_SIZE, &q->bid, &q->bid_size) : status;
}

typedef struct message {
    int64_t time, type, size, price, direction;
} message;

static pab_status read_message(pab__reader *r, message *m)
{
    const pab__csv *csv = &r->csv;
    if (csv->count != MESSAGE_FIELDS)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "%u fields; expected %d of a message", csv->count, MESSAGE_FIELDS);
    /* Some times carry digits beyond the nanosecond, made by a program that held them in floating point. */
    pab_status status = pab__csv_decimal(csv, MESSAGE_TIME, "time", 9, &m->time);
    if (status == PAB_OK)
        status = pab__check_time(r, &m->time);
    if (status == PAB_OK)
        status = pab__csv_decimal(csv, MESSAGE_TYPE, "type", 0, &m->type);
    if (status == PAB_OK)
        status = pab__csv_decimal(csv, MESSAGE_SIZE, "size", 0, &m->size);
    if (status == PAB_OK)
        status = pab__csv_decimal(csv, MESSAGE_PRICE, "price", 4, &m->price);
    if (status == PAB_OK)
        status = pab__csv_decimal(csv, MESSAGE_DIRECTION, "direction", 0, &m->direction);
    if (status == PAB_OK && (m->type < 1 || m->type > LAST_TYPE))
        status = pab__csv_fail(csv, PAB_E_RANGE, "type is %lld; expected 1 to %d", (long long)m->type, LAST_TYPE);
    return status;
}

static pab_status read_rows(pab__reader *r, pab__csv *book)
{
    pab__quote last = {.bid = -1};
    int more = 1;
    pab_status status = PAB_OK;
    for (uint64_t row = 1; status == PAB_OK && more; row++) {
        message m = {0};
        pab__quote q = {0};
        status = read_message(r, &m);
        if (status == PAB_OK)
            status = read_book(book, row, &q);
        q.time = m.time;
        if (status == PAB_OK && !pab__quote_same(&last, &q))
            status = pab__put_quote(r, &q);
        last = q;
        if (status == PAB_OK && (m.type == VISIBLE_EXECUTION || m.type == HIDDEN_EXECUTION)) {
            pab__trade t = {.time = m.time, .price = m.price, .size = (double)m.size};
            t.sign = m.direction > 0 ? -1 : 1;
            t.flags = m.type == HIDDEN_EXECUTION ? PAB_TRADE_OFF_BOOK : 0;
            status = m.price > 0 && m.size >= 0
                         ? pab__put_trade(r, &t)
                         : pab__csv_fail(&r->csv, PAB_E_RANGE, "a trade of %lld shares at %s; expected more than 0",
                                         (long long)m.size, r->csv.field[MESSAGE_PRICE]);
        }
        r->counts.rows++;
        if (status == PAB_OK)
            status = pab__csv_next(&r->csv, &more);
    }
    if (status == PAB_OK)
        status = pab__csv_next(book, &more);
    return status == PAB_OK && more
               ? pab__csv_fail(book, PAB_E_CORRUPT, "the order book has a row after that of the last message, %llu; "
                               "expected as many rows in both", (unsigned long long)r->counts.rows)
               : status;
}

pab_status pab__read_lobster(pab__reader *r)
{
    const pab_host *host = &r->tape->host;
    size_t size = 0;
    char *path = book_path(host, r->csv.path, &size);
    if (!path)
        return size > 0 ? pab__fail(PAB_E_MEMORY, "no memory for reading '%s'", r->csv.path)
                        : pab__fail(PAB_E_ARGUMENT, "%s: expected a LOBSTER file with \"message\" in its name, so that "
                                    "the order book beside it can be found", r->csv.path);
    pab__csv book;
    pab_status status = pab__csv_open(host, path, &book);
    if (status == PAB_OK) {
        status = read_rows(r, &book);
        pab__csv_close(&book);
    }
    pab__release(host, path, size);
    return status;
}
