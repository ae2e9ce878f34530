/* The final: all candidates play the same seeds. The least objective among the feasible ones wins; validation decides
 * whether it ships. */
#include <math.h>

#include "eval/table.h"
#include "sip/search.h"

typedef struct final {
    pab__sip_search *search;
    uint32_t candidates, seeds, tests;
    uint32_t played;                        /* finalists that play validation seeds ... */
    uint32_t which[PAB__SIP_FINALISTS];     /* ... and which */
    pab_sip_info info;
    pab__sip_costs costs[PAB__SIP_FINALISTS];
    pab_sip_finalist row[PAB__SIP_FINALISTS];
    pab__sip_table table[PAB__SIP_FINALISTS];
    double visits[PAB__SIP_FINALISTS][PAB__SIP_CELLS];
    double *shortfall, *tracking, *test_shortfall, *test_tracking, *spare;
} final;

static pab__sip_run run_of(const double *shortfall, const double *tracking, uint32_t i, uint32_t n)
{
    return (pab__sip_run){shortfall + (size_t)i * n, tracking + (size_t)i * n};
}

static void add_up(final *f, uint32_t i)
{
    const pab__sip_run run = run_of(f->shortfall, f->tracking, i, f->seeds);
    pab__sip_costs_of(run.shortfall, run.tracking, f->seeds, f->spare, &f->costs[i]);
}

/* Fills in a candidate's costs on the final seeds. */
static pab_status describe(final *f, uint32_t i)
{
    const pab__sip_search *s = f->search;
    const pab__sip_candidate *candidate = &s->state->candidate[i];
    const pab__sip_run run = run_of(f->shortfall, f->tracking, i, f->seeds);
    const pab__sip_costs *costs = &f->costs[i];
    pab__sip_interval around;
    pab_status status = pab__sip_compare(&s->host, &run, NULL, f->seeds, s->how.eta, s->options.master_seed, &around);
    if (status != PAB_OK)
        return status;
    f->row[i] = (pab_sip_finalist){
        .struct_size = sizeof f->row[i], .kind = candidate->kind, .expert = candidate->expert, .eta = candidate->eta,
        .shortfall = costs->shortfall, .tracking = costs->tracking, .tail = costs->tail,
        .objective = pab__sip_objective(costs, s->how.eta), .objective_low = around.low, .objective_high = around.high,
        .validation_shortfall = NAN, .validation_tracking = NAN,
    };
    return PAB_OK;
}

static void mark_front(final *f)
{
    uint8_t front[PAB__SIP_FINALISTS];
    pab__sip_front(f->costs, f->candidates, front);
    for (uint32_t i = 0; i < f->candidates; i++)
        f->row[i].front = front[i];
}

static int keeps(const final *f, uint32_t i)
{
    return pab__sip_is_feasible(f->search, f->costs[i].tracking);
}

/* A feasible candidate goes before an infeasible one, whatever the objectives. */
static int beats(const final *f, uint32_t i, uint32_t other)
{
    if (keeps(f, i) != keeps(f, other))
        return keeps(f, i);
    return f->row[i].objective < f->row[other].objective;
}

static void select_best(final *f)
{
    f->info.selected = f->info.single = 0; /* the first candidate is a single expert */
    for (uint32_t i = 1; i < f->candidates; i++) {
        int is_single = f->row[i].kind == PAB_SIP_EXPERT || f->row[i].kind == PAB_SIP_RULE;
        if (beats(f, i, f->info.selected))
            f->info.selected = i;
        if (is_single && beats(f, i, f->info.single))
            f->info.single = i;
    }
}

/* The winner, the best single expert, then the rest of the front. */
static void call_up(final *f)
{
    f->which[f->played++] = f->info.selected;
    f->which[f->played++] = f->info.single;
    for (uint32_t i = 0; i < f->candidates; i++)
        if (f->row[i].front && i != f->info.selected && i != f->info.single)
            f->which[f->played++] = i;
    for (uint32_t i = 0; i < f->played; i++)
        f->table[i] = f->search->state->candidate[f->which[i]].table;
}

static pab_status validate(final *f, pab__sip_workers *workers)
{
    const pab__sip_search *s = f->search;
    const pab__sip_evaluation evaluation = {
        .table = f->table, .tables = f->played, .seeds = f->tests, .split = PAB_SPLIT_VALIDATION,
        .block = PAB__SIP_FINAL_BLOCK, .master_seed = s->options.master_seed, .shortfall = f->test_shortfall,
        .tracking = f->test_tracking,
    };
    pab__sip_interval gain;
    pab_status status = pab__sip_evaluate(workers, &evaluation);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 0; i < f->played; i++) {
        const pab__sip_run run = run_of(f->test_shortfall, f->test_tracking, i, f->tests);
        pab__sip_costs costs;
        pab__sip_costs_of(run.shortfall, run.tracking, f->tests, f->spare, &costs);
        f->row[f->which[i]].validation_shortfall = costs.shortfall;
        f->row[f->which[i]].validation_tracking = costs.tracking;
    }
    const pab__sip_run selected = run_of(f->test_shortfall, f->test_tracking, 0, f->tests);
    const pab__sip_run single = run_of(f->test_shortfall, f->test_tracking, 1, f->tests);
    status = pab__sip_compare(&s->host, &selected, &single, f->tests, s->how.eta, s->options.master_seed, &gain);
    f->info.gain = gain.value;
    f->info.gain_low = gain.low;
    f->info.gain_high = gain.high;
    int may_ship = keeps(f, f->info.single) || !keeps(f, f->info.selected);
    f->info.shipped = gain.value > 0 && may_ship ? f->info.single : f->info.selected;
    return status;
}

/* Plays the newest candidate on the final seeds, after all others. */
static pab_status play_last(final *f, pab__sip_workers *workers, const pab__sip_table *table)
{
    const size_t at = (size_t)f->candidates * f->seeds;
    const pab__sip_evaluation evaluation = {
        .table = table, .tables = 1, .seeds = f->seeds, .split = PAB_SPLIT_TRAIN, .block = PAB__SIP_FINAL_BLOCK,
        .master_seed = f->search->options.master_seed, .shortfall = f->shortfall + at, .tracking = f->tracking + at,
        .visits = f->visits[f->candidates],
    };
    return pab__sip_evaluate(workers, &evaluation);
}

/* Refines the winner's weights cell by cell into one more candidate. A single expert has no weights to move. */
static pab_status refine(final *f, pab__sip_workers *workers)
{
    pab__sip_search *s = f->search;
    pab__sip_state *state = s->state;
    const uint32_t from = f->info.selected;
    pab__sip_candidate *candidate = &state->candidate[f->candidates];
    double objective = f->row[from].objective;
    if (s->how.refine == 0 || from == f->info.single)
        return PAB_OK;
    *candidate = state->candidate[from];
    candidate->kind = PAB_SIP_REFINED;
    if (state->refined) {
        candidate->table = state->better;
        objective = INFINITY;
        for (uint32_t i = 0; i < state->sweeps; i++)
            objective = fmin(objective, state->sweep[i].after);
    }
    pab_status status = pab__sip_refine(s, f->visits[from], &candidate->table, objective);
    if (status == PAB_OK && state->refined)
        status = play_last(f, workers, &candidate->table);
    if (status == PAB_OK && state->refined) {
        add_up(f, f->candidates);
        status = describe(f, f->candidates);
    }
    if (status == PAB_OK && state->refined) {
        f->candidates++;
        select_best(f);
    }
    return status;
}

static void note_price(const final *f)
{
    const pab__sip_search *s = f->search;
    if (s->how.tracking == 0)
        return;
    if (keeps(f, f->info.selected))
        pab__log(&s->host, PAB_LOG_INFO, "sip", "a tracking error of at most %g %% holds; its multiplier is %g",
                 s->bound, s->multiplier);
    else
        pab__log(&s->host, PAB_LOG_WARNING, "sip", "no finalist keeps a tracking error of at most %g %%; eta is %g",
                 s->bound, s->multiplier);
}

static void set_bound(final *f)
{
    pab__sip_search *s = f->search;
    for (uint32_t i = 0; i < f->candidates; i++)
        if (s->state->candidate[i].kind == PAB_SIP_RULE && s->state->candidate[i].expert == PAB_EXPERT_SCE)
            s->bound = s->how.tracking * f->costs[i].tracking;
    s->multiplier = pab__sip_multiplier(s, f->costs, f->candidates);
}

static pab_status hold(final *f, pab__sip_workers *workers)
{
    const pab__sip_search *s = f->search;
    const pab__sip_evaluation evaluation = {
        .table = f->table, .tables = f->candidates, .seeds = f->seeds, .split = PAB_SPLIT_TRAIN,
        .block = PAB__SIP_FINAL_BLOCK, .master_seed = s->options.master_seed, .shortfall = f->shortfall,
        .tracking = f->tracking, .visits = f->visits[0],
    };
    for (uint32_t i = 0; i < f->candidates; i++)
        f->table[i] = s->state->candidate[i].table;
    pab_status status = pab__sip_evaluate(workers, &evaluation);
    for (uint32_t i = 0; status == PAB_OK && i < f->candidates; i++)
        add_up(f, i);
    if (status == PAB_OK)
        set_bound(f);
    for (uint32_t i = 0; status == PAB_OK && i < f->candidates; i++)
        status = describe(f, i);
    if (status == PAB_OK)
        status = pab__progress_report(s->options.progress, "sip final", 1, 2);
    if (status != PAB_OK)
        return status;
    select_best(f);
    note_price(f);
    status = refine(f, workers);
    if (status != PAB_OK)
        return status;
    mark_front(f);
    call_up(f);
    status = validate(f, workers);
    return status == PAB_OK ? pab__progress_report(s->options.progress, "sip final", 2, 2) : status;
}

static pab_status make_result(final *f, const pab_qtable *const *experts, pab_sip **out)
{
    const pab__sip_search *s = f->search;
    const pab__sip_candidate *shipped = &s->state->candidate[f->info.shipped];
    pab_sip *sip;
    f->info.struct_size = sizeof f->info;
    f->info.rules = shipped->table.rules;
    f->info.generations = s->state->rows;
    f->info.finalists = f->candidates;
    f->info.sweeps = s->state->sweeps;
    for (uint32_t i = 0; i < s->state->sweeps; i++)
        f->info.accepted += s->state->sweep[i].accepted != 0;
    f->info.eta = s->multiplier;
    f->info.eta_asked = s->how.eta;
    f->info.bound = s->bound;
    pab_status status = pab__sip_new(&s->host, experts, &f->info, &sip);
    if (status != PAB_OK)
        return status;
    sip->master_seed = s->options.master_seed;
    sip->table = shipped->table;
    for (int c = 0; c < PAB__SIP_CELLS; c++)
        sip->visits[c] = f->visits[f->info.shipped][c];
    for (uint32_t i = 0; i < s->state->rows; i++)
        sip->search[i] = s->state->row[i];
    for (uint32_t i = 0; i < f->candidates; i++)
        sip->finalist[i] = f->row[i];
    for (uint32_t i = 0; i < s->state->sweeps; i++)
        sip->sweep[i] = s->state->sweep[i];
    *out = sip;
    return PAB_OK;
}

pab_status pab__sip_choose(pab__sip_search *s, const pab_qtable *const *experts, pab_sip **out)
{
    final *f = pab__alloc(&s->host, sizeof *f);
    uint32_t candidates = s->state->candidates, seeds = s->how.final_seeds, tests = s->how.validation_seeds;
    size_t room = (size_t)candidates + 1; /* the refined one */
    size_t reals = 2 * room * (seeds + tests) + (seeds > tests ? seeds : tests);
    double *memory = pab__alloc(&s->host, reals * sizeof *memory);
    pab_status status = PAB_OK;
    if (!f || !memory)
        status = pab__fail(PAB_E_MEMORY, "no memory for a final of %u ensembles on %u seeds", candidates, seeds);
    if (status == PAB_OK) {
        f->search = s;
        f->candidates = candidates;
        f->seeds = seeds;
        f->tests = tests;
        f->shortfall = memory;
        f->tracking = f->shortfall + room * seeds;
        f->test_shortfall = f->tracking + room * seeds;
        f->test_tracking = f->test_shortfall + room * tests;
        f->spare = f->test_tracking + room * tests;
        status = hold(f, &s->workers);
    }
    if (status == PAB_OK)
        status = make_result(f, experts, out);
    pab__release(&s->host, memory, reals * sizeof *memory);
    pab__release(&s->host, f, sizeof *f);
    return status;
}
