/* What a crowd sends in calm times: adds, cancels, clusters of trades, prints of other venues. */
#include "market/agents/flow.h"

static int64_t size_of(pab__flow_leg *l, const uint32_t *sizes, double odd)
{
    pab__flow_draw *d = &l->s->draw;
    uint64_t word = pab__flow_word(d);
    int64_t size = sizes[word % PAB__FLOW_SIZES];
    if ((double)(word >> 32) * 0x1p-32 >= odd)
        return size;
    return 1 + (int64_t)pab__flow_below(d, 99) + (size > 150 ? size : 0);
}

int64_t pab__flow_add_size(pab__flow_leg *l)
{
    return size_of(l, l->p->tables.add_size, l->p->odd_adds);
}

static int64_t trade_size(pab__flow_leg *l)
{
    return size_of(l, l->p->tables.trade_size, l->p->odd_trades);
}

/* --- Adds and cancels --- */

void pab__flow_add(pab__flow_leg *l, uint32_t side)
{
    pab__agenda *a = &l->s->agenda;
    int64_t price = l->s->best[side], id = pab__resident_post(&l->at, side, pab__flow_add_size(l), price);
    l->s->orders[side] += l->s->orders[side] >= 0;
    if (pab__flow_uniform(&l->s->draw) >= l->p->short_share || a->count >= PAB__AGENDA_CANCELS)
        return;
    pab__task task = {.time = pab__flow_after(l, l->p->short_life), .price = price, .left = id,
                      .kind = PAB__TASK_CANCEL, .side = (uint8_t)side};
    pab__agenda_push(a, &task);
}

/* A short-lived order goes, but never the last of a touch. */
void pab__flow_cancel_id(pab__flow_leg *l, const pab__task *task)
{
    pab_order wanted = {.id = task->left, .price = task->price, .side = task->side == 0 ? PAB_BUY : PAB_SELL};
    uint32_t *link, order = pab__order_find(l->at.book, &wanted, &link);
    if (order == PAB__NONE)
        return;
    const pab__price_level *level = pab__level_at(l->at.book, pab__order_at(l->at.book, order)->level);
    int touch = task->price == l->s->best[task->side];
    if (touch && level->queue[0].head == level->queue[0].tail)
        return;
    pab__resident_cancel(&l->at, order);
    l->s->orders[task->side] -= touch && l->s->orders[task->side] > 0;
}

static int32_t count_orders(const pab__flow_leg *l, const pab__price_level *level)
{
    int32_t n = 0;
    for (uint32_t at = level->queue[0].head; at != PAB__NONE; at = pab__order_at(l->at.book, at)->next)
        n++;
    return n;
}

/* One of the crowd's orders in a queue of n, PAB__NONE if there are none: each as likely, but that the crowd's first
 * order after another agent's answers for that one too. */
static uint32_t random_order(pab__flow_leg *l, const pab__price_level *level, int32_t n)
{
    const pab__book *b = l->at.book;
    int32_t at = (int32_t)pab__flow_below(&l->s->draw, (uint32_t)n), from_head = at < n / 2;
    uint32_t order = from_head ? level->queue[0].head : level->queue[0].tail;
    for (int32_t i = from_head ? at : n - 1 - at; i > 0 && order != PAB__NONE; i--)
        order = from_head ? pab__order_at(b, order)->next : pab__order_at(b, order)->prev;
    order = order == PAB__NONE ? level->queue[0].head : order;
    for (int32_t i = 0; i < n && pab__order_at(b, order)->agent != l->at.agent; i++) {
        uint32_t next = pab__order_at(b, order)->next;
        order = next == PAB__NONE ? level->queue[0].head : next;
    }
    return pab__order_at(b, order)->agent == l->at.agent ? order : PAB__NONE;
}

int64_t pab__flow_cancel_one(pab__flow_leg *l, uint32_t side, int64_t price, int last)
{
    pab__flow *s = l->s;
    const pab__price_level *level = pab__resident_level(&l->at, side, price);
    int touch = price == s->best[side];
    if (!level || level->queue[0].head == PAB__NONE || (!last && level->queue[0].head == level->queue[0].tail))
        return 0;
    int32_t n = touch && s->orders[side] > 0 ? s->orders[side] : count_orders(l, level);
    uint32_t order = random_order(l, level, n);
    if (touch)
        s->orders[side] = order == PAB__NONE ? n : n - 1;
    if (order == PAB__NONE)
        return 0;
    int64_t shares = pab__order_at(l->at.book, order)->quantity;
    pab__resident_cancel(&l->at, order);
    return shares;
}

void pab__flow_take(pab__flow_leg *l, uint32_t side, int64_t quantity)
{
    pab__resident_take(&l->at, side, quantity);
    l->s->orders[side] = -1;
}

/* --- Metaorders --- */

static void push_of_metaorders(pab__flow_leg *l)
{
    double sum = 0;
    for (int64_t i = 0; i < l->p->metaorders; i++)
        sum += l->s->meta_sign[i];
    l->s->meta_push = exp(l->p->meta_lean * sum / (double)l->p->metaorders);
    l->moved = 1;
}

static void renew(pab__flow_leg *l, int64_t i)
{
    pab__flow_draw *d = &l->s->draw;
    l->s->meta_sign[i] = pab__flow_uniform(d) < 0.5 ? 1 : -1;
    l->s->meta_left[i] = l->p->meta_least * pow(pab__flow_uniform(d), -1 / l->p->meta_tail);
}

void pab__flow_begin(pab__flow_leg *l)
{
    for (int64_t i = 0; i < l->p->metaorders; i++)
        renew(l, i);
    push_of_metaorders(l);
}

/* A cluster serves one of the metaorders of its sign, if there is any. */
static void serve(pab__flow_leg *l, int32_t sign)
{
    uint32_t n = (uint32_t)l->p->metaorders, first = pab__flow_below(&l->s->draw, n);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = (first + j) % n;
        if (l->s->meta_sign[i] != sign)
            continue;
        if ((l->s->meta_left[i] -= 1) <= 0) {
            renew(l, i);
            push_of_metaorders(l);
        }
        return;
    }
}

/* --- Trades --- */

void pab__flow_away(pab__flow_leg *l, uint32_t side, int64_t quantity, int moves)
{
    enum { PIECES = 80 };
    int64_t left = quantity, price = l->s->best[side];
    for (int i = 0; left > 0; i++) {
        int64_t piece = i >= PIECES ? left : (int64_t)((double)pab__flow_add_size(l) * l->p->away_piece);
        piece = piece < 1 ? 1 : piece < left ? piece : left;
        pab__resident_print(&l->at, side, piece, price);
        left -= piece;
    }
    if (moves)
        pab__flow_impact(l, side, (double)quantity, 1);
    l->s->hits[side] += 1;
}

/* An order of a cluster. One that would empty the queue mostly leaves a lot, unless the price is about to go. */
static void trade(pab__flow_leg *l, uint32_t side, int here)
{
    const pab__flow_params *p = l->p;
    int64_t size = trade_size(l), shown = pab__flow_shares(pab__resident_best(&l->at, side));
    if (!here) {
        pab__flow_away(l, side, size, 1);
        return;
    }
    double x = pab__flow_adverse(l, side);
    if (size >= shown && pab__flow_uniform(&l->s->draw) > 1 / (1 + pab__quick_exp(-p->keep_slope * (x - p->keep_at))))
        size = shown - 100;
    size = size < shown ? size : shown;
    if (size <= 0)
        return;
    pab__flow_take(l, side, size);
    pab__flow_impact(l, side, (double)size, 1);
    l->s->hits[side] += 1;
    pab__flow_look(l);
}

static void plan_cluster(pab__flow_leg *l, uint32_t side, int64_t left, int here)
{
    const int64_t least = 200000; /* ns */
    pab__task task = {.time = pab__flow_after(l, l->p->cluster_gap) + least, .left = left, .kind = PAB__TASK_CLUSTER,
                      .side = (uint8_t)side, .mark = (uint8_t)here};
    if (left > 0 && l->s->agenda.count < PAB__AGENDA_CLUSTERS)
        pab__agenda_push(&l->s->agenda, &task);
}

void pab__flow_cluster(pab__flow_leg *l, uint32_t side)
{
    enum { MORE = 80 };
    const pab__flow_params *p = l->p;
    pab__flow_draw *d = &l->s->draw;
    int64_t more = 0;
    serve(l, side == 1 ? 1 : -1);
    if (pab__flow_uniform(d) > p->cluster_single) {
        double again = pab__flow_uniform(d) < p->cluster_long ? p->cluster_more_long : p->cluster_more;
        more = pab__flow_geometric(d, again, MORE);
    }
    int here = pab__flow_uniform(d) < p->on_queue;
    plan_cluster(l, side, more, here);
    trade(l, side, here);
}

void pab__flow_cluster_next(pab__flow_leg *l, const pab__task *task)
{
    plan_cluster(l, task->side, task->left - 1, task->mark);
    if (l->s->best[1] - l->s->best[0] <= 1) /* dropped while the spread is open */
        trade(l, task->side, task->mark);
}
