/* Validation of the table in training: the return of its advice, its gain over that, and the mode it will act in. */
#include "qlearn/train.h"

#include "eval/stats.h"

#include <math.h>

#define GAIN 0.5 /* standard errors that count as a gain */

static uint64_t validation_seed(const pab__learning_task *task, uint32_t job)
{
    uint32_t each = task->jobs / PAB_REGIME_COUNT;
    return pab_seed(PAB_SPLIT_VALIDATION, (int32_t)(job / each), job % each);
}

static pab_status validate(pab__qlearn_trainer *g, int32_t how, int32_t mode, double *agreement)
{
    pab__qlearn_training *t = g->t;
    pab__learning_task task = {.q = t->q, .table = t->table, .how = how, .mode = mode, .forks = t->plan.forks,
                               .repeats = 1, .jobs = t->validation_episodes, .steps = g->workers.steps,
                               .seed = validation_seed};
    pab_status status = pab__qlearn_workers_run(&g->workers, &task, g->moves, g->result);
    double agreed = 0, decisions = 0;
    for (uint32_t i = 0; i < t->validation_episodes; i++) {
        agreed += g->result[i].agreed;
        decisions += g->result[i].decisions;
    }
    *agreement = decisions > 0 ? agreed / decisions : 1;
    return status;
}

/* Mean return of the last validation less the rule's, and its standard error. */
static double gain_of(const pab__qlearn_trainer *g, double *mean, double *error)
{
    const pab__qlearn_training *t = g->t;
    double n = t->validation_episodes, sum = 0, all = 0, square = 0;
    for (uint32_t i = 0; i < t->validation_episodes; i++) {
        sum += g->result[i].reward - t->rule[i];
        all += g->result[i].reward;
    }
    for (uint32_t i = 0; i < t->validation_episodes; i++) {
        double off = g->result[i].reward - t->rule[i] - sum / n;
        square += off * off;
    }
    *mean = all / n;
    *error = sqrt(square / (n * (n - 1)));
    return sum / n;
}

pab_status pab__qlearn_validate_rule(pab__qlearn_trainer *g)
{
    pab__qlearn_training *t = g->t;
    pab_qtable_round row = pab__qlearn_round_empty(t);
    double mean, error;
    pab_status status = validate(g, PAB__LEARNING_RULE, PAB_TABLE_RULE, &row.agreement);
    for (uint32_t i = 0; i < t->validation_episodes; i++)
        t->rule[i] = g->result[i].reward;
    gain_of(g, &mean, &error);
    row.validation = mean;
    row.gain = row.gain_error = 0;
    t->begun = 1;
    t->stale = 0;
    t->best = -INFINITY;
    t->bar = mean; /* a gain is a gain over the advice */
    t->best_round = 0;
    if (t->plan.forks)
        pab__table_share(&t->q->table[t->table], pab__learning_rates_forks.prior);
    pab__table_copy(pab__qlearn_kept(t), &t->q->table[t->table]);
    return status == PAB_OK ? pab__qtable_add_round(t->q, &row) : status;
}

pab_status pab__qlearn_validate(pab__qlearn_trainer *g, pab_qtable_round *row)
{
    pab__qlearn_training *t = g->t;
    pab_status status = pab__table_scale(&t->q->table[t->table], &t->q->verdict[t->table].scale);
    if (status == PAB_OK)
        status = validate(g, PAB__LEARNING_GREEDY, PAB_TABLE_PLAIN, &row->agreement);
    if (status != PAB_OK)
        return status;
    row->gain = gain_of(g, &row->validation, &row->gain_error);
    if (row->validation > t->best) {
        t->best = row->validation;
        t->best_round = t->round;
        pab__table_copy(pab__qlearn_kept(t), &t->q->table[t->table]);
    }
    int gained = row->validation > t->bar + GAIN * row->gain_error;
    t->stale = gained ? 0 : t->stale + 1;
    if (gained)
        t->bar = row->validation;
    return PAB_OK;
}

pab_status pab__qlearn_finish_table(pab__qlearn_trainer *g)
{
    pab__qlearn_training *t = g->t;
    pab__table *table = &t->q->table[t->table];
    pab__qtable_verdict *v = &t->q->verdict[t->table];
    double mean, agreement, error[2];
    pab__table_copy(table, pab__qlearn_kept(t));
    v->best_round = t->best_round;
    pab_status status = pab__table_scale(table, &v->scale);
    if (status == PAB_OK)
        status = validate(g, PAB__LEARNING_GREEDY, PAB_TABLE_PLAIN, &agreement);
    v->plain_gain = gain_of(g, &mean, &error[0]);
    if (status == PAB_OK)
        status = validate(g, PAB__LEARNING_GREEDY, PAB_TABLE_CONFIDENT, &agreement);
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
