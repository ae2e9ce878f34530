/* News: what moves the hidden reference prices of one or two symbols whose crowds are flow agents (flow.h).
 *
 * Every step it draws a normal and perhaps a jump that both legs share, and hands them on; every mood step it renews
 * the slow factor of trading that they share, and the factors of the time of day. It sends no orders. */
#include "market/agents/news.h"

#include <string.h>

#define AT(member) offsetof(pab__news_params, member)
#define REAL(key, unit, def, low, high, doc) {#key, PAB_PARAM_REAL, AT(key), unit, def, low, high, NULL, doc}
#define SPAN(key, def, least, doc) {#key, PAB_PARAM_DURATION, AT(key), "ns", def, least, 1e15, NULL, doc}

static const pab_param params[] = {
    {"first", PAB_PARAM_TEXT, AT(first), "", NULL, 0, 0, NULL, "Symbol of the first leg."},
    {"second", PAB_PARAM_TEXT, AT(second), "", "", 0, 0, NULL, "Symbol of the second leg; empty: there is one leg."},
    REAL(correlation, "", ".75", 0, 1, "Correlation of the legs' news; tuned to the Epps curve of AIG and BAC."),
    REAL(jump_correlation, "", ".937", 0, 1, "Share of the legs' jump variance that common jumps carry; tuned."),
    REAL(jump_rate, "1/s", ".16", 0, 1e3, "Common jumps; tuned to kurtosis and volatility."),
    SPAN(step, "100ms", 1e6, "Time between two news."),
    SPAN(mood_step, "1s", 1e6, "Time between two changes of factors."),
    REAL(slow_sd, "", ".7", 0, 5, "Standard deviation of the slow factor of trading, a logarithm; counted."),
    SPAN(slow_time, "480s", 1, "Time in which it forgets; from the memory of absolute returns."),
    REAL(slow_share, "", ".75", 0, 1, "Share of its variance that both legs have in common."),
    REAL(slow_power, "", "1", 0, 5, "Power of it in the standard deviation of news."),
    SPAN(session, "0", 0, "Length of the day that the shapes are of; 0: from open to close."),
    {"volume_shape", PAB_PARAM_TEXT, AT(volume_shape), "", "1.9 1.3 1.12 .95 .86 .72 .55 .62 .72 .9 .95 1.1 1.9", 0, 0,
     NULL, "Volume through the day, over its mean, at thirteen times; linear between them; counted."},
    {"volatility_shape", PAB_PARAM_TEXT, AT(volatility_shape), "",
     "1.45 1.2 .95 .93 .93 .93 .85 .93 .95 1.05 1.05 1.0 1.05", 0, 0, NULL, "Volatility through the day; counted."},
};

typedef struct news_state {
    pab__flow_draw draw;
    double common;      /* slow factor of variance 1 */
    double jump_chance; /* in a step */
    int64_t mood_due;
    int64_t event_time[2]; /* of the scenario's own jump, INT64_MAX: none, or it has been */
    double event[2];       /* bps */
    int32_t leg[2];     /* flow agents, -1 for none */
} news_state;

static const pab__news_params *params_of(const pab_agent *self)
{
    return pab_agent_params(self);
}

static int32_t symbol_named(const pab_scenario *scn, const char *name)
{
    for (uint32_t s = 0; s < scn->symbol_count; s++)
        if (strcmp(scn->symbols[s].name, name) == 0)
            return (int32_t)s;
    return -1;
}

const pab__group *pab__news_find(const pab_scenario *scn, int32_t symbol)
{
    const char *name = scn->symbols[symbol].name;
    for (uint32_t i = 0; i < scn->group_count; i++) {
        const pab__group *g = &scn->groups[i];
        const pab__news_params *p = g->params;
        if (g->builtin == &pab__news_agent && g->common.count > 0 &&
            (strcmp(p->first, name) == 0 || strcmp(p->second, name) == 0))
            return g;
    }
    return NULL;
}

/* A jump that a regime asks for: some time in a window, common, and a part of each leg's own. */
static void plan_event(pab_agent *self, news_state *s)
{
    const pab__correlation_keys *k = &self->m->scn->correlation.keys;
    s->event_time[0] = s->event_time[1] = INT64_MAX;
    if (!k->event)
        return;
    double common = k->event_sd * pab__flow_normal(&s->draw);
    int64_t time = k->event_from + (int64_t)(pab__flow_uniform(&s->draw) * (double)(k->event_to - k->event_from));
    for (int i = 0; i < 2; i++) {
        s->event[i] = common + k->event_own_sd * pab__flow_normal(&s->draw);
        s->event_time[i] = time;
        time += (int64_t)(pab__flow_uniform(&s->draw) * (double)k->event_delay); /* the second leg's */
    }
}

static void news_start(pab_agent *self, void *own)
{
    news_state *s = own;
    const pab__news_params *p = params_of(self);
    const char *names[2] = {p->first, p->second};
    for (int i = 0; i < 2; i++) {
        int32_t symbol = symbol_named(self->m->scn, names[i]);
        s->leg[i] = symbol < 0 ? -1 : pab__flow_find(self->m->scn, symbol);
    }
    pab__flow_draw_seed(&s->draw, self->base->rng.key);
    s->common = pab__flow_normal(&s->draw);
    s->mood_due = pab_agent_market_open(self);
    plan_event(self, s);
}

static double at_time(const double *knots, double share)
{
    double x = share * (PAB__NEWS_HOURS - 1);
    int i = x < 0 ? 0 : x >= PAB__NEWS_HOURS - 1 ? PAB__NEWS_HOURS - 2 : (int)x;
    double w = x - i;
    w = w < 0 ? 0 : w > 1 ? 1 : w;
    return knots[i] * (1 - w) + knots[i + 1] * w;
}

static void change_mood(pab_agent *self, news_state *s)
{
    const pab__news_params *p = params_of(self);
    int64_t open = pab_agent_market_open(self), session = p->session;
    session = session > 0 ? session : pab_agent_market_close(self) - open;
    double share = (double)(pab_agent_now(self) - open) / (double)session;
    double keep = exp(-(double)p->mood_step / (double)p->slow_time);
    s->common = s->common * keep + sqrt(1 - keep * keep) * pab__flow_normal(&s->draw);
    pab__flow_mood mood = {.step = (double)p->mood_step * 1e-9, .common = p->slow_sd * s->common,
                           .share = p->slow_share, .sd = p->slow_sd, .time = (double)p->slow_time * 1e-9,
                           .power = p->slow_power, .volume = at_time(p->volume, share),
                           .volatility = at_time(p->volatility, share)};
    for (int i = 0; i < 2; i++)
        if (s->leg[i] >= 0)
            pab__flow_hear_mood(self->m, s->leg[i], &mood);
    s->jump_chance = p->jump_rate * (double)p->step * 1e-9 * mood.volatility * mood.volatility *
                     (s->leg[0] >= 0 ? pab__flow_excitement(self->m, s->leg[0]) : 1);
    s->mood_due += p->mood_step;
}

static void news_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    news_state *s = own;
    const pab__news_params *p = params_of(self);
    int64_t now = pab_agent_now(self), next = now + p->step;
    if (!can_trade || now < pab_agent_market_open(self) || now > pab_agent_market_close(self))
        return;
    pab__flow_draw_follow(&s->draw, self->base->rng.key);
    if (now >= s->mood_due)
        change_mood(self, s);
    pab__flow_news news = {.normal = pab__flow_normal(&s->draw)};
    if (pab__flow_uniform(&s->draw) < s->jump_chance)
        news.jump = pab__flow_laplace(&s->draw);
    for (int i = 0; i < 2; i++) {
        int event = now >= s->event_time[i];
        news.event = event ? s->event[i] : 0;
        s->event_time[i] = event ? INT64_MAX : s->event_time[i];
        if (s->leg[i] >= 0)
            pab__flow_hear_news(self->m, s->leg[i], &news, next);
    }
    pab_agent_wakeup_at(self, next);
}

static pab_status check_legs(const pab_scenario *scn, const pab__group *g, const pab__node *map)
{
    const pab__news_params *p = g->params;
    int32_t first = symbol_named(scn, p->first), second = symbol_named(scn, p->second);
    if (first < 0 || (second < 0 && *p->second))
        return pab__node_fail(pab__node_find(map, first < 0 ? "first" : "second"), PAB_E_KEY,
                              "agents.%s.%s: there is no symbol '%.80s'%s", g->name, first < 0 ? "first" : "second",
                              first < 0 ? p->first : p->second, pab__scenario_symbol_names(scn).text);
    if (first == second)
        return pab__node_fail(map, PAB_E_RANGE, "agents.%s: first and second are the same symbol", g->name);
    if (g->common.count > 1 || pab__news_find(scn, first) != g || (second >= 0 && pab__news_find(scn, second) != g))
        return pab__node_fail(map, PAB_E_RANGE, "agents.%s: a symbol has more than one agent of type news, expected "
                              "one", g->name);
    if (g->symbol >= 0)
        return pab__node_fail(pab__node_find(map, "symbol"), PAB_E_KEY,
                              "agents.%s.symbol: agents of type news have first and second, expected none here",
                              g->name);
    return PAB_OK;
}

static pab_status news_check(const pab_scenario *scn, const pab__group *g, const pab__node *map)
{
    pab__news_params *p = g->params; /* the scenario is still being made: the shapes become numbers here */
    const pab__flow_list volume = {"volume_shape", p->volume_shape, PAB__NEWS_HOURS, 0, 1e3};
    const pab__flow_list volatility = {"volatility_shape", p->volatility_shape, PAB__NEWS_HOURS, 0, 1e3};
    pab_status status = check_legs(scn, g, map);
    if (status == PAB_OK)
        status = pab__flow_read(&volume, p->volume, g, map);
    return status == PAB_OK ? pab__flow_read(&volatility, p->volatility, g, map) : status;
}

static int32_t news_accepts(pab_agent *self, const void *own)
{
    const news_state *s = own;
    const uint64_t *word = s->draw.word;
    for (int i = 0; i < 2; i++) {
        int32_t id = s->leg[i];
        if (id < -1 || id >= (int32_t)self->m->scn->agent_count || !isfinite(s->event[i]) || s->event_time[i] < 0)
            return 0;
        if (id >= 0 && (self->m->scn->group_of[id] == UINT16_MAX ||
                        pab__group_at(self->m, id)->builtin != &pab__flow_agent))
            return 0;
    }
    return isfinite(s->common) && isfinite(s->jump_chance) && isfinite(s->draw.spare) && s->mood_due >= 0 &&
           s->mood_due < INT64_MAX / 2 && (word[0] | word[1] | word[2] | word[3]) != 0;
}

const pab__builtin_type pab__news_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .state_size = sizeof(news_state),
        .params_size = sizeof(pab__news_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "news",
        .label = "NewsAgent",
        .on_start = news_start,
        .on_wakeup = news_wakeup,
        .accepts = news_accepts,
    },
    .check = news_check,
};
