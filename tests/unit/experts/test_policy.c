/* Policies as handles: a caller's own type, private state, clones, and what is refused. */
#include "contexts.h"
#include "../base/failing.h"
#include "../env/episode.h"

/* An environment that callbacks only pass on. */
static unsigned char nowhere;
static const pab_env *const somewhere = (const pab_env *)(const void *)&nowhere;

typedef struct counter {
    int64_t decisions;
    int64_t resets;
} counter;

typedef struct tally {
    int32_t destroyed;
    pab_status answer;
    int32_t action;
    int64_t quantity;
} tally;

static void counter_reset(void *user, void *state, const pab_env *env)
{
    (void)user;
    counter *c = state;
    assert_int_equal(c->decisions, 0); /* zeroed before */
    assert_ptr_equal(env, somewhere);
    c->resets = 1;
}

static pab_status counter_act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    const tally *t = user;
    counter *c = state;
    (void)env;
    assert_int_equal(out->action[0], PAB_ACTION_HOLD);
    assert_int_equal(out->quantity[1], 0);
    out->action[0] = t->action;
    out->action[1] = (int32_t)c->decisions++;
    out->quantity[1] = t->quantity;
    return t->answer;
}

static pab_status counter_explain(void *user, const void *state, const pab_env *env, char *buf, size_t cap)
{
    (void)user;
    (void)env;
    pab__text words = pab__text_in(buf, cap);
    pab__text_say(&words, "decided %lld times", (long long)((const counter *)state)->decisions);
    return PAB_OK;
}

static void counter_destroy(void *user)
{
    ((tally *)user)->destroyed++;
}

static pab_policy_type counter_type(tally *t)
{
    pab_policy_type type;
    assert_int_equal(pab_policy_type_init(&type, sizeof type), PAB_OK);
    type.state_size = sizeof(counter);
    type.name = "counter";
    type.user = t;
    type.reset = counter_reset;
    type.act = counter_act;
    type.explain = counter_explain;
    type.destroy = counter_destroy;
    return type;
}

static int32_t decide(pab_policy *policy)
{
    pab_decision decision = {{0}, {0}};
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_OK);
    return decision.action[1];
}

static void a_clone_continues_independently_from_the_same_state(void **unused)
{
    (void)unused;
    tally t = {.action = 3};
    pab_policy_type type = counter_type(&t);
    pab_policy *policy = NULL, *clone = NULL;
    char text[64];
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_OK);
    memset(&type, 0, sizeof type); /* the record was copied */
    assert_string_equal(pab_policy_name(policy), "counter");
    assert_int_equal(pab_policy_reset(policy, somewhere), PAB_OK);
    assert_int_equal(decide(policy), 0);
    assert_int_equal(decide(policy), 1);
    assert_int_equal(pab_policy_clone(policy, &clone), PAB_OK);
    assert_int_equal(decide(policy), 2);
    assert_int_equal(decide(policy), 3);
    assert_int_equal(decide(clone), 2);
    assert_int_equal(pab_policy_explain(clone, somewhere, text, sizeof text), PAB_OK);
    assert_string_equal(text, "decided 3 times");
    assert_int_equal(pab_policy_copy(clone, policy), PAB_OK);
    assert_int_equal(decide(clone), 4);
    assert_int_equal(pab_policy_reset(clone, somewhere), PAB_OK);
    assert_int_equal(decide(clone), 0);
    pab_policy_free(policy);
    assert_int_equal(t.destroyed, 0);
    assert_int_equal(decide(clone), 1);
    pab_policy_free(clone);
    assert_int_equal(t.destroyed, 1);
    pab_policy_free(NULL);
}

/* RAE on a context made by hand, as a caller's type. */
typedef struct hand_made {
    pab__policy_params params;
    pab__context context;
} hand_made;

static pab_status hand_made_act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    const hand_made *h = user;
    (void)env;
    h->params.kind->decide(&h->params, state, &h->context, out, NULL);
    return PAB_OK;
}

static void clone_and_copy_keep_the_pauses_of_rae(void **unused)
{
    (void)unused;
    hand_made h = {round_params_of("rae:leg"), quiet_context()};
    pab_policy_type type;
    pab_policy *policy = NULL, *clone = NULL;
    pab_decision decision;
    h.context.signals.leg[0].spread_z = 2.25; /* a dislocated book on leg A */
    assert_int_equal(pab_policy_type_init(&type, sizeof type), PAB_OK);
    type.name = "rae on a context";
    type.user = &h;
    type.act = hand_made_act;
    type.state_size = h.params.kind->state_size;
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_OK);
    assert_int_equal(pab_policy_reset(policy, somewhere), PAB_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_OK);
        assert_int_equal(decision.action[0], PAB_ACTION_HOLD);
    }
    assert_int_equal(pab_policy_clone(policy, &clone), PAB_OK);
    assert_int_equal(pab_policy_act(clone, somewhere, &decision), PAB_OK);
    assert_int_not_equal(decision.action[0], PAB_ACTION_HOLD); /* three pauses were enough */
    assert_int_equal(pab_policy_act(clone, somewhere, &decision), PAB_OK);
    assert_int_equal(decision.action[0], PAB_ACTION_HOLD); /* and it may pause again */
    assert_int_equal(pab_policy_copy(clone, policy), PAB_OK);
    assert_int_equal(pab_policy_act(clone, somewhere, &decision), PAB_OK);
    assert_int_not_equal(decision.action[0], PAB_ACTION_HOLD);
    pab_policy_free(policy);
    pab_policy_free(clone);
}

static void what_a_callback_answers_is_judged(void **unused)
{
    (void)unused;
    tally t = {.answer = PAB_E_CAPACITY};
    pab_policy_type type = counter_type(&t);
    pab_policy *policy = NULL;
    pab_decision decision = {{5, 6}, {7, 8}};
    char text[512];
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_OK);
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_E_STATE); /* not reset */
    assert_int_equal(pab_policy_explain(policy, somewhere, text, sizeof text), PAB_E_STATE);
    assert_int_equal(pab_policy_reset(policy, somewhere), PAB_OK);
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_E_CAPACITY);
    t.answer = 1;
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_E_ARGUMENT);
    t.answer = PAB_OK;
    t.action = PAB_ENV_LEG_ACTIONS;
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_E_RANGE);
    pab_last_error(text, sizeof text);
    assert_string_equal(text, "policy \"counter\" chose action 17 for leg A; expected 0 to 16");
    t.action = -1;
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_E_RANGE);
    t.action = 0;
    t.quantity = -1;
    assert_int_equal(pab_policy_act(policy, somewhere, &decision), PAB_E_RANGE);
    assert_true(decision.action[0] == 5 && decision.action[1] == 6 && decision.quantity[1] == 8); /* untouched */
    assert_int_equal(pab_policy_act(policy, NULL, &decision), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_act(NULL, somewhere, &decision), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_act(policy, somewhere, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_reset(policy, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_explain(policy, somewhere, NULL, 8), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_explain(policy, somewhere, text, 0), PAB_E_ARGUMENT);
    pab_policy_free(policy);
}

static void half_made_types_are_refused(void **unused)
{
    (void)unused;
    tally t = {0};
    pab_policy *policy = NULL;
    pab_policy_type type = counter_type(&t);
    type.act = NULL;
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_E_ARGUMENT);
    type = counter_type(&t);
    type.name = NULL;
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_E_ARGUMENT);
    type.name = "";
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_E_ARGUMENT);
    type = counter_type(&t);
    type.struct_size = 4;
    assert_int_equal(pab_policy_new(NULL, &type, &policy), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_new(NULL, NULL, &policy), PAB_E_ARGUMENT);
    type = counter_type(&t);
    assert_int_equal(pab_policy_new(NULL, &type, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_type_init(&type, 4), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_type_init(NULL, sizeof type), PAB_E_ARGUMENT);
    assert_int_equal(t.destroyed, 0);
    assert_null(policy);
}

static void a_state_is_copied_between_policies_of_a_kind_only(void **unused)
{
    (void)unused;
    tally t = {0};
    pab_policy_type type = counter_type(&t);
    pab_policy *own = NULL, *lae = NULL, *urgent = NULL, *sce = NULL;
    char text[512];
    assert_int_equal(pab_policy_new(NULL, &type, &own), PAB_OK);
    assert_int_equal(pab_policy_parse(NULL, "lae", &lae), PAB_OK);
    assert_int_equal(pab_policy_parse(NULL, "lae:leg(b_urgent=0.1)", &urgent), PAB_OK);
    assert_int_equal(pab_policy_parse(NULL, "sce", &sce), PAB_OK);
    assert_int_equal(pab_policy_copy(lae, urgent), PAB_OK);
    assert_int_equal(pab_policy_copy(lae, sce), PAB_E_KIND);
    pab_last_error(text, sizeof text);
    assert_string_equal(text, "src is \"sce:pair\"; expected a policy of dst's kind, \"lae:pair\"");
    assert_int_equal(pab_policy_copy(lae, own), PAB_E_KIND);
    assert_int_equal(pab_policy_copy(own, lae), PAB_E_KIND);
    assert_int_equal(pab_policy_copy(own, NULL), PAB_E_ARGUMENT);
    assert_int_equal(pab_policy_clone(NULL, &lae), PAB_E_ARGUMENT);
    pab_policy_free(own);
    pab_policy_free(lae);
    pab_policy_free(urgent);
    pab_policy_free(sce);
}

static void without_memory_nothing_is_made_and_nothing_leaks(void **unused)
{
    (void)unused;
    tally t = {0};
    pab_policy_type type = counter_type(&t);
    for (int64_t passes = 0; passes < 4; passes++) {
        failing f;
        pab_host host = failing_host(&f, passes, 0);
        pab_policy *policy = NULL, *clone = NULL;
        pab_status made = passes % 2 == 0 ? pab_policy_new(&host, &type, &policy)
                                          : pab_policy_parse(&host, "rae", &policy);
        assert_int_equal(made, passes < 2 ? PAB_E_MEMORY : PAB_OK);
        if (passes == 2)
            assert_int_equal(pab_policy_clone(policy, &clone), PAB_E_MEMORY);
        assert_null(clone);
        pab_policy_free(policy);
        assert_int_equal(f.blocks, 0);
        assert_int_equal(f.bytes, 0);
    }
    assert_int_equal(t.destroyed, 1); /* of the one that was made */
}

static pab_status answer; /* of the policy below */
static int says_why;

static pab_status answer_act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    (void)user;
    (void)state;
    (void)env;
    (void)out;
    return says_why ? pab__fail(answer, "own words") : answer;
}

static void what_a_callback_returns_is_named(void **unused)
{
    static const struct {
        pab_status answer, expected;
        const char *text;
    } cases[] = {{12345, PAB_E_ARGUMENT, "12345"}, {-12345, PAB_E_ARGUMENT, "-12345"},
                 {1, PAB_E_ARGUMENT, "returned 1"}, {PAB_E_STATE, PAB_E_STATE, "\"odd\": act returned PAB_E_STATE"}};
    pab_policy_type type;
    pab_policy *policy;
    pab_decision decision;
    pab_env *env = make_env(NULL);
    (void)unused;
    must(pab_policy_type_init(&type, sizeof type));
    type.name = "odd";
    type.act = answer_act;
    must(pab_policy_new(NULL, &type, &policy));
    must(pab_env_reset(env, 1, NULL, NULL, 0));
    must(pab_policy_reset(policy, env));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer = cases[i].answer;
        refused(pab_policy_act(policy, env, &decision), cases[i].expected, cases[i].text);
    }
    says_why = 1;
    refused(pab_policy_act(policy, env, &decision), PAB_E_STATE, "own words");
    pab_policy_free(policy);
    pab_env_free(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clone_continues_independently_from_the_same_state),
        cmocka_unit_test(what_a_callback_returns_is_named),
        cmocka_unit_test(clone_and_copy_keep_the_pauses_of_rae),
        cmocka_unit_test(what_a_callback_answers_is_judged),
        cmocka_unit_test(half_made_types_are_refused),
        cmocka_unit_test(a_state_is_copied_between_policies_of_a_kind_only),
        cmocka_unit_test(without_memory_nothing_is_made_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("experts/policy", tests, NULL, NULL);
}
