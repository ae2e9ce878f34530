/* The learner: its reward, its choices, and what a choice means for both legs. */
#include "qlearn/learner.h"

#include "env/env.h"
#include "eval/rollout.h"

void pab__learner_reward_weights(int32_t expert, pab_reward_weights *out)
{
    static const pab_reward_weights of[PAB_EXPERT_COUNT] = {
        {0, PAB_X_ADVERSE_SELECTION, 1, 8, 0.25, 1, 0.5},
        {0, PAB_X_BAND, 0.5, 20, 0.5, 1, 1},
        {0, PAB_X_SPREAD_CAPTURE, 1.5, 6, 0.1, 1, 0.5},
        {0, PAB_X_EXPOSURE, 0.75, 10, 1, 1, 0.5},
    };
    *out = of[expert];
    out->struct_size = sizeof *out;
}

pab_status pab__learner_reset(const pab__learning_task *task, pab_env *env, uint64_t seed)
{
    pab_reset_options options;
    pab_status status = pab_reset_options_init(&options, sizeof options);
    pab__learner_reward_weights(task->q->expert, &options.weights);
    return status == PAB_OK ? pab_env_reset(env, seed, &options, NULL, 0) : status;
}

/* --- Rewards --- */

/* Share of the pair's risk that a leg carries at a decision: x_i (Sigma x)_i of the whole. */
static double share_of_risk(const pab_env_status *now, int leg)
{
    double x[PAB_ENV_LEGS];
    for (int i = 0; i < PAB_ENV_LEGS; i++)
        x[i] = now->side[i] * (double)(now->parent[i] - now->filled[i]) * now->mid[i];
    double both = now->covariance[1] * x[0] * x[1];
    double own = (leg == 0 ? now->covariance[0] : now->covariance[2]) * x[leg] * x[leg];
    double all = now->covariance[0] * x[0] * x[0] + 2 * both + now->covariance[2] * x[1] * x[1];
    return all > 0 ? (own + both) / all : 0.5;
}

/* Share of the terminal cost: by what each leg had not filled at the horizon. */
static double share_of_terminal(const pab__executor *x, int leg)
{
    double open[PAB_ENV_LEGS];
    for (int i = 0; i < PAB_ENV_LEGS; i++)
        open[i] = (double)(x->leg[i].parent - x->leg[i].account.filled_at_end) * x->leg[i].arrival;
    double all = open[0] + open[1];
    return all > 0 ? open[leg] / all : 0.5;
}

double pab__learner_reward(const pab__learning_task *task, const pab_env *env, const pab__learner_decision *now,
                           const pab_step_result *r)
{
    int leg = task->table;
    if (leg == PAB_TABLE_PAIR || task->forks)
        return r->reward;
    const pab__executor *x = pab__env_state(env);
    pab_reward_weights w;
    pab__learner_reward_weights(task->q->expert, &w);
    double cost = w.shortfall * r->cost.shortfall[leg] + w.hedge * 0.5 * r->cost.hedge;
    cost += w.risk * share_of_risk(&now->context.status, leg) * r->cost.risk + w.extra * x->outcome.extra[leg];
    if (pab__rollout_is_over(r))
        cost += w.terminal * share_of_terminal(x, leg) * r->cost.terminal;
    return -cost;
}

/* --- Decisions --- */

/* What it chooses from, in the columns of its table. */
static pab__transition choices_of(const pab__learning_task *task, const pab__features *f, const uint8_t *mask)
{
    const pab_qtable *q = task->q;
    if (task->table == PAB_TABLE_PAIR)
        return (pab__transition){.state = pab__bins_pair_state(&q->bins, f),
                           .legal = pab__legal_class_pairs(mask),
                           .rule = pab__qtable_advice(q, f, mask)};
    return (pab__transition){.state = pab__bins_leg_state(&q->bins, f, task->table),
                       .legal = pab__legal_bits(mask + task->table * PAB_ENV_LEG_ACTIONS),
                       .rule = f->rule[task->table]};
}

static int32_t choose(const pab__learning_task *task, const pab__transition *from, pab__draw *draw, double *explore)
{
    double value[PAB__TABLE_ACTIONS_MAX];
    *explore = 0;
    if (task->how == PAB__LEARNING_RULE)
        return from->rule;
    if (task->how == PAB__LEARNING_EXPLORE)
        return pab__table_behave(&task->q->table[task->table], from->state, from->legal, from->rule,
                                 &task->exploration, draw, explore);
    pab__qtable_row(task->q, task->table, task->mode, from->state, from->rule, from->legal, value);
    return pab__table_best(value, task->q->table[task->table].actions, from->legal);
}

/* The other leg plays what it has learned; leg B learns after leg A. */
void pab__learner_actions(const pab__learning_task *task, const pab__learner_decision *now, int32_t chosen,
                          int32_t action[PAB_ENV_LEGS])
{
    const pab__features *f = &now->f;
    const uint8_t *mask = now->context.legal;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        uint32_t legal = pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS);
        if (task->table == PAB_TABLE_PAIR)
            legal = pab__legal_of_class(legal, leg == 0 ? chosen / PAB__ACTION_CLASSES : chosen % PAB__ACTION_CLASSES);
        if (leg == task->table)
            action[leg] = chosen;
        else
            action[leg] = leg < task->table ? pab__qtable_leg(task->q, f, leg, legal) : f->rule[leg];
    }
}

pab_status pab__learner_decide(const pab__learning_task *task, const pab_env *env, pab__expert_state *state,
                               pab__draw *draw, pab__learner_decision *out)
{
    pab_status status = pab__context_take(env, &out->context);
    if (status != PAB_OK)
        return status;
    pab__features_make(task->q->expert, state, &out->context, &out->f);
    out->move = choices_of(task, &out->f, out->context.legal);
    out->move.action = choose(task, &out->move, draw, &out->explore);
    return PAB_OK;
}

int pab__learner_is_done(const pab__learning_task *task, const pab__features *f)
{
    if (task->table == PAB_TABLE_PAIR)
        return f->leg[0].over && f->leg[1].over;
    return f->leg[task->table].over;
}
