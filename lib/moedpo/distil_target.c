/* Targets from scores, and the divergence from them. */
#include "moedpo/distil_target.h"

#include <math.h>
#include <string.h>

enum { LEG_B = PAB_ENV_LEG_ACTIONS, PAIRS = 2 * PAB_ENV_LEG_ACTIONS }; /* where these logits begin */

void pab__distil_target_set(pab__distil_target *target, uint32_t e, const double score[PAB_ENV_JOINT_ACTIONS],
                            double temperature)
{
    double p[PAB_ENV_JOINT_ACTIONS], part[PAB__NET_LOGITS] = {0}, sum = 0.0, entropy = 0.0;
    int best = -1;
    for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
        if (score[b] > -INFINITY && (best < 0 || score[b] > score[best]))
            best = b;
    for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
        p[b] = score[b] > -INFINITY ? (score[b] - score[best]) / temperature : 0.0;
    pab__net_exp(p, PAB_ENV_JOINT_ACTIONS);
    for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++) {
        p[b] = score[b] > -INFINITY ? p[b] : 0.0;
        sum += p[b];
    }
    for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++) {
        int first = b / PAB_ENV_LEG_ACTIONS, second = b % PAB_ENV_LEG_ACTIONS;
        double t = p[b] / sum;
        part[first] += t;
        part[LEG_B + second] += t;
        part[PAIRS + PAB__ACTION_CLASSES * pab__action_class(first) + pab__action_class(second)] += t;
        entropy -= t > 0.0 ? t * log(t) : 0.0;
    }
    for (int i = 0; i < PAB__NET_LOGITS; i++)
        target->marginal[e][i] = (float)part[i];
    target->entropy[e] = (float)entropy;
    target->best[e] = (int16_t)best;
}

double pab__distil_target_loss(const pab__mixture_pass *pass, const pab__distil_target *target, double amount,
                               pab__mixture_slope *slope, double parts[PAB_MOE_COMPONENTS + 1])
{
    double value[PAB_MOE_COMPONENTS + 1] = {0}, marginal[PAB__NET_LOGITS], sum = 0.0;
    for (uint32_t e = 0; e < pass->components; e++) {
        const pab__joint *joint = &pass->joint[e];
        pab__joint_marginals(joint, marginal);
        value[e] = joint->norm - (double)target->entropy[e];
        for (int i = 0; i < PAB__NET_LOGITS; i++) {
            double wanted = (double)target->marginal[e][i];
            value[e] -= wanted != 0.0 ? wanted * joint->logit[i] : 0.0;
            slope->logit[e][i] += amount * (marginal[i] - wanted);
        }
        double wanted = (double)target->gate[e];
        value[PAB_MOE_COMPONENTS] += wanted > 0.0 ? wanted * (log(wanted) - pass->log_gate[e]) : 0.0;
        slope->gate[e] += amount * (pass->gate[e] - wanted);
    }
    for (int i = 0; i <= PAB_MOE_COMPONENTS; i++)
        sum += value[i];
    if (parts)
        memcpy(parts, value, sizeof value);
    return sum;
}
