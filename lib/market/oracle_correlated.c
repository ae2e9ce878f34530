/* Fundamentals that move together: one path for all correlated symbols on a common grid.
 *
 * In ticks, the deviation of symbol i from its r_bar is  x_i + beta_i x_leader + jump_i.  Each x is an
 * Ornstein-Uhlenbeck process, stepped exactly; the shocks of a step are factor * z with z standard normal, so their
 * covariance is that of the processes over one step. A symbol that follows another has its own x as the cointegrated
 * spread. z is a function of (seed, symbol, grid index): asking more often, or in another order, changes nothing. */
#include "market/oracle.h"
#include "market/streams.h"

#include <math.h>

/* Sources of jumps. */
enum { OWN, COMMON, EVENT };

#define HOUR 3600e9        /* ns */
#define WORDS_PER_STEP 6   /* a step's draws begin at step << this; the polar method hardly ever needs more */

static const pab__correlation *correlation_of(const pab_market *m)
{
    return &m->scn->correlation;
}

static pab__symbol_state *state_of(const pab_market *m, uint32_t member)
{
    return pab__symbol_at(m, correlation_of(m)->members[member].symbol);
}

static const pab__oracle_params *oracle_of(const pab_market *m, uint32_t member)
{
    return &m->scn->symbols[correlation_of(m)->members[member].symbol].oracle;
}

/* --- Jumps --- */

static double ticks_of(const pab_market *m, uint32_t member, double bps)
{
    return bps * 1e-4 * (double)oracle_of(m, member)->r_bar;
}

/* The jump that is reported is the next one. */
static void note_next(pab__symbol_state *s)
{
    int next = OWN;
    for (int k = COMMON; k <= EVENT; k++)
        next = s->pending[k].time < s->pending[next].time ? k : next;
    s->shock_time = s->pending[next].time;
    s->shock_value = s->pending[next].value;
}

static void expect(pab_market *m, uint32_t member, int source, double time, double value)
{
    pab__symbol_state *s = state_of(m, member);
    s->pending[source] = (pab__oracle_shock){time < 9e18 ? pab__trunc(time) : INT64_MAX - 1, value};
    s->shocks++;
    note_next(s);
    if (m->tap.megashock)
        m->tap.megashock(m->tap.user, correlation_of(m)->members[member].symbol, s->pending[source].time, value);
}

static void expect_own(pab_market *m, uint32_t member, int64_t from)
{
    const pab__oracle_params *p = oracle_of(m, member);
    if (!(p->own_shock_rate > 0))
        return;
    pab__draw d = {&state_of(m, member)->shock_rng, NULL, 0};
    double wait = pab__draw_exponential(&d, HOUR / p->own_shock_rate);
    double size = pab__draw_normal(&d, 0, p->own_shock_sd);
    expect(m, member, OWN, (double)from + wait, ticks_of(m, member, size));
}

/* The first symbol is hit at once, the others up to `delay` later. */
static double arrival(pab__draw *d, uint32_t member, double time, int64_t delay)
{
    double late = pab__draw_uniform(d, 0, (double)delay);
    return member == 0 ? time : time + late;
}

static void expect_common(pab_market *m, int64_t from)
{
    const pab__correlation *c = correlation_of(m);
    if (!(c->keys.common_rate > 0))
        return;
    pab__rng rng;
    pab__rng_seed(&rng, pab__rng_key(m->core.seed, m->core.commons++, PAB__PURPOSE_COMMON));
    pab__draw d = {&rng, NULL, 0};
    double time = (double)from + pab__draw_exponential(&d, HOUR / c->keys.common_rate);
    double size = pab__draw_normal(&d, 0, c->keys.common_sd);
    for (uint32_t i = 0; i < c->count; i++)
        expect(m, i, COMMON, arrival(&d, i, time, c->keys.common_delay),
               ticks_of(m, i, size * oracle_of(m, i)->shock_beta));
}

static void expect_event(pab_market *m, int64_t from)
{
    const pab__correlation_keys *k = &correlation_of(m)->keys;
    if (!k->event || from > k->event_to)
        return;
    from = from > k->event_from ? from : k->event_from;
    pab__rng rng;
    pab__rng_seed(&rng, pab__rng_key(m->core.seed, 0, PAB__PURPOSE_EVENT));
    pab__draw d = {&rng, NULL, 0};
    double time = (double)from + pab__draw_uniform(&d, 0, (double)(k->event_to - from));
    double size = pab__draw_normal(&d, 0, k->event_sd);
    for (uint32_t i = 0; i < correlation_of(m)->count; i++) {
        double own = pab__draw_normal(&d, 0, k->event_own_sd);
        expect(m, i, EVENT, arrival(&d, i, time, k->event_delay),
               ticks_of(m, i, size * oracle_of(m, i)->shock_beta + own));
    }
}

/* A common jump is followed by the next one once it has arrived everywhere. */
static void common_arrived(pab_market *m, int64_t time)
{
    for (uint32_t i = 0; i < correlation_of(m)->count; i++) {
        if (state_of(m, i)->pending[COMMON].time != INT64_MAX)
            return;
    }
    expect_common(m, time);
}

static void take_jumps(pab_market *m, uint32_t member, int64_t time)
{
    pab__symbol_state *s = state_of(m, member);
    int follows = correlation_of(m)->members[member].leader >= 0;
    for (int k = OWN; k <= EVENT; k++) {
        while (s->pending[k].time <= time) {
            int64_t at = s->pending[k].time;
            /* A follower's own jumps are jumps of the spread and fade with it. */
            *(k == OWN && follows ? &s->exact : &s->jump) += s->pending[k].value;
            s->pending[k] = (pab__oracle_shock){INT64_MAX, 0};
            note_next(s);
            if (k == OWN)
                expect_own(m, member, at);
            else if (k == COMMON)
                common_arrived(m, at);
        }
    }
}

/* --- The path --- */

/* Two members share a generator, because normals come in pairs. */
static void draw_normals(const pab_market *m, uint64_t step, double *z)
{
    uint32_t count = correlation_of(m)->count;
    for (uint32_t i = 0; i < count; i += 2) {
        pab__rng rng = {.key = state_of(m, i)->rng.key, .words = step << WORDS_PER_STEP};
        pab__draw d = {&rng, NULL, 0};
        z[i] = pab__draw_normal(&d, 0, 1);
        z[i + 1] = pab__draw_normal(&d, 0, 1);
    }
}

/* What is seen of a late symbol is what it was `lag` steps ago. */
static double delayed(const pab_market *m, const pab__correlated *member, uint64_t step, double deviation)
{
    if (member->lag == 0)
        return deviation;
    double *slot = (double *)(void *)m->pools.lags.data + member->lag_first + step % member->lag;
    double old = *slot;
    *slot = deviation;
    return old;
}

static void path_step(pab_market *m)
{
    const pab__correlation *c = correlation_of(m);
    double z[PAB__CORRELATED_MAX + 1];
    uint64_t step = ++m->core.path_steps;
    int64_t time = m->scn->clock.oracle_open + (int64_t)step * c->keys.grid;
    draw_normals(m, step, z);
    for (uint32_t i = 0; i < c->count; i++) {
        pab__symbol_state *s = state_of(m, i);
        double shock = 0;
        for (uint32_t j = 0; j <= i; j++)
            shock += c->factor[i * c->count + j] * z[j];
        s->exact = s->exact * c->members[i].keep + shock;
        s->jump *= c->members[i].keep_jump;
        if (s->shock_time <= time)
            take_jumps(m, i, time);
    }
    for (uint32_t i = 0; i < c->count; i++) {
        const pab__correlated *member = &c->members[i];
        pab__symbol_state *s = state_of(m, i);
        double deviation = s->exact + s->jump;
        if (member->leader >= 0)
            deviation += member->beta * state_of(m, (uint32_t)member->leader)->exact;
        s->shown = delayed(m, member, step, deviation);
    }
}

static void advance(pab_market *m, int64_t time)
{
    int64_t elapsed = time - m->scn->clock.oracle_open;
    if (elapsed < 0)
        return;
    uint64_t step = (uint64_t)(elapsed / correlation_of(m)->keys.grid);
    while (m->core.path_steps < step)
        path_step(m);
}

int64_t pab__correlated_value(pab_market *m, uint32_t symbol, int64_t time)
{
    pab__symbol_state *s = pab__symbol_at(m, symbol);
    advance(m, time);
    int64_t reached = m->scn->clock.oracle_open + (int64_t)m->core.path_steps * correlation_of(m)->keys.grid;
    if (reached == s->time)
        return s->value;
    int64_t value = pab__round_half_even((double)m->scn->symbols[symbol].oracle.r_bar + s->shown);
    s->value = value > 1 ? value : 1;
    s->time = reached;
    if (m->tap.fundamental)
        m->tap.fundamental(m->tap.user, symbol, s->time, s->value, m->core.ended);
    return s->value;
}

/* --- Beginnings --- */

void pab__correlated_build(pab_market *m)
{
    const pab__correlation *c = correlation_of(m);
    int64_t open = m->scn->clock.oracle_open;
    for (uint32_t i = 0; i < c->count; i++) {
        pab__symbol_state *s = state_of(m, i);
        s->exact = s->jump = s->shown = 0;
        for (int k = OWN; k <= EVENT; k++)
            s->pending[k] = (pab__oracle_shock){INT64_MAX, 0};
        note_next(s);
        expect_own(m, i, open);
    }
    if (c->count == 0)
        return;
    expect_common(m, open);
    expect_event(m, open);
}

void pab__correlated_catch_up(pab_market *m)
{
    int64_t last = m->scn->clock.oracle_close - 1;
    if (correlation_of(m)->count > 0)
        advance(m, m->core.now < last ? m->core.now : last);
}

/* Jumps that have reached no symbol yet are drawn again; one that has reached the first symbol continues. */
void pab__correlated_renew(pab_market *m)
{
    const pab__correlation *c = correlation_of(m);
    int64_t now = m->core.now > m->scn->clock.oracle_open ? m->core.now : m->scn->clock.oracle_open;
    if (c->count == 0)
        return;
    for (uint32_t i = 0; i < c->count; i++)
        expect_own(m, i, now);
    if (state_of(m, 0)->pending[COMMON].time != INT64_MAX)
        expect_common(m, now);
    if (state_of(m, 0)->pending[EVENT].time != INT64_MAX)
        expect_event(m, now);
}
