/* Transacted volume: per aggressor's side, times with running sums, so that a look back is one search. */
#include "book/state.h"

#include <string.h>

#define FIRST_PRUNE 64 /* entries, a power of two */

static pab__tape_entry *entry_at(const pab__pool *tape, uint32_t index)
{
    return (pab__tape_entry *)(void *)tape->data + index;
}

/* Number of entries older than `time`. */
static uint32_t older(const pab__pool *tape, int64_t time)
{
    uint32_t low = 0, high = tape->mark.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (entry_at(tape, middle)->time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t sum_before(const pab__book *b, uint32_t side, uint32_t index)
{
    return index == 0 ? b->core.tape_base[side] : entry_at(&b->pools[PAB__BOOK_TAPE + side], index - 1)->sum;
}

/* now - span, which may be too far back to name. */
static int64_t back(int64_t now, int64_t span)
{
    int64_t time;
    if (__builtin_sub_overflow(now, span, &time))
        return span > 0 ? INT64_MIN : INT64_MAX;
    return time;
}

/* Drops what no query will ask for, once it is a quarter of all. Decided by state alone, so that equal histories
 * stay equal. */
static void prune(pab__book *b, uint32_t side, int64_t now)
{
    pab__pool *tape = &b->pools[PAB__BOOK_TAPE + side];
    uint32_t count = tape->mark.count;
    uint32_t drop = older(tape, back(now, b->volume_window));
    if (drop < count / 4)
        return;
    uint32_t keep = count - drop;
    b->core.tape_base[side] = sum_before(b, side, drop);
    memmove(entry_at(tape, 0), entry_at(tape, drop), keep * sizeof(pab__tape_entry));
    memset(entry_at(tape, keep), 0, drop * sizeof(pab__tape_entry));
    tape->mark.count = tape->mark.live = keep;
}

void pab__tape_record(pab__book *b, uint32_t side, int64_t now, int64_t quantity)
{
    pab__pool *tape = &b->pools[PAB__BOOK_TAPE + side];
    uint32_t count = tape->mark.count;
    if (count > 0 && entry_at(tape, count - 1)->time == now) {
        entry_at(tape, count - 1)->sum = pab__book_add(entry_at(tape, count - 1)->sum, quantity);
        return;
    }
    int64_t sum = pab__book_add(sum_before(b, side, count), quantity);
    if (count >= FIRST_PRUNE && (count & (count - 1)) == 0 && b->volume_window != INT64_MAX)
        prune(b, side, now);
    uint32_t index = pab__pool_append(tape, b->host);
    if (index == PAB__NONE) {
        b->failed = PAB_E_MEMORY;
        return;
    }
    *entry_at(tape, index) = (pab__tape_entry){now, sum};
}

void pab__book_volume(const pab__book *b, int64_t now, int64_t lookback, int64_t *bought, int64_t *sold)
{
    int64_t total[2];
    for (uint32_t side = 0; side < 2; side++) {
        const pab__pool *tape = &b->pools[PAB__BOOK_TAPE + side];
        uint32_t first = older(tape, back(now, lookback));
        total[side] = pab__book_sub(sum_before(b, side, tape->mark.count), sum_before(b, side, first));
    }
    *bought = total[0];
    *sold = total[1];
}
