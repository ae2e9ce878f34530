/* Stage 1 training: leg A, leg B, then the pair, each from the validation of the rule to the choice of its mode. */
#include "qlearn/train.h"

#include "base/hash.h"
#include "env/pair.h"

#include <math.h>

static pab_status advance(pab__qlearn_trainer *g)
{
    pab__qlearn_training *t = g->t;
    if (!t->begun)
        return pab__qlearn_validate_rule(g);
    if (t->round < t->plan.rounds && t->stale < t->plan.patience)
        return pab__qlearn_round(g);
    return pab__qlearn_finish_table(g);
}

static pab_status run(pab__qlearn_trainer *g)
{
    pab__qlearn_training *t = g->t;
    pab_status status = PAB_OK;
    const uint64_t total = (uint64_t)PAB_TABLE_COUNT * t->plan.rounds;
    while (status == PAB_OK && t->table < PAB_TABLE_COUNT) {
        status = advance(g);
        if (status == PAB_OK)
            status = pab__qlearn_checkpoint_save(t);
        if (status == PAB_OK && t->options.log_path)
            status = pab__qtable_write_curve(t->q, t->options.log_path);
        if (status == PAB_OK)
            status = pab__progress_report(t->options.progress, "train_qtable",
                                          (uint64_t)t->table * t->plan.rounds + t->round, total);
    }
    return status;
}

static uint64_t identity_of(const pab__qlearn_training *t)
{
    const pab_qtable_options *p = &t->plan;
    const uint64_t numbers[] = {t->q->fingerprint, (uint64_t)t->q->expert, t->options.master_seed, p->rounds,
                                p->episodes, p->repeats, (uint64_t)p->baseline, p->validation, p->interval,
                                p->patience, (uint64_t)p->forks};
    const double reals[] = {p->trace, p->prior_visits};
    return pab__hash_mix(pab__hash(numbers, sizeof numbers), pab__hash(reals, sizeof reals));
}

static pab_status prepare(pab__qlearn_trainer *g, pab_scenario *scn, int32_t expert)
{
    pab__qlearn_training *t = g->t;
    t->host = scn->host;
    t->validation_episodes = t->plan.validation * PAB_REGIME_COUNT;
    pab_status status = pab__qtable_new(&t->host, expert, &t->q);
    if (status == PAB_OK)
        pab__bins_of(pab__pair_of(scn), &t->q->bins);
    if (status == PAB_OK)
        status = pab__table_new(&t->host, PAB__BINS_LEG_STATES, PAB_ENV_LEG_ACTIONS, &t->kept[0]);
    if (status == PAB_OK)
        status = pab__table_new(&t->host, PAB__BINS_PAIR_STATES, PAB__ACTION_CLASS_PAIRS, &t->kept[1]);
    if (status == PAB_OK)
        status = pab__qlearn_workers_new(scn, t->options.threads, &g->workers);
    if (status != PAB_OK)
        return status;
    t->q->fingerprint = scn->fingerprint;
    t->q->master_seed = t->options.master_seed;
    t->identity = identity_of(t);
    g->room = t->plan.episodes > t->validation_episodes ? t->plan.episodes : t->validation_episodes;
    t->rule = pab__alloc(&t->host, t->validation_episodes * sizeof *t->rule);
    g->moves = pab__alloc(&t->host, (size_t)g->room * g->workers.steps * sizeof *g->moves);
    g->result = pab__alloc(&t->host, g->room * sizeof *g->result);
    if (!t->rule || !g->moves || !g->result)
        return pab__fail(PAB_E_MEMORY, "no memory for rounds of %u episodes of %u steps", g->room, g->workers.steps);
    return PAB_OK;
}

static void clean_up(pab__qlearn_trainer *g)
{
    pab__qlearn_training *t = g->t;
    pab_host *host = &t->host;
    uint32_t steps = g->workers.steps;
    pab__qlearn_workers_free(&g->workers);
    if (g->moves)
        pab__release(host, g->moves, (size_t)g->room * steps * sizeof *g->moves);
    if (g->result)
        pab__release(host, g->result, g->room * sizeof *g->result);
    if (t->rule)
        pab__release(host, t->rule, t->validation_episodes * sizeof *t->rule);
    pab__table_free(&t->kept[0]);
    pab__table_free(&t->kept[1]);
    pab_qtable_free(t->q);
}

static pab_status check_scenario(const pab_scenario *scn, int32_t expert, pab_qtable **out)
{
    if (!scn || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !scn ? "scn" : "out");
    if (expert < 0 || expert >= PAB_EXPERT_COUNT)
        return pab__fail(PAB_E_RANGE, "expert %d does not exist; expected 0 to %d", expert, PAB_EXPERT_COUNT - 1);
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", scn->name);
    if (scn->rng != PAB_RNG_FAST)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has rng: abides, whose seeds have no splits; learning "
                         "needs rng: fast", scn->name);
    return PAB_OK;
}

pab_status pab_qtable_train(pab_scenario *scn, int32_t expert, const pab_learn_options *options, pab_qtable **out)
{
    pab__qlearn_training t = {.best = -INFINITY};
    pab__qlearn_trainer g = {.t = &t};
    int found;
    pab_status status = check_scenario(scn, expert, out);
    if (status == PAB_OK)
        status = pab__learn_options_take(options, &t.options, &t.plan);
    if (status != PAB_OK)
        return status;
    status = prepare(&g, scn, expert);
    if (status == PAB_OK)
        status = pab__qlearn_checkpoint_load(&t, &found);
    if (status == PAB_OK)
        status = run(&g);
    if (status == PAB_OK) {
        *out = t.q;
        t.q = NULL;
    }
    clean_up(&g);
    return status;
}
