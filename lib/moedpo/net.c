/* Passes through the networks. Each is written once and compiled for two vector widths; the bits are the same. */
#include "moedpo/net.h"

#include "base/rng.h"
#include "moedpo/vector_math.h"

#include <math.h>

#define LANES 8 /* partial sums of a dot product, added up in a fixed order */

/* y = b + x W, four inputs a time: the sum of each output still runs over inputs in order. */
PAB__INLINE void affine(const double *restrict w, const double *restrict b, const double *restrict x,
                        double *restrict y, int inputs, int outputs)
{
    for (int o = 0; o < outputs; o++)
        y[o] = b[o];
    for (int i = 0; i < inputs; i += 4) {
        const double *restrict row = w + i * outputs;
        for (int o = 0; o < outputs; o++)
            y[o] = y[o] + x[i] * row[o] + x[i + 1] * row[outputs + o] + x[i + 2] * row[2 * outputs + o] +
                   x[i + 3] * row[3 * outputs + o];
    }
}

PAB__INLINE double dot(const double *restrict a, const double *restrict b, int n)
{
    double part[LANES] = {0};
    int i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++)
            part[l] += a[i + l] * b[i + l];
    for (int l = 0; i < n; i++, l++)
        part[l] += a[i] * b[i];
    return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

PAB__INLINE void outer_add(const double *restrict x, const double *restrict dy, double *restrict dw,
                           double *restrict db, int inputs, int outputs)
{
    for (int i = 0; i < inputs; i++)
        for (int o = 0; o < outputs; o++)
            dw[i * outputs + o] += x[i] * dy[o];
    for (int o = 0; o < outputs; o++)
        db[o] += dy[o];
}

/* Derivatives by what a tanh layer took in, from those by the layer above. */
PAB__INLINE void below(const double *restrict w, const double *restrict dy, const double *restrict h,
                       double *restrict dx, int inputs, int outputs)
{
    for (int i = 0; i < inputs; i++)
        dx[i] = dot(w + i * outputs, dy, outputs);
    for (int i = 0; i < inputs; i++)
        dx[i] *= 1.0 - h[i] * h[i];
}

PAB__INLINE void squash(double *h, int n)
{
    for (int i = 0; i < n; i++)
        h[i] = pab__tanh(h[i]);
}

PAB__INLINE void net_forward(const pab__net *net, const double *x, pab__hidden *hidden, double *logit)
{
    affine(&net->w1[0][0], net->b1, x, hidden->first, PAB__INPUTS, PAB__HIDDEN);
    squash(hidden->first, PAB__HIDDEN);
    affine(&net->w2[0][0], net->b2, hidden->first, hidden->second, PAB__HIDDEN, PAB__HIDDEN);
    squash(hidden->second, PAB__HIDDEN);
    affine(&net->w3[0][0], net->b3, hidden->second, logit, PAB__HIDDEN, PAB__LOGITS);
}

PAB__INLINE void net_backward(const pab__net *net, const double *x, const pab__hidden *hidden, const double *slope,
                              pab__net *gradient, double *dx)
{
    double second[PAB__HIDDEN], first[PAB__HIDDEN];
    below(&net->w3[0][0], slope, hidden->second, second, PAB__HIDDEN, PAB__LOGITS);
    below(&net->w2[0][0], second, hidden->first, first, PAB__HIDDEN, PAB__HIDDEN);
    if (gradient) {
        outer_add(hidden->second, slope, &gradient->w3[0][0], gradient->b3, PAB__HIDDEN, PAB__LOGITS);
        outer_add(hidden->first, second, &gradient->w2[0][0], gradient->b2, PAB__HIDDEN, PAB__HIDDEN);
        outer_add(x, first, &gradient->w1[0][0], gradient->b1, PAB__INPUTS, PAB__HIDDEN);
    }
    for (int i = 0; dx && i < PAB__INPUTS; i++)
        dx[i] += dot(net->w1[i], first, PAB__HIDDEN);
}

PAB__INLINE void exp_many(double *x, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        x[i] = pab__exp(x[i]);
}

#if defined(__x86_64__) && defined(__GNUC__)

#define WIDE __attribute__((target("avx2"))) static

WIDE void net_forward_wide(const pab__net *net, const double *x, pab__hidden *hidden, double *logit)
{
    net_forward(net, x, hidden, logit);
}

WIDE void net_backward_wide(const pab__net *net, const double *x, const pab__hidden *hidden, const double *slope,
                            pab__net *gradient, double *dx)
{
    net_backward(net, x, hidden, slope, gradient, dx);
}

WIDE void exp_many_wide(double *x, uint32_t n)
{
    exp_many(x, n);
}

#define CALL(name, ...) (__builtin_cpu_supports("avx2") ? name##_wide(__VA_ARGS__) : name(__VA_ARGS__))
#else
#define CALL(name, ...) name(__VA_ARGS__)
#endif

void pab__net_forward(const pab__net *net, const double x[PAB__INPUTS], pab__hidden *hidden,
                      double logit[PAB__LOGITS])
{
    CALL(net_forward, net, x, hidden, logit);
}

void pab__net_backward(const pab__net *net, const double x[PAB__INPUTS], const pab__hidden *hidden,
                       const double slope[PAB__LOGITS], pab__net *gradient, double *dx)
{
    CALL(net_backward, net, x, hidden, slope, gradient, dx);
}

void pab__exp_many(double *x, uint32_t n)
{
    CALL(exp_many, x, n);
}

void pab__gate_forward(const pab__gate *gate, const double x[PAB__INPUTS], double hidden[PAB__GATE_HIDDEN],
                       double y[PAB__COMPONENTS])
{
    affine(&gate->w1[0][0], gate->b1, x, hidden, PAB__INPUTS, PAB__GATE_HIDDEN);
    squash(hidden, PAB__GATE_HIDDEN);
    affine(&gate->w2[0][0], gate->b2, hidden, y, PAB__GATE_HIDDEN, PAB__COMPONENTS);
}

void pab__gate_backward(const pab__gate *gate, const double x[PAB__INPUTS], const double hidden[PAB__GATE_HIDDEN],
                        const double slope[PAB__COMPONENTS], pab__gate *gradient, double *dx)
{
    double first[PAB__GATE_HIDDEN];
    below(&gate->w2[0][0], slope, hidden, first, PAB__GATE_HIDDEN, PAB__COMPONENTS);
    if (gradient) {
        outer_add(hidden, slope, &gradient->w2[0][0], gradient->b2, PAB__GATE_HIDDEN, PAB__COMPONENTS);
        outer_add(x, first, &gradient->w1[0][0], gradient->b1, PAB__INPUTS, PAB__GATE_HIDDEN);
    }
    for (int i = 0; dx && i < PAB__INPUTS; i++)
        dx[i] += dot(gate->w1[i], first, PAB__GATE_HIDDEN);
}

static void xavier(pab__draw *draw, double *w, int inputs, int outputs)
{
    double reach = sqrt(6.0 / (inputs + outputs));
    for (int i = 0; i < inputs * outputs; i++)
        w[i] = pab__draw_uniform(draw, -reach, reach);
}

void pab__mixture_net_init(pab__mixture_net *net, uint64_t seed)
{
    *net = (pab__mixture_net){0};
    for (uint32_t e = 0; e <= PAB__COMPONENTS; e++) {
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__rng_seed(&rng, pab__rng_key(seed, e, 0x6d6f65));
        if (e == PAB__COMPONENTS) {
            xavier(&draw, &net->gate.w1[0][0], PAB__INPUTS, PAB__GATE_HIDDEN);
            xavier(&draw, &net->gate.w2[0][0], PAB__GATE_HIDDEN, PAB__COMPONENTS);
            break;
        }
        xavier(&draw, &net->net[e].w1[0][0], PAB__INPUTS, PAB__HIDDEN);
        xavier(&draw, &net->net[e].w2[0][0], PAB__HIDDEN, PAB__HIDDEN);
        xavier(&draw, &net->net[e].w3[0][0], PAB__HIDDEN, PAB__LOGITS);
    }
}
