/* Exponential and logarithm to about seven digits, for rates that are worked out tens of thousands of times an hour. */
#ifndef PAB_MARKET_AGENTS_FLOW_MATH_H
#define PAB_MARKET_AGENTS_FLOW_MATH_H

#include <stdint.h>
#include <string.h>

/* Of -700 to 700; beyond, of the nearer of them. */
static inline double pab__quick_exp(double x)
{
    x = x < -700 ? -700 : x > 700 ? 700 : x;
    double y = x * 1.4426950408889634, shifted = y + 0x1.8p52; /* rounds to the nearest integer */
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    double r = (y - (shifted - 0x1.8p52)) * 0.69314718055994531;
    double r2 = r * r;
    double low = 1 + r + r2 * (0.5 + r * (1.0 / 6));
    double high = r2 * r2 * (1.0 / 24 + r * (1.0 / 120) + r2 * (1.0 / 720));
    uint64_t power = (bits + 1023) << 52;
    double scale;
    memcpy(&scale, &power, sizeof scale);
    return (low + high) * scale;
}

/* Of a positive, normal number. */
static inline double pab__quick_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t from = bits - UINT64_C(0x3fe6a09e00000000); /* 1/sqrt(2): the rest lies between it and sqrt(2) */
    int64_t power = (int64_t)from >> 52;
    bits -= (uint64_t)power << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    double s = (m - 1) / (m + 1), s2 = s * s;
    double series = 2 + s2 * (2.0 / 3 + s2 * (2.0 / 5 + s2 * (2.0 / 7 + s2 * (2.0 / 9))));
    return (double)power * 0.69314718055994531 + s * series;
}

#endif
