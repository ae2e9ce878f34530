/* Any sequence of operations on a book: it stays in order, and what rests is what its queries say. */
#include <pairsabides/book.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One operation as the input spells it. */
typedef struct operation {
    uint8_t kind, flags, agent, tick;
    int16_t quantity;
    uint8_t id, amount;
    uint32_t wide; /* now and then a price far away */
} operation;

static void check_side(const pab_book *book, int32_t side, uint32_t *orders)
{
    static pab_resting_order rest[4096];
    uint32_t count = pab_book_l3(book, side, rest, 4096);
    if (count > 4096)
        abort();
    for (uint32_t i = 1; i < count; i++) {
        int64_t step = (rest[i].price - rest[i - 1].price) * -side;
        if (step < 0 || (step == 0) != (rest[i].level == rest[i - 1].level) || rest[i].side != side)
            abort();
    }
    *orders += count;
}

static void check(const pab_book *book)
{
    pab_book_summary summary;
    memset(&summary, 0, sizeof summary);
    summary.struct_size = sizeof summary;
    uint32_t orders = 0;
    check_side(book, PAB_BUY, &orders);
    check_side(book, PAB_SELL, &orders);
    if (pab_book_describe(book, &summary) != PAB_OK || summary.order_count != orders)
        abort();
}

static void apply(pab_book *book, int64_t now, const operation *op)
{
    pab_order order = {
        .id = op->id,
        .quantity = op->quantity,
        .price = op->tick == 255 ? (int64_t)op->wide << (op->amount % 32) : 1000 + op->tick,
        .agent = op->agent,
        .side = op->kind & 128 ? PAB_BUY : PAB_SELL,
        .flags = op->flags & 15u,
    };
    pab_order fresh = order;
    fresh.quantity = op->amount;
    switch (op->kind % 8) {
    case 0: case 1: case 2: pab_book_limit(book, now, &order); break;
    case 3: pab_book_market(book, now, &order); break;
    case 4: pab_book_cancel(book, now, &order); break;
    case 5: pab_book_partial_cancel(book, now, &order, op->amount); break;
    case 6: pab_book_modify(book, now, &order, &fresh); break;
    default: fresh.id = (int64_t)op->wide; pab_book_replace(book, now, op->agent, &order, &fresh); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t quirks = PAB_QUIRKS_NONE;
    if (size < sizeof quirks)
        return 0;
    memcpy(&quirks, data, sizeof quirks);
    pab_book *book = NULL;
    if (pab_book_new(NULL, quirks & (uint32_t)PAB_QUIRKS_ABIDES, NULL, &book) != PAB_OK)
        abort();
    int64_t now = 0;
    for (size_t at = sizeof quirks; at + sizeof(operation) <= size && now < 2000; at += sizeof(operation)) {
        operation op;
        memcpy(&op, data + at, sizeof op);
        apply(book, ++now, &op);
    }
    check(book);
    pab_book_free(book);
    return 0;
}
