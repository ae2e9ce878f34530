/* States with lessons, and how they are collected. */
#include "moedpo/school.h"

#include "base/rng.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { PURPOSE_SEED = 0x73656564, PURPOSE_NOISE = 0x6e6f6973, HELD_EVERY = 10, ERROR_TEXT = 512 };

typedef struct walker {
    pab_env *env;
    void *memory;
    uint32_t failed; /* episode, UINT32_MAX: none */
    pab_status status;
    char error[ERROR_TEXT];
} walker;

typedef struct walk {
    pab__notes *notes;
    const pab__teacher *teacher;
    const pab__excursion *on;
    walker *walkers;
    uint32_t threads;
    uint32_t steps; /* at most, of an episode */
    uint32_t *lengths;
    _Atomic uint32_t next, finished;
    _Atomic int stop;
    pab_status told;
} walk;

void pab__notes_init(pab__notes *notes, const pab_host *host)
{
    *notes = (pab__notes){.host = *host};
}

void pab__notes_free(pab__notes *notes)
{
    pab__release(&notes->host, notes->points, notes->cap * sizeof *notes->points);
    pab__release(&notes->host, notes->lessons, notes->cap * sizeof *notes->lessons);
    pab__release(&notes->host, notes->held, notes->cap * sizeof *notes->held);
    *notes = (pab__notes){0};
}

pab_status pab__notes_reserve(pab__notes *notes, uint32_t more)
{
    uint64_t wanted = (uint64_t)notes->count + more;
    if (wanted <= notes->cap)
        return PAB_OK;
    pab__notes larger = {.host = notes->host, .count = notes->count, .cap = (uint32_t)wanted};
    if (wanted < UINT32_MAX) {
        larger.points = pab__alloc(&notes->host, wanted * sizeof *larger.points);
        larger.lessons = pab__alloc(&notes->host, wanted * sizeof *larger.lessons);
        larger.held = pab__alloc(&notes->host, wanted * sizeof *larger.held);
    }
    if (!larger.points || !larger.lessons || !larger.held) {
        pab__notes_free(&larger);
        return pab__fail(PAB_E_MEMORY, "no memory for the lessons of %llu states", (unsigned long long)wanted);
    }
    if (notes->count > 0) {
        memcpy(larger.points, notes->points, notes->count * sizeof *larger.points);
        memcpy(larger.lessons, notes->lessons, notes->count * sizeof *larger.lessons);
        memcpy(larger.held, notes->held, notes->count * sizeof *larger.held);
    }
    pab__notes_free(notes);
    *notes = larger;
    return PAB_OK;
}

static int32_t best_score(const double score[PAB__ACTIONS])
{
    int32_t best = -1;
    for (int32_t i = 0; i < PAB__ACTIONS; i++)
        if (score[i] > -INFINITY && (best < 0 || score[i] > score[best]))
            best = i;
    return best;
}

static int32_t any_action(const double score[PAB__ACTIONS], pab__draw *draw)
{
    int32_t legal[PAB__ACTIONS], count = 0;
    for (int32_t i = 0; i < PAB__ACTIONS; i++)
        if (score[i] > -INFINITY)
            legal[count++] = i;
    return legal[pab__draw_randint(draw, 0, count)];
}

static int32_t choose(const walk *w, const pab__teaching *said, const pab__point *point, pab__draw *draw)
{
    const pab__excursion *on = w->on;
    if (on->noise > 0.0 && pab__draw_double(draw) < on->noise)
        return any_action(said->score[PAB__ANCHOR], draw);
    if (on->actor != PAB__ACTOR_STUDENT)
        return best_score(said->score[on->actor]);
    pab__pass pass;
    double pi[PAB__ACTIONS];
    pab__pass_forward(on->student, on->anchor ? PAB__COMPONENTS : PAB_EXPERT_COUNT, point, &pass);
    pab__pass_policy(&pass, pi);
    return pab__pass_best(pi, point->legal);
}

static void write_lesson(const pab__excursion *on, const pab__teaching *said, pab__lesson *lesson)
{
    *lesson = (pab__lesson){0};
    for (uint32_t e = 0; e < PAB__COMPONENTS; e++)
        pab__lesson_set(lesson, e, said->score[e], on->temperature);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        lesson->gate[e] = (float)(on->anchor ? 0.5 * said->weight[e] : said->weight[e]);
    lesson->gate[PAB__ANCHOR] = on->anchor ? 0.5f : 0.0f;
}

/* One decision: what is seen, what teachers say, what is done. */
static pab_status decide(const walk *w, walker *own, uint32_t slot, pab__draw *draw, int32_t action[PAB_ENV_LEGS])
{
    pab__teaching said;
    float obs[PAB_ENV_OBSERVATIONS];
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    pab__point *point = &w->notes->points[slot];
    pab_status status = pab_env_observe(own->env, obs, PAB_ENV_OBSERVATIONS);
    if (status == PAB_OK)
        status = pab_env_legal(own->env, mask);
    if (status == PAB_OK)
        status = w->teacher->teach(w->teacher->user, own->memory, own->env, &said);
    if (status != PAB_OK)
        return status;
    pab__point_set(point, obs, mask);
    write_lesson(w->on, &said, &w->notes->lessons[slot]);
    int32_t joint = choose(w, &said, point, draw);
    action[0] = joint / PAB__LEG_ACTIONS;
    action[1] = joint % PAB__LEG_ACTIONS;
    return PAB_OK;
}

static pab_status play_episode(walk *w, walker *own, uint32_t episode, uint64_t seed)
{
    pab_step_result result = {.struct_size = sizeof result};
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    uint32_t at = w->notes->count + episode * w->steps;
    pab__rng_seed(&rng, pab__rng_key(w->on->seed, w->on->first + episode, PURPOSE_NOISE));
    memset(own->memory, 0, w->teacher->memory + 1);
    pab_status status = pab_env_reset(own->env, seed, NULL, NULL, 0);
    while (status == PAB_OK && (result.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0 &&
           w->lengths[episode] < w->steps) {
        int32_t action[PAB_ENV_LEGS];
        status = decide(w, own, at + w->lengths[episode], &draw, action);
        if (status == PAB_OK)
            status = pab_env_step(own->env, action, NULL, 0, &result);
        w->lengths[episode] += status == PAB_OK;
    }
    return status;
}

static uint64_t seed_of(const pab__excursion *on, uint32_t episode)
{
    uint64_t number = on->first + episode;
    uint64_t key = pab__rng_key(on->seed, number, PURPOSE_SEED);
    return pab_seed(PAB_SPLIT_TRAIN, (int32_t)(number % PAB_REGIME_COUNT), key >> 16);
}

static void roam(void *user, uint32_t thread, uint32_t threads)
{
    walk *w = user;
    walker *own = &w->walkers[thread];
    (void)threads;
    while (!atomic_load(&w->stop)) {
        uint32_t episode = atomic_fetch_add(&w->next, 1);
        if (episode >= w->on->episodes)
            break;
        own->status = play_episode(w, own, episode, seed_of(w->on, episode));
        if (own->status != PAB_OK) {
            own->failed = episode;
            pab_last_error(own->error, sizeof own->error);
            atomic_store(&w->stop, 1);
            break;
        }
        atomic_fetch_add(&w->finished, 1);
        const pab_progress *hook = w->on->progress;
        if (thread == 0 && hook && hook->report &&
            hook->report(hook->user, "distil", atomic_load(&w->finished), w->on->episodes) != 0) {
            w->told = PAB_E_CANCELLED;
            atomic_store(&w->stop, 1);
        }
    }
}

/* Closes the gaps that shorter episodes leave. */
static void close_up(walk *w)
{
    pab__notes *n = w->notes;
    uint32_t base = n->count;
    for (uint32_t e = 0; e < w->on->episodes; e++) {
        uint32_t from = base + e * w->steps;
        memmove(n->points + n->count, n->points + from, w->lengths[e] * sizeof *n->points);
        memmove(n->lessons + n->count, n->lessons + from, w->lengths[e] * sizeof *n->lessons);
        memset(n->held + n->count, (w->on->first + e) % HELD_EVERY == HELD_EVERY - 1, w->lengths[e]);
        n->count += w->lengths[e];
    }
}

static pab_status outcome(const walk *w)
{
    const walker *first = NULL;
    for (uint32_t t = 0; t < w->threads; t++) {
        const walker *own = &w->walkers[t];
        if (own->status != PAB_OK && (!first || own->failed < first->failed))
            first = own;
    }
    if (first)
        return pab__fail(first->status, "distillation, episode %u: %s", first->failed, first->error);
    return w->told == PAB_OK ? PAB_OK : pab__fail(w->told, "distil: the progress hook asked to stop");
}

static pab_status make_walkers(walk *w, pab_scenario *scn, const pab_host *host)
{
    pab_status status = PAB_OK;
    w->walkers = pab__alloc(host, w->threads * sizeof *w->walkers);
    w->lengths = pab__alloc(host, (w->on->episodes + 1) * sizeof *w->lengths);
    if (!w->walkers || !w->lengths)
        return pab__fail(PAB_E_MEMORY, "no memory for %u episodes", w->on->episodes);
    for (uint32_t t = 0; status == PAB_OK && t < w->threads; t++) {
        w->walkers[t].failed = UINT32_MAX;
        w->walkers[t].memory = pab__alloc(host, w->teacher->memory + 1);
        status = !w->walkers[t].memory ? pab__fail(PAB_E_MEMORY, "no memory for a teacher")
                                              : pab_env_new(scn, &w->walkers[t].env);
    }
    return status;
}

static void free_walkers(walk *w, const pab_host *host)
{
    for (uint32_t t = 0; w->walkers && t < w->threads; t++) {
        pab_env_free(w->walkers[t].env);
        pab__release(host, w->walkers[t].memory, w->teacher->memory + 1);
    }
    pab__release(host, w->walkers, w->threads * sizeof *w->walkers);
    pab__release(host, w->lengths, (w->on->episodes + 1) * sizeof *w->lengths);
}

/* Steps of an episode, from one that is only begun. */
static pab_status episode_steps(walk *w)
{
    pab_env_status status = {.struct_size = sizeof status};
    pab_status result = pab_env_reset(w->walkers[0].env, seed_of(w->on, 0), NULL, NULL, 0);
    if (result == PAB_OK)
        result = pab_env_describe(w->walkers[0].env, &status);
    if (result == PAB_OK)
        w->steps = (uint32_t)status.steps;
    return result;
}

pab_status pab__notes_collect(pab__notes *notes, pab_scenario *scn, pab__threads *threads, const pab__teacher *teacher,
                              const pab__excursion *excursion)
{
    const pab_host host = notes->host;
    walk w = {.notes = notes, .teacher = teacher, .on = excursion, .threads = pab__threads_count(threads)};
    if (excursion->episodes == 0)
        return PAB_OK;
    pab_status status = make_walkers(&w, scn, &host);
    if (status == PAB_OK)
        status = episode_steps(&w);
    if (status == PAB_OK)
        status = pab__notes_reserve(notes, excursion->episodes * w.steps);
    if (status == PAB_OK) {
        pab__threads_run(threads, roam, &w);
        status = outcome(&w);
    }
    if (status == PAB_OK)
        close_up(&w);
    free_walkers(&w, &host);
    return status;
}
