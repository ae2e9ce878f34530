/* Joint softmax by class pairs, the mixture over components, and their derivatives. */
#include "moedpo/mixture.h"

#include <math.h>
#include <string.h>

enum { LEG_B = PAB_ENV_LEG_ACTIONS, PAIRS = 2 * PAB_ENV_LEG_ACTIONS }; /* where these logits begin */

static const uint8_t class_of[PAB_ENV_LEG_ACTIONS] = {0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4};
static const uint8_t class_first[PAB__ACTION_CLASSES + 1] = {0, 2, 5, 11, 14, 17};

static int single(uint32_t bits)
{
    return (bits & (bits - 1)) == 0;
}

int pab__mixture_is_forced(const uint32_t legal[PAB_ENV_LEGS])
{
    return single(legal[0]) && single(legal[1]);
}

void pab__mixture_input_set(pab__mixture_input *input, const float obs[PAB__NET_INPUTS],
                            const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS])
{
    memcpy(input->obs, obs, sizeof input->obs);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        input->legal[leg] = pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS);
}

int pab__mixture_input_is_sound(const pab__mixture_input *input)
{
    for (int i = 0; i < PAB__NET_INPUTS; i++)
        if (!isfinite(input->obs[i]))
            return 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        if (input->legal[leg] == 0 || input->legal[leg] >> PAB_ENV_LEG_ACTIONS != 0)
            return 0;
    return 1;
}

pab_status pab__mixture_input_observe(pab__mixture_input *input, const pab_env *env)
{
    float obs[PAB_ENV_OBSERVATIONS];
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    pab_status status = pab_env_observe(env, obs, PAB_ENV_OBSERVATIONS);
    if (status == PAB_OK)
        status = pab_env_legal(env, mask);
    if (status == PAB_OK)
        pab__mixture_input_set(input, obs, mask);
    return status;
}

/* Exponentials of a leg's logits, relative to the largest of each class; their logarithmic sums by class. */
static void leg_exponents(const double *u, uint32_t legal, double *e, double top[PAB__ACTION_CLASSES])
{
    for (int c = 0; c < PAB__ACTION_CLASSES; c++) {
        top[c] = -INFINITY;
        for (int a = class_first[c]; a < class_first[c + 1]; a++)
            if ((legal >> a & 1) != 0 && u[a] > top[c])
                top[c] = u[a];
    }
    for (int a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        e[a] = (legal >> a & 1) != 0 ? u[a] - top[class_of[a]] : -INFINITY;
}

/* e: exponentials; they become probabilities within the class. */
static void leg_normalise(uint32_t legal, double *e, double top[PAB__ACTION_CLASSES])
{
    for (int c = 0; c < PAB__ACTION_CLASSES; c++) {
        double sum = 0.0;
        if (top[c] == -INFINITY) {
            for (int a = class_first[c]; a < class_first[c + 1]; a++)
                e[a] = 0.0;
            continue;
        }
        for (int a = class_first[c]; a < class_first[c + 1]; a++) {
            e[a] = (legal >> a & 1) != 0 ? e[a] : 0.0;
            sum += e[a];
        }
        for (int a = class_first[c]; a < class_first[c + 1]; a++)
            e[a] /= sum;
        top[c] += log(sum);
    }
}

void pab__joint_normalise(pab__joint *joint, const uint32_t legal[PAB_ENV_LEGS])
{
    double e[2 * PAB_ENV_LEG_ACTIONS], top[PAB_ENV_LEGS][PAB__ACTION_CLASSES], z[PAB__ACTION_CLASS_PAIRS];
    double *p = &joint->pair[0][0], most = -INFINITY, sum = 0.0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        leg_exponents(joint->logit + leg * LEG_B, legal[leg], e + leg * LEG_B, top[leg]);
    pab__net_exp(e, 2 * PAB_ENV_LEG_ACTIONS);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        leg_normalise(legal[leg], e + leg * LEG_B, top[leg]);
        memcpy(joint->leg[leg], e + leg * LEG_B, sizeof joint->leg[leg]);
    }
    for (int c = 0; c < PAB__ACTION_CLASS_PAIRS; c++) {
        z[c] = top[0][c / PAB__ACTION_CLASSES] + top[1][c % PAB__ACTION_CLASSES] + joint->logit[PAIRS + c];
        most = z[c] > most ? z[c] : most;
    }
    for (int c = 0; c < PAB__ACTION_CLASS_PAIRS; c++)
        p[c] = z[c] - most;
    pab__net_exp(p, PAB__ACTION_CLASS_PAIRS);
    for (int c = 0; c < PAB__ACTION_CLASS_PAIRS; c++) {
        p[c] = z[c] == -INFINITY ? 0.0 : p[c];
        sum += p[c];
    }
    for (int c = 0; c < PAB__ACTION_CLASS_PAIRS; c++)
        p[c] /= sum;
    joint->norm = most + log(sum);
}

double pab__joint_log(const pab__joint *joint, int32_t action)
{
    int a = action / PAB_ENV_LEG_ACTIONS, b = action % PAB_ENV_LEG_ACTIONS;
    int pair = PAB__ACTION_CLASSES * class_of[a] + class_of[b];
    double z = joint->logit[a] + joint->logit[LEG_B + b] + joint->logit[PAIRS + pair];
    return z - joint->norm;
}

int32_t pab__joint_best(const pab__joint *joint)
{
    double most = -1.0;
    int32_t best = 0;
    for (int a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        for (int b = 0; b < PAB_ENV_LEG_ACTIONS; b++) {
            double p = joint->leg[0][a] * joint->pair[class_of[a]][class_of[b]] * joint->leg[1][b];
            if (p > most) {
                most = p;
                best = PAB_ENV_LEG_ACTIONS * a + b;
            }
        }
    return best;
}

void pab__joint_marginals(const pab__joint *joint, double marginal[PAB__NET_LOGITS])
{
    double a_class[PAB__ACTION_CLASSES] = {0}, b_class[PAB__ACTION_CLASSES] = {0};
    for (int i = 0; i < PAB__ACTION_CLASSES; i++)
        for (int j = 0; j < PAB__ACTION_CLASSES; j++) {
            a_class[i] += joint->pair[i][j];
            b_class[j] += joint->pair[i][j];
        }
    for (int a = 0; a < PAB_ENV_LEG_ACTIONS; a++) {
        marginal[a] = joint->leg[0][a] * a_class[class_of[a]];
        marginal[LEG_B + a] = joint->leg[1][a] * b_class[class_of[a]];
    }
    memcpy(marginal + PAIRS, joint->pair, sizeof joint->pair);
}

static void normalise_gate(pab__mixture_pass *pass)
{
    double most = -INFINITY, sum = 0.0;
    for (uint32_t e = 0; e < pass->components; e++)
        most = pass->log_gate[e] > most ? pass->log_gate[e] : most;
    for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++)
        pass->gate[e] = e < pass->components ? pass->log_gate[e] - most : -INFINITY;
    pab__net_exp(pass->gate, PAB_MOE_COMPONENTS);
    for (uint32_t e = 0; e < pass->components; e++)
        sum += pass->gate[e];
    double norm = most + log(sum);
    for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++) {
        pass->gate[e] = e < pass->components ? pass->gate[e] / sum : 0.0;
        pass->log_gate[e] = e < pass->components ? pass->log_gate[e] - norm : -INFINITY;
    }
}

void pab__mixture_forward_gate(const pab__mixture_net *net, uint32_t components, const pab__mixture_input *input,
                               pab__mixture_pass *out)
{
    out->components = components;
    memcpy(out->legal, input->legal, sizeof out->legal);
    for (int i = 0; i < PAB__NET_INPUTS; i++) {
        double x = (double)input->obs[i];
        out->x[i] = x > 5.0 ? 5.0 : x < -5.0 ? -5.0 : x;
    }
    pab__gate_forward(&net->gate, out->x, out->gate_hidden, out->log_gate);
    normalise_gate(out);
}

void pab__mixture_forward(const pab__mixture_net *net, uint32_t components, const pab__mixture_input *input,
                          pab__mixture_pass *out)
{
    pab__mixture_forward_gate(net, components, input, out);
    for (uint32_t e = 0; e < components; e++) {
        pab__net_forward(&net->net[e], out->x, &out->hidden[e], out->joint[e].logit);
        pab__joint_normalise(&out->joint[e], out->legal);
    }
}

static int all_zero(const double *x, int n)
{
    for (int i = 0; i < n; i++)
        if (x[i] != 0.0)
            return 0;
    return 1;
}

void pab__mixture_backward(const pab__mixture_net *net, const pab__mixture_pass *pass, const pab__mixture_slope *slope,
                           int gate_only,
                           pab__mixture_net *gradient, double *dx)
{
    for (uint32_t e = 0; e < pass->components && !gate_only; e++)
        if (!all_zero(slope->logit[e], PAB__NET_LOGITS))
            pab__net_backward(&net->net[e], pass->x, &pass->hidden[e], slope->logit[e],
                              gradient ? &gradient->net[e] : NULL, dx);
    if (!all_zero(slope->gate, PAB_MOE_COMPONENTS))
        pab__gate_backward(&net->gate, pass->x, pass->gate_hidden, slope->gate,
                           gradient ? &gradient->gate : NULL, dx);
}

void pab__mixture_policy(const pab__mixture_pass *pass, double pi[PAB_ENV_JOINT_ACTIONS])
{
    memset(pi, 0, PAB_ENV_JOINT_ACTIONS * sizeof *pi);
    for (uint32_t e = 0; e < pass->components; e++) {
        const pab__joint *joint = &pass->joint[e];
        for (int a = 0; a < PAB_ENV_LEG_ACTIONS; a++) {
            double first = pass->gate[e] * joint->leg[0][a];
            const double *pair = joint->pair[class_of[a]];
            for (int b = 0; first != 0.0 && b < PAB_ENV_LEG_ACTIONS; b++)
                pi[PAB_ENV_LEG_ACTIONS * a + b] += first * pair[class_of[b]] * joint->leg[1][b];
        }
    }
}

int32_t pab__mixture_best(const double pi[PAB_ENV_JOINT_ACTIONS], const uint32_t legal[PAB_ENV_LEGS])
{
    int32_t best = -1;
    for (int32_t action = 0; action < PAB_ENV_JOINT_ACTIONS; action++) {
        const int32_t first = action / PAB_ENV_LEG_ACTIONS, second = action % PAB_ENV_LEG_ACTIONS;
        if ((legal[0] >> first & 1) == 0 || (legal[1] >> second & 1) == 0)
            continue;
        if (best < 0 || pi[action] > pi[best])
            best = action;
    }
    return best;
}

double pab__mixture_log(const pab__mixture_pass *pass, int32_t action, double share[PAB_MOE_COMPONENTS])
{
    double part[PAB_MOE_COMPONENTS], most = -INFINITY, sum = 0.0;
    for (uint32_t e = 0; e < pass->components; e++) {
        part[e] = pass->log_gate[e] + pab__joint_log(&pass->joint[e], action);
        most = part[e] > most ? part[e] : most;
    }
    for (uint32_t e = 0; e < PAB_MOE_COMPONENTS; e++)
        part[e] = e < pass->components ? part[e] - most : -INFINITY;
    pab__net_exp(part, PAB_MOE_COMPONENTS);
    for (uint32_t e = 0; e < pass->components; e++)
        sum += part[e];
    for (uint32_t e = 0; share && e < PAB_MOE_COMPONENTS; e++)
        share[e] = e < pass->components ? part[e] / sum : 0.0;
    return most + log(sum);
}

void pab__mixture_slope_component(const pab__mixture_pass *pass, uint32_t e, int32_t action, double amount,
                                  pab__mixture_slope *slope)
{
    double marginal[PAB__NET_LOGITS];
    int a = action / PAB_ENV_LEG_ACTIONS, b = action % PAB_ENV_LEG_ACTIONS;
    double *by = slope->logit[e];
    if (pab__mixture_is_forced(pass->legal))
        return;
    pab__joint_marginals(&pass->joint[e], marginal);
    by[a] += amount;
    by[LEG_B + b] += amount;
    by[PAIRS + PAB__ACTION_CLASSES * class_of[a] + class_of[b]] += amount;
    for (int i = 0; i < PAB__NET_LOGITS; i++)
        by[i] -= amount * marginal[i];
}

void pab__mixture_slope_log(const pab__mixture_pass *pass, int32_t action, double amount, pab__mixture_slope *slope)
{
    double share[PAB_MOE_COMPONENTS];
    if (pab__mixture_is_forced(pass->legal))
        return;
    pab__mixture_log(pass, action, share);
    for (uint32_t e = 0; e < pass->components; e++) {
        pab__mixture_slope_component(pass, e, action, amount * share[e], slope);
        slope->gate[e] += amount * (share[e] - pass->gate[e]);
    }
}
