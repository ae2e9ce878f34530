/* Trained ensembles as handles: life and introspection. */
#include "sip/sip.h"

#include <math.h>

static size_t rows_size(uint32_t rows, size_t size)
{
    return (rows > 0 ? rows : 1) * size;
}

pab_status pab__sip_copy_expert(const pab_host *host, const pab_qtable *q, int32_t expert, pab_qtable **out)
{
    pab__bytes bytes = {.host = host};
    if (!q)
        return pab__qtable_new(host, expert, out);
    pab__qtable_write(q, &bytes);
    pab_status status = bytes.bad ? pab__fail(PAB_E_MEMORY, "no memory to copy a learned expert")
                                  : pab__qtable_read_bytes(host, &bytes, out);
    pab__bytes_free(&bytes);
    return status;
}

pab_status pab__sip_new(const pab_host *host, const pab_qtable *const experts[PAB_EXPERT_COUNT],
                        const pab_sip_info *info, pab_sip **out)
{
    pab_sip *sip = pab__alloc(host, sizeof *sip);
    pab_status status = PAB_OK;
    if (!sip)
        return pab__fail(PAB_E_MEMORY, "no memory for an ensemble");
    sip->host = *host;
    sip->info = *info;
    sip->search = pab__alloc(host, rows_size(info->generations, sizeof *sip->search));
    sip->finalist = pab__alloc(host, rows_size(info->finalists, sizeof *sip->finalist));
    sip->sweep = pab__alloc(host, rows_size(info->sweeps, sizeof *sip->sweep));
    if (!sip->search || !sip->finalist || !sip->sweep)
        status = pab__fail(PAB_E_MEMORY, "no memory for an ensemble's search records");
    for (int32_t e = 0; status == PAB_OK && experts && e < PAB_EXPERT_COUNT; e++)
        status = pab__sip_copy_expert(host, experts[e], e, &sip->expert[e]);
    if (status == PAB_OK)
        *out = sip;
    else
        pab_sip_free(sip);
    return status;
}

void pab_sip_free(pab_sip *sip)
{
    if (!sip)
        return;
    pab_host host = sip->host;
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab_qtable_free(sip->expert[e]);
    pab__release(&host, sip->search, rows_size(sip->info.generations, sizeof *sip->search));
    pab__release(&host, sip->finalist, rows_size(sip->info.finalists, sizeof *sip->finalist));
    pab__release(&host, sip->sweep, rows_size(sip->info.sweeps, sizeof *sip->sweep));
    pab__release(&host, sip, sizeof *sip);
}

static pab_status check(const pab_sip *sip, const char *what, int64_t index, int64_t count)
{
    if (!sip)
        return pab__fail(PAB_E_ARGUMENT, "sip is NULL; expected an ensemble");
    if (index < 0 || index >= count)
        return pab__fail(PAB_E_RANGE, "%s %lld does not exist; the ensemble has %lld", what, (long long)index,
                         (long long)count);
    return PAB_OK;
}

pab_status pab_sip_describe(const pab_sip *sip, pab_sip_info *out)
{
    pab_status status = check(sip, "ensemble", 0, 1);
    return status != PAB_OK ? status
                            : pab__record_out(out, &sip->info, sizeof sip->info, PAB__UPTO(pab_sip_info, gain_high),
                                              "the ensemble info");
}

pab__objective pab__sip_goal(const pab_sip *sip, double tracking)
{
    const double own = sip->info.finalists > 0 ? sip->finalist[sip->info.shipped].tracking : 0;
    const double slack = own > 0 ? fmax(1, sip->info.bound / own) : 1;
    return (pab__objective){.eta = sip->info.eta_asked, .bound = sip->info.bound > 0 ? slack * tracking : INFINITY};
}

pab_status pab_sip_cell_get(const pab_sip *sip, int32_t cell, pab_sip_cell *out)
{
    pab_status status = check(sip, "cell", cell, PAB__SIP_CELLS);
    if (status != PAB_OK)
        return status;
    const pab__sip_cell *from = &sip->table.cell[cell];
    pab_sip_cell full = {.struct_size = sizeof full, .visits = sip->visits[cell]};
    full.kappa = from->multiplier[PAB__SIP_HEDGE];
    full.lag = from->multiplier[PAB__SIP_LAG];
    full.spread = from->multiplier[PAB__SIP_SPREAD];
    for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
        full.weight[e] = from->weight[e];
        if (from->weight[e] > from->weight[full.dominant])
            full.dominant = e;
    }
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_sip_cell, visits), "the cell");
}

pab_status pab_sip_generation_get(const pab_sip *sip, uint32_t index, pab_sip_generation *out)
{
    pab_status status = check(sip, "generation", index, sip ? sip->info.generations : 0);
    return status != PAB_OK ? status
                            : pab__record_out(out, &sip->search[index], sizeof *out,
                                              PAB__UPTO(pab_sip_generation, tracking), "the generation");
}

pab_status pab_sip_finalist_get(const pab_sip *sip, uint32_t index, pab_sip_finalist *out)
{
    pab_status status = check(sip, "finalist", index, sip ? sip->info.finalists : 0);
    return status != PAB_OK ? status
                            : pab__record_out(out, &sip->finalist[index], sizeof *out,
                                              PAB__UPTO(pab_sip_finalist, validation_tracking), "the finalist");
}

pab_status pab_sip_sweep_get(const pab_sip *sip, uint32_t index, pab_sip_sweep *out)
{
    pab_status status = check(sip, "sweep", index, sip ? sip->info.sweeps : 0);
    return status != PAB_OK ? status
                            : pab__record_out(out, &sip->sweep[index], sizeof *out, PAB__UPTO(pab_sip_sweep, after),
                                              "the sweep");
}
