/* A job is one episode. It writes to room of its own for the longest episode; gaps are closed in the end. */
#include "moedpo/distil_collect.h"

#include "base/rng.h"
#include "eval/rollout.h"
#include "eval/workers.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_SEED = 0x73656564, PURPOSE_NOISE = 0x6e6f6973, HELD_OUT_EVERY = 10 };

enum { RESULT_INPUTS, RESULT_TARGETS, RESULT_LENGTHS, RESULTS };

typedef struct collector {
    const pab__distil_collection *plan;
    const pab__teacher *teacher;
    pab__workers workers; /* their scratch: the teacher's memory */
    uint32_t steps;       /* at most, of an episode */
    uint32_t *lengths;    /* steps of each episode */
    pab__results results[RESULTS];
} collector;

/* An episode on its way. */
typedef struct episode {
    const collector *in;
    void *memory;
    pab__mixture_input *inputs; /* room for in->steps of them */
    pab__distil_target *targets;
    uint32_t length;
    pab__rng rng;
} episode;

static int32_t best_score(const double score[PAB_ENV_JOINT_ACTIONS])
{
    int32_t best = -1;
    for (int32_t i = 0; i < PAB_ENV_JOINT_ACTIONS; i++)
        if (score[i] > -INFINITY && (best < 0 || score[i] > score[best]))
            best = i;
    return best;
}

static int32_t random_action(const double score[PAB_ENV_JOINT_ACTIONS], pab__draw *draw)
{
    int32_t legal[PAB_ENV_JOINT_ACTIONS], count = 0;
    for (int32_t i = 0; i < PAB_ENV_JOINT_ACTIONS; i++)
        if (score[i] > -INFINITY)
            legal[count++] = i;
    return legal[pab__draw_randint(draw, 0, count)];
}

static int32_t choose(episode *e, const pab__teacher_output *output, const pab__mixture_input *input)
{
    const pab__distil_collection *plan = e->in->plan;
    pab__draw draw = {.rng = &e->rng};
    if (plan->noise > 0.0 && pab__draw_double(&draw) < plan->noise)
        return random_action(output->score[PAB_MOE_ANCHOR], &draw);
    if (plan->actor != PAB__DISTIL_ACTOR_STUDENT)
        return best_score(output->score[plan->actor]);
    pab__mixture_pass pass;
    double pi[PAB_ENV_JOINT_ACTIONS];
    pab__mixture_forward(plan->student, plan->anchor ? PAB_MOE_COMPONENTS : PAB_EXPERT_COUNT, input, &pass);
    pab__mixture_policy(&pass, pi);
    return pab__mixture_best(pi, input->legal);
}

static void set_target(const pab__distil_collection *plan, const pab__teacher_output *output,
                       pab__distil_target *target)
{
    *target = (pab__distil_target){0};
    for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++)
        pab__distil_target_set(target, e, output->score[e], plan->temperature);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        target->gate[e] = (float)(plan->anchor ? 0.5 * output->weight[e] : output->weight[e]);
    target->gate[PAB_MOE_ANCHOR] = plan->anchor ? 0.5f : 0.0f;
}

/* Records the state and the teacher's target, then chooses an action. */
static pab_status decide(void *user, const pab_env *env, pab_decision *out)
{
    episode *e = user;
    if (e->length == e->in->steps)
        return PAB__ROLLOUT_STOP;
    pab__mixture_input *input = &e->inputs[e->length];
    pab__teacher_output output;
    pab_status status = pab__mixture_input_observe(input, env);
    if (status == PAB_OK)
        status = e->in->teacher->teach(e->in->teacher->user, e->memory, env, &output);
    if (status != PAB_OK)
        return status;
    set_target(e->in->plan, &output, &e->targets[e->length]);
    int32_t action = choose(e, &output, input);
    out->action[0] = action / PAB_ENV_LEG_ACTIONS;
    out->action[1] = action % PAB_ENV_LEG_ACTIONS;
    e->length++;
    return PAB_OK;
}

static uint64_t seed_of(const pab__distil_collection *plan, uint32_t number)
{
    uint64_t key = pab__rng_key(plan->seed, number, PURPOSE_SEED);
    return pab_seed(PAB_SPLIT_TRAIN, (int32_t)(number % PAB_REGIME_COUNT), key >> 16);
}

static pab_status run_episode(void *user, uint32_t thread, uint32_t job)
{
    const collector *c = user;
    const pab__worker *own = &c->workers.worker[thread];
    const uint32_t number = c->plan->first + job;
    episode e = {.in = c, .memory = own->scratch, .inputs = pab__results_at(&c->results[RESULT_INPUTS], job, 0),
                 .targets = pab__results_at(&c->results[RESULT_TARGETS], job, 0)};
    pab__rng_seed(&e.rng, pab__rng_key(c->plan->seed, number, PURPOSE_NOISE));
    memset(e.memory, 0, c->teacher->memory);
    const pab__rollout rollout = {.env = own->env, .decide = decide, .user = &e};
    pab_status status = pab__rollout_episode(&rollout, seed_of(c->plan, number), NULL, NULL);
    *(uint32_t *)pab__results_at(&c->results[RESULT_LENGTHS], job, 0) = e.length;
    return status;
}

/* Most steps of an episode, from one that is only begun. */
static pab_status count_steps(collector *c)
{
    pab_env_status begun = {.struct_size = sizeof begun};
    pab_env *env = c->workers.worker[0].env;
    pab_status status = pab_env_reset(env, seed_of(c->plan, c->plan->first), NULL, NULL, 0);
    if (status == PAB_OK)
        status = pab_env_describe(env, &begun);
    if (status == PAB_OK)
        c->steps = (uint32_t)begun.steps;
    return status;
}

static pab_status run_episodes(collector *c, pab__distil_dataset *dataset)
{
    const uint32_t count = dataset->count;
    c->results[RESULT_INPUTS] = pab__results_array(dataset->inputs + count, c->steps * sizeof *dataset->inputs);
    c->results[RESULT_TARGETS] = pab__results_array(dataset->targets + count, c->steps * sizeof *dataset->targets);
    c->results[RESULT_LENGTHS] = pab__results_array(c->lengths, sizeof *c->lengths);
    const pab__jobs jobs = {.count = c->plan->episodes, .run = run_episode, .user = c, .what = "distillation, episode",
                            .progress = c->plan->progress, .stage = "distil", .total = c->plan->episodes,
                            .results = c->results, .result_count = RESULTS};
    return pab__jobs_run(c->workers.threads, &jobs);
}

/* Closes the gaps behind episodes that are shorter than the longest may be. */
static void compact(const collector *c, pab__distil_dataset *d)
{
    uint32_t base = d->count;
    for (uint32_t e = 0; e < c->plan->episodes; e++) {
        uint32_t from = base + e * c->steps, length = c->lengths[e];
        memmove(d->inputs + d->count, d->inputs + from, length * sizeof *d->inputs);
        memmove(d->targets + d->count, d->targets + from, length * sizeof *d->targets);
        memset(d->held_out + d->count, (c->plan->first + e) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1, length);
        d->count += length;
    }
}

pab_status pab__distil_collect(pab__distil_dataset *dataset, pab_scenario *scn, pab__threads *threads,
                               const pab__teacher *teacher, const pab__distil_collection *collection)
{
    const pab_host host = dataset->host;
    const pab__workers_plan plan = {.lent = threads, .scratch = teacher->memory + 1};
    const size_t lengths = (collection->episodes + 1) * sizeof(uint32_t);
    collector c = {.plan = collection, .teacher = teacher};
    if (collection->episodes == 0)
        return PAB_OK;
    pab_status status = pab__workers_new(&host, scn, &plan, &c.workers);
    c.lengths = pab__alloc(&host, lengths);
    if (status == PAB_OK && !c.lengths)
        status = pab__fail(PAB_E_MEMORY, "no memory for the lengths of %u episodes", collection->episodes);
    if (status == PAB_OK)
        status = count_steps(&c);
    if (status == PAB_OK)
        status = pab__distil_dataset_reserve(dataset, collection->episodes * c.steps);
    if (status == PAB_OK)
        status = run_episodes(&c, dataset);
    if (status == PAB_OK)
        compact(&c, dataset);
    pab__release(&host, c.lengths, lengths);
    pab__workers_free(&c.workers);
    return status;
}
