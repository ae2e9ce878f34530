/* The fall of a touch: a hazard starts it, each stage takes a part of the queue, and then somebody closes the spread.
 * Also the levels behind the touch, which always exist. */
#include "market/agents/flow.h"

static int64_t away_from_mid(uint32_t side)
{
    return side == 0 ? -1 : 1;
}

static double lognormal(pab__flow_leg *l, double mean, double sd)
{
    return mean * exp(sd * pab__flow_normal(&l->s->draw) - sd * sd / 2);
}

/* --- Levels --- */

static void fill_level(pab__flow_leg *l, uint32_t side, int64_t price, double sd)
{
    double wanted = lognormal(l, l->p->depth * l->s->depth_factor, sd);
    int64_t shares = pab__flow_shares(pab__resident_level(&l->at, side, price));
    if (price < 1)
        return;
    do {
        int64_t size = pab__flow_add_size(l);
        pab__resident_post(&l->at, side, size, price);
        shares += size;
    } while ((double)shares < wanted);
}

/* Fills what is empty from the best price outwards. */
static void keep_levels(pab__flow_leg *l)
{
    for (uint32_t side = 0; side < 2; side++)
        for (int64_t i = 0; i < PAB__FLOW_LEVELS; i++) {
            int64_t price = l->s->best[side] + i * away_from_mid(side);
            const pab__price_level *level = pab__resident_level(&l->at, side, price);
            if (!level || level->total == 0)
                fill_level(l, side, price, l->p->depth_sd);
        }
}

void pab__flow_behind(pab__flow_leg *l, uint32_t side, int adds)
{
    int64_t price = l->s->best[side] + away_from_mid(side);
    if (adds && price >= 1)
        pab__resident_post(&l->at, side, pab__flow_add_size(l), price);
    else
        pab__flow_cancel_one(l, side, price, 0);
}

void pab__flow_open(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    int64_t price = l->at.m->scn->symbols[l->at.symbol].oracle.r_bar;
    s->best[0] = price;
    s->best[1] = price + 1;
    s->doubled_mid = 2 * price + 1;
    s->reference = (double)price + 0.5;
    s->ratio[0] = s->ratio[1] = 0.7; /* about where the compensator settles */
    s->opened = 1;
    keep_levels(l);
    pab__flow_begin(l);
    pab__flow_look(l);
}

/* --- Seeing that a touch is gone --- */

static void note_mid(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    int64_t mid = s->best[0] + s->best[1];
    if (mid != s->doubled_mid) {
        s->moved = mid > s->doubled_mid ? 1 : -1;
        s->moved_time = l->now;
        s->doubled_mid = mid;
    }
    pab__flow_gap(l);
}

static void plan_answer(pab__flow_leg *l, uint32_t side, int64_t mean)
{
    pab__task task = {.time = pab__flow_after(l, mean), .kind = PAB__TASK_ANSWER, .side = (uint8_t)side};
    pab__agenda_push(&l->s->agenda, &task);
}

void pab__flow_look(pab__flow_leg *l)
{
    pab__flow *s = l->s;
    int lost[2] = {0, 0}, changed = 0;
    for (uint32_t side = 0; side < 2; side++) {
        const pab__price_level *level = pab__resident_best(&l->at, side);
        int64_t out = away_from_mid(side), was = s->best[side];
        int64_t price = level ? pab__resident_price(side, level) : was + out;
        changed |= price != was;
        lost[side] = (price - was) * out > 0;
        s->best[side] = price;
        if (price != was)
            s->falling[side] = 0, s->orders[side] = -1;
    }
    if (!changed)
        return;
    if (s->best[0] < 1)
        s->best[0] = 1;
    if (s->best[1] <= s->best[0])
        s->best[1] = s->best[0] + 1;
    keep_levels(l);
    note_mid(l);
    for (uint32_t side = 0; side < 2; side++)
        if (lost[side]) {
            int late = pab__flow_uniform(&s->draw) < l->p->answer_late;
            plan_answer(l, side, s->alone[side] ? l->p->alone_time
                                 : late         ? l->p->answer_late_time
                                                : l->p->answer_time);
            s->alone[side] = 0;
        }
}

/* --- The fall --- */

enum { CANCELS = 1 /* mark of a sweep that is cancels only */ };

static void plan_sweep(pab__flow_leg *l, uint32_t side, int64_t stages, int cancels, int64_t time)
{
    pab__task task = {.time = time, .price = l->s->best[side], .left = stages, .kind = PAB__TASK_SWEEP,
                      .side = (uint8_t)side, .mark = (uint8_t)cancels};
    pab__agenda_push(&l->s->agenda, &task);
}

static void start_sweep(pab__flow_leg *l, uint32_t side, int64_t stages)
{
    l->s->falling[side] = 1;
    plan_sweep(l, side, stages, pab__flow_uniform(&l->s->draw) < l->p->sweep_cancels ? CANCELS : 0, l->now);
}

void pab__flow_fall(pab__flow_leg *l, uint32_t side)
{
    enum { STAGES = 12 };
    pab__flow *s = l->s;
    double alone = l->p->fall_alone;
    s->alone[side] = l->p->alone_time > 0 && pab__flow_uniform(&s->draw) * (s->fall[side] + alone) < alone;
    start_sweep(l, side, pab__flow_geometric(&s->draw, 1 - 1 / l->p->sweep_orders, STAGES));
}

/* The shares that a stage takes, of those there are. */
static int64_t stage_takes(pab__flow_leg *l, int64_t shares, int64_t stages)
{
    double part = stages <= 1 ? 1 : (0.6 + 0.8 * pab__flow_uniform(&l->s->draw)) / (double)stages;
    int64_t take = part >= 1 ? shares : (int64_t)((double)shares * part / 100) * 100;
    take = take < 100 ? 100 : take;
    return take < shares ? take : shares;
}

static void sweep_by_trade(pab__flow_leg *l, uint32_t side, int64_t take)
{
    double part = 2 * l->p->sweep_away * pab__flow_uniform(&l->s->draw);
    int64_t away = (int64_t)((double)take * part / 100) * 100;
    if (away > 0)
        pab__flow_away(l, side, away, 0);
    pab__flow_take(l, side, take);
    l->s->hits[side] += 1;
}

static void sweep_by_cancels(pab__flow_leg *l, uint32_t side, int64_t price, int64_t take)
{
    while (take > 0) {
        int64_t gone = pab__flow_cancel_one(l, side, price, 1);
        if (gone == 0)
            return;
        take -= gone;
    }
}

void pab__flow_sweep(pab__flow_leg *l, const pab__task *task)
{
    pab__flow *s = l->s;
    uint32_t side = task->side;
    const pab__price_level *level = pab__resident_best(&l->at, side);
    if (!s->falling[side] || task->price != s->best[side] || !level)
        return;
    if (task->left > 1)
        plan_sweep(l, side, task->left - 1, task->mark, pab__flow_after(l, l->p->sweep_gap));
    int64_t take = stage_takes(l, level->total, task->left);
    if (task->mark != CANCELS && pab__flow_uniform(&s->draw) < l->p->sweep_hits)
        sweep_by_trade(l, side, take);
    else
        sweep_by_cancels(l, side, task->price, take);
    if (task->left <= 1)
        s->falling[side] = 0; /* what is left is another agent's: it stays as the touch */
    pab__flow_look(l);
}

/* --- The answer --- */

/* The price that closes the spread, or narrows it by a tick; and whose side that is. */
static void place_of_answer(const pab__flow *s, uint32_t lost, int moves, uint32_t *side, int64_t *price)
{
    int wide = s->best[1] - s->best[0] > 2;
    *side = moves ? 1 - lost : lost;
    if (*side == 0)
        *price = wide ? s->best[0] + 1 : s->best[1] - 1;
    else
        *price = wide ? s->best[1] - 1 : s->best[0] + 1;
}

static void plan_refill(pab__flow_leg *l, uint32_t side, int64_t price, int64_t left)
{
    /* Each of the orders comes after a time of the same mean, so the first of them sooner. */
    double orders = (double)left / l->p->tables.mean_add;
    orders = orders > 1 ? orders : 1;
    pab__task task = {.time = pab__flow_after(l, (int64_t)((double)l->p->refill_gap / orders)), .price = price,
                      .left = left, .kind = PAB__TASK_REFILL, .side = (uint8_t)side};
    if (left > 0)
        pab__agenda_push(&l->s->agenda, &task);
}

void pab__flow_answer(pab__flow_leg *l, const pab__task *task)
{
    pab__flow *s = l->s;
    const pab__flow_params *p = l->p;
    uint32_t lost = task->side, side;
    int64_t price;
    if (s->best[1] - s->best[0] <= 1)
        return;
    double x = pab__flow_adverse(l, lost); /* the mid has moved half a tick since the fall began */
    int forced = s->forced[lost];
    int moves = forced || pab__flow_uniform(&s->draw) < 1 / (1 + exp(-p->move_slope * (x - p->move_at)));
    s->forced[lost] = 0;
    place_of_answer(s, lost, moves, &side, &price);
    int64_t size = pab__flow_add_size(l);
    pab__resident_post(&l->at, side, size, price);
    pab__flow_look(l);
    if (moves && !forced && pab__flow_uniform(&s->draw) < p->flick) {
        pab__task undo = {.time = pab__flow_after(l, p->flick_time), .price = price, .kind = PAB__TASK_FLICK,
                          .side = (uint8_t)side};
        pab__agenda_push(&s->agenda, &undo);
    }
    double wanted = lognormal(l, p->depth * s->depth_factor * p->moved_depth * (moves ? 1 : 0.5), p->moved_sd);
    plan_refill(l, side, price, (int64_t)wanted - size);
    if (s->best[1] - s->best[0] > 1)
        plan_answer(l, lost, p->answer_time);
}

void pab__flow_refill(pab__flow_leg *l, const pab__task *task)
{
    if (task->price != l->s->best[task->side] || l->s->falling[task->side])
        return;
    int64_t size = pab__flow_add_size(l);
    pab__resident_post(&l->at, task->side, size, task->price);
    l->s->orders[task->side] += l->s->orders[task->side] >= 0;
    plan_refill(l, task->side, task->price, task->left - size);
}

/* The move is undone: the side that was just posted falls again, and the other comes back. */
void pab__flow_flick(pab__flow_leg *l, const pab__task *task)
{
    pab__flow *s = l->s;
    if (s->best[1] - s->best[0] > 1 || s->falling[task->side] || task->price != s->best[task->side])
        return;
    s->forced[task->side] = 1;
    start_sweep(l, task->side, 1);
}
