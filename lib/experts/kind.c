/* The list of built-in policies, and how one becomes a pab_policy_type. */
#include "experts/kind.h"

#include "base/host.h"

#include <string.h>

extern const pab__policy_kind pab__lae_policy, pab__sce_policy, pab__ome_policy, pab__rae_policy;
extern const pab__policy_kind pab__twap_policy, pab__vwap_policy, pab__pov_policy, pab__ac_policy, pab__ac_pair_policy;
extern const pab__policy_kind pab__aggressive_policy, pab__passive_policy, pab__immediate_policy, pab__random_policy;

static const pab__policy_kind *const builtins[] = {
    &pab__lae_policy,        &pab__sce_policy,     &pab__ome_policy,       &pab__rae_policy,    &pab__twap_policy,
    &pab__vwap_policy,       &pab__pov_policy,     &pab__ac_policy,        &pab__ac_pair_policy,
    &pab__aggressive_policy, &pab__passive_policy, &pab__immediate_policy, &pab__random_policy,
};

const pab__policy_kind *pab__policy_kind_at(uint32_t index)
{
    return index < sizeof builtins / sizeof *builtins ? builtins[index] : NULL;
}

const char *pab_policy_builtin(uint32_t index)
{
    const pab__policy_kind *kind = pab__policy_kind_at(index);
    return kind ? kind->name : NULL;
}

const char *pab_policy_forms(uint32_t index)
{
    const pab__policy_kind *kind = pab__policy_kind_at(index);
    return kind ? kind->forms : NULL;
}

pab_status pab_policy_option_get(uint32_t index, pab_policy_option *out)
{
    uint32_t before = 0;
    for (uint32_t i = 0; pab__policy_kind_at(i); i++) {
        const pab__policy_kind *kind = pab__policy_kind_at(i);
        if (index - before < kind->option_count) {
            const pab__policy_option *option = &kind->options[index - before];
            pab_policy_option full = {
                .struct_size = sizeof full,
                .policy = kind->name,
                .key = option->key,
                .unit = option->unit,
                .doc = option->doc,
                .value = option->value,
                .min = option->min,
                .max = option->max,
            };
            return pab__record_out(out, &full, sizeof full, PAB__UPTO(pab_policy_option, max), "out");
        }
        before += kind->option_count;
    }
    return pab__fail(PAB_E_RANGE, "policy option %u does not exist; expected 0 to %u", index, before - 1);
}

static pab_status act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    const pab__policy_params *params = user;
    pab__context context;
    pab_status status = pab__context_take(env, &context);
    if (status == PAB_OK)
        params->kind->decide(params, state, &context, out, NULL);
    return status;
}

static pab_status explain(void *user, const void *state, const pab_env *env, char *buf, size_t cap)
{
    const pab__policy_params *params = user;
    pab__context context;
    pab_status status = pab__context_take(env, &context);
    if (status != PAB_OK)
        return status;
    _Alignas(max_align_t) unsigned char scratch[PAB__POLICY_STATE_MAX]; /* deciding changes the state: on a copy */
    memcpy(scratch, state, params->kind->state_size);
    pab__text words = pab__text_in(buf, cap);
    pab_decision decision = {0};
    params->kind->decide(params, scratch, &context, &decision, &words);
    return PAB_OK;
}

void pab__policy_kind_type(pab__policy_params *params, pab_policy_type *out)
{
    *out = (pab_policy_type){
        .struct_size = sizeof *out,
        .state_size = params->kind->state_size,
        .name = params->kind->name,
        .user = params,
        .act = act,
        .explain = explain,
    };
}
