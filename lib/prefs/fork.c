/* The reference acts up to a start, then every candidate from there in every future. */
#include "prefs/fork.h"

#include "base/rng.h"
#include "eval/rollout.h"
#include "qlearn/score.h"
#include "sip/cells.h"

uint64_t pab__pref_seed(uint64_t master_seed, uint32_t episode)
{
    uint64_t run = pab__rng_key(master_seed, PAB__PREF_STAGE, 1) & 0xfff;
    uint64_t index = (uint64_t)PAB__PREF_STAGE << 44 | run << 32 | episode;
    return pab_seed(PAB_SPLIT_TRAIN, (int32_t)(episode % PAB_REGIME_COUNT), index);
}

typedef struct episode {
    const pab__pref_plan *plan;
    const pab__pref_policies *own;
    pab_env *trunk, *fork;
    pab_prefs *out;
    pab__draw *draw;
    uint64_t seed;
    int32_t at[PAB__PREF_STARTS]; /* decisions of the starts */
    int32_t k;
    double spent;                 /* shortfall so far, bps */
} episode;

/* A candidate in one future: it decides for `segment` decisions, then the reference does. */
typedef struct future {
    episode *episode;
    uint32_t candidate, start_point;
    int32_t segment, i; /* decisions so far */
    pab__pref_outcome *out;
} future;

static pab_status observe(const pab_env *env, pab__pref_point *out)
{
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    pab_status status = pab_env_observe(env, out->obs, PAB_ENV_OBSERVATIONS);
    if (status == PAB_OK)
        status = pab_env_legal(env, mask);
    for (int leg = 0; status == PAB_OK && leg < PAB_ENV_LEGS; leg++)
        out->legal[leg] = pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS);
    return status;
}

static void add_step(pab__pref_outcome *o, const pab_step_result *r)
{
    o->component[PAB__PREF_SHORTFALL_A] += r->cost.shortfall[0];
    o->component[PAB__PREF_SHORTFALL_B] += r->cost.shortfall[1];
    o->component[PAB__PREF_HEDGE] += r->cost.hedge;
    o->component[PAB__PREF_RISK] += r->cost.risk;
}

/* One decision of a candidate, recorded; the reference observes it. */
static pab_status act_and_keep(const future *f, pab_decision *d)
{
    const episode *t = f->episode;
    const uint32_t candidate = f->candidate;
    pab_prefs *p = t->out;
    pab_decision unused = {{0}, {0}};
    uint32_t point = f->start_point;
    pab_status status = pab__prefs_reserve(p, 1, 1, 0, 0, 0);
    if (status == PAB_OK && f->i > 0) {
        point = p->points;
        status = observe(t->fork, &p->point[p->points++]);
    }
    if (status == PAB_OK)
        status = pab_policy_act(t->own->inside[candidate], t->fork, d);
    if (status == PAB_OK && (d->quantity[0] > 0 || d->quantity[1] > 0))
        status = pab__fail(PAB_E_UNSUPPORTED, "candidate %u ('%s') asks for exact quantities; expected plain actions",
                           candidate, pab_policy_name(t->own->inside[candidate]));
    if (status == PAB_OK)
        status = pab_policy_act(t->own->inside[t->plan->candidates], t->fork, &unused);
    if (status == PAB_OK) /* there is room */
        p->play[p->plays++] = (pab__pref_action){point, d->action[0] * PAB_ENV_LEG_ACTIONS + d->action[1]};
    return status;
}

static pab_status begin_future(const episode *t, uint32_t candidate, uint32_t number)
{
    const pab__pref_policies *own = t->own;
    const uint32_t reference = t->plan->candidates;
    pab_status status = pab_env_copy(t->fork, t->trunk);
    if (status == PAB_OK)
        status = pab_env_reseed(t->fork, number + 1);
    if (status == PAB_OK)
        status = pab_policy_copy(own->inside[candidate], own->along[candidate]);
    return status == PAB_OK ? pab_policy_copy(own->inside[reference], own->along[reference]) : status;
}

static pab_status future_decide(void *user, const pab_env *env, pab_decision *out)
{
    const future *f = user;
    const episode *t = f->episode;
    if (f->i < f->segment)
        return act_and_keep(f, out);
    return pab_policy_act(t->own->inside[t->plan->candidates], env, out);
}

static pab_status future_step(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *r)
{
    future *f = user;
    (void)env;
    (void)decision;
    add_step(f->out, r);
    f->i++;
    return PAB_OK;
}

static pab_status play_future(future *f, uint32_t number)
{
    const episode *t = f->episode;
    const pab__rollout r = {.env = t->fork, .decide = future_decide, .after = future_step, .user = f};
    pab_episode_metrics metrics;
    pab__pref_outcome *out = f->out;
    pab_status status = begin_future(t, f->candidate, number);
    *out = (pab__pref_outcome){0};
    f->i = 0;
    if (status == PAB_OK)
        status = pab__rollout_resume(&r, &metrics);
    if (status != PAB_OK)
        return status;
    out->component[PAB__PREF_HEDGE_MAX] = metrics.hedge_max;
    out->component[PAB__PREF_TRACKING] = metrics.tracking_error;
    out->component[PAB__PREF_FORCED] = metrics.forced;
    out->component[PAB__PREF_RESIDUAL] = metrics.residual;
    out->score = -(metrics.shortfall - t->spent + t->plan->how.eta * metrics.tracking_error);
    return PAB_OK;
}

static pab_status play_candidate(episode *t, uint32_t candidate, uint32_t first, uint32_t start_point, int32_t segment)
{
    pab_prefs *p = t->out;
    pab__pref_trajectory trajectory = {.candidates = UINT32_C(1) << candidate};
    pab_status status = pab__prefs_reserve(p, 0, 0, 1, 0, 0);
    for (uint32_t m = 0; status == PAB_OK && m < p->futures; m++) {
        trajectory.play[m] = p->plays;
        future f = {.episode = t, .candidate = candidate, .start_point = start_point, .segment = segment,
                    .out = &p->outcome[(size_t)p->trajectories * p->futures + m]};
        status = play_future(&f, m);
    }
    if (status != PAB_OK)
        return status;
    trajectory.play[p->futures] = p->plays;
    p->trajectory[p->trajectories++] = trajectory;
    pab__prefs_merge(p, first);
    return PAB_OK;
}

static pab_status make_start(episode *t)
{
    pab_prefs *p = t->out;
    const pab__pref_plan *plan = t->plan;
    pab__pref_start s = {.seed = t->seed, .step = t->k, .point = p->points, .trajectory = p->trajectories};
    s.segment = pab__draw_double(t->draw) < plan->how.single ? 1 : (int32_t)plan->how.segment;
    s.held = pab__rng_key(t->seed, 10, 1) % 10 == 0;
    pab_status status = pab__prefs_reserve(p, 1, 0, 0, 1, 0);
    if (status == PAB_OK)
        status = pab_env_hash(t->trunk, &s.state);
    if (status == PAB_OK)
        status = observe(t->trunk, &p->point[p->points]);
    if (status != PAB_OK)
        return status;
    s.cell = pab__sip_cell_of_observation(p->point[p->points++].obs);
    for (uint32_t c = 0; status == PAB_OK && c < plan->candidates; c++)
        status = play_candidate(t, c, s.trajectory, s.point, s.segment);
    s.trajectories = p->trajectories - s.trajectory;
    if (status == PAB_OK)
        p->start[p->starts++] = s;
    return status;
}

/* A legal action of each leg, any. */
static pab_status draw_any(episode *t, pab_decision *d)
{
    pab__pref_point now;
    pab_status status = observe(t->trunk, &now);
    *d = (pab_decision){{0}, {0}};
    for (int leg = 0; status == PAB_OK && leg < PAB_ENV_LEGS; leg++) {
        int32_t legal[PAB_ENV_LEG_ACTIONS], count = 0;
        for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
            if (now.legal[leg] >> a & 1)
                legal[count++] = a;
        d->action[leg] = legal[pab__draw_randint(t->draw, 0, count)];
    }
    return status;
}

/* --- The episode --- */

/* All policies observe every decision, since they have memory; nothing is decided after the last start. */
static pab_status episode_decide(void *user, const pab_env *env, pab_decision *out)
{
    episode *t = user;
    pab_status status = PAB_OK;
    if (t->k == t->at[0] || t->k == t->at[1])
        status = make_start(t);
    if (status == PAB_OK && t->k >= t->at[PAB__PREF_STARTS - 1])
        return PAB__ROLLOUT_STOP;
    for (uint32_t c = 0; status == PAB_OK && c <= t->plan->candidates; c++) {
        *out = (pab_decision){{0}, {0}};
        status = pab_policy_act(t->own->along[c], env, out);
    }
    if (status == PAB_OK && pab__draw_double(t->draw) < t->plan->how.explore)
        status = draw_any(t, out);
    return status;
}

static pab_status episode_step(void *user, const pab_env *env, const pab_decision *decision, const pab_step_result *r)
{
    episode *t = user;
    (void)env;
    (void)decision;
    t->spent += r->cost.shortfall[0] + r->cost.shortfall[1];
    t->k++;
    return PAB_OK;
}

/* One start in each half of the horizon, where in it spread evenly over episodes. */
static void place_starts(episode *t, uint32_t number, int32_t steps)
{
    for (int32_t h = 0; h < PAB__PREF_STARTS; h++) {
        double where = 0, part = 0.5;
        for (uint32_t n = number / PAB_REGIME_COUNT; n > 0; n /= 2, part /= 2)
            where += part * (n % 2);
        t->at[h] = (int32_t)((h + where) * steps / PAB__PREF_STARTS);
    }
}

pab_status pab__pref_episode(const pab__pref_plan *plan, const pab__worker *worker, uint32_t number, pab_prefs *out)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    episode t = {.plan = plan, .own = worker->scratch, .trunk = worker->env, .fork = worker->fork, .out = out,
                 .draw = &draw};
    pab_env_status now = {.struct_size = sizeof now};
    const pab__rollout r = {.env = worker->env, .decide = episode_decide, .after = episode_step, .user = &t};
    t.seed = pab__pref_seed(plan->master_seed, number);
    pab__rng_seed(&rng, pab__rng_key(t.seed, plan->master_seed, 2));
    pab_status status = pab_env_reset(worker->env, t.seed, NULL, NULL, 0);
    if (status == PAB_OK)
        status = pab_env_describe(worker->env, &now);
    for (uint32_t c = 0; status == PAB_OK && c <= plan->candidates; c++)
        status = pab_policy_reset(t.own->along[c], worker->env);
    place_starts(&t, number, now.steps);
    return status == PAB_OK ? pab__rollout_resume(&r, NULL) : status;
}
