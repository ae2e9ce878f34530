#include "base/cholesky.h"

#include <math.h>

static int factorise(double *a, int n)
{
    for (int j = 0; j < n; j++) {
        for (int k = 0; k <= j; k++) {
            double v = a[j * n + k];
            for (int m = 0; m < k; m++)
                v -= a[j * n + m] * a[k * n + m];
            if (j == k && !(v > 0))
                return 0;
            a[j * n + k] = j == k ? sqrt(v) : v / a[k * n + k];
        }
    }
    return 1;
}

int pab__cholesky_solve(double *a, int n, const double *b, double *x)
{
    if (!factorise(a, n))
        return 0;
    for (int j = 0; j < n; j++) {
        x[j] = b[j];
        for (int m = 0; m < j; m++)
            x[j] -= a[j * n + m] * x[m];
        x[j] /= a[j * n + j];
    }
    for (int j = n - 1; j >= 0; j--) {
        for (int m = j + 1; m < n; m++)
            x[j] -= a[m * n + j] * x[m];
        x[j] /= a[j * n + j];
    }
    return 1;
}
