/* The final: all entrants on the same seeds, the least objective within the bound wins, and validation has the last
 * word. */
#include <math.h>

#include "eval/table.h"
#include "sip/search.h"

typedef struct final {
    pab__sip_search *search;
    uint32_t entrants, seeds, tests;
    uint32_t played;                        /* on validation seeds ... */
    uint32_t which[PAB__SIP_FINALISTS];     /* ... who */
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

/* Fills in what the final seeds tell of an entrant. */
static pab_status describe(final *f, uint32_t i)
{
    const pab__sip_search *s = f->search;
    const pab__sip_entrant *entrant = &s->state->entrant[i];
    const pab__sip_run run = run_of(f->shortfall, f->tracking, i, f->seeds);
    const pab__sip_costs *costs = &f->costs[i];
    pab__sip_interval around;
    pab_status status = pab__sip_compare(&s->host, &run, NULL, f->seeds, s->how.eta, s->options.master_seed, &around);
    if (status != PAB_OK)
        return status;
    f->row[i] = (pab_sip_finalist){
        .struct_size = sizeof f->row[i], .kind = entrant->kind, .expert = entrant->expert, .eta = entrant->eta,
        .shortfall = costs->shortfall, .tracking = costs->tracking, .tail = costs->tail,
        .objective = pab__sip_objective(costs, s->how.eta), .objective_low = around.low, .objective_high = around.high,
        .validation_shortfall = NAN, .validation_tracking = NAN,
    };
    return PAB_OK;
}

static void mark_front(final *f)
{
    uint8_t front[PAB__SIP_FINALISTS];
    pab__sip_front(f->costs, f->entrants, front);
    for (uint32_t i = 0; i < f->entrants; i++)
        f->row[i].front = front[i];
}

static int keeps(const final *f, uint32_t i)
{
    return pab__sip_keeps(f->search, f->costs[i].tracking);
}

/* Who keeps the bound goes before who does not, whatever the objective. */
static int beats(const final *f, uint32_t i, uint32_t other)
{
    if (keeps(f, i) != keeps(f, other))
        return keeps(f, i);
    return f->row[i].objective < f->row[other].objective;
}

static void select_best(final *f)
{
    f->info.selected = f->info.single = 0; /* the first entrant is a single expert */
    for (uint32_t i = 1; i < f->entrants; i++) {
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
    for (uint32_t i = 0; i < f->entrants; i++)
        if (f->row[i].front && i != f->info.selected && i != f->info.single)
            f->which[f->played++] = i;
    for (uint32_t i = 0; i < f->played; i++)
        f->table[i] = f->search->state->entrant[f->which[i]].table;
}

static pab_status validate(final *f, pab__sip_field *field)
{
    const pab__sip_search *s = f->search;
    const pab__sip_trials trials = {
        .table = f->table, .tables = f->played, .seeds = f->tests, .split = PAB_SPLIT_VALIDATION,
        .block = PAB__SIP_FINAL_BLOCK, .master_seed = s->options.master_seed, .shortfall = f->test_shortfall,
        .tracking = f->test_tracking,
    };
    pab__sip_interval gain;
    pab_status status = pab__sip_play(field, &trials);
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

/* Plays the newest entrant on the final seeds, after all others. */
static pab_status play_last(final *f, pab__sip_field *field, const pab__sip_table *table)
{
    const size_t at = (size_t)f->entrants * f->seeds;
    const pab__sip_trials trials = {
        .table = table, .tables = 1, .seeds = f->seeds, .split = PAB_SPLIT_TRAIN, .block = PAB__SIP_FINAL_BLOCK,
        .master_seed = f->search->options.master_seed, .shortfall = f->shortfall + at, .tracking = f->tracking + at,
        .visits = f->visits[f->entrants],
    };
    return pab__sip_play(field, &trials);
}

/* The winner's weights, cell by cell; what became of them is one more entrant. One expert alone has none to move. */
static pab_status refine(final *f, pab__sip_field *field)
{
    pab__sip_search *s = f->search;
    pab__sip_state *state = s->state;
    const uint32_t from = f->info.selected;
    pab__sip_entrant *entrant = &state->entrant[f->entrants];
    double objective = f->row[from].objective;
    if (s->how.refine == 0 || from == f->info.single)
        return PAB_OK;
    *entrant = state->entrant[from];
    entrant->kind = PAB_SIP_REFINED;
    if (state->refined) {
        entrant->table = state->better;
        objective = INFINITY;
        for (uint32_t i = 0; i < state->sweeps; i++)
            objective = fmin(objective, state->sweep[i].after);
    }
    pab_status status = pab__sip_refine(s, f->visits[from], &entrant->table, objective);
    if (status == PAB_OK && state->refined)
        status = play_last(f, field, &entrant->table);
    if (status == PAB_OK && state->refined) {
        add_up(f, f->entrants);
        status = describe(f, f->entrants);
    }
    if (status == PAB_OK && state->refined) {
        f->entrants++;
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
        pab__log(&s->host, PAB_LOG_INFO, "sip", "a tracking error of at most %g %% is kept; its price is %g",
                 s->bound, s->price);
    else
        pab__log(&s->host, PAB_LOG_WARNING, "sip", "no finalist keeps a tracking error of at most %g %%; eta is %g",
                 s->bound, s->price);
}

static void set_bound(final *f)
{
    pab__sip_search *s = f->search;
    for (uint32_t i = 0; i < f->entrants; i++)
        if (s->state->entrant[i].kind == PAB_SIP_RULE && s->state->entrant[i].expert == PAB_EXPERT_SCE)
            s->bound = s->how.tracking * f->costs[i].tracking;
    s->price = pab__sip_price(s, f->costs, f->entrants);
}

static pab_status hold(final *f, pab__sip_field *field)
{
    const pab__sip_search *s = f->search;
    const pab__sip_trials trials = {
        .table = f->table, .tables = f->entrants, .seeds = f->seeds, .split = PAB_SPLIT_TRAIN,
        .block = PAB__SIP_FINAL_BLOCK, .master_seed = s->options.master_seed, .shortfall = f->shortfall,
        .tracking = f->tracking, .visits = f->visits[0],
    };
    for (uint32_t i = 0; i < f->entrants; i++)
        f->table[i] = s->state->entrant[i].table;
    pab_status status = pab__sip_play(field, &trials);
    for (uint32_t i = 0; status == PAB_OK && i < f->entrants; i++)
        add_up(f, i);
    if (status == PAB_OK)
        set_bound(f);
    for (uint32_t i = 0; status == PAB_OK && i < f->entrants; i++)
        status = describe(f, i);
    if (status == PAB_OK)
        status = pab__tell(s->options.progress, "sip final", 1, 2);
    if (status != PAB_OK)
        return status;
    select_best(f);
    note_price(f);
    status = refine(f, field);
    if (status != PAB_OK)
        return status;
    mark_front(f);
    call_up(f);
    status = validate(f, field);
    return status == PAB_OK ? pab__tell(s->options.progress, "sip final", 2, 2) : status;
}

static pab_status make_result(final *f, const pab_qtable *const *experts, pab_sip **out)
{
    const pab__sip_search *s = f->search;
    const pab__sip_entrant *shipped = &s->state->entrant[f->info.shipped];
    pab_sip *sip;
    f->info.struct_size = sizeof f->info;
    f->info.rules = shipped->table.rules;
    f->info.generations = s->state->rows;
    f->info.finalists = f->entrants;
    f->info.sweeps = s->state->sweeps;
    for (uint32_t i = 0; i < s->state->sweeps; i++)
        f->info.accepted += s->state->sweep[i].accepted != 0;
    f->info.eta = s->price;
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
    for (uint32_t i = 0; i < f->entrants; i++)
        sip->finalist[i] = f->row[i];
    for (uint32_t i = 0; i < s->state->sweeps; i++)
        sip->sweep[i] = s->state->sweep[i];
    *out = sip;
    return PAB_OK;
}

pab_status pab__sip_choose(pab__sip_search *s, const pab_qtable *const *experts, pab_sip **out)
{
    final *f = pab__alloc(&s->host, sizeof *f);
    uint32_t entrants = s->state->entrants, seeds = s->how.final_seeds, tests = s->how.validation_seeds;
    size_t room = (size_t)entrants + 1; /* the refined one */
    size_t reals = 2 * room * (seeds + tests) + (seeds > tests ? seeds : tests);
    double *memory = pab__alloc(&s->host, reals * sizeof *memory);
    pab_status status = PAB_OK;
    if (!f || !memory)
        status = pab__fail(PAB_E_MEMORY, "no memory for a final of %u ensembles on %u seeds", entrants, seeds);
    if (status == PAB_OK) {
        f->search = s;
        f->entrants = entrants;
        f->seeds = seeds;
        f->tests = tests;
        f->shortfall = memory;
        f->tracking = f->shortfall + room * seeds;
        f->test_shortfall = f->tracking + room * seeds;
        f->test_tracking = f->test_shortfall + room * tests;
        f->spare = f->test_tracking + room * tests;
        status = hold(f, &s->field);
    }
    if (status == PAB_OK)
        status = make_result(f, experts, out);
    pab__release(&s->host, memory, reals * sizeof *memory);
    pab__release(&s->host, f, sizeof *f);
    return status;
}
