/* Learned experts as files: only rows that were visited are kept. */
#include "qlearn/qtable.h"

static const pab__file_kind qtable_kind = {{'Q', 'T', 'B', 'L'}, 1, "a learned expert"};

static void write_cells(const pab__table_cell *cell, size_t count, pab__bytes *out)
{
    for (size_t i = 0; i < count; i++) {
        pab__bytes_put_real(out, cell[i].value);
        pab__bytes_put_real(out, cell[i].mean);
        pab__bytes_put_real(out, cell[i].m2);
        pab__bytes_put_real(out, cell[i].count);
    }
}

static void read_cells(pab__table_cell *cell, size_t count, pab__bytes *in)
{
    for (size_t i = 0; i < count; i++) {
        cell[i].value = pab__bytes_get_finite(in);
        cell[i].mean = pab__bytes_get_finite(in);
        cell[i].m2 = pab__bytes_get_finite(in);
        cell[i].count = pab__bytes_get_finite(in);
        in->bad |= cell[i].count < 0;
    }
}

void pab__table_write(const pab__table *t, pab__bytes *out)
{
    pab__bytes_put_u32(out, pab__table_visited(t));
    for (uint32_t s = 0; s < t->states; s++) {
        if (t->visits[s] == 0)
            continue;
        pab__bytes_put_u32(out, s);
        pab__bytes_put_u32(out, t->visits[s]);
        for (int half = 0; half < PAB__TABLE_HALVES; half++)
            write_cells(pab__table_at(t, half, s), t->actions + 1, out);
    }
    write_cells(t->shared, pab__table_shared_count(t), out);
}

int pab__table_read(pab__table *t, pab__bytes *in)
{
    uint32_t rows = pab__bytes_get_u32(in);
    pab__table_clear(t);
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t s = pab__bytes_get_u32(in), visits = (uint32_t)pab__bytes_get_u32(in);
        if (in->bad || s >= t->states || t->visits[s] != 0 || visits == 0)
            return 0;
        t->visits[s] = visits;
        for (int half = 0; half < PAB__TABLE_HALVES; half++)
            read_cells(pab__table_at(t, half, s), t->actions + 1, in);
    }
    read_cells(t->shared, pab__table_shared_count(t), in);
    return !in->bad;
}

static void write_factors(const pab__bins_factor *factor, int32_t count, pab__bytes *out)
{
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 0; k < factor[i].edges; k++)
            pab__bytes_put_real(out, factor[i].edge[k]);
}

static void read_factors(pab__bins_factor *factor, int32_t count, pab__bytes *in)
{
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 0; k < factor[i].edges; k++)
            factor[i].edge[k] = pab__bytes_get_finite(in);
}

/* Edges ascend. */
static int factors_are_sound(const pab__bins_factor *factor, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 1; k < factor[i].edges; k++)
            if (factor[i].edge[k] < factor[i].edge[k - 1])
                return 0;
    return 1;
}

/* Reals of a round of the curve, in the order of the record. */
enum { ROUND_REALS = 12 };

static void write_rounds(const pab_qtable *q, pab__bytes *out)
{
    pab__bytes_put_u32(out, q->rounds);
    for (uint32_t i = 0; i < q->rounds; i++) {
        const pab_qtable_round *r = &q->curve[i];
        const double reals[ROUND_REALS] = {r->reward,     r->advantage,  r->shortfall,  r->tracking,
                                           r->entropy,    r->missed,     r->explore,    r->rule_share,
                                           r->validation, r->gain,       r->gain_error, r->agreement};
        pab__bytes_put_u32(out, (uint32_t)r->table);
        pab__bytes_put_u32(out, r->round);
        pab__bytes_put_u32(out, r->visited);
        for (int k = 0; k < ROUND_REALS; k++)
            pab__bytes_put_real(out, reals[k]);
    }
}

static pab_status read_rounds(pab_qtable *q, pab__bytes *in)
{
    uint32_t rounds = pab__bytes_get_u32(in);
    pab_status status = PAB_OK;
    for (uint32_t i = 0; status == PAB_OK && !in->bad && i < rounds; i++) {
        pab_qtable_round r = {.struct_size = sizeof r};
        double *const reals[ROUND_REALS] = {&r.reward,     &r.advantage,  &r.shortfall,  &r.tracking,
                                            &r.entropy,    &r.missed,     &r.explore,    &r.rule_share,
                                            &r.validation, &r.gain,       &r.gain_error, &r.agreement};
        r.table = (int32_t)pab__bytes_get_u32(in);
        r.round = pab__bytes_get_u32(in);
        r.visited = pab__bytes_get_u32(in);
        for (int k = 0; k < ROUND_REALS; k++)
            *reals[k] = pab__bytes_get_real(in);
        status = pab__qtable_add_round(q, &r);
    }
    return status;
}

void pab__qtable_write(const pab_qtable *q, pab__bytes *out)
{
    pab__bytes_put_u32(out, (uint32_t)q->expert);
    pab__bytes_put_u64(out, q->fingerprint);
    pab__bytes_put_u64(out, q->master_seed);
    write_factors(q->bins.leg, PAB__BINS_LEG_FACTORS, out);
    write_factors(q->bins.pair, PAB__BINS_PAIR_FACTORS, out);
    for (int i = 0; i < PAB_TABLE_COUNT; i++) {
        const pab__qtable_verdict *v = &q->verdict[i];
        pab__bytes_put_u32(out, (uint32_t)v->mode);
        pab__bytes_put_u32(out, v->best_round);
        pab__bytes_put_real(out, v->scale);
        pab__bytes_put_real(out, v->gain);
        pab__bytes_put_real(out, v->gain_error);
        pab__bytes_put_real(out, v->plain_gain);
        pab__bytes_put_real(out, v->confident_gain);
        pab__table_write(&q->table[i], out);
    }
    write_rounds(q, out);
}

static pab_status fill(pab_qtable *q, pab__bytes *in)
{
    int sound = !in->bad && q->expert >= 0 && q->expert < PAB_EXPERT_COUNT;
    q->fingerprint = pab__bytes_get_u64(in);
    q->master_seed = pab__bytes_get_u64(in);
    read_factors(q->bins.leg, PAB__BINS_LEG_FACTORS, in);
    read_factors(q->bins.pair, PAB__BINS_PAIR_FACTORS, in);
    sound = sound && factors_are_sound(q->bins.leg, PAB__BINS_LEG_FACTORS) &&
            factors_are_sound(q->bins.pair, PAB__BINS_PAIR_FACTORS);
    for (int i = 0; sound && i < PAB_TABLE_COUNT; i++) {
        pab__qtable_verdict *v = &q->verdict[i];
        v->mode = (int32_t)pab__bytes_get_u32(in);
        v->best_round = pab__bytes_get_u32(in);
        v->scale = pab__bytes_get_finite(in);
        v->gain = pab__bytes_get_real(in);
        v->gain_error = pab__bytes_get_real(in);
        v->plain_gain = pab__bytes_get_real(in);
        v->confident_gain = pab__bytes_get_real(in);
        sound = v->mode >= PAB_TABLE_PLAIN && v->mode <= PAB_TABLE_RULE && v->scale > 0 &&
                pab__table_read(&q->table[i], in);
    }
    if (!sound)
        return pab__fail(PAB_E_CORRUPT, "the learned expert has an impossible number in it, or ends too early");
    pab_status status = read_rounds(q, in);
    if (status == PAB_OK && in->bad)
        status = pab__fail(PAB_E_CORRUPT, "the learned expert ends too early");
    return status;
}

pab_status pab__qtable_read_bytes(const pab_host *host, pab__bytes *in, pab_qtable **out)
{
    pab_qtable *q;
    int32_t expert = (int32_t)pab__bytes_get_u32(in);
    if (in->bad) /* before a few bytes ask for whole tables */
        return pab__fail(PAB_E_CORRUPT, "the learned expert ends too early");
    pab_status status = pab__qtable_new(host, expert, &q);
    if (status != PAB_OK)
        return status;
    status = fill(q, in);
    if (status != PAB_OK) {
        pab_qtable_free(q);
        return status;
    }
    *out = q;
    return PAB_OK;
}

pab_status pab_qtable_save(const pab_qtable *q, const char *path)
{
    if (!q || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !q ? "q" : "path");
    pab__bytes bytes = {.host = &q->host};
    pab__bytes_frame(&bytes);
    pab__qtable_write(q, &bytes);
    pab_status status = pab__bytes_save(&bytes, &qtable_kind, path);
    pab__bytes_free(&bytes);
    return status;
}

pab_status pab_qtable_load(const pab_host *host, const char *path, pab_qtable **out)
{
    pab_host full;
    pab__bytes bytes;
    if (!path || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !path ? "path" : "out");
    pab_status status = pab__host_take(host, &full);
    if (status == PAB_OK)
        status = pab__bytes_load(&full, &qtable_kind, path, &bytes);
    if (status != PAB_OK)
        return status;
    pab_qtable *q = NULL;
    status = pab__qtable_read_bytes(&full, &bytes, &q);
    if (status == PAB_OK && bytes.at != bytes.len)
        status = pab__fail(PAB_E_CORRUPT, "%s: %zu bytes follow the learned expert; expected none", path,
                           bytes.len - bytes.at);
    pab__bytes_free(&bytes);
    if (status == PAB_OK)
        *out = q;
    else
        pab_qtable_free(q);
    return status;
}
