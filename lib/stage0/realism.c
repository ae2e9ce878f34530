/* The table of facts that judge a market, the windows they are measured on, and the calls that measure them. */
#include "stage0/realism.h"

#include <math.h>

#define LEAST_WINDOW (60 * PAB__SECOND)

static const struct {
    const char *name, *unit, *doc;
} table[] = {
#define ENTRY(id, name, unit, doc) {name, unit, doc},
    PAB_REALISM_LEG_TABLE(ENTRY) PAB_REALISM_PAIR_TABLE(ENTRY)
#undef ENTRY
};

pab_status pab_realism_get(uint32_t index, pab_fact_info *out)
{
    if (index >= PAB_REALISM_NAMES)
        return pab__fail(PAB_E_RANGE, "realism fact %u; expected 0 to %d", index, PAB_REALISM_NAMES - 1);
    pab_fact_info full = {
        .pair = index >= PAB_REALISM_LEG_COUNT,
        .name = table[index].name,
        .unit = table[index].unit,
        .doc = table[index].doc,
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_fact_info, doc), "fact info");
}

/* The end of the gap of either tape that begins first at or after `from`, and that beginning; 0 where there is none. */
static int next_gap(const pab_tape *const tapes[2], int64_t from, int64_t *begin, int64_t *end)
{
    int found = 0;
    for (int k = 0; k < 2; k++) {
        for (uint64_t i = 0; i < tapes[k]->gap_count; i++) {
            const pab__gap *gap = &tapes[k]->gaps[i];
            if (gap->to <= from || (found && gap->from >= *begin))
                continue;
            *begin = gap->from;
            *end = gap->to;
            found = 1;
        }
    }
    return found;
}

pab_status pab_pair_windows(const pab_tape *a, const pab_tape *b, pab_pair_window *out, uint32_t cap, uint32_t *count)
{
    if (!a || !b || !count || (!out && cap > 0))
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !a ? "a" : !b ? "b" : !count ? "count" : "out");
    const pab_tape *const tapes[2] = {a, b};
    int64_t from = a->from > b->from ? a->from : b->from, to = a->to < b->to ? a->to : b->to;
    if (from >= to)
        return pab__fail(PAB_E_STATE, "the tapes share no time; expected quotes of both in one window");
    uint32_t n = 0;
    for (int64_t begin = to, end = to; from < to; from = end, begin = end = to) {
        if (!next_gap(tapes, from, &begin, &end) || begin >= to)
            begin = end = to;
        if (begin - from < LEAST_WINDOW)
            continue;
        if (n < cap)
            out[n] = (pab_pair_window){.legs = {a, b}, .from = from, .to = begin};
        n++;
    }
    *count = n;
    return cap > 0 && n > cap ? pab__fail(PAB_E_CAPACITY, "room for %u windows; expected %u", cap, n) : PAB_OK;
}

/* Which values belong to pab_realism_foresight. */
static int is_foreseen(int i)
{
    static const int facts[] = {PAB_REALISM_AUC_LOST, PAB_REALISM_LOST, PAB_REALISM_LOST_LIKELY, PAB_REALISM_R2_10,
                                PAB_REALISM_R2_20, PAB_REALISM_R2_40};
    for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
        if (i < 2 * PAB_REALISM_LEG_COUNT && i % PAB_REALISM_LEG_COUNT == facts[k])
            return 1;
    return i == PAB__REALISM_PAIR(R2_PAIR_10) || i == PAB__REALISM_PAIR(R2_PAIR_40);
}

static pab_status check(const pab_pair_window *windows, uint32_t count, const double *out, uint32_t values)
{
    if (!windows || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !windows ? "windows" : "out");
    if (count == 0)
        return pab__fail(PAB_E_ARGUMENT, "no windows; expected at least one");
    if (values != PAB_REALISM_COUNT)
        return pab__fail(PAB_E_ARGUMENT, "room for %u facts; expected %d", values, PAB_REALISM_COUNT);
    return PAB_OK;
}

pab_status pab_realism_facts(const pab_pair_window *windows, uint32_t count, double *out, uint32_t values)
{
    static pab_status (*const ideas[])(const pab__day *, uint32_t, int, double *) = {
        pab__realism_quotes, pab__realism_returns, pab__realism_orders, pab__realism_response, pab__realism_join,
    };
    pab__day *days = NULL;
    double facts[PAB_REALISM_COUNT];
    pab_status status = check(windows, count, out, values);
    if (status != PAB_OK)
        return status;
    for (int i = 0; i < PAB_REALISM_COUNT; i++)
        facts[i] = NAN;
    status = pab__days_make(windows, count, &days);
    for (int leg = 0; leg < 2; leg++)
        for (size_t i = 0; i < sizeof ideas / sizeof *ideas && status == PAB_OK; i++)
            status = ideas[i](days, count, leg, facts + leg * PAB_REALISM_LEG_COUNT);
    if (status == PAB_OK)
        status = pab__realism_pair(days, count, facts);
    pab__days_free(days, count);
    for (int i = 0; i < PAB_REALISM_COUNT && status == PAB_OK; i++)
        out[i] = is_foreseen(i) ? out[i] : facts[i];
    return status;
}

pab_status pab_realism_foresight(const pab_pair_window *windows, uint32_t taught, uint32_t count, double *out,
                                 uint32_t values)
{
    pab__day *days = NULL;
    pab_status status = check(windows, count, out, values);
    if (status == PAB_OK && (taught == 0 || taught >= count))
        status = pab__fail(PAB_E_RANGE, "%u of %u windows teach; expected at least one, and one left to test", taught,
                           count);
    if (status != PAB_OK)
        return status;
    for (int i = 0; i < PAB_REALISM_COUNT; i++)
        out[i] = is_foreseen(i) ? NAN : out[i];
    status = pab__days_make(windows, count, &days);
    if (status == PAB_OK)
        status = pab__realism_lost(days, taught, count, out);
    if (status == PAB_OK)
        status = pab__realism_r2(days, taught, count, out);
    pab__days_free(days, count);
    return status;
}
