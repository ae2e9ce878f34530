/* The shield: parents are never over-filled, and the hedge error stays in its band whichever orders fill. */
#include "env/executor.h"

#include <math.h>

/* Rounding of a headroom that is whole but for the last bits. */
#define SLACK 1e-9

#define SIZES 3 /* of each style */

int64_t pab__leg_leaves(const pab__leg *leg)
{
    return leg->parent - leg->filled;
}

int64_t pab__leg_working(const pab__leg *leg)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < leg->children; i++)
        sum += leg->child[i].left;
    return sum;
}

int pab__leg_rests(const pab__leg *leg)
{
    for (int32_t i = 0; i < leg->children; i++)
        if (!leg->child[i].cancelling)
            return 1;
    return 0;
}

double pab__executor_hedge_error(const pab__executor *x)
{
    return (double)x->leg[0].filled - (double)x->leg[1].filled / x->ratio;
}

double pab__executor_hedge_fraction(const pab__executor *x)
{
    return pab__executor_hedge_error(x) / (double)x->leg[0].parent;
}

int64_t pab__shield_headroom(const pab__executor *x, int i, int64_t working)
{
    int64_t leaves = pab__leg_leaves(&x->leg[i]) - working;
    if (leaves <= 0)
        return 0;
    if (!x->weights.shield)
        return leaves;
    double e = pab__executor_hedge_error(x);
    double room = i == 0 ? x->band - e - (double)working : x->ratio * (x->band + e) - (double)working;
    room = floor(room + SLACK);
    if (room <= 0)
        return 0;
    return room < (double)leaves ? (int64_t)room : leaves;
}

int64_t pab__shield_wanted(const pab__executor *x, int i, const pab__intent *intent)
{
    int64_t leaves = pab__leg_leaves(&x->leg[i]), left = x->steps - x->step;
    if (intent->exact > 0)
        return intent->exact < leaves ? intent->exact : leaves;
    int64_t slices = left > 0 ? left : 1;
    int64_t slice = (leaves + slices - 1) / slices;
    int64_t shares = intent->size == 0 ? (slice + 1) / 2 : slice * intent->size;
    if (shares < 1)
        shares = 1;
    return shares < leaves ? shares : leaves;
}

/* The touch that a passive price starts from. */
static int64_t near_price(const pab__leg *leg, int64_t far)
{
    const pab__tracker *s = &leg->tracker;
    int64_t near = pab__tracker_touch(s, leg->side == PAB_BUY ? 0 : 1);
    if (near == 0 && s->last_trade > 0)
        near = s->last_trade - leg->side;
    if (near != 0 && far != 0 && (far - near) * leg->side <= 0)
        near = far - leg->side;
    return near;
}

/* Shares of bps of a price, at least one tick. */
static int64_t beyond(double mid, double bps)
{
    double ticks = ceil(mid * bps * 1e-4);
    return ticks > 1 ? (int64_t)ticks : 1;
}

static int64_t aggressive_price(const pab__leg *leg, int32_t style, int64_t far)
{
    if (far == 0 || style == PAB_STYLE_TAKE)
        return far;
    double bps = style == PAB_STYLE_SWEEP ? PAB__SWEEP_BPS : PAB__LIQUIDATION_BPS;
    return far + leg->side * beyond(pab__tracker_mid(&leg->tracker), bps);
}

int64_t pab__shield_price(const pab__executor *x, int i, int32_t style)
{
    const pab__leg *leg = &x->leg[i];
    int64_t far = pab__tracker_touch(&leg->tracker, leg->side == PAB_BUY ? 1 : 0), price;
    if (style >= PAB_STYLE_TAKE) {
        price = aggressive_price(leg, style, far);
    } else {
        int64_t near = near_price(leg, far), inside = 0;
        int64_t spread = far != 0 && near != 0 ? (far - near) * leg->side : 0;
        if (style == PAB_STYLE_IMPROVE && spread > 1)
            inside = spread / 4 > 1 ? spread / 4 : 1;
        else if (style == PAB_STYLE_MID)
            inside = spread / 2;
        price = near == 0 ? 0 : near + leg->side * (spread > 1 ? inside : 0);
    }
    return price > 0 ? price : 0;
}

/* A passive style at the price of the one before it is no choice: at a one-tick spread there is only JOIN. */
static int has_own_price(const pab__executor *x, int i, int32_t style)
{
    int64_t price = pab__shield_price(x, i, style);
    int inside = style == PAB_STYLE_IMPROVE || style == PAB_STYLE_MID;
    return price != 0 && (!inside || price != pab__shield_price(x, i, style - 1));
}

/* A leg with shares to go wants at least one of them, so the size of an order does not matter. */
int pab__shield_allows(const pab__executor *x, int i, int32_t action)
{
    const pab__leg *leg = &x->leg[i];
    if (action == PAB_ACTION_HOLD)
        return 1;
    if (x->phase != PAB__PHASE_RUN || pab__leg_leaves(leg) == 0)
        return 0;
    if (action == PAB_ACTION_CANCEL)
        return pab__leg_rests(leg);
    /* Assumes that own cancels succeed; the shares that are really working count when the order is sent. */
    return pab__shield_headroom(x, i, 0) > 0 &&
           has_own_price(x, i, (action - PAB_ACTION_FIRST_STYLE) / SIZES);
}

void pab__shield_mask(const pab__executor *x, int i, uint8_t mask[PAB_ENV_LEG_ACTIONS])
{
    for (int32_t action = 0; action < PAB_ENV_LEG_ACTIONS; action++) {
        int other_size = action >= PAB_ACTION_FIRST_STYLE && (action - PAB_ACTION_FIRST_STYLE) % SIZES != 0;
        mask[action] = other_size ? mask[action - 1] : (uint8_t)pab__shield_allows(x, i, action);
    }
}

int32_t pab__shield_lower(const pab__executor *x, int i, int32_t action)
{
    while (action >= PAB_ACTION_FIRST_STYLE && !pab__shield_allows(x, i, action))
        action -= SIZES;
    return action >= 0 && pab__shield_allows(x, i, action) ? action : PAB_ACTION_HOLD;
}
