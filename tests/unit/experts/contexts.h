/* Decision contexts made by hand: what a policy would see, without a market. */
#ifndef PAB_TEST_CONTEXTS_H
#define PAB_TEST_CONTEXTS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "experts/expert.h"
#include "experts/schedule.h"

/* Decision 10 of 60, both legs on schedule, a two-tick spread, everything legal, nothing resting. */
static inline pab__context quiet_context(void)
{
    pab__context context = {.status = {
        .struct_size = sizeof(pab_env_status), .step = 10, .steps = 60, .seed = 7,
        .start = 1000, .end = 1000 + INT64_C(300000000000), .interval = INT64_C(5000000000),
        .side = {PAB_BUY, PAB_SELL}, .symbol = {0, 1}, .parent = {600, 1200}, .filled = {100, 200},
        .arrival = {100000, 50000}, .mid = {100000, 50000}, .near_price = {99999, 50001}, .far_price = {100001, 49999},
        .far_quantity = {1000, 1000}, .ratio = 2, .band = 60, .covariance = {4, 1, 9},
    }};
    context.status.now = context.status.start + 10 * context.status.interval;
    context.open = 0;
    context.close = INT64_C(23400000000000);
    static const float nothing[PAB_ENV_OBSERVATIONS];
    pab__signals_read(nothing, &context.signals);
    memset(context.legal, 1, sizeof context.legal);
    context.legal[PAB_ACTION_CANCEL] = context.legal[PAB_ENV_LEG_ACTIONS + PAB_ACTION_CANCEL] = 0;
    return context;
}

/* One drawn at random, extremes included. */
static inline pab__context any_context(pab__draw *draw)
{
    pab__context context = quiet_context();
    pab_env_status *now = &context.status;
    now->step = (int32_t)pab__draw_randint(draw, 0, now->steps);
    float obs[PAB_ENV_OBSERVATIONS];
    for (int i = 0; i < PAB_ENV_OBSERVATIONS; i++)
        obs[i] = (float)pab__draw_uniform(draw, -1, 1);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        double line = (double)now->parent[leg] * now->step / now->steps;
        double filled = line + pab__draw_normal(draw, 0, 0.05) * (double)now->parent[leg];
        now->filled[leg] = filled <= 0 ? 0 : filled >= (double)now->parent[leg] ? now->parent[leg] : (int64_t)filled;
        now->resting[leg] = (int32_t)pab__draw_randint(draw, 0, 2);
        now->far_quantity[leg] = pab__draw_randint(draw, 0, 60);
        uint8_t *legal = context.legal + leg * PAB_ENV_LEG_ACTIONS;
        legal[PAB_ACTION_CANCEL] = now->resting[leg] != 0;
        for (int style = 0; style < 5; style++)
            memset(legal + PAB_ACTION_FIRST_STYLE + 3 * style, pab__draw_double(draw) < 0.85, 3);
        if (now->filled[leg] == now->parent[leg])
            memset(legal + 1, 0, PAB_ENV_LEG_ACTIONS - 1);
        static const int32_t unsigned_ones[] = {PAB_OBS_A_CRUMBLE_NEAR, PAB_OBS_A_CRUMBLE_FAR, PAB_OBS_A_QUEUE};
        for (size_t k = 0; k < sizeof unsigned_ones / sizeof *unsigned_ones; k++)
            obs[PAB_OBS_LEG_COUNT * leg + unsigned_ones[k]] = fabsf(obs[PAB_OBS_LEG_COUNT * leg + unsigned_ones[k]]);
    }
    pab__signals_read(obs, &context.signals);
    for (int i = 0; i < 3; i++)
        now->covariance[i] = i == 1 ? 0 : exp(pab__draw_normal(draw, 1, 3));
    return context;
}

/* Settled options of a specification that must be right. */
static inline pab__policy_params params_of(const char *spec)
{
    pab__policy_params params;
    assert_int_equal(pab__spec_read(spec, &params), PAB_OK);
    return params;
}

/* Round thresholds, well apart from each other, that rules are tested with: defaults are tuned and may change. */
static inline double round_threshold(const char *policy, const char *key, double otherwise)
{
    static const struct {
        const char *policy, *key;
        double value;
    } of[] = {
        {"", "guard_steps", 2}, {"", "gap_sweep", 0.06}, {"", "gap_take", 0.03}, {"", "gap_mid", 0.01},
        {"", "ahead_cancel", -0.03}, {"", "ahead_hold", -0.01}, {"", "b_take", 0.05}, {"", "b_mid", 0},
        {"lae", "b_urgent", 0.15}, {"", "p_far", 0.6}, {"", "zs_calm", 1.5}, {"", "p_near", 0.6}, {"", "b_near", 0.08},
        {"", "zs_wide", 1}, {"lae", "zs_tight", -0.5}, {"lae", "df_tight", 0}, {"", "b_tight", 0.02},
        {"", "dn_thin", -0.7}, {"", "alpha_take", 0.5}, {"", "zs_take", 1}, {"", "alpha_mid", 0.25},
        {"", "alpha_wait", -0.5}, {"ome", "zs_tight", -1}, {"ome", "df_tight", 0.4}, {"", "queue_keep", 0.3},
        {"ome", "b_urgent", 0.2}, {"", "lag", 0.03}, {"", "kappa_t", 2}, {"", "zs_pause", 2}, {"", "pauses", 3},
        {"", "vr_take", 2}, {"", "vr_mid", 1.3}, {"", "vr_calm", 0.8}, {"", "b_calm", 0}, {"", "risk", 25},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if ((of[i].policy[0] == '\0' || strcmp(of[i].policy, policy) == 0) && strcmp(of[i].key, key) == 0)
            return of[i].value;
    return otherwise;
}

/* As params_of, with round thresholds where the specification has none of its own. */
static inline pab__policy_params round_params_of(const char *spec)
{
    pab__policy_params params = params_of(spec);
    for (uint32_t i = 0; i < params.kind->option_count; i++) {
        const pab__policy_option *o = &params.kind->options[i];
        if (params.value[i] == o->value)
            params.value[i] = round_threshold(params.kind->name, o->key, o->value);
    }
    return params;
}

#endif
