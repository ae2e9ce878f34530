/* Preference losses: functions of margins and scores. */
#include "moedpo/losses.h"

#include <math.h>

static double sigmoid(double x)
{
    return x >= 0.0 ? 1.0 / (1.0 + exp(-x)) : exp(x) / (1.0 + exp(x));
}

/* -ln sigmoid(x) */
static double minus_log_sigmoid(double x)
{
    return x >= 0.0 ? log1p(exp(-x)) : log1p(exp(x)) - x;
}

double pab__loss_mix(double beta, double p, double margin, double *slope)
{
    *slope = beta * (sigmoid(beta * margin) - p);
    return p * minus_log_sigmoid(beta * margin) + (1.0 - p) * minus_log_sigmoid(-beta * margin);
}

double pab__loss_ipo(double beta, double p, double margin, double *slope)
{
    double off = margin - (2.0 * p - 1.0) / (2.0 * beta);
    *slope = 2.0 * off;
    return off * off;
}

double pab__loss_list(double beta, uint32_t n, const double *score, double *slope)
{
    double loss = 0.0;
    for (uint32_t i = 0; i < n; i++)
        slope[i] = 0.0;
    for (uint32_t j = 0; j + 1 < n; j++) {
        double most = beta * score[j], sum = 0.0;
        for (uint32_t i = j + 1; i < n; i++)
            most = beta * score[i] > most ? beta * score[i] : most;
        for (uint32_t i = j; i < n; i++)
            sum += exp(beta * score[i] - most);
        for (uint32_t i = j; i < n; i++)
            slope[i] += beta * exp(beta * score[i] - most) / sum;
        slope[j] -= beta;
        loss += most + log(sum) - beta * score[j];
    }
    return loss;
}

double pab__loss_mbt(const pab__loss_mbt_input *in, double *by_margin, double *by_gate)
{
    const double beta = in->beta, p = in->p;
    double won[PAB_MOE_COMPONENTS], win = 0.0, lose = 0.0;
    for (uint32_t e = 0; e < in->components; e++) {
        won[e] = sigmoid(beta * in->margin[e]);
        win += in->gate[e] * won[e];
        lose += in->gate[e] * sigmoid(-beta * in->margin[e]);
    }
    win = win > 1e-300 ? win : 1e-300;
    lose = lose > 1e-300 ? lose : 1e-300;
    double chi = -(p / win - (1.0 - p) / lose);
    for (uint32_t e = 0; e < in->components; e++) {
        by_margin[e] = chi * in->gate[e] * beta * won[e] * sigmoid(-beta * in->margin[e]);
        by_gate[e] = chi * in->gate[e] * (won[e] - win);
    }
    return -p * log(win) - (1.0 - p) * log(lose);
}
