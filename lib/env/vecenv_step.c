/* Resetting and stepping many environments at once. */
#include "env/vecenv.h"

#include <string.h>

enum { MASK = PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS };

/* A reset in progress. */
typedef struct resets {
    pab_vecenv *vec;
    const uint8_t *mask; /* which environments; NULL: all */
    const uint64_t *seeds;
} resets;

static float *observation_at(float *rows, uint32_t i)
{
    return rows ? rows + (size_t)i * PAB_ENV_OBSERVATIONS : NULL;
}

/* After the end of an episode the only legal action is HOLD. */
static pab_status write_mask(const pab_vecenv *vec, uint32_t i)
{
    const pab__vecenv_slot *s = &vec->slots[i];
    if (!vec->buffers.masks)
        return PAB_OK;
    uint8_t *mask = vec->buffers.masks + (size_t)i * MASK;
    if (s->state == PAB__VECENV_RUNNING)
        return pab_env_legal(s->env, mask);
    memset(mask, 0, MASK);
    mask[PAB_ACTION_HOLD] = mask[PAB_ENV_LEG_ACTIONS + PAB_ACTION_HOLD] = 1;
    return PAB_OK;
}

/* --- One environment --- */

static pab_status fail_slot(pab__vecenv_slot *s, pab_status status)
{
    s->state = PAB__VECENV_FAILED;
    s->status = status;
    pab_last_error(s->error, sizeof s->error);
    return status;
}

/* The seed of the episode that follows. */
static uint64_t next_seed(const pab_vecenv *vec, uint32_t i)
{
    const uint64_t *named = vec->buffers.next_seeds;
    if (named)
        return named[i];
    /* The last index of a regime has no successor: its neighbour would be another regime's first. */
    uint64_t next = vec->slots[i].seed + vec->options.count;
    return next >> 48 == vec->slots[i].seed >> 48 ? next : UINT64_MAX;
}

/* Starts an episode; the observation goes to the caller's buffer. */
static pab_status begin(pab_vecenv *vec, uint32_t i, uint64_t seed)
{
    pab__vecenv_slot *s = &vec->slots[i];
    float *obs = observation_at(vec->buffers.observations, i);
    s->status = pab_env_reset(s->env, seed, &vec->options.episode, obs, obs ? PAB_ENV_OBSERVATIONS : 0);
    if (s->status != PAB_OK)
        return fail_slot(s, s->status);
    s->seed = seed;
    s->state = PAB__VECENV_RUNNING;
    if (vec->buffers.seeds)
        vec->buffers.seeds[i] = seed;
    return PAB_OK;
}

static pab_status write_outcome(const pab_vecenv *vec, uint32_t i, const pab_step_result *result)
{
    const pab_vecenv_buffers *b = &vec->buffers;
    if (b->rewards)
        b->rewards[i] = result->reward;
    if (b->terminated)
        b->terminated[i] = (result->flags & PAB_STEP_TERMINATED) != 0;
    if (b->truncated)
        b->truncated[i] = (result->flags & PAB_STEP_TRUNCATED) != 0;
    if (!b->results)
        return PAB_OK;
    return pab__record_out(pab__vecenv_row(b->results, vec->result_size, i), result, sizeof *result,
                           PAB__UPTO(pab_step_result, spread), "buffers.results");
}

/* The step after an episode's end resets: it gives the next episode's first observation, and no reward. */
static void begin_next(pab_vecenv *vec, uint32_t i)
{
    pab__vecenv_slot *s = &vec->slots[i];
    static const pab_step_result nothing = {.struct_size = sizeof nothing};
    if (begin(vec, i, next_seed(vec, i)) != PAB_OK)
        return;
    pab_status status = write_outcome(vec, i, &nothing);
    if (status == PAB_OK)
        status = write_mask(vec, i);
    if (status != PAB_OK)
        fail_slot(s, status);
}

static pab_status end_episode(pab_vecenv *vec, uint32_t i)
{
    const pab_vecenv_buffers *b = &vec->buffers;
    pab__vecenv_slot *s = &vec->slots[i];
    s->state = PAB__VECENV_OVER;
    if (b->metrics) {
        pab_status status = pab_env_metrics(s->env, pab__vecenv_row(b->metrics, vec->metrics_size, i));
        if (status != PAB_OK)
            return status;
    }
    if (vec->options.autoreset != PAB_AUTORESET_SAME_STEP)
        return PAB_OK;
    float *last = observation_at(b->final_observations, i);
    if (last) {
        pab_status status = pab_env_observe(s->env, last, PAB_ENV_OBSERVATIONS);
        if (status != PAB_OK)
            return status;
    }
    return begin(vec, i, next_seed(vec, i));
}

static void step_one(pab_vecenv *vec, uint32_t i)
{
    pab__vecenv_slot *s = &vec->slots[i];
    float *obs = observation_at(vec->buffers.observations, i);
    pab_step_result result = {.struct_size = sizeof result};
    if (s->state == PAB__VECENV_OVER) {
        begin_next(vec, i);
        return;
    }
    pab_status status = pab_env_step(s->env, vec->buffers.actions + (size_t)i * PAB_ENV_LEGS, obs,
                                     obs ? PAB_ENV_OBSERVATIONS : 0, &result);
    if (status == PAB_OK)
        status = write_outcome(vec, i, &result);
    if (status == PAB_OK && (result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) != 0)
        status = end_episode(vec, i);
    if (status == PAB_OK)
        status = write_mask(vec, i);
    if (status != PAB_OK && s->state != PAB__VECENV_FAILED)
        fail_slot(s, status);
}

/* --- All of them --- */

static void step_share(void *user, uint32_t thread, uint32_t threads)
{
    pab_vecenv *vec = user;
    uint32_t first, end;
    pab__threads_share(vec->options.count, thread, threads, &first, &end);
    for (uint32_t i = first; i < end; i++)
        step_one(vec, i);
}

static void reset_share(void *user, uint32_t thread, uint32_t threads)
{
    const resets *r = user;
    uint32_t first, end;
    pab__threads_share(r->vec->options.count, thread, threads, &first, &end);
    for (uint32_t i = first; i < end; i++) {
        if (r->mask && r->mask[i] == 0)
            continue;
        pab__vecenv_slot *s = &r->vec->slots[i];
        if (begin(r->vec, i, r->seeds[i]) != PAB_OK)
            continue;
        pab_status status = write_mask(r->vec, i);
        if (status != PAB_OK)
            fail_slot(s, status);
    }
}

/* The first failure by number, with its environment's name. */
static pab_status outcome(const pab_vecenv *vec)
{
    for (uint32_t i = 0; i < vec->options.count; i++) {
        const pab__vecenv_slot *s = &vec->slots[i];
        if (s->state == PAB__VECENV_FAILED)
            return pab__fail(s->status, "environment %u: %s", i, s->error);
    }
    return PAB_OK;
}

static pab_status reset(pab_vecenv *vec, const uint8_t *mask, const uint64_t *seeds)
{
    if (!vec || !seeds)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !vec ? "vec" : "seeds");
    pab_status status = pab__threads_check(vec->threads, "vec");
    if (status != PAB_OK)
        return status;
    resets r = {.vec = vec, .mask = mask, .seeds = seeds};
    pab__threads_run(vec->threads, reset_share, &r);
    return outcome(vec);
}

pab_status pab_vecenv_reset(pab_vecenv *vec, const uint64_t *seeds)
{
    return reset(vec, NULL, seeds);
}

pab_status pab_vecenv_reset_some(pab_vecenv *vec, const uint8_t *mask, const uint64_t *seeds)
{
    if (!mask)
        return pab__fail(PAB_E_ARGUMENT, "mask is NULL; expected a byte per environment");
    return reset(vec, mask, seeds);
}

pab_status pab_vecenv_resume(pab_vecenv *vec, uint32_t index)
{
    pab_env_status now = {.struct_size = sizeof now};
    if (!vec)
        return pab__fail(PAB_E_ARGUMENT, "vec is NULL");
    if (index >= vec->options.count)
        return pab__fail(PAB_E_RANGE, "there is no environment %u; expected below %u", index, vec->options.count);
    pab__vecenv_slot *s = &vec->slots[index];
    float *obs = observation_at(vec->buffers.observations, index);
    pab_status status = pab_env_describe(s->env, &now);
    if (status == PAB_OK && obs)
        status = pab_env_observe(s->env, obs, PAB_ENV_OBSERVATIONS);
    if (status != PAB_OK)
        return status;
    s->seed = now.seed;
    s->state = now.done ? PAB__VECENV_OVER : PAB__VECENV_RUNNING;
    if (vec->buffers.seeds)
        vec->buffers.seeds[index] = now.seed;
    return write_mask(vec, index);
}

/* Checks everything before any environment changes. */
static pab_status check_step(const pab_vecenv *vec)
{
    if (!vec)
        return pab__fail(PAB_E_ARGUMENT, "vec is NULL");
    if (!vec->buffers.actions)
        return pab__fail(PAB_E_STATE, "no actions are bound; expected pab_vecenv_bind with buffers.actions first");
    for (uint32_t i = 0; i < vec->options.count; i++) {
        const pab__vecenv_slot *s = &vec->slots[i];
        const int32_t *action = vec->buffers.actions + (size_t)i * PAB_ENV_LEGS;
        if (s->state == PAB__VECENV_NEW)
            return pab__fail(PAB_E_STATE, "environment %u was never reset", i);
        if (s->state == PAB__VECENV_FAILED)
            return pab__fail(PAB_E_STATE, "environment %u failed and was not reset since: %s", i, s->error);
        if (s->state == PAB__VECENV_OVER && vec->options.autoreset == PAB_AUTORESET_DISABLED)
            return pab__fail(PAB_E_STATE, "environment %u: its episode is over; expected pab_vecenv_reset_some", i);
        for (int leg = 0; leg < PAB_ENV_LEGS && s->state == PAB__VECENV_RUNNING; leg++)
            if (action[leg] < 0 || action[leg] >= PAB_ENV_LEG_ACTIONS)
                return pab__fail(PAB_E_RANGE, "environment %u: the action of leg %c is %d; expected 0 to %d", i,
                                 "AB"[leg], action[leg], PAB_ENV_LEG_ACTIONS - 1);
    }
    return pab__threads_check(vec->threads, "vec");
}

pab_status pab_vecenv_step(pab_vecenv *vec)
{
    pab_status status = check_step(vec);
    if (status != PAB_OK)
        return status;
    pab__threads_run(vec->threads, step_share, vec);
    return outcome(vec);
}
