/* From signals to the observation and back: both are made from the tables of env.h. */
#include "env/signals.h"

#include "base/host.h"

#include <math.h>

_Static_assert((int)PAB_OBS_COUNT == (int)PAB_ENV_OBSERVATIONS, "the tables have a row per feature");

/* --- What the features are --- */

static const pab_feature_info features[PAB_OBS_COUNT] = {
#define ROW(prefix, field, form, scale, low, high, unit, doc) \
    {sizeof(pab_feature_info), (float)(low), (float)(high), PAB_FORM_##form, prefix #field, unit, doc, scale},
#define ROW_A(id, ...) ROW("a.", __VA_ARGS__)
#define ROW_B(id, ...) ROW("b.", __VA_ARGS__)
#define ROW_PAIR(id, ...) ROW("pair.", __VA_ARGS__)
    PAB_OBS_LEG_TABLE(ROW_A)
    PAB_OBS_LEG_TABLE(ROW_B)
    PAB_OBS_PAIR_TABLE(ROW_PAIR)
};

pab_status pab_feature_get(uint32_t index, pab_feature_info *out)
{
    if (index >= PAB_OBS_COUNT)
        return pab__fail(PAB_E_RANGE, "there is no feature %u, the observation has %d", index, PAB_OBS_COUNT);
    return pab__record_out(out, &features[index], sizeof features[index], PAB__UPTO(pab_feature_info, doc),
                           "the feature info");
}

/* --- Scaling --- */

static double clip(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

#define FROM_SAME(v, scale, low, high) (v)
#define FROM_CLIP(v, scale, low, high) clip((v) / (scale), low, high)
#define FROM_LOG(v, scale, low, high) fmin(high, log(1 + (v)) / log(1 + (scale)))
#define FROM_RATIO(v, scale, low, high) tanh(log(v))

static void observe_leg(const pab__leg_signals *leg, float *out)
{
#define SET(id, field, form, scale, low, high, ...) \
    out[PAB_OBS_A_##id] = (float)FROM_##form(leg->field, scale, low, high);
    PAB_OBS_LEG_TABLE(SET)
#undef SET
}

/* The pair's only ratio is one of the legs', which are scaled already. */
#undef FROM_RATIO
#define FROM_RATIO(v, scale, low, high) \
    fmaxf(out[PAB_OBS_A_VOLATILITY_RATIO], out[PAB_OBS_B_VOLATILITY_RATIO])

static void observe_pair(const pab__pair_signals *pair, float *out)
{
#define SET(id, field, form, scale, low, high, ...) \
    out[PAB_OBS_PAIR_##id] = (float)FROM_##form(pair->field, scale, low, high);
    PAB_OBS_PAIR_TABLE(SET)
#undef SET
}

void pab__signals_observe(const pab__signals *signals, float obs[PAB_ENV_OBSERVATIONS])
{
    observe_leg(&signals->leg[0], obs);
    observe_leg(&signals->leg[1], obs + PAB_OBS_LEG_COUNT);
    observe_pair(&signals->pair, obs);
    for (int k = 0; k < PAB_OBS_COUNT; k++)
        if (!isfinite(obs[k]))
            obs[k] = 0;
}

void pab__observation_make(const pab__executor *x, const pab_scenario *scn, float obs[PAB_ENV_OBSERVATIONS])
{
    pab__signals signals;
    pab__signals_measure(x, scn, &signals);
    pab__signals_observe(&signals, obs);
}

/* --- And back --- */

#define TO_SAME(v, scale) (v)
#define TO_CLIP(v, scale) ((scale) * (v))
#define TO_LOG(v, scale) (exp((v) * log(1 + (scale))) - 1)
/* Short of the pole at 1, which float32 reaches for ratios beyond a few thousand. */
#define TO_RATIO(v, scale) exp(atanh(clip(v, -0.9999999, 0.9999999)))

static void read_leg(const float *obs, pab__leg_signals *leg)
{
#define GET(id, field, form, scale, ...) leg->field = TO_##form((double)obs[PAB_OBS_A_##id], scale);
    PAB_OBS_LEG_TABLE(GET)
#undef GET
}

/* The pair's ratio is one of the legs' where an observation is a whole one; a logarithm saved. */
static double read_pair_ratio(const float *obs, const pab__leg_signals legs[PAB_ENV_LEGS])
{
    const float ratio = obs[PAB_OBS_PAIR_VOLATILITY_RATIO];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        if (ratio == obs[leg * PAB_OBS_LEG_COUNT + PAB_OBS_A_VOLATILITY_RATIO])
            return legs[leg].volatility_ratio;
    return TO_RATIO((double)ratio, 1);
}

void pab__signals_read(const float obs[PAB_ENV_OBSERVATIONS], pab__signals *out)
{
    pab__pair_signals *pair = &out->pair;
    read_leg(obs, &out->leg[0]);
    read_leg(obs + PAB_OBS_LEG_COUNT, &out->leg[1]);
    const double ratio = read_pair_ratio(obs, out->leg);
#undef TO_RATIO
#define TO_RATIO(v, scale) ratio
#define GET(id, field, form, scale, ...) pair->field = TO_##form((double)obs[PAB_OBS_PAIR_##id], scale);
    PAB_OBS_PAIR_TABLE(GET)
#undef GET
}
