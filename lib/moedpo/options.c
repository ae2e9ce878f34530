/* Defaults and bounds. */
#include "moedpo/options.h"

#include "qlearn/qtable.h"

#include <math.h>

static const pab_moe_options defaults = {
    .struct_size = sizeof(pab_moe_options), .anchor = 1, .temperature = 0.15, .beta = 0.5, .kl = 0.02,
    .imitation = 0.05, .balance = 0.01, .entropy = 0.001,
};

pab_status pab_moe_options_init(pab_moe_options *options, uint32_t size)
{
    if (options && size >= sizeof options->struct_size)
        options->struct_size = size;
    return pab__record_out(options, &defaults, sizeof defaults, PAB__UPTO(pab_moe_options, entropy), "options");
}

/* The first option outside its bounds is named. */
static pab_status check(const pab_moe_options *o)
{
    const struct {
        const char *name;
        double value, least, most;
    } bound[] = {
        {"temperature", o->temperature, 1e-3, 100.0}, {"beta", o->beta, 1e-3, 100.0},
        {"smoothing", o->smoothing, 0.0, 0.499},      {"kl", o->kl, 0.0, 100.0},
        {"imitation", o->imitation, 0.0, 100.0},      {"balance", o->balance, 0.0, 100.0},
        {"entropy", o->entropy, 0.0, 100.0},          {"anchor", o->anchor, 0.0, 1.0},
        {"gate_only", o->gate_only, 0.0, 1.0},        {"loss", o->loss, 0.0, PAB_LOSS_COUNT - 1},
    };
    for (size_t i = 0; i < sizeof bound / sizeof *bound; i++)
        if (!(bound[i].value >= bound[i].least && bound[i].value <= bound[i].most))
            return pab__fail(PAB_E_RANGE, "options.moe: %s is %g; expected %g to %g", bound[i].name, bound[i].value,
                             bound[i].least, bound[i].most);
    return PAB_OK;
}

static pab_status take(const pab_moe_options *given, pab_moe_options *out)
{
    if (!given) {
        *out = defaults;
        return PAB_OK;
    }
    pab_status status = pab__record_in(out, sizeof *out, given, PAB__UPTO(pab_moe_options, entropy),
                                       "options.moe");
    return status == PAB_OK ? check(out) : status;
}

void pab__moe_options_weights(const pab_moe_options *options, pab__tune_weights *out)
{
    *out = (pab__tune_weights){.loss = options->loss, .beta = options->beta, .smoothing = options->smoothing,
                               .kl = options->kl, .imitation = options->imitation, .balance = options->balance,
                               .entropy = options->entropy};
}

pab_status pab__moe_options_learn(const pab_learn_options *given, pab_learn_options *learn, pab_moe_options *moe)
{
    pab_qtable_options unused;
    pab_status status = pab__learn_options_take(given, learn, &unused);
    return status == PAB_OK ? take(learn->moe, moe) : status;
}

uint32_t pab__moe_options_scale(double budget, uint32_t usual, uint32_t least)
{
    double n = nearbyint(budget * usual);
    return n < least ? least : (uint32_t)n;
}
