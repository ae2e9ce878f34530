/* The search for a scenario with the facts of a pair of tapes.
 *
 * First each parameter is scaled by the ratio of its own fact to the target. Then each is tried a step up and a step
 * down; the best candidate, or the best combination, is kept, and the step is halved if none is better. All candidates
 * use common random numbers. */
#include "stage0/fit.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "scenario/config.h"

#define CORRELATION_SCALE 2.0 /* a correlation off by 0.5 counts as a rate off by a factor e */
#define WORST 3.0             /* logarithm of a ratio at which a fact can be off no further */
#define DAMPING 0.7
#define FIRST_STEP 0.25
#define LAST_STEP 0.02
#define LEAST_REPORT PAB__UPTO(pab_fit_report, simulated)
#define FRESH_SEEDS 1000 /* apart from those of the search */

static const struct {
    int32_t fact;
    double weight;
} leg_targets[] = {
    {PAB_FACT_SPREAD_BPS, 1}, {PAB_FACT_TOUCH_SIZE, 0.2}, {PAB_FACT_ORDER_RATE, 1}, {PAB_FACT_BOOK_VOLUME_RATE, 1},
    {PAB_FACT_VOL_1, 0.5},    {PAB_FACT_VOL_10, 0.5},     {PAB_FACT_VOL_60, 1},     {PAB_FACT_VOL_300, 0.5},
    {PAB_FACT_MID_RATE, 0.2}, {PAB_FACT_TOUCH_LIFE, 0.2},
}, pair_targets[] = {
    {PAB_FACT_CORR_1, 0.5}, {PAB_FACT_CORR_5, 0.5}, {PAB_FACT_CORR_10, 1}, {PAB_FACT_CORR_60, 2},
    {PAB_FACT_CORR_300, 1},
};

/* Squared, as a mean over seeds: one that does not have the fact is off by as much as can be. */
static double square_off(double off, double missing)
{
    off = off < WORST ? off : WORST;
    return missing < 1 ? (1 - missing) * off * off + missing * WORST * WORST : WORST * WORST;
}

double pab__fit_loss(const double *wanted, const double *facts, const double *missing)
{
    double sum = 0, weight = 0;
    for (size_t i = 0; i < 2 * (sizeof leg_targets / sizeof *leg_targets); i++) {
        int f = leg_targets[i / 2].fact + (int)(i % 2) * PAB_LEG_FACT_COUNT;
        if (!(wanted[f] > 0))
            continue;
        double off = facts[f] > 0 ? fabs(log(facts[f] / wanted[f])) : WORST;
        sum += leg_targets[i / 2].weight * square_off(off, missing[f]);
        weight += leg_targets[i / 2].weight;
    }
    for (size_t i = 0; i < sizeof pair_targets / sizeof *pair_targets; i++) {
        int f = 2 * PAB_LEG_FACT_COUNT + pair_targets[i].fact - PAB_PAIR_FACT_FIRST;
        if (isnan(wanted[f]))
            continue;
        double off = isnan(facts[f]) ? WORST : CORRELATION_SCALE * fabs(facts[f] - wanted[f]);
        sum += pair_targets[i].weight * square_off(off, missing[f]);
        weight += pair_targets[i].weight;
    }
    return weight > 0 ? sum / weight : 0;
}

/* Size of the simulation. */
typedef struct budget {
    uint32_t seeds, turns, rounds, fresh;
} budget;

static const budget budgets[] = {{2, 4, 1, 4}, {4, 10, 16, 32}};

typedef struct search {
    pab__fit_plan *plan;
    pab__threads *threads;
    const pab_host *host;
    const pab_fit_options *options;
    budget budget;
    uint32_t done, steps; /* parts of the work, for progress */
    int32_t evaluations;
    uint32_t knobs[PAB__KNOBS], knob_count; /* those that are free */
    pab__fit_trial best;
    pab__fit_trial trials[2 * PAB__KNOBS];
} search;

static pab_status simulate(search *s, uint32_t count)
{
    pab_status status =
        pab__fit_simulate(s->plan, s->threads, s->host, s->trials, count, s->budget.seeds, s->options->seed);
    s->evaluations += (int32_t)count;
    s->done += count;
    if (status == PAB_OK && s->options->progress &&
        s->options->progress(s->options->user, s->done < s->steps ? (double)s->done / s->steps : 1.0) != 0)
        status = pab__fail(PAB_E_CANCELLED, "the fit was cancelled by its progress hook");
    return status;
}

static void keep_best(search *s, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (s->trials[i].loss < s->best.loss)
            s->best = s->trials[i];
}

/* Scales a parameter by a damped ratio within bounds. */
static void turn(double *knob, double wanted, double got)
{
    if (!(wanted > 0 && got > 0))
        return;
    double by = DAMPING * log(wanted / got);
    *knob *= exp(by < -1 ? -1 : by > 1 ? 1 : by);
}

static pab__knobs turned(const pab__fit_plan *plan, const pab__fit_trial *t)
{
    pab__knobs k = t->knobs;
    int corr = 2 * PAB_LEG_FACT_COUNT + PAB_FACT_CORR_60 - PAB_PAIR_FACT_FIRST;
    turn(&k.value[PAB__KNOB_RHO], plan->sign * plan->wanted[corr], plan->sign * t->facts[corr]);
    k.value[PAB__KNOB_RHO] = k.value[PAB__KNOB_RHO] < 2.5 ? k.value[PAB__KNOB_RHO] : 2.5; /* correlation 0.987 */
    for (int leg = 0; leg < 2 && plan->crowd; leg++) {
        double *v = k.value + leg * PAB__KNOBS_LEG;
        const double *wanted = plan->wanted + leg * PAB_LEG_FACT_COUNT, *got = t->facts + leg * PAB_LEG_FACT_COUNT;
        turn(&v[PAB__KNOB_VOL], wanted[PAB_FACT_VOL_60], got[PAB_FACT_VOL_60]);
        turn(&v[PAB__KNOB_RATE], wanted[PAB_FACT_ORDER_RATE], got[PAB_FACT_ORDER_RATE]);
        turn(&v[PAB__KNOB_DEPTH], wanted[PAB_FACT_TOUCH_SIZE], got[PAB_FACT_TOUCH_SIZE]);
        turn(&v[PAB__KNOB_WATCH], wanted[PAB_FACT_MID_RATE], got[PAB_FACT_MID_RATE]);
    }
    if (plan->crowd)
        return k;
    for (int leg = 0; leg < 2; leg++) {
        double *v = k.value + leg * PAB__KNOBS_LEG;
        const double *wanted = plan->wanted + leg * PAB_LEG_FACT_COUNT, *got = t->facts + leg * PAB_LEG_FACT_COUNT;
        turn(&v[PAB__KNOB_VOL], wanted[PAB_FACT_VOL_60], got[PAB_FACT_VOL_60]);
        turn(&v[PAB__KNOB_WINDOW], wanted[PAB_FACT_SPREAD_BPS], got[PAB_FACT_SPREAD_BPS]);
        turn(&v[PAB__KNOB_RATE], wanted[PAB_FACT_ORDER_RATE], got[PAB_FACT_ORDER_RATE]);
        turn(&v[PAB__KNOB_VALUE], wanted[PAB_FACT_ORDER_RATE], got[PAB_FACT_ORDER_RATE]);
        turn(&v[PAB__KNOB_SIZE], wanted[PAB_FACT_BOOK_VOLUME_RATE] / wanted[PAB_FACT_ORDER_RATE],
             got[PAB_FACT_BOOK_VOLUME_RATE] / got[PAB_FACT_ORDER_RATE]);
    }
    return k;
}

/* Scales each parameter by the ratio of its fact to the target. */
static pab_status approach(search *s)
{
    s->trials[0].knobs = pab__fit_start(s->plan);
    s->best.loss = INFINITY;
    pab_status status = PAB_OK;
    for (uint32_t i = 0; i < s->budget.turns && status == PAB_OK; i++) {
        status = simulate(s, 1);
        if (status != PAB_OK)
            break;
        keep_best(s, 1);
        s->trials[0].knobs = turned(s->plan, &s->trials[0]);
    }
    return status;
}

typedef struct move {
    uint32_t trial;
    double loss;
} move;

static int cheaper(const void *a, const void *b)
{
    const move *x = a, *y = b;
    return x->loss < y->loss || (x->loss == y->loss && x->trial < y->trial);
}

/* Candidates that combine the best two, three, ... of the moves that helped. */
static uint32_t combine(search *s, const pab__knobs *from, const move *moves, uint32_t count, double step)
{
    pab__knobs k = *from;
    uint32_t made = 0;
    unsigned char turned_already[PAB__KNOBS] = {0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t knob = s->knobs[moves[i].trial / 2];
        if (turned_already[knob]++)
            continue;
        k.value[knob] *= exp(moves[i].trial % 2 ? -step : step);
        if (i > 0)
            s->trials[made++].knobs = k;
    }
    return made;
}

/* One step up and one down for each parameter, then combinations of the moves that helped. Sets *better. */
static pab_status look_around(search *s, double step, int *better)
{
    pab__fit_trial from = s->best;
    move moves[2 * PAB__KNOBS];
    uint32_t helped = 0, count = 2 * s->knob_count;
    for (uint32_t i = 0; i < count; i++) {
        s->trials[i].knobs = from.knobs;
        s->trials[i].knobs.value[s->knobs[i / 2]] *= exp(i % 2 ? -step : step);
    }
    pab_status status = simulate(s, count);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 0; i < count; i++)
        if (s->trials[i].loss < from.loss)
            moves[helped++] = (move){i, s->trials[i].loss};
    pab__sort(moves, helped, sizeof *moves, cheaper);
    keep_best(s, count);
    uint32_t made = combine(s, &from.knobs, moves, helped, step);
    if (made > 0)
        status = simulate(s, made);
    if (status == PAB_OK)
        keep_best(s, made);
    *better = s->best.loss < from.loss;
    return status;
}

static pab_status find(search *s, pab_fit_report *report)
{
    pab_status status = approach(s);
    if (status != PAB_OK)
        return status;
    double step = FIRST_STEP;
    for (uint32_t i = 0; i < s->budget.rounds && step >= LAST_STEP && status == PAB_OK; i++) {
        int better = 0;
        status = look_around(s, step, &better);
        step = better ? step : step / 2;
    }
    if (status != PAB_OK)
        return status;
    /* The best of many is flattered by its seeds, so the report is made from others. */
    pab__fit_trial ends[2] = {{.knobs = pab__fit_start(s->plan)}, s->best};
    status = pab__fit_simulate(s->plan, s->threads, s->host, ends, 2, s->budget.fresh, s->options->seed + FRESH_SEEDS);
    /* Where the search found nothing better on fresh seeds, the scenario stays where it began. */
    if (status == PAB_OK && !(ends[1].loss < ends[0].loss))
        s->best = ends[1] = ends[0];
    report->evaluations = s->evaluations;
    report->loss_before = ends[0].loss;
    report->loss = ends[1].loss;
    report->seconds = (double)s->budget.fresh * ((double)(s->plan->close - s->plan->open) / PAB__SECOND - 300);
    memcpy(report->wanted, s->plan->wanted, sizeof report->wanted);
    memcpy(report->simulated, ends[1].facts, sizeof report->simulated);
    return status;
}

pab_status pab_fit_options_init(pab_fit_options *options, uint32_t size)
{
    pab_fit_options full = {.budget = PAB_BUDGET_DEFAULT, .seed = UINT64_C(1) << 56};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    options->struct_size = size;
    return pab__record_out(options, &full, sizeof full, PAB__UPTO(pab_fit_options, progress), "fit options");
}

static pab_status take_options(const pab_fit_options *given, pab_fit_options *out)
{
    if (!given)
        return pab_fit_options_init(out, sizeof *out);
    pab_status status = pab__record_in(out, sizeof *out, given, PAB__UPTO(pab_fit_options, progress), "fit options");
    if (status == PAB_OK && (out->budget < PAB_BUDGET_SMALL || out->budget > PAB_BUDGET_DEFAULT))
        status = pab__fail(PAB_E_ARGUMENT, "fit options: budget is %d; expected 0 or 1", out->budget);
    if (status == PAB_OK && (out->threads < 0 || out->threads > PAB__THREADS_MAX))
        status = pab__fail(PAB_E_RANGE, "fit options: %d threads; expected 0 to %d", out->threads, PAB__THREADS_MAX);
    int ticks = out->tick >= 0 && out->tick <= 1e9 && (out->tick <= 0 || out->tick * PAB_TAPE_PRICE >= 1);
    if (status == PAB_OK && !ticks)
        status = pab__fail(PAB_E_RANGE, "fit options: tick is %g; expected 0, or 1e-8 to 1e9 currency units",
                           out->tick);
    return status;
}

/* All keys or none. */
static pab_status apply(const pab__fit_plan *plan, const pab__knobs *knobs, pab_config *cfg)
{
    pab_config copy;
    pab_status status = pab__config_copy(cfg, &copy);
    if (status == PAB_OK)
        status = pab__fit_apply(plan, knobs, &copy);
    if (status == PAB_OK)
        status = pab__config_merge(cfg, copy.tree.root, NULL);
    pab__tree_free(&copy.tree);
    return status;
}

pab_status pab_stage0_fit(pab_config *cfg, const pab_tape *a, const pab_tape *b, const pab_fit_options *options,
                          pab_fit_report *report)
{
    if (!cfg || !a || !b)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !cfg ? "cfg" : !a ? "a" : "b");
    pab_fit_options full = {.struct_size = sizeof full};
    pab_fit_report out = {.struct_size = sizeof out};
    pab_status status = take_options(options, &full);
    if (status == PAB_OK && report)
        status = pab__record_check(report, LEAST_REPORT, "fit report");
    pab__fit_plan *plan = status == PAB_OK ? pab__alloc(&a->host, sizeof *plan) : NULL;
    search *s = status == PAB_OK ? pab__alloc(&a->host, sizeof *s) : NULL;
    if (status == PAB_OK && (!plan || !s))
        status = pab__fail(PAB_E_MEMORY, "no memory for a fit");
    if (status == PAB_OK)
        status = pab__fit_plan_make(cfg, a, b, full.tick, plan);
    if (status == PAB_OK) {
        *s = (search){.plan = plan, .host = &a->host, .options = &full, .budget = budgets[full.budget]};
        for (uint32_t i = 0; i < PAB__KNOBS; i++)
            if (plan->used[i])
                s->knobs[s->knob_count++] = i;
        s->steps = s->budget.turns + s->budget.rounds * 3 * s->knob_count;
        status = pab__threads_new(&a->host, (uint32_t)full.threads, "fit options: threads", &s->threads);
    }
    if (status == PAB_OK)
        status = find(s, &out);
    if (status == PAB_OK)
        status = apply(plan, &s->best.knobs, cfg);
    if (status == PAB_OK && report)
        status = pab__record_out(report, &out, sizeof out, LEAST_REPORT, "fit report");
    if (s)
        pab__threads_free(s->threads);
    if (plan)
        pab__release(&a->host, plan->text, plan->text_len + 1);
    pab__release(&a->host, plan, sizeof *plan);
    pab__release(&a->host, s, sizeof *s);
    return status;
}
