/* Tests of cointegration: augmented Dickey-Fuller with one lag and no constant, and Johansen's trace statistics. */
#include "stage0/hedge.h"

#include <math.h>

static double half_life(const double *e, uint64_t n)
{
    double xx = 0, xy = 0;
    for (uint64_t i = 1; i < n; i++) {
        xx += e[i - 1] * e[i - 1];
        xy += e[i - 1] * e[i];
    }
    double rho = xx > 0 ? xy / xx : NAN; /* 1 + phi */
    if (!(rho > 0))
        return rho <= 0 ? 0 : NAN;
    return rho < 1 ? -log(2) / log(rho) : INFINITY;
}

/* Regression of the change on the level before and the change before. */
pab__adf pab__adf_test(const double *e, uint64_t n)
{
    double s11 = 0, s12 = 0, s22 = 0, s1y = 0, s2y = 0, rest = 0;
    for (uint64_t i = 2; i < n; i++) {
        double y = e[i] - e[i - 1], x1 = e[i - 1], x2 = e[i - 1] - e[i - 2];
        s11 += x1 * x1;
        s12 += x1 * x2;
        s22 += x2 * x2;
        s1y += x1 * y;
        s2y += x2 * y;
    }
    double det = s11 * s22 - s12 * s12;
    double phi = (s22 * s1y - s12 * s2y) / det, gamma = (s11 * s2y - s12 * s1y) / det;
    for (uint64_t i = 2; i < n; i++) {
        double error = e[i] - e[i - 1] - phi * e[i - 1] - gamma * (e[i - 1] - e[i - 2]);
        rest += error * error;
    }
    double variance = rest / ((double)(n - 2) - 2) * s22 / det;
    return (pab__adf){.t = det > 0 && variance > 0 ? phi / sqrt(variance) : NAN, .half_life = half_life(e, n)};
}

/* Sums over time of products of up to six series: changes (0, 1), levels before (2, 3), changes before (4, 5). */
typedef struct products {
    double s[6][6];
    double mean[6];
} products;

static void row_at(const double *a, const double *b, uint64_t i, double row[6])
{
    row[0] = a[i] - a[i - 1];
    row[1] = b[i] - b[i - 1];
    row[2] = a[i - 1];
    row[3] = b[i - 1];
    row[4] = a[i - 1] - a[i - 2];
    row[5] = b[i - 1] - b[i - 2];
}

static products sum_products(const double *a, const double *b, uint64_t n)
{
    products p = {0};
    double row[6];
    for (uint64_t i = 2; i < n; i++) {
        row_at(a, b, i, row);
        for (int j = 0; j < 6; j++)
            p.mean[j] += row[j] / (double)(n - 2);
    }
    for (uint64_t i = 2; i < n; i++) {
        row_at(a, b, i, row);
        for (int j = 0; j < 6; j++)
            for (int k = 0; k < 6; k++)
                p.s[j][k] += (row[j] - p.mean[j]) * (row[k] - p.mean[k]);
    }
    return p;
}

/* Takes series 4 and 5 (and the constant, with the means) out of the first four: a Schur complement, in place. */
static void project(products *p)
{
    for (int out = 5; out >= 4; out--) {
        double pivot = p->s[out][out];
        for (int j = 0; j < out; j++)
            for (int k = 0; k < out; k++)
                p->s[j][k] -= p->s[j][out] * p->s[out][k] / pivot;
    }
}

typedef struct two {
    double m[2][2];
} two;

static two block(const products *p, int row, int column)
{
    two out;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            out.m[i][j] = p->s[row + i][column + j];
    return out;
}

static two times(two x, two y)
{
    two out;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            out.m[i][j] = x.m[i][0] * y.m[0][j] + x.m[i][1] * y.m[1][j];
    return out;
}

static two inverse(two x)
{
    double det = x.m[0][0] * x.m[1][1] - x.m[0][1] * x.m[1][0];
    return (two){{{x.m[1][1] / det, -x.m[0][1] / det}, {-x.m[1][0] / det, x.m[0][0] / det}}};
}

void pab__johansen(const double *a, const double *b, uint64_t n, double trace[2], double eigenvalue[2])
{
    products p = sum_products(a, b, n);
    project(&p);
    two s00 = block(&p, 0, 0), s01 = block(&p, 0, 2), s10 = block(&p, 2, 0), s11 = block(&p, 2, 2);
    two m = times(times(inverse(s11), s10), times(inverse(s00), s01));
    double sum = m.m[0][0] + m.m[1][1], det = m.m[0][0] * m.m[1][1] - m.m[0][1] * m.m[1][0];
    double root = sum * sum / 4 - det;
    root = sqrt(root > 0 ? root : 0);
    eigenvalue[0] = sum / 2 + root;
    eigenvalue[1] = sum / 2 - root;
    double length = (double)(n - 2);
    trace[1] = -length * log1p(-eigenvalue[1]);
    trace[0] = trace[1] - length * log1p(-eigenvalue[0]);
}
