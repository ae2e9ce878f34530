/* Where the mid is expected to settle, given the imbalance of the touch and the spread (Stoikov 2018): with Q0 the
 * chances of a step to another state while the mid stands, T1 those of a step that moves it, and r its mean move,
 *   G1 = (I - Q0)^-1 r,  B = (I - Q0)^-1 T1,  g = G1 + B G1 + ... + B^6 G1.
 * Each step is counted with its mirror image, so that g changes sign when bid and ask are swapped. */
#include "calib/calib.h"

#include <math.h>

enum { STATES = PAB__MICRO_MAX, TERMS = 6 };

typedef struct chain {
    double stay[STATES][STATES], move[STATES][STATES]; /* counts */
    double size[STATES];                               /* sums of moves, ticks */
    double from[STATES];
} chain;

/* The state with bid and ask swapped. */
static int mirror(int state)
{
    int row = state / PAB__MICRO_SPREADS, column = state % PAB__MICRO_SPREADS;
    return (PAB__MICRO_IMBALANCES - 1 - row) * PAB__MICRO_SPREADS + column;
}

static void count_step(chain *c, int from, int to, double move)
{
    c->from[from]++;
    if (move == 0) {
        c->stay[from][to]++;
        return;
    }
    c->move[from][to]++;
    c->size[from] += move;
}

static int state_of(const pab__touch_sample *g, double mean)
{
    return g->bid > 0 && g->ask > 0 ? pab__micro_price_row(g->share, g->ask - g->bid, mean) : -1;
}

static void count_episode(chain *c, const pab__touch_sample *g, uint32_t count, double mean)
{
    for (uint32_t k = 1; k < count; k++) {
        int from = state_of(&g[k - 1], mean), to = state_of(&g[k], mean);
        double move = 0.5 * (g[k].bid + g[k].ask) - 0.5 * (g[k - 1].bid + g[k - 1].ask);
        if (from < 0 || to < 0)
            continue;
        count_step(c, from, to, move);
        count_step(c, mirror(from), mirror(to), -move);
    }
}

/* Solves a x = b in place, with partial pivoting. The matrix is diagonally dominant: see divide. */
static void solve(double a[STATES][STATES], double b[STATES])
{
    for (int k = 0; k < STATES; k++) {
        int best = k;
        for (int i = k + 1; i < STATES; i++)
            best = fabs(a[i][k]) > fabs(a[best][k]) ? i : best;
        for (int j = 0; j < STATES && best != k; j++) {
            double t = a[k][j];
            a[k][j] = a[best][j];
            a[best][j] = t;
        }
        double swap = b[k];
        b[k] = b[best];
        b[best] = swap;
        for (int i = k + 1; i < STATES; i++) {
            double f = a[i][k] / a[k][k];
            for (int j = k; j < STATES; j++)
                a[i][j] -= f * a[k][j];
            b[i] -= f * b[k];
        }
    }
    for (int k = STATES - 1; k >= 0; k--) {
        for (int j = k + 1; j < STATES; j++)
            b[k] -= a[k][j] * b[j];
        b[k] /= a[k][k];
    }
}

/* Counts become chances. One step out of nowhere leads nowhere, so that no state can be stayed in for ever. */
static void divide(chain *c)
{
    for (int i = 0; i < STATES; i++) {
        for (int j = 0; j < STATES; j++) {
            c->stay[i][j] /= c->from[i] + 1;
            c->move[i][j] /= c->from[i] + 1;
        }
        c->size[i] /= c->from[i] + 1;
    }
}

static void without_moves(const chain *c, double b[STATES])
{
    double a[STATES][STATES];
    for (int i = 0; i < STATES; i++)
        for (int j = 0; j < STATES; j++)
            a[i][j] = (i == j) - c->stay[i][j];
    solve(a, b);
}

static void fixed_point(chain *c, double g[STATES])
{
    double term[STATES];
    divide(c);
    for (int i = 0; i < STATES; i++)
        term[i] = c->size[i];
    without_moves(c, term);
    for (int i = 0; i < STATES; i++)
        g[i] = term[i];
    for (int n = 0; n < TERMS; n++) {
        double next[STATES];
        for (int i = 0; i < STATES; i++) {
            next[i] = 0;
            for (int j = 0; j < STATES; j++)
                next[i] += c->move[i][j] * term[j];
        }
        without_moves(c, next);
        for (int i = 0; i < STATES; i++) {
            term[i] = next[i];
            g[i] += term[i];
        }
    }
}

void pab__micro_price_measure(const pab__recording *recordings, uint32_t count, const pab__recording_plan *plan,
                              pab__leg_plan *legs)
{
    for (int leg = 0; leg < 2; leg++) {
        chain c = {0};
        for (uint32_t i = 0; i < count; i++)
            count_episode(&c, recordings[i].touch[leg], plan->steps * plan->parts + 1, legs[leg].ref.spread_mean);
        fixed_point(&c, legs[leg].micro_price);
        legs[leg].micro_count = PAB__MICRO_MAX;
    }
}
