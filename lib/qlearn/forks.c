/* Forked episodes: the trunk is played as the tables say. Where the rule says something for the first time, a copy of
 * the market does another thing there and wherever the rule says the same again; the rest goes on as the tables say. */
#include "qlearn/agent.h"

#include "base/hash.h"

static int is_last(const pab_step_result *r)
{
    return (r->flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) != 0;
}

/* The return of doing move->action from here on, wherever the rule says the same and it is legal. */
static pab_status branch(const pab__study *study, pab__player *player, const pab__moment *at, pab__expert_state state,
                         pab__move *move)
{
    pab_step_result r = {.struct_size = sizeof r};
    pab__moment now = *at;
    pab_status status = pab_env_copy(player->fork, player->env);
    move->reward = 0;
    while (status == PAB_OK && !is_last(&r)) {
        double reward = 0;
        int keeps = now.move.rule == move->rule && (now.move.legal >> move->action & 1) != 0;
        status = pab__agent_act(study, player->fork, &now, keeps ? move->action : now.move.action, &r, &reward);
        move->reward += reward;
        if (status == PAB_OK && !is_last(&r))
            status = pab__agent_look(study, player->fork, &state, NULL, &now);
    }
    return status;
}

/* What a fork is to do here; 0: nothing. */
static int wants(const pab__study *study, const pab__moment *at, pab__draw *draw, pab__move *out)
{
    *out = at->move;
    out->instead = at->move.action;
    out->action = -1;
    if (!pab__agent_is_over(study, &at->f))
        out->action = pab__table_try(&study->q->table[study->table], out->state, out->legal, out->rule, out->instead,
                                     draw);
    return out->action >= 0;
}

/* The trunk, with its forks; step[i] receives where fork i left it, rewards by step what the trunk was paid. */
static pab_status grow(const pab__study *study, pab__player *player, pab__draw *draw, pab__move *moves,
                       uint32_t *step, double *total)
{
    pab_step_result r = {.struct_size = sizeof r};
    pab__expert_state state = {{0, 0}};
    uint32_t made = 0, met = 0; /* forks; bit r: the rule said r before */
    pab_status status = PAB_OK;
    for (uint32_t k = 0; status == PAB_OK && !is_last(&r); k++) {
        pab__moment now;
        status = pab__agent_look(study, player->env, &state, NULL, &now);
        if (status == PAB_OK && made < study->repeats && (met >> now.move.rule & 1) == 0 &&
            wants(study, &now, draw, &moves[made])) {
            status = branch(study, player, &now, state, &moves[made]);
            step[made++] = k;
            met |= UINT32_C(1) << now.move.rule;
        }
        if (status == PAB_OK)
            status = pab__agent_act(study, player->env, &now, now.move.action, &r, &player->before[k]);
        *total += status == PAB_OK ? player->before[k] : 0;
    }
    for (uint32_t i = made; i < study->repeats; i++)
        moves[i] = (pab__move){.action = -1};
    return status;
}

pab_status pab__play_forks(const pab__study *study, pab__player *player, uint32_t job, pab__move *moves,
                           pab__played *played)
{
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    uint32_t step[PAB__FORKS_MAX];
    double total = 0;
    pab__rng rng;
    pab__draw draw = {.rng = &rng};
    pab__rng_seed(&rng, pab__rng_key(study->key, job, 1));
    for (uint32_t k = 0; k < study->steps; k++)
        player->before[k] = 0;
    pab_status status = pab__agent_reset(study, player->env, study->seed(study, job));
    if (status == PAB_OK)
        status = grow(study, player, &draw, moves, step, &total);
    if (status == PAB_OK)
        status = pab_env_metrics(player->env, &metrics);
    for (uint32_t i = 0; i < study->repeats; i++) {
        played[i] = (pab__played){.moves = moves[i].action >= 0, .reward = total, .shortfall = metrics.shortfall,
                                  .tracking = metrics.tracking_error};
        for (uint32_t k = step[i]; played[i].moves > 0 && k < study->steps; k++)
            moves[i].reward -= player->before[k];
    }
    return status;
}
