/* A learned expert as a policy: the best joint action by its score. */
#include "qlearn/score.h"

typedef struct choice {
    pab__context context;
    pab__features f;
    int32_t action[PAB_ENV_LEGS];
} choice;

static pab_status decide(const pab_qtable *q, pab__expert_state *state, const pab_env *env, choice *out)
{
    double z[PAB_ENV_JOINT_ACTIONS];
    pab_status status = pab__context_take(env, &out->context);
    if (status != PAB_OK)
        return status;
    pab__features_make(q->expert, state, &out->context, &out->f);
    pab__qtable_score(q, &out->f, out->context.legal, z);
    int32_t joint = pab__qtable_best(z);
    out->action[0] = joint / PAB_ENV_LEG_ACTIONS;
    out->action[1] = joint % PAB_ENV_LEG_ACTIONS;
    return PAB_OK;
}

static pab_status act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    choice c;
    pab_status status = decide(user, state, env, &c);
    for (int leg = 0; status == PAB_OK && leg < PAB_ENV_LEGS; leg++)
        out->action[leg] = c.action[leg];
    return status;
}

static const char *source(const pab_qtable *q, int32_t table, uint32_t state, int32_t rule)
{
    if (q->verdict[table].mode == PAB_TABLE_RULE)
        return "by rule";
    return pab__qtable_row_is_known(&q->table[table], state, rule) ? "learned" : "by rule, the state being rare";
}

static pab_status explain(void *user, const void *state, const pab_env *env, char *buf, size_t cap)
{
    const pab_qtable *q = user;
    pab__expert_state copy = *(const pab__expert_state *)state;
    pab__text words = pab__text_in(buf, cap);
    choice c;
    pab_status status = decide(q, &copy, env, &c);
    if (status != PAB_OK)
        return status;
    uint32_t pair = pab__bins_pair_state(&q->bins, &c.f);
    pab__text_say(&words, "learned %s, pair state %u (%s): ", pab_policy_builtin((uint32_t)q->expert), pair,
             source(q, PAB_TABLE_PAIR, pair, pab__qtable_advice(q, &c.f, c.context.legal)));
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        uint32_t s = pab__bins_leg_state(&q->bins, &c.f, leg);
        pab__text_say(&words, "%sleg %c %s in state %u (%s), the rule says %s", leg > 0 ? "; " : "", 'A' + leg,
                 pab_action_name(c.action[leg]), s, source(q, leg, s, c.f.rule[leg]), pab_action_name(c.f.rule[leg]));
    }
    return PAB_OK;
}

pab_status pab_qtable_policy(const pab_qtable *q, pab_policy **out)
{
    static const char *const names[PAB_EXPERT_COUNT] = {"q_lae", "q_sce", "q_ome", "q_rae"};
    if (!q || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !q ? "q" : "out");
    pab_policy_type type = {
        .struct_size = sizeof type,
        .state_size = sizeof(pab__expert_state),
        .name = names[q->expert],
        .user = (void *)(uintptr_t)q, /* read only */
        .act = act,
        .explain = explain,
    };
    return pab_policy_new(&q->host, &type, out);
}
