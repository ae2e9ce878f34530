/* What a policy sees at a decision: the environment's answers, gathered once. Rules work on this and need no market. */
#ifndef PAB_EXPERTS_SCENE_H
#define PAB_EXPERTS_SCENE_H

#include <pairsabides/env.h>

#include "env/pair.h"

typedef struct pab__scene {
    pab_env_status status;
    float obs[PAB_ENV_OBSERVATIONS];
    uint8_t legal[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    int64_t open, close;                      /* of the market, ns */
    const pab__leg_plan *plan[PAB_ENV_LEGS];  /* calibration; NULL: none */
} pab__scene;

pab_status pab__scene_take(const pab_env *env, pab__scene *out);

/* An action of a style and a size. */
enum { PAB__HALF = 0, PAB__ONE = 1, PAB__TWO = 2 };
#define PAB__ACT(style, size) (PAB_ACTION_FIRST_STYLE + 3 * (style) + (size))

/* The action itself where legal, else the first legal one down SWEEP, TAKE, MID, IMPROVE, JOIN, HOLD. */
int32_t pab__ladder(const uint8_t legal[PAB_ENV_LEG_ACTIONS], int32_t action);

#endif
