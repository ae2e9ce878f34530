/* How well scores tell ones from zeros. */
#ifndef PAB_BASE_AUC_H
#define PAB_BASE_AUC_H

#include <stddef.h>

/* Area under the receiver operating characteristic: the chance that the score of a 1 is above that of a 0, ties half;
 * NaN without both. `pairs` holds a score and a label, 0 or 1, for each of `count`; they are sorted. */
double pab__auc(double *pairs, size_t count);

#endif
