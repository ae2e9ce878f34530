/* Fundamental values: each symbol on its own (oracle.c), or several on one grid (oracle_correlated.c). */
#ifndef PAB_MARKET_ORACLE_H
#define PAB_MARKET_ORACLE_H

#include "market/market.h"

void pab__oracle_seed(pab_market *m, uint32_t symbol);  /* the symbol's generator */
void pab__oracle_build(pab_market *m, uint32_t symbol); /* opening value, first megashock */
int64_t pab__oracle_value(pab_market *m, uint32_t symbol, int64_t time);
int64_t pab__oracle_observe(pab_market *m, uint32_t symbol, int64_t time, double variance, pab__draw *noise);


/* --- oracle_correlated.c --- */

void pab__correlated_build(pab_market *m); /* all of them, once every generator is seeded */
int64_t pab__correlated_value(pab_market *m, uint32_t symbol, int64_t time);
void pab__correlated_catch_up(pab_market *m); /* takes the path to now, before generators are keyed anew ... */
void pab__correlated_renew(pab_market *m);    /* ... after which the jumps to come are drawn again */

#endif
