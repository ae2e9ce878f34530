/* Forked episodes. The tables act in the trunk. Where the rule advises an action for the first time, a copy of the
 * market takes another action there and wherever the rule advises the same again; else the tables act in it too. */
#include "qlearn/learner.h"

#include "base/hash.h"

static int is_last(const pab_step_result *r)
{
    return (r->flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) != 0;
}

/* The return of doing move->action from here on, wherever the rule says the same and it is legal. */
static pab_status branch(const pab__learning_task *task, pab__qlearn_worker *worker, const pab__learner_decision *at,
                         pab__expert_state state, pab__transition *move)
{
    pab_step_result r = {.struct_size = sizeof r};
    pab__learner_decision now = *at;
    pab_status status = pab_env_copy(worker->fork, worker->env);
    move->reward = 0;
    while (status == PAB_OK && !is_last(&r)) {
        double reward = 0;
        int keeps = now.move.rule == move->rule && (now.move.legal >> move->action & 1) != 0;
        status = pab__learner_step(task, worker->fork, &now, keeps ? move->action : now.move.action, &r, &reward);
        move->reward += reward;
        if (status == PAB_OK && !is_last(&r))
            status = pab__learner_decide(task, worker->fork, &state, NULL, &now);
    }
    return status;
}

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

/* The trunk, with its forks; step[i] receives where fork i left it, rewards by step are the trunk's. */
static pab_status grow(const pab__learning_task *task, pab__qlearn_worker *worker, pab__draw *draw,
                       pab__transition *moves, uint32_t *step, double *total)
{
    pab_step_result r = {.struct_size = sizeof r};
    pab__expert_state state = {{0, 0}};
    uint32_t made = 0, met = 0; /* forks; bit r: the rule has advised r */
    pab_status status = PAB_OK;
    for (uint32_t k = 0; status == PAB_OK && !is_last(&r); k++) {
        pab__learner_decision now;
        status = pab__learner_decide(task, worker->env, &state, NULL, &now);
        if (status == PAB_OK && made < task->repeats && (met >> now.move.rule & 1) == 0 &&
            wants(task, &now, draw, &moves[made])) {
            status = branch(task, worker, &now, state, &moves[made]);
            step[made++] = k;
            met |= UINT32_C(1) << now.move.rule;
        }
        if (status == PAB_OK)
            status = pab__learner_step(task, worker->env, &now, now.move.action, &r, &worker->before[k]);
        *total += status == PAB_OK ? worker->before[k] : 0;
    }
    for (uint32_t i = made; i < task->repeats; i++)
        moves[i] = (pab__transition){.action = -1};
    return status;
}

pab_status pab__episodes_fork(const pab__learning_task *task, pab__qlearn_worker *worker, uint32_t job,
                              pab__transition *moves, pab__learning_result *result)
{
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    uint32_t step[PAB__EPISODE_FORKS_MAX];
    double total = 0;
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__rng_seed(&rng, pab__rng_key(task->key, job, 1));
    for (uint32_t k = 0; k < task->steps; k++)
        worker->before[k] = 0;
    pab_status status = pab__learner_reset(task, worker->env, task->seed(task, job));
    if (status == PAB_OK)
        status = grow(task, worker, &draw, moves, step, &total);
    if (status == PAB_OK)
        status = pab_env_metrics(worker->env, &metrics);
    for (uint32_t i = 0; i < task->repeats; i++) {
        result[i] = (pab__learning_result){.moves = moves[i].action >= 0, .reward = total,
                                           .shortfall = metrics.shortfall, .tracking = metrics.tracking_error};
        for (uint32_t k = step[i]; result[i].moves > 0 && k < task->steps; k++)
            moves[i].reward -= worker->before[k];
    }
    return status;
}
