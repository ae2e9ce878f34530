/* Sharing jobs out among threads. Which thread plays a job changes nothing of what it writes. */
#include "qlearn/rounds.h"

#include "base/jobs.h"
#include "env/pair.h"

enum { ERROR_TEXT = 700 };

typedef struct rally {
    pab__crew *crew;
    const pab__study *study;
    pab__move *moves;
    pab__played *played;
} rally;

pab_status pab__crew_new(pab_scenario *scn, uint32_t threads, pab__crew *out)
{
    const pab__pair_plan *plan = &pab__pair_of(scn)->plan;
    pab__crew crew = {.host = scn->host, .steps = (uint32_t)(plan->horizon / plan->interval)};
    pab_status status = pab__threads_new(&crew.host, threads, "options.threads", &crew.threads);
    if (status != PAB_OK)
        return status;
    crew.count = pab__threads_count(crew.threads);
    crew.players = pab__alloc(&crew.host, crew.count * sizeof *crew.players);
    if (!crew.players)
        status = pab__fail(PAB_E_MEMORY, "no memory for %u threads", crew.count);
    for (uint32_t i = 0; status == PAB_OK && i < crew.count; i++) {
        status = pab_env_new(scn, &crew.players[i].env);
        if (status == PAB_OK)
            status = pab_env_new(scn, &crew.players[i].fork);
        crew.players[i].before = pab__alloc(&crew.host, crew.steps * sizeof(double));
        if (status == PAB_OK && !crew.players[i].before)
            status = pab__fail(PAB_E_MEMORY, "no memory for an episode of %u steps", crew.steps);
    }
    if (status == PAB_OK)
        *out = crew;
    else
        pab__crew_free(&crew);
    return status;
}

void pab__crew_free(pab__crew *crew)
{
    for (uint32_t i = 0; crew->players && i < crew->count; i++) {
        pab_env_free(crew->players[i].env);
        pab_env_free(crew->players[i].fork);
        pab__release(&crew->host, crew->players[i].before, crew->steps * sizeof(double));
    }
    if (crew->players)
        pab__release(&crew->host, crew->players, crew->count * sizeof *crew->players);
    pab__threads_free(crew->threads);
    *crew = (pab__crew){0};
}

static pab_status play(void *user, uint32_t thread, uint32_t job)
{
    const rally *r = user;
    const pab__study *s = r->study;
    size_t first = (size_t)job * s->repeats;
    pab_status status = pab__play_job(s, &r->crew->players[thread], job, r->moves + first * pab__study_room(s),
                                      r->played + first);
    char why[ERROR_TEXT];
    if (status == PAB_OK)
        return PAB_OK;
    pab_last_error(why, sizeof why);
    return pab__fail(status, "episode of seed %llu: %s", (unsigned long long)s->seed(s, job), why);
}

pab_status pab__crew_play(pab__crew *crew, const pab__study *study, pab__move *moves, pab__played *played)
{
    rally r = {.crew = crew, .study = study, .moves = moves, .played = played};
    const pab__jobs jobs = {.count = study->jobs, .run = play, .user = &r};
    return pab__jobs_run(crew->threads, &jobs);
}
