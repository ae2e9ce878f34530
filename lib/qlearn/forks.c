/* Forked episodes. The tables act in the trunk. Where the rule advises an action for the first time, a copy of the
 * market takes another action there and wherever the rule advises the same again; else the tables act in it too. */
#include "qlearn/learner.h"

#include "base/hash.h"
#include "eval/rollout.h"

/* --- A fork --- */

typedef struct branch {
    const pab__learning_task *task;
    pab__expert_state state;
    pab__learner_decision now;
    int32_t decided; /* 1: `now` is this decision, copied from the trunk */
    pab__transition *move;
} branch;

static pab_status branch_decide(void *user, const pab_env *env, pab_decision *out)
{
    branch *b = user;
    const pab__transition *now = &b->now.move;
    pab_status status = b->decided ? PAB_OK : pab__learner_decide(b->task, env, &b->state, NULL, &b->now);
    b->decided = 0;
    if (status != PAB_OK)
        return status;
    int keeps = now->rule == b->move->rule && (now->legal >> b->move->action & 1) != 0;
    pab__learner_actions(b->task, &b->now, keeps ? b->move->action : now->action, out->action);
    return PAB_OK;
}

static pab_status branch_reward(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *r)
{
    branch *b = user;
    (void)decision;
    b->move->reward += pab__learner_reward(b->task, env, &b->now, r);
    return PAB_OK;
}

/* The return of doing move->action from here on, wherever the rule says the same and it is legal. */
static pab_status branch_play(branch *b, pab_env *fork, const pab_env *trunk)
{
    const pab__rollout r = {.env = fork, .decide = branch_decide, .after = branch_reward, .user = b};
    pab_status status = pab_env_copy(fork, trunk);
    b->move->reward = 0;
    return status == PAB_OK ? pab__rollout_resume(&r, NULL) : status;
}

/* --- Its trunk --- */

/* Chooses what a fork does here; 0: there is nothing to try. */
static int wants(const pab__learning_task *task, const pab__learner_decision *at, pab__draw *draw, pab__transition *out)
{
    *out = at->move;
    out->instead = at->move.action;
    out->action = -1;
    if (!pab__learner_is_done(task, &at->f))
        out->action = pab__table_try(&task->q->table[task->table], out->state, out->legal, out->rule, out->instead,
                                     draw);
    return out->action >= 0;
}

typedef struct trunk {
    const pab__learning_task *task;
    pab_env *fork;
    pab__draw *draw;
    pab__transition *moves; /* one per fork */
    uint32_t *step;         /* by fork: where it left the trunk */
    double *rewards;        /* by step */
    double total;
    pab__expert_state state;
    pab__learner_decision now;
    uint32_t k, made; /* steps and forks so far */
    uint32_t met;     /* bit r: the rule has advised r */
} trunk;

static pab_status trunk_decide(void *user, const pab_env *env, pab_decision *out)
{
    trunk *t = user;
    const pab__transition *now = &t->now.move;
    pab_status status = pab__learner_decide(t->task, env, &t->state, NULL, &t->now);
    if (status == PAB_OK && t->made < t->task->repeats && (t->met >> now->rule & 1) == 0 &&
        wants(t->task, &t->now, t->draw, &t->moves[t->made])) {
        branch b = {.task = t->task, .state = t->state, .now = t->now, .decided = 1, .move = &t->moves[t->made]};
        status = branch_play(&b, t->fork, env);
        t->step[t->made++] = t->k;
        t->met |= UINT32_C(1) << now->rule;
    }
    if (status == PAB_OK)
        pab__learner_actions(t->task, &t->now, now->action, out->action);
    return status;
}

static pab_status trunk_reward(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *r)
{
    trunk *t = user;
    (void)decision;
    t->rewards[t->k] = pab__learner_reward(t->task, env, &t->now, r);
    t->total += t->rewards[t->k++];
    return PAB_OK;
}

pab_status pab__episodes_fork(const pab__learning_task *task, const pab__worker *worker, uint32_t job,
                              pab__transition *moves, pab__learning_result *result)
{
    pab_episode_metrics metrics;
    uint32_t step[PAB__EPISODE_FORKS_MAX];
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    trunk t = {.task = task, .fork = worker->fork, .draw = &draw, .moves = moves, .step = step,
               .rewards = worker->scratch};
    const pab__rollout r = {.env = worker->env, .decide = trunk_decide, .after = trunk_reward, .user = &t};
    pab__rng_seed(&rng, pab__rng_key(task->key, job, 1));
    for (uint32_t k = 0; k < task->steps; k++)
        t.rewards[k] = 0;
    pab_status status = pab__learner_reset(task, worker->env, task->seed(task, job));
    if (status == PAB_OK)
        status = pab__rollout_resume(&r, &metrics);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = t.made; i < task->repeats; i++)
        moves[i] = (pab__transition){.action = -1};
    for (uint32_t i = 0; i < task->repeats; i++) {
        result[i] = (pab__learning_result){.moves = moves[i].action >= 0, .reward = t.total,
                                           .shortfall = metrics.shortfall, .tracking = metrics.tracking_error};
        for (uint32_t k = step[i]; result[i].moves > 0 && k < task->steps; k++)
            moves[i].reward -= t.rewards[k];
    }
    return PAB_OK;
}
