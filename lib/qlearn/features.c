/* From a decision context and an expert's rule to features. */
#include "qlearn/features.h"

static void inputs_with_rule(int32_t expert, pab__expert_state *state, const pab__context *context,
                             pab__pair_inputs *inputs, int32_t rule[PAB_ENV_LEGS])
{
    const pab__policy_kind *kind = pab__policy_kind_at((uint32_t)expert); /* experts are listed first */
    const pab__expert *rules = kind->detail;
    double options[PAB__POLICY_OPTIONS_MAX];
    pab__choice choice[PAB_ENV_LEGS];
    for (uint32_t i = 0; i < kind->option_count; i++)
        options[i] = kind->options[i].value;
    pab__inputs_make(context, inputs);
    if (rules->prepare)
        rules->prepare(options, state, inputs);
    pab__expert_choose(rules, PAB__FORM_PAIR, options, inputs, choice);
    if (rules->settle)
        rules->settle(choice, state);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        rule[leg] = choice[leg].action;
}

void pab__features_make(int32_t expert, pab__expert_state *state, const pab__context *context, pab__features *out)
{
    pab__pair_inputs inputs;
    inputs_with_rule(expert, state, context, &inputs, out->rule);
    out->time = inputs.time;
    out->hedge = context->signals.pair.hedge_error;
    out->asymmetry = context->signals.pair.spread_asymmetry;
    out->residual = context->signals.pair.residual_z;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        const double *value = inputs.leg[leg].value;
        out->leg[leg] = (pab__leg_features){
            .ahead = -value[PAB__INPUT_BEHIND],
            .spread_z = value[PAB__INPUT_SPREAD_Z],
            .alpha = value[PAB__INPUT_ALPHA],
            .p_near = value[PAB__INPUT_P_NEAR],
            .p_far = value[PAB__INPUT_P_FAR],
            .volatility = value[PAB__INPUT_VOLATILITY],
            .queue = value[PAB__INPUT_QUEUE],
            .resting = value[PAB__INPUT_RESTING] != 0,
            .over = value[PAB__INPUT_LEAVES] <= 0,
        };
    }
}
