/* What schedules say is due, against closed forms and a dense solution; and how the tactics trade it. */
#include "experts/curve.h"
#include "contexts.h"

static void due_of(const pab__policy_params *params, void *state, const pab__context *context,
                   pab__schedule_due due[PAB_ENV_LEGS])
{
    const pab__schedule *schedule = params->kind->detail;
    schedule->due(params, state, context, due);
}

static void at_step(pab__context *context, int32_t step)
{
    context->status.step = step;
    context->status.now = context->status.start + step * context->status.interval;
}

static void every_schedule_is_monotone_and_ends_with_the_whole_parent(void **unused)
{
    (void)unused;
    static const char *const specs[] = {"twap", "vwap", "ac", "ac(kappa_t=0)", "ac(kappa_t=20)", "ac_pair",
                                        "ac_pair(kappa_t=5)"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        pab__policy_params params = params_of(specs[i]);
        _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0};
        pab__context context = quiet_context();
        context.status.filled[0] = context.status.filled[1] = 0;
        double before[PAB_ENV_LEGS] = {0, 0};
        pab__schedule_due due[PAB_ENV_LEGS];
        for (int32_t k = 0; k < context.status.steps; k++) {
            at_step(&context, k);
            due_of(&params, state, &context, due);
            for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
                assert_true(fabs(due[leg].now - before[leg]) < 1e-6);
                assert_true(due[leg].next >= due[leg].now - 1e-9);
                before[leg] = due[leg].next;
            }
        }
        assert_true(fabs(before[0] - 600) < 1e-6 && fabs(before[1] - 1200) < 1e-6);
    }
}

static void shortfalls_taken_each_step_add_up_to_the_parent(void **unused)
{
    (void)unused;
    static const char *const specs[] = {"twap", "vwap", "ac", "ac_pair(mu=3)", "pov", "twap:work", "ac:work"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        pab__policy_params params = params_of(specs[i]);
        _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0};
        pab__context context = quiet_context();
        context.status.parent[0] = 17; /* fewer shares than decisions */
        context.status.parent[1] = 1009;
        context.status.filled[0] = context.status.filled[1] = 0;
        for (int32_t k = 0; k < context.status.steps; k++) {
            pab_decision decision = {{0}, {0}};
            at_step(&context, k);
            pab__schedule_decide(&params, state, &context, &decision, NULL);
            for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
                assert_true(decision.quantity[leg] >= 0);
                context.status.filled[leg] += decision.quantity[leg];
                assert_true(context.status.filled[leg] <= context.status.parent[leg]);
            }
        }
        assert_int_equal(context.status.filled[0], 17);
        assert_int_equal(context.status.filled[1], 1009);
    }
}

static void almgren_chriss_follows_the_hyperbolic_sine(void **unused)
{
    (void)unused;
    pab__policy_params params = params_of("ac");
    pab__context context = quiet_context();
    pab__schedule_due due[PAB_ENV_LEGS];
    for (int32_t k = 0; k < 60; k++) {
        at_step(&context, k);
        due_of(&params, NULL, &context, due);
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            double parent = (double)context.status.parent[leg];
            double left = parent * sinh(2 * (300.0 - 5 * (k + 1)) / 300) / sinh(2);
            assert_true(fabs(parent - left - due[leg].next) < 1e-9 * parent);
        }
    }
}

/* Variance of the pair's legs and impacts of the two such that both have the same risk aversion. */
static pab__ac_pair balanced_pair(double kt)
{
    pab__ac_pair plan = {.impact = {3e6, 1.2e7}, .cov = {5e7, 0, 2e8}, .dt = 5, .steps = 60};
    plan.lambda = pab__ac_lambda(&plan, kt);
    return plan;
}

static void an_uncoupled_pair_is_two_single_legs(void **unused)
{
    (void)unused;
    static const double urgencies[] = {0.5, 2, 6};
    for (int u = 0; u < 3; u++) {
        pab__ac_pair plan = balanced_pair(urgencies[u]);
        double left[PAB_ENV_LEGS] = {1, 0.5};
        for (int32_t k = 0; k < plan.steps; k++) {
            pab__ac_pair_next(&plan, k, left);
            double closed = 1 - pab__curve_front(urgencies[u], (k + 1) / 60.0);
            assert_true(fabs(left[0] - closed) < 1e-9);
            assert_true(fabs(left[1] - 0.5 * closed) < 1e-9);
        }
        assert_true(left[0] == 0 && left[1] == 0);
    }
}

/* docs/methods.md 2: what the schedule minimises. */
static double pair_cost(const pab__ac_pair *plan, double (*x)[PAB_ENV_LEGS])
{
    double cost = 0;
    for (int32_t k = 0; k < plan->steps; k++) {
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            double n = x[k][leg] - x[k + 1][leg];
            cost += plan->impact[leg] * n * n / plan->dt;
        }
        double a = x[k][0], b = x[k][1];
        cost += plan->lambda * plan->dt * (plan->cov[0] * a * a + 2 * plan->cov[1] * a * b + plan->cov[2] * b * b);
        cost += plan->mu * plan->dt * (a - b) * (a - b);
    }
    return cost;
}

static void a_coupled_pair_is_the_cheapest_of_its_neighbours(void **unused)
{
    (void)unused;
    pab__ac_pair plan = {.impact = {3e6, 4e7}, .cov = {5e7, -4e7, 9e7}, .mu = 2e5, .dt = 5, .steps = 30};
    plan.lambda = pab__ac_lambda(&plan, 3);
    double x[31][PAB_ENV_LEGS] = {{1, 1}};
    for (int32_t k = 0; k < plan.steps; k++) {
        x[k + 1][0] = x[k][0];
        x[k + 1][1] = x[k][1];
        pab__ac_pair_next(&plan, k, x[k + 1]);
    }
    assert_true(fabs(x[30][0]) < 1e-12 && fabs(x[30][1]) < 1e-12);
    double best = pair_cost(&plan, x);
    for (int32_t k = 1; k < plan.steps; k++) {
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
            /* The cost is quadratic: at the minimum both neighbours cost the same, and more. */
            double kept = x[k][leg];
            x[k][leg] = kept + 1e-3;
            double above = pair_cost(&plan, x);
            x[k][leg] = kept - 1e-3;
            double below = pair_cost(&plan, x);
            x[k][leg] = kept;
            assert_true(above > best && below > best);
            assert_true(fabs(above - below) < 1e-6 * (above - best));
        }
    }
}

static void a_price_on_the_gap_brings_the_legs_together(void **unused)
{
    (void)unused;
    double widest[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        pab__policy_params params = params_of(i == 0 ? "ac_pair" : "ac_pair(mu=1)");
        _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0};
        pab__context context = quiet_context();
        context.status.filled[0] = context.status.filled[1] = 0;
        pab__schedule_due due[PAB_ENV_LEGS];
        for (int32_t k = 0; k < 60; k++) {
            at_step(&context, k);
            due_of(&params, state, &context, due);
            widest[i] = fmax(widest[i], fabs(due[0].next / 600 - due[1].next / 1200));
        }
    }
    assert_true(widest[0] > 0.01);
    assert_true(widest[1] < widest[0] / 4);
}

static void a_pair_plan_keeps_what_it_knew_at_the_start(void **unused)
{
    (void)unused;
    pab__policy_params params = params_of("ac_pair");
    _Alignas(16) unsigned char calm[PAB__POLICY_STATE_MAX] = {0}, shaken[PAB__POLICY_STATE_MAX] = {0};
    pab__context context = quiet_context();
    pab__schedule_due first[PAB_ENV_LEGS], second[PAB_ENV_LEGS];
    at_step(&context, 0);
    context.status.filled[0] = context.status.filled[1] = 0;
    due_of(&params, calm, &context, first);
    due_of(&params, shaken, &context, first);
    at_step(&context, 20);
    due_of(&params, calm, &context, first);
    context.status.covariance[0] = 500;
    context.status.mid[0] = 90000;
    due_of(&params, shaken, &context, second);
    assert_memory_equal(first, second, sizeof first);
    due_of(&params, shaken, &context, second); /* asked again at the same decision */
    assert_memory_equal(first, second, sizeof first);
}

static void volume_follows_the_profile_where_there_is_one(void **unused)
{
    (void)unused;
    static pab__leg_plan plan = {.profile_count = 12, .profile = {9, 9, 1, 2, 3, 4, 4, 3, 2, 1, 1, 3}};
    pab__context context = quiet_context();
    context.open = 0;
    context.status.start = INT64_C(60000000000); /* the third bucket */
    context.status.end = context.status.start + INT64_C(300000000000);
    context.plan[0] = &plan;
    assert_true(fabs(pab__curve_volume(&context, 0, context.status.start + INT64_C(45000000000)) - 2.0 / 24) < 1e-12);
    assert_true(pab__curve_volume(&context, 0, context.status.end) == 1);
    assert_true(pab__curve_volume(&context, 0, context.status.start) == 0);
    /* leg B has none: w = 1 + 2 (2y - 1)^2, here over the first 360 s of the day */
    context.close = INT64_C(360000000000);
    double from = 60.0 / 360, upto = 210.0 / 360;
    double part = 0, whole = 0;
    for (int i = 0; i < 100000; i++) {
        double y = from + (1 - from) * (i + 0.5) / 100000;
        double w = 1 + 2 * (2 * y - 1) * (2 * y - 1);
        whole += w;
        part += y < upto ? w : 0;
    }
    double got = pab__curve_volume(&context, 1, context.status.start + INT64_C(150000000000));
    assert_true(fabs(got - part / whole) < 1e-4);
    context.status.end += INT64_C(60000000000); /* the profile ends before the horizon */
    context.close *= 2;
    assert_true(pab__curve_volume(&context, 0, context.status.start + INT64_C(150000000000)) ==
                pab__curve_volume(&context, 1, context.status.start + INT64_C(150000000000)));
}

static void participation_follows_what_others_traded(void **unused)
{
    (void)unused;
    pab__policy_params params = params_of("pov(rate=0.2)");
    _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0};
    pab__context context = quiet_context();
    pab__schedule_due due[PAB_ENV_LEGS];
    context.status.others_volume[0] = 1000;
    due_of(&params, state, &context, due);
    assert_true(due[0].next == 200 && due[0].now == 0 && due[1].next == 0);
    at_step(&context, 11);
    context.status.others_volume[0] = 1500;
    due_of(&params, state, &context, due);
    due_of(&params, state, &context, due); /* asking twice changes nothing */
    assert_true(due[0].next == 300 && due[0].now == 200);
}

/* One decision of leg A: what was filled, what is expected. */
typedef struct tactic_case {
    const char *spec;
    int32_t step;
    int64_t filled, far_quantity;
    int32_t action;
    int64_t quantity;
} tactic_case;

static void tactics_take_or_work_the_shortfall(void **unused)
{
    (void)unused;
    static const tactic_case cases[] = { /* 600 shares in 60 slices of 10 */
        {"twap:take", 10, 100, 1000, PAB__ACTION(TAKE, ONE), 10},
        {"twap:take", 10, 83, 1000, PAB__ACTION(TAKE, ONE), 27},
        {"twap:take", 10, 110, 1000, PAB_ACTION_HOLD, 0},
        {"twap:take", 10, 300, 1000, PAB_ACTION_HOLD, 0},
        {"twap:work", 10, 100, 1000, PAB__ACTION(JOIN, ONE), 10},
        {"twap:work", 10, 90, 1000, PAB__ACTION(JOIN, ONE), 20},
        {"twap:work", 10, 89, 1000, PAB__ACTION(TAKE, ONE), 11},
        {"twap:work", 57, 560, 1000, PAB__ACTION(JOIN, ONE), 20},
        {"twap:work", 58, 580, 1000, PAB__ACTION(TAKE, ONE), 10},
        {"twap:work", 58, 580, 9, PAB__ACTION(SWEEP, ONE), 10},
        {"twap:work(finish=0)", 58, 580, 9, PAB__ACTION(JOIN, ONE), 10},
        {"twap:take", 59, 500, 10, PAB__ACTION(SWEEP, ONE), 100},
        {"pov", 58, 500, 1000, PAB__ACTION(TAKE, ONE), 50},
        {"pov", 59, 500, 1000, PAB__ACTION(TAKE, ONE), 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const tactic_case *c = &cases[i];
        pab__policy_params params = params_of(c->spec);
        _Alignas(16) unsigned char state[PAB__POLICY_STATE_MAX] = {0};
        pab__context context = quiet_context();
        pab_decision decision = {{0}, {0}};
        at_step(&context, c->step);
        context.status.filled[0] = c->filled;
        context.status.far_quantity[0] = c->far_quantity;
        pab__schedule_decide(&params, state, &context, &decision, NULL);
        if (decision.action[0] != c->action || decision.quantity[0] != c->quantity)
            fail_msg("case %zu, %s: action %d with %lld shares, expected %d with %lld", i, c->spec, decision.action[0],
                     (long long)decision.quantity[0], c->action, (long long)c->quantity);
    }
}

static void schedules_step_down_the_ladder_and_withdraw_when_nothing_is_due(void **unused)
{
    (void)unused;
    pab__policy_params params = params_of("twap");
    pab__context context = quiet_context();
    pab_decision decision = {{0}, {0}};
    memset(context.legal + PAB__ACTION(TAKE, HALF), 0, 6);
    context.status.filled[1] = 400;
    context.legal[PAB_ENV_LEG_ACTIONS + PAB_ACTION_CANCEL] = 1;
    pab__schedule_decide(&params, NULL, &context, &decision, NULL);
    assert_int_equal(decision.action[0], PAB__ACTION(MID, ONE));
    assert_int_equal(decision.quantity[0], 10);
    assert_int_equal(decision.action[1], PAB_ACTION_CANCEL);
    assert_int_equal(decision.quantity[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_schedule_is_monotone_and_ends_with_the_whole_parent),
        cmocka_unit_test(shortfalls_taken_each_step_add_up_to_the_parent),
        cmocka_unit_test(almgren_chriss_follows_the_hyperbolic_sine),
        cmocka_unit_test(an_uncoupled_pair_is_two_single_legs),
        cmocka_unit_test(a_coupled_pair_is_the_cheapest_of_its_neighbours),
        cmocka_unit_test(a_price_on_the_gap_brings_the_legs_together),
        cmocka_unit_test(a_pair_plan_keeps_what_it_knew_at_the_start),
        cmocka_unit_test(volume_follows_the_profile_where_there_is_one),
        cmocka_unit_test(participation_follows_what_others_traded),
        cmocka_unit_test(tactics_take_or_work_the_shortfall),
        cmocka_unit_test(schedules_step_down_the_ladder_and_withdraw_when_nothing_is_due),
    };
    return cmocka_run_group_tests_name("experts/schedules", tests, NULL, NULL);
}
