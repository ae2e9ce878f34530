/* Probing fills and impact: an episode holds; at some decisions forks place one child each, and what fills is counted.
 * Sweeps of several sizes measure temporary impact: a TAKE stops at the touch and never pays more than that. */
#include "calib/calib.h"

#include <math.h>

#include "env/context.h"
#include "eval/rollout.h"

enum { STARTS = 20, SIZES = 4, FILLS = PAB_ENV_FILLS_KEPT };

#define PRIOR 10.0 /* children of its style's mean that each cell starts with */

/* Shares of a child and signals of its leg when it is sent. */
typedef struct child {
    int64_t shares[2];
    double mid[2];
    int cell[2]; /* spread and signal */
    int32_t side[2];
    double seconds; /* to the next decision */
} child;

static pab_status place(const pab_env *trunk, pab_env *fork, const child *c, int style, int64_t times,
                        pab_step_result *result)
{
    const int32_t action = pab__action_of(style, PAB__SIZE_ONE);
    pab_decision d = {{action, action}, {times * c->shares[0], times * c->shares[1]}};
    result->struct_size = sizeof *result;
    pab_status status = pab_env_copy(fork, trunk);
    return status == PAB_OK ? pab_env_step_exact(fork, &d, NULL, 0, result) : status;
}

static void note_fill(const child *c, const pab_step_result *result, int style, pab__probe *out)
{
    for (int leg = 0; leg < 2; leg++) {
        int cell = style * PAB__FILL_SPREADS * PAB__FILL_SIGNALS + c->cell[leg];
        out->fill[leg][cell] += (double)result->filled[leg] / (double)c->shares[leg];
        out->tries[leg][cell]++;
    }
}

/* What a sweep paid beyond the mid, on the pace at which it traded. */
static void note_impact(const pab_env *fork, const child *c, pab__probe *out)
{
    pab_fill fill[FILLS];
    double shares[2] = {0, 0}, paid[2] = {0, 0};
    uint32_t n = pab_env_fills(fork, fill, FILLS);
    for (uint32_t i = 0; i < n && i < FILLS; i++) {
        shares[fill[i].leg] += (double)fill[i].quantity;
        paid[fill[i].leg] += (double)fill[i].quantity * (double)fill[i].price;
    }
    for (int leg = 0; leg < 2; leg++) {
        if (!(shares[leg] > 0 && c->mid[leg] > 0))
            continue;
        double x = shares[leg] / c->seconds, y = c->side[leg] * (paid[leg] / shares[leg] - c->mid[leg]);
        out->n[leg]++;
        out->x[leg] += x;
        out->y[leg] += y;
        out->xx[leg] += x * x;
        out->xy[leg] += x * y;
        out->mid[leg] += c->mid[leg];
    }
}

static pab_status child_of(const pab_env *trunk, child *out)
{
    pab__context context;
    pab_status status = pab__context_take(trunk, &context);
    if (status != PAB_OK)
        return status;
    const pab_env_status *now = &context.status;
    out->seconds = (double)now->interval * 1e-9;
    for (int leg = 0; leg < 2; leg++) {
        const pab__leg_signals *signals = &context.signals.leg[leg];
        const int spread = pab__fill_spread(signals->spread_z), signal = pab__fill_signal(pab__signals_alpha(signals));
        out->shares[leg] = (now->parent[leg] + now->steps - 1) / now->steps;
        out->mid[leg] = now->near_price[leg] > 0 && now->far_price[leg] > 0 ? now->mid[leg] : 0;
        out->side[leg] = now->side[leg];
        out->cell[leg] = spread * PAB__FILL_SIGNALS + signal;
    }
    return PAB_OK;
}

static pab_status probe(const pab_env *trunk, pab_env *fork, int larger, pab__probe *out)
{
    pab_step_result result;
    child c;
    pab_status status = child_of(trunk, &c);
    for (int style = 0; style < PAB__FILL_STYLES && status == PAB_OK; style++) {
        status = place(trunk, fork, &c, style, 1, &result);
        if (status == PAB_OK)
            note_fill(&c, &result, style, out);
        if (status == PAB_OK && style == PAB_STYLE_SWEEP)
            note_impact(fork, &c, out);
    }
    for (int n = 1; larger && n < SIZES && status == PAB_OK; n++) {
        status = place(trunk, fork, &c, PAB_STYLE_SWEEP, INT64_C(1) << n, &result);
        if (status == PAB_OK)
            note_impact(fork, &c, out);
    }
    return status;
}

typedef struct episode {
    pab_env *fork;
    pab__probe *out;
    int32_t k, steps, stride;
} episode;

/* Probes every `stride` decisions and holds. The last decision is followed by liquidation: no fork may start there. */
static pab_status probe_and_hold(void *user, const pab_env *env, pab_decision *out)
{
    episode *e = user;
    const int32_t k = e->k++;
    (void)out;
    if (k + 1 >= e->steps)
        return PAB__ROLLOUT_STOP;
    return k % e->stride == 0 ? probe(env, e->fork, k / e->stride % 2 == 0, e->out) : PAB_OK;
}

pab_status pab__probe_episode(pab_env *trunk, pab_env *fork, uint64_t seed, pab__probe *out)
{
    const pab__pair_plan *plan = &pab__pair_of(trunk->scn)->plan;
    const int32_t steps = (int32_t)(plan->horizon / plan->interval);
    episode e = {.fork = fork, .out = out, .steps = steps, .stride = steps > STARTS ? steps / STARTS : 1};
    const pab__rollout r = {.env = trunk, .decide = probe_and_hold, .user = &e};
    pab_reset_options options;
    pab_status status = pab_reset_options_init(&options, sizeof options);
    options.shield = 0; /* children are not to be changed by the shield */
    return status == PAB_OK ? pab__rollout_episode(&r, seed, &options, NULL) : status;
}

static void add(const pab__probe *p, pab__probe *sum)
{
    for (int leg = 0; leg < 2; leg++) {
        for (int i = 0; i < PAB__FILL_MAX; i++) {
            sum->fill[leg][i] += p->fill[leg][i];
            sum->tries[leg][i] += p->tries[leg][i];
        }
        sum->n[leg] += p->n[leg];
        sum->x[leg] += p->x[leg];
        sum->y[leg] += p->y[leg];
        sum->xx[leg] += p->xx[leg];
        sum->xy[leg] += p->xy[leg];
        sum->mid[leg] += p->mid[leg];
    }
}

static void summarize_fills(const pab__probe *p, int leg, pab__leg_plan *out, double by_style[PAB__FILL_STYLES])
{
    enum { CELLS = PAB__FILL_SPREADS * PAB__FILL_SIGNALS };
    for (int style = 0; style < PAB__FILL_STYLES; style++) {
        const double *fill = &p->fill[leg][style * CELLS], *tries = &p->tries[leg][style * CELLS];
        double filled = 0, all = 0;
        for (int i = 0; i < CELLS; i++) {
            filled += fill[i];
            all += tries[i];
        }
        by_style[style] = all > 0 ? filled / all : 0;
        for (int i = 0; i < CELLS; i++)
            out->fill[style * CELLS + i] = fmin(1, (fill[i] + PRIOR * by_style[style]) / (tries[i] + PRIOR));
    }
    out->fill_count = PAB__FILL_MAX;
}

static void summarize_impact(const pab__probe *p, int leg, pab__reference *out)
{
    double n = p->n[leg], variance = n * p->xx[leg] - p->x[leg] * p->x[leg];
    if (!(n > 1 && variance > 0))
        return;
    double slope = (n * p->xy[leg] - p->x[leg] * p->y[leg]) / variance;
    double cross = (p->y[leg] - slope * p->x[leg]) / n;
    out->impact_eta = fmax(0, slope);
    out->half_spread = fmax(0, 1e4 * cross / (p->mid[leg] / n));
}

void pab__probe_summarize(const pab__probe *probes, uint32_t count, pab__calibrated *out, pab_calibration *report)
{
    pab__probe sum = {0};
    for (uint32_t i = 0; i < count; i++)
        add(&probes[i], &sum);
    for (int leg = 0; leg < 2; leg++) {
        summarize_fills(&sum, leg, &out->leg[leg], report->fill[leg]);
        summarize_impact(&sum, leg, &out->leg[leg].ref);
    }
}
