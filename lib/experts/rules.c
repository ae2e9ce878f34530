/* Finding the rule that holds, and explaining it. */
#include "experts/rules.h"

#include <math.h>

static const char *const op_text[] = {
    [PAB__OP_GE] = ">=",
    [PAB__OP_GT] = ">",
    [PAB__OP_LE] = "<=",
    [PAB__OP_LT] = "<",
};

static int holds(const pab__when *when, const pab__leg_inputs *leg, const double *options)
{
    double value = leg->value[when->input];
    switch (when->op) {
    case PAB__OP_GE:
        return value >= options[when->option];
    case PAB__OP_GT:
        return value > options[when->option];
    case PAB__OP_LE:
        return value <= options[when->option];
    case PAB__OP_LT:
        return value < options[when->option];
    case PAB__OP_IS:
        return value != 0;
    default:
        return value == 0;
    }
}

const pab__rule *pab__rule_find(const pab__rules *table, const pab__leg_inputs *leg, const double *options)
{
    for (uint32_t i = 0; i < table->count; i++) {
        const pab__when *when = table->row[i].when;
        int32_t n = 0;
        while (n < PAB__RULE_CONDITIONS && (when[n].input == 0 || holds(&when[n], leg, options)))
            n++;
        if (n == PAB__RULE_CONDITIONS)
            return &table->row[i];
    }
    return NULL;
}

int32_t pab__rule_action(const pab__rule *rule, const pab__leg_inputs *leg)
{
    static const double multiple[] = {0.5, 1, 2};
    if (rule->action < PAB__ACTION_BY_GAP)
        return rule->action;
    double missing = leg->value[PAB__INPUT_GAP] * leg->parent;
    double best = INFINITY;
    int32_t size = PAB__SIZE_HALF;
    for (int32_t i = PAB__SIZE_HALF; i <= PAB__SIZE_TWO; i++) {
        double off = fabs(ceil(multiple[i] * leg->slice) - missing);
        if (off < best) { /* ties go to the smaller */
            best = off;
            size = i;
        }
    }
    return pab__action_of(rule->action - PAB__ACTION_BY_GAP, size);
}

int pab__rule_choose(const pab__rules *table, const pab__pair_inputs *inputs, int32_t read, const double *options,
                     pab__choice *choice)
{
    const pab__rule *rule = pab__rule_find(table, &inputs->leg[read], options);
    if (!rule)
        return 0;
    *choice = (pab__choice){.table = table, .rule = rule, .read = read};
    choice->wanted = pab__rule_action(rule, &inputs->leg[read]);
    return 1;
}

void pab__rule_say(const pab__rule *rule, const pab__leg_inputs *leg, const double *options, pab__text *words)
{
    const char *joint = "";
    for (int32_t n = 0; n < PAB__RULE_CONDITIONS; n++) {
        const pab__when *when = &rule->when[n];
        if (when->input == 0)
            continue;
        if (when->op == PAB__OP_IS || when->op == PAB__OP_NOT)
            pab__text_say(words, "%s%s", joint, pab__input_flag(when->input, when->op == PAB__OP_IS));
        else
            pab__text_say(words, "%s%s %.4g %s %.4g", joint, pab__input_name(when->input), leg->value[when->input],
                     op_text[when->op], options[when->option]);
        joint = " and ";
    }
    if (*joint == '\0')
        pab__text_say(words, "no other rule holds");
}
