/* The two tactics of a schedule: take the exact shortfall, or rest the slice at the touch and take what is overdue. */
#include "experts/schedule.h"

#include <math.h>

/* One leg's order, and why. */
typedef struct order {
    int32_t style;
    int32_t hurry;    /* 1: the last decisions */
    int64_t quantity; /* 0: nothing is due */
    int64_t due;      /* by the next decision */
    int64_t lag;      /* already due and not filled */
    int64_t slice;    /* falls due in this interval */
} order;

static int64_t shares(double due, int64_t parent)
{
    double whole = floor(due + 0.5);
    return whole <= 0 ? 0 : whole >= (double)parent ? parent : (int64_t)whole;
}

static order plan_leg(const pab__policy_params *params, const pab_env_status *now, int leg,
                      const pab__schedule_due *due)
{
    int64_t parent = now->parent[leg], filled = now->filled[leg], leaves = parent - filled;
    int32_t left = now->steps - now->step;
    int64_t was_due = shares(due->now, parent);
    order it = {.style = PAB_STYLE_TAKE, .due = shares(due->next, parent), .lag = was_due - filled};

    it.hurry = left <= params->value[PAB__FINISH];
    if (it.hurry && left > 0 && it.due < filled + (leaves + left - 1) / left)
        it.due = filled + (leaves + left - 1) / left;
    it.slice = it.due > was_due ? it.due - was_due : 0;
    it.quantity = it.due > filled ? it.due - filled : 0;
    if (it.hurry) {
        if (now->far_quantity[leg] < it.quantity)
            it.style = PAB_STYLE_SWEEP;
    } else if (params->form == PAB__TACTIC_WORK) {
        if (it.lag > it.slice && it.lag > 1)
            it.quantity = it.lag;
        else
            it.style = PAB_STYLE_JOIN;
    }
    return it;
}

static void say(const char *title, const pab_env_status *now, int leg, const order *it, int32_t action, pab__text *why)
{
    pab__text_say(why, "%s%s leg %c: %lld of %lld shares due by decision %d, %lld filled", leg > 0 ? "; " : "", title,
             'A' + leg, (long long)it->due, (long long)now->parent[leg], now->step + 1, (long long)now->filled[leg]);
    if (it->quantity > 0 && it->style == PAB_STYLE_TAKE && it->quantity == it->lag && !it->hurry)
        pab__text_say(why, ", %lld more than a slice of %lld behind", (long long)it->lag, (long long)it->slice);
    if (action < PAB_ACTION_FIRST_STYLE) {
        pab__text_say(why, ": %s", pab_action_name(action));
    } else {
        static const char *const style[] = {"JOIN", "IMPROVE", "MID", "TAKE", "SWEEP"};
        pab__text_say(why, ": %s %lld", style[(action - PAB_ACTION_FIRST_STYLE) / 3], (long long)it->quantity);
    }
    pab__text_say(why, it->hurry ? ", time is nearly over" : "");
    if (it->quantity > 0 && action != pab__action_of(it->style, PAB__SIZE_ONE))
        pab__text_say(why, " (%s is not legal now)", pab_action_name(pab__action_of(it->style, PAB__SIZE_ONE)));
}

void pab__schedule_decide(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                          pab__text *why)
{
    const pab__schedule *schedule = params->kind->detail;
    pab__schedule_due due[PAB_ENV_LEGS];
    schedule->due(params, state, context, due);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        order it = plan_leg(params, &context->status, leg, &due[leg]);
        int32_t wanted = it.quantity > 0 ? pab__action_of(it.style, PAB__SIZE_ONE) : PAB_ACTION_CANCEL;
        int32_t action = pab__legal_ladder(context->legal + leg * PAB_ENV_LEG_ACTIONS, wanted);
        out->action[leg] = action;
        out->quantity[leg] = action < PAB_ACTION_FIRST_STYLE ? 0 : it.quantity;
        if (why)
            say(schedule->title, &context->status, leg, &it, action, why);
    }
}
