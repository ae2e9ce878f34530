/* What a reset does not take: seeds, options and observations that mean nothing. */
#include "episode.h"

#include <math.h>

#define INDICES (UINT64_C(1) << 48)

static void parts_of_a_seed_have_bounds(void **state)
{
    (void)state;
    static const struct {
        int32_t split, regime;
        uint64_t index;
        const char *text;
    } bad[] = {
        {7, 0, 1, "split 7; expected PAB_SPLIT_TRAIN, _VALIDATION or _TEST, 1 to 3"},
        {0, 0, 1, "split 0;"},
        {-1, 0, 1, "split -1;"},
        {257, 0, 1, "split 257;"},
        {1, 5, 1, "regime 5; expected 0 to 4"},
        {1, -1, 1, "regime -1;"},
        {1, 256, 1, "regime 256;"},
        {1, 0, INDICES, "index 281474976710656; expected less than 2^48"},
        {3, 4, UINT64_MAX, "index 18446744073709551615;"},
    };
    pab_env *env = make_env(NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t seed = pab_seed(bad[i].split, bad[i].regime, bad[i].index);
        refused(seed == UINT64_MAX ? PAB_E_RANGE : PAB_OK, PAB_E_RANGE, bad[i].text);
        refused(pab_env_reset(env, seed, NULL, NULL, 0), PAB_E_RANGE, "seed 0xffffffffffffffff has split 255;");
    }
    assert_true(pab_seed(3, 4, INDICES - 1) == (UINT64_C(0x0304) << 48 | (INDICES - 1)));
    pab_env_free(env);
}

static void a_seed_names_a_split_and_a_regime(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    pab_reset_options calm;
    must(pab_reset_options_init(&calm, sizeof calm));
    calm.regime = PAB_REGIME_CALM;
    refused(pab_env_reset(env, UINT64_C(7) << 56, NULL, NULL, 0), PAB_E_RANGE, "seed 0x700000000000000 has split 7;");
    refused(pab_env_reset(env, INDICES, NULL, NULL, 0), PAB_E_RANGE, "has split 0;");
    refused(pab_env_reset(env, UINT64_C(0x0109) << 48, NULL, NULL, 0), PAB_E_RANGE, "has regime 9; expected 0 to 4");
    refused(pab_env_reset(env, UINT64_C(0x0109) << 48, &calm, NULL, 0), PAB_E_RANGE, "has regime 9;");
    must(pab_env_reset(env, INDICES - 1, &calm, NULL, 0));
    pab_env_free(env);
}

static void weights_are_finite(void **state)
{
    (void)state;
    static const char *const names[] = {"shortfall", "hedge", "risk", "terminal", "extra"};
    pab_env *env = make_env(NULL);
    pab_reset_options o;
    double *const weights[] = {&o.weights.shortfall, &o.weights.hedge, &o.weights.risk, &o.weights.terminal,
                               &o.weights.extra};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int infinite = 0; infinite < 2; infinite++) {
            char text[64];
            must(pab_reset_options_init(&o, sizeof o));
            *weights[i] = infinite ? -INFINITY : NAN;
            snprintf(text, sizeof text, "options.weights.%s is %s", names[i], infinite ? "-inf" : "nan");
            refused(pab_env_reset(env, 1, &o, NULL, 0), PAB_E_RANGE, text);
        }
    pab_env_free(env);
}

static void an_observation_has_room_or_is_not_asked_for(void **state)
{
    (void)state;
    pab_env *env = make_env(NULL);
    float obs[OBS];
    const int32_t action[2] = {0, 0};
    refused(pab_env_reset(env, 1, NULL, NULL, OBS), PAB_E_ARGUMENT, "obs is NULL and n_obs 60");
    refused(pab_env_reset(env, 1, NULL, obs, 7), PAB_E_ARGUMENT, "obs has room for 7 features: 60 were expected");
    must(pab_env_reset(env, 1, NULL, obs, OBS));
    refused(pab_env_step(env, action, NULL, OBS, NULL), PAB_E_ARGUMENT, "obs is NULL and n_obs 60");
    refused(pab_env_step(env, action, obs, OBS + 1, NULL), PAB_E_ARGUMENT, "obs has room for 61 features");
    refused(pab_env_observe(env, NULL, OBS), PAB_E_ARGUMENT, "obs is NULL: room for 60 features was expected");
    refused(pab_env_observe(env, obs, 0), PAB_E_ARGUMENT, "obs has room for 0 features");
    must(pab_env_step(env, action, NULL, 0, NULL));
    pab_env_free(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_seed_have_bounds),
        cmocka_unit_test(a_seed_names_a_split_and_a_regime),
        cmocka_unit_test(weights_are_finite),
        cmocka_unit_test(an_observation_has_room_or_is_not_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
