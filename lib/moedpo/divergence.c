/* Losses that hold a mixture to a distribution: the reference, a teacher, a balanced or an undecided gate. */
#include "moedpo/losses.h"

#include <math.h>
#include <string.h>

#define LEG_B PAB__LEG_ACTIONS
#define PAIRS (2 * PAB__LEG_ACTIONS)

/* The derivatives of sum_b p_e(b) f(b), f held fixed: adds amount * p_e(b) * (f(b) - its mean), summed as the logits
 * see it; returns the mean. */
static double tilt(const pab__joint *joint, const double f[PAB__ACTIONS], double amount, double by[PAB__LOGITS])
{
    double part[PAB__LOGITS] = {0}, marginal[PAB__LOGITS], mean = 0.0;
    for (int a = 0; a < PAB__LEG_ACTIONS; a++) {
        if (joint->leg[0][a] == 0.0)
            continue;
        int i = pab__action_class(a);
        for (int b = 0; b < PAB__LEG_ACTIONS; b++) {
            int j = pab__action_class(b);
            double weight = joint->leg[0][a] * joint->pair[i][j] * joint->leg[1][b] * f[PAB__LEG_ACTIONS * a + b];
            part[a] += weight;
            part[LEG_B + b] += weight;
            part[PAIRS + PAB__ACTION_CLASSES * i + j] += weight;
        }
        mean += part[a];
    }
    pab__joint_marginals(joint, marginal);
    for (int i = 0; i < PAB__LOGITS; i++)
        by[i] += amount * (part[i] - mean * marginal[i]);
    return mean;
}

double pab__loss_kl(const pab__pass *pass, const pab__pass *reference, double amount, pab__slope *slope)
{
    double pi[PAB__ACTIONS], was[PAB__ACTIONS], mean[PAB__COMPONENTS], kl = 0.0;
    if (pab__forced(pass->legal))
        return 0.0;
    pab__pass_policy(pass, pi);
    pab__pass_policy(reference, was);
    for (int b = 0; b < PAB__ACTIONS; b++)
        pi[b] = pi[b] > 0.0 && was[b] > 0.0 ? log(pi[b] / was[b]) : 0.0;
    for (uint32_t e = 0; e < pass->components; e++) {
        mean[e] = tilt(&pass->joint[e], pi, amount * pass->gate[e], slope->logit[e]);
        kl += pass->gate[e] * mean[e];
    }
    for (uint32_t e = 0; e < pass->components; e++)
        slope->gate[e] += amount * pass->gate[e] * (mean[e] - kl);
    return kl;
}

double pab__loss_gate_entropy(const pab__pass *pass, double amount, pab__slope *slope)
{
    double sum = 0.0;
    for (uint32_t e = 0; e < pass->components; e++)
        sum += pass->gate[e] * pass->log_gate[e];
    for (uint32_t e = 0; e < pass->components; e++)
        slope->gate[e] += amount * pass->gate[e] * (pass->log_gate[e] - sum);
    return sum;
}

double pab__balance(uint32_t components, const double *mean, double omega[PAB__COMPONENTS])
{
    double sum = 0.0;
    for (uint32_t e = 0; e < PAB__COMPONENTS; e++) {
        double wanted = components < PAB__COMPONENTS ? 1.0 / components : e == PAB__ANCHOR ? 0.3 : 0.175;
        double off = e < components ? mean[e] - wanted : 0.0;
        omega[e] = 2.0 * components * off;
        sum += off * off;
    }
    return components * sum;
}

void pab__slope_balance(const pab__pass *pass, const double omega[PAB__COMPONENTS], double amount, pab__slope *slope)
{
    double mean = 0.0;
    for (uint32_t e = 0; e < pass->components; e++)
        mean += pass->gate[e] * omega[e];
    for (uint32_t e = 0; e < pass->components; e++)
        slope->gate[e] += amount * pass->gate[e] * (omega[e] - mean);
}

void pab__lesson_set(pab__lesson *lesson, uint32_t e, const double score[PAB__ACTIONS], double temperature)
{
    double p[PAB__ACTIONS], part[PAB__LOGITS] = {0}, sum = 0.0, entropy = 0.0;
    int best = -1;
    for (int b = 0; b < PAB__ACTIONS; b++)
        if (score[b] > -INFINITY && (best < 0 || score[b] > score[best]))
            best = b;
    for (int b = 0; b < PAB__ACTIONS; b++)
        p[b] = score[b] > -INFINITY ? (score[b] - score[best]) / temperature : 0.0;
    pab__exp_many(p, PAB__ACTIONS);
    for (int b = 0; b < PAB__ACTIONS; b++) {
        p[b] = score[b] > -INFINITY ? p[b] : 0.0;
        sum += p[b];
    }
    for (int b = 0; b < PAB__ACTIONS; b++) {
        int first = b / PAB__LEG_ACTIONS, second = b % PAB__LEG_ACTIONS;
        double t = p[b] / sum;
        part[first] += t;
        part[LEG_B + second] += t;
        part[PAIRS + PAB__ACTION_CLASSES * pab__action_class(first) + pab__action_class(second)] += t;
        entropy -= t > 0.0 ? t * log(t) : 0.0;
    }
    for (int i = 0; i < PAB__LOGITS; i++)
        lesson->marginal[e][i] = (float)part[i];
    lesson->entropy[e] = (float)entropy;
    lesson->best[e] = (int16_t)best;
}

double pab__loss_lesson(const pab__pass *pass, const pab__lesson *lesson, double amount, pab__slope *slope,
                        double parts[PAB__COMPONENTS + 1])
{
    double value[PAB__COMPONENTS + 1] = {0}, marginal[PAB__LOGITS], sum = 0.0;
    for (uint32_t e = 0; e < pass->components; e++) {
        const pab__joint *joint = &pass->joint[e];
        pab__joint_marginals(joint, marginal);
        value[e] = joint->norm - (double)lesson->entropy[e];
        for (int i = 0; i < PAB__LOGITS; i++) {
            double told = (double)lesson->marginal[e][i];
            value[e] -= told != 0.0 ? told * joint->logit[i] : 0.0;
            slope->logit[e][i] += amount * (marginal[i] - told);
        }
        double told = (double)lesson->gate[e];
        value[PAB__COMPONENTS] += told > 0.0 ? told * (log(told) - pass->log_gate[e]) : 0.0;
        slope->gate[e] += amount * (pass->gate[e] - told);
    }
    for (int i = 0; i <= PAB__COMPONENTS; i++)
        sum += value[i];
    if (parts)
        memcpy(parts, value, sizeof value);
    return sum;
}
