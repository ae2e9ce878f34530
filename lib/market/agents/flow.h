/* The crowd that trades one symbol at its real tick: a flow agent (docs/realtick.md has the model).
 *
 * It stands at the exchange and is the source of nearly all orders there: limit orders, cancels, clusters of trades,
 * prints of other venues. Its rates depend on the queues as they are, everybody's orders included, and on the gap
 * between a hidden reference price and the mid. A news agent (news.c) moves that price every few hundredths of a
 * second; surprise in the signed flow moves it too, whoever trades. When it has run about a tick away from the mid, the
 * touch that is in the way falls.
 *
 *   flow_type.c     its keys, checks and callbacks; flow_tables.c  the counted tables among the keys
 *   flow_state.c    whether a state from a file is one it can have
 *   flow_rates.c    what may happen next, and how soon
 *   flow_orders.c   adds, cancels and clusters of trades
 *   flow_crumble.c  the fall of a touch, what follows it, and the levels behind it
 *   flow_price.c    the reference price: factors, news, impact and its compensator
 *
 * A price of the crowd's state is in ticks, a time in ns; sides are 0 for bids and 1 for asks.
 */
#ifndef PAB_MARKET_AGENTS_FLOW_H
#define PAB_MARKET_AGENTS_FLOW_H

#include "market/agents/agents.h"
#include "market/agents/flow_agenda.h"
#include "market/agents/flow_draw.h"
#include "market/resident.h"
#include "market/trader.h"

enum { PAB__FLOW_BINS = 10, PAB__FLOW_KNOTS = 19, PAB__FLOW_SIZES = 1024, PAB__FLOW_METAORDERS = 16,
       PAB__FLOW_LEVELS = 5 /* of a side that always exist */ };

/* Kinds of events of the clock: for each kind bids first, then asks. */
enum { PAB__FLOW_ADD, PAB__FLOW_CANCEL = 2, PAB__FLOW_TRADE = 4, PAB__FLOW_FALL = 6, PAB__FLOW_ADD_BEHIND = 8,
       PAB__FLOW_CANCEL_BEHIND = 10, PAB__FLOW_KINDS = 12 };

/* Tables by own share of the touch, and what follows from the keys: made once a scenario. */
typedef struct pab__flow_tables {
    double add[PAB__FLOW_BINS], cancel[PAB__FLOW_BINS], trade[PAB__FLOW_BINS]; /* 1/s, queues' powers divided out */
    double fall[PAB__FLOW_BINS]; /* factor on the hazard */
    double mean_trade, mean_add; /* shares */
    double mean_root;            /* of size over mean size */
    double cluster;              /* orders, as the balance has it */
    double tick_bps;
    double step;                                    /* s, of news */
    double common, alone;                           /* ticks in a step: sd of diffusion */
    double common_jump, own_jump, own_jump_chance;  /* ticks, ticks, in a step */
    double keep_passing[3], keep_hits, keep_net;    /* decays over a step */
    uint32_t trade_size[PAB__FLOW_SIZES], add_size[PAB__FLOW_SIZES]; /* quantiles, in whole lots */
} pab__flow_tables;

typedef struct pab__flow_params {
    char adds[PAB_PARAM_TEXT_SIZE], trades[PAB_PARAM_TEXT_SIZE], queues[PAB_PARAM_TEXT_SIZE];
    char falls[PAB_PARAM_TEXT_SIZE], trade_sizes[PAB_PARAM_TEXT_SIZE], add_sizes[PAB_PARAM_TEXT_SIZE];
    double depth, depth_sd, behind_rate, add_power, cancel_power, add_lean, cancel_lean, lean_cap;
    double short_share, odd_adds;
    double trade_scale, trade_lean, meta_lean, on_queue, away_piece, odd_trades, keep_slope, keep_at, open_trades;
    double cluster_single, cluster_more, cluster_long, cluster_more_long;
    double meta_least, meta_tail;
    double fall_at, fall_slope, fall_rate, fall_cap, fall_power, fall_alone, fall_other, fall_burst;
    double sweep_orders, sweep_hits, sweep_cancels, sweep_away;
    double answer_late, move_at, move_slope, moved_depth, moved_sd, flick;
    double volatility, jump_share, jump_rate, burst_sd, burst_news, depth_swing, add_activity, pace, thickness;
    double impact, impact_passing, impact_offset;
    int64_t metaorders, alone_time;
    int64_t short_life, cluster_gap, sweep_gap, answer_time, answer_late_time, refill_gap, flick_time, other_memory;
    int64_t burst_time, depth_time, own_time, impact_time;
    pab__flow_tables tables;
} pab__flow_params;

/* News of a step, from the news agent. */
typedef struct pab__flow_news {
    double normal; /* common, of variance 1 */
    double jump;   /* common, of variance 1; 0 for none */
    double event;  /* bps: the scenario's own jump; 0 for none */
} pab__flow_news;

/* What changes within minutes, from the news agent once in a while. */
typedef struct pab__flow_mood {
    double step;                   /* s since the last one */
    double common;                 /* slow factor of both legs */
    double share, sd, time, power; /* of it: its share in a leg's, sd and time (s) of either, power in the news */
    double volume, volatility;     /* factors of the time of day */
} pab__flow_mood;

/* The agent's state. No padding. */
typedef struct pab__flow {
    pab__flow_draw draw; /* of events ... */
    pab__flow_draw path; /* ... and of what no event changes: factors and its own news */
    pab__agenda agenda;
    int64_t due;        /* of the waking that counts; INT64_MAX: none */
    int64_t step_due;   /* of the next news: it wakes by itself only before that */
    int64_t best[2];    /* prices as it last saw them */
    int64_t moved_time; /* of its last change of the mid ... */
    int64_t doubled_mid;
    int32_t moved;      /* ... and its sign */
    int32_t sibling;    /* the flow agent of the other leg, -1 for none */
    int32_t opened, on_clock; /* 1: the next waking is the clock's, not the agenda's */
    int32_t falling[2], forced[2];
    int32_t orders[2]; /* in the touch's queue, -1: to be counted */
    int32_t alone[2];  /* 1: it falls without news */
    int32_t meta_sign[PAB__FLOW_METAORDERS];
    double meta_left[PAB__FLOW_METAORDERS]; /* clusters */
    double meta_push;
    /* the reference price, in ticks */
    double reference, own, passing[3], gap, net;
    double slow, burst, depth; /* factors: normals of variance 1, but for `slow` */
    double activity, calm_activity, news_sd, depth_factor; /* what they make */
    double hits[2];            /* burst counters by side */
    double seen[2], expected[2], counted, ratio[2]; /* compensator: passing and lasting impact */
    double lean[3][2], fall[2]; /* factors on adds, cancels and trades by side; hazards: they depend on the gap */
    /* of the queues, kept while they stay as they are */
    int64_t queue[2];
    double add_power[2], cancel_power[2];
    int64_t behind[2];
    double rate[PAB__FLOW_KINDS], total;
} pab__flow;

_Static_assert(sizeof(pab__task) == 32 && sizeof(pab__flow) % 8 == 0, "flat records");

/* A flow agent at work. */
typedef struct pab__flow_leg {
    pab__resident at;
    const pab__flow_params *p;
    pab__flow *s;
    const pab__flow *sibling; /* NULL: none */
    int64_t now;
    int32_t moved, reserved; /* 1: the gap has changed, so that its exponentials have to be worked out */
} pab__flow_leg;

/* --- flow_type.c, for the news agent --- */

/* The next news comes at `next`. The first call opens the books. */
void pab__flow_hear_news(pab_market *m, int32_t id, const pab__flow_news *news, int64_t next);
void pab__flow_hear_mood(pab_market *m, int32_t id, const pab__flow_mood *mood);
/* Flow agent of a symbol, -1 for none. */
int32_t pab__flow_find(const pab_scenario *scn, int32_t symbol);
/* How much likelier than usual news is that jumps. */
double pab__flow_excitement(pab_market *m, int32_t id);

/* --- flow_state.c --- */

int32_t pab__flow_accepts(pab_agent *self, const void *own);

/* --- flow_tables.c --- */

/* A key whose text is a list of numbers. */
typedef struct pab__flow_list {
    const char *key, *text;
    uint32_t count;
    double low, high;
} pab__flow_list;

pab_status pab__flow_read(const pab__flow_list *list, double *out, const pab__group *g, const pab__node *map);
/* Fills in p->tables, but for the part of the news (flow_price.c). */
pab_status pab__flow_compile(pab__flow_params *p, const pab__group *g, const pab__node *map);

/* --- flow_rates.c --- */

void pab__flow_rates(pab__flow_leg *l);
void pab__flow_measure(pab__flow_leg *l, uint32_t side, int64_t shares); /* powers of a queue */
/* Time of the clock's next event, and then its kind. */
int64_t pab__flow_wait(pab__flow_leg *l);
int pab__flow_which(pab__flow_leg *l);

/* --- flow_orders.c --- */

int64_t pab__flow_add_size(pab__flow_leg *l);
void pab__flow_begin(pab__flow_leg *l); /* metaorders */
void pab__flow_add(pab__flow_leg *l, uint32_t side);
/* Cancels a random order of its own at a price; with `last` also where nothing else is there. Shares, 0 for none. */
int64_t pab__flow_cancel_one(pab__flow_leg *l, uint32_t side, int64_t price, int last);
void pab__flow_take(pab__flow_leg *l, uint32_t side, int64_t quantity);
void pab__flow_cancel_id(pab__flow_leg *l, const pab__task *task);
void pab__flow_cluster(pab__flow_leg *l, uint32_t side);
void pab__flow_cluster_next(pab__flow_leg *l, const pab__task *task);
/* Prints of other venues at a side's touch, and a fill of that side by a sweep. */
void pab__flow_away(pab__flow_leg *l, uint32_t side, int64_t quantity, int moves);

/* --- flow_crumble.c --- */

void pab__flow_open(pab__flow_leg *l);
void pab__flow_look(pab__flow_leg *l); /* at the touches: one may be gone, whoever took it */
void pab__flow_fall(pab__flow_leg *l, uint32_t side);
void pab__flow_sweep(pab__flow_leg *l, const pab__task *task);
void pab__flow_answer(pab__flow_leg *l, const pab__task *task);
void pab__flow_refill(pab__flow_leg *l, const pab__task *task);
void pab__flow_flick(pab__flow_leg *l, const pab__task *task);
void pab__flow_behind(pab__flow_leg *l, uint32_t side, int adds);

/* --- flow_price.c --- */

struct pab__news_params;
/* The part of p->tables that depends on the news. */
void pab__flow_compile_news(pab__flow_params *p, double tick_bps, const struct pab__news_params *news);
void pab__flow_gap(pab__flow_leg *l);
void pab__flow_lean(pab__flow_leg *l); /* what depends on the gap */
void pab__flow_mood_step(pab__flow_leg *l, const pab__flow_mood *mood);
void pab__flow_price_step(pab__flow_leg *l, const pab__flow_news *news);
/* `shares` traded against `side`; `expected`: by the crowd itself, so that the compensator counts it. */
void pab__flow_impact(pab__flow_leg *l, uint32_t side, double shares, int expected);

static inline int64_t pab__flow_shares(const pab__price_level *level)
{
    return level ? level->total : 0;
}

/* Gap in the direction that makes a side fall. */
static inline double pab__flow_adverse(const pab__flow_leg *l, uint32_t side)
{
    return side == 1 ? l->s->gap : -l->s->gap;
}

static inline int64_t pab__flow_after(pab__flow_leg *l, int64_t mean)
{
    return l->now + (int64_t)pab__flow_exponential(&l->s->draw, (double)mean);
}

#endif
