/* Generations: draw tables, play them on seeds of their own, move the mean; for each eta in turn. Under a
 * constraint the first search looks for the multiplier of tracking too. */
#include "sip/search.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "eval/stats.h"
#include "eval/table.h"

#define FIRST_SD 0.5 /* of each parameter; five of them are added up for a weight or a multiplier */
#define LEAST_MULTIPLIER 0.1 /* from which it grows where eta is less */
#define FRONT_SD 0.5 /* least sd at which a further eta starts from the first one's mean */

static pab__cem_plan plan_of(const pab__sip_search *s)
{
    return (pab__cem_plan){
        .dims = PAB__SIP_PARAMETERS,
        .candidates = s->how.candidates,
        .elite = s->how.elite,
        .smoothing = 0.7,
        .floor = 0.1,
        .key = pab__rng_key(s->options.master_seed, 2000 + s->state->searches, 2),
    };
}

static uint32_t generations_of(const pab__sip_search *s)
{
    return s->state->searches == 0 ? s->how.generations : s->how.front_generations;
}

static void enter(pab__sip_state *state, int32_t kind, int32_t expert, double eta, const pab__sip_table *table)
{
    state->candidate[state->candidates++] = (pab__sip_candidate){kind, expert, eta, *table};
}

/* Candidates that do not depend on the search: first, so that among equals the simple one wins. */
static void enter_known(pab__sip_state *state, double eta)
{
    pab__sip_table table;
    for (int32_t kind = PAB_SIP_EXPERT; kind <= PAB_SIP_RULE; kind++) {
        for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++) {
            pab__sip_table_single(e, kind == PAB_SIP_RULE, &table);
            enter(state, kind, e, eta, &table);
        }
    }
    pab__sip_table_even(&table);
    enter(state, PAB_SIP_EVEN, -1, eta, &table);
}

static int is_bounded(const pab__sip_search *s)
{
    return s->how.tracking > 0 && s->state->searches == 0;
}

/* Of all candidates; then the rule SCE, which sets the bound on the same seeds. */
static void make_tables(pab__sip_search *s, const pab__cem_plan *plan)
{
    double x[PAB__CEM_DIMS];
    pab__sip_table_single(PAB_EXPERT_SCE, 1, &s->tables[plan->candidates]);
    for (uint32_t i = 0; i < plan->candidates; i++) {
        pab__cem_draw(plan, &s->state->cem, i, x);
        pab__sip_table_make(x, &s->tables[i]);
    }
}

static void add_row(pab__sip_search *s, const pab__cem_plan *plan)
{
    pab__sip_state *state = s->state;
    pab_sip_generation *row = &state->row[state->rows++];
    *row = (pab_sip_generation){.struct_size = sizeof *row, .eta = state->eta};
    row->generation = (uint32_t)state->cem.generation - 1;
    row->best = s->cost[s->order[0]];
    for (uint32_t i = 0; i < plan->candidates; i++) {
        row->mean += s->cost[i] / plan->candidates;
        row->elite += i < plan->elite ? s->cost[s->order[i]] / plan->elite : 0;
    }
    for (uint32_t i = 0; i < plan->elite; i++)
        row->tracking += pab__stats_mean(s->tracking + (size_t)s->order[i] * s->how.seeds, s->how.seeds) / plan->elite;
    for (uint32_t d = 0; d < plan->dims; d++)
        row->sd += state->cem.sd[d] / plan->dims;
}

/* The last generation's best, and its mean. */
static void enter_found(pab__sip_search *s, const pab__cem_plan *plan)
{
    pab__sip_table table;
    uint32_t top = s->state->searches == 0 ? PAB__SIP_TOP : PAB__SIP_FRONT_TOP;
    for (uint32_t i = 0; i < top && i < plan->candidates; i++)
        enter(s->state, PAB_SIP_CANDIDATE, -1, s->state->eta, &s->tables[s->order[i]]);
    pab__sip_table_make(s->state->cem.mean, &table);
    enter(s->state, PAB_SIP_MEAN, -1, s->state->eta, &table);
}

/* Starts from the end of the search with the next smaller eta, or of the first one below the eta that was asked for. */
static void start_search(pab__sip_state *state)
{
    const pab__sip_eta_search *from = &state->search[0];
    for (uint32_t i = 1; i < state->searches; i++)
        if (state->search[i].eta < state->eta && state->search[i].eta > from->eta)
            from = &state->search[i];
    state->cem = from->end;
    state->cem.generation = 0;
    for (int d = 0; d < PAB__CEM_DIMS; d++)
        state->cem.sd[d] = fmax(FRONT_SD, state->cem.sd[d]);
}

/* Whether that eta was searched without a bound. */
static int was_searched(const pab__sip_search *s, double eta)
{
    for (uint32_t i = s->how.tracking > 0 ? 1 : 0; i < s->state->searches; i++)
        if (s->state->search[i].eta == eta)
            return 1;
    return 0;
}

/* 0: none is left. */
static int next_of_front(const pab__sip_search *s, double *eta)
{
    static const double front[] = {0, 0.1, 0.25, 0.5, 1, 2, 4};
    for (size_t i = 0; s->how.front && i < sizeof front / sizeof *front; i++)
        if (!was_searched(s, front[i])) {
            *eta = front[i];
            return 1;
        }
    return 0;
}

static void end_search(pab__sip_search *s, const pab__cem_plan *plan)
{
    pab__sip_state *state = s->state;
    pab__sip_eta_search *ended = &state->search[state->searches];
    enter_found(s, plan);
    ended->eta = state->searches == 0 ? s->how.eta : state->eta;
    ended->end = state->cem;
    state->searches++;
    state->over = !next_of_front(s, &state->eta);
    if (!state->over)
        start_search(state);
}

static void cost_of(const pab__sip_search *s, uint32_t table, pab__sip_costs *out)
{
    const uint32_t n = s->how.seeds;
    pab__sip_costs_of(s->shortfall + (size_t)table * n, s->tracking + (size_t)table * n, n, s->spare, out);
}

static void rank_candidates(pab__sip_search *s, const pab__cem_plan *plan)
{
    for (uint32_t i = 0; i < plan->candidates; i++) {
        pab__sip_costs costs;
        cost_of(s, i, &costs);
        s->cost[i] = pab__sip_objective(&costs, s->state->eta);
    }
}

/* eta rises while the elite is over the bound on these seeds, and falls to what was asked for while it is below. */
static void move_price(pab__sip_search *s, const pab__cem_plan *plan, const pab_sip_generation *row)
{
    pab__sip_costs sce;
    if (!is_bounded(s))
        return;
    cost_of(s, plan->candidates, &sce);
    const double over = row->tracking / fmax(s->how.tracking * sce.tracking, 1e-9);
    s->state->eta = fmin(PAB__SIP_MULTIPLIER_MAX, fmax(s->how.eta, fmax(s->state->eta, LEAST_MULTIPLIER) * over));
}

static pab_status generation(pab__sip_search *s)
{
    const pab__cem_plan plan = plan_of(s);
    const pab__sip_evaluation evaluation = {
        .table = s->tables, .tables = plan.candidates + (is_bounded(s) ? 1 : 0), .seeds = s->how.seeds,
        .split = PAB_SPLIT_TRAIN, .block = s->state->rows, .master_seed = s->options.master_seed,
        .shortfall = s->shortfall, .tracking = s->tracking,
    };
    make_tables(s, &plan);
    pab_status status = pab__sip_evaluate(&s->workers, &evaluation);
    if (status != PAB_OK)
        return status;
    rank_candidates(s, &plan);
    pab__sort_rank(s->cost, plan.candidates, s->order);
    pab__cem_update(&plan, &s->state->cem, s->order);
    add_row(s, &plan);
    move_price(s, &plan, &s->state->row[s->state->rows - 1]);
    if (s->state->cem.generation == generations_of(s))
        end_search(s, &plan);
    return PAB_OK;
}

static pab_status write_log(const pab__sip_search *s)
{
    if (!s->options.log_path)
        return PAB_OK;
    return pab__sip_write_search(&s->host, s->state->row, s->state->rows, s->options.log_path);
}

pab_status pab__sip_search_run(pab__sip_search *s)
{
    pab_status status = write_log(s); /* of generations before the checkpoint */
    while (status == PAB_OK && !s->state->over) {
        status = generation(s);
        if (status == PAB_OK)
            status = pab__sip_checkpoint_save(s);
        if (status == PAB_OK)
            status = write_log(s);
        if (status == PAB_OK)
            status = pab__progress_report(s->options.progress, "sip", s->state->over ? s->room : s->state->rows,
                                          s->room);
    }
    return status;
}

/* --- Life --- */

static pab_status allocate(pab__sip_search *s)
{
    const uint32_t tables = s->how.candidates + 1;
    size_t episodes = (size_t)tables * s->how.seeds;
    s->reals = 2 * episodes + s->how.seeds + s->how.candidates;
    s->state = pab__alloc(&s->host, sizeof *s->state);
    s->tables = pab__alloc(&s->host, tables * sizeof *s->tables);
    s->shortfall = pab__alloc(&s->host, s->reals * sizeof(double));
    s->order = pab__alloc(&s->host, s->how.candidates * sizeof *s->order);
    if (s->state)
        s->state->row = pab__alloc(&s->host, s->room * sizeof *s->state->row);
    if (!s->state || !s->tables || !s->shortfall || !s->order || !s->state->row)
        return pab__fail(PAB_E_MEMORY, "no memory for %u candidates on %u seeds", s->how.candidates, s->how.seeds);
    s->tracking = s->shortfall + episodes;
    s->spare = s->tracking + episodes;
    s->cost = s->spare + s->how.seeds;
    return PAB_OK;
}

pab_status pab__sip_search_open(pab__sip_search *s, const pab_host *host, pab_scenario *scn,
                                const pab_qtable *const *experts, uint64_t identity)
{
    s->host = *host;
    s->scn = scn;
    s->identity = identity;
    s->room = s->how.generations + (PAB__SIP_SEARCHES - 1) * s->how.front_generations;
    pab_status status = allocate(s);
    if (status != PAB_OK)
        return status;
    pab__cem_start(&s->state->cem, FIRST_SD);
    s->state->eta = s->how.eta;
    enter_known(s->state, s->how.eta);
    status = pab__sip_checkpoint_load(s);
    if (status != PAB_OK)
        return status;
    return pab__sip_workers_open(host, scn, s->options.threads, s->how.refine > 0, experts, &s->workers);
}

void pab__sip_search_close(pab__sip_search *s)
{
    pab__sip_workers_close(&s->workers);
    if (s->state)
        pab__release(&s->host, s->state->row, s->room * sizeof *s->state->row);
    pab__release(&s->host, s->state, sizeof *s->state);
    pab__release(&s->host, s->tables, (s->how.candidates + 1) * sizeof *s->tables);
    pab__release(&s->host, s->shortfall, s->reals * sizeof(double));
    pab__release(&s->host, s->order, s->how.candidates * sizeof *s->order);
}
