/* Policies as handles: a shared, immutable kind and a private state. */
#include <pairsabides/policy.h>

#include "base/host.h"
#include "experts/kind.h"

#include <stdatomic.h>
#include <string.h>

#define LEAST_TYPE PAB__UPTO(pab_policy_type, destroy)

/* What a policy and its clones have in common. */
typedef struct kind {
    _Atomic int32_t references;
    pab_host host;
    pab_policy_type type; /* of a built-in: user is `params` */
    pab__policy_params params;   /* kind NULL: a caller's type */
    char name[PAB__POLICY_SPEC_SIZE];
} kind;

struct pab_policy {
    kind *kind;
    int32_t begun; /* 1: reset at least once */
    _Alignas(64) unsigned char state[];
};

static size_t policy_size(const kind *k)
{
    return sizeof(pab_policy) + k->type.state_size;
}

static void drop_kind(kind *k)
{
    if (atomic_fetch_sub_explicit(&k->references, 1, memory_order_acq_rel) > 1)
        return;
    if (k->type.destroy)
        k->type.destroy(k->type.user);
    pab_host host = k->host;
    pab__release(&host, k, sizeof *k);
}

/* A policy of a kind of which the caller holds the reference that the policy will own. */
static pab_status instance(kind *k, pab_policy **out)
{
    pab_policy *policy = pab__alloc(&k->host, policy_size(k));
    if (!policy)
        return pab__fail(PAB_E_MEMORY, "policy \"%s\": no memory for %zu bytes", k->name, policy_size(k));
    policy->kind = k;
    *out = policy;
    return PAB_OK;
}

static pab_status new_kind(const pab_host *given, kind **out)
{
    pab_host host;
    pab_status status = pab__host_take(given, &host);
    if (status != PAB_OK)
        return status;
    kind *k = pab__alloc(&host, sizeof *k);
    if (!k)
        return pab__fail(PAB_E_MEMORY, "policy: no memory for %zu bytes", sizeof *k);
    k->host = host;
    atomic_init(&k->references, 1);
    *out = k;
    return PAB_OK;
}

pab_status pab_policy_type_init(pab_policy_type *type, uint32_t size)
{
    if (!type)
        return pab__fail(PAB_E_ARGUMENT, "type is NULL; expected a record to fill in");
    if (size < LEAST_TYPE || size > 4096)
        return pab__fail(PAB_E_ARGUMENT, "type: a size of %u bytes; expected sizeof(pab_policy_type), %u to 4096",
                         size, LEAST_TYPE);
    memset(type, 0, size);
    type->struct_size = size;
    return PAB_OK;
}

pab_status pab_policy_new(const pab_host *host, const pab_policy_type *type, pab_policy **out)
{
    pab_policy_type full;
    if (!out)
        return pab__fail(PAB_E_ARGUMENT, "out is NULL; expected where the policy goes");
    pab_status status = pab__record_in(&full, sizeof full, type, LEAST_TYPE, "type");
    if (status != PAB_OK)
        return status;
    if (!full.name || *full.name == '\0' || strlen(full.name) >= PAB__POLICY_SPEC_SIZE)
        return pab__fail(PAB_E_ARGUMENT, "type: name is %s; expected 1 to %d characters",
                         !full.name ? "NULL" : *full.name == '\0' ? "empty" : "too long", PAB__POLICY_SPEC_SIZE - 1);
    if (!full.act)
        return pab__fail(PAB_E_ARGUMENT, "type \"%s\": act is NULL; expected a function that decides", full.name);
    kind *k = NULL;
    status = new_kind(host, &k);
    if (status != PAB_OK)
        return status;
    k->type = full;
    memcpy(k->name, full.name, strlen(full.name) + 1);
    k->type.name = k->name;
    status = instance(k, out);
    if (status != PAB_OK)
        pab__release(&k->host, k, sizeof *k); /* not drop_kind: what was not made is not destroyed */
    return status;
}

pab_status pab_policy_parse(const pab_host *host, const char *spec, pab_policy **out)
{
    pab__policy_params params;
    if (!out)
        return pab__fail(PAB_E_ARGUMENT, "out is NULL; expected where the policy goes");
    pab_status status = pab__spec_read(spec, &params);
    if (status != PAB_OK)
        return status;
    kind *k = NULL;
    status = new_kind(host, &k);
    if (status != PAB_OK)
        return status;
    k->params = params;
    pab__policy_kind_type(&k->params, &k->type);
    pab__text name = pab__text_in(k->name, sizeof k->name);
    pab__spec_write(&params, &name);
    status = instance(k, out);
    if (status != PAB_OK)
        drop_kind(k);
    return status;
}

void pab_policy_free(pab_policy *policy)
{
    if (!policy)
        return;
    kind *k = policy->kind;
    pab_host host = k->host;
    pab__release(&host, policy, policy_size(k));
    drop_kind(k);
}

const char *pab_policy_name(const pab_policy *policy)
{
    return policy ? policy->kind->name : NULL;
}

pab_status pab_policy_clone(const pab_policy *policy, pab_policy **out)
{
    if (!policy || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a policy and where its clone goes",
                         !policy ? "policy" : "out");
    kind *k = policy->kind;
    pab_policy *clone = NULL;
    pab_status status = instance(k, &clone);
    if (status != PAB_OK)
        return status;
    atomic_fetch_add_explicit(&k->references, 1, memory_order_relaxed);
    clone->begun = policy->begun;
    memcpy(clone->state, policy->state, k->type.state_size);
    *out = clone;
    return PAB_OK;
}

pab_status pab_policy_copy(pab_policy *dst, const pab_policy *src)
{
    if (!dst || !src)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected two policies", !dst ? "dst" : "src");
    const kind *to = dst->kind, *from = src->kind;
    if (to->params.kind != from->params.kind || to->type.act != from->type.act ||
        to->type.state_size != from->type.state_size)
        return pab__fail(PAB_E_KIND, "src is \"%s\"; expected a policy of dst's kind, \"%s\"", from->name, to->name);
    dst->begun = src->begun;
    memmove(dst->state, src->state, to->type.state_size);
    return PAB_OK;
}

pab_status pab_policy_reset(pab_policy *policy, const pab_env *env)
{
    if (!policy || !env)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a policy and the environment of its episode",
                         !policy ? "policy" : "env");
    const pab_policy_type *type = &policy->kind->type;
    memset(policy->state, 0, type->state_size);
    if (type->reset)
        type->reset(type->user, policy->state, env);
    policy->begun = 1;
    return PAB_OK;
}

/* What act and explain need. */
static pab_status ready(const pab_policy *policy, const pab_env *env)
{
    if (!policy || !env)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a policy and its environment",
                         !policy ? "policy" : "env");
    if (!policy->begun)
        return pab__fail(PAB_E_STATE, "policy \"%s\" was not reset; expected pab_policy_reset when an episode begins",
                         policy->kind->name);
    return PAB_OK;
}

static pab_status judge(const kind *k, const pab_decision *decision)
{
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        if (decision->action[leg] < 0 || decision->action[leg] >= PAB_ENV_LEG_ACTIONS)
            return pab__fail(PAB_E_RANGE, "policy \"%s\" chose action %d for leg %c; expected 0 to %d", k->name,
                             decision->action[leg], 'A' + leg, PAB_ENV_LEG_ACTIONS - 1);
        if (decision->quantity[leg] < 0)
            return pab__fail(PAB_E_RANGE, "policy \"%s\" chose %lld shares for leg %c; expected 0 or more", k->name,
                             (long long)decision->quantity[leg], 'A' + leg);
    }
    return PAB_OK;
}

/* What a callback returned other than PAB_OK: a code of the library, with a sentence in any case. */
static pab_status judge_status(const kind *k, const char *callback, pab_status status, uint64_t failures)
{
    if (strcmp(pab_status_name(status), pab_status_name(INT32_MAX)) == 0)
        return pab__fail(PAB_E_ARGUMENT, "policy \"%s\": %s returned %d; expected 0 or a code of pab_status", k->name,
                         callback, status);
    if (pab__fail_count() == failures)
        return pab__fail(status, "policy \"%s\": %s returned %s", k->name, callback, pab_status_name(status));
    return status;
}

pab_status pab_policy_act(pab_policy *policy, const pab_env *env, pab_decision *out)
{
    pab_status status = ready(policy, env);
    if (status != PAB_OK)
        return status;
    if (!out)
        return pab__fail(PAB_E_ARGUMENT, "out is NULL; expected where the decision goes");
    const kind *k = policy->kind;
    pab_decision decision = {0};
    const uint64_t failures = pab__fail_count();
    status = k->type.act(k->type.user, policy->state, env, &decision);
    status = status == PAB_OK ? judge(k, &decision) : judge_status(k, "act", status, failures);
    if (status == PAB_OK)
        *out = decision;
    return status;
}

pab_status pab_policy_explain(const pab_policy *policy, const pab_env *env, char *buf, size_t cap)
{
    pab_status status = ready(policy, env);
    if (status != PAB_OK)
        return status;
    if (!buf || cap == 0)
        return pab__fail(PAB_E_ARGUMENT, "%s; expected room for a sentence", !buf ? "buf is NULL" : "cap is 0");
    const kind *k = policy->kind;
    buf[0] = '\0';
    if (!k->type.explain) {
        pab__text words = pab__text_in(buf, cap);
        pab__text_say(&words, "%s does not explain itself", k->name);
        return PAB_OK;
    }
    const uint64_t failures = pab__fail_count();
    status = k->type.explain(k->type.user, policy->state, env, buf, cap);
    return status == PAB_OK ? status : judge_status(k, "explain", status, failures);
}
