/* Whole episodes of a learner: what it observes, does and is rewarded with, step by step. */
#include "qlearn/learner.h"

#include "base/hash.h"

#include <math.h>

typedef struct episode {
    const pab__learning_task *task;
    pab__qlearn_worker *worker;
    pab__draw *draw;
    pab__transition *moves; /* NULL: not wanted */
    pab__learning_result *out;
    double *rewards;  /* by step; NULL: not wanted */
    const double *less; /* by step, taken off; NULL: nothing */
} episode;

static pab_status step(episode *e, pab__expert_state *state, pab_step_result *r)
{
    pab_env *env = e->worker->env;
    pab__learner_decision now;
    double reward;
    pab_status status = pab__learner_decide(e->task, env, state, e->draw, &now);
    if (status == PAB_OK)
        status = pab__learner_step(e->task, env, &now, now.move.action, r, &reward);
    if (status != PAB_OK)
        return status;
    int32_t k = now.context.status.step;
    e->out->reward += reward;
    if (e->rewards)
        e->rewards[k] = reward;
    if (!e->moves)
        return PAB_OK;
    if (e->out->moves == 0 || !pab__learner_is_done(e->task, &now.f)) { /* later rewards belong to the last decision */
        e->moves[e->out->moves++] = now.move;
        e->out->decisions++;
        e->out->agreed += now.move.action == now.move.rule;
        e->out->explore += now.explore;
    }
    e->moves[e->out->moves - 1].reward += reward - (e->less ? e->less[k] : 0);
    return PAB_OK;
}

static pab_status play(episode *e, uint64_t seed)
{
    pab_step_result r = {.struct_size = sizeof r};
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    pab__expert_state state = {{0, 0}};
    pab_env *env = e->worker->env;
    *e->out = (pab__learning_result){0};
    pab_status status = pab__learner_reset(e->task, env, seed);
    while (status == PAB_OK && (r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0)
        status = step(e, &state, &r);
    if (status == PAB_OK)
        status = pab_env_metrics(env, &metrics);
    e->out->shortfall = metrics.shortfall;
    e->out->tracking = metrics.tracking_error;
    /* The rule's rewards after this episode ended. */
    for (uint32_t k = (uint32_t)r.step; status == PAB_OK && e->less && k < e->task->steps; k++)
        e->moves[e->out->moves - 1].reward -= e->less[k];
    return status;
}

/* The rule's rewards on a job's seed. */
static pab_status play_rule(const pab__learning_task *task, pab__qlearn_worker *worker, uint64_t seed, double *total)
{
    pab__learning_task rule = *task;
    pab__learning_result result;
    episode e = {.task = &rule, .worker = worker, .out = &result, .rewards = worker->before};
    rule.how = PAB__LEARNING_RULE;
    for (uint32_t k = 0; k < task->steps; k++)
        worker->before[k] = 0;
    pab_status status = play(&e, seed);
    *total = result.reward;
    return status;
}

pab_status pab__episodes_play(const pab__learning_task *task, pab__qlearn_worker *worker, uint32_t job,
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
        episode e = {.task = task, .worker = worker, .draw = &draw, .moves = own, .out = &result[i],
                     .less = task->baseline ? worker->before : NULL};
        pab__rng_seed(&rng, pab__rng_key(task->key, (uint64_t)job * task->repeats + i, 1));
        status = play(&e, seed);
        result[i].rule = rule;
    }
    return status;
}
