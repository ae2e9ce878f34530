/* Guards, form, ladder and explanation: the part that the four experts share. */
#include "experts/expert.h"

#define COUNT(table) (uint32_t)(sizeof(table) / sizeof *(table))

static const pab__rule done_rows[] = {
    {{PAB__WHEN(LEAVES, NOT, 0)}, PAB_ACTION_HOLD, "nothing is left to trade"},
};

static const pab__rule guard_rows[] = {
    {{PAB__WHEN(LEFT, LE, PAB__GUARD_STEPS), PAB__WHEN(FAR_SHORT, IS, 0)},
     PAB__ACTION(SWEEP, TWO), "time is nearly over"},
    {{PAB__WHEN(LEFT, LE, PAB__GUARD_STEPS)},
     PAB__ACTION(TAKE, TWO), "time is nearly over"},
};

static const pab__rules done = {"", done_rows, COUNT(done_rows)};
static const pab__rules guards = {"", guard_rows, COUNT(guard_rows)};

void pab__expert_choose(const pab__expert *expert, int32_t form, const double *options, const pab__pair_inputs *inputs,
                        pab__choice choice[PAB_ENV_LEGS])
{
    if (form == PAB__FORM_PAIR)
        expert->pair(inputs, options, choice);
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++) {
        pab__choice *mine = &choice[leg];
        if (!pab__rule_choose(&done, inputs, leg, options, mine) &&
            !pab__rule_choose(&guards, inputs, leg, options, mine) && form == PAB__FORM_LEG)
            pab__rule_choose(expert->leg, inputs, leg, options, mine);
        mine->action = pab__legal_ladder(inputs->leg[leg].legal, mine->wanted);
    }
}

static void say_leg(const pab__expert *expert, const double *options, const pab__pair_inputs *inputs, int32_t leg,
                    const pab__choice *choice, pab__text *words)
{
    pab__text_say(words, "%s %sleg %c", expert->title, choice->table->title, 'A' + leg);
    if (choice->read != leg)
        pab__text_say(words, " as leg %c", 'A' + choice->read);
    pab__text_say(words, ": ");
    pab__rule_say(choice->rule, &inputs->leg[choice->read], options, words);
    pab__text_say(words, ": %s, %s", pab_action_name(choice->action), choice->rule->because);
    if (choice->turn)
        pab__text_say(words, ", %s", choice->turn);
    if (choice->action != choice->wanted)
        pab__text_say(words, " (%s is not legal now)", pab_action_name(choice->wanted));
}

void pab__expert_say(const pab__expert *expert, const double *options, const pab__pair_inputs *inputs,
                     const pab__choice choice[PAB_ENV_LEGS], pab__text *words)
{
    for (int32_t leg = 0; leg < PAB_ENV_LEGS; leg++) {
        if (leg > 0)
            pab__text_say(words, "; ");
        say_leg(expert, options, inputs, leg, &choice[leg], words);
    }
}

void pab__expert_decide(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                        pab__text *why)
{
    const pab__expert *expert = params->kind->detail;
    pab__pair_inputs inputs;
    pab__choice choice[PAB_ENV_LEGS];
    pab__inputs_make(context, &inputs);
    if (expert->prepare)
        expert->prepare(params->value, state, &inputs);
    pab__expert_choose(expert, params->form, params->value, &inputs, choice);
    if (expert->settle)
        expert->settle(choice, state);
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        out->action[leg] = choice[leg].action;
    if (why)
        pab__expert_say(expert, params->value, &inputs, choice, why);
}
