/* The decision context: what a policy may know when it decides, gathered once. Rules, tables and calibration work on
 * this and need no market; tests make one by hand. It borrows the scenario's calibration: the environment must outlive
 * it. */
#ifndef PAB_ENV_CONTEXT_H
#define PAB_ENV_CONTEXT_H

#include "env/signals.h"

typedef struct pab__context {
    pab_env_status status;
    pab__signals signals; /* read from the observation, see signals.h */
    uint8_t legal[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    int64_t open, close;                     /* of the market, ns */
    const pab__leg_plan *plan[PAB_ENV_LEGS]; /* calibration; NULL: none */
} pab__context;

/* PAB_E_STATE when the episode is over. */
pab_status pab__context_take(const pab_env *env, pab__context *out);

/* An action of a style and a size: PAB__ACTION(TAKE, ONE), pab__action_of(PAB_STYLE_TAKE, PAB__SIZE_ONE). */
enum { PAB__SIZE_HALF = 0, PAB__SIZE_ONE = 1, PAB__SIZE_TWO = 2 };
#define PAB__ACTION(style, size) (PAB_ACTION_FIRST_STYLE + 3 * PAB_STYLE_##style + PAB__SIZE_##size)
static inline int32_t pab__action_of(int32_t style, int32_t size)
{
    return PAB_ACTION_FIRST_STYLE + 3 * style + size;
}

/* Legal actions of a leg as bits: bit a is set where mask[a] is not 0. */
uint32_t pab__legal_bits(const uint8_t mask[PAB_ENV_LEG_ACTIONS]);

/* The action itself where legal, else the first legal one down SWEEP, TAKE, MID, IMPROVE, JOIN, HOLD. */
int32_t pab__legal_ladder(const uint8_t legal[PAB_ENV_LEG_ACTIONS], int32_t action);

#endif
