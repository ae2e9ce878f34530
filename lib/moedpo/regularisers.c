/* Regularisers of tuning: divergence from the reference, load balance and entropy of the gate. */
#include "moedpo/losses.h"

#include <math.h>

enum { LEG_B = PAB_ENV_LEG_ACTIONS, PAIRS = 2 * PAB_ENV_LEG_ACTIONS }; /* where these logits begin */

/* Returns the mean of f under p_e and adds the derivatives of amount * mean by the logits, f held fixed: those of
 * action b are p_e(b) * (f(b) - mean). */
static double mean_with_slope(const pab__joint *joint, const double f[PAB_ENV_JOINT_ACTIONS], double amount,
                              double by[PAB__NET_LOGITS])
{
    double part[PAB__NET_LOGITS] = {0}, marginal[PAB__NET_LOGITS], mean = 0.0;
    for (int a = 0; a < PAB_ENV_LEG_ACTIONS; a++) {
        if (joint->leg[0][a] == 0.0)
            continue;
        int i = pab__action_class(a);
        for (int b = 0; b < PAB_ENV_LEG_ACTIONS; b++) {
            int j = pab__action_class(b);
            double weight = joint->leg[0][a] * joint->pair[i][j] * joint->leg[1][b] * f[PAB_ENV_LEG_ACTIONS * a + b];
            part[a] += weight;
            part[LEG_B + b] += weight;
            part[PAIRS + PAB__ACTION_CLASSES * i + j] += weight;
        }
        mean += part[a];
    }
    pab__joint_marginals(joint, marginal);
    for (int i = 0; i < PAB__NET_LOGITS; i++)
        by[i] += amount * (part[i] - mean * marginal[i]);
    return mean;
}

double pab__loss_kl(const pab__mixture_pass *pass, const pab__mixture_pass *reference, double amount,
                    pab__mixture_slope *slope)
{
    double pi[PAB_ENV_JOINT_ACTIONS], before[PAB_ENV_JOINT_ACTIONS], mean[PAB_MOE_COMPONENTS], kl = 0.0;
    if (pab__mixture_is_forced(pass->legal))
        return 0.0;
    pab__mixture_policy(pass, pi);
    pab__mixture_policy(reference, before);
    for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
        pi[b] = pi[b] > 0.0 && before[b] > 0.0 ? log(pi[b] / before[b]) : 0.0;
    for (uint32_t e = 0; e < pass->components; e++) {
        mean[e] = mean_with_slope(&pass->joint[e], pi, amount * pass->gate[e], slope->logit[e]);
        kl += pass->gate[e] * mean[e];
    }
    for (uint32_t e = 0; e < pass->components; e++)
        slope->gate[e] += amount * pass->gate[e] * (mean[e] - kl);
    return kl;
}

double pab__loss_gate_entropy(const pab__mixture_pass *pass, double amount, pab__mixture_slope *slope)
{
    double sum = 0.0;
    for (uint32_t e = 0; e < pass->components; e++)
        sum += pass->gate[e] * pass->log_gate[e];
    for (uint32_t e = 0; e < pass->components; e++)
        slope->gate[e] += amount * pass->gate[e] * (pass->log_gate[e] - sum);
    return sum;
}

double pab__loss_balance(uint32_t components, const double *mean, double omega[PAB_MOE_COMPONENTS])
{
    double sum = 0.0;
    for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++) {
        double wanted = components < PAB_MOE_COMPONENTS ? 1.0 / components : e == PAB_MOE_ANCHOR ? 0.3 : 0.175;
        double off = e < components ? mean[e] - wanted : 0.0;
        omega[e] = 2.0 * components * off;
        sum += off * off;
    }
    return components * sum;
}

void pab__loss_balance_slope(const pab__mixture_pass *pass, const double omega[PAB_MOE_COMPONENTS], double amount,
                             pab__mixture_slope *slope)
{
    double mean = 0.0;
    for (uint32_t e = 0; e < pass->components; e++)
        mean += pass->gate[e] * omega[e];
    for (uint32_t e = 0; e < pass->components; e++)
        slope->gate[e] += amount * pass->gate[e] * (omega[e] - mean);
}
