/* Writes the parameters of a fit as keys of the configuration. */
#include "stage0/fit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"
#include "scenario/extension.h"

#define SQRT_HOUR_NS 1897366.596101028 /* sqrt(3.6e12) */

/* Writes keys until one fails. */
typedef struct writer {
    pab_config *cfg;
    pab_status status;
} writer;

static void put(writer *w, const char *value, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void put(writer *w, const char *value, const char *format, ...)
{
    char key[256];
    va_list args;
    va_start(args, format);
    vsnprintf(key, sizeof key, format, args);
    va_end(args);
    if (w->status == PAB_OK)
        w->status = pab_config_set(w->cfg, key, value);
}

/* Numbers are short, so that a fitted file can be read: six digits exceed the precision of a fit. */
typedef struct number {
    char text[40];
} number;

static number real(double x)
{
    number n;
    pab__format(n.text, sizeof n.text, "%.6g", x);
    return n;
}

static number whole(double x)
{
    number n;
    snprintf(n.text, sizeof n.text, "%lld", llround(x));
    return n;
}

static number nanoseconds(double x)
{
    number n;
    snprintf(n.text, sizeof n.text, "%lldns", llround(x));
    return n;
}

/* Leg A shares leg B's deviation and adds a spread of its own, which reverts. `main` is the preset's name for the two
 * symbols. */
static void put_oracles(writer *w, const pab__fit_plan *plan, const pab__knobs *k)
{
    double rho = plan->sign * tanh(k->value[PAB__KNOB_RHO]);
    double vol_a = k->value[PAB__KNOB_VOL], vol_b = k->value[PAB__KNOBS_LEG + PAB__KNOB_VOL];
    double own[2] = {vol_a * sqrt(1 - rho * rho), vol_b};
    for (int leg = 0; leg < 2; leg++) {
        const char *name = plan->symbol[leg];
        put(w, "correlated", "symbols.%s.oracle.kind", name);
        put(w, whole((double)plan->r_bar[leg]).text, "symbols.%s.oracle.r_bar", name);
        put(w, real(own[leg] * 1e-4 * (double)plan->r_bar[leg] / SQRT_HOUR_NS).text, "symbols.%s.oracle.fund_vol",
            name);
        put(w, nanoseconds(plan->lag[leg]).text, "symbols.%s.oracle.lag", name);
    }
    /* `follows` describes their common part, so the noise of the two is independent. */
    put(w, plan->symbol[0], "correlation.pairs.main.first");
    put(w, plan->symbol[1], "correlation.pairs.main.second");
    put(w, "0", "correlation.pairs.main.rho");
    put(w, plan->symbol[1], "symbols.%s.oracle.follows", plan->symbol[0]);
    put(w, real(rho * vol_a / vol_b).text, "symbols.%s.oracle.beta", plan->symbol[0]);
    put(w, nanoseconds(plan->half_life).text, "symbols.%s.oracle.half_life", plan->symbol[0]);
}

static void put_sizes(writer *w, const char *group, double mean)
{
    double low = round(0.5 * mean), high = round(1.5 * mean);
    low = low < 1 ? 1 : low;
    put(w, "per_agent", "agents.%s.order_size", group);
    put(w, whole(low).text, "agents.%s.min_size", group);
    put(w, whole(high > low ? high + 1 : low + 1).text, "agents.%s.max_size", group);
}

static void put_maker(writer *w, const pab__fit_group *g, const double *v)
{
    double window = v[PAB__KNOB_WINDOW], depth = v[PAB__KNOB_DEPTH];
    put(w, whole(window < 1 ? 1 : window).text, "agents.%s.window_size", g->name);
    put(w, whole(window < 1 ? 1 : window).text, "agents.%s.initial_spread", g->name);
    put(w, nanoseconds(3600e9 / v[PAB__KNOB_MAKER]).text, "agents.%s.wake_up_freq", g->name);
    put(w, whole(depth < 1 ? 1 : depth).text, "agents.%s.min_order_size", g->name);
    put(w, real(v[PAB__KNOB_WATCH]).text, "agents.%s.watch", g->name);
}

/* Sees the fundamental to within a third of the spread. */
static void put_value(writer *w, const pab__fit_plan *plan, const pab__fit_group *g, const double *v, double agents)
{
    double noise = v[PAB__KNOB_WINDOW] / 3;
    put(w, whole((double)plan->r_bar[g->leg]).text, "agents.%s.r_bar", g->name);
    put(w, real(noise * noise).text, "agents.%s.sigma_n", g->name);
    put(w, real(v[PAB__KNOB_VALUE] / agents / 3600e9).text, "agents.%s.lambda_a", g->name);
    put_sizes(w, g->name, v[PAB__KNOB_SIZE]);
}

static void put_arbitrage(writer *w, const pab__fit_plan *plan, const pab__fit_group *g, const pab__knobs *k)
{
    double rho = plan->sign * tanh(k->value[PAB__KNOB_RHO]), size = k->value[PAB__KNOB_SIZE];
    double beta = rho * k->value[PAB__KNOB_VOL] / k->value[PAB__KNOBS_LEG + PAB__KNOB_VOL];
    put(w, real(beta).text, "agents.%s.beta", g->name);
    put(w, whole(size < 1 ? 1 : size).text, "agents.%s.size", g->name);
    put(w, whole(5 * (size < 1 ? 1 : size)).text, "agents.%s.max_position", g->name);
    put(w, nanoseconds((double)g->count * 3600e9 / k->value[PAB__KNOB_ARBITRAGE]).text, "agents.%s.wake_up_freq",
        g->name);
}

pab_status pab__fit_apply(const pab__fit_plan *plan, const pab__knobs *knobs, pab_config *cfg)
{
    writer w = {.cfg = cfg};
    put(&w, real(plan->tick[0]).text, "exchange.tick_value");
    if (plan->crowd)
        return w.status == PAB_OK ? pab__fit_crowd_apply(plan, knobs, cfg) : w.status;
    double agents[2][PAB__ROLES] = {{0}};
    put_oracles(&w, plan, knobs);
    for (uint32_t i = 0; i < plan->group_count; i++)
        if (plan->groups[i].leg >= 0)
            agents[plan->groups[i].leg][plan->groups[i].role] += (double)plan->groups[i].count;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        const pab__fit_group *g = &plan->groups[i];
        if (g->role == PAB__ROLE_ARBITRAGE)
            put_arbitrage(&w, plan, g, knobs);
        if (g->leg < 0)
            continue;
        const double *v = knobs->value + g->leg * PAB__KNOBS_LEG;
        double all = agents[g->leg][g->role];
        if (g->role == PAB__ROLE_MAKER)
            put_maker(&w, g, v);
        if (g->role == PAB__ROLE_VALUE)
            put_value(&w, plan, g, v, all);
        if (g->role == PAB__ROLE_NOISE) {
            put(&w, nanoseconds(all * 3600e9 / v[PAB__KNOB_RATE]).text, "agents.%s.wake_up_freq", g->name);
            put_sizes(&w, g->name, v[PAB__KNOB_SIZE]);
        }
        if (g->role == PAB__ROLE_MOMENTUM)
            put_sizes(&w, g->name, v[PAB__KNOB_SIZE]);
    }
    return w.status;
}
