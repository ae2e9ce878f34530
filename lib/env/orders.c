/* Order management: one resting price per leg. For another price it cancels, waits for every answer and sends anew. */
#include "env/executor.h"

/* --- Sending --- */

static int jittery(const pab_agent *self)
{
    return self->m->scn->latency.model == PAB__LATENCY_CUBIC;
}

static void send_child(pab_agent *self, pab__executor *x, int i, int64_t price, int64_t quantity)
{
    pab__leg *leg = &x->leg[i];
    if (leg->children == 0) {
        leg->price = price;
        leg->since = pab_agent_now(self);
        leg->ahead = -1;
    }
    int64_t id = pab_agent_limit_order(self, leg->symbol, leg->side, quantity, price, 0);
    leg->child[leg->children++] = (pab__child){.id = id, .left = quantity};
    x->messages++;
}

/* An order is cancelled once it is known to rest: a cancel must not arrive before its order. */
static void cancel_child(pab_agent *self, pab__executor *x, pab__child *child)
{
    if (child->cancelling || !child->accepted)
        return;
    child->cancelling = 1;
    pab_agent_cancel(self, child->id);
    x->messages++;
}

static void cancel_children(pab_agent *self, pab__executor *x, pab__leg *leg)
{
    for (int32_t k = 0; k < leg->children; k++)
        cancel_child(self, x, &leg->child[k]);
}

/* Sends the leg's intent, as large as the shield allows now. */
static void send_intent(pab_agent *self, pab__executor *x, int i)
{
    pab__leg *leg = &x->leg[i];
    pab__intent intent = leg->intent;
    leg->intent.style = PAB__STYLE_NONE;
    leg->clearing = 0;
    if (intent.style == PAB__STYLE_NONE)
        return;
    int64_t price = pab__shield_price(x, i, intent.style), wanted = pab__shield_wanted(x, i, &intent);
    int64_t most = pab__shield_headroom(x, i, pab__leg_working(leg));
    int64_t quantity = wanted < most ? wanted : most;
    if (price == 0 || quantity <= 0) {
        x->shielded += wanted > 0;
        return;
    }
    leg->immediate = intent.style >= PAB_STYLE_TAKE;
    send_child(self, x, i, price, quantity);
}

/* Cancels all orders; the intent is sent once none is left. */
static void replace_all(pab_agent *self, pab__executor *x, int i, pab__intent intent)
{
    pab__leg *leg = &x->leg[i];
    leg->intent = intent;
    leg->clearing = 1;
    cancel_children(self, x, leg);
    if (leg->children == 0)
        send_intent(self, x, i);
}

/* --- Keeping a price --- */

static void shrink(pab_agent *self, pab__executor *x, pab__leg *leg, int64_t surplus)
{
    for (int32_t k = leg->children - 1; k >= 0 && surplus > 0; k--) {
        pab__child *child = &leg->child[k];
        int64_t rests = child->left - child->reducing;
        if (child->cancelling || !child->accepted)
            continue;
        if (rests <= surplus || jittery(self)) {
            cancel_child(self, x, child);
            surplus -= rests;
        } else {
            /* Where answers may overtake fills, an order reduced to 0 looks like a filled one. */
            child->reducing += surplus;
            pab_agent_partial_cancel(self, child->id, surplus);
            x->messages++;
            surplus = 0;
        }
    }
}

/* The leg rests at the wanted price: only its size changes. */
static void resize(pab_agent *self, pab__executor *x, int i, int64_t wanted)
{
    pab__leg *leg = &x->leg[i];
    int64_t rests = 0;
    for (int32_t k = 0; k < leg->children; k++)
        rests += leg->child[k].cancelling ? 0 : leg->child[k].left - leg->child[k].reducing;
    if (rests > wanted) {
        shrink(self, x, leg, rests - wanted);
        return;
    }
    int64_t most = pab__shield_headroom(x, i, pab__leg_working(leg)), shortage = wanted - rests;
    if (shortage > most)
        shortage = most;
    if (shortage > 0)
        send_child(self, x, i, leg->price, shortage);
}

static void place(pab_agent *self, pab__executor *x, int i, pab__intent intent)
{
    pab__leg *leg = &x->leg[i];
    int stays = intent.style < PAB_STYLE_TAKE && pab__leg_rests(leg) && !leg->clearing && !leg->immediate &&
                leg->price == pab__shield_price(x, i, intent.style) && leg->children < PAB__LEG_CHILDREN;
    if (!stays) {
        replace_all(self, x, i, intent);
        return;
    }
    int64_t wanted = pab__shield_wanted(x, i, &intent), most = pab__shield_headroom(x, i, 0);
    resize(self, x, i, wanted < most ? wanted : most);
}

void pab__leg_act(pab_agent *self, pab__executor *x, int i, int32_t action, int64_t exact)
{
    int32_t lower = pab__shield_lower(x, i, action);
    x->shielded += lower != action;
    if (lower == PAB_ACTION_CANCEL)
        pab__leg_clear(self, x, i);
    if (lower < PAB_ACTION_FIRST_STYLE)
        return;
    int32_t placement = lower - PAB_ACTION_FIRST_STYLE;
    place(self, x, i, (pab__intent){placement / 3, placement % 3, exact});
}

void pab__leg_clear(pab_agent *self, pab__executor *x, int i)
{
    replace_all(self, x, i, (pab__intent){.style = PAB__STYLE_NONE});
}

void pab__leg_force(pab_agent *self, pab__executor *x, int i)
{
    replace_all(self, x, i, (pab__intent){.style = PAB__STYLE_FORCED, .exact = pab__leg_leaves(&x->leg[i])});
}

/* --- Answers --- */

static pab__leg *leg_of(pab__executor *x, int32_t symbol)
{
    for (int i = 0; i < 2; i++)
        if (x->leg[i].symbol == symbol)
            return &x->leg[i];
    return NULL;
}

static pab__child *child_of(pab__leg *leg, int64_t id)
{
    for (int32_t k = 0; k < leg->children; k++)
        if (leg->child[k].id == id)
            return &leg->child[k];
    return NULL;
}

/* Takes shares off what may still fill; an order with none left is forgotten. */
static void take_off(pab__leg *leg, pab__child *child, int64_t quantity)
{
    child->left -= quantity < child->left ? quantity : child->left;
    if (child->left > 0)
        return;
    pab__child *end = &leg->child[--leg->children];
    for (; child < end; child++)
        *child = child[1];
    *end = (pab__child){0};
}

static void take_fill(const pab_agent *self, pab__executor *x, pab__leg *leg, const pab_message *msg)
{
    const pab__exchange_params *exchange = &self->m->scn->exchange;
    const pab_message_order *o = &msg->u.order;
    pab__child *child = child_of(leg, o->id);
    if (child)
        take_off(leg, child, o->quantity);
    int passive = !(msg->flags & PAB_MSG_FLAG_INCOMING);
    pab__account_fill(x, (int)(leg - x->leg), pab_agent_now(self), o->fill_price, o->quantity, passive,
                      (passive ? exchange->maker_fee : exchange->taker_fee) / pab__exchange_cents(exchange));
}

/* What an immediate order could not take rests for a moment: cancel it. */
static void take_acceptance(pab_agent *self, pab__executor *x, pab__leg *leg, pab__child *child)
{
    child->accepted = 1;
    if (leg->immediate || leg->clearing)
        cancel_child(self, x, child);
}

/* `quantity` is what is left of it; the rest of what was asked has been taken off, or was filled before. */
static void take_reduction(pab__leg *leg, pab__child *child, int64_t quantity)
{
    int64_t off = quantity > 0 ? child->left - quantity : child->left;
    child->reducing = quantity > 0 && child->reducing > off ? child->reducing - off : 0;
    take_off(leg, child, off);
}

/* A cancel that finds no order lost a race against fills, which have arrived or will. */
static void take_refusal(pab__leg *leg, pab__child *child, int32_t reason)
{
    if (reason == PAB_REJECT_UNKNOWN)
        child->reducing = 0;
    else
        take_off(leg, child, child->left);
}

void pab__leg_message(pab_agent *self, pab__executor *x, const pab_message *msg)
{
    pab__leg *leg = leg_of(x, msg->symbol);
    if (!leg)
        return;
    pab__child *child = child_of(leg, msg->u.order.id);
    if (msg->type == PAB_MSG_ORDER_EXECUTED)
        take_fill(self, x, leg, msg);
    else if (!child)
        return;
    else if (msg->type == PAB_MSG_ORDER_ACCEPTED)
        take_acceptance(self, x, leg, child);
    else if (msg->type == PAB_MSG_ORDER_CANCELLED)
        take_off(leg, child, msg->u.order.quantity);
    else if (msg->type == PAB_MSG_ORDER_PARTIAL_CANCELLED)
        take_reduction(leg, child, msg->u.order.quantity);
    else if (msg->type == PAB_MSG_ORDER_REJECTED)
        take_refusal(leg, child, msg->reason);
    if (leg->clearing && leg->children == 0)
        send_intent(self, x, (int)(leg - x->leg));
}

void pab__legs_expire(pab__executor *x)
{
    for (int i = 0; i < 2; i++) {
        pab__leg *leg = &x->leg[i];
        while (leg->children > 0)
            take_off(leg, &leg->child[0], leg->child[0].left);
        leg->intent.style = PAB__STYLE_NONE;
        leg->clearing = 0;
    }
}
