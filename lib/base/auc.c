#include "base/auc.h"

#include <math.h>

#include "base/sort.h"

/* By score, then label. */
static int lower(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return x[0] < y[0] || (x[0] == y[0] && x[1] < y[1]);
}

double pab__auc(double *pairs, size_t count)
{
    double ones = 0, zeros = 0, wins = 0;
    pab__sort(pairs, count, 2 * sizeof *pairs, lower);
    for (size_t i = 0, end = 0; i < count; i = end) {
        double up = 0, down = 0;
        for (; end < count && !(pairs[2 * end] > pairs[2 * i]); end++) {
            up += pairs[2 * end + 1];
            down += 1 - pairs[2 * end + 1];
        }
        wins += up * (zeros + 0.5 * down);
        ones += up;
        zeros += down;
    }
    return ones > 0 && zeros > 0 ? wins / (ones * zeros) : NAN;
}
