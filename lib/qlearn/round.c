/* A round: episodes or forks with frozen tables, then updates in their order. */
#include "qlearn/train.h"

#include <math.h>

enum { PURPOSE_SEED = 11, PURPOSE_DRAWS = 12, PURPOSE_COIN = 13 };

#define INDEX_MASK UINT64_C(0xffffffffffff)
#define RULE_FADES 0.6 /* of the rounds: until then the rule's share in exploration falls ... */
#define RULE_LEAST 0.1 /* ... to this */

static uint64_t training_seed(const pab__learning_task *task, uint32_t job)
{
    int32_t regime = (int32_t)((job + (task->key >> 1)) % PAB_REGIME_COUNT);
    return pab_seed(PAB_SPLIT_TRAIN, regime, pab__rng_key(task->key, job, PURPOSE_SEED) & INDEX_MASK);
}

/* Key of a round's draws. */
static uint64_t key_of(const pab__qlearn_training *t, uint32_t round)
{
    uint64_t stage = (uint64_t)t->q->expert << 8 | (uint64_t)t->table;
    return pab__rng_key(t->options.master_seed, stage << 32 | round, PURPOSE_DRAWS);
}

pab_qtable_round pab__qlearn_round_empty(const pab__qlearn_training *t)
{
    pab_qtable_round r = {.struct_size = sizeof r, .table = t->table, .round = t->round};
    r.reward = r.advantage = r.shortfall = r.tracking = r.entropy = r.missed = r.explore = r.rule_share = NAN;
    r.validation = r.gain = r.gain_error = r.agreement = NAN;
    return r;
}

static pab__learning_task task_of(const pab__qlearn_trainer *g)
{
    const pab__qlearn_training *t = g->t;
    double faded = 1 - (t->round - 1) / (RULE_FADES * t->plan.rounds);
    return (pab__learning_task){
        .q = t->q,
        .table = t->table,
        .how = t->plan.forks ? PAB__LEARNING_FORK : PAB__LEARNING_EXPLORE,
        .mode = PAB_TABLE_PLAIN,
        .baseline = t->plan.baseline,
        .forks = t->plan.forks,
        .repeats = t->plan.repeats,
        .jobs = t->plan.episodes / t->plan.repeats,
        .steps = g->workers.steps,
        .exploration = {fmax(RULE_LEAST, faded), pab__learning_rates_episodes.prior, 0.5, 0.02},
        .key = key_of(t, t->round),
        .seed = training_seed,
    };
}

/* A coin per episode chooses the half that learns; forks of one trunk share it. */
static int half_of(const pab__learning_task *task, uint32_t episode)
{
    return (int)(pab__rng_key(task->key, task->forks ? episode / task->repeats : episode, PURPOSE_COIN) >> 17 & 1);
}

static void learn_from_episodes(pab__qlearn_trainer *g, const pab__learning_task *task, pab_qtable_round *row)
{
    pab__qlearn_training *t = g->t;
    pab__learning_rates rates = pab__learning_rates_episodes;
    double n = t->plan.episodes, moves = 0;
    rates.trace = t->plan.trace;
    rates.prior_visits = t->plan.prior_visits;
    row->missed = row->explore = row->advantage = 0;
    for (uint32_t i = 0; i < t->plan.episodes; i++) {
        const pab__learning_result *p = &g->result[i];
        row->missed += pab__table_learn(&t->q->table[t->table], g->moves + (size_t)i * pab__learning_task_moves(task),
                                        p->moves, half_of(task, i), &rates);
        row->explore += p->explore;
        row->advantage += (p->reward - p->rule) / n;
        moves += p->moves;
    }
    row->missed /= moves;
    row->explore /= moves;
    row->rule_share = task->exploration.rule_share;
    if (!t->plan.baseline)
        row->advantage = NAN;
}

static void learn_from_forks(pab__qlearn_trainer *g, const pab__learning_task *task, pab_qtable_round *row)
{
    pab__qlearn_training *t = g->t;
    pab__learning_rates rates = pab__learning_rates_forks;
    double n = 0;
    rates.prior_visits = t->plan.prior_visits;
    row->missed = row->advantage = 0;
    for (uint32_t i = 0; i < t->plan.episodes; i++) {
        if (g->result[i].moves == 0)
            continue;
        row->missed += pab__table_compare(&t->q->table[t->table], &g->moves[i], half_of(task, i), &rates);
        row->advantage += g->moves[i].reward;
        n++;
    }
    row->missed /= fmax(1, n);
    row->advantage /= fmax(1, n);
}

/* Updates in the order of episodes. */
static void learn(pab__qlearn_trainer *g, const pab__learning_task *task, pab_qtable_round *row)
{
    pab__qlearn_training *t = g->t;
    double n = t->plan.episodes;
    row->reward = row->shortfall = row->tracking = 0;
    for (uint32_t i = 0; i < t->plan.episodes; i++) {
        row->reward += g->result[i].reward / n;
        row->shortfall += g->result[i].shortfall / n;
        row->tracking += g->result[i].tracking / n;
    }
    if (t->plan.forks)
        learn_from_forks(g, task, row);
    else
        learn_from_episodes(g, task, row);
    row->visited = pab__table_visited(&t->q->table[t->table]);
    row->entropy = pab__table_entropy(&t->q->table[t->table]);
}

pab_status pab__qlearn_round(pab__qlearn_trainer *g)
{
    pab__qlearn_training *t = g->t;
    t->round++;
    pab_qtable_round row = pab__qlearn_round_empty(t);
    pab__learning_task task = task_of(g);
    pab_status status = pab__qlearn_workers_run(&g->workers, &task, g->moves, g->result);
    if (status != PAB_OK)
        return status;
    learn(g, &task, &row);
    if (t->round % t->plan.interval == 0 || t->round == t->plan.rounds)
        status = pab__qlearn_validate(g, &row);
    return status == PAB_OK ? pab__qtable_add_round(t->q, &row) : status;
}
