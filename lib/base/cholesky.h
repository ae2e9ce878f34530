/* Linear equations with a symmetric positive definite matrix: regressions of a few dozen inputs. */
#ifndef PAB_BASE_CHOLESKY_H
#define PAB_BASE_CHOLESKY_H

/* Solves a x = b. `a` holds n rows of n, of which the lower triangle is read and overwritten. 0 where it is not
 * positive definite. */
int pab__cholesky_solve(double *a, int n, const double *b, double *x);

#endif
