/* Stage 1 training: leg A, leg B, then the pair; rounds of episodes with frozen tables, updates in their order. */
#include "qlearn/train.h"

#include "base/hash.h"
#include "eval/stats.h"
#include "market/scenario.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_SEED = 11, PURPOSE_DRAWS = 12, PURPOSE_COIN = 13 };

#define INDEX_MASK UINT64_C(0xffffffffffff)
#define RULE_FADES 0.6 /* of the rounds: until then the rule's share in exploration falls ... */
#define RULE_LEAST 0.1 /* ... to this */
#define GAIN 0.5       /* standard errors that count as a gain */

/* What a run needs beside its state. */
typedef struct gym {
    pab__training *t;
    pab__crew crew;
    pab__move *moves;     /* of a round, or of a validation */
    pab__played *played;
    uint32_t room;        /* episodes */
    uint32_t done, total; /* rounds, for the progress hook */
} gym;

/* --- Seeds --- */

static uint64_t training_seed(const pab__study *study, uint32_t job)
{
    int32_t regime = (int32_t)((job + (study->key >> 1)) % PAB_REGIME_COUNT);
    return pab_seed(PAB_SPLIT_TRAIN, regime, pab__rng_key(study->key, job, PURPOSE_SEED) & INDEX_MASK);
}

static uint64_t validation_seed(const pab__study *study, uint32_t job)
{
    uint32_t each = study->jobs / PAB_REGIME_COUNT;
    return pab_seed(PAB_SPLIT_VALIDATION, (int32_t)(job / each), job % each);
}

/* Names a round of a run. */
static uint64_t key_of(const pab__training *t, uint32_t round)
{
    uint64_t stage = (uint64_t)t->q->expert << 8 | (uint64_t)t->table;
    return pab__rng_key(t->options.master_seed, stage << 32 | round, PURPOSE_DRAWS);
}

/* --- Validation --- */

static pab_status judge(gym *g, int32_t how, int32_t mode, double *agreement)
{
    pab__training *t = g->t;
    pab__study study = {.q = t->q, .table = t->table, .how = how, .mode = mode, .forks = t->plan.forks, .repeats = 1,
                        .jobs = t->judges, .steps = g->crew.steps, .seed = validation_seed};
    pab_status status = pab__crew_play(&g->crew, &study, g->moves, g->played);
    double agreed = 0, decisions = 0;
    for (uint32_t i = 0; i < t->judges; i++) {
        agreed += g->played[i].agreed;
        decisions += g->played[i].decisions;
    }
    *agreement = decisions > 0 ? agreed / decisions : 1;
    return status;
}

/* Mean return of the validation just played, less the rule's, and the standard error of that. */
static double gain_of(const gym *g, double *mean, double *error)
{
    const pab__training *t = g->t;
    double n = t->judges, sum = 0, all = 0, square = 0;
    for (uint32_t i = 0; i < t->judges; i++) {
        sum += g->played[i].reward - t->rule[i];
        all += g->played[i].reward;
    }
    for (uint32_t i = 0; i < t->judges; i++) {
        double off = g->played[i].reward - t->rule[i] - sum / n;
        square += off * off;
    }
    *mean = all / n;
    *error = sqrt(square / (n * (n - 1)));
    return sum / n;
}

static pab_qtable_round empty_round(const pab__training *t)
{
    pab_qtable_round r = {.struct_size = sizeof r, .table = t->table, .round = t->round};
    r.reward = r.advantage = r.shortfall = r.tracking = r.entropy = r.missed = r.explore = r.rule_share = NAN;
    r.validation = r.gain = r.gain_error = r.agreement = NAN;
    return r;
}

/* The rule on the validation seeds: what the table is held against. */
static pab_status begin_table(gym *g)
{
    pab__training *t = g->t;
    pab_qtable_round row = empty_round(t);
    double mean, error;
    pab_status status = judge(g, PAB__PLAY_RULE, PAB_TABLE_RULE, &row.agreement);
    for (uint32_t i = 0; i < t->judges; i++)
        t->rule[i] = g->played[i].reward;
    gain_of(g, &mean, &error);
    row.validation = mean;
    row.gain = row.gain_error = 0;
    t->begun = 1;
    t->stale = 0;
    t->best = -INFINITY;
    t->bar = mean; /* what does not beat its advice gains nothing */
    t->best_round = 0;
    if (t->plan.forks)
        pab__table_share(&t->q->table[t->table], pab__fork_rates.prior);
    pab__table_copy(pab__training_kept(t), &t->q->table[t->table]);
    return status == PAB_OK ? pab__qtable_add_round(t->q, &row) : status;
}

static pab_status validate(gym *g, pab_qtable_round *row)
{
    pab__training *t = g->t;
    pab_status status = pab__table_scale(&t->q->table[t->table], &t->q->verdict[t->table].scale);
    if (status == PAB_OK)
        status = judge(g, PAB__PLAY_GREEDY, PAB_TABLE_PLAIN, &row->agreement);
    if (status != PAB_OK)
        return status;
    row->gain = gain_of(g, &row->validation, &row->gain_error);
    if (row->validation > t->best) {
        t->best = row->validation;
        t->best_round = t->round;
        pab__table_copy(pab__training_kept(t), &t->q->table[t->table]);
    }
    int gained = row->validation > t->bar + GAIN * row->gain_error;
    t->stale = gained ? 0 : t->stale + 1;
    if (gained)
        t->bar = row->validation;
    return PAB_OK;
}

/* --- Rounds --- */

static pab__study study_of(const gym *g)
{
    const pab__training *t = g->t;
    double faded = 1 - (t->round - 1) / (RULE_FADES * t->plan.rounds);
    return (pab__study){
        .q = t->q,
        .table = t->table,
        .how = t->plan.forks ? PAB__PLAY_FORK : PAB__PLAY_EXPLORE,
        .mode = PAB_TABLE_PLAIN,
        .baseline = t->plan.baseline,
        .forks = t->plan.forks,
        .repeats = t->plan.repeats,
        .jobs = t->plan.episodes / t->plan.repeats,
        .steps = g->crew.steps,
        .curiosity = {fmax(RULE_LEAST, faded), pab__default_rates.prior, 0.5, 0.02},
        .key = key_of(t, t->round),
        .seed = training_seed,
    };
}

/* Which half learns from an episode is a coin of its own; forks of one trunk share it. */
static int half_of(const pab__study *study, uint32_t episode)
{
    return (int)(pab__rng_key(study->key, study->forks ? episode / study->repeats : episode, PURPOSE_COIN) >> 17 & 1);
}

static void learn_from_episodes(gym *g, const pab__study *study, pab_qtable_round *row)
{
    pab__training *t = g->t;
    pab__rates rates = pab__default_rates;
    double n = t->plan.episodes, moves = 0;
    rates.trace = t->plan.trace;
    rates.prior_visits = t->plan.prior_visits;
    row->missed = row->explore = row->advantage = 0;
    for (uint32_t i = 0; i < t->plan.episodes; i++) {
        const pab__played *p = &g->played[i];
        row->missed += pab__table_learn(&t->q->table[t->table], g->moves + (size_t)i * pab__study_room(study), p->moves,
                                        half_of(study, i), &rates);
        row->explore += p->explore;
        row->advantage += (p->reward - p->rule) / n;
        moves += p->moves;
    }
    row->missed /= moves;
    row->explore /= moves;
    row->rule_share = study->curiosity.rule_share;
    if (!t->plan.baseline)
        row->advantage = NAN;
}

static void learn_from_forks(gym *g, const pab__study *study, pab_qtable_round *row)
{
    pab__training *t = g->t;
    pab__rates rates = pab__fork_rates;
    double n = 0;
    rates.prior_visits = t->plan.prior_visits;
    row->missed = row->advantage = 0;
    for (uint32_t i = 0; i < t->plan.episodes; i++) {
        if (g->played[i].moves == 0)
            continue;
        row->missed += pab__table_compare(&t->q->table[t->table], &g->moves[i], half_of(study, i), &rates);
        row->advantage += g->moves[i].reward;
        n++;
    }
    row->missed /= fmax(1, n);
    row->advantage /= fmax(1, n);
}

/* Updates in the order of episodes. */
static void learn(gym *g, const pab__study *study, pab_qtable_round *row)
{
    pab__training *t = g->t;
    double n = t->plan.episodes;
    row->reward = row->shortfall = row->tracking = 0;
    for (uint32_t i = 0; i < t->plan.episodes; i++) {
        row->reward += g->played[i].reward / n;
        row->shortfall += g->played[i].shortfall / n;
        row->tracking += g->played[i].tracking / n;
    }
    if (t->plan.forks)
        learn_from_forks(g, study, row);
    else
        learn_from_episodes(g, study, row);
    row->visited = pab__table_visited(&t->q->table[t->table]);
    row->entropy = pab__table_entropy(&t->q->table[t->table]);
}

static pab_status play_round(gym *g)
{
    pab__training *t = g->t;
    t->round++;
    pab_qtable_round row = empty_round(t);
    pab__study study = study_of(g);
    pab_status status = pab__crew_play(&g->crew, &study, g->moves, g->played);
    if (status != PAB_OK)
        return status;
    learn(g, &study, &row);
    if (t->round % t->plan.interval == 0 || t->round == t->plan.rounds)
        status = validate(g, &row);
    return status == PAB_OK ? pab__qtable_add_round(t->q, &row) : status;
}

/* Keeps the best table, and decides how far it is to be trusted: by the gain over the rule on validation seeds. */
static pab_status end_table(gym *g)
{
    pab__training *t = g->t;
    pab__table *table = &t->q->table[t->table];
    pab__verdict *v = &t->q->verdict[t->table];
    double mean, agreement, error[2];
    pab__table_copy(table, pab__training_kept(t));
    v->best_round = t->best_round;
    pab_status status = pab__table_scale(table, &v->scale);
    if (status == PAB_OK)
        status = judge(g, PAB__PLAY_GREEDY, PAB_TABLE_PLAIN, &agreement);
    v->plain_gain = gain_of(g, &mean, &error[0]);
    if (status == PAB_OK)
        status = judge(g, PAB__PLAY_GREEDY, PAB_TABLE_CONFIDENT, &agreement);
    v->confident_gain = gain_of(g, &mean, &error[1]);
    v->mode = v->plain_gain > 0 ? PAB_TABLE_PLAIN : v->confident_gain > 0 ? PAB_TABLE_CONFIDENT : PAB_TABLE_RULE;
    v->gain = v->mode == PAB_TABLE_PLAIN ? v->plain_gain : v->mode == PAB_TABLE_CONFIDENT ? v->confident_gain : 0;
    v->gain_error = v->mode == PAB_TABLE_RULE ? 0 : error[v->mode];
    static const char *const modes[] = {"decides", "decides where it is confident", "leaves everything to the rule"};
    pab__log(&t->host, PAB_LOG_INFO, "qlearn", "%s table %d %s: gain %.3f bps (plain %.3f, confident %.3f)",
             pab_policy_builtin((uint32_t)t->q->expert), t->table, modes[v->mode], v->gain, v->plain_gain,
             v->confident_gain);
    t->table++;
    t->begun = 0;
    t->round = 0;
    return status;
}

/* --- The whole --- */

static pab_status advance(gym *g)
{
    pab__training *t = g->t;
    if (!t->begun)
        return begin_table(g);
    if (t->round < t->plan.rounds && t->stale < t->plan.patience)
        return play_round(g);
    return end_table(g);
}

static pab_status run(gym *g)
{
    pab__training *t = g->t;
    pab_status status = PAB_OK;
    const uint64_t total = (uint64_t)PAB_TABLE_COUNT * t->plan.rounds;
    while (status == PAB_OK && t->table < PAB_TABLE_COUNT) {
        status = advance(g);
        if (status == PAB_OK)
            status = pab__checkpoint_save(t);
        if (status == PAB_OK && t->options.log_path != NULL)
            status = pab__qtable_write_curve(t->q, t->options.log_path);
        if (status == PAB_OK)
            status = pab__tell(t->options.progress, "train_qtable", (uint64_t)t->table * t->plan.rounds + t->round,
                               total);
    }
    return status;
}

static uint64_t identity_of(const pab__training *t)
{
    const pab_qtable_options *p = &t->plan;
    const uint64_t numbers[] = {t->q->fingerprint, (uint64_t)t->q->expert, t->options.master_seed, p->rounds,
                                p->episodes, p->repeats, (uint64_t)p->baseline, p->validation, p->interval,
                                p->patience, (uint64_t)p->forks};
    const double reals[] = {p->trace, p->prior_visits};
    return pab__hash_mix(pab__hash(numbers, sizeof numbers), pab__hash(reals, sizeof reals));
}

static pab_status prepare(gym *g, pab_scenario *scn, int32_t expert)
{
    pab__training *t = g->t;
    t->host = scn->host;
    t->judges = t->plan.validation * PAB_REGIME_COUNT;
    pab_status status = pab__qtable_new(&t->host, expert, &t->q);
    if (status == PAB_OK)
        pab__bins_of(&scn->pair, &t->q->bins);
    if (status == PAB_OK)
        status = pab__table_new(&t->host, PAB__LEG_STATES, PAB_ENV_LEG_ACTIONS, &t->kept[0]);
    if (status == PAB_OK)
        status = pab__table_new(&t->host, PAB__PAIR_STATES, PAB__CLASS_PAIRS, &t->kept[1]);
    if (status == PAB_OK)
        status = pab__crew_new(scn, t->options.threads, &g->crew);
    if (status != PAB_OK)
        return status;
    t->q->fingerprint = scn->fingerprint;
    t->q->master_seed = t->options.master_seed;
    t->identity = identity_of(t);
    g->room = t->plan.episodes > t->judges ? t->plan.episodes : t->judges;
    t->rule = pab__alloc(&t->host, t->judges * sizeof *t->rule);
    g->moves = pab__alloc(&t->host, (size_t)g->room * g->crew.steps * sizeof *g->moves);
    g->played = pab__alloc(&t->host, g->room * sizeof *g->played);
    if (t->rule == NULL || g->moves == NULL || g->played == NULL)
        return pab__fail(PAB_E_MEMORY, "no memory for rounds of %u episodes of %u steps", g->room, g->crew.steps);
    return PAB_OK;
}

static void clean_up(gym *g)
{
    pab__training *t = g->t;
    pab_host *host = &t->host;
    uint32_t steps = g->crew.steps;
    pab__crew_free(&g->crew);
    if (g->moves != NULL)
        pab__release(host, g->moves, (size_t)g->room * steps * sizeof *g->moves);
    if (g->played != NULL)
        pab__release(host, g->played, g->room * sizeof *g->played);
    if (t->rule != NULL)
        pab__release(host, t->rule, t->judges * sizeof *t->rule);
    pab__table_free(&t->kept[0]);
    pab__table_free(&t->kept[1]);
    pab_qtable_free(t->q);
}

static pab_status check_scenario(const pab_scenario *scn, int32_t expert, pab_qtable **out)
{
    if (scn == NULL || out == NULL)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", scn == NULL ? "scn" : "out");
    if (expert < 0 || expert >= PAB_EXPERT_COUNT)
        return pab__fail(PAB_E_RANGE, "expert %d does not exist; expected 0 to %d", expert, PAB_EXPERT_COUNT - 1);
    if (!scn->pair.given)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has no section 'pair'", scn->name);
    if (scn->rng != PAB_RNG_FAST)
        return pab__fail(PAB_E_UNSUPPORTED, "scenario \"%s\" has rng: abides, whose seeds have no splits; learning "
                         "needs rng: fast", scn->name);
    return PAB_OK;
}

pab_status pab_qtable_train(pab_scenario *scn, int32_t expert, const pab_learn_options *options, pab_qtable **out)
{
    pab__training t = {.best = -INFINITY};
    gym g = {.t = &t};
    int found;
    pab_status status = check_scenario(scn, expert, out);
    if (status == PAB_OK)
        status = pab__learn_options_take(options, &t.options, &t.plan);
    if (status != PAB_OK)
        return status;
    status = prepare(&g, scn, expert);
    if (status == PAB_OK)
        status = pab__checkpoint_load(&t, &found);
    if (status == PAB_OK)
        status = run(&g);
    if (status == PAB_OK) {
        *out = t.q;
        t.q = NULL;
    }
    clean_up(&g);
    return status;
}
