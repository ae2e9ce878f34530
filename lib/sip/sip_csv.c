/* What an ensemble is and was chosen from, as CSV. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "sip/search.h"

static void line(pab__bytes *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(pab__bytes *out, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (int i = 0; i < len && i < (int)sizeof text - 1; i++)
        pab__put(out, (unsigned char)text[i], 1);
}

static pab_status finish(pab__bytes *out, const char *path)
{
    pab_status status = out->bad ? pab__fail(PAB_E_MEMORY, "%s: no memory for its rows", path)
                                 : pab__file_write(path, out->data, out->len);
    pab__bytes_free(out);
    return status;
}

static void search_rows(const pab_sip_generation *row, uint32_t rows, pab__bytes *out)
{
    line(out, "eta,generation,best,elite,mean,spread,tracking\n");
    for (uint32_t i = 0; i < rows; i++) {
        line(out, "%.10g,%u,%.10g,%.10g,%.10g,%.10g,%.10g\n", row[i].eta, row[i].generation, row[i].best, row[i].elite,
             row[i].mean, row[i].spread, row[i].tracking);
    }
}

pab_status pab__sip_write_search(const pab_host *host, const pab_sip_generation *row, uint32_t rows, const char *path)
{
    pab__bytes out = {.host = *host};
    search_rows(row, rows, &out);
    return finish(&out, path);
}

static void cell_rows(const pab_sip *sip, pab__bytes *out)
{
    static const int32_t bins_before[PAB__SIP_FACTORS] = {0, 3, 6, 8, 10};
    line(out, "cell,time,hedge,crumble,spread,volatility,lae,sce,ome,rae,kappa,lag,spread_price,visits,dominant\n");
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        int32_t bin[PAB__SIP_FACTORS];
        pab_sip_cell cell = {.struct_size = sizeof cell};
        pab__sip_bins_of(c, bin);
        pab_sip_cell_get(sip, c, &cell);
        line(out, "%d,", c);
        for (int f = 0; f < PAB__SIP_FACTORS; f++)
            line(out, "%d,", bin[f] - bins_before[f]);
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            line(out, "%.10g,", cell.weight[e]);
        line(out, "%.10g,%.10g,%.10g,%.10g,%s\n", cell.kappa, cell.lag, cell.spread, cell.visits,
             pab_policy_builtin((uint32_t)cell.dominant));
    }
}

static void sweep_rows(const pab_sip *sip, pab__bytes *out)
{
    line(out, "sweep,episodes,visits,forks,cells,before,after,accepted\n");
    for (uint32_t i = 0; i < sip->info.sweeps; i++) {
        const pab_sip_sweep *r = &sip->sweep[i];
        line(out, "%u,%u,%u,%u,%u,%.10g,%.10g,%d\n", i, r->episodes, r->visits, r->forks, r->cells, r->before, r->after,
             r->accepted);
    }
}

static void finalist_row(const pab_sip *sip, uint32_t i, pab__bytes *out)
{
    static const char *const kinds[] = {"candidate", "mean", "even", "expert", "rule", "refined"};
    const pab_sip_finalist *r = &sip->finalist[i];
    line(out, "%u,%s,%s,%.10g,", i, r->kind >= 0 && r->kind <= PAB_SIP_REFINED ? kinds[r->kind] : "",
         r->expert >= 0 ? pab_policy_builtin((uint32_t)r->expert) : "", r->eta);
    line(out, "%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,", r->shortfall, r->tracking, r->tail, r->objective,
         r->objective_low, r->objective_high);
    if (isnan(r->validation_shortfall))
        line(out, ",,");
    else
        line(out, "%.10g,%.10g,", r->validation_shortfall, r->validation_tracking);
    line(out, "%d,%d,%d\n", r->front, sip->info.selected == i, sip->info.shipped == i);
}

/* All, or the front by mean IS. */
static void finalist_rows(const pab_sip *sip, int front_only, pab__bytes *out)
{
    uint32_t n = sip->info.finalists;
    double after = -INFINITY;
    line(out, "finalist,kind,expert,eta,shortfall,tracking,tail,objective,objective_low,objective_high,"
              "validation_shortfall,validation_tracking,front,selected,shipped\n");
    for (uint32_t i = 0; !front_only && i < n; i++)
        finalist_row(sip, i, out);
    while (front_only) {
        double next = INFINITY;
        for (uint32_t i = 0; i < n; i++)
            if (sip->finalist[i].front && sip->finalist[i].shortfall > after)
                next = fmin(next, sip->finalist[i].shortfall);
        if (next == INFINITY)
            break;
        for (uint32_t i = 0; i < n; i++)
            if (sip->finalist[i].front && sip->finalist[i].shortfall == next)
                finalist_row(sip, i, out);
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
    pab__bytes out = {.host = sip->host};
    if (what == PAB_SIP_CSV_CELLS)
        cell_rows(sip, &out);
    else if (what == PAB_SIP_CSV_SEARCH)
        search_rows(sip->search, sip->info.generations, &out);
    else if (what == PAB_SIP_CSV_SWEEPS)
        sweep_rows(sip, &out);
    else
        finalist_rows(sip, what == PAB_SIP_CSV_FRONT, &out);
    return finish(&out, path);
}
