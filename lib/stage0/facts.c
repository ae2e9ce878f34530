/* What facts there are, and those of one leg and of a pair put together. */
#include "stage0/facts.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name, *unit, *doc;
} table[] = {
#define ENTRY(id, name, unit, doc) {name, unit, doc},
    PAB_LEG_FACT_TABLE(ENTRY) PAB_PAIR_FACT_TABLE(ENTRY)
#undef ENTRY
};

pab_status pab_fact_get(uint32_t index, pab_fact_info *out)
{
    if (index >= PAB_FACT_COUNT)
        return pab__fail(PAB_E_RANGE, "fact %u; expected 0 to %d", index, PAB_FACT_COUNT - 1);
    pab_fact_info full = {
        .pair = index >= PAB_PAIR_FACT_FIRST,
        .name = table[index].name,
        .unit = table[index].unit,
        .doc = table[index].doc,
    };
    return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_fact_info, doc), "fact info");
}

/* Grid on which a tape is sampled. */
static int64_t grid_of(const pab_tape *tape)
{
    if (!tape->bars || tape->quote_count < 2)
        return PAB__SECOND;
    return tape->bar > 0 ? tape->bar : tape->quotes[1].time - tape->quotes[0].time;
}

/* Takes returns over gaps of either tape out of x, and those of the same time out of y (NULL: there is none). Return k
 * is that from level first + k * stride to the next; how many are left. */
static uint64_t drop_gaps(const pab_tape *const tapes[2], int64_t start, int64_t step, uint64_t n, double *x, double *y)
{
    uint64_t left = 0;
    for (uint64_t k = 0; k < n; k++) {
        int64_t from = start + (int64_t)k * step;
        if (pab__tape_has_gap(tapes[0], from, from + step) || pab__tape_has_gap(tapes[1], from, from + step))
            continue;
        x[left] = x[k];
        if (y)
            y[left] = y[k];
        left++;
    }
    return left;
}

static pab_status returns_facts(const pab_tape *tape, double *out)
{
    static const struct {
        int fact;
        int seconds;
    } scales[] = {{PAB_FACT_VOL_1, 1}, {PAB_FACT_VOL_10, 10}, {PAB_FACT_VOL_60, 60}, {PAB_FACT_VOL_300, 300}};
    int64_t grid = grid_of(tape);
    double *mids = NULL;
    uint64_t n = 0;
    pab_status status = pab__tape_sample(tape, tape->from, tape->to, grid, &mids, &n);
    if (status != PAB_OK)
        return status;
    double *returns = pab__alloc(&tape->host, n * sizeof *returns), sum = 0;
    double hours = (double)(tape->to - tape->from) / (3600.0 * PAB__SECOND);
    if (!returns) {
        pab__release(&tape->host, mids, n * sizeof *mids);
        return pab__fail(PAB_E_MEMORY, "no memory for %llu returns", (unsigned long long)n);
    }
    uint64_t known = pab__first_level(mids, n, 1);
    uint64_t open = 0;
    for (uint64_t i = known; i < n; i++) {
        if (tape->gap_count > 0 && pab__tape_closed(tape, tape->from + (int64_t)i * grid))
            continue;
        sum += mids[i];
        open++;
    }
    out[PAB_FACT_MID] = open > 0 ? sum / (double)open : NAN;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        int64_t step = scales[i].seconds * PAB__SECOND;
        if (step % grid != 0)
            continue;
        uint64_t stride = (uint64_t)(step / grid), first = pab__first_level(mids, n, stride);
        uint64_t count = pab__log_returns(mids, first, n, stride, returns), all = count;
        if (tape->gap_count > 0)
            count = drop_gaps((const pab_tape *const[]){tape, tape}, tape->from + (int64_t)first * grid, step, all,
                              returns, NULL);
        /* A return that is left out takes its time with it. */
        double out_hours = (double)(all - count) * (double)step / (3600.0 * PAB__SECOND);
        out[scales[i].fact] = pab__volatility(returns, count, hours - out_hours);
        if (scales[i].seconds == 1 && count > 2) {
            out[PAB_FACT_KURTOSIS_1] = pab__excess_kurtosis(returns, count);
            out[PAB_FACT_REVERSION_1] = pab__autocorrelation(returns, count, 1);
        }
    }
    pab__release(&tape->host, returns, n * sizeof *returns);
    pab__release(&tape->host, mids, n * sizeof *mids);
    return PAB_OK;
}

pab_status pab_facts_leg(const pab_tape *tape, double *out, uint32_t count)
{
    if (!tape || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !tape ? "tape" : "out");
    if (count != PAB_LEG_FACT_COUNT)
        return pab__fail(PAB_E_ARGUMENT, "room for %u facts; expected %d", count, PAB_LEG_FACT_COUNT);
    if (tape->quote_count == 0 || tape->from >= tape->to)
        return pab__fail(PAB_E_STATE, "the tape has no quotes in a window; expected some");
    double facts[PAB_LEG_FACT_COUNT];
    for (int i = 0; i < PAB_LEG_FACT_COUNT; i++)
        facts[i] = NAN;
    pab_status status = returns_facts(tape, facts);
    if (status == PAB_OK && !tape->bars)
        status = pab__facts_quotes(tape, facts);
    if (status == PAB_OK)
        status = pab__facts_trades(tape, facts);
    if (status == PAB_OK)
        memcpy(out, facts, sizeof facts);
    return status;
}

#define AT(id) (PAB_FACT_##id - PAB_PAIR_FACT_FIRST)
#define PAIR_FACTS (PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST)

/* Correlation of x with y moved by `lag` samples: y later when positive. */
static double correlation_at(const double *x, const double *y, uint64_t n, int lag)
{
    uint64_t skip = (uint64_t)(lag < 0 ? -lag : lag);
    if (n <= skip)
        return NAN;
    return lag < 0 ? pab__moments_correlation(x + skip, y, n - skip) : pab__moments_correlation(x, y + skip, n - skip);
}

/* Two series of the same instants, and room for what is made of them. */
typedef struct samples {
    const pab_tape *tapes[2];
    int64_t from; /* time of level 0 */
    double *a, *b, *x, *y;
    uint64_t n;
} samples;

static uint64_t first_of_both(const samples *s, uint64_t stride)
{
    uint64_t a = pab__first_level(s->a, s->n, stride), b = pab__first_level(s->b, s->n, stride);
    return a > b ? a : b;
}

static void correlation_facts(const samples *s, int64_t grid, double *out)
{
    static const struct {
        int fact;
        int seconds;
    } scales[] = {{AT(CORR_1), 1},   {AT(CORR_2), 2},   {AT(CORR_5), 5},    {AT(CORR_10), 10},
                  {AT(CORR_30), 30}, {AT(CORR_60), 60}, {AT(CORR_300), 300}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        int64_t step = scales[i].seconds * PAB__SECOND;
        if (step % grid != 0)
            continue;
        uint64_t stride = (uint64_t)(step / grid), first = first_of_both(s, stride);
        uint64_t n = pab__log_returns(s->a, first, s->n, stride, s->x);
        pab__log_returns(s->b, first, s->n, stride, s->y);
        n = drop_gaps(s->tapes, s->from + (int64_t)first * grid, step, n, s->x, s->y);
        out[scales[i].fact] = correlation_at(s->x, s->y, n, 0);
        if (scales[i].seconds != 1)
            continue;
        out[AT(LAG_MINUS_2)] = correlation_at(s->x, s->y, n, -2);
        out[AT(LAG_MINUS_1)] = correlation_at(s->x, s->y, n, -1);
        out[AT(LAG_PLUS_1)] = correlation_at(s->x, s->y, n, 1);
        out[AT(LAG_PLUS_2)] = correlation_at(s->x, s->y, n, 2);
    }
}

/* Levels every `stride` samples into x and y, but for closed times; gap[i] says that one lies before level i. */
static uint64_t open_levels(const samples *s, uint64_t first, uint64_t stride, int64_t grid, unsigned char *gap)
{
    uint64_t n = 0;
    int64_t last = 0;
    for (uint64_t i = first; i < s->n; i += stride) {
        int64_t time = s->from + (int64_t)i * grid;
        if (pab__tape_closed(s->tapes[0], time) || pab__tape_closed(s->tapes[1], time))
            continue;
        gap[n] = n > 0 && (pab__tape_has_gap(s->tapes[0], last, time) || pab__tape_has_gap(s->tapes[1], last, time));
        s->x[n] = s->a[i];
        s->y[n++] = s->b[i];
        last = time;
    }
    return n;
}

/* Slope of changes of A on those of B, none of them over a gap. */
static double slope_within(const samples *s, uint64_t n, const unsigned char *gap)
{
    double mean_x = 0, mean_y = 0, sxy = 0, syy = 0, count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (uint64_t i = 1; i < n; i++) {
            double dx = s->x[i] - s->x[i - 1], dy = s->y[i] - s->y[i - 1];
            if (gap[i])
                continue;
            if (pass == 0) {
                mean_x += dx;
                mean_y += dy;
                count++;
            } else {
                sxy += (dx - mean_x) * (dy - mean_y);
                syy += (dy - mean_y) * (dy - mean_y);
            }
        }
        if (pass == 0 && count > 0) {
            mean_x /= count;
            mean_y /= count;
        }
    }
    return count > 2 && syy > 0 ? sxy / syy : NAN;
}

/* Takes the jumps over gaps out of a series: what happens over night is no move of the pair's spread. */
static void splice(double *x, uint64_t n, const unsigned char *gap)
{
    double shift = 0, last = n > 0 ? x[0] : 0;
    for (uint64_t i = 1; i < n; i++) {
        double now = x[i];
        shift += gap[i] ? now - last : 0;
        last = now;
        x[i] -= shift;
    }
}

/* Hedge ratios of 60 s samples (or of bars that are longer). */
static pab_status hedge_facts(const samples *s, int64_t grid, unsigned char *gap, double *out)
{
    uint64_t stride = grid < 60 * PAB__SECOND ? (uint64_t)(60 * PAB__SECOND / grid) : 1;
    uint64_t n = open_levels(s, first_of_both(s, stride), stride, grid, gap);
    if (n < 8)
        return PAB_OK;
    pab_hedge prices = {.struct_size = sizeof prices}, logs = {.struct_size = sizeof logs};
    int gaps = s->tapes[0]->gap_count + s->tapes[1]->gap_count > 0;
    pab_status status = pab_hedge_estimate(s->x, s->y, n, &prices, NULL);
    out[AT(BETA_PRICES)] = gaps ? slope_within(s, n, gap) : prices.ols_increments;
    for (uint64_t i = 0; i < n; i++) {
        s->x[i] = log(s->x[i]);
        s->y[i] = log(s->y[i]);
    }
    double returns = gaps ? slope_within(s, n, gap) : NAN;
    if (!s->tapes[0]->bars) { /* of bars, by definition, levels keep their nights */
        splice(s->x, n, gap);
        splice(s->y, n, gap);
    }
    if (status == PAB_OK)
        status = pab_hedge_estimate(s->x, s->y, n, &logs, NULL);
    if (status != PAB_OK)
        return status;
    out[AT(BETA_RETURNS)] = gaps ? returns : logs.ols_increments;
    out[AT(BETA_LEVELS)] = logs.slope;
    out[AT(SPREAD_DEVIATION)] = 1e4 * logs.residual_sd;
    out[AT(ADF)] = logs.adf;
    out[AT(HALF_LIFE)] = logs.half_life * (double)stride * (double)grid / PAB__SECOND;
    return PAB_OK;
}

static pab_status pair_facts(const pab_tape *a, const pab_tape *b, int64_t from, int64_t to, double *out)
{
    int64_t grid = grid_of(a) > grid_of(b) ? grid_of(a) : grid_of(b);
    samples s = {.tapes = {a, b}, .from = from};
    uint64_t n = 0;
    pab_status status = pab__tape_sample(a, from, to, grid, &s.a, &s.n);
    if (status == PAB_OK)
        status = pab__tape_sample(b, from, to, grid, &s.b, &n);
    size_t size = s.n * sizeof *s.a;
    if (status == PAB_OK) {
        s.x = pab__alloc(&a->host, 3 * size);
        status = s.x ? PAB_OK : pab__fail(PAB_E_MEMORY, "no memory for %llu returns", (unsigned long long)s.n);
    }
    if (status == PAB_OK) {
        s.y = s.x + s.n;
        correlation_facts(&s, grid, out);
        status = hedge_facts(&s, grid, (unsigned char *)(s.y + s.n), out);
    }
    pab__release(&a->host, s.x, 3 * size);
    pab__release(&a->host, s.a, size);
    pab__release(&b->host, s.b, size);
    return status;
}

pab_status pab_facts_pair(const pab_tape *a, const pab_tape *b, double *out, uint32_t count)
{
    if (!a || !b || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !a ? "a" : !b ? "b" : "out");
    if (count != PAIR_FACTS)
        return pab__fail(PAB_E_ARGUMENT, "room for %u facts; expected %d", count, PAIR_FACTS);
    int64_t from = a->from > b->from ? a->from : b->from, to = a->to < b->to ? a->to : b->to;
    if (a->quote_count == 0 || b->quote_count == 0 || from >= to)
        return pab__fail(PAB_E_STATE, "the tapes share no time; expected quotes of both in one window");
    double facts[PAIR_FACTS];
    for (int i = 0; i < PAIR_FACTS; i++)
        facts[i] = NAN;
    pab_tape *joined[2] = {NULL, NULL};
    pab_status status = a->bars || b->bars ? pab__tape_join(a, b, joined, NULL) : PAB_OK;
    if (status == PAB_OK && joined[0])
        status = pair_facts(joined[0], joined[1], joined[0]->from, joined[0]->to, facts);
    else if (status == PAB_OK)
        status = pair_facts(a, b, from, to, facts);
    pab_tape_free(joined[0]);
    pab_tape_free(joined[1]);
    if (status == PAB_OK)
        memcpy(out, facts, sizeof facts);
    return status;
}
