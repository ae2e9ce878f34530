/* The fundamental value of each symbol: docs/abides.md 6, and paths that queries do not change. */
#include "market/oracle.h"
#include "market/streams.h"

#include <math.h>

static const pab__oracle_params *params_of(const pab_market *m, uint32_t symbol)
{
    return &m->scn->symbols[symbol].oracle;
}

/* Only where ABIDES' sparse oracle is replayed does the path depend on when it is asked for. */
static int asking_draws(const pab_market *m, uint32_t symbol)
{
    return params_of(m, symbol)->kind == PAB__ORACLE_SPARSE && pab__market_quirk(m, PAB_QUIRK_QUERY_DRIVEN_ORACLE);
}

/* Generator of a grid oracle's megashocks. */
static pab__draw shock_draw(pab_market *m, uint32_t symbol)
{
    uint32_t owner = m->scn->agent_count + 2 + m->scn->symbol_count + symbol;
    return pab__stream_draw(m, &pab__symbol_at(m, symbol)->shock_rng, owner);
}

static void tell_value(const pab_market *m, uint32_t symbol)
{
    const pab__symbol_state *s = pab__symbol_at(m, symbol);
    if (m->tap.fundamental)
        m->tap.fundamental(m->tap.user, symbol, s->time, s->value, m->core.ended);
}

/* ABIDES spends the global generator on delays and the symbol's own on sizes. */
static void next_shock(pab_market *m, uint32_t symbol, pab__draw *delay, pab__draw *size)
{
    const pab__oracle_params *p = params_of(m, symbol);
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    double wait = pab__draw_exponential(delay, 1.0 / p->megashock_lambda_a);
    if (s->shocks == 0 && pab__market_quirk(m, PAB_QUIRK_WAKE_GRID))
        s->shock_time = pab__trunc((double)m->scn->clock.oracle_open + wait);
    else if (pab__trunc(wait) > INT64_MAX - s->shock_time)
        s->shock_time = INT64_MAX;
    else
        s->shock_time += pab__trunc(wait);
    s->shock_value = pab__draw_normal(size, p->megashock_mean, sqrt(p->megashock_var));
    if (pab__draw_randint(size, 0, 2) == 1)
        s->shock_value = -s->shock_value;
    s->shocks++;
    if (m->tap.megashock)
        m->tap.megashock(m->tap.user, symbol, s->shock_time, s->shock_value);
}

void pab__oracle_seed(pab_market *m, uint32_t symbol)
{
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    if (m->mt) {
        pab__draw global = pab__stream_global(m);
        uint32_t word = pab__draw_word(&global);
        pab__rng_seed(&s->rng, word);
        /* A replay has no such stream; the constant keeps it apart from the symbol's own. */
        pab__rng_seed(&s->shock_rng, word ^ UINT32_C(0x5bd1e995));
        return;
    }
    pab__rng_seed(&s->rng, pab__rng_key(m->core.seed, symbol, PAB__PURPOSE_ORACLE));
    pab__rng_seed(&s->shock_rng, pab__rng_key(m->core.seed, symbol, PAB__PURPOSE_SHOCK));
}

void pab__oracle_build(pab_market *m, uint32_t symbol)
{
    const pab__oracle_params *p = params_of(m, symbol);
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    s->time = m->scn->clock.oracle_open;
    s->value = p->r_bar;
    s->exact = (double)p->r_bar;
    s->shock_time = s->time;
    if (p->kind == PAB__ORACLE_NONE)
        return;
    if (p->kind == PAB__ORACLE_SERIES)
        s->value = pab__oracle_value(m, symbol, s->time);
    tell_value(m, symbol);
    if (p->kind == PAB__ORACLE_CORRELATED)
        return;
    if (p->kind != PAB__ORACLE_SPARSE || !(p->megashock_lambda_a > 0)) {
        s->shock_time = INT64_MAX;
        return;
    }
    pab__draw own = asking_draws(m, symbol) ? pab__stream_symbol(m, symbol) : shock_draw(m, symbol);
    pab__draw delay = asking_draws(m, symbol) ? pab__stream_global(m) : own;
    next_shock(m, symbol, &delay, &own);
}

/* One step of the mean-reverting path, of any length, as ABIDES' sparse oracle takes it. */
static void sparse_step(pab_market *m, uint32_t symbol, int64_t time, double jump)
{
    const pab__oracle_params *p = params_of(m, symbol);
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    pab__draw own = pab__stream_symbol(m, symbol);
    double d = (double)(time - s->time), mu = (double)p->r_bar, g = p->kappa;
    double mean = mu + ((double)s->value - mu) * exp(-g * d);
    double sd = sqrt((pow(p->fund_vol, 2.0) / (2 * g)) * (1 - exp(-2 * g * d)));
    double v = pab__draw_normal(&own, mean, sd);
    v += jump;
    v = v > 0 ? v : 0;
    s->time = time;
    s->value = pab__round_half_even(v);
    tell_value(m, symbol);
}

static int64_t sparse_value(pab_market *m, uint32_t symbol, int64_t time)
{
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    if (time <= s->time)
        return s->value;
    while (s->shock_time < time) {
        sparse_step(m, symbol, s->shock_time, s->shock_value);
        pab__draw global = pab__stream_global(m), own = pab__stream_symbol(m, symbol);
        next_shock(m, symbol, &global, &own);
    }
    sparse_step(m, symbol, time, 0);
    return s->value;
}

/* One grid step of the exact (unrounded) path. Each step takes the same draws, whatever was asked before. */
static void grid_step(pab_market *m, uint32_t symbol, pab__draw *own)
{
    const pab__oracle_params *p = params_of(m, symbol);
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    double mu = (double)p->r_bar;
    if (p->kind == PAB__ORACLE_DENSE) {
        s->exact += p->kappa * (mu - s->exact) + pab__draw_normal(own, 0.0, sqrt(p->sigma_s));
    } else {
        double d = (double)p->grid, g = p->kappa;
        double var = g > 0 ? p->fund_vol * p->fund_vol * (-expm1(-2 * g * d) / (2 * g)) : p->fund_vol * p->fund_vol * d;
        s->exact = pab__draw_normal(own, mu + (s->exact - mu) * exp(-g * d), sqrt(var));
    }
    s->time += p->grid;
    while (s->shock_time <= s->time && s->shock_time != INT64_MAX) {
        s->exact += s->shock_value;
        pab__draw shock = shock_draw(m, symbol);
        next_shock(m, symbol, &shock, &shock);
    }
    s->exact = s->exact > 0 ? s->exact : 0;
}

static int64_t grid_value(pab_market *m, uint32_t symbol, int64_t time)
{
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    int64_t grid = params_of(m, symbol)->grid;
    if (time - s->time < grid)
        return s->value;
    pab__draw own = pab__stream_symbol(m, symbol);
    while (time - s->time >= grid)
        grid_step(m, symbol, &own);
    s->value = pab__round_half_even(s->exact);
    tell_value(m, symbol);
    return s->value;
}

/* The last value at or before `time`; the first one before the series begins. */
static int64_t series_value(const pab__series *series, int64_t time)
{
    uint32_t low = 0, high = series->count;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (series->times[mid] <= time)
            low = mid;
        else
            high = mid;
    }
    return series->values[low];
}

int64_t pab__oracle_value(pab_market *m, uint32_t symbol, int64_t time)
{
    switch (params_of(m, symbol)->kind) {
    case PAB__ORACLE_NONE:
        return 0;
    case PAB__ORACLE_SERIES:
        return series_value(&m->scn->symbols[symbol].series, time);
    case PAB__ORACLE_CORRELATED:
        return pab__correlated_value(m, symbol, time);
    default:
        return asking_draws(m, symbol) ? sparse_value(m, symbol, time) : grid_value(m, symbol, time);
    }
}

int64_t pab__oracle_observe(pab_market *m, uint32_t symbol, int64_t time, double variance, pab__draw *noise)
{
    if (time >= m->scn->clock.oracle_close)
        time = m->scn->clock.oracle_close - 1;
    int64_t value = pab__oracle_value(m, symbol, time);
    if (variance == 0)
        return value;
    return pab__round_half_even(pab__draw_normal(noise, (double)value, sqrt(variance)));
}
