/* Matching rules, and saying which one it was. */
#include "experts/rules.h"

#include <math.h>

static const char *const op_text[] = {
    [PAB__GE] = ">=",
    [PAB__GT] = ">",
    [PAB__LE] = "<=",
    [PAB__LT] = "<",
};

static int holds(const pab__when *when, const pab__leg_view *leg, const double *options)
{
    double value = leg->is[when->notion];
    switch (when->op) {
    case PAB__GE:
        return value >= options[when->option];
    case PAB__GT:
        return value > options[when->option];
    case PAB__LE:
        return value <= options[when->option];
    case PAB__LT:
        return value < options[when->option];
    case PAB__IS:
        return value != 0;
    default:
        return value == 0;
    }
}

const pab__rule *pab__rule_find(const pab__rules *table, const pab__leg_view *leg, const double *options)
{
    for (uint32_t i = 0; i < table->count; i++) {
        const pab__when *when = table->row[i].when;
        int32_t n = 0;
        while (n < PAB__CONDITIONS && (when[n].notion == 0 || holds(&when[n], leg, options)))
            n++;
        if (n == PAB__CONDITIONS)
            return &table->row[i];
    }
    return NULL;
}

int32_t pab__rule_action(const pab__rule *rule, const pab__leg_view *leg)
{
    static const double multiple[] = {0.5, 1, 2};
    if (rule->action < PAB__BY_GAP)
        return rule->action;
    double missing = leg->is[PAB__GAP] * leg->parent;
    double best = INFINITY;
    int32_t size = PAB__HALF;
    for (int32_t i = PAB__HALF; i <= PAB__TWO; i++) {
        double off = fabs(ceil(multiple[i] * leg->slice) - missing);
        if (off < best) { /* ties go to the smaller */
            best = off;
            size = i;
        }
    }
    return PAB__ACT(rule->action - PAB__BY_GAP, size);
}

int pab__rule_choose(const pab__rules *table, const pab__pair_view *view, int32_t read, const double *options,
                     pab__choice *choice)
{
    const pab__rule *rule = pab__rule_find(table, &view->leg[read], options);
    if (!rule)
        return 0;
    *choice = (pab__choice){.table = table, .rule = rule, .read = read};
    choice->wanted = pab__rule_action(rule, &view->leg[read]);
    return 1;
}

void pab__rule_say(const pab__rule *rule, const pab__leg_view *leg, const double *options, pab__words *words)
{
    const char *joint = "";
    for (int32_t n = 0; n < PAB__CONDITIONS; n++) {
        const pab__when *when = &rule->when[n];
        if (when->notion == 0)
            continue;
        if (when->op == PAB__IS || when->op == PAB__NOT)
            pab__say(words, "%s%s", joint, pab__notion_flag(when->notion, when->op == PAB__IS));
        else
            pab__say(words, "%s%s %.4g %s %.4g", joint, pab__notion_name(when->notion), leg->is[when->notion],
                     op_text[when->op], options[when->option]);
        joint = " and ";
    }
    if (*joint == '\0')
        pab__say(words, "no other rule holds");
}
