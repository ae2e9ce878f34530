/* Learned experts as handles: life and introspection. */
#include "qlearn/qtable.h"

#include <string.h>

static const struct {
    uint32_t states, actions;
} shape[PAB_TABLE_COUNT] = {
    {PAB__BINS_LEG_STATES, PAB_ENV_LEG_ACTIONS},
    {PAB__BINS_LEG_STATES, PAB_ENV_LEG_ACTIONS},
    {PAB__BINS_PAIR_STATES, PAB__ACTION_CLASS_PAIRS},
};

pab_status pab__qtable_new(const pab_host *host, int32_t expert, pab_qtable **out)
{
    pab_qtable *q = pab__alloc(host, sizeof *q);
    if (!q)
        return pab__fail(PAB_E_MEMORY, "no memory for a learned expert");
    q->host = *host;
    q->expert = expert;
    pab__bins_fixed(&q->bins);
    pab_status status = PAB_OK;
    for (int i = 0; status == PAB_OK && i < PAB_TABLE_COUNT; i++) {
        status = pab__table_new(host, shape[i].states, shape[i].actions, &q->table[i]);
        q->verdict[i] = (pab__qtable_verdict){.mode = PAB_TABLE_RULE, .scale = 1};
    }
    if (status != PAB_OK) {
        pab_qtable_free(q);
        return status;
    }
    *out = q;
    return PAB_OK;
}

void pab_qtable_free(pab_qtable *q)
{
    if (!q)
        return;
    pab_host host = q->host;
    for (int i = 0; i < PAB_TABLE_COUNT; i++)
        pab__table_free(&q->table[i]);
    pab__release(&host, q->curve, q->room * sizeof *q->curve);
    pab__release(&host, q, sizeof *q);
}

pab_status pab__qtable_add_round(pab_qtable *q, const pab_qtable_round *round)
{
    if (q->rounds == q->room) {
        uint32_t room = q->room > 0 ? 2 * q->room : 64;
        pab_qtable_round *curve = pab__alloc(&q->host, room * sizeof *curve);
        if (!curve)
            return pab__fail(PAB_E_MEMORY, "no memory for a learning curve of %u rounds", room);
        if (q->rounds > 0)
            memcpy(curve, q->curve, q->rounds * sizeof *curve);
        pab__release(&q->host, q->curve, q->room * sizeof *curve);
        q->curve = curve;
        q->room = room;
    }
    q->curve[q->rounds] = *round;
    q->curve[q->rounds++].struct_size = sizeof *round;
    return PAB_OK;
}

int32_t pab_qtable_expert(const pab_qtable *q)
{
    return q ? q->expert : -1;
}

static pab_status check(const pab_qtable *q, int32_t table)
{
    if (!q)
        return pab__fail(PAB_E_ARGUMENT, "q is NULL; expected a learned expert");
    if (table < 0 || table >= PAB_TABLE_COUNT)
        return pab__fail(PAB_E_RANGE, "table %d does not exist; expected 0 to %d", table, PAB_TABLE_COUNT - 1);
    return PAB_OK;
}

pab_status pab_qtable_describe(const pab_qtable *q, int32_t table, pab_qtable_info *out)
{
    pab_status status = check(q, table);
    if (status != PAB_OK)
        return status;
    const pab__table *t = &q->table[table];
    const pab__qtable_verdict *v = &q->verdict[table];
    pab_qtable_info full = {
        .struct_size = sizeof full,
        .mode = v->mode,
        .states = t->states,
        .actions = t->actions,
        .visited = pab__table_visited(t),
        .best_round = v->best_round,
        .scale = v->scale,
        .gain = v->gain,
        .gain_error = v->gain_error,
        .plain_gain = v->plain_gain,
        .confident_gain = v->confident_gain,
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_qtable_info, confident_gain), "out");
}

static void read_cells(const pab__table_cell *x, const pab__table_cell *y, pab_qtable_entry *out)
{
    out->value = 0.5 * (x->value + y->value);
    out->count = x->count + y->count;
    out->error = pab__table_cells_error(x, y);
}

static void read_row(const pab__table *t, uint32_t state, uint32_t column, pab_qtable_entry *out)
{
    out->visits = t->visits[state];
    read_cells(&pab__table_at(t, 0, state)[column], &pab__table_at(t, 1, state)[column], out);
}

static void read_shared(const pab__table *t, int32_t advice, uint32_t action, pab_qtable_entry *out)
{
    out->visits = (uint32_t)pab__table_compared(t, advice);
    read_cells(&pab__table_shared(t, 0, advice)[action], &pab__table_shared(t, 1, advice)[action], out);
}

pab_status pab_qtable_read(const pab_qtable *q, int32_t table, uint32_t state, int32_t action, pab_qtable_entry *out)
{
    pab_status status = check(q, table);
    if (status != PAB_OK)
        return status;
    const pab__table *t = &q->table[table];
    uint32_t rows = t->states + t->actions, columns = state < t->states ? t->actions + 1 : t->actions;
    if (state >= rows || action < 0 || (uint32_t)action >= columns)
        return pab__fail(PAB_E_RANGE, "entry (%u, %d) does not exist; expected rows 0 to %u, actions 0 to %u", state,
                         action, rows - 1, columns - 1);
    pab_qtable_entry full = {.struct_size = sizeof full};
    if (state < t->states)
        read_row(t, state, (uint32_t)action, &full);
    else
        read_shared(t, (int32_t)(state - t->states), (uint32_t)action, &full);
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_qtable_entry, error), "out");
}

pab_status pab_qtable_curve(const pab_qtable *q, uint32_t index, pab_qtable_round *out)
{
    if (!q)
        return pab__fail(PAB_E_ARGUMENT, "q is NULL; expected a learned expert");
    if (index >= q->rounds)
        return pab__fail(PAB_E_RANGE, "round %u does not exist; the learning curve has %u", index, q->rounds);
    return pab__record_out(out, &q->curve[index], sizeof *q->curve, PAB__UPTO(pab_qtable_round, agreement), "out");
}
