/* An ensemble and the records of its search as CSV. */
#include <math.h>

#include "base/text.h"
#include "sip/search.h"

static void search_rows(const pab_sip_generation *row, uint32_t rows, pab__text *out)
{
    pab__text_say(out, "eta,generation,best,elite,mean,sd,tracking\n");
    for (uint32_t i = 0; i < rows; i++) {
        pab__text_say(out, "%.10g,%u,%.10g,%.10g,%.10g,%.10g,%.10g\n", row[i].eta, row[i].generation, row[i].best,
                      row[i].elite, row[i].mean, row[i].sd, row[i].tracking);
    }
}

pab_status pab__sip_write_search(const pab_host *host, const pab_sip_generation *row, uint32_t rows, const char *path)
{
    pab__text out = {.host = host};
    search_rows(row, rows, &out);
    return pab__text_save(&out, path);
}

static void cell_rows(const pab_sip *sip, pab__text *out)
{
    static const int32_t bins_before[PAB__SIP_FACTORS] = {0, 3, 6, 8, 10};
    pab__text_say(out, "cell,time,hedge,crumble,spread,volatility,lae,sce,ome,rae,kappa,lag,spread_price,visits,"
                       "dominant\n");
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        int32_t bin[PAB__SIP_FACTORS];
        pab_sip_cell cell = {.struct_size = sizeof cell};
        pab__sip_bins_of(c, bin);
        pab_sip_cell_get(sip, c, &cell);
        pab__text_say(out, "%d,", c);
        for (int f = 0; f < PAB__SIP_FACTORS; f++)
            pab__text_say(out, "%d,", bin[f] - bins_before[f]);
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            pab__text_say(out, "%.10g,", cell.weight[e]);
        pab__text_say(out, "%.10g,%.10g,%.10g,%.10g,%s\n", cell.kappa, cell.lag, cell.spread, cell.visits,
                      pab_policy_builtin((uint32_t)cell.dominant));
    }
}

static void sweep_rows(const pab_sip *sip, pab__text *out)
{
    pab__text_say(out, "sweep,episodes,visits,forks,cells,before,after,accepted\n");
    for (uint32_t i = 0; i < sip->info.sweeps; i++) {
        const pab_sip_sweep *r = &sip->sweep[i];
        pab__text_say(out, "%u,%u,%u,%u,%u,%.10g,%.10g,%d\n", i, r->episodes, r->visits, r->forks, r->cells, r->before,
                  r->after, r->accepted);
    }
}

static void finalist_row(const pab_sip *sip, uint32_t i, pab__text *out)
{
    static const char *const kinds[] = {"candidate", "mean", "even", "expert", "rule", "refined"};
    const pab_sip_finalist *r = &sip->finalist[i];
    pab__text_say(out, "%u,%s,%s,%.10g,", i, r->kind >= 0 && r->kind <= PAB_SIP_REFINED ? kinds[r->kind] : "",
         r->expert >= 0 ? pab_policy_builtin((uint32_t)r->expert) : "", r->eta);
    pab__text_say(out, "%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,", r->shortfall, r->tracking, r->tail, r->objective,
         r->objective_low, r->objective_high);
    if (isnan(r->validation_shortfall))
        pab__text_say(out, ",,");
    else
        pab__text_say(out, "%.10g,%.10g,", r->validation_shortfall, r->validation_tracking);
    pab__text_say(out, "%d,%d,%d\n", r->front, sip->info.selected == i, sip->info.shipped == i);
}

/* All, or the front by mean IS. */
static void finalist_rows(const pab_sip *sip, int front_only, pab__text *out)
{
    uint32_t n = sip->info.finalists;
    double after = -INFINITY;
    pab__text_say(out, "finalist,kind,expert,eta,shortfall,tracking,tail,objective,objective_low,objective_high,"
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
    pab__text out = {.host = &sip->host};
    if (what == PAB_SIP_CSV_CELLS)
        cell_rows(sip, &out);
    else if (what == PAB_SIP_CSV_SEARCH)
        search_rows(sip->search, sip->info.generations, &out);
    else if (what == PAB_SIP_CSV_SWEEPS)
        sweep_rows(sip, &out);
    else
        finalist_rows(sip, what == PAB_SIP_CSV_FRONT, &out);
    return pab__text_save(&out, path);
}
