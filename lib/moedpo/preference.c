/* Gradients of one start's preferences and of one replayed point. */
#include "moedpo/preference.h"

#include <math.h>
#include <string.h>

/* What is summed over a track's plays, each by its weight; first come the components' log ratios. */
enum { SUM_MIX = PAB__COMPONENTS, SUM_PLAIN, SUM_WEIGHT, SUMS };

/* Scratch of a shard: a pass and a slope per point; per track its sums, and the derivatives of the loss by the log
 * ratios of components and mixture. */
typedef struct desk {
    pab__pass *pass;
    pab__slope *slope;
    double (*sum)[SUMS];
    double (*pull)[PAB__COMPONENTS + 1];
} desk;

void pab__tuning_default(pab__tuning *tuning, int32_t loss)
{
    *tuning = (pab__tuning){.loss = loss, .beta = 0.5, .kl = 0.02, .imitate = 0.05, .balance = 0.01, .entropy = 0.001};
}

static uint32_t first_track(const pab__tales *tales, const pab__start *start)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = start->rank; i < start->ranks; i++) {
        const pab__rank *rank = &tales->ranks[i];
        least = rank->winner < least ? rank->winner : least;
        least = rank->loser < least ? rank->loser : least;
    }
    for (uint32_t i = start->listed; i < start->listing; i++)
        least = tales->listed[i] < least ? tales->listed[i] : least;
    return least;
}

static uint32_t track_count(const pab__tales *tales, const pab__start *start)
{
    uint32_t first = first_track(tales, start), end = first;
    for (uint32_t i = start->rank; i < start->ranks; i++) {
        const pab__rank *rank = &tales->ranks[i];
        end = rank->winner >= end ? rank->winner + 1 : end;
        end = rank->loser >= end ? rank->loser + 1 : end;
    }
    for (uint32_t i = start->listed; i < start->listing; i++)
        end = tales->listed[i] >= end ? tales->listed[i] + 1 : end;
    return end - first;
}

size_t pab__lecture_scratch(const pab__tales *tales)
{
    size_t most = 2 * (sizeof(pab__pass) + sizeof(pab__slope)); /* a replayed point: its own and the reference's */
    for (uint32_t s = 0; s < tales->n_starts; s++) {
        const pab__start *start = &tales->starts[s];
        size_t size = (start->points - start->point) * (sizeof(pab__pass) + sizeof(pab__slope)) +
                      track_count(tales, start) * (SUMS + PAB__COMPONENTS + 1) * sizeof(double);
        most = size > most ? size : most;
    }
    return most;
}

static desk desk_of(const pab__shard *shard, uint32_t points, uint32_t tracks)
{
    desk d;
    char *at = shard->scratch;
    d.pass = (pab__pass *)(void *)at;
    at += points * sizeof *d.pass;
    d.slope = (pab__slope *)(void *)at;
    at += points * sizeof *d.slope;
    d.sum = (double (*)[SUMS])(void *)at;
    at += tracks * sizeof *d.sum;
    d.pull = (double (*)[PAB__COMPONENTS + 1])(void *)at;
    memset(d.slope, 0, points * sizeof *d.slope);
    memset(d.sum, 0, tracks * (sizeof *d.sum + sizeof *d.pull));
    return d;
}

void pab__lecture_reference(const pab__tales *tales, const pab__mixture_net *net, uint32_t components,
                            double (*was)[PAB__COMPONENTS + 1])
{
    pab__pass pass;
    uint32_t at = UINT32_MAX;
    for (uint32_t i = 0; i < tales->n_plays; i++) {
        const pab__play *play = &tales->plays[i];
        if (play->point != at)
            pab__pass_forward(net, components, &tales->points[play->point], &pass);
        at = play->point;
        for (uint32_t e = 0; e < PAB__COMPONENTS; e++)
            was[i][e] = e < components ? pab__joint_log(&pass.joint[e], play->action) : 0.0;
        was[i][PAB__COMPONENTS] = pab__pass_log(&pass, play->action, NULL);
    }
}

static void sum_track(const pab__lecture *l, const pab__start *start, const desk *d, uint32_t track, double *sum)
{
    double against = l->tuning->loss == PAB_LOSS_CPL ? 0.0 : 1.0;
    const pab__track *t = &l->tales->tracks[track];
    for (uint32_t i = t->first; i < t->end; i++) {
        const pab__play *play = &l->tales->plays[i];
        const pab__pass *pass = &d->pass[play->point - start->point];
        double log_pi = pab__pass_log(pass, play->action, NULL);
        for (uint32_t e = 0; e < l->components && l->tuning->loss == PAB_LOSS_MBT; e++)
            sum[e] += play->weight * (pab__joint_log(&pass->joint[e], play->action) - l->was[i][e]);
        sum[SUM_MIX] += play->weight * (log_pi - against * l->was[i][PAB__COMPONENTS]);
        sum[SUM_PLAIN] += play->weight * log_pi;
        sum[SUM_WEIGHT] += play->weight;
    }
}

/* One pair's loss; its derivatives, times `amount`, go to the tracks' pulls and, with mbt, to the gate. */
static double judge_pair(const pab__lecture *l, const pab__rank *rank, const desk *d, uint32_t first, double amount)
{
    const pab__tuning *tuning = l->tuning;
    const double *won = d->sum[rank->winner - first], *lost = d->sum[rank->loser - first];
    double *up = d->pull[rank->winner - first], *down = d->pull[rank->loser - first];
    double p = (1.0 - 2.0 * tuning->smoothing) * rank->p + tuning->smoothing;
    double loss, slope;
    if (tuning->loss == PAB_LOSS_MBT) {
        double margin[PAB__COMPONENTS], by_margin[PAB__COMPONENTS], by_gate[PAB__COMPONENTS];
        for (uint32_t e = 0; e < l->components; e++)
            margin[e] = won[e] - lost[e];
        loss = pab__loss_mbt(tuning->beta, p, l->components, d->pass[0].gate, margin, by_margin, by_gate);
        for (uint32_t e = 0; e < l->components; e++) {
            up[e] += amount * by_margin[e];
            down[e] -= amount * by_margin[e];
            d->slope[0].gate[e] += amount * by_gate[e];
        }
        return loss;
    }
    double held = tuning->loss == PAB_LOSS_CPL ? 0.5 : 1.0;
    double margin = won[SUM_MIX] - held * lost[SUM_MIX];
    loss = tuning->loss == PAB_LOSS_IPO   ? pab__loss_ipo(tuning->beta, p, margin, &slope)
           : tuning->loss == PAB_LOSS_CPL ? pab__loss_mix(tuning->beta, 1.0, margin, &slope)
                                          : pab__loss_mix(tuning->beta, p, margin, &slope);
    up[SUM_MIX] += amount * slope;
    down[SUM_MIX] -= amount * held * slope;
    return loss;
}

/* The whole ranking at once. */
static double judge_list(const pab__lecture *l, const pab__start *start, const desk *d, uint32_t first, double amount)
{
    double score[PAB__ACTIONS] = {0}, slope[PAB__ACTIONS];
    uint32_t n = start->listing - start->listed;
    n = n < PAB__ACTIONS ? n : PAB__ACTIONS;
    const uint32_t *listed = l->tales->listed + start->listed;
    for (uint32_t i = 0; i < n; i++)
        score[i] = d->sum[listed[i] - first][SUM_MIX];
    double loss = pab__loss_list(l->tuning->beta, n, score, slope);
    for (uint32_t i = 0; i < n; i++)
        d->pull[listed[i] - first][SUM_MIX] += amount * slope[i];
    return loss;
}

/* Mean of -ln pi over a track's steps. */
static double imitate(const desk *d, uint32_t track, double amount)
{
    const double *sum = d->sum[track];
    if (sum[SUM_WEIGHT] <= 0.0)
        return 0.0;
    d->pull[track][SUM_MIX] -= amount / sum[SUM_WEIGHT];
    return -sum[SUM_PLAIN] / sum[SUM_WEIGHT];
}

/* What pulls at a track's scores pulls at its plays. */
static void pull_track(const pab__lecture *l, const pab__start *start, const desk *d, uint32_t track,
                       const double *pull)
{
    const pab__track *t = &l->tales->tracks[track];
    for (uint32_t i = t->first; i < t->end; i++) {
        const pab__play *play = &l->tales->plays[i];
        uint32_t at = play->point - start->point;
        for (uint32_t e = 0; e < l->components; e++)
            if (pull[e] != 0.0)
                pab__slope_component(&d->pass[at], e, play->action, pull[e] * play->weight, &d->slope[at]);
        if (pull[SUM_MIX] != 0.0)
            pab__slope_mixture(&d->pass[at], play->action, pull[SUM_MIX] * play->weight, &d->slope[at]);
    }
}

/* Losses of a start whose passes and sums are ready. */
static void judge(const pab__lecture *l, const pab__start *start, const desk *d, uint32_t first, double *value)
{
    uint32_t pairs = start->ranks - start->rank;
    double share = 1.0 / pairs, amount = 1.0 / l->starts;
    if (l->tuning->loss == PAB_LOSS_PL)
        value[PAB__VALUE_LOSS] += judge_list(l, start, d, first, amount);
    for (uint32_t i = start->rank; i < start->ranks; i++) {
        const pab__rank *rank = &l->tales->ranks[i];
        if (l->tuning->loss != PAB_LOSS_PL)
            value[PAB__VALUE_LOSS] += share * judge_pair(l, rank, d, first, share * amount);
        value[PAB__VALUE_IMITATE] += share * imitate(d, rank->winner - first, share * amount * l->tuning->imitate);
        int right = d->sum[rank->winner - first][SUM_MIX] > d->sum[rank->loser - first][SUM_MIX];
        value[PAB__VALUE_RIGHT] += right ? share : 0.0;
    }
    value[PAB__VALUE_WEIGHT] += 1.0;
}

static void start_item(const pab__lecture *l, const pab__start *start, pab__shard *shard)
{
    uint32_t points = start->points - start->point;
    if (start->rank == start->ranks)
        return;
    uint32_t first = first_track(l->tales, start), tracks = track_count(l->tales, start);
    desk d = desk_of(shard, points, tracks);
    for (uint32_t i = 0; i < points; i++)
        pab__pass_forward(l->net, l->components, &l->tales->points[start->point + i], &d.pass[i]);
    for (uint32_t t = 0; t < tracks; t++)
        sum_track(l, start, &d, first + t, d.sum[t]);
    judge(l, start, &d, first, shard->value);
    if (!shard->learning)
        return;
    for (uint32_t t = 0; t < tracks; t++)
        pull_track(l, start, &d, first + t, d.pull[t]);
    for (uint32_t i = 0; i < points; i++)
        pab__pass_backward(l->net, &d.pass[i], &d.slope[i], shard->gate_only, &shard->gradient, NULL);
}

static void replay_item(const pab__lecture *l, const pab__point *point, pab__shard *shard)
{
    desk d = desk_of(shard, 2, 0);
    double amount = 1.0 / l->replays;
    pab__pass_forward(l->net, l->components, point, &d.pass[0]);
    pab__pass_forward(l->reference, l->components, point, &d.pass[1]);
    shard->value[PAB__VALUE_KL] += pab__loss_kl(&d.pass[0], &d.pass[1], amount * l->tuning->kl, &d.slope[0]);
    shard->value[PAB__VALUE_ENTROPY] +=
        pab__loss_gate_entropy(&d.pass[0], amount * l->tuning->entropy, &d.slope[0]);
    for (int e = 0; e < PAB__COMPONENTS; e++)
        shard->value[PAB__VALUE_GATE + e] += d.pass[0].gate[e];
    pab__slope_balance(&d.pass[0], l->omega, amount * l->tuning->balance, &d.slope[0]);
    if (shard->learning)
        pab__pass_backward(l->net, &d.pass[0], &d.slope[0], shard->gate_only, &shard->gradient, NULL);
}

void pab__lecture_item(void *user, uint32_t item, pab__shard *shard)
{
    const pab__lecture *l = user;
    if (item < l->starts)
        start_item(l, &l->tales->starts[l->start[item]], shard);
    else
        replay_item(l, &l->tales->points[l->replay[item - l->starts]], shard);
}

double pab__lecture_balance(pab__lecture *lecture)
{
    double mean[PAB__COMPONENTS] = {0};
    pab__pass pass;
    for (uint32_t i = 0; i < lecture->replays; i++) {
        pab__pass_gate(lecture->net, lecture->components, &lecture->tales->points[lecture->replay[i]], &pass);
        for (int e = 0; e < PAB__COMPONENTS; e++)
            mean[e] += pass.gate[e] / lecture->replays;
    }
    return lecture->replays > 0 ? pab__balance(lecture->components, mean, lecture->omega) : 0.0;
}

double pab__lecture_loss(const pab__lecture *lecture, const double value[PAB__VALUES], double balance)
{
    const pab__tuning *tuning = lecture->tuning;
    double starts = lecture->starts > 0 ? lecture->starts : 1, replays = lecture->replays > 0 ? lecture->replays : 1;
    return (value[PAB__VALUE_LOSS] + tuning->imitate * value[PAB__VALUE_IMITATE]) / starts +
           (tuning->kl * value[PAB__VALUE_KL] + tuning->entropy * value[PAB__VALUE_ENTROPY]) / replays +
           tuning->balance * balance;
}
