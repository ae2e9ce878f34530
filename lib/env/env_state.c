/* Copying, saving, hashing and describing an environment: the market's state and a few numbers beside it. */
#include "env/env.h"

#include <string.h>

#include "base/file.h"
#include "base/hash.h"

static const pab__file_kind env_kind = {{'P', 'E', 'N', 'V'}, 1, "environment state"};

/* What stands before the market's state. */
typedef struct prefix {
    uint64_t fingerprint; /* of the scenario, before any regime */
    int32_t regime;
    int32_t reserved;
} prefix;

/* A status for a state that pab__env_state refused. */
static pab_status refused(const pab_env *env)
{
    return env ? PAB_E_STATE : PAB_E_ARGUMENT;
}

pab_status pab_env_copy(pab_env *dst, const pab_env *src)
{
    if (!dst)
        return pab__fail(PAB_E_ARGUMENT, "dst is NULL: an environment was expected");
    if (!pab__env_state(src))
        return refused(src);
    if (dst == src)
        return PAB_OK;
    if (dst->scn != src->scn && dst->scn->fingerprint != src->scn->fingerprint)
        return pab__fail(PAB_E_KIND, "dst is an environment of another scenario (\"%s\", src: \"%s\")", dst->scn->name,
                         src->scn->name);
    pab_market *to;
    pab_status status = pab__env_market(dst, src->regime, &to);
    if (status == PAB_OK)
        status = pab_market_copy(to, src->slots[src->regime].run);
    if (status == PAB_OK)
        dst->regime = src->regime;
    return status;
}

pab_status pab_env_reseed(pab_env *env, uint64_t fork)
{
    if (!pab__env_state(env))
        return refused(env);
    return pab_market_reseed(env->slots[env->regime].run, fork);
}

pab_status pab_env_hash(const pab_env *env, uint64_t *out)
{
    if (!pab__env_state(env))
        return refused(env);
    uint64_t hash;
    if (!out)
        return pab__fail(PAB_E_ARGUMENT, "out is NULL");
    pab_status status = pab_market_hash(env->slots[env->regime].run, &hash);
    if (status == PAB_OK)
        *out = pab__hash_mix(hash, (uint64_t)env->regime);
    return status;
}

pab_status pab_env_save(const pab_env *env, void *buf, size_t cap, size_t *needed)
{
    if (!pab__env_state(env))
        return refused(env);
    const pab_market *m = env->slots[env->regime].run;
    size_t inner = 0;
    pab_market_save(m, NULL, 0, &inner);
    size_t size = inner + sizeof(prefix) + PAB__FRAME_SIZE;
    if (needed)
        *needed = size;
    if (!buf || cap < size)
        return pab__fail(PAB_E_CAPACITY, "buf has %zu bytes: the state needs %zu", buf ? cap : 0, size);
    unsigned char *at = (unsigned char *)buf + PAB__FRAME_SIZE - 8;
    prefix p = {env->scn->fingerprint, env->regime, 0};
    memcpy(at, &p, sizeof p);
    pab_status status = pab_market_save(m, at + sizeof p, inner, NULL);
    if (status == PAB_OK)
        pab__frame_seal(&env_kind, buf, sizeof p + inner);
    return status;
}

pab_status pab_env_restore(pab_env *env, const void *buf, size_t len)
{
    if (!env || !buf)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", env ? "buf" : "env");
    const void *payload;
    size_t size;
    prefix p;
    pab_status status = pab__frame_open(&env_kind, buf, len, "buffer", &payload, &size);
    if (status != PAB_OK)
        return status;
    if (size < sizeof p)
        return pab__fail(PAB_E_CORRUPT, "buffer: the environment state ends early");
    memcpy(&p, payload, sizeof p);
    if (p.fingerprint != env->scn->fingerprint)
        return pab__fail(PAB_E_KIND, "buffer: the state belongs to another scenario (%016llx, here %016llx)",
                         (unsigned long long)p.fingerprint, (unsigned long long)env->scn->fingerprint);
    if (p.regime < 0 || p.regime >= PAB_REGIME_COUNT)
        return pab__fail(PAB_E_CORRUPT, "buffer: there is no regime %d", p.regime);
    pab_market *m;
    status = pab__env_market(env, p.regime, &m);
    if (status == PAB_OK)
        status = pab_market_restore(m, (const unsigned char *)payload + sizeof p, size - sizeof p);
    if (status == PAB_OK)
        env->regime = p.regime;
    return status;
}

static void describe_leg(const pab__executor *x, int i, pab_env_status *s)
{
    const pab__leg *leg = &x->leg[i];
    int far = leg->side == PAB_BUY;
    int64_t volume = leg->tracker.bought + leg->tracker.sold - leg->account.volume_start - leg->filled;
    s->side[i] = leg->side;
    s->symbol[i] = leg->symbol;
    s->parent[i] = leg->parent;
    s->filled[i] = leg->filled;
    s->live[i] = pab__leg_working(leg);
    s->arrival[i] = leg->arrival;
    s->mid[i] = pab__tracker_mid(&leg->tracker);
    s->near_price[i] = (double)pab__tracker_touch(&leg->tracker, 1 - far);
    s->far_price[i] = (double)pab__tracker_touch(&leg->tracker, far);
    s->far_quantity[i] = pab__tracker_shares(&leg->tracker, far, 1);
    s->others_volume[i] = volume > 0 ? volume : 0;
    s->resting[i] = pab__leg_rests(leg);
}

pab_status pab_env_describe(const pab_env *env, pab_env_status *out)
{
    const pab__executor *x = pab__env_state(env);
    if (!x)
        return refused(env);
    const pab_market *m = env->slots[env->regime].run;
    pab_env_status s = {
        .struct_size = sizeof s,
        .step = x->step,
        .steps = x->steps,
        .regime = x->regime,
        .seed = x->seed,
        .now = m->core.now,
        .start = x->start,
        .end = x->end,
        .interval = pab__pair_of(m->scn)->plan.interval,
        .ratio = x->ratio,
        .band = x->band,
        .hedge_error = pab__executor_hedge_error(x),
        .covariance = {x->pair.covariance[0], x->pair.covariance[1], x->pair.covariance[2]},
        .done = x->phase == PAB__PHASE_DONE,
    };
    for (int i = 0; i < PAB_ENV_LEGS; i++)
        describe_leg(x, i, &s);
    return pab__record_out(out, &s, sizeof s, PAB__UPTO(pab_env_status, reserved), "the environment status");
}
