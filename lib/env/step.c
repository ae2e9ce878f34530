/* One step: act at t_k, run the market to t_{k+1}, fill in the result. */
#include "env/env.h"
#include "env/signals.h"

#include <string.h>

/* Least size: the first version of the record. */
#define LEAST_RESULT PAB__UPTO(pab_step_result, spread)

static void act(pab_agent *self, void *own, void *arg)
{
    const pab_decision *d = arg;
    for (int i = 0; i < PAB_ENV_LEGS; i++)
        pab__leg_act(self, own, i, d->action[i], d->quantity[i]);
}

static pab_status check_decision(const pab_decision *d)
{
    for (int i = 0; i < PAB_ENV_LEGS; i++) {
        if (d->action[i] < 0 || d->action[i] >= PAB_ENV_LEG_ACTIONS)
            return pab__fail(PAB_E_RANGE, "action of leg %c is %d: 0 to %d was expected", 'A' + i, d->action[i],
                             PAB_ENV_LEG_ACTIONS - 1);
        if (d->quantity[i] < 0)
            return pab__fail(PAB_E_RANGE, "quantity of leg %c is %lld: 0 or more shares were expected", 'A' + i,
                             (long long)d->quantity[i]);
    }
    return PAB_OK;
}

static pab_status run_step(pab_market *m, const pab_decision *decision)
{
    pab__executor *x = pab__executor_of(m);
    int32_t why = PAB_RUN_TIME;
    pab_decision d = *decision;
    x->outcome = (pab__step_outcome){0};
    pab__account_ratio(x, m->scn);
    pab__account_begin(x, m->core.now);
    pab__trader_act(m, pab__pair_of(m->scn)->executor, act, &d);
    if (m->failed != PAB_OK) {
        m->core.ready = 0;
        return pab__market_failure(m);
    }
    pab_status status = pab_market_run(m, INT64_MAX, &why);
    x = pab__executor_of(m);
    if (status == PAB_OK && why == PAB_RUN_ENDED)
        pab__executor_finish(x, m->scn, 1, m->core.now);
    return status;
}

static double reward_of(const pab__executor *x)
{
    const pab__step_outcome *o = &x->outcome;
    const pab__reward_weights *w = &x->weights;
    double cost = w->shortfall * (o->shortfall[0] + o->shortfall[1]) + w->hedge * o->hedge + w->risk * o->risk;
    return -(cost + w->extra * (o->extra[0] + o->extra[1]) + w->terminal * o->terminal);
}

static uint32_t flags_of(const pab__executor *x)
{
    uint32_t flags = 0;
    if (x->phase == PAB__PHASE_DONE)
        flags |= x->truncated ? PAB_STEP_TRUNCATED : PAB_STEP_TERMINATED;
    if (x->round > 0)
        flags |= PAB_STEP_FORCED;
    return flags;
}

static void fill_result(const pab__executor *x, pab_step_result *r)
{
    const pab__step_outcome *o = &x->outcome;
    *r = (pab_step_result){
        .struct_size = sizeof *r,
        .flags = flags_of(x),
        .reward = reward_of(x),
        .cost = {{o->shortfall[0], o->shortfall[1]}, o->hedge, o->risk, o->extra[0] + o->extra[1], o->terminal},
        .step = x->step,
        .shielded = (int32_t)x->shielded,
        .hedge_error = pab__executor_hedge_error(x),
        .hedge_fraction = pab__executor_hedge_fraction(x),
        .hedge_max = o->hedge_max,
        .hedge_square = o->hedge_square,
    };
    for (int i = 0; i < PAB_ENV_LEGS; i++) {
        r->filled[i] = x->leg[i].filled;
        r->live[i] = pab__leg_working(&x->leg[i]);
        r->mid[i] = pab__tracker_mid(&x->leg[i].tracker);
        r->spread[i] = pab__tracker_spread(&x->leg[i].tracker);
        r->fees[i] = x->outcome.fees[i];
    }
}

pab_status pab_step_result_init(pab_step_result *result, uint32_t size)
{
    if (!result || size < LEAST_RESULT || size > 4096)
        return pab__fail(PAB_E_ARGUMENT, "a step result of %u bytes: %u to 4096 were expected", size, LEAST_RESULT);
    memset(result, 0, size);
    result->struct_size = size;
    return PAB_OK;
}

/* Checks the whole call before anything changes. */
static pab_status check_call(const pab_env *env, const pab_decision *d, const float *obs, uint32_t n_obs,
                             const pab_step_result *result)
{
    const pab__executor *x = pab__env_state(env);
    if (!x)
        return env ? PAB_E_STATE : PAB_E_ARGUMENT;
    pab_status status = pab__env_check_obs(obs, n_obs);
    if (status != PAB_OK)
        return status;
    if (result && (result->struct_size < LEAST_RESULT || result->struct_size > 4096))
        return pab__fail(PAB_E_ARGUMENT, "the step result has struct_size %u: %u to 4096 was expected",
                         result->struct_size, LEAST_RESULT);
    if (x->phase != PAB__PHASE_RUN)
        return pab__fail(PAB_E_STATE, "the episode is over: reset the environment");
    return check_decision(d);
}

pab_status pab_env_step_exact(pab_env *env, const pab_decision *decision, float *obs, uint32_t n_obs,
                              pab_step_result *result)
{
    if (!decision)
        return pab__fail(PAB_E_ARGUMENT, "decision is NULL");
    pab_status status = check_call(env, decision, obs, n_obs, result);
    if (status != PAB_OK)
        return status;
    pab_market *m = env->slots[env->regime].run;
    status = run_step(m, decision);
    if (status != PAB_OK)
        return status;
    const pab__executor *x = pab__executor_of(m);
    if (obs)
        pab__observation_make(x, m->scn, obs);
    if (!result)
        return PAB_OK;
    pab_step_result full;
    fill_result(x, &full);
    return pab__record_out(result, &full, sizeof full, LEAST_RESULT, "the step result");
}

pab_status pab_env_step(pab_env *env, const int32_t action[PAB_ENV_LEGS], float *obs, uint32_t n_obs,
                        pab_step_result *result)
{
    if (!action)
        return pab__fail(PAB_E_ARGUMENT, "action is NULL: %d were expected", PAB_ENV_LEGS);
    pab_decision d = {{action[0], action[1]}, {0, 0}};
    return pab_env_step_exact(env, &d, obs, n_obs, result);
}
