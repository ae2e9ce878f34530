/* Environments: making one, and resetting it from a warm-up that is simulated once per seed and regime. */
#include "env/env.h"
#include "env/signals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- Making --- */

pab_status pab_env_new(pab_scenario *scn, pab_env **out)
{
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", scn ? "out" : "scn");
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", scn->name);
    pab_env *env = pab__alloc(&scn->host, sizeof *env);
    if (!env)
        return pab__fail(PAB_E_MEMORY, "no memory for an environment");
    env->host = scn->host;
    env->scn = pab__scenario_ref(scn);
    env->regime = -1;
    *out = env;
    return PAB_OK;
}

void pab_env_free(pab_env *env)
{
    if (!env)
        return;
    for (int32_t i = 0; i < PAB_REGIME_COUNT; i++) {
        pab_market_free(env->slots[i].run);
        pab_market_free(env->slots[i].snapshot);
    }
    pab_host host = env->host;
    pab_scenario_free(env->scn);
    pab__release(&host, env, sizeof *env);
}

static pab_status make_market(pab_env *env, int32_t regime, pab_market **market)
{
    return *market ? PAB_OK : pab_market_new(pab__scenario_variant(env->scn, regime), market);
}

pab_status pab__env_market(pab_env *env, int32_t regime, pab_market **out)
{
    pab__env_slot *slot = &env->slots[regime];
    pab_status status = make_market(env, regime, &slot->run);
    *out = slot->run;
    return status;
}

pab__executor *pab__env_state(const pab_env *env)
{
    if (!env) {
        pab__fail(PAB_E_ARGUMENT, "env is NULL: an environment was expected");
        return NULL;
    }
    if (env->regime < 0 || !env->slots[env->regime].run->core.ready) {
        pab__fail(PAB_E_STATE, "the environment has to be reset or restored first");
        return NULL;
    }
    return pab__executor_of(env->slots[env->regime].run);
}

/* --- Seeds --- */

#define SEED_INDICES (UINT64_C(1) << 48)

static pab_status check_seed(uint64_t split, uint64_t regime, uint64_t index, const char *of)
{
    if (split < PAB_SPLIT_TRAIN || split > PAB_SPLIT_TEST)
        return pab__fail(PAB_E_RANGE, "%ssplit %lld; expected PAB_SPLIT_TRAIN, _VALIDATION or _TEST, %d to %d", of,
                         (long long)split, PAB_SPLIT_TRAIN, PAB_SPLIT_TEST);
    if (regime >= PAB_REGIME_COUNT)
        return pab__fail(PAB_E_RANGE, "%sregime %lld; expected 0 to %d", of, (long long)regime, PAB_REGIME_COUNT - 1);
    if (index >= SEED_INDICES)
        return pab__fail(PAB_E_RANGE, "%sindex %llu; expected less than 2^48", of, (unsigned long long)index);
    return PAB_OK;
}

uint64_t pab_seed(int32_t split, int32_t regime, uint64_t index)
{
    if (check_seed((uint64_t)(int64_t)split, (uint64_t)(int64_t)regime, index, "a seed of ") != PAB_OK)
        return UINT64_MAX;
    return (uint64_t)split << 56 | (uint64_t)regime << 48 | index;
}

const char *pab_regime_name(int32_t regime)
{
    static const char *const names[PAB_REGIME_COUNT] = {"calm", "volatile", "thin", "crumbling", "megashock"};
    return regime >= 0 && regime < PAB_REGIME_COUNT ? names[regime] : NULL;
}

/* A plain number is a training seed, but for generators that take 32 bits only. */
static pab_status full_seed(const pab_scenario *scn, uint64_t seed, uint64_t *full)
{
    char of[64];
    *full = seed;
    if (scn->rng != PAB_RNG_FAST)
        return PAB_OK; /* the market checks it */
    if (seed < SEED_INDICES)
        *full = pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, seed);
    snprintf(of, sizeof of, "seed 0x%llx has ", (unsigned long long)seed);
    return check_seed(*full >> 56, *full >> 48 & 0xff, *full % SEED_INDICES, of);
}

/* --- Options --- */

/* Least size: the first version of the record. */
#define LEAST_OPTIONS PAB__UPTO(pab_reset_options, weights)

pab_status pab_reset_options_init(pab_reset_options *options, uint32_t size)
{
    pab_reset_options full = {.struct_size = sizeof full, .regime = -1, .shield = 1};
    full.weights = (pab_reward_weights){sizeof full.weights, PAB_X_NONE, 1, 0.5, 0, 1, 0};
    if (!options || size < LEAST_OPTIONS || size > 4096)
        return pab__fail(PAB_E_ARGUMENT, "reset options of %u bytes: %u to 4096 were expected", size, LEAST_OPTIONS);
    memset(options, 0, size);
    memcpy(options, &full, size < sizeof full ? size : sizeof full);
    options->struct_size = size;
    return PAB_OK;
}

static pab_status check_options(const pab_reset_options *o)
{
    if (o->side_a != 0 && o->side_a != PAB_BUY && o->side_a != PAB_SELL)
        return pab__fail(PAB_E_RANGE, "options.side_a is %d: PAB_BUY, PAB_SELL or 0 was expected", o->side_a);
    if (o->quantity_a < 0 || o->quantity_a > 1000000000)
        return pab__fail(PAB_E_RANGE, "options.quantity_a is %lld: 0 to 1000000000 shares were expected",
                         (long long)o->quantity_a);
    if (o->regime < -1 || o->regime >= PAB_REGIME_COUNT)
        return pab__fail(PAB_E_RANGE, "options.regime is %d: -1 to %d was expected", o->regime, PAB_REGIME_COUNT - 1);
    if (o->shield != 0 && o->shield != 1)
        return pab__fail(PAB_E_RANGE, "options.shield is %d: 0 or 1 was expected", o->shield);
    if (o->weights.adverse < PAB_X_NONE || o->weights.adverse > PAB_X_EXPOSURE)
        return pab__fail(PAB_E_RANGE, "options.weights.adverse is %d: PAB_X_... was expected", o->weights.adverse);
    const pab_reward_weights *w = &o->weights;
    const struct {
        const char *name;
        double value;
    } weight[] = {{"shortfall", w->shortfall}, {"hedge", w->hedge}, {"risk", w->risk}, {"terminal", w->terminal},
                  {"extra", w->extra}};
    for (size_t i = 0; i < sizeof weight / sizeof *weight; i++)
        if (!isfinite(weight[i].value))
            return pab__fail(PAB_E_RANGE, "options.weights.%s is %g: a finite number was expected", weight[i].name,
                             weight[i].value);
    return PAB_OK;
}

pab_status pab__env_options_take(const pab_reset_options *given, pab_reset_options *out)
{
    pab_status status = pab_reset_options_init(out, sizeof *out);
    if (status == PAB_OK && given)
        status = pab__record_in(out, sizeof *out, given, LEAST_OPTIONS, "the reset options");
    return status == PAB_OK ? check_options(out) : status;
}

/* --- Reset --- */

/* Simulates the warm-up of a seed into the slot's snapshot. */
static pab_status warm_up(pab_env *env, int32_t regime, uint64_t seed)
{
    pab__env_slot *slot = &env->slots[regime];
    pab_status status = make_market(env, regime, &slot->snapshot);
    if (status != PAB_OK)
        return status;
    slot->warm = 0;
    status = pab_market_reset(slot->snapshot, seed);
    if (status != PAB_OK)
        return status;
    pab__executor *x = pab__executor_of(slot->snapshot);
    int32_t why = PAB_RUN_TIME;
    x->armed = 1;
    x->seed = seed;
    x->regime = regime;
    status = pab_market_run(slot->snapshot, INT64_MAX, &why);
    if (status != PAB_OK)
        return status;
    x = pab__executor_of(slot->snapshot);
    if (why != PAB_RUN_PAUSED || x->phase != PAB__PHASE_READY)
        return pab__fail(PAB_E_STATE, "seed %llu: the market ended before the first decision",
                         (unsigned long long)seed);
    for (int i = 0; i < 2; i++)
        if (!(pab__tracker_mid(&x->leg[i].tracker) > 0))
            return pab__fail(PAB_E_STATE, "seed %llu: no price of %s was seen in the warm-up", (unsigned long long)seed,
                             env->scn->symbols[x->leg[i].symbol].name);
    slot->seed = seed;
    slot->warm = 1;
    return PAB_OK;
}

static int32_t side_of(const pab__pair_plan *plan, const pab_reset_options *o, uint64_t seed)
{
    if (o->side_a != 0)
        return o->side_a;
    if (plan->side == PAB__SIDE_SEED)
        return seed % 2 == 0 ? PAB_BUY : PAB_SELL;
    return plan->side == PAB__SIDE_BUY ? PAB_BUY : PAB_SELL;
}

/* The parent of A; without a number, a share of the volume that the horizon will probably see. */
static int64_t quantity_of(const pab__executor *x, const pab__pair *pair, const pab_reset_options *o)
{
    const pab__pair_plan *plan = &pair->plan;
    if (o->quantity_a > 0)
        return o->quantity_a;
    if (plan->quantity > 0)
        return plan->quantity;
    double rate = pab__tracker_volume_mean(&x->leg[0].tracker, &pair->legs[0].ref);
    double shares = plan->participation * rate * (double)plan->horizon * 1e-9;
    return shares < 1 ? 1 : shares > 1e9 ? 1000000000 : (int64_t)shares;
}

/* Gives the executor at t_0 its parent orders. */
static void begin(pab__executor *x, const pab_scenario *scn, const pab_reset_options *o)
{
    const pab_reward_weights *w = &o->weights;
    x->leg[0].side = side_of(&pab__pair_of(scn)->plan, o, x->seed);
    x->leg[1].side = pab__pair_of(scn)->plan.ratio > 0 ? -x->leg[0].side : x->leg[0].side;
    x->leg[0].parent = quantity_of(x, pab__pair_of(scn), o);
    x->weights = (pab__reward_weights){w->shortfall, w->hedge, w->risk, w->terminal, w->extra, w->adverse, o->shield};
    pab__account_fix(x, scn);
    x->phase = PAB__PHASE_RUN;
}

pab_status pab__env_check_obs(const float *obs, uint32_t n_obs)
{
    if (!obs && n_obs != 0)
        return pab__fail(PAB_E_ARGUMENT, "obs is NULL and n_obs %u: expected room for %d features, or NULL and 0",
                         n_obs, PAB_ENV_OBSERVATIONS);
    if (obs && n_obs != PAB_ENV_OBSERVATIONS)
        return pab__fail(PAB_E_ARGUMENT, "obs has room for %u features: %d were expected", n_obs, PAB_ENV_OBSERVATIONS);
    return PAB_OK;
}

pab_status pab_env_reset(pab_env *env, uint64_t seed, const pab_reset_options *options, float *obs, uint32_t n_obs)
{
    pab_reset_options o;
    if (!env)
        return pab__fail(PAB_E_ARGUMENT, "env is NULL: an environment was expected");
    pab_status status = pab__env_check_obs(obs, n_obs);
    if (status == PAB_OK)
        status = pab__env_options_take(options, &o);
    if (status != PAB_OK)
        return status;
    uint64_t full = 0;
    status = full_seed(env->scn, seed, &full);
    if (status != PAB_OK)
        return status;
    uint64_t regime = o.regime >= 0 ? (uint64_t)o.regime : full >> 48 & 0xff;
    if (regime >= PAB_REGIME_COUNT)
        return pab__fail(PAB_E_RANGE, "seed %llu names regime %llu: 0 to %d was expected", (unsigned long long)seed,
                         (unsigned long long)regime, PAB_REGIME_COUNT - 1);
    pab__env_slot *slot = &env->slots[regime];
    pab_market *market;
    status = pab__env_market(env, (int32_t)regime, &market);
    if (status == PAB_OK && !(slot->warm && slot->seed == full))
        status = warm_up(env, (int32_t)regime, full);
    if (status == PAB_OK)
        status = pab_market_copy(market, slot->snapshot);
    if (status != PAB_OK)
        return status;
    env->regime = (int32_t)regime;
    begin(pab__executor_of(market), market->scn, &o);
    return obs ? pab_env_observe(env, obs, n_obs) : PAB_OK;
}

/* --- Reading --- */

pab_status pab_env_observe(const pab_env *env, float *obs, uint32_t n_obs)
{
    const pab__executor *x = pab__env_state(env);
    if (!x)
        return env ? PAB_E_STATE : PAB_E_ARGUMENT;
    if (!obs)
        return pab__fail(PAB_E_ARGUMENT, "obs is NULL: room for %d features was expected", PAB_ENV_OBSERVATIONS);
    pab_status status = pab__env_check_obs(obs, n_obs);
    if (status != PAB_OK)
        return status;
    pab__observation_make(x, env->slots[env->regime].run->scn, obs);
    return PAB_OK;
}

pab_status pab_env_legal(const pab_env *env, uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS])
{
    const pab__executor *x = pab__env_state(env);
    if (!x)
        return env ? PAB_E_STATE : PAB_E_ARGUMENT;
    if (!mask)
        return pab__fail(PAB_E_ARGUMENT, "mask is NULL: room for %d bytes was expected",
                         PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS);
    for (int i = 0; i < PAB_ENV_LEGS; i++)
        pab__shield_mask(x, i, mask + i * PAB_ENV_LEG_ACTIONS);
    return PAB_OK;
}

const char *pab_action_name(int32_t action)
{
    static const char *const names[PAB_ENV_LEG_ACTIONS] = {
        "HOLD",       "CANCEL",     "JOIN x0.5", "JOIN x1", "JOIN x2",   "IMPROVE x0.5", "IMPROVE x1", "IMPROVE x2",
        "MID x0.5",   "MID x1",     "MID x2",    "TAKE x0.5", "TAKE x1", "TAKE x2",      "SWEEP x0.5", "SWEEP x1",
        "SWEEP x2",
    };
    return action >= 0 && action < PAB_ENV_LEG_ACTIONS ? names[action] : NULL;
}

uint32_t pab_env_fills(const pab_env *env, pab_fill *out, uint32_t cap)
{
    const pab__executor *x = pab__env_state(env);
    if (!x)
        return 0;
    int64_t first = x->fills > PAB_ENV_FILLS_KEPT ? x->fills - PAB_ENV_FILLS_KEPT : 0;
    for (int64_t n = first; out && n < x->fills && n - first < cap; n++) {
        const pab__fill_record *f = &x->fill[n % PAB_ENV_FILLS_KEPT];
        out[n - first] = (pab_fill){f->time, (int32_t)(f->what & 1), (f->what & 2) != 0, f->price, f->what / 4};
    }
    return (uint32_t)(x->fills - first);
}

pab_status pab_env_metrics(const pab_env *env, pab_episode_metrics *out)
{
    const pab__executor *x = pab__env_state(env);
    if (!x)
        return env ? PAB_E_STATE : PAB_E_ARGUMENT;
    if (x->phase != PAB__PHASE_DONE)
        return pab__fail(PAB_E_STATE, "the episode is at step %d of %d: metrics come with its end", x->step, x->steps);
    pab_episode_metrics m;
    pab__metrics_compute(x, env->slots[env->regime].run->scn, &m);
    return pab__record_out(out, &m, sizeof m, PAB__UPTO(pab_episode_metrics, fills), "the episode metrics");
}

const pab_market *pab_env_market(const pab_env *env)
{
    return env && env->regime >= 0 ? env->slots[env->regime].run : NULL;
}

pab_scenario *pab_env_scenario(const pab_env *env)
{
    return env ? env->scn : NULL;
}
