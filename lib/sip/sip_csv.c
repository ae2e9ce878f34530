/* An ensemble and the records of its search as CSV. */
#include <math.h>

#include "base/csv_write.h"
#include "sip/search.h"

static void search_rows(const pab_sip_generation *row, uint32_t rows, pab__csv_out *csv)
{
    pab__csv_head(csv, "eta,generation,best,elite,mean,sd,tracking");
    for (uint32_t i = 0; i < rows; i++) {
        pab__csv_put_real(csv, row[i].eta);
        pab__csv_put_uint(csv, row[i].generation);
        PAB__CSV_REALS(csv, row[i].best, row[i].elite, row[i].mean, row[i].sd, row[i].tracking);
        pab__csv_end_row(csv);
    }
}

pab_status pab__sip_write_search(const pab_host *host, const pab_sip_generation *row, uint32_t rows, const char *path)
{
    pab__text out = {.host = host};
    pab__csv_out csv = {.out = &out};
    search_rows(row, rows, &csv);
    return pab__text_save(&out, path);
}

static void cell_rows(const pab_sip *sip, pab__csv_out *csv)
{
    static const int32_t bins_before[PAB__SIP_FACTORS] = {0, 3, 6, 8, 10};
    pab__csv_head(csv, "cell,time,hedge,crumble,spread,volatility,lae,sce,ome,rae,kappa,lambda,nu,visits,"
                       "dominant");
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        int32_t bin[PAB__SIP_FACTORS];
        pab_sip_cell cell = {.struct_size = sizeof cell};
        pab__sip_bins_of(c, bin);
        pab_sip_cell_get(sip, c, &cell);
        pab__csv_put_int(csv, c);
        for (int f = 0; f < PAB__SIP_FACTORS; f++)
            pab__csv_put_int(csv, bin[f] - bins_before[f]);
        pab__csv_put_reals(csv, cell.weight, PAB_EXPERT_COUNT);
        PAB__CSV_REALS(csv, cell.kappa, cell.lag, cell.spread, cell.visits);
        pab__csv_put_text(csv, pab_policy_builtin((uint32_t)cell.dominant));
        pab__csv_end_row(csv);
    }
}

static void sweep_rows(const pab_sip *sip, pab__csv_out *csv)
{
    pab__csv_head(csv, "sweep,episodes,visits,forks,cells,before,after,accepted");
    for (uint32_t i = 0; i < sip->info.sweeps; i++) {
        const pab_sip_sweep *r = &sip->sweep[i];
        const uint32_t counts[] = {i, r->episodes, r->visits, r->forks, r->cells};
        for (size_t n = 0; n < sizeof counts / sizeof *counts; n++)
            pab__csv_put_uint(csv, counts[n]);
        PAB__CSV_REALS(csv, r->before, r->after);
        pab__csv_put_int(csv, r->accepted);
        pab__csv_end_row(csv);
    }
}

static void finalist_row(const pab_sip *sip, uint32_t i, pab__csv_out *csv)
{
    static const char *const kinds[] = {"candidate", "mean", "even", "expert", "rule", "refined"};
    const pab_sip_finalist *r = &sip->finalist[i];
    const int validated = !isnan(r->validation_shortfall);
    pab__csv_put_uint(csv, i);
    pab__csv_put_text(csv, r->kind >= 0 && r->kind <= PAB_SIP_REFINED ? kinds[r->kind] : "");
    pab__csv_put_text(csv, r->expert >= 0 ? pab_policy_builtin((uint32_t)r->expert) : "");
    PAB__CSV_REALS(csv, r->eta, r->shortfall, r->tracking, r->tail, r->objective, r->objective_low,
                   r->objective_high, validated ? r->validation_shortfall : NAN,
                   validated ? r->validation_tracking : NAN);
    pab__csv_put_int(csv, r->front);
    pab__csv_put_int(csv, sip->info.selected == i);
    pab__csv_put_int(csv, sip->info.shipped == i);
    pab__csv_end_row(csv);
}

/* All, or the front by mean IS. */
static void finalist_rows(const pab_sip *sip, int front_only, pab__csv_out *csv)
{
    uint32_t n = sip->info.finalists;
    double after = -INFINITY;
    pab__csv_head(csv, "finalist,kind,expert,eta,shortfall,tracking,tail,objective,objective_low,objective_high,"
                       "validation_shortfall,validation_tracking,front,selected,shipped");
    for (uint32_t i = 0; !front_only && i < n; i++)
        finalist_row(sip, i, csv);
    while (front_only) {
        double next = INFINITY;
        for (uint32_t i = 0; i < n; i++)
            if (sip->finalist[i].front && sip->finalist[i].shortfall > after)
                next = fmin(next, sip->finalist[i].shortfall);
        if (next == INFINITY)
            break;
        for (uint32_t i = 0; i < n; i++)
            if (sip->finalist[i].front && sip->finalist[i].shortfall == next)
                finalist_row(sip, i, csv);
        after = next;
    }
}

pab_status pab_sip_write_csv(const pab_sip *sip, int32_t what, const char *path)
{
    if (!sip || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !sip ? "sip" : "path");
    if (what < PAB_SIP_CSV_CELLS || what > PAB_SIP_CSV_SWEEPS)
        return pab__fail(PAB_E_RANGE, "there is no table %d of an ensemble; expected 0 to %d", what,
                         PAB_SIP_CSV_SWEEPS);
    pab__text out = {.host = &sip->host};
    pab__csv_out csv = {.out = &out};
    if (what == PAB_SIP_CSV_CELLS)
        cell_rows(sip, &csv);
    else if (what == PAB_SIP_CSV_SEARCH)
        search_rows(sip->search, sip->info.generations, &csv);
    else if (what == PAB_SIP_CSV_SWEEPS)
        sweep_rows(sip, &csv);
    else
        finalist_rows(sip, what == PAB_SIP_CSV_FRONT, &csv);
    return pab__text_save(&out, path);
}
