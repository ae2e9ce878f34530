/* Making and freeing workers. */
#include "eval/workers.h"

static pab_status equip(const pab__workers *w, pab_scenario *scn, pab__worker *own)
{
    pab_status status = pab_env_new(scn, &own->env);
    if (status == PAB_OK && w->plan.forks)
        status = pab_env_new(scn, &own->fork);
    if (status != PAB_OK || w->plan.scratch == 0)
        return status;
    own->scratch = pab__alloc(&w->host, w->plan.scratch);
    if (!own->scratch)
        return pab__fail(PAB_E_MEMORY, "no memory for a worker's %zu bytes", w->plan.scratch);
    return PAB_OK;
}

pab_status pab__workers_new(const pab_host *host, pab_scenario *scn, const pab__workers_plan *plan, pab__workers *out)
{
    pab__workers w = {.host = *host, .plan = *plan, .threads = plan->lent};
    pab_status status = PAB_OK;
    *out = (pab__workers){0};
    if (!w.threads)
        status = pab__threads_new(host, plan->threads, "options.threads", &w.threads);
    if (status != PAB_OK)
        return status;
    w.count = pab__threads_count(w.threads);
    w.worker = pab__alloc(host, w.count * sizeof *w.worker);
    if (!w.worker)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u workers", w.count);
    for (uint32_t i = 0; status == PAB_OK && i < w.count; i++)
        status = equip(&w, scn, &w.worker[i]);
    if (status == PAB_OK)
        *out = w;
    else
        pab__workers_free(&w);
    return status;
}

void pab__workers_free(pab__workers *w)
{
    for (uint32_t i = 0; w->worker && i < w->count; i++) {
        pab_env_free(w->worker[i].env);
        pab_env_free(w->worker[i].fork);
        pab__release(&w->host, w->worker[i].scratch, w->plan.scratch);
    }
    pab__release(&w->host, w->worker, w->count * sizeof *w->worker);
    if (!w->plan.lent)
        pab__threads_free(w->threads);
    *w = (pab__workers){0};
}
