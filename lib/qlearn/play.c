/* One episode after the other: what the agent under study sees, does and is paid. */
#include "qlearn/play.h"

#include "base/hash.h"
#include "env/env.h"

#include <math.h>

void pab__expert_weights(int32_t expert, pab_reward_weights *out)
{
    static const pab_reward_weights of[PAB_EXPERT_COUNT] = {
        {0, PAB_X_ADVERSE_SELECTION, 1, 0.5, 0.25, 1, 0.5},
        {0, PAB_X_BAND, 0.5, 4, 0.5, 1, 1},
        {0, PAB_X_SPREAD_CAPTURE, 1.5, 0.25, 0.1, 1, 0.5},
        {0, PAB_X_EXPOSURE, 0.75, 1, 3, 1, 0.5},
    };
    *out = of[expert];
    out->struct_size = sizeof *out;
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
        open[i] = (double)(x->leg[i].parent - x->leg[i].ledger.filled_at_end) * x->leg[i].arrival;
    double all = open[0] + open[1];
    return all > 0 ? open[leg] / all : 0.5;
}

/* What the agent under study is paid for a step. */
static double reward_of(const pab__study *study, const pab_env *env, const pab_env_status *before,
                        const pab_step_result *r)
{
    int leg = study->table;
    if (leg == PAB_TABLE_PAIR)
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

/* What the agent chooses from, in the columns of its table. */
static pab__move choices_of(const pab__study *study, const pab__features *f, const uint8_t *mask)
{
    const pab_qtable *q = study->q;
    if (study->table == PAB_TABLE_PAIR)
        return (pab__move){.state = pab__pair_state(&q->bins, f),
                           .legal = pab__legal_class_pairs(mask),
                           .rule = PAB__CLASSES * pab__class_of(f->rule[0]) + pab__class_of(f->rule[1])};
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

/* A choice in the columns of a table as an action for each leg. */
static void carry_out(const pab__study *study, const pab__features *f, const uint8_t *mask, int32_t chosen,
                      int32_t action[PAB_ENV_LEGS])
{
    const pab_qtable *q = study->q;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        double value[PAB_ENV_LEG_ACTIONS];
        uint32_t legal = pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS);
        action[leg] = leg == study->table ? chosen : f->rule[leg];
        if (study->table != PAB_TABLE_PAIR || study->how == PAB__PLAY_RULE)
            continue;
        int32_t class = leg == 0 ? chosen / PAB__CLASSES : chosen % PAB__CLASSES;
        pab__qtable_row(q, leg, q->verdict[leg].mode, pab__leg_state(&q->bins, f, leg), f->rule[leg], legal, value);
        action[leg] = pab__best(value, PAB_ENV_LEG_ACTIONS, pab__of_class(legal, class));
    }
}

/* Whether the agent has nothing to decide any more: what follows belongs to its last move. */
static int is_over(const pab__study *study, const pab__features *f)
{
    if (study->table == PAB_TABLE_PAIR)
        return f->leg[0].over && f->leg[1].over;
    return f->leg[study->table].over;
}

/* --- Episodes --- */

typedef struct episode {
    const pab__study *study;
    pab__player *player;
    pab__draw *draw;
    pab__move *moves; /* NULL: not wanted */
    pab__played *out;
    double *rewards;  /* by step; NULL: not wanted */
    const double *less; /* by step, taken off; NULL: nothing */
} episode;

static pab_status step(episode *e, pab__expert_state *state, pab_step_result *r)
{
    pab_env *env = e->player->env;
    pab__scene scene;
    pab__features f;
    int32_t action[PAB_ENV_LEGS];
    double explore;
    pab_status status = pab__scene_take(env, &scene);
    if (status != PAB_OK)
        return status;
    pab__features_make(e->study->q->expert, state, &scene, &f);
    pab__move move = choices_of(e->study, &f, scene.legal);
    int32_t k = scene.status.step;
    move.action = choose(e->study, &move, e->draw, &explore);
    carry_out(e->study, &f, scene.legal, move.action, action);
    status = pab_env_step(env, action, NULL, 0, r);
    if (status != PAB_OK)
        return status;
    double reward = reward_of(e->study, env, &scene.status, r);
    e->out->reward += reward;
    if (e->rewards != NULL)
        e->rewards[k] = reward;
    if (e->moves == NULL)
        return PAB_OK;
    if (e->out->moves == 0 || !is_over(e->study, &f)) {
        e->moves[e->out->moves++] = move;
        e->out->decisions++;
        e->out->agreed += move.action == move.rule;
        e->out->explore += explore;
    }
    e->moves[e->out->moves - 1].reward += reward - (e->less != NULL ? e->less[k] : 0);
    return PAB_OK;
}

static pab_status play(episode *e, uint64_t seed)
{
    pab_reset_options options;
    pab_step_result r = {.struct_size = sizeof r};
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    pab__expert_state state = {{0, 0}};
    pab_env *env = e->player->env;
    *e->out = (pab__played){0};
    pab_status status = pab_reset_options_init(&options, sizeof options);
    pab__expert_weights(e->study->q->expert, &options.weights);
    if (status == PAB_OK)
        status = pab_env_reset(env, seed, &options, NULL, 0);
    while (status == PAB_OK && (r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0)
        status = step(e, &state, &r);
    if (status == PAB_OK)
        status = pab_env_metrics(env, &metrics);
    e->out->shortfall = metrics.shortfall;
    e->out->tracking = metrics.tracking_error;
    /* What the rule was paid after this episode was over. */
    for (uint32_t k = (uint32_t)r.step; status == PAB_OK && e->less != NULL && k < e->study->steps; k++)
        e->moves[e->out->moves - 1].reward -= e->less[k];
    return status;
}

/* The rule's rewards on a job's seed. */
static pab_status play_rule(const pab__study *study, pab__player *player, uint64_t seed, double *total)
{
    pab__study rule = *study;
    pab__played played;
    episode e = {.study = &rule, .player = player, .out = &played, .rewards = player->before};
    rule.how = PAB__PLAY_RULE;
    for (uint32_t k = 0; k < study->steps; k++)
        player->before[k] = 0;
    pab_status status = play(&e, seed);
    *total = played.reward;
    return status;
}

pab_status pab__play_job(const pab__study *study, pab__player *player, uint32_t job, pab__move *moves,
                         pab__played *played)
{
    uint64_t seed = study->seed(study, job);
    double rule = 0;
    pab_status status = PAB_OK;
    if (study->baseline)
        status = play_rule(study, player, seed, &rule);
    for (uint32_t i = 0; status == PAB_OK && i < study->repeats; i++) {
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__move *own = moves + (size_t)i * study->steps;
        episode e = {.study = study, .player = player, .draw = &draw, .moves = own, .out = &played[i],
                     .less = study->baseline ? player->before : NULL};
        pab__rng_seed(&rng, pab__rng_key(study->key, (uint64_t)job * study->repeats + i, 1));
        status = play(&e, seed);
        played[i].rule = rule;
    }
    return status;
}
