/* Training an ensemble: search, final, result. */
#include "base/hash.h"
#include "env/pair.h"
#include "sip/search.h"

static void forget(pab_qtable *expert[PAB_EXPERT_COUNT])
{
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab_qtable_free(expert[e]);
}

static pab_status copy_experts(const pab_host *host, const pab_qtable *const *given, pab_qtable *out[PAB_EXPERT_COUNT])
{
    pab_status status = PAB_OK;
    for (int32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        const pab_qtable *q = given ? given[e] : NULL;
        if (q && q->expert != e)
            status = pab__fail(PAB_E_KIND, "experts[%d] is %s; expected %s", e, pab_policy_builtin((uint32_t)q->expert),
                               pab_policy_builtin((uint32_t)e));
        else
            status = pab__sip_copy_expert(host, q, e, &out[e]);
    }
    return status;
}

/* Of everything that a run's result depends on but the number of threads. */
static pab_status identify(const pab_scenario *scn, pab_qtable *const *experts, const pab__sip_search *s, uint64_t *out)
{
    pab__bytes bytes = {.host = &scn->host};
    const double numbers[] = {s->options.budget, s->how.eta, s->how.generations, s->how.candidates, s->how.elite,
                              s->how.seeds, s->how.final_seeds, s->how.validation_seeds, s->how.front_generations,
                              s->how.front, s->how.refine, s->how.refine_visits, s->how.tracking};
    pab__bytes_put_u64(&bytes, scn->fingerprint);
    pab__bytes_put_u64(&bytes, s->options.master_seed);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        pab__bytes_put_real(&bytes, numbers[i]);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab__qtable_write(experts[e], &bytes);
    return pab__bytes_hash(&bytes, "the experts", out);
}

pab_status pab_sip_train(pab_scenario *scn, const pab_qtable *const experts[PAB_EXPERT_COUNT],
                         const pab_learn_options *options, const pab_sip_options *how, pab_sip **out)
{
    pab__sip_search s = {0};
    pab_qtable *own[PAB_EXPERT_COUNT] = {0};
    uint64_t identity = 0;
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !scn ? "scn" : "out");
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "the scenario has no section `pair`: there is nothing to execute");
    pab_status status = pab__sip_options_take(options, how, &s.options, &s.how);
    if (status != PAB_OK)
        return status;
    status = copy_experts(&scn->host, experts, own);
    if (status == PAB_OK)
        status = identify(scn, own, &s, &identity);
    const pab_qtable *const *lent = (const pab_qtable *const *)own;
    if (status == PAB_OK)
        status = pab__sip_search_open(&s, &scn->host, scn, lent, identity);
    if (status == PAB_OK)
        status = pab__sip_search_run(&s);
    pab_sip *sip = NULL;
    if (status == PAB_OK)
        status = pab__sip_choose(&s, lent, &sip);
    if (status == PAB_OK) {
        sip->fingerprint = scn->fingerprint;
        *out = sip;
    }
    pab__sip_search_close(&s);
    forget(own);
    return status;
}
