/* Local refinement: in each cell, weight moves to the experts whose own action turned out cheaper there.
 *
 * Episodes of the ensemble are forked at decisions drawn so that often visited cells do not crowd out the rest. In each
 * fork one expert's action is played, then the ensemble continues in the same future. */
#include <math.h>

#include "base/rng.h"
#include "eval/table.h"
#include "env/pair.h"
#include "sip/search.h"

enum { ROUND = 64 };
enum { RESULT_VISITS, RESULT_FOUND, RESULTS };
#define STEP 0.3    /* of the logarithm of a weight, per standard error */
#define FAR 3.0     /* standard errors that count at most */
#define SPARE 1.5   /* visits to expect for each that is needed */

/* A decision that was forked. */
typedef struct visit {
    int32_t cell;
    uint32_t forks;
    double cost[PAB_EXPERT_COUNT]; /* of the whole episode, bps */
} visit;

/* A cell's visits: costs of experts less their mean there. */
typedef struct evidence {
    double visits, sum[PAB_EXPERT_COUNT], square;
} evidence;

typedef struct sweep {
    pab__sip_search *search;
    const pab__sip_table *table;
    uint32_t block, first, count, steps; /* seeds of the round, decisions of an episode */
    double chance[PAB__SIP_CELLS];       /* that a decision there is forked */
    visit *visits;                       /* [ROUND][steps] */
    uint32_t found[ROUND];               /* visits of each episode */
    pab__results results[RESULTS];
    evidence cell[PAB__SIP_CELLS];
    pab_sip_sweep row;
} sweep;

static double cost_of(const sweep *w, const pab_episode_metrics *m)
{
    return m->shortfall + w->search->multiplier * m->tracking_error;
}

/* --- One episode --- */

typedef struct trunk {
    sweep *sweep;
    pab_env *fork;
    pab__draw *draw;
    pab__sip_actor actor;
    visit *visits;
    uint32_t found;
} trunk;

/* A fork: one action, then the ensemble. */
typedef struct branch {
    int32_t first; /* joint action to begin with; below 0: done */
    pab__sip_actor actor;
} branch;

static pab_status branch_decide(void *user, const pab_env *env, pab_decision *out)
{
    branch *b = user;
    if (b->first < 0)
        return pab__sip_decide(&b->actor, env, out);
    *out = pab__sip_decision(b->first);
    b->first = -1;
    return PAB_OK;
}

static pab_status play_fork(const trunk *t, const pab_env *env, int32_t joint, double *cost)
{
    branch b = {.first = joint, .actor = t->actor};
    const pab__rollout r = {.env = t->fork, .decide = branch_decide, .user = &b};
    pab_episode_metrics metrics;
    pab_status status = pab_env_copy(t->fork, env);
    if (status == PAB_OK)
        status = pab__rollout_resume(&r, &metrics);
    if (status == PAB_OK)
        *cost = cost_of(t->sweep, &metrics);
    return status;
}

/* Forks every distinct choice of the experts once. The ensemble's own (NaN) needs no fork: the episode has it. */
static pab_status try_experts(trunk *t, const pab_env *env, int32_t cell, int32_t usual,
                              const int32_t choice[PAB_EXPERT_COUNT])
{
    visit *v = &t->visits[t->found++];
    pab_status status = PAB_OK;
    *v = (visit){.cell = cell};
    for (int e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++) {
        int same = 0;
        while (same < e && choice[same] != choice[e])
            same++;
        v->cost[e] = choice[e] == usual ? NAN : v->cost[same];
        if (choice[e] != usual && same == e) {
            status = play_fork(t, env, choice[e], &v->cost[e]);
            v->forks++;
        }
    }
    return status;
}

static pab_status trunk_decide(void *user, const pab_env *env, pab_decision *out)
{
    trunk *t = user;
    const pab__psi *psi = t->actor.psi;
    const double draw = pab__draw_double(t->draw);
    int32_t choice[PAB_EXPERT_COUNT];
    pab_status status = pab__sip_decide(&t->actor, env, out);
    if (status != PAB_OK || draw >= t->sweep->chance[psi->cell] || t->found == t->sweep->steps)
        return status;
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        choice[e] = pab__qtable_best(psi->z[e]);
    return try_experts(t, env, psi->cell, psi->best, choice);
}

static pab_status play_trunk(trunk *t, pab_env *env, uint64_t seed)
{
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    const pab__rollout r = {.env = env, .decide = trunk_decide, .user = t};
    pab_episode_metrics metrics;
    t->draw = &draw;
    pab__rng_seed(&rng, pab__rng_key(seed, t->sweep->block, 4));
    pab_status status = pab__rollout_episode(&r, seed, NULL, &metrics);
    for (uint32_t i = 0; status == PAB_OK && i < t->found; i++)
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            if (isnan(t->visits[i].cost[e]))
                t->visits[i].cost[e] = cost_of(t->sweep, &metrics);
    return status;
}

/* --- Rounds of episodes --- */

static pab_status play(void *user, uint32_t thread, uint32_t i)
{
    sweep *w = user;
    pab__sip_search *s = w->search;
    const pab__worker *own = &s->workers.all.worker[thread];
    trunk t = {.sweep = w, .fork = own->fork, .visits = pab__results_at(&w->results[RESULT_VISITS], i, 0),
               .actor = {.experts = s->workers.experts, .table = w->table, .psi = own->scratch}};
    const uint64_t seed = pab__sip_seed(PAB_SPLIT_TRAIN, s->options.master_seed, w->block, w->first + i);
    pab_status status = play_trunk(&t, own->env, seed);
    *(uint32_t *)pab__results_at(&w->results[RESULT_FOUND], i, 0) = t.found;
    return status;
}

/* In the order of the episodes, for any number of threads. */
static void gather(sweep *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        for (uint32_t k = 0; k < w->found[i]; k++) {
            const visit *v = &w->visits[(size_t)i * w->steps + k];
            evidence *cell = &w->cell[v->cell];
            double mean = 0;
            for (int e = 0; e < PAB_EXPERT_COUNT; e++)
                mean += v->cost[e] / PAB_EXPERT_COUNT;
            for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
                cell->sum[e] += v->cost[e] - mean;
                cell->square += (v->cost[e] - mean) * (v->cost[e] - mean);
            }
            cell->visits++;
            w->row.visits++;
            w->row.forks += v->forks;
        }
    }
    w->row.episodes += w->count;
}

static pab_status explore(sweep *w)
{
    pab__sip_workers *workers = &w->search->workers;
    const uint32_t episodes = w->search->how.final_seeds;
    pab_status status = PAB_OK;
    for (w->first = 0; status == PAB_OK && w->first < episodes; w->first += w->count) {
        w->count = episodes - w->first < ROUND ? episodes - w->first : ROUND;
        const pab__jobs jobs = {.count = w->count, .run = play, .user = w, .results = w->results,
                                .result_count = RESULTS};
        status = pab__jobs_run(workers->all.threads, &jobs);
        if (status == PAB_OK)
            gather(w);
    }
    return status;
}

/* --- Weights --- */

/* How many standard errors an expert's costs lie above the mean of all. */
static double excess(const evidence *cell, int e)
{
    double n = cell->visits, between = 0;
    for (int k = 0; k < PAB_EXPERT_COUNT; k++)
        between += cell->sum[k] * cell->sum[k] / n;
    double error = sqrt(fmax(0, cell->square - between) / (PAB_EXPERT_COUNT * (n - 1) * n));
    double mean = cell->sum[e] / n;
    return mean == 0 ? 0 : fmax(-FAR, fmin(FAR, mean / fmax(error, 1e-9)));
}

static void move(sweep *w, pab__sip_table *table)
{
    for (int c = 0; c < PAB__SIP_CELLS; c++) {
        const evidence *cell = &w->cell[c];
        double *weight = table->cell[c].weight, sum = 0;
        if (cell->visits < w->search->how.refine_visits || cell->visits < 2)
            continue;
        w->row.cells++;
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            sum += weight[e] *= exp(-STEP * excess(cell, e));
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            weight[e] /= sum;
    }
}

/* --- Sweeps --- */

static void release_visits(sweep *w)
{
    pab__release(&w->search->host, w->visits, (size_t)ROUND * w->steps * sizeof *w->visits);
}

static pab_status prepare(sweep *w, pab__sip_search *s, const double visits[PAB__SIP_CELLS])
{
    pab_status status = PAB_OK;
    w->search = s;
    w->steps = (uint32_t)(pab__pair_of(s->scn)->plan.horizon / pab__pair_of(s->scn)->plan.interval);
    w->visits = pab__alloc(&s->host, (size_t)ROUND * w->steps * sizeof *w->visits);
    if (!w->visits)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u visits of a sweep", ROUND * w->steps);
    w->results[RESULT_VISITS] = pab__results_array(w->visits, w->steps * sizeof *w->visits);
    w->results[RESULT_FOUND] = pab__results_array(w->found, sizeof *w->found);
    /* As many episodes are forked as the visits were counted on. */
    for (int c = 0; c < PAB__SIP_CELLS; c++)
        w->chance[c] = visits[c] > 0 ? fmin(1, SPARE * s->how.refine_visits / visits[c]) : 0;
    return status;
}

/* Costs on the final seeds; `room` is for three times as many. */
static pab_status evaluate(pab__sip_search *s, const pab__sip_table *table, double *room, pab__sip_costs *out)
{
    const uint32_t n = s->how.final_seeds;
    const pab__sip_evaluation evaluation = {
        .table = table, .tables = 1, .seeds = n, .split = PAB_SPLIT_TRAIN, .block = PAB__SIP_FINAL_BLOCK,
        .master_seed = s->options.master_seed, .shortfall = room, .tracking = room + n,
    };
    pab_status status = pab__sip_evaluate(&s->workers, &evaluation);
    if (status == PAB_OK)
        pab__sip_costs_of(room, room + n, n, room + 2 * (size_t)n, out);
    return status;
}

static pab_status one_sweep(sweep *w, pab__sip_table *table, double *objective, double *room)
{
    pab__sip_state *state = w->search->state;
    pab__sip_table moved = *table;
    pab__sip_costs costs;
    w->table = table;
    w->block = PAB__SIP_SWEEP_BLOCK + state->sweeps;
    w->row = (pab_sip_sweep){.struct_size = sizeof w->row, .before = *objective};
    for (int c = 0; c < PAB__SIP_CELLS; c++)
        w->cell[c] = (evidence){0};
    pab_status status = explore(w);
    if (status != PAB_OK)
        return status;
    move(w, &moved);
    status = evaluate(w->search, &moved, room, &costs);
    if (status != PAB_OK)
        return status;
    w->row.after = pab__sip_objective(&costs, w->search->how.eta);
    w->row.accepted = w->row.after < w->row.before && pab__sip_is_feasible(w->search, costs.tracking);
    if (w->row.accepted) {
        state->refined = 1;
        state->better = *table = moved;
        *objective = w->row.after;
    }
    state->sweep[state->sweeps++] = w->row;
    return PAB_OK;
}

pab_status pab__sip_refine(pab__sip_search *s, const double visits[PAB__SIP_CELLS], pab__sip_table *table,
                           double objective)
{
    const size_t size = 3 * (size_t)s->how.final_seeds * sizeof(double);
    double *room = pab__alloc(&s->host, size);
    sweep *w = pab__alloc(&s->host, sizeof *w);
    pab_status status = PAB_OK;
    if (!room || !w)
        status = pab__fail(PAB_E_MEMORY, "no memory to refine on %u seeds", s->how.final_seeds);
    if (status == PAB_OK)
        status = prepare(w, s, visits);
    while (status == PAB_OK && s->state->sweeps < s->how.refine) {
        status = one_sweep(w, table, &objective, room);
        if (status == PAB_OK)
            status = pab__sip_checkpoint_save(s);
        if (status == PAB_OK)
            status = pab__progress_report(s->options.progress, "sip refine", s->state->sweeps, s->how.refine);
    }
    if (w && w->search)
        release_visits(w);
    pab__release(&s->host, w, sizeof *w);
    pab__release(&s->host, room, size);
    return status;
}
