/* One episode after the other: what the agent under study sees, does and is paid. */
#include "qlearn/agent.h"

#include "base/hash.h"

#include <math.h>

typedef struct episode {
    const pab__study *study;
    pab__player *player;
    pab__draw *draw;
    pab__move *moves; /* NULL: not wanted */
    pab__played *out;
    double *rewards;  /* by step; NULL: not wanted */
    const double *less; /* by step, taken off; NULL: nothing */
} episode;

static pab_status step(episode *e, pab__expert_state *state, pab_step_result *r)
{
    pab_env *env = e->player->env;
    pab__moment now;
    double reward;
    pab_status status = pab__agent_look(e->study, env, state, e->draw, &now);
    if (status == PAB_OK)
        status = pab__agent_act(e->study, env, &now, now.move.action, r, &reward);
    if (status != PAB_OK)
        return status;
    int32_t k = now.context.status.step;
    e->out->reward += reward;
    if (e->rewards)
        e->rewards[k] = reward;
    if (!e->moves)
        return PAB_OK;
    if (e->out->moves == 0 || !pab__agent_is_over(e->study, &now.f)) { /* what follows the last belongs to it */
        e->moves[e->out->moves++] = now.move;
        e->out->decisions++;
        e->out->agreed += now.move.action == now.move.rule;
        e->out->explore += now.explore;
    }
    e->moves[e->out->moves - 1].reward += reward - (e->less ? e->less[k] : 0);
    return PAB_OK;
}

static pab_status play(episode *e, uint64_t seed)
{
    pab_step_result r = {.struct_size = sizeof r};
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    pab__expert_state state = {{0, 0}};
    pab_env *env = e->player->env;
    *e->out = (pab__played){0};
    pab_status status = pab__agent_reset(e->study, env, seed);
    while (status == PAB_OK && (r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0)
        status = step(e, &state, &r);
    if (status == PAB_OK)
        status = pab_env_metrics(env, &metrics);
    e->out->shortfall = metrics.shortfall;
    e->out->tracking = metrics.tracking_error;
    /* What the rule was paid after this episode was over. */
    for (uint32_t k = (uint32_t)r.step; status == PAB_OK && e->less && k < e->study->steps; k++)
        e->moves[e->out->moves - 1].reward -= e->less[k];
    return status;
}

/* The rule's rewards on a job's seed. */
static pab_status play_rule(const pab__study *study, pab__player *player, uint64_t seed, double *total)
{
    pab__study rule = *study;
    pab__played played;
    episode e = {.study = &rule, .player = player, .out = &played, .rewards = player->before};
    rule.how = PAB__PLAY_RULE;
    for (uint32_t k = 0; k < study->steps; k++)
        player->before[k] = 0;
    pab_status status = play(&e, seed);
    *total = played.reward;
    return status;
}

pab_status pab__play_job(const pab__study *study, pab__player *player, uint32_t job, pab__move *moves,
                         pab__played *played)
{
    uint64_t seed = study->seed(study, job);
    double rule = 0;
    pab_status status = PAB_OK;
    if (study->how == PAB__PLAY_FORK)
        return pab__play_forks(study, player, job, moves, played);
    if (study->baseline)
        status = play_rule(study, player, seed, &rule);
    for (uint32_t i = 0; status == PAB_OK && i < study->repeats; i++) {
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__move *own = moves + (size_t)i * pab__study_room(study);
        episode e = {.study = study, .player = player, .draw = &draw, .moves = own, .out = &played[i],
                     .less = study->baseline ? player->before : NULL};
        pab__rng_seed(&rng, pab__rng_key(study->key, (uint64_t)job * study->repeats + i, 1));
        status = play(&e, seed);
        played[i].rule = rule;
    }
    return status;
}
