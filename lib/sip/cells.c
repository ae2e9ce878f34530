/* From features to a cell, from parameters to a table, from a table to a ranking of actions. */
#include "sip/cells.h"

#include <math.h>
#include <string.h>

enum { MULTIPLIER_MAX = 50 };

/* Multipliers that the search starts from, found by hand on training seeds (docs/methods.md). */
static const double usual[PAB__SIP_TERMS] = {5, 3, 0.5};

static const int32_t bins[PAB__SIP_FACTORS] = {3, 3, 2, 2, 2};

static int32_t above(double x, double first, double second)
{
    return (x >= first) + (x >= second);
}

int32_t pab__sip_cell_of(const pab__signals *signals)
{
    const pab__pair_signals *pair = &signals->pair;
    double spread = fmax(signals->leg[0].spread_z, signals->leg[1].spread_z);
    int32_t cell = above(pair->time, 0.33, 0.8);
    cell = 3 * cell + above(pair->hedge_size, 0.2, 0.5);
    cell = 2 * cell + (pair->crumble >= 0.5);
    cell = 2 * cell + (spread >= 1);
    return 2 * cell + (pair->volatility_ratio >= 1.4);
}

int32_t pab__sip_cell_of_observation(const float obs[PAB_ENV_OBSERVATIONS])
{
    pab__signals signals;
    pab__signals_read(obs, &signals);
    return pab__sip_cell_of(&signals);
}

void pab__sip_bins_of(int32_t cell, int32_t bin[PAB__SIP_FACTORS])
{
    int32_t before = PAB__SIP_BINS;
    for (int f = PAB__SIP_FACTORS - 1; f >= 0; f--) {
        before -= bins[f];
        bin[f] = before + cell % bins[f];
        cell /= bins[f];
    }
}

static double sum_of(const double *parameter, const int32_t bin[PAB__SIP_FACTORS])
{
    double sum = 0;
    for (int f = 0; f < PAB__SIP_FACTORS; f++)
        sum += parameter[bin[f]];
    return sum;
}

void pab__sip_table_make(const double parameter[PAB__SIP_PARAMETERS], pab__sip_table *out)
{
    memset(out, 0, sizeof *out);
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        int32_t bin[PAB__SIP_FACTORS];
        double logit[PAB_EXPERT_COUNT], top = -INFINITY, sum = 0;
        pab__sip_bins_of(c, bin);
        for (int e = 0; e < PAB_EXPERT_COUNT; e++) {
            logit[e] = sum_of(parameter + e * PAB__SIP_BINS, bin);
            top = fmax(top, logit[e]);
        }
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            sum += logit[e] = exp(logit[e] - top);
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            out->cell[c].weight[e] = logit[e] / sum;
        for (int p = 0; p < PAB__SIP_TERMS; p++) {
            double ln = sum_of(parameter + (PAB_EXPERT_COUNT + p) * PAB__SIP_BINS, bin);
            out->cell[c].multiplier[p] = fmin(MULTIPLIER_MAX, usual[p] * exp(ln));
        }
    }
}

void pab__sip_table_even(pab__sip_table *out)
{
    static const double zero[PAB__SIP_PARAMETERS];
    pab__sip_table_make(zero, out);
}

void pab__sip_table_single(int32_t expert, int32_t rules, pab__sip_table *out)
{
    memset(out, 0, sizeof *out);
    out->rules = rules;
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++)
        out->cell[c].weight[expert] = 1;
}

void pab__sip_charge(const pab__sip_cell *cell, double terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS],
                     double charge[PAB_ENV_JOINT_ACTIONS])
{
    for (int32_t j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
        charge[j] = 0;
        for (int p = 0; p < PAB__SIP_TERMS; p++)
            charge[j] += cell->multiplier[p] * terms[p][j];
    }
}

void pab__sip_mix(const pab__sip_cell *cell, double z[PAB_EXPERT_COUNT][PAB_ENV_JOINT_ACTIONS],
                  const double charge[PAB_ENV_JOINT_ACTIONS], double psi[PAB_ENV_JOINT_ACTIONS])
{
    for (int32_t j = 0; j < PAB_ENV_JOINT_ACTIONS; j++) {
        psi[j] = z[0][j] == -INFINITY ? -INFINITY : -charge[j];
        for (int e = 0; e < PAB_EXPERT_COUNT && psi[j] != -INFINITY; e++)
            psi[j] += cell->weight[e] * z[e][j];
    }
}
