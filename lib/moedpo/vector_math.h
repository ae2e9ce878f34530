/* exp and tanh that the compiler vectorises: no branches, no calls, and the same bits whatever the vector width.
 * The C library's differ by the processor they run on. */
#ifndef PAB_MOEDPO_VECTOR_MATH_H
#define PAB_MOEDPO_VECTOR_MATH_H

#include <stdint.h>
#include <string.h>

#define PAB__VECTOR_INLINE static inline __attribute__((always_inline))

/* x clipped to [-limit, limit]. Compared as integers, which compilers vectorise. */
PAB__VECTOR_INLINE double pab__vector_clamp(double x, double limit)
{
    int64_t bits, most;
    memcpy(&bits, &x, sizeof bits);
    memcpy(&most, &limit, sizeof most);
    int64_t size = bits & INT64_MAX;
    int64_t sign = bits & INT64_MIN;
    size = size > most ? most : size;
    bits = size | sign;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* exp(r) - 1 for |r| <= ln 2 / 2, by its series. */
PAB__VECTOR_INLINE double pab__vector_expm1_series(double r)
{
    double s = 1.0 / 6227020800.0;
    s = s * r + 1.0 / 479001600.0;
    s = s * r + 1.0 / 39916800.0;
    s = s * r + 1.0 / 3628800.0;
    s = s * r + 1.0 / 362880.0;
    s = s * r + 1.0 / 40320.0;
    s = s * r + 1.0 / 5040.0;
    s = s * r + 1.0 / 720.0;
    s = s * r + 1.0 / 120.0;
    s = s * r + 1.0 / 24.0;
    s = s * r + 1.0 / 6.0;
    s = s * r + 1.0 / 2.0;
    return r + r * r * s;
}

/* exp(x) = scale * (1 + rest), scale a power of two, for |x| <= 708. */
PAB__VECTOR_INLINE double pab__vector_exp_split(double x, double *rest)
{
    const double shifter = 0x1.8p52; /* leaves the nearest integer in the low bits */
    double shifted = x * 0x1.71547652b82fep0 + shifter;
    double whole = shifted - shifter;
    double r = (x - whole * 0x1.62e42fefa0000p-1) - whole * 0x1.cf79abc9e3b3ap-40;
    uint64_t bits;
    double scale;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    memcpy(&scale, &bits, sizeof scale);
    *rest = pab__vector_expm1_series(r);
    return scale;
}

/* Below -708 it is exp(-708), 3e-308; above 708, exp(708). */
PAB__VECTOR_INLINE double pab__vector_exp(double x)
{
    double rest;
    double scale = pab__vector_exp_split(pab__vector_clamp(x, 708.0), &rest);
    return scale + scale * rest;
}

PAB__VECTOR_INLINE double pab__vector_tanh(double x)
{
    double rest;
    double scale = pab__vector_exp_split(pab__vector_clamp(x + x, 80.0), &rest);
    double less = (scale - 1.0) + scale * rest; /* exp(2x) - 1, exact near zero */
    return less / (less + 2.0);
}

#endif
