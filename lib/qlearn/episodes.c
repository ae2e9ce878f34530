/* Whole episodes of a learner: what it observes, does and is rewarded with, step by step. */
#include "qlearn/episodes.h"

#include "qlearn/learner.h"

#include "base/hash.h"
#include "eval/rollout.h"

#include <math.h>

typedef struct episode {
    const pab__learning_task *task;
    pab__draw *draw;
    pab__transition *moves; /* NULL: not wanted */
    pab__learning_result *out;
    double *rewards;    /* by step; NULL: not wanted */
    const double *less; /* by step, taken off; NULL: nothing */
    pab__expert_state state;
    pab__learner_decision now;
    int32_t steps; /* done */
} episode;

static pab_status decide(void *user, const pab_env *env, pab_decision *out)
{
    episode *e = user;
    pab_status status = pab__learner_decide(e->task, env, &e->state, e->draw, &e->now);
    if (status == PAB_OK)
        pab__learner_actions(e->task, &e->now, e->now.move.action, out->action);
    return status;
}

static pab_status record(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *r)
{
    episode *e = user;
    const pab__learner_decision *now = &e->now;
    const int32_t k = now->context.status.step;
    const double reward = pab__learner_reward(e->task, env, now, r);
    (void)decision;
    e->steps = r->step;
    e->out->reward += reward;
    if (e->rewards)
        e->rewards[k] = reward;
    if (!e->moves)
        return PAB_OK;
    if (e->out->moves == 0 || !pab__learner_is_done(e->task, &now->f)) { /* later rewards belong to the last decision */
        e->moves[e->out->moves++] = now->move;
        e->out->decisions++;
        e->out->agreed += now->move.action == now->move.rule;
        e->out->explore += now->explore;
    }
    e->moves[e->out->moves - 1].reward += reward - (e->less ? e->less[k] : 0);
    return PAB_OK;
}

static pab_status play(episode *e, pab_env *env, uint64_t seed)
{
    const pab__rollout r = {.env = env, .decide = decide, .after = record, .user = e};
    pab_episode_metrics metrics;
    *e->out = (pab__learning_result){0};
    pab_status status = pab__learner_reset(e->task, env, seed);
    if (status == PAB_OK)
        status = pab__rollout_resume(&r, &metrics);
    if (status != PAB_OK)
        return status;
    e->out->shortfall = metrics.shortfall;
    e->out->tracking = metrics.tracking_error;
    /* The rule's rewards after this episode ended. */
    for (uint32_t k = (uint32_t)e->steps; e->less && k < e->task->steps; k++)
        e->moves[e->out->moves - 1].reward -= e->less[k];
    return PAB_OK;
}

/* The rule's rewards on a job's seed. */
static pab_status play_rule(const pab__learning_task *task, const pab__worker *worker, uint64_t seed, double *total)
{
    double *rewards = worker->scratch;
    pab__learning_task rule = *task;
    pab__learning_result result;
    episode e = {.task = &rule, .out = &result, .rewards = rewards};
    rule.how = PAB__LEARNING_RULE;
    for (uint32_t k = 0; k < task->steps; k++)
        rewards[k] = 0;
    pab_status status = play(&e, worker->env, seed);
    *total = result.reward;
    return status;
}

pab_status pab__episodes_play(const pab__learning_task *task, const pab__worker *worker, uint32_t job,
                              pab__transition *moves, pab__learning_result *result)
{
    uint64_t seed = task->seed(task, job);
    double rule = 0;
    pab_status status = PAB_OK;
    if (task->how == PAB__LEARNING_FORK)
        return pab__episodes_fork(task, worker, job, moves, result);
    if (task->baseline)
        status = play_rule(task, worker, seed, &rule);
    for (uint32_t i = 0; status == PAB_OK && i < task->repeats; i++) {
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__transition *own = moves + (size_t)i * pab__learning_task_moves(task);
        episode e = {.task = task, .draw = &draw, .moves = own, .out = &result[i],
                     .less = task->baseline ? worker->scratch : NULL};
        pab__rng_seed(&rng, pab__rng_key(task->key, (uint64_t)job * task->repeats + i, 1));
        status = play(&e, worker->env, seed);
        result[i].rule = rule;
    }
    return status;
}
