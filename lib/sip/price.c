/* Which eta is searched next: the one asked for, those of the front, then up to where the bound is kept; and what the
 * price of tracking is, all searched. */
#include <math.h>

#include "sip/search.h"

enum { HEAT = PAB__SIP_TOP + 2, BISECTIONS = 2, PRICE_MOST = 1000 };

/* --- What a search came to --- */

/* The rule SCE, which sets the bound, then those that the search entered. */
static uint32_t call_up(const pab__sip_state *state, double eta, pab__sip_table *table)
{
    uint32_t count = 1;
    pab__sip_table_single(PAB_EXPERT_SCE, 1, &table[0]);
    for (uint32_t i = 0; i < state->entrants && count < HEAT; i++) {
        const pab__sip_entrant *entrant = &state->entrant[i];
        int found = entrant->kind == PAB_SIP_CANDIDATE || entrant->kind == PAB_SIP_MEAN;
        if (found && entrant->eta == eta)
            table[count++] = entrant->table;
    }
    return count;
}

static void conclude(pab__sip_search *s, pab__sip_leg *leg, uint32_t count, const double *shortfall,
                     const double *tracking, double *spare)
{
    const uint32_t n = s->how.final_seeds;
    double least = INFINITY;
    for (uint32_t i = 0; i < count; i++) {
        pab__sip_costs costs;
        pab__sip_costs_of(shortfall + (size_t)i * n, tracking + (size_t)i * n, n, spare, &costs);
        const double objective = pab__sip_objective(&costs, leg->eta);
        if (i == 0) {
            s->state->bound = s->how.tracking * costs.tracking;
        } else if (objective < least) {
            least = objective;
            leg->tracking = costs.tracking;
        }
    }
}

pab_status pab__sip_price_measure(pab__sip_search *s)
{
    const uint32_t n = s->how.final_seeds;
    const size_t reals = (2 * HEAT + 1) * (size_t)n;
    pab__sip_leg *leg = &s->state->leg[s->state->searches - 1];
    leg->tracking = NAN;
    if (s->how.tracking == 0)
        return PAB_OK;
    pab__sip_table *table = pab__alloc(&s->host, HEAT * sizeof *table);
    double *shortfall = pab__alloc(&s->host, reals * sizeof *shortfall);
    pab_status status = PAB_OK;
    if (table == NULL || shortfall == NULL) {
        status = pab__fail(PAB_E_MEMORY, "no memory to play what a search found on %u seeds", n);
    } else {
        double *tracking = shortfall + (size_t)HEAT * n;
        const pab__sip_trials trials = {
            .table = table, .tables = call_up(s->state, leg->eta, table), .seeds = n, .split = PAB_SPLIT_TRAIN,
            .block = PAB__SIP_FINAL_BLOCK, .master_seed = s->options.master_seed, .shortfall = shortfall,
            .tracking = tracking,
        };
        status = pab__sip_play(&s->field, &trials);
        if (status == PAB_OK)
            conclude(s, leg, trials.tables, shortfall, tracking, tracking + (size_t)HEAT * n);
    }
    pab__release(&s->host, shortfall, reals * sizeof *shortfall);
    pab__release(&s->host, table, HEAT * sizeof *table);
    return status;
}

/* --- What is searched --- */

int pab__sip_price_keeps(const pab__sip_state *state, double tracking)
{
    return state->bound == 0 || tracking <= state->bound;
}

/* The least eta, from the one asked for on, whose search keeps the bound, and the greatest below it. NULL: none. */
typedef struct bracket {
    const pab__sip_leg *fails, *keeps;
} bracket;

static bracket find_bracket(const pab__sip_search *s)
{
    bracket b = {0};
    const pab__sip_leg *leg = s->state->leg, *end = leg + s->state->searches;
    for (const pab__sip_leg *l = leg; l < end; l++)
        if (l->eta >= s->how.eta && pab__sip_price_keeps(s->state, l->tracking) && (!b.keeps || l->eta < b.keeps->eta))
            b.keeps = l;
    for (const pab__sip_leg *l = leg; l < end; l++)
        if (l->eta >= s->how.eta && (!b.keeps || l->eta < b.keeps->eta) && (!b.fails || l->eta > b.fails->eta))
            b.fails = l;
    return b;
}

/* One rung up; 0: there is none. */
static int climb(double from, double *eta)
{
    static const double ladder[] = {0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32};
    for (size_t i = 0; i < sizeof ladder / sizeof *ladder; i++)
        if (ladder[i] > from) {
            *eta = ladder[i];
            return 1;
        }
    return 0;
}

/* Up until a search keeps the bound, then between it and the last that does not. */
static int next_of_bound(pab__sip_search *s, double *eta)
{
    const bracket b = find_bracket(s);
    if (!b.keeps)
        return climb(b.fails->eta, eta);
    if (!b.fails || s->state->bisections == BISECTIONS)
        return 0;
    s->state->bisections++;
    *eta = b.fails->eta > 0 ? sqrt(b.fails->eta * b.keeps->eta) : b.keeps->eta / 2;
    return 1;
}

static int was_searched(const pab__sip_state *state, double eta)
{
    for (uint32_t i = 0; i < state->searches; i++)
        if (state->leg[i].eta == eta)
            return 1;
    return 0;
}

static int next_of_front(const pab__sip_state *state, double *eta)
{
    static const double front[] = {0, 0.1, 0.25, 0.5, 1, 2, 4};
    for (size_t i = 0; i < sizeof front / sizeof *front; i++)
        if (!was_searched(state, front[i])) {
            *eta = front[i];
            return 1;
        }
    return 0;
}

int pab__sip_price_next(pab__sip_search *s, double *eta)
{
    if (s->state->searches == 0) {
        *eta = s->how.eta;
        return 1;
    }
    if (s->how.front && next_of_front(s->state, eta))
        return 1;
    return s->how.tracking > 0 && next_of_bound(s, eta);
}

/* --- The price --- */

double pab__sip_price(const pab__sip_search *s, const pab__sip_costs *costs, uint32_t n)
{
    double eta = s->how.eta;
    uint32_t best = 0;
    for (uint32_t i = 1; i < n; i++)
        if (pab__sip_objective(&costs[i], eta) < pab__sip_objective(&costs[best], eta))
            best = i;
    while (!pab__sip_price_keeps(s->state, costs[best].tracking)) { /* on to who is the best next, as eta grows */
        double least = INFINITY;
        uint32_t next = best;
        for (uint32_t i = 0; i < n; i++) {
            const double gain = costs[best].tracking - costs[i].tracking;
            const double at = (pab__sip_objective(&costs[i], 0) - pab__sip_objective(&costs[best], 0)) / gain;
            if (gain > 0 && (at < least || (at == least && costs[i].tracking < costs[next].tracking))) {
                least = at;
                next = i;
            }
        }
        if (!(least <= PRICE_MOST))
            break;
        eta = fmax(eta, least);
        best = next;
    }
    return eta;
}
