/* Ensembles as files: the records of their search, their table, and their experts. */
#include "sip/sip.h"

/* Bytes of a row in the file; finalists have FINALIST_REALS. */
enum { GENERATION_BYTES = 4 + 6 * 8, SWEEP_BYTES = 5 * 4 + 2 * 8 };

static const pab__file_kind sip_kind = {{'S', 'I', 'P', 'E'}, 3, "an ensemble"};

void pab__sip_table_write(const pab__sip_table *table, pab__bytes *out)
{
    pab__bytes_put_u32(out, (uint32_t)table->rules);
    for (int c = 0; c < PAB__SIP_CELLS; c++) {
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            pab__bytes_put_real(out, table->cell[c].weight[e]);
        for (int p = 0; p < PAB__SIP_TERMS; p++)
            pab__bytes_put_real(out, table->cell[c].multiplier[p]);
    }
}

/* No weight and no multiplier is negative, and some expert has a weight. */
static int cell_is_sound(const pab__sip_cell *cell)
{
    double sum = 0;
    for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
        if (cell->weight[e] < 0 || cell->weight[e] > 1.001)
            return 0;
        sum += cell->weight[e];
    }
    for (int p = 0; p < PAB__SIP_TERMS; p++)
        if (cell->multiplier[p] < 0)
            return 0;
    return sum > 0;
}

void pab__sip_table_read(pab__sip_table *table, pab__bytes *in)
{
    table->rules = pab__bytes_get_u32(in) != 0;
    table->reserved = 0;
    for (int c = 0; c < PAB__SIP_CELLS; c++) {
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            table->cell[c].weight[e] = pab__bytes_get_finite(in);
        for (int p = 0; p < PAB__SIP_TERMS; p++)
            table->cell[c].multiplier[p] = pab__bytes_get_finite(in);
        in->bad |= !cell_is_sound(&table->cell[c]);
    }
}

void pab__sip_generation_write(const pab_sip_generation *row, pab__bytes *out)
{
    const double reals[] = {row->eta, row->best, row->elite, row->mean, row->sd, row->tracking};
    pab__bytes_put_u32(out, row->generation);
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        pab__bytes_put_real(out, reals[i]);
}

void pab__sip_generation_read(pab_sip_generation *row, pab__bytes *in)
{
    double *reals[] = {&row->eta, &row->best, &row->elite, &row->mean, &row->sd, &row->tracking};
    row->struct_size = sizeof *row;
    row->generation = pab__bytes_get_u32(in);
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        *reals[i] = pab__bytes_get_real(in);
}

void pab__sip_sweep_write(const pab_sip_sweep *row, pab__bytes *out)
{
    const uint32_t counts[] = {row->accepted != 0, row->episodes, row->visits, row->forks, row->cells};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        pab__bytes_put_u32(out, counts[i]);
    pab__bytes_put_real(out, row->before);
    pab__bytes_put_real(out, row->after);
}

void pab__sip_sweep_read(pab_sip_sweep *row, pab__bytes *in)
{
    row->struct_size = sizeof *row;
    row->accepted = pab__bytes_get_u32(in) != 0;
    row->episodes = pab__bytes_get_u32(in);
    row->visits = pab__bytes_get_u32(in);
    row->forks = pab__bytes_get_u32(in);
    row->cells = pab__bytes_get_u32(in);
    row->before = pab__bytes_get_real(in);
    row->after = pab__bytes_get_real(in);
}

enum { FINALIST_REALS = 9 };

static void finalist_reals(pab_sip_finalist *row, double *out[FINALIST_REALS])
{
    double *const reals[FINALIST_REALS] = {
        &row->eta, &row->shortfall, &row->tracking, &row->tail, &row->objective, &row->objective_low,
        &row->objective_high, &row->validation_shortfall, &row->validation_tracking};
    for (int i = 0; i < FINALIST_REALS; i++)
        out[i] = reals[i];
}

static void finalist_write(const pab_sip_finalist *given, pab__bytes *out)
{
    pab_sip_finalist row = *given;
    double *reals[FINALIST_REALS];
    finalist_reals(&row, reals);
    pab__bytes_put_u32(out, (uint32_t)row.kind);
    pab__bytes_put_u32(out, (uint32_t)row.expert);
    pab__bytes_put_u32(out, (uint32_t)row.front);
    for (int i = 0; i < FINALIST_REALS; i++)
        pab__bytes_put_real(out, *reals[i]);
}

static void finalist_read(pab_sip_finalist *row, pab__bytes *in)
{
    double *reals[FINALIST_REALS];
    finalist_reals(row, reals);
    row->struct_size = sizeof *row;
    row->kind = (int32_t)pab__bytes_get_u32(in);
    row->expert = (int32_t)pab__bytes_get_u32(in);
    row->front = (int32_t)pab__bytes_get_u32(in);
    in->bad |= !pab__sip_finalist_is_known(row->kind, row->expert);
    for (int i = 0; i < FINALIST_REALS; i++)
        *reals[i] = pab__bytes_get_real(in);
}

void pab__sip_write(const pab_sip *sip, pab__bytes *out)
{
    const pab_sip_info *info = &sip->info;
    const uint32_t counts[] = {info->generations, info->finalists, info->selected, info->shipped, info->single,
                               info->sweeps, info->accepted};
    pab__bytes_put_u64(out, sip->fingerprint);
    pab__bytes_put_u64(out, sip->master_seed);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        pab__bytes_put_u32(out, counts[i]);
    pab__bytes_put_real(out, info->eta);
    pab__bytes_put_real(out, info->gain);
    pab__bytes_put_real(out, info->gain_low);
    pab__bytes_put_real(out, info->gain_high);
    pab__bytes_put_real(out, info->eta_asked);
    pab__bytes_put_real(out, info->bound);
    pab__sip_table_write(&sip->table, out);
    for (int c = 0; c < PAB__SIP_CELLS; c++)
        pab__bytes_put_real(out, sip->visits[c]);
    for (uint32_t i = 0; i < info->generations; i++)
        pab__sip_generation_write(&sip->search[i], out);
    for (uint32_t i = 0; i < info->finalists; i++)
        finalist_write(&sip->finalist[i], out);
    for (uint32_t i = 0; i < info->sweeps; i++)
        pab__sip_sweep_write(&sip->sweep[i], out);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab__qtable_write(sip->expert[e], out);
}

pab_status pab_sip_save(const pab_sip *sip, const char *path)
{
    if (!sip || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !sip ? "sip" : "path");
    pab__bytes out = {.host = &sip->host};
    pab__bytes_frame(&out);
    pab__sip_write(sip, &out);
    pab_status status = pab__bytes_save(&out, &sip_kind, path);
    pab__bytes_free(&out);
    return status;
}

static void read_info(pab_sip_info *info, pab__bytes *in)
{
    info->struct_size = sizeof *info;
    info->generations = pab__bytes_get_u32(in);
    info->finalists = pab__bytes_get_u32(in);
    info->selected = pab__bytes_get_u32(in);
    info->shipped = pab__bytes_get_u32(in);
    info->single = pab__bytes_get_u32(in);
    info->sweeps = pab__bytes_get_u32(in);
    info->accepted = pab__bytes_get_u32(in);
    info->eta = pab__bytes_get_finite(in);
    info->gain = pab__bytes_get_real(in);
    info->gain_low = pab__bytes_get_real(in);
    info->gain_high = pab__bytes_get_real(in);
    info->eta_asked = pab__bytes_get_finite(in);
    info->bound = pab__bytes_get_finite(in);
}

/* Counts ask for no more rows than the rest of the file can hold. */
static int is_possible(const pab_sip_info *info, const pab__bytes *in)
{
    const uint32_t n = info->finalists;
    const uint64_t rows = (uint64_t)info->generations * GENERATION_BYTES + (uint64_t)n * (12 + FINALIST_REALS * 8) +
                          (uint64_t)info->sweeps * SWEEP_BYTES;
    return rows <= pab__bytes_left(in) && n > 0 && info->selected < n && info->shipped < n && info->single < n &&
           info->accepted <= info->sweeps;
}

static pab_status read_rest(pab_sip *sip, pab__bytes *in, const char *path)
{
    pab_status status = PAB_OK;
    pab__sip_table_read(&sip->table, in);
    sip->info.rules = sip->table.rules;
    for (int c = 0; c < PAB__SIP_CELLS; c++)
        sip->visits[c] = pab__bytes_get_finite(in);
    for (uint32_t i = 0; i < sip->info.generations; i++)
        pab__sip_generation_read(&sip->search[i], in);
    for (uint32_t i = 0; i < sip->info.finalists; i++)
        finalist_read(&sip->finalist[i], in);
    for (uint32_t i = 0; i < sip->info.sweeps; i++)
        pab__sip_sweep_read(&sip->sweep[i], in);
    for (int32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        status = pab__qtable_read_bytes(&sip->host, in, &sip->expert[e]);
        if (status == PAB_OK && sip->expert[e]->expert != e)
            status = pab__fail(PAB_E_CORRUPT, "%s: expert %d is another one", path, e);
    }
    if (status == PAB_OK && (in->bad || in->at != in->len))
        status = pab__fail(PAB_E_CORRUPT, "%s: the ensemble's length is wrong", path);
    return status;
}

pab_status pab__sip_read(const pab_host *host, pab__bytes *in, const char *path, pab_sip **out)
{
    pab_sip_info info = {0};
    pab_sip *sip;
    uint64_t fingerprint = pab__bytes_get_u64(in), master_seed = pab__bytes_get_u64(in);
    read_info(&info, in);
    if (in->bad || !is_possible(&info, in))
        return pab__fail(PAB_E_CORRUPT, "%s: the ensemble has a number out of range", path);
    pab_status status = pab__sip_new(host, NULL, &info, &sip);
    if (status != PAB_OK)
        return status;
    sip->fingerprint = fingerprint;
    sip->master_seed = master_seed;
    status = read_rest(sip, in, path);
    if (status == PAB_OK)
        *out = sip;
    else
        pab_sip_free(sip);
    return status;
}

pab_status pab_sip_load(const pab_host *host, const char *path, pab_sip **out)
{
    pab_host full;
    pab__bytes in;
    if (!path || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !path ? "path" : "out");
    pab_status status = pab__host_take(host, &full);
    if (status == PAB_OK)
        status = pab__bytes_load(&full, &sip_kind, path, &in);
    if (status != PAB_OK)
        return status;
    status = pab__sip_read(&full, &in, path, out);
    pab__bytes_free(&in);
    return status;
}
