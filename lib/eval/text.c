/* Tables of an evaluation as text. */
#include <string.h>

#include "base/text.h"
#include "eval/table.h"

static int name_width(const pab_eval *e)
{
    size_t width = 10;
    for (uint32_t p = 0; p < e->policies; p++)
        width = strlen(e->names[p]) > width ? strlen(e->names[p]) : width;
    return (int)width;
}

static pab_status put_summaries(pab__text *t, const pab_eval *e, int32_t regime, int width)
{
    pab__text_say(t, "%-*s %5s %8s %8s %8s %8s %7s %7s %7s %6s %6s %6s %8s %8s %8s %8s\n", width, "policy", "n",
                  "IS bps", "sd", "IQM", "CVaR95", "TE %", "rms", "h p99", "done%", "forc%", "pass%", "VWAP", "markout",
                  "cost", "J");
    for (uint32_t p = 0; p < e->policies; p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        pab_status status = pab_eval_summarize(e, p, regime, &s);
        if (status != PAB_OK)
            return status;
        pab__text_say(t,
                      "%-*s %5u %8.3f %8.3f %8.3f %8.3f %7.3f %7.3f %7.3f %6.1f %6.1f %6.1f %8.3f %8.3f %8.3f %8.3f\n",
                      width, e->names[p], s.episodes, s.shortfall, s.shortfall_sd, s.shortfall_iqm, s.shortfall_cvar,
                      s.tracking_error, s.tracking_rms, s.hedge_p99, 100 * s.completion, 100 * s.forced,
                      100 * s.passive, s.vwap_slippage, s.markout, s.pair_cost, s.objective);
    }
    return PAB_OK;
}

/* The headline measure, then the two that frame it: a claim that fails there has to say so. */
static const int32_t compared[] = {PAB_MEASURE_PAIR_COST, PAB_MEASURE_SHORTFALL, PAB_MEASURE_PAIR_COST_1};
enum { COMPARED = sizeof compared / sizeof *compared };

static void put_headline(pab__text *t, const pab_eval *e, uint32_t base, int width, const pab_contrast *rows)
{
    pab__text_say(t, "  %-*s %9s %21s %7s %7s  %7s %15s  %9s %21s  %9s %21s\n", width, "IS + 0.5 TE", "bps", "95 %",
                  "p", "Holm", "lower %", "95 %", "CVaR95", "95 %", "J", "95 %");
    for (uint32_t p = 0; p < e->policies; p++) {
        const pab_contrast *c = &rows[p];
        if (p == base)
            continue;
        pab__text_say(t, "  %-*s %9.3f [%9.3f,%9.3f] %7.4f %7.4f  %7.1f [%6.1f,%6.1f]", width, e->names[p], c->mean,
                      c->low, c->high, c->p, c->p_holm, 100 * c->lower, 100 * c->lower_low, 100 * c->lower_high);
        pab__text_say(t, "  %9.3f [%9.3f,%9.3f]  %9.3f [%9.3f,%9.3f]\n", c->cvar, c->cvar_low, c->cvar_high,
                      c->objective, c->objective_low, c->objective_high);
    }
}

static void put_frame(pab__text *t, const pab_eval *e, uint32_t base, int width, const pab_contrast *alone,
                      const pab_contrast *dearer)
{
    pab__text_say(t, "  %-*s %9s %21s %7s  %9s %21s %7s\n", width, "", "IS alone", "95 %", "Holm", "IS + 1 TE", "95 %",
                  "Holm");
    for (uint32_t p = 0; p < e->policies; p++) {
        const pab_contrast *a = &alone[p], *d = &dearer[p];
        if (p != base)
            pab__text_say(t, "  %-*s %9.3f [%9.3f,%9.3f] %7.4f  %9.3f [%9.3f,%9.3f] %7.4f\n", width, e->names[p],
                          a->mean, a->low, a->high, a->p_holm, d->mean, d->low, d->high, d->p_holm);
    }
}

static pab_status put_contrasts(pab__text *t, const pab_eval *e, uint32_t base, int32_t regime, int width)
{
    const uint32_t n = e->policies;
    const size_t size = COMPARED * n * sizeof(pab_contrast);
    pab_contrast *rows = pab__alloc(&e->host, size);
    pab_status status = rows ? PAB_OK : pab__fail(PAB_E_MEMORY, "no memory for a table");
    for (uint32_t m = 0; status == PAB_OK && m < COMPARED; m++) {
        for (uint32_t p = 0; p < n; p++)
            rows[m * n + p].struct_size = sizeof *rows;
        status = pab_eval_compare(e, base, regime, compared[m], rows + m * n, n);
    }
    if (status == PAB_OK) {
        pab__text_say(t, "\nless %s, seed by seed; %u resamples\n", e->names[base], e->options.resamples);
        put_headline(t, e, base, width, rows);
        put_frame(t, e, base, width, rows + n, rows + 2 * n);
    }
    pab__release(&e->host, rows, size);
    return status;
}

static pab_status put_regime(pab__text *t, const pab_eval *e, int32_t regime, int32_t base, int width)
{
    pab__text_say(t, "%s== %s, %u episodes\n", t->len > 0 ? "\n" : "",
                  regime < 0 ? "all regimes" : pab_regime_name(regime),
                  (regime < 0 ? e->strata : 1) * e->options.episodes);
    pab_status status = put_summaries(t, e, regime, width);
    if (status == PAB_OK && base >= 0 && e->policies > 1)
        status = put_contrasts(t, e, (uint32_t)base, regime, width);
    return status;
}

pab_status pab_eval_text(const pab_eval *eval, int32_t base, char *buf, size_t cap, size_t *needed)
{
    pab__text t = pab__text_in(buf, cap);
    if (!eval)
        return pab__fail(PAB_E_ARGUMENT, "eval is NULL");
    if (base < -1 || base >= (int32_t)eval->policies)
        return pab__fail(PAB_E_RANGE, "there is no base policy %d, the table has %u", base, eval->policies);
    int width = name_width(eval);
    pab_status status = PAB_OK;
    for (uint32_t s = 0; status == PAB_OK && s < eval->strata; s++)
        status = put_regime(&t, eval, eval->regime[s], base, width);
    if (status == PAB_OK && eval->strata > 1)
        status = put_regime(&t, eval, -1, base, width);
    if (status == PAB_OK && needed)
        *needed = t.len;
    return status;
}
