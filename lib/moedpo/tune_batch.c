/* Gradients of one start's preferences and of one replayed state. */
#include "moedpo/tune_batch.h"

#include <math.h>
#include <string.h>

/* Sums over a trajectory's steps, each by its weight: the components' log ratios to the reference, then these. */
enum {
    SUM_MIX = PAB_MOE_COMPONENTS, /* the mixture's log ratio; with cpl its logarithm */
    SUM_LOG,                      /* ln pi */
    SUM_WEIGHT,
    SUMS
};

/* Scratch of a shard: a pass and a slope per input; per trajectory its sums, and the derivatives of the loss by the
 * first six of them. */
typedef struct scratch {
    pab__mixture_pass *pass;
    pab__mixture_slope *slope;
    double (*sum)[SUMS];
    double (*by_sum)[PAB_MOE_COMPONENTS + 1];
} scratch;

void pab__tune_weights_default(pab__tune_weights *weights, int32_t loss)
{
    *weights = (pab__tune_weights){.loss = loss, .beta = 0.5, .kl = 0.02, .imitation = 0.05, .balance = 0.01,
                                   .entropy = 0.001};
}

static uint32_t first_trajectory(const pab__tune_dataset *dataset, const pab__tune_start *start)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = start->first_pair; i < start->end_pair; i++) {
        const pab__tune_pair *pair = &dataset->pairs[i];
        least = pair->winner < least ? pair->winner : least;
        least = pair->loser < least ? pair->loser : least;
    }
    for (uint32_t i = start->first_listed; i < start->end_listed; i++)
        least = dataset->listed[i] < least ? dataset->listed[i] : least;
    return least;
}

static uint32_t trajectory_count(const pab__tune_dataset *dataset, const pab__tune_start *start)
{
    uint32_t first = first_trajectory(dataset, start), end = first;
    for (uint32_t i = start->first_pair; i < start->end_pair; i++) {
        const pab__tune_pair *pair = &dataset->pairs[i];
        end = pair->winner >= end ? pair->winner + 1 : end;
        end = pair->loser >= end ? pair->loser + 1 : end;
    }
    for (uint32_t i = start->first_listed; i < start->end_listed; i++)
        end = dataset->listed[i] >= end ? dataset->listed[i] + 1 : end;
    return end - first;
}

size_t pab__tune_batch_scratch(const pab__tune_dataset *dataset)
{
    /* A replayed state needs its own pass and the reference's. */
    size_t most = 2 * (sizeof(pab__mixture_pass) + sizeof(pab__mixture_slope));
    for (uint32_t s = 0; s < dataset->count.starts; s++) {
        const pab__tune_start *start = &dataset->starts[s];
        const size_t inputs = start->end_input - start->first_input, trajectories = trajectory_count(dataset, start);
        size_t size = inputs * (sizeof(pab__mixture_pass) + sizeof(pab__mixture_slope)) +
                      trajectories * (SUMS + PAB_MOE_COMPONENTS + 1) * sizeof(double);
        most = size > most ? size : most;
    }
    return most;
}

static scratch scratch_of(const pab__trainer_shard *shard, uint32_t inputs, uint32_t trajectories)
{
    scratch d;
    char *at = shard->scratch;
    d.pass = (pab__mixture_pass *)(void *)at;
    at += inputs * sizeof *d.pass;
    d.slope = (pab__mixture_slope *)(void *)at;
    at += inputs * sizeof *d.slope;
    d.sum = (double (*)[SUMS])(void *)at;
    at += trajectories * sizeof *d.sum;
    d.by_sum = (double (*)[PAB_MOE_COMPONENTS + 1])(void *)at;
    memset(d.slope, 0, inputs * sizeof *d.slope);
    memset(d.sum, 0, trajectories * (sizeof *d.sum + sizeof *d.by_sum));
    return d;
}

void pab__tune_batch_reference(const pab__tune_dataset *dataset, const pab__mixture_net *net, uint32_t components,
                               pab__tune_log *out)
{
    pab__mixture_pass pass;
    uint32_t at = UINT32_MAX;
    for (uint32_t i = 0; i < dataset->count.steps; i++) {
        const pab__tune_step *step = &dataset->steps[i];
        if (step->input != at)
            pab__mixture_forward(net, components, &dataset->inputs[step->input], &pass);
        at = step->input;
        for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++)
            out[i].component[e] = e < components ? pab__joint_log(&pass.joint[e], step->action) : 0.0;
        out[i].mixture = pab__mixture_log(&pass, step->action, NULL);
    }
}

static void sum_trajectory(const pab__tune_batch *b, const pab__tune_start *start, const scratch *d,
                           uint32_t trajectory,
                           double *sum)
{
    double reference_weight = b->weights->loss == PAB_LOSS_CPL ? 0.0 : 1.0;
    const pab__tune_trajectory *t = &b->dataset->trajectories[trajectory];
    for (uint32_t i = t->first; i < t->end; i++) {
        const pab__tune_step *step = &b->dataset->steps[i];
        const pab__mixture_pass *pass = &d->pass[step->input - start->first_input];
        double log_pi = pab__mixture_log(pass, step->action, NULL);
        for (uint32_t e = 0; e < b->components && b->weights->loss == PAB_LOSS_MBT; e++)
            sum[e] += step->weight * (pab__joint_log(&pass->joint[e], step->action) - b->reference_log[i].component[e]);
        sum[SUM_MIX] += step->weight * (log_pi - reference_weight * b->reference_log[i].mixture);
        sum[SUM_LOG] += step->weight * log_pi;
        sum[SUM_WEIGHT] += step->weight;
    }
}

/* One pair's loss; adds its derivatives, times `amount`, to by_sum of both and, with mbt, to the gate's slope. */
static double pair_loss(const pab__tune_batch *b, const pab__tune_pair *pair, const scratch *d, uint32_t first,
                        double amount)
{
    const pab__tune_weights *weights = b->weights;
    const double *won = d->sum[pair->winner - first], *lost = d->sum[pair->loser - first];
    double *up = d->by_sum[pair->winner - first], *down = d->by_sum[pair->loser - first];
    double p = (1.0 - 2.0 * weights->smoothing) * pair->p + weights->smoothing;
    double loss, slope;
    if (weights->loss == PAB_LOSS_MBT) {
        double margin[PAB_MOE_COMPONENTS], by_margin[PAB_MOE_COMPONENTS], by_gate[PAB_MOE_COMPONENTS];
        for (uint32_t e = 0; e < b->components; e++)
            margin[e] = won[e] - lost[e];
        const pab__loss_mbt_input input = {weights->beta, p, b->components, d->pass[0].gate, margin};
        loss = pab__loss_mbt(&input, by_margin, by_gate);
        for (uint32_t e = 0; e < b->components; e++) {
            up[e] += amount * by_margin[e];
            down[e] -= amount * by_margin[e];
            d->slope[0].gate[e] += amount * by_gate[e];
        }
        return loss;
    }
    double loser_weight = weights->loss == PAB_LOSS_CPL ? 0.5 : 1.0;
    double margin = won[SUM_MIX] - loser_weight * lost[SUM_MIX];
    loss = weights->loss == PAB_LOSS_IPO   ? pab__loss_ipo(weights->beta, p, margin, &slope)
           : weights->loss == PAB_LOSS_CPL ? pab__loss_mix(weights->beta, 1.0, margin, &slope)
                                          : pab__loss_mix(weights->beta, p, margin, &slope);
    up[SUM_MIX] += amount * slope;
    down[SUM_MIX] -= amount * loser_weight * slope;
    return loss;
}

/* The whole ranking at once. */
static double list_loss(const pab__tune_batch *b, const pab__tune_start *start, const scratch *d, uint32_t first,
                        double amount)
{
    double score[PAB_ENV_JOINT_ACTIONS] = {0}, slope[PAB_ENV_JOINT_ACTIONS];
    uint32_t n = start->end_listed - start->first_listed;
    n = n < PAB_ENV_JOINT_ACTIONS ? n : PAB_ENV_JOINT_ACTIONS;
    const uint32_t *listed = b->dataset->listed + start->first_listed;
    for (uint32_t i = 0; i < n; i++)
        score[i] = d->sum[listed[i] - first][SUM_MIX];
    double loss = pab__loss_list(b->weights->beta, n, score, slope);
    for (uint32_t i = 0; i < n; i++)
        d->by_sum[listed[i] - first][SUM_MIX] += amount * slope[i];
    return loss;
}

/* Mean of -ln pi over a trajectory's steps. */
static double imitation_loss(const scratch *d, uint32_t trajectory, double amount)
{
    const double *sum = d->sum[trajectory];
    if (sum[SUM_WEIGHT] <= 0.0)
        return 0.0;
    d->by_sum[trajectory][SUM_MIX] -= amount / sum[SUM_WEIGHT];
    return -sum[SUM_LOG] / sum[SUM_WEIGHT];
}

/* From derivatives by a trajectory's sums to slopes at its steps. */
static void spread_trajectory(const pab__tune_batch *b, const pab__tune_start *start, const scratch *d,
                              uint32_t trajectory,
                              const double *by_sum)
{
    const pab__tune_trajectory *t = &b->dataset->trajectories[trajectory];
    for (uint32_t i = t->first; i < t->end; i++) {
        const pab__tune_step *step = &b->dataset->steps[i];
        uint32_t at = step->input - start->first_input;
        for (uint32_t e = 0; e < b->components; e++)
            if (by_sum[e] != 0.0)
                pab__mixture_slope_component(&d->pass[at], e, step->action, by_sum[e] * step->weight, &d->slope[at]);
        if (by_sum[SUM_MIX] != 0.0)
            pab__mixture_slope_log(&d->pass[at], step->action, by_sum[SUM_MIX] * step->weight, &d->slope[at]);
    }
}

/* Losses of a start whose passes and sums are ready. */
static void start_loss(const pab__tune_batch *b, const pab__tune_start *start, const scratch *d, uint32_t first,
                       double *value)
{
    uint32_t pairs = start->end_pair - start->first_pair;
    double share = 1.0 / pairs, amount = 1.0 / b->starts;
    if (b->weights->loss == PAB_LOSS_PL)
        value[PAB__TUNE_VALUE_LOSS] += list_loss(b, start, d, first, amount);
    for (uint32_t i = start->first_pair; i < start->end_pair; i++) {
        const pab__tune_pair *pair = &b->dataset->pairs[i];
        if (b->weights->loss != PAB_LOSS_PL)
            value[PAB__TUNE_VALUE_LOSS] += share * pair_loss(b, pair, d, first, share * amount);
        value[PAB__TUNE_VALUE_IMITATION] += share * imitation_loss(d, pair->winner - first,
                                                                   share * amount * b->weights->imitation);
        int right = d->sum[pair->winner - first][SUM_MIX] > d->sum[pair->loser - first][SUM_MIX];
        value[PAB__TUNE_VALUE_ACCURACY] += right ? share : 0.0;
    }
    value[PAB__TUNE_VALUE_WEIGHT] += 1.0;
}

static void start_item(const pab__tune_batch *b, const pab__tune_start *start, pab__trainer_shard *shard)
{
    uint32_t inputs = start->end_input - start->first_input;
    if (start->first_pair == start->end_pair)
        return;
    uint32_t first = first_trajectory(b->dataset, start), trajectories = trajectory_count(b->dataset, start);
    scratch d = scratch_of(shard, inputs, trajectories);
    for (uint32_t i = 0; i < inputs; i++)
        pab__mixture_forward(b->net, b->components, &b->dataset->inputs[start->first_input + i], &d.pass[i]);
    for (uint32_t t = 0; t < trajectories; t++)
        sum_trajectory(b, start, &d, first + t, d.sum[t]);
    start_loss(b, start, &d, first, shard->value);
    if (!shard->learning)
        return;
    for (uint32_t t = 0; t < trajectories; t++)
        spread_trajectory(b, start, &d, first + t, d.by_sum[t]);
    for (uint32_t i = 0; i < inputs; i++)
        pab__mixture_backward(b->net, &d.pass[i], &d.slope[i], shard->gate_only, &shard->gradient, NULL);
}

static void replay_item(const pab__tune_batch *b, const pab__mixture_input *input, pab__trainer_shard *shard)
{
    scratch d = scratch_of(shard, 2, 0);
    double amount = 1.0 / b->replays;
    pab__mixture_forward(b->net, b->components, input, &d.pass[0]);
    pab__mixture_forward(b->reference, b->components, input, &d.pass[1]);
    shard->value[PAB__TUNE_VALUE_KL] += pab__loss_kl(&d.pass[0], &d.pass[1], amount * b->weights->kl, &d.slope[0]);
    shard->value[PAB__TUNE_VALUE_ENTROPY] +=
        pab__loss_gate_entropy(&d.pass[0], amount * b->weights->entropy, &d.slope[0]);
    for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
        shard->value[PAB__TUNE_VALUE_GATE + e] += d.pass[0].gate[e];
    pab__loss_balance_slope(&d.pass[0], b->omega, amount * b->weights->balance, &d.slope[0]);
    if (shard->learning)
        pab__mixture_backward(b->net, &d.pass[0], &d.slope[0], shard->gate_only, &shard->gradient, NULL);
}

void pab__tune_batch_item(void *user, uint32_t item, pab__trainer_shard *shard)
{
    const pab__tune_batch *b = user;
    if (item < b->starts)
        start_item(b, &b->dataset->starts[b->start[item]], shard);
    else
        replay_item(b, &b->dataset->inputs[b->replay[item - b->starts]], shard);
}

double pab__tune_batch_balance(pab__tune_batch *batch)
{
    double mean[PAB_MOE_COMPONENTS] = {0};
    pab__mixture_pass pass;
    for (uint32_t i = 0; i < batch->replays; i++) {
        pab__mixture_forward_gate(batch->net, batch->components, &batch->dataset->inputs[batch->replay[i]], &pass);
        for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
            mean[e] += pass.gate[e] / batch->replays;
    }
    return batch->replays > 0 ? pab__loss_balance(batch->components, mean, batch->omega) : 0.0;
}

double pab__tune_batch_loss(const pab__tune_batch *batch, const double value[PAB__TRAINER_VALUES], double balance)
{
    const pab__tune_weights *weights = batch->weights;
    double starts = batch->starts > 0 ? batch->starts : 1, replays = batch->replays > 0 ? batch->replays : 1;
    return (value[PAB__TUNE_VALUE_LOSS] + weights->imitation * value[PAB__TUNE_VALUE_IMITATION]) / starts +
           (weights->kl * value[PAB__TUNE_VALUE_KL] + weights->entropy * value[PAB__TUNE_VALUE_ENTROPY]) / replays +
           weights->balance * balance;
}
