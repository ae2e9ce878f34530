/* Many environments behind one call. Each belongs to one thread for good and is run to its decision before the next of
 * the same thread, so its market stays warm in that thread's cache. */
#include <pairsabides/vecenv.h>

#include <stdio.h>
#include <string.h>

#include "base/host.h"
#include "base/threads.h"
#include "scenario/scenario.h"

enum { ERROR_TEXT = 600, MASK = PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS, COUNT_MAX = 1 << 20 };

/* Where an environment's episode is. */
enum { SLOT_NEW, SLOT_RUNNING, SLOT_OVER, SLOT_FAILED };

typedef struct slot {
    pab_env *env;
    uint64_t seed;
    int32_t state;
    pab_status status; /* of the last call; set where it failed */
    char error[ERROR_TEXT];
} slot;

struct pab_vecenv {
    pab_host host;
    pab_vecenv_options options;
    pab__threads *threads;
    pab_vecenv_buffers buffers;
    uint32_t result_size, metrics_size; /* of the rows there */
    slot *slots;
};

/* A reset in progress: which ones, and to what. */
typedef struct resets {
    pab_vecenv *vec;
    const uint8_t *mask; /* NULL: all */
    const uint64_t *seeds;
} resets;

/* --- Making --- */

pab_status pab_vecenv_options_init(pab_vecenv_options *options, uint32_t size)
{
    pab_vecenv_options defaults = {.struct_size = sizeof defaults, .count = 1, .autoreset = PAB_AUTORESET_NEXT_STEP};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    pab_status status = pab_reset_options_init(&defaults.episode, sizeof defaults.episode);
    if (status != PAB_OK)
        return status;
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, PAB__UPTO(pab_vecenv_options, episode), "options");
}

static pab_status check_options(const pab_vecenv_options *o)
{
    if (o->count == 0 || o->count > COUNT_MAX)
        return pab__fail(PAB_E_RANGE, "options.count is %u; expected 1 to %d", o->count, COUNT_MAX);
    if (o->autoreset < PAB_AUTORESET_NEXT_STEP || o->autoreset > PAB_AUTORESET_DISABLED)
        return pab__fail(PAB_E_RANGE, "options.autoreset is %d; expected PAB_AUTORESET_NEXT_STEP, _SAME_STEP or "
                         "_DISABLED", o->autoreset);
    return PAB_OK;
}

static pab_status fill_in(pab_vecenv *vec, pab_scenario *scn)
{
    const uint32_t count = vec->options.count;
    const uint32_t wanted = vec->options.threads;
    pab_status status = pab__threads_new(&vec->host, wanted < count ? wanted : count, "options.threads", &vec->threads);
    if (status != PAB_OK)
        return status;
    vec->slots = pab__alloc(&vec->host, count * sizeof *vec->slots);
    if (!vec->slots)
        return pab__fail(PAB_E_MEMORY, "no memory for %u environments", count);
    for (uint32_t i = 0; status == PAB_OK && i < count; i++)
        status = pab_env_new(scn, &vec->slots[i].env);
    return status;
}

pab_status pab_vecenv_new(pab_scenario *scn, const pab_vecenv_options *options, pab_vecenv **out)
{
    pab_vecenv_options full;
    pab_host host;
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !scn ? "scn" : "out");
    pab_status status = pab_vecenv_options_init(&full, sizeof full);
    if (status == PAB_OK && options)
        status = pab__record_in(&full, sizeof full, options, PAB__UPTO(pab_vecenv_options, episode), "options");
    if (status == PAB_OK)
        status = check_options(&full);
    if (status == PAB_OK)
        status = pab__host_take(&scn->host, &host);
    if (status != PAB_OK)
        return status;
    pab_vecenv *vec = pab__alloc(&host, sizeof *vec);
    if (!vec)
        return pab__fail(PAB_E_MEMORY, "no memory for a vector environment");
    vec->host = host;
    vec->options = full;
    vec->buffers.struct_size = sizeof vec->buffers;
    status = fill_in(vec, scn);
    if (status != PAB_OK) {
        pab_vecenv_free(vec);
        return status;
    }
    *out = vec;
    return PAB_OK;
}

void pab_vecenv_free(pab_vecenv *vec)
{
    if (!vec)
        return;
    pab_host host = vec->host;
    pab__threads_free(vec->threads);
    for (uint32_t i = 0; vec->slots && i < vec->options.count; i++)
        pab_env_free(vec->slots[i].env);
    pab__release(&host, vec->slots, vec->options.count * sizeof *vec->slots);
    pab__release(&host, vec, sizeof *vec);
}

pab_env *pab_vecenv_env(pab_vecenv *vec, uint32_t index)
{
    return vec && index < vec->options.count ? vec->slots[index].env : NULL;
}

/* --- Buffers --- */

/* Row i of records as large as the caller knows them. */
static void *record_at(void *rows, uint32_t size, uint32_t i)
{
    return (unsigned char *)rows + (size_t)i * size;
}

/* Reads the size off row 0: all the others must agree. Kept, because row 0 is written while others are looked for. */
static pab_status check_records(void *rows, uint32_t count, uint32_t least, const char *what, uint32_t *row_size)
{
    uint32_t size, own;
    *row_size = 0;
    if (!rows)
        return PAB_OK;
    memcpy(&size, rows, sizeof size);
    *row_size = size;
    if (size < least)
        return pab__fail(PAB_E_ARGUMENT, "%s[0]: struct_size is %u; expected at least %u", what, size, least);
    for (uint32_t i = 1; i < count; i++) {
        memcpy(&own, record_at(rows, size, i), sizeof own);
        if (own != size)
            return pab__fail(PAB_E_ARGUMENT, "%s[%u]: struct_size is %u; expected %u as in %s[0]", what, i, own, size,
                             what);
    }
    return PAB_OK;
}

pab_status pab_vecenv_bind(pab_vecenv *vec, const pab_vecenv_buffers *buffers)
{
    pab_vecenv_buffers full;
    uint32_t result_size = 0, metrics_size = 0;
    if (!vec)
        return pab__fail(PAB_E_ARGUMENT, "vec is NULL");
    pab_status status = pab__record_in(&full, sizeof full, buffers, PAB__UPTO(pab_vecenv_buffers, seeds), "buffers");
    if (status == PAB_OK)
        status = check_records(full.results, vec->options.count, PAB__UPTO(pab_step_result, spread),
                               "buffers.results", &result_size);
    if (status == PAB_OK)
        status = check_records(full.metrics, vec->options.count, PAB__UPTO(pab_episode_metrics, fills),
                               "buffers.metrics", &metrics_size);
    if (status != PAB_OK)
        return status;
    vec->buffers = full;
    vec->result_size = result_size;
    vec->metrics_size = metrics_size;
    return PAB_OK;
}

static float *observation_at(float *rows, uint32_t i)
{
    return rows ? rows + (size_t)i * PAB_ENV_OBSERVATIONS : NULL;
}

/* After an episode's end nothing but holding makes sense. */
static pab_status write_mask(const pab_vecenv *vec, uint32_t i)
{
    const slot *s = &vec->slots[i];
    if (!vec->buffers.masks)
        return PAB_OK;
    uint8_t *mask = vec->buffers.masks + (size_t)i * MASK;
    if (s->state == SLOT_RUNNING)
        return pab_env_legal(s->env, mask);
    memset(mask, 0, MASK);
    mask[PAB_ACTION_HOLD] = mask[PAB_ENV_LEG_ACTIONS + PAB_ACTION_HOLD] = 1;
    return PAB_OK;
}

/* --- One environment --- */

static pab_status fail_slot(slot *s, pab_status status)
{
    s->state = SLOT_FAILED;
    s->status = status;
    pab_last_error(s->error, sizeof s->error);
    return status;
}

/* Starts an episode; the observation goes to the caller's buffer. */
static pab_status begin(pab_vecenv *vec, uint32_t i, uint64_t seed)
{
    slot *s = &vec->slots[i];
    float *obs = observation_at(vec->buffers.observations, i);
    s->status = pab_env_reset(s->env, seed, &vec->options.episode, obs, obs ? PAB_ENV_OBSERVATIONS : 0);
    if (s->status != PAB_OK)
        return fail_slot(s, s->status);
    s->seed = seed;
    s->state = SLOT_RUNNING;
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
    return pab__record_out(record_at(b->results, vec->result_size, i), result, sizeof *result,
                           PAB__UPTO(pab_step_result, spread), "buffers.results");
}

/* The step that only brings the next episode's first observation. */
static void begin_next(pab_vecenv *vec, uint32_t i)
{
    slot *s = &vec->slots[i];
    static const pab_step_result nothing = {.struct_size = sizeof nothing};
    if (begin(vec, i, s->seed + vec->options.count) != PAB_OK)
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
    slot *s = &vec->slots[i];
    s->state = SLOT_OVER;
    if (b->metrics) {
        pab_status status = pab_env_metrics(s->env, record_at(b->metrics, vec->metrics_size, i));
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
    return begin(vec, i, s->seed + vec->options.count);
}

static void step_one(pab_vecenv *vec, uint32_t i)
{
    slot *s = &vec->slots[i];
    float *obs = observation_at(vec->buffers.observations, i);
    pab_step_result result = {.struct_size = sizeof result};
    if (s->state == SLOT_OVER) {
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
    if (status != PAB_OK && s->state != SLOT_FAILED)
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
        slot *s = &r->vec->slots[i];
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
        const slot *s = &vec->slots[i];
        if (s->state == SLOT_FAILED)
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
    slot *s = &vec->slots[index];
    float *obs = observation_at(vec->buffers.observations, index);
    pab_status status = pab_env_describe(s->env, &now);
    if (status == PAB_OK && obs)
        status = pab_env_observe(s->env, obs, PAB_ENV_OBSERVATIONS);
    if (status != PAB_OK)
        return status;
    s->seed = now.seed;
    s->state = now.done ? SLOT_OVER : SLOT_RUNNING;
    if (vec->buffers.seeds)
        vec->buffers.seeds[index] = now.seed;
    return write_mask(vec, index);
}

/* Everything that can be known before anything moves. */
static pab_status check_step(const pab_vecenv *vec)
{
    if (!vec)
        return pab__fail(PAB_E_ARGUMENT, "vec is NULL");
    if (!vec->buffers.actions)
        return pab__fail(PAB_E_STATE, "no actions are bound; expected pab_vecenv_bind with buffers.actions first");
    for (uint32_t i = 0; i < vec->options.count; i++) {
        const slot *s = &vec->slots[i];
        const int32_t *action = vec->buffers.actions + (size_t)i * PAB_ENV_LEGS;
        if (s->state == SLOT_NEW)
            return pab__fail(PAB_E_STATE, "environment %u was never reset", i);
        if (s->state == SLOT_FAILED)
            return pab__fail(PAB_E_STATE, "environment %u failed and was not reset since: %s", i, s->error);
        if (s->state == SLOT_OVER && vec->options.autoreset == PAB_AUTORESET_DISABLED)
            return pab__fail(PAB_E_STATE, "environment %u: its episode is over; expected pab_vecenv_reset_some", i);
        for (int leg = 0; leg < PAB_ENV_LEGS && s->state == SLOT_RUNNING; leg++)
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
