/* Tuning the options of a built-in policy by the cross-entropy method. The search walks in steps of each option's own
 * scale, from the values that were given. */
#include <pairsabides/tune.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jobs.h"
#include "base/number.h"
#include "base/rng.h"
#include "base/sort.h"
#include "eval/cem.h"
#include "experts/kind.h"
#include "scenario/scenario.h"

enum { CANDIDATES_MIN = 8, ELITE_SHARE = 6, NAME_SIZE = 16 };

#define SMOOTHING 0.7
#define LEAST_SD 0.08

typedef struct tuner {
    pab_scenario *scn;
    pab_tune_options options;
    pab__policy_params given;
    double scale[PAB__POLICY_OPTIONS_MAX];
    pab__cem_plan plan;
    pab__cem cem;
    pab_policy **policies; /* of a generation */
    char (*names)[NAME_SIZE];
    const char **name;
    double *cost;
    uint32_t *order;
    uint64_t done, total; /* seeds, for the hook */
} tuner;

pab_status pab_tune_options_init(pab_tune_options *options, uint32_t size)
{
    static const pab_tune_options defaults = {
        .struct_size = sizeof defaults,
        .regimes = (UINT32_C(1) << PAB_REGIME_COUNT) - 1,
        .generations = 20,
        .candidates = 40,
        .episodes = 20,
        .validation = 64,
        .seed = 1,
    };
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, PAB__UPTO(pab_tune_options, progress), "options");
}

/* What pab_eval_new does not check for us. */
static pab_status check(const tuner *t)
{
    const pab_tune_options *o = &t->options;
    if (o->generations == 0 || o->generations > 10000)
        return pab__fail(PAB_E_RANGE, "options.generations is %u; expected 1 to 10000", o->generations);
    if (o->candidates < CANDIDATES_MIN || o->candidates > PAB__CEM_CANDIDATES)
        return pab__fail(PAB_E_RANGE, "options.candidates is %u; expected %d to %d", o->candidates, CANDIDATES_MIN,
                         PAB__CEM_CANDIDATES);
    if (o->elite > o->candidates)
        return pab__fail(PAB_E_RANGE, "options.elite is %u; expected at most the %u candidates", o->elite,
                         o->candidates);
    if (o->validation == 0)
        return pab__fail(PAB_E_RANGE, "options.validation is 0; expected at least one episode");
    if (t->given.kind->option_count == 0)
        return pab__fail(PAB_E_UNSUPPORTED, "policy \"%s\" has no options to tune", t->given.kind->name);
    return PAB_OK;
}

static pab_status take_options(tuner *t, const pab_tune_options *given)
{
    pab_status status = pab_tune_options_init(&t->options, sizeof t->options);
    if (status == PAB_OK && given)
        status = pab__record_in(&t->options, sizeof t->options, given, PAB__UPTO(pab_tune_options, progress),
                                "options");
    if (status == PAB_OK)
        status = pab__progress_check(t->options.progress, "options.progress");
    return status == PAB_OK ? check(t) : status;
}

/* An option moves by half its value at first, and by a twentieth of its range from 0. */
static void plan(tuner *t)
{
    const pab__policy_kind *kind = t->given.kind;
    for (uint32_t i = 0; i < kind->option_count; i++) {
        const pab__policy_option *o = &kind->options[i];
        double value = fabs(t->given.value[i]);
        t->scale[i] = value > 0 ? value / 2 : (o->max - o->min) / 20;
    }
    t->plan = (pab__cem_plan){
        .dims = kind->option_count, .candidates = t->options.candidates,
        .elite = t->options.elite ? t->options.elite : t->options.candidates / ELITE_SHARE,
        .smoothing = SMOOTHING, .floor = LEAST_SD, .key = pab__rng_key(t->options.seed, UINT64_C(0x74756e65), 0),
    };
    pab__cem_start(&t->cem, 1);
    for (int r = 0; r < PAB_REGIME_COUNT; r++)
        if (t->options.regimes >> r & 1)
            t->total += (uint64_t)t->options.generations * t->options.episodes + t->options.validation;
}

/* The policy at a point of the search. Four digits are enough, and make a specification that can be read. */
static void write_spec(const tuner *t, const double *x, char spec[PAB__POLICY_SPEC_SIZE])
{
    pab__policy_params params = t->given;
    pab__text words = pab__text_in(spec, PAB__POLICY_SPEC_SIZE);
    for (uint32_t i = 0; i < t->plan.dims; i++) {
        const pab__policy_option *o = &params.kind->options[i];
        char text[32];
        pab__format(text, sizeof text, "%.4g", t->given.value[i] + t->scale[i] * x[i]);
        params.value[i] = fmin(o->max, fmax(o->min, pab__real_parse(text, NULL)));
    }
    spec[0] = '\0';
    pab__spec_write(&params, &words);
}

/* The caller's hook sees one long count of seeds. */
static int32_t forward(void *user, const char *stage, uint64_t done, uint64_t total)
{
    const tuner *t = user;
    const pab_progress *hook = t->options.progress;
    (void)stage;
    (void)total;
    return hook->report(hook->user, "tune", t->done + done, t->total);
}

static pab_status evaluate(tuner *t, int32_t split, uint32_t block, pab_policy *const *policies, uint32_t count,
                           pab_eval **out)
{
    const pab_tune_options *own = &t->options;
    const pab_progress hook = {.struct_size = sizeof hook, .user = t, .report = forward};
    pab_eval_options o;
    pab_status status = pab_eval_options_init(&o, sizeof o);
    o.split = split;
    o.regimes = own->regimes;
    o.episodes = split == PAB_SPLIT_TRAIN ? own->episodes : own->validation;
    o.first = own->first + (uint64_t)block * own->episodes;
    o.threads = own->threads;
    o.progress = own->progress ? &hook : NULL;
    if (status == PAB_OK)
        status = pab_eval_new(&t->scn->host, t->name, count, &o, out);
    if (status == PAB_OK)
        status = pab_eval_run(*out, t->scn, policies);
    for (int32_t r = 0; status == PAB_OK && r < PAB_REGIME_COUNT; r++)
        t->done += pab_eval_episodes(*out, r);
    return status;
}

static pab_status objective(const pab_eval *eval, uint32_t policy, double *out)
{
    pab_eval_summary s = {.struct_size = sizeof s};
    pab_status status = pab_eval_summarize(eval, policy, -1, &s);
    *out = s.objective;
    return status;
}

static pab_status make_policies(tuner *t)
{
    for (uint32_t i = 0; i < t->plan.candidates; i++) {
        double x[PAB__CEM_DIMS];
        char spec[PAB__POLICY_SPEC_SIZE];
        pab__cem_draw(&t->plan, &t->cem, i, x);
        write_spec(t, x, spec);
        pab_policy_free(t->policies[i]);
        t->policies[i] = NULL;
        pab_status status = pab_policy_parse(&t->scn->host, spec, &t->policies[i]);
        if (status != PAB_OK)
            return status;
    }
    return PAB_OK;
}

static pab_status generation(tuner *t)
{
    pab_eval *eval = NULL;
    pab_status status = make_policies(t);
    if (status == PAB_OK)
        status = evaluate(t, PAB_SPLIT_TRAIN, (uint32_t)t->cem.generation, t->policies, t->plan.candidates, &eval);
    for (uint32_t i = 0; status == PAB_OK && i < t->plan.candidates; i++)
        status = objective(eval, i, &t->cost[i]);
    pab_eval_free(eval);
    if (status != PAB_OK)
        return status;
    pab__sort_rank(t->cost, t->plan.candidates, t->order);
    pab__cem_update(&t->plan, &t->cem, t->order);
    return PAB_OK;
}

static pab_status compare(const pab_eval *eval, pab_tune_result *out)
{
    pab_contrast less[2] = {{.struct_size = sizeof *less}, {.struct_size = sizeof *less}};
    pab_status status = objective(eval, 0, &out->before);
    if (status == PAB_OK)
        status = objective(eval, 1, &out->after);
    if (status == PAB_OK)
        status = pab_eval_compare(eval, 0, -1, PAB_MEASURE_PAIR_COST, less, 2);
    out->gain = less[1].mean;
    out->gain_low = less[1].low;
    out->gain_high = less[1].high;
    out->better = out->after < out->before;
    return status;
}

/* The mean of the last generation against what was given. */
static pab_status validate(tuner *t, pab_tune_result *out)
{
    const double origin[PAB__CEM_DIMS] = {0};
    char given[PAB__POLICY_SPEC_SIZE];
    pab_policy *policies[2] = {NULL, NULL};
    pab_eval *eval = NULL;
    write_spec(t, origin, given);
    write_spec(t, t->cem.mean, out->spec);
    pab_status status = pab_policy_parse(&t->scn->host, given, &policies[0]);
    if (status == PAB_OK)
        status = pab_policy_parse(&t->scn->host, out->spec, &policies[1]);
    if (status == PAB_OK)
        status = evaluate(t, PAB_SPLIT_VALIDATION, 0, policies, 2, &eval);
    if (status == PAB_OK)
        status = compare(eval, out);
    if (!out->better)
        memcpy(out->spec, given, sizeof out->spec);
    pab_eval_free(eval);
    pab_policy_free(policies[0]);
    pab_policy_free(policies[1]);
    return status;
}

static pab_status search(tuner *t, pab_tune_result *out)
{
    const pab_host *host = &t->scn->host;
    const uint32_t n = t->options.candidates;
    pab_status status = PAB_OK;
    t->policies = pab__alloc(host, n * sizeof *t->policies);
    t->names = pab__alloc(host, n * sizeof *t->names);
    t->name = pab__alloc(host, n * sizeof *t->name);
    t->cost = pab__alloc(host, n * sizeof *t->cost);
    t->order = pab__alloc(host, n * sizeof *t->order);
    if (!t->policies || !t->names || !t->name || !t->cost || !t->order)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u candidates", n);
    for (uint32_t i = 0; status == PAB_OK && i < n; i++) {
        snprintf(t->names[i], sizeof t->names[i], "%u", i);
        t->name[i] = t->names[i];
    }
    while (status == PAB_OK && t->cem.generation < t->options.generations)
        status = generation(t);
    if (status == PAB_OK)
        status = validate(t, out);
    for (uint32_t i = 0; t->policies && i < n; i++)
        pab_policy_free(t->policies[i]);
    pab__release(host, t->policies, n * sizeof *t->policies);
    pab__release(host, t->names, n * sizeof *t->names);
    pab__release(host, t->name, n * sizeof *t->name);
    pab__release(host, t->cost, n * sizeof *t->cost);
    pab__release(host, t->order, n * sizeof *t->order);
    return status;
}

pab_status pab_policy_tune(pab_scenario *scn, const char *spec, const pab_tune_options *options, pab_tune_result *out)
{
    tuner t = {.scn = scn};
    pab_tune_result full = {.struct_size = sizeof full};
    _Static_assert(sizeof full.spec == PAB__POLICY_SPEC_SIZE, "room for every specification");
    _Static_assert((int)PAB__POLICY_OPTIONS_MAX <= (int)PAB__CEM_DIMS, "a dimension per option");
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !scn ? "scn" : "out");
    pab_status status = pab__record_check(out, PAB__UPTO(pab_tune_result, spec), "the result");
    if (status == PAB_OK)
        status = pab__spec_read(spec, &t.given);
    if (status == PAB_OK)
        status = take_options(&t, options);
    if (status != PAB_OK)
        return status;
    plan(&t);
    status = search(&t, &full);
    return status == PAB_OK ? pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_tune_result, spec), "the result")
                            : status;
}
