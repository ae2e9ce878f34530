/* Rows that decide, and the joint score made of three of them. */
#include "qlearn/score.h"

#include <math.h>

uint32_t pab__legal_of_class(uint32_t legal, int32_t class)
{
    uint32_t bits = 0;
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        if (pab__action_class(a) == class)
            bits |= legal & UINT32_C(1) << a;
    return bits;
}

uint32_t pab__legal_class_pairs(const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS])
{
    uint32_t pairs = 0, legal[PAB_ENV_LEGS];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        legal[leg] = pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS);
    for (int32_t c = 0; c < PAB__ACTION_CLASS_PAIRS; c++)
        if (pab__legal_of_class(legal[0], c / PAB__ACTION_CLASSES) != 0 &&
            pab__legal_of_class(legal[1], c % PAB__ACTION_CLASSES) != 0)
            pairs |= UINT32_C(1) << c;
    return pairs;
}

/* Standard error of how far `bold` lies above the rule's action; infinite if one of them has too few samples. */
static double error_of_gap(const pab__table *t, uint32_t state, int32_t rule, uint32_t bold)
{
    const pab__table_cell *x = pab__table_shared(t, 0, rule) + bold, *y = pab__table_shared(t, 1, rule) + bold;
    uint32_t safe = t->actions;
    if (x->count + y->count >= PAB__QTABLE_ROW_VISITS) /* forks measure a difference already */
        return pab__table_cells_error(x, y);
    if (pab__table_count(t, state, bold) < PAB__QTABLE_ROW_VISITS ||
        pab__table_count(t, state, safe) < PAB__QTABLE_ROW_VISITS)
        return INFINITY;
    double a = pab__table_error(t, state, bold), b = pab__table_error(t, state, safe);
    return sqrt(a * a + b * b);
}

/* Whether a row may overrule the rule: by a gap that its noise does not explain. */
static int is_confident(const pab__table *t, uint32_t state, int32_t rule, uint32_t legal, const double *value)
{
    int32_t best = pab__table_best(value, t->actions, legal);
    return best == rule || value[best] - value[rule] > error_of_gap(t, state, rule, (uint32_t)best);
}

int pab__qtable_row_is_known(const pab__table *t, uint32_t state, int32_t rule)
{
    return t->visits[state] >= PAB__QTABLE_ROW_VISITS || pab__table_compared(t, rule) >= PAB__QTABLE_ROW_VISITS;
}

void pab__qtable_row(const pab_qtable *q, int32_t table, int32_t mode, uint32_t state, int32_t rule, uint32_t legal,
                     double *out)
{
    const pab__table *t = &q->table[table];
    int trusted = mode != PAB_TABLE_RULE && pab__qtable_row_is_known(t, state, rule);
    pab__table_values(t, state, rule, 0, out);
    if (trusted && mode == PAB_TABLE_CONFIDENT)
        trusted = is_confident(t, state, rule, legal, out);
    for (uint32_t a = 0; !trusted && a < t->actions; a++)
        out[a] = (int32_t)a == rule ? 0 : -q->verdict[table].scale;
}

static void leg_row(const pab_qtable *q, const pab__features *f, int leg, uint32_t legal, double *out)
{
    pab__qtable_row(q, leg, q->verdict[leg].mode, pab__bins_leg_state(&q->bins, f, leg), f->rule[leg], legal, out);
}

int32_t pab__qtable_leg(const pab_qtable *q, const pab__features *f, int leg, uint32_t legal)
{
    double value[PAB_ENV_LEG_ACTIONS];
    leg_row(q, f, leg, legal, value);
    return pab__table_best(value, PAB_ENV_LEG_ACTIONS, legal);
}

int32_t pab__qtable_advice(const pab_qtable *q, const pab__features *f,
                           const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS])
{
    int32_t class[PAB_ENV_LEGS];
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        class[leg] = pab__action_class(pab__qtable_leg(q, f, leg, pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS)));
    return PAB__ACTION_CLASSES * class[0] + class[1];
}

/* Scores of a leg's actions: how far behind the best legal one of their class, in sigmas, halved. The class of the best
 * of all is the leg's advice. */
static int32_t score_leg(const pab_qtable *q, const pab__features *f, int leg, uint32_t legal, double *out)
{
    double value[PAB_ENV_LEG_ACTIONS], best[PAB__ACTION_CLASSES];
    leg_row(q, f, leg, legal, value);
    for (int32_t c = 0; c < PAB__ACTION_CLASSES; c++)
        best[c] = -INFINITY;
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        if (legal >> a & 1)
            best[pab__action_class(a)] = fmax(best[pab__action_class(a)], value[a]);
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
        out[a] = legal >> a & 1 ? 0.5 * (value[a] - best[pab__action_class(a)]) / q->verdict[leg].scale : -INFINITY;
    return pab__action_class(pab__table_best(value, PAB_ENV_LEG_ACTIONS, legal));
}

void pab__qtable_score(const pab_qtable *q, const pab__features *f,
                       const uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS], double z[PAB_ENV_JOINT_ACTIONS])
{
    double pair[PAB__ACTION_CLASS_PAIRS], of_leg[PAB_ENV_LEGS][PAB_ENV_LEG_ACTIONS], best = -INFINITY;
    const pab__qtable_verdict *v = &q->verdict[PAB_TABLE_PAIR];
    uint32_t classes = pab__legal_class_pairs(mask);
    int32_t advice = 0;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        advice = PAB__ACTION_CLASSES * advice +
                 score_leg(q, f, leg, pab__legal_bits(mask + leg * PAB_ENV_LEG_ACTIONS), of_leg[leg]);
    pab__qtable_row(q, PAB_TABLE_PAIR, v->mode, pab__bins_pair_state(&q->bins, f), advice, classes, pair);
    for (int32_t c = 0; c < PAB__ACTION_CLASS_PAIRS; c++)
        if (classes >> c & 1)
            best = fmax(best, pair[c]);
    for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++) {
        for (int32_t b = 0; b < PAB_ENV_LEG_ACTIONS; b++) {
            int32_t c = PAB__ACTION_CLASSES * pab__action_class(a) + pab__action_class(b);
            z[a * PAB_ENV_LEG_ACTIONS + b] = (pair[c] - best) / v->scale + of_leg[0][a] + of_leg[1][b];
        }
    }
}

int32_t pab__qtable_best(const double z[PAB_ENV_JOINT_ACTIONS])
{
    int32_t best = 0;
    for (int32_t j = 1; j < PAB_ENV_JOINT_ACTIONS; j++)
        if (z[j] > z[best])
            best = j;
    return best;
}
