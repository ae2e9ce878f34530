/* The agent under study: what it is paid, what it chooses from, and what its choice means for both legs. */
#include "qlearn/agent.h"

#include "env/env.h"

void pab__expert_weights(int32_t expert, pab_reward_weights *out)
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

pab_status pab__agent_reset(const pab__study *study, pab_env *env, uint64_t seed)
{
    pab_reset_options options;
    pab_status status = pab_reset_options_init(&options, sizeof options);
    pab__expert_weights(study->q->expert, &options.weights);
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

/* What the agent is paid for a step; `before` is the status when it decided. */
static double reward_of(const pab__study *study, const pab_env *env, const pab_env_status *before,
                        const pab_step_result *r)
{
    int leg = study->table;
    if (leg == PAB_TABLE_PAIR || study->forks)
        return r->reward;
    const pab__executor *x = pab__env_state(env);
    pab_reward_weights w;
    pab__expert_weights(study->q->expert, &w);
    double cost = w.shortfall * r->cost.shortfall[leg] + w.hedge * 0.5 * r->cost.hedge;
    cost += w.risk * share_of_risk(before, leg) * r->cost.risk + w.extra * x->outcome.extra[leg];
    if (r->flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED))
        cost += w.terminal * share_of_terminal(x, leg) * r->cost.terminal;
    return -cost;
}

/* --- Decisions --- */

/* What it chooses from, in the columns of its table. */
static pab__move choices_of(const pab__study *study, const pab__features *f, const uint8_t *mask)
{
    const pab_qtable *q = study->q;
    if (study->table == PAB_TABLE_PAIR)
        return (pab__move){.state = pab__pair_state(&q->bins, f),
                           .legal = pab__legal_class_pairs(mask),
                           .rule = pab__qtable_advice(q, f, mask)};
    return (pab__move){.state = pab__leg_state(&q->bins, f, study->table),
                       .legal = pab__legal_bits(mask + study->table * PAB_ENV_LEG_ACTIONS),
                       .rule = f->rule[study->table]};
}

static int32_t choose(const pab__study *study, const pab__move *from, pab__draw *draw, double *explore)
{
    double value[PAB__ACTIONS_MAX];
    *explore = 0;
    if (study->how == PAB__PLAY_RULE)
        return from->rule;
    if (study->how == PAB__PLAY_EXPLORE)
        return pab__table_behave(&study->q->table[study->table], from->state, from->legal, from->rule,
                                 &study->curiosity, draw, explore);
    pab__qtable_row(study->q, study->table, study->mode, from->state, from->rule, from->legal, value);
    return pab__best(value, study->q->table[study->table].actions, from->legal);
}

/* A choice in the columns of the table as an action for each leg. The other leg plays what it has learned; leg B learns
 * after leg A. */
static void carry_out(const pab__study *study, const pab__features *f, const uint8_t *mask, int32_t chosen,
                      int32_t action[PAB_ENV_LEGS])
{
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        uint32_t legal = pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS);
        if (study->table == PAB_TABLE_PAIR)
            legal = pab__of_class(legal, leg == 0 ? chosen / PAB__CLASSES : chosen % PAB__CLASSES);
        if (leg == study->table)
            action[leg] = chosen;
        else
            action[leg] = leg < study->table ? pab__qtable_leg(study->q, f, leg, legal) : f->rule[leg];
    }
}

pab_status pab__agent_look(const pab__study *study, pab_env *env, pab__expert_state *state, pab__draw *draw,
                           pab__moment *out)
{
    pab_status status = pab__context_take(env, &out->context);
    if (status != PAB_OK)
        return status;
    pab__features_make(study->q->expert, state, &out->context, &out->f);
    out->move = choices_of(study, &out->f, out->context.legal);
    out->move.action = choose(study, &out->move, draw, &out->explore);
    return PAB_OK;
}

pab_status pab__agent_act(const pab__study *study, pab_env *env, const pab__moment *now, int32_t chosen,
                          pab_step_result *r, double *reward)
{
    int32_t action[PAB_ENV_LEGS];
    carry_out(study, &now->f, now->context.legal, chosen, action);
    pab_status status = pab_env_step(env, action, NULL, 0, r);
    if (status == PAB_OK)
        *reward = reward_of(study, env, &now->context.status, r);
    return status;
}

int pab__agent_is_over(const pab__study *study, const pab__features *f)
{
    if (study->table == PAB_TABLE_PAIR)
        return f->leg[0].over && f->leg[1].over;
    return f->leg[study->table].over;
}
