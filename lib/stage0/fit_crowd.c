/* The fit of a crowd: its tables are counted on the tapes and written as they are; what no tape tells directly is left
 * as the configuration has it, but for volatility, the scale of trades, the thickness of queues, the hazard of a fall
 * and the correlation of news, which are searched for. */
#include "stage0/fit.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "market/agents/news.h"
#include "scenario/extension.h"

#define TAIL 1.25 /* the greatest order over the quantile before it: blocks are no flow */
#define NANOSECOND 1e-9
#define FIRST_GAP 0.2e-3 /* s, of any two orders of a cluster */

int pab__fit_crowd_find(const pab_scenario *scn, pab__fit_plan *plan)
{
    for (int32_t leg = 0; leg < 2; leg++) {
        const pab__group *flow = NULL, *news = pab__news_find(scn, leg);
        for (uint32_t i = 0; i < scn->group_count && !flow; i++)
            if (scn->groups[i].builtin == &pab__flow_agent && scn->groups[i].symbol == leg)
                flow = &scn->groups[i];
        if (!flow || !news)
            return 0;
        const pab__flow_params *p = flow->params;
        snprintf(plan->flow[leg], sizeof plan->flow[leg], "%s", flow->name);
        snprintf(plan->news, sizeof plan->news, "%s", news->name);
        plan->fall_rate[leg] = p->fall_rate;
    }
    plan->crowd = 1;
    return 1;
}

pab_status pab__fit_crowd_count(const pab_tape *a, const pab_tape *b, pab__fit_plan *plan)
{
    static const int free_ones[] = {PAB__KNOB_VOL, PAB__KNOB_RATE, PAB__KNOB_DEPTH, PAB__KNOB_WATCH};
    pab_pair_window *windows = NULL;
    pab__day *days = NULL;
    uint32_t count = 0, got = 0;
    pab_status status = pab_pair_windows(a, b, NULL, 0, &count);
    if (status == PAB_OK && count == 0)
        status = pab__fail(PAB_E_RANGE, "the legs share no minute; expected more time in common");
    if (status == PAB_OK) {
        windows = pab__alloc(&a->host, count * sizeof *windows);
        status = windows ? pab_pair_windows(a, b, windows, count, &got)
                         : pab__fail(PAB_E_MEMORY, "no memory for %u windows", count);
    }
    if (status == PAB_OK)
        status = pab__days_make(windows, count, &days);
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++)
        status = pab__count_leg(days, count, leg, &plan->counts[leg]);
    pab__days_free(days, count);
    pab__release(&a->host, windows, count * sizeof *windows);
    for (int leg = 0; leg < 2; leg++)
        for (size_t i = 0; i < sizeof free_ones / sizeof *free_ones; i++)
            plan->used[leg * PAB__KNOBS_LEG + free_ones[i]] = 1;
    plan->used[PAB__KNOB_RHO] = 1;
    return status;
}

pab__knobs pab__fit_crowd_start(const pab__fit_plan *plan)
{
    pab__knobs k;
    double corr = fabs(plan->wanted[2 * PAB_LEG_FACT_COUNT + PAB_FACT_CORR_300 - PAB_PAIR_FACT_FIRST]);
    for (int i = 0; i < PAB__KNOBS; i++)
        k.value[i] = 1;
    for (int leg = 0; leg < 2; leg++) {
        double vol = plan->wanted[leg * PAB_LEG_FACT_COUNT + PAB_FACT_VOL_60];
        k.value[leg * PAB__KNOBS_LEG + PAB__KNOB_VOL] = vol > 0 ? vol : 50;
    }
    k.value[PAB__KNOB_RHO] = atanh(corr > 0.05 && corr < 0.97 ? corr : 0.7);
    return k;
}

/* Sets keys of one group until one fails. */
typedef struct setter {
    pab_config *cfg;
    const char *group;
    pab_status status;
} setter;

static void set(setter *s, const char *key, const char *value)
{
    char path[PAB_PARAM_TEXT_SIZE + 64];
    snprintf(path, sizeof path, "agents.%s.%s", s->group, key);
    if (s->status == PAB_OK)
        s->status = pab_config_set(s->cfg, path, value);
}

static void set_real(setter *s, const char *key, double x)
{
    char text[40];
    pab__format(text, sizeof text, "%.5g", x);
    set(s, key, text);
}

static void set_list(setter *s, const char *key, const double *x, int count, const char *format)
{
    char text[PAB_PARAM_TEXT_SIZE] = "";
    size_t len = 0;
    for (int i = 0; i < count && len + 32 < sizeof text; i++) {
        char one[32];
        pab__format(one, sizeof one, format, x[i]);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "", one);
    }
    set(s, key, text);
}

static void set_sizes(setter *s, const char *key, const double *sizes)
{
    double x[PAB__COUNT_KNOTS];
    for (int i = 0; i < PAB__COUNT_KNOTS; i++)
        x[i] = sizes[i];
    double most = round(TAIL * x[PAB__COUNT_KNOTS - 2]);
    x[PAB__COUNT_KNOTS - 1] = x[PAB__COUNT_KNOTS - 1] < most ? x[PAB__COUNT_KNOTS - 1] : most;
    set_list(s, key, x, PAB__COUNT_KNOTS, "%.0f");
}

static void set_leg(setter *s, const pab__counts *c, const double *v, double fall_rate)
{
    set_list(s, "adds", c->adds, PAB__COUNT_BINS, "%.4g");
    set_list(s, "trades", c->trades, PAB__COUNT_BINS, "%.4g");
    set_list(s, "queues", c->queues, PAB__COUNT_BINS, "%.0f");
    set_list(s, "falls", c->falls, PAB__COUNT_BINS, "%.4g");
    set_sizes(s, "trade_sizes", c->trade_sizes);
    set_sizes(s, "add_sizes", c->add_sizes);
    set_real(s, "depth", c->depth);
    set_real(s, "odd_trades", c->odd_trades);
    set_real(s, "odd_adds", c->odd_adds);
    set_real(s, "cluster_single", c->cluster_single);
    set_real(s, "cluster_more", c->cluster_more < 0.95 ? c->cluster_more : 0.95);
    set_real(s, "cluster_long", 0);
    char gap[40];
    double rest = c->cluster_gap - FIRST_GAP;
    snprintf(gap, sizeof gap, "%lldns", llround((rest > FIRST_GAP ? rest : FIRST_GAP) / NANOSECOND));
    set(s, "cluster_gap", gap);
    set_real(s, "volatility", v[PAB__KNOB_VOL]);
    set_real(s, "trade_scale", v[PAB__KNOB_RATE]);
    set_real(s, "thickness", v[PAB__KNOB_DEPTH]);
    set_real(s, "fall_rate", fall_rate * v[PAB__KNOB_WATCH]);
}

pab_status pab__fit_crowd_apply(const pab__fit_plan *plan, const pab__knobs *knobs, pab_config *cfg)
{
    pab_status status = PAB_OK;
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++) {
        char path[PAB_PARAM_TEXT_SIZE + 64], text[32];
        setter s = {.cfg = cfg, .group = plan->flow[leg]};
        snprintf(path, sizeof path, "symbols.%s.oracle.r_bar", plan->symbol[leg]);
        snprintf(text, sizeof text, "%lld", (long long)plan->r_bar[leg]);
        s.status = pab_config_set(cfg, path, text);
        set_leg(&s, &plan->counts[leg], knobs->value + leg * PAB__KNOBS_LEG, plan->fall_rate[leg]);
        status = s.status;
    }
    setter news = {.cfg = cfg, .group = plan->news, .status = status};
    double rho = tanh(knobs->value[PAB__KNOB_RHO]);
    set_real(&news, "correlation", rho);
    return news.status;
}
