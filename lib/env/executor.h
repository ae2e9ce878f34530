/* The executor: the market's agent that works a pair of parent orders, and all state that an episode changes.
 *
 * Used inside env only; other folders read it through pab__env_state (env/env.h), pab__context (env/context.h) or
 * pab_env_describe. A market makes it with its other agents (executor.c). pab_env_reset gives it parent orders,
 * pab_env_step an action per leg, and it pauses the market when the next decision is due.
 *
 * Its state is flat and without padding, so that copying, saving, restoring and hashing a market does the same for its
 * environment. */
#ifndef PAB_ENV_EXECUTOR_H
#define PAB_ENV_EXECUTOR_H

#include <pairsabides/env.h>

#include "base/units.h"
#include "env/tracker.h"
#include "market/trader.h"

enum {
    PAB__LEG_CHILDREN = 16,       /* orders of a leg at once */
    PAB__MARKOUT_SECONDS = 11,    /* of fills that wait for their mark-out */
    PAB__LIQUIDATION_ROUNDS = 40, /* at most */
    PAB__LIQUIDATION_BPS = 100,   /* limit price of liquidation, beyond the far touch */
    PAB__SWEEP_BPS = 10           /* limit price of SWEEP, beyond the far touch */
};

#define PAB__LIQUIDATION_GAP INT64_C(100000000) /* ns between two rounds of liquidation */

/* Where an episode is. */
enum {
    PAB__PHASE_WARM = 0,  /* before t_0 */
    PAB__PHASE_READY = 1, /* stands at t_0, no parent order yet */
    PAB__PHASE_RUN = 2,
    PAB__PHASE_CLOSE = 3, /* from t_N on: liquidation */
    PAB__PHASE_DONE = 4
};

/* Styles that callers do not have: none, and liquidation, whose limit lies farther than SWEEP's. */
enum { PAB__STYLE_NONE = -1, PAB__STYLE_FORCED = 5 };

/* An own order (a child of the parent order). */
typedef struct pab__child {
    int64_t id;
    int64_t left;     /* shares that may still fill */
    int64_t reducing; /* shares that a partial cancel in flight takes off */
    int32_t accepted; /* rests, as far as is known */
    int32_t cancelling;
} pab__child;

/* What a leg will send: a style and a size, which become a price and a quantity when it is sent. */
typedef struct pab__intent {
    int32_t style;   /* PAB_STYLE_..., PAB__STYLE_NONE */
    int32_t size;    /* 0, 1, 2: half, one or two slices */
    int64_t exact;   /* shares, where positive */
} pab__intent;

/* Costs in ticks * shares, signed so that positive is bad. */
typedef struct pab__leg_account {
    double paid;      /* sum of q * p, all fills */
    double spread, impact, drift; /* their split, against mid and arrival */
    double bench;     /* sum of (change of parent) * mid, live ratios */
    double volume_money; /* market volume * last trade since t_0 */
    double residual;  /* charge for shares that never traded */
    double fees;      /* paid to the exchange, rebates taken off */
    double markout, markout_base; /* sum of s q (M - p) and of q p, marked so far */
    int64_t passive;  /* shares */
    int64_t forced;   /* shares filled by liquidation */
    int64_t volume_start, volume_seen; /* market volume at t_0 and at the last sample */
    int64_t filled_at_end; /* F at t_N */
    /* of the running step */
    double step_paid, step_captured, step_fees;
    int64_t step_shares;
    int64_t step_leaves;
    double step_mid;
} pab__leg_account;

typedef struct pab__leg {
    int32_t symbol, side;
    int64_t parent, parent_start; /* Q now and at arrival */
    int64_t filled;               /* F */
    double arrival;               /* P, ticks */
    pab__intent intent;           /* to be sent once all orders are gone */
    int64_t price;                /* of the resting orders */
    int64_t since;                /* ns: when the first at this price was sent, also once it has filled */
    int64_t ahead;                /* shares before them in the queue, estimated; -1: not yet known */
    int32_t children;
    int32_t clearing;             /* all orders are to go */
    int32_t immediate;            /* the order is immediate-or-cancel */
    int32_t reserved;
    pab__child child[PAB__LEG_CHILDREN];
    pab__leg_account account;
    int64_t waiting_shares[PAB__MARKOUT_SECONDS]; /* fills by second, until ten seconds have passed */
    double waiting_paid[PAB__MARKOUT_SECONDS];
    pab__tracker tracker;
} pab__leg;

/* A kept fill: leg in the lowest bit of `what`, passive in the next, then the shares. */
typedef struct pab__fill_record {
    int64_t time, price, what;
} pab__fill_record;

typedef struct pab__reward_weights {
    double shortfall, hedge, risk, terminal, extra;
    int32_t adverse;
    int32_t shield;
} pab__reward_weights;

/* What the last call to step cost. */
typedef struct pab__step_outcome {
    double shortfall[2], fees[2], extra[2], hedge, risk, terminal;
    double hedge_max, hedge_square;
    double band_max; /* max |e| / H */
} pab__step_outcome;

typedef struct pab__executor {
    uint64_t seed;
    int32_t regime;
    int32_t phase;
    int32_t step;      /* decisions taken */
    int32_t steps;     /* N */
    int32_t truncated;
    int32_t round;     /* of liquidation */
    int32_t armed;     /* an environment steps it: without one it watches and never pauses */
    int32_t reserved;
    int64_t start, end; /* ns: t_0, t_N */
    int64_t now;       /* ns: of the last pause */
    int64_t next_sample, next_grid;
    int64_t samples;   /* taken */
    double ratio;      /* r */
    double band;       /* H, A-shares */
    double notional;   /* N0, ticks * shares */
    pab__reward_weights weights;
    pab__leg leg[2];
    pab__pair_tracker pair;
    pab__step_outcome outcome;
    /* whole episode */
    int64_t hedge_time;  /* ns: up to when h is added up */
    double hedge_sum;    /* integral of h^2, s, to t_N */
    double hedge_mark;   /* hedge_sum at the start of the step */
    double hedge_max;    /* max |h| */
    double legging;      /* ticks * shares */
    double step_error, step_variance; /* e and the variance of what is left, bps^2/s, at the start of the step */
    double hedge_cost, risk_cost, terminal_cost; /* bps */
    int64_t messages, shielded, fills;
    int64_t step_fills;  /* fills before this step */
    pab__fill_record fill[PAB_ENV_FILLS_KEPT];
} pab__executor;

_Static_assert(sizeof(pab__leg) % 8 == 0 && sizeof(pab__executor) <= 8192, "a flat state that is cheap to copy");

/* --- shield.c --- */

int64_t pab__leg_leaves(const pab__leg *leg);                /* L */
int64_t pab__leg_working(const pab__leg *leg);               /* V */
double pab__executor_hedge_error(const pab__executor *x);    /* e */
double pab__executor_hedge_fraction(const pab__executor *x); /* h */
/* Most shares that leg i may have working, `working` of them being there already. */
int64_t pab__shield_headroom(const pab__executor *x, int i, int64_t working);
/* Shares that an intent wants, before the shield. */
int64_t pab__shield_wanted(const pab__executor *x, int i, const pab__intent *intent);
/* Limit price of a style in the present book; 0 where there is none. */
int64_t pab__shield_price(const pab__executor *x, int i, int32_t style);
int pab__shield_allows(const pab__executor *x, int i, int32_t action);
void pab__shield_mask(const pab__executor *x, int i, uint8_t mask[PAB_ENV_LEG_ACTIONS]);
/* The action, or the first legal one below it on the ladder. */
int32_t pab__shield_lower(const pab__executor *x, int i, int32_t action);
/* An order of the leg rests or is on its way. */
int pab__leg_rests(const pab__leg *leg);

/* --- orders.c: leg i's own orders --- */

void pab__leg_act(pab_agent *self, pab__executor *x, int i, int32_t action, int64_t exact);
void pab__leg_force(pab_agent *self, pab__executor *x, int i); /* one slice of liquidation */
void pab__leg_clear(pab_agent *self, pab__executor *x, int i); /* cancels all, drops the intent */
/* Takes in what an exchange says of an own order. */
void pab__leg_message(pab_agent *self, pab__executor *x, const pab_message *msg);
void pab__legs_expire(pab__executor *x); /* the market is closed: no order will fill any more */

/* --- account.c --- */

void pab__account_begin(pab__executor *x, int64_t now); /* a step starts */
/* `fee`: of the exchange, ticks per share. */
void pab__account_fill(pab__executor *x, int i, int64_t now, int64_t price, int64_t quantity, int passive, double fee);
void pab__account_sample(pab__executor *x); /* each second */
double pab__account_variance(const pab__executor *x); /* of what is left, as a share of N0: bps^2/s */
void pab__account_fix(pab__executor *x, const pab_scenario *scn); /* at arrival: prices, amounts, ratio, band */
/* A live ratio is computed again; the parent of B follows. */
void pab__account_ratio(pab__executor *x, const pab_scenario *scn);
void pab__account_end(pab__executor *x, const pab_scenario *scn, int64_t now); /* the step ends */
void pab__account_close(pab__executor *x, const pab_scenario *scn); /* residual and terminal costs */

/* --- metrics.c --- */

void pab__metrics_compute(const pab__executor *x, const pab_scenario *scn, pab_episode_metrics *out);

/* --- executor.c --- */

void pab__executor_close(pab_agent *self, pab__executor *x); /* t_N */
/* Ends the episode; truncated: the market closed before its horizon. */
void pab__executor_finish(pab__executor *x, const pab_scenario *scn, int32_t truncated, int64_t now);

static inline pab__executor *pab__executor_of(const pab_market *m)
{
    return pab__agent_own_at(m, pab__pair_of(m->scn)->executor);
}

static inline double pab__leg_sign(const pab__leg *leg)
{
    return (double)leg->side;
}

#endif
