/* One pass over a book that came from a file. The checksum detects damage, this detects states that no operation
 * produces. */
#include "book/check.h"

#include "book/ids.h"
#include "book/levels.h"

enum { FLAGS = PAB_ORDER_HIDDEN | PAB_ORDER_POST_ONLY | PAB_ORDER_PRICE_TO_COMPLY | PAB_ORDER_INSERT_BY_ID |
               PAB_ORDER_IS_MARKET };

typedef struct check {
    const pab__book *b;
    int32_t first_agent, agents; /* owners are in [first_agent, agents) */
    uint8_t *orders, *levels, *blocks; /* marks of the pools */
} check;

static const pab__pool *pool_of(const check *c, int which)
{
    return &c->b->pools[which];
}

static uint32_t hidden_queue(const pab__resting *order)
{
    return (order->flags & PAB_ORDER_HIDDEN) != 0;
}

/* --- Orders in the queues of their levels --- */

/* An order by itself, and with its other half. */
static int order_is_sound(const check *c, uint32_t index)
{
    const pab__resting *o = pab__order_at(c->b, index);
    if (o->side > 1 || o->half > PAB__HALF_HIDDEN || (o->flags & ~FLAGS) != 0)
        return 0;
    if (o->agent < c->first_agent || o->agent >= c->agents)
        return 0;
    if (o->half == PAB__HALF_NONE)
        return o->twin == PAB__NONE;
    if (o->twin >= pool_of(c, PAB__BOOK_ORDERS)->mark.count || c->orders[o->twin] == PAB__SLOT_FREE)
        return 0;
    const pab__resting *twin = pab__order_at(c->b, o->twin);
    return twin->twin == index && twin->id == o->id && twin->side == o->side &&
           twin->half == PAB__HALF_VISIBLE + PAB__HALF_HIDDEN - o->half;
}

/* Walks one queue of a level; adds its shares to *total where they are shown. */
static int queue_is_sound(const check *c, uint32_t side, uint32_t level, uint32_t q, int64_t *total)
{
    const pab__price_level *l = pab__level_at(c->b, level);
    uint32_t prev = PAB__NONE;
    for (uint32_t i = l->queue[q].head; i != PAB__NONE; i = pab__order_at(c->b, i)->next) {
        if (!pab__pool_see(pool_of(c, PAB__BOOK_ORDERS), c->orders, i) || !order_is_sound(c, i))
            return 0;
        const pab__resting *o = pab__order_at(c->b, i);
        if (o->prev != prev || o->level != level || o->side != side || hidden_queue(o) != q)
            return 0;
        *total = q == 0 ? pab__book_add(*total, o->quantity) : *total;
        prev = i;
    }
    return l->queue[q].tail == prev;
}

/* A free slot has no level: the table of ids is built anew by that. */
static int free_orders_are_marked(const check *c)
{
    for (uint32_t i = 0; i < pool_of(c, PAB__BOOK_ORDERS)->mark.count; i++)
        if (c->orders[i] == PAB__SLOT_FREE && pab__order_at(c->b, i)->level != PAB__NONE)
            return 0;
    return 1;
}

/* --- Levels of a side, from best to worst --- */

static int level_is_sound(const check *c, uint32_t side, uint32_t index, int64_t *visible)
{
    const pab__price_level *l = pab__level_at(c->b, index);
    int64_t total = 0;
    if (l->key > PAB__PRICE_MAX + 1 || l->key < -PAB__PRICE_MAX - 2)
        return 0;
    if (l->queue[0].head == PAB__NONE && l->queue[1].head == PAB__NONE)
        return 0;
    if (!queue_is_sound(c, side, index, 0, &total) || !queue_is_sound(c, side, index, 1, &total))
        return 0;
    *visible = pab__book_add(*visible, total);
    return total == l->total && pab__level_find(c->b, side, l->key) == index;
}

static int side_is_sound(const check *c, uint32_t side)
{
    const pab__book_side *s = &c->b->core.sides[side];
    uint32_t prev = PAB__NONE, count = 0;
    int64_t visible = 0;
    for (uint32_t i = s->best; i != PAB__NONE; i = pab__level_at(c->b, i)->next) {
        if (!pab__pool_see(pool_of(c, PAB__BOOK_LEVELS), c->levels, i))
            return 0;
        const pab__price_level *l = pab__level_at(c->b, i);
        if (l->prev != prev || (prev != PAB__NONE && pab__level_at(c->b, prev)->key >= l->key))
            return 0;
        if (!level_is_sound(c, side, i, &visible))
            return 0;
        prev = i;
        count++;
    }
    return count == s->levels && visible == s->visible;
}

/* --- From price to level: the window and the blocks. Their entries are checked before any search uses them. --- */

static int names_level(const check *c, uint32_t level, int64_t key)
{
    return level < pool_of(c, PAB__BOOK_LEVELS)->mark.count && c->levels[level] != PAB__SLOT_FREE &&
           pab__level_at(c->b, level)->key == key;
}

static int window_is_sound(const check *c, uint32_t side)
{
    const pab__book_side *s = &c->b->core.sides[side];
    const pab__window *w = pab__window_of(c->b, side);
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < PAB__WINDOW_TICKS; slot++) {
        int bit = (w->bits[slot / 64] >> slot % 64 & 1) != 0;
        if (bit != (w->level[slot] != 0))
            return 0;
        if (!bit)
            continue;
        int64_t key = (int64_t)((uint64_t)s->window + ((slot - (uint64_t)s->window) % PAB__WINDOW_TICKS));
        if (!names_level(c, w->level[slot] - 1, key))
            return 0;
        count++;
    }
    for (uint32_t word = 0; word < 64; word++)
        if ((w->words >> word & 1) != (word < PAB__WINDOW_TICKS / 64 && w->bits[word] != 0))
            return 0;
    return count == s->window_levels;
}

/* `least`: no key of the block may be below it. Moves it past the block. */
static int block_is_sound(const check *c, const pab__book_side *s, const pab__far_entry *entry, int64_t *least)
{
    if (!pab__pool_see(pool_of(c, PAB__BOOK_FAR), c->blocks, entry->block))
        return 0;
    const pab__far_block *block = pab__pool_at(pool_of(c, PAB__BOOK_FAR), entry->block);
    if (block->count == 0 || block->count > PAB__FAR_LEVELS || block->key[0] != entry->key)
        return 0;
    for (uint32_t i = 0; i < block->count; i++) {
        int64_t key = block->key[i];
        if (key < *least || key == INT64_MAX || pab__window_holds(s, key) || !names_level(c, block->level[i], key))
            return 0;
        *least = key + 1;
    }
    return 1;
}

static int blocks_are_sound(const check *c)
{
    const pab__book_side *sides = c->b->core.sides;
    const pab__pool *directory = pool_of(c, PAB__BOOK_DIRECTORY);
    uint64_t wanted = (uint64_t)sides[0].far_blocks + sides[1].far_blocks;
    if (directory->mark.free_head != PAB__NONE || wanted != directory->mark.count)
        return 0;
    uint32_t at = 0;
    for (uint32_t side = 0; side < 2; side++) {
        int64_t least = INT64_MIN;
        for (uint32_t i = 0; i < sides[side].far_blocks; i++)
            if (!block_is_sound(c, &sides[side], pab__pool_at(directory, at++), &least))
                return 0;
    }
    return pab__pool_all_seen(pool_of(c, PAB__BOOK_FAR), c->blocks);
}

/* --- From id to order --- */

static int ids_are_sound(const check *c)
{
    const pab__pool *ids = pool_of(c, PAB__BOOK_IDS), *orders = pool_of(c, PAB__BOOK_ORDERS);
    uint32_t shift = c->b->core.ids_shift, found = 0, wanted = 0;
    if (shift < 33 || shift > 63 || ids->mark.count != UINT64_C(1) << (64 - shift) ||
        ids->mark.free_head != PAB__NONE)
        return 0;
    for (uint32_t i = 0; i < orders->mark.count; i++)
        wanted += c->orders[i] != PAB__SLOT_FREE && pab__order_at(c->b, i)->half != PAB__HALF_HIDDEN;
    for (uint32_t chain = 0; chain < ids->mark.count; chain++) {
        const uint32_t *link = pab__pool_at(ids, chain);
        for (; *link != 0; link = &pab__order_at(c->b, *link - 1)->chain) {
            uint32_t index = *link - 1;
            if (index >= orders->mark.count || c->orders[index] == PAB__SLOT_FREE || ++found > wanted)
                return 0;
            const pab__resting *o = pab__order_at(c->b, index);
            if (o->half == PAB__HALF_HIDDEN || o->id > c->b->core.newest_id ||
                pab__ids_chain(c->b, o->id) != (const uint32_t *)pab__pool_at(ids, chain))
                return 0;
        }
    }
    return found == wanted;
}

/* --- Transacted volume --- */

static int tape_is_sound(const pab__pool *tape)
{
    if (tape->mark.free_head != PAB__NONE || tape->mark.live != tape->mark.count)
        return 0;
    for (uint32_t i = 1; i < tape->mark.count; i++) {
        const pab__tape_entry *now = pab__pool_at(tape, i), *before = pab__pool_at(tape, i - 1);
        if (now->time <= before->time)
            return 0;
    }
    return 1;
}

/* --- All of it --- */

/* Each step relies on those before it. */
static const char *find_fault(const check *c)
{
    if (!pab__pool_find_live(pool_of(c, PAB__BOOK_ORDERS), c->orders) || !free_orders_are_marked(c))
        return "its free orders are not a list";
    if (!pab__pool_find_live(pool_of(c, PAB__BOOK_LEVELS), c->levels))
        return "its free levels are not a list";
    if (pool_of(c, PAB__BOOK_WINDOWS)->mark.count != 2 || !window_is_sound(c, 0) || !window_is_sound(c, 1))
        return "its window of prices names levels that are not there";
    if (!pab__pool_find_live(pool_of(c, PAB__BOOK_FAR), c->blocks) || !blocks_are_sound(c))
        return "its blocks of prices name levels that are not there";
    if (!side_is_sound(c, 0) || !side_is_sound(c, 1) ||
        !pab__pool_all_seen(pool_of(c, PAB__BOOK_LEVELS), c->levels) ||
        !pab__pool_all_seen(pool_of(c, PAB__BOOK_ORDERS), c->orders))
        return "its levels and orders do not hang together";
    if (!ids_are_sound(c))
        return "its table of order ids does not lead to its orders";
    if (!tape_is_sound(pool_of(c, PAB__BOOK_TAPE)) || !tape_is_sound(pool_of(c, PAB__BOOK_TAPE_SOLD)))
        return "its record of volume is out of order";
    return NULL;
}

static size_t count_of(const pab__book *b, int which)
{
    return b->pools[which].mark.count;
}

const char *pab__book_check(const pab__book *b, int32_t first_agent, int32_t agents, uint8_t *room)
{
    uint8_t *levels = room + count_of(b, PAB__BOOK_ORDERS);
    const check c = {.b = b, .first_agent = first_agent, .agents = agents, .orders = room, .levels = levels,
                     .blocks = levels + count_of(b, PAB__BOOK_LEVELS)};
    return find_fault(&c);
}
