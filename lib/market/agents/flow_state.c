/* Whether a state that was read from a file is one that a flow agent can have: none may lead out of the market, or ask
 * for endless work. */
#include <string.h>

#include "market/agents/flow.h"

static int all_within(const double *x, size_t count, double least, double most)
{
    for (size_t i = 0; i < count; i++)
        if (!(x[i] >= least && x[i] <= most))
            return 0;
    return 1;
}

static int price_is_sound(int64_t price)
{
    return price >= 0 && price <= PAB__PRICE_MAX / 2;
}

/* Orders or shares that a task may still have to go. */
static double most_left(const pab__flow_params *p, int kind)
{
    return kind == PAB__TASK_CANCEL ? 1e18 : kind == PAB__TASK_REFILL ? 1e4 * p->depth * p->thickness : 100;
}

static int tasks_are_sound(const pab__flow_params *p, const pab__agenda *a)
{
    if (a->count > PAB__AGENDA_SIZE)
        return 0;
    for (uint32_t i = 0; i < a->count; i++) {
        const pab__task *t = &a->task[i];
        if (t->kind >= PAB__TASK_KINDS || t->side > 1 || t->mark > 1 || !price_is_sound(t->price) || t->time < 0 ||
            t->left < 0 || (double)t->left > most_left(p, t->kind))
            return 0;
    }
    static const pab__task none;
    for (uint32_t i = a->count; i < PAB__AGENDA_SIZE; i++)
        if (memcmp(&a->task[i], &none, sizeof none) != 0)
            return 0;
    return 1;
}

static int generator_is_sound(const pab__flow_draw *d)
{
    return (d->word[0] | d->word[1] | d->word[2] | d->word[3]) != 0 && fabs(d->spare) < 100;
}

/* What is worked out from the rest is kept in the state, and must be what comes out again. */
static int caches_are_sound(const pab_agent *self, const pab__flow *s)
{
    pab__flow again = *s;
    pab__flow_leg l = {.p = pab_agent_params(self), .s = &again};
    pab__flow_lean(&l);
    for (uint32_t side = 0; side < 2; side++)
        if (s->queue[side] != -1) {
            again.queue[side] = -1;
            if (s->queue[side] < 1)
                return 0;
            pab__flow_measure(&l, side, s->queue[side]);
        }
    return memcmp(&again, s, sizeof again) == 0;
}

static int numbers_are_sound(const pab__flow *s)
{
    const double far = 1e15, factor = 1e6;
    for (int i = 0; i < PAB__FLOW_METAORDERS; i++)
        if (s->meta_sign[i] < -1 || s->meta_sign[i] > 1)
            return 0;
    int32_t flags = s->opened | s->on_clock | s->falling[0] | s->falling[1] | s->forced[0] | s->forced[1] |
                    s->alone[0] | s->alone[1];
    return (flags & ~1) == 0 && all_within(s->meta_left, PAB__FLOW_METAORDERS, -1, far) &&
           all_within(&s->meta_push, 1, 0, factor) && all_within(&s->reference, 1, -far, far) &&
           all_within(&s->own, 1, -far, far) && all_within(s->passing, 3, -far, far) &&
           all_within(&s->gap, 1, -far, far) && all_within(&s->net, 1, -far, far) &&
           all_within(&s->slow, 1, -100, 100) && all_within(&s->burst, 1, -100, 100) &&
           all_within(&s->depth, 1, -100, 100) && all_within(&s->activity, 1, 0, factor) &&
           all_within(&s->calm_activity, 1, 0, factor) && all_within(&s->news_sd, 1, 0, factor) &&
           all_within(&s->depth_factor, 1, 1 / factor, factor) && all_within(s->hits, 2, 0, far) &&
           all_within(s->seen, 2, 0, far) && all_within(s->expected, 2, -far, far) &&
           all_within(&s->counted, 1, 0, far) && all_within(s->ratio, 2, -far, far) &&
           all_within(s->rate, PAB__FLOW_KINDS + 1, 0, far);
}

/* The counts of orders, which a random choice relies on, are those of the queues. */
static int counts_are_sound(const pab_agent *self, const pab__flow *s)
{
    const pab__resident at = {self->m, &self->m->books[self->symbol], self->id, self->symbol};
    for (uint32_t side = 0; side < 2; side++) {
        const pab__price_level *level = pab__resident_level(&at, side, s->best[side]);
        int32_t n = 0;
        if (s->orders[side] < 0)
            continue;
        for (uint32_t i = level ? level->queue[0].head : PAB__NONE; i != PAB__NONE; i = pab__order_at(at.book, i)->next)
            n++;
        if (n != s->orders[side])
            return 0;
    }
    return 1;
}

int32_t pab__flow_accepts(pab_agent *self, const void *own)
{
    const pab__flow *s = own;
    const pab_scenario *scn = self->m->scn;
    if (s->sibling < -1 || s->sibling >= (int32_t)scn->agent_count)
        return 0;
    if (s->sibling >= 0 && (scn->group_of[s->sibling] == UINT16_MAX ||
                            pab__group_at(self->m, s->sibling)->builtin != &pab__flow_agent))
        return 0;
    if (!price_is_sound(s->best[0]) || !price_is_sound(s->best[1]) || s->due < 0 || s->step_due < 0)
        return 0;
    return tasks_are_sound(pab_agent_params(self), &s->agenda) && generator_is_sound(&s->draw) &&
           generator_is_sound(&s->path) && numbers_are_sound(s) && counts_are_sound(self, s) &&
           (!s->opened || caches_are_sound(self, s));
}
