/* One order book on its own: orders in, notifications out, no agents and no delays. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <inttypes.h>
#include <stdio.h>

enum { ALICE = 1, BOB = 2, CAROL = 3 };

static void print_event(void *user, const pab_book_event *event)
{
    int64_t *filled = user;
    const pab_order *order = &event->order;
    printf("  agent %d receives %s: order %" PRId64 ", %" PRId64 " shares", event->recipient,
           pab_message_name(event->type), order->id, order->quantity);
    if (event->type == PAB_MSG_ORDER_EXECUTED) {
        printf(" at %" PRId64, event->fill_price);
        if (event->flags & PAB_MSG_FLAG_INCOMING)
            *filled += order->quantity;
    }
    printf("\n");
}

static void enter(pab_book *book, int64_t now, int64_t id, int32_t agent, int32_t side, int64_t quantity, int64_t price)
{
    pab_order order = {.id = id, .agent = agent, .side = side, .quantity = quantity, .price = price};
    printf("agent %d %s %" PRId64 " at %" PRId64 "\n", agent, side == PAB_BUY ? "bids for" : "offers", quantity, price);
    must(pab_book_limit(book, now, &order));
}

int main(void)
{
    int64_t filled = 0; /* shares taken by aggressors */
    pab_book_sink sink = {.struct_size = sizeof sink, .user = &filled, .event = print_event};
    pab_book *book;
    pab_level bid, ask;
    must(pab_book_new(NULL, PAB_QUIRKS_NONE, &sink, &book));

    enter(book, 1, 1, ALICE, PAB_SELL, 100, 10002);
    enter(book, 2, 2, BOB, PAB_SELL, 50, 10002); /* behind Alice at the same price */
    enter(book, 3, 3, BOB, PAB_BUY, 80, 9998);
    enter(book, 4, 4, CAROL, PAB_BUY, 120, 10002); /* takes all of Alice's and some of Bob's */

    pab_order withdrawn = {.id = 3, .agent = BOB, .side = PAB_BUY, .quantity = 80, .price = 9998};
    printf("agent %d cancels\n", BOB);
    must(pab_book_cancel(book, 5, &withdrawn));

    must(pab_book_l1(book, &bid, &ask));
    printf("bid side %s; best ask %" PRId64 " for %" PRId64 " shares\n", bid.quantity ? "has orders" : "is empty",
           ask.price, ask.quantity);
    pab_book_free(book);
    return filled == 120 && bid.quantity == 0 && ask.price == 10002 && ask.quantity == 30 ? 0 : 1;
}
