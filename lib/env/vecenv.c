/* Making vector environments and binding buffers to them. */
#include "env/vecenv.h"

#include <stdio.h>
#include <string.h>

#include "env/env.h"
#include "scenario/scenario.h"

enum { COUNT_MAX = 1 << 20 };

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
    pab_reset_options episode;
    return pab__env_options_take(&o->episode, &episode);
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

/* Reads the size off row 0: all the others must agree. Kept, because row 0 is written while others are looked for. */
static pab_status check_records(void *rows, uint32_t count, uint32_t least, const char *what, uint32_t *row_size)
{
    uint32_t size, own;
    char first[64];
    *row_size = 0;
    if (!rows)
        return PAB_OK;
    memcpy(&size, rows, sizeof size);
    *row_size = size;
    snprintf(first, sizeof first, "%s[0]", what);
    pab_status status = pab__record_check(rows, least, first);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 1; i < count; i++) {
        memcpy(&own, pab__vecenv_row(rows, size, i), sizeof own);
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
