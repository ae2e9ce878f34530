/* From a scene and an expert's rule to features. */
#include "qlearn/features.h"

/* Features of the pair block of an observation, and the scale of the residual there (methods 1.6). */
enum { HEDGE = 47, RESIDUAL = 51, ASYMMETRY = 55, RESIDUAL_SCALE = 4 };

static void view_with_rule(int32_t expert, pab__expert_state *state, const pab__scene *scene, pab__pair_view *view,
                           int32_t rule[PAB_ENV_LEGS])
{
    const pab__builtin *kind = pab__builtin_at((uint32_t)expert); /* experts are listed first */
    const pab__expert *rules = kind->detail;
    double options[PAB__OPTIONS_MAX];
    pab__choice choice[PAB_ENV_LEGS];
    for (uint32_t i = 0; i < kind->option_count; i++)
        options[i] = kind->options[i].value;
    pab__pair_view_make(scene, view);
    if (rules->prepare)
        rules->prepare(options, state, view);
    pab__expert_choose(rules, PAB__FORM_PAIR, options, view, choice);
    if (rules->settle)
        rules->settle(choice, state);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        rule[leg] = choice[leg].action;
}

void pab__features_make(int32_t expert, pab__expert_state *state, const pab__scene *scene, pab__features *out)
{
    pab__pair_view view;
    view_with_rule(expert, state, scene, &view, out->rule);
    out->time = view.time;
    out->hedge = (double)scene->obs[HEDGE];
    out->asymmetry = (double)scene->obs[ASYMMETRY];
    out->residual = RESIDUAL_SCALE * (double)scene->obs[RESIDUAL];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        const double *is = view.leg[leg].is;
        out->leg[leg] = (pab__leg_features){
            .ahead = -is[PAB__BEHIND],
            .spread_z = is[PAB__SPREAD_Z],
            .alpha = is[PAB__ALPHA],
            .p_near = is[PAB__P_NEAR],
            .p_far = is[PAB__P_FAR],
            .volatility = is[PAB__VOLATILITY],
            .queue = is[PAB__QUEUE],
            .resting = is[PAB__RESTING] != 0,
            .over = is[PAB__LEAVES] <= 0,
        };
    }
}
