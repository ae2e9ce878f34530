/* Forward and backward passes. Each is written once and compiled for two vector widths; the bits are the same. */
#include "moedpo/net.h"

#include "base/rng.h"
#include "moedpo/vector_math.h"

#include <math.h>
#include <stddef.h>

#define LANES 8 /* partial sums of a dot product, added up in a fixed order */

/* y = b + x W, four inputs a time: the sum of each output still runs over inputs in order. */
PAB__VECTOR_INLINE void affine(const double *restrict w, const double *restrict b, const double *restrict x,
                               double *restrict y, int inputs, int outputs)
{
    for (int o = 0; o < outputs; o++)
        y[o] = b[o];
    int i = 0;
    for (; i + 4 <= inputs; i += 4) {
        const double *restrict row = w + i * outputs;
        for (int o = 0; o < outputs; o++)
            y[o] = y[o] + x[i] * row[o] + x[i + 1] * row[outputs + o] + x[i + 2] * row[2 * outputs + o] +
                   x[i + 3] * row[3 * outputs + o];
    }
    for (; i < inputs; i++) {
        const double *restrict row = w + (ptrdiff_t)i * outputs; /* in the compiler's eyes an int could overflow */
        for (int o = 0; o < outputs; o++)
            y[o] = y[o] + x[i] * row[o];
    }
}

PAB__VECTOR_INLINE double dot(const double *restrict a, const double *restrict b, int n)
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

PAB__VECTOR_INLINE void outer_add(const double *restrict x, const double *restrict dy, double *restrict dw,
                                  double *restrict db, int inputs, int outputs)
{
    for (int i = 0; i < inputs; i++)
        for (int o = 0; o < outputs; o++)
            dw[i * outputs + o] += x[i] * dy[o];
    for (int o = 0; o < outputs; o++)
        db[o] += dy[o];
}

/* Derivatives by the inputs of a tanh layer, from those by the layer above. */
PAB__VECTOR_INLINE void backward_tanh(const double *restrict w, const double *restrict dy, const double *restrict h,
                                      double *restrict dx, int inputs, int outputs)
{
    for (int i = 0; i < inputs; i++)
        dx[i] = dot(w + i * outputs, dy, outputs);
    for (int i = 0; i < inputs; i++)
        dx[i] *= 1.0 - h[i] * h[i];
}

PAB__VECTOR_INLINE void apply_tanh(double *h, int n)
{
    for (int i = 0; i < n; i++)
        h[i] = pab__vector_tanh(h[i]);
}

PAB__VECTOR_INLINE void net_forward(const pab__net *net, const double *x, pab__net_hidden *hidden, double *logit)
{
    affine(&net->w1[0][0], net->b1, x, hidden->first, PAB__NET_INPUTS, PAB__NET_HIDDEN);
    apply_tanh(hidden->first, PAB__NET_HIDDEN);
    affine(&net->w2[0][0], net->b2, hidden->first, hidden->second, PAB__NET_HIDDEN, PAB__NET_HIDDEN);
    apply_tanh(hidden->second, PAB__NET_HIDDEN);
    affine(&net->w3[0][0], net->b3, hidden->second, logit, PAB__NET_HIDDEN, PAB__NET_LOGITS);
}

PAB__VECTOR_INLINE void net_backward(const pab__net *net, const double *x, const pab__net_hidden *hidden,
                                     const double *slope,
                                     pab__net *gradient, double *dx)
{
    double second[PAB__NET_HIDDEN], first[PAB__NET_HIDDEN];
    backward_tanh(&net->w3[0][0], slope, hidden->second, second, PAB__NET_HIDDEN, PAB__NET_LOGITS);
    backward_tanh(&net->w2[0][0], second, hidden->first, first, PAB__NET_HIDDEN, PAB__NET_HIDDEN);
    if (gradient) {
        outer_add(hidden->second, slope, &gradient->w3[0][0], gradient->b3, PAB__NET_HIDDEN, PAB__NET_LOGITS);
        outer_add(hidden->first, second, &gradient->w2[0][0], gradient->b2, PAB__NET_HIDDEN, PAB__NET_HIDDEN);
        outer_add(x, first, &gradient->w1[0][0], gradient->b1, PAB__NET_INPUTS, PAB__NET_HIDDEN);
    }
    for (int i = 0; dx && i < PAB__NET_INPUTS; i++)
        dx[i] += dot(net->w1[i], first, PAB__NET_HIDDEN);
}

PAB__VECTOR_INLINE void exp_all(double *x, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        x[i] = pab__vector_exp(x[i]);
}

#if defined(__x86_64__) && defined(__GNUC__)

#define WIDE __attribute__((target("avx2"))) static

WIDE void net_forward_wide(const pab__net *net, const double *x, pab__net_hidden *hidden, double *logit)
{
    net_forward(net, x, hidden, logit);
}

WIDE void net_backward_wide(const pab__net *net, const double *x, const pab__net_hidden *hidden, const double *slope,
                            pab__net *gradient, double *dx)
{
    net_backward(net, x, hidden, slope, gradient, dx);
}

WIDE void exp_all_wide(double *x, uint32_t n)
{
    exp_all(x, n);
}

#define CALL(name, ...) (__builtin_cpu_supports("avx2") ? name##_wide(__VA_ARGS__) : name(__VA_ARGS__))
#else
#define CALL(name, ...) name(__VA_ARGS__)
#endif

void pab__net_forward(const pab__net *net, const double x[PAB__NET_INPUTS], pab__net_hidden *hidden,
                      double logit[PAB__NET_LOGITS])
{
    CALL(net_forward, net, x, hidden, logit);
}

void pab__net_backward(const pab__net *net, const double x[PAB__NET_INPUTS], const pab__net_hidden *hidden,
                       const double slope[PAB__NET_LOGITS], pab__net *gradient, double *dx)
{
    CALL(net_backward, net, x, hidden, slope, gradient, dx);
}

void pab__net_exp(double *x, uint32_t n)
{
    CALL(exp_all, x, n);
}

void pab__gate_forward(const pab__gate *gate, const double x[PAB__NET_INPUTS], double hidden[PAB__NET_GATE_HIDDEN],
                       double y[PAB_MOE_COMPONENTS])
{
    affine(&gate->w1[0][0], gate->b1, x, hidden, PAB__NET_INPUTS, PAB__NET_GATE_HIDDEN);
    apply_tanh(hidden, PAB__NET_GATE_HIDDEN);
    affine(&gate->w2[0][0], gate->b2, hidden, y, PAB__NET_GATE_HIDDEN, PAB_MOE_COMPONENTS);
}

void pab__gate_backward(const pab__gate *gate, const double x[PAB__NET_INPUTS],
                        const double hidden[PAB__NET_GATE_HIDDEN],
                        const double slope[PAB_MOE_COMPONENTS], pab__gate *gradient, double *dx)
{
    double first[PAB__NET_GATE_HIDDEN];
    backward_tanh(&gate->w2[0][0], slope, hidden, first, PAB__NET_GATE_HIDDEN, PAB_MOE_COMPONENTS);
    if (gradient) {
        outer_add(hidden, slope, &gradient->w2[0][0], gradient->b2, PAB__NET_GATE_HIDDEN, PAB_MOE_COMPONENTS);
        outer_add(x, first, &gradient->w1[0][0], gradient->b1, PAB__NET_INPUTS, PAB__NET_GATE_HIDDEN);
    }
    for (int i = 0; dx && i < PAB__NET_INPUTS; i++)
        dx[i] += dot(gate->w1[i], first, PAB__NET_GATE_HIDDEN);
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
    for (uint32_t e = 0; e <= PAB_MOE_COMPONENTS; e++) {
        pab__rng rng;
        pab__draw draw = {.rng = &rng};
        pab__rng_seed(&rng, pab__rng_key(seed, e, 0x6d6f65));
        if (e == PAB_MOE_COMPONENTS) {
            xavier(&draw, &net->gate.w1[0][0], PAB__NET_INPUTS, PAB__NET_GATE_HIDDEN);
            xavier(&draw, &net->gate.w2[0][0], PAB__NET_GATE_HIDDEN, PAB_MOE_COMPONENTS);
            break;
        }
        xavier(&draw, &net->net[e].w1[0][0], PAB__NET_INPUTS, PAB__NET_HIDDEN);
        xavier(&draw, &net->net[e].w2[0][0], PAB__NET_HIDDEN, PAB__NET_HIDDEN);
        xavier(&draw, &net->net[e].w3[0][0], PAB__NET_HIDDEN, PAB__NET_LOGITS);
    }
}
