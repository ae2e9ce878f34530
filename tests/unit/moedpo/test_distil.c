/* Distillation of the rule experts in the real environment: it learns, repeats, resumes. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../status.h"
#include "experts/kind.h"
#include "instances.h"
#include "moedpo/distil.h"
#include "moedpo/tune.h"
#include "moedpo/validation.h"

#define RULES PAB_EXPERT_COUNT

/* A rule's score is 0 for what it would do and -1 for all else; the ensemble is their mean. */
static pab_status teach(const void *user, void *memory, const pab_env *env, pab__teacher_output *out)
{
    const pab__policy_params *rules = user;
    pab__context context;
    pab_status status = pab__context_take(env, &context);
    if (status != PAB_OK)
        return status;
    for (int e = 0; e < RULES; e++) {
        pab_decision decision = {0};
        void *state = (unsigned char *)memory + e * PAB__POLICY_STATE_MAX;
        rules[e].kind->decide(&rules[e], state, &context, &decision, NULL);
        for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
            out->score[e][b] = !context.legal[b / 17] || !context.legal[17 + b % 17] ? -INFINITY
                               : b == 17 * decision.action[0] + decision.action[1] ? 0.0
                                                                                  : -1.0;
        out->weight[e] = 0.25;
    }
    for (int b = 0; b < PAB_ENV_JOINT_ACTIONS; b++)
        out->score[PAB_MOE_ANCHOR][b] =
            0.25 * (out->score[0][b] + out->score[1][b] + out->score[2][b] + out->score[3][b]);
    return PAB_OK;
}

static const char *const names[RULES] = {"lae", "sce", "ome", "rae"};

typedef struct lab {
    pab_scenario *scn;
    pab__policy_params rules[RULES];
    pab__teacher teacher;
    double ensemble_weight[PAB_MOE_CELLS][PAB_EXPERT_COUNT];
    pab__distil_task task;
    pab_progress hook;
    int calls, stop_at;
} lab;

static int32_t count_calls(void *user, const char *stage, uint64_t done, uint64_t total)
{
    lab *x = user;
    (void)stage;
    assert_true(done <= total);
    return ++x->calls == x->stop_at;
}

static int open_lab(void **state)
{
    static const char yaml[] = "preset: pair\n"
                               "pair: {warmup: 20s, horizon: 40s, interval: 5s, quantity: 300}\n";
    static lab x;
    pab_config *cfg;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "test"));
    must(pab_scenario_new(cfg, &x.scn));
    pab_config_free(cfg);
    for (int e = 0; e < RULES; e++)
        must(pab__spec_read(names[e], &x.rules[e]));
    for (int c = 0; c < PAB_MOE_CELLS; c++)
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            x.ensemble_weight[c][e] = 0.25;
    x.teacher = (pab__teacher){.user = x.rules, .memory = RULES * PAB__POLICY_STATE_MAX, .teach = teach};
    x.hook = (pab_progress){.struct_size = sizeof x.hook, .user = &x, .report = count_calls};
    x.task = (pab__distil_task){.host = plain_host(), .scn = x.scn, .teacher = &x.teacher,
                                .ensemble_weight = (const double (*)[PAB_EXPERT_COUNT])x.ensemble_weight, .identity = 3,
                                .seed = 11,
                                .components = PAB_MOE_COMPONENTS, .threads = 1, .steps = 8, .budget = 0.016,
                                .temperature = 0.15, .progress = &x.hook};
    *state = &x;
    return 0;
}

static int close_lab(void **state)
{
    lab *x = *state;
    pab_scenario_free(x->scn);
    return 0;
}

static void students_learn_what_the_rules_do(void **state)
{
    lab *x = *state;
    pab_moe *moe = NULL;
    double visits = 0.0, row[64] = {0};
    char path[64], line[1024];
    snprintf(path, sizeof path, "moe_distil_%ld.csv", (long)getpid());
    x->task.log_path = path;
    must(pab__distil_run(&x->task, &moe));
    x->task.log_path = NULL;
    FILE *f = fopen(path, "r");
    int first = 1;
    double kl[2] = {0};
    while (fgets(line, sizeof line, f)) {
        int n = 0;
        for (char *at = line; *at != '\0' && n < 64; n++) {
            row[n] = strtod(at, &at);
            at += *at == ',' || *at == '\n';
            if (*line == 'r')
                break;
        }
        if (*line == 'r')
            continue;
        if (first)
            kl[0] = row[4];
        first = 0;
        kl[1] = row[4];
    }
    fclose(f);
    unlink(path);
    print_message("held-out KL %.3f -> %.3f; agreement %.2f %.2f %.2f %.2f, ensemble %.2f\n", kl[0], kl[1], row[11],
                  row[12], row[13], row[14], row[15]);
    assert_true(kl[1] < 0.7 * kl[0]);
    assert_true((row[11] + row[12] + row[13] + row[14]) / 4 > 0.5); /* of up to 289 actions */
    for (int c = 0; c < PAB_MOE_CELLS; c++) {
        pab_moe_cell cell = {.struct_size = sizeof cell};
        must(pab_moe_cell_get(moe, c, &cell));
        visits += cell.visits;
    }
    assert_true(visits >= row[2]);
    pab_moe_free(moe);
}

static void threads_do_not_show(void **state)
{
    lab *x = *state;
    static const uint32_t counts[] = {1, 2, 8};
    pab_moe *moe[3] = {0};
    x->task.budget = 0.0005;
    for (int i = 0; i < 3; i++) {
        x->task.threads = counts[i];
        must(pab__distil_run(&x->task, &moe[i]));
    }
    assert_memory_equal(&moe[0]->body, &moe[1]->body, sizeof moe[0]->body);
    assert_memory_equal(&moe[0]->body, &moe[2]->body, sizeof moe[0]->body);
    for (int i = 0; i < 3; i++)
        pab_moe_free(moe[i]);
    x->task.threads = 1;
}

static void a_run_stopped_anywhere_ends_with_the_same_bytes(void **state)
{
    lab *x = *state;
    char path[64], side[96];
    pab_moe *whole = NULL;
    x->task.budget = 0.0005;
    x->calls = x->stop_at = 0;
    must(pab__distil_run(&x->task, &whole));
    int calls = x->calls;
    assert_true(calls > 6);
    snprintf(path, sizeof path, "moe_distil_%ld.ck", (long)getpid());
    x->task.checkpoint = path;
    for (int n = 1; n <= calls; n += calls / 4) {
        pab_moe *moe = NULL;
        unlink(path);
        x->calls = 0;
        x->stop_at = n;
        assert_int_equal(pab__distil_run(&x->task, &moe), PAB_E_CANCELLED);
        assert_null(moe);
        x->stop_at = 0;
        must(pab__distil_run(&x->task, &moe));
        assert_memory_equal(&moe->body, &whole->body, sizeof whole->body);
        pab_moe_free(moe);
    }
    x->task.seed++;
    pab_moe *moe = NULL;
    assert_int_equal(pab__distil_run(&x->task, &moe), PAB_E_KIND);
    x->task.seed--;
    x->task.checkpoint = NULL;
    unlink(path);
    for (int r = 0; r < 3; r++) {
        snprintf(side, sizeof side, "%s.states%d", path, r);
        unlink(side);
    }
    pab_moe_free(whole);
}

/* A greedy episode by a policy and its clone; what is explained is what is done. */
static void the_policy_plays_and_explains_itself(void **state)
{
    lab *x = *state;
    pab_moe *moe = NULL;
    pab_policy *policy[2];
    pab_env *env;
    char text[2000];
    x->task.budget = 0.0005;
    must(pab__distil_run(&x->task, &moe));
    must(pab_env_new(x->scn, &env));
    for (int sample = 0; sample < 2; sample++) {
        pab_moe_policy_options options;
        pab_step_result result = {.struct_size = sizeof result};
        must(pab_moe_policy_options_init(&options, sizeof options));
        options.sample = sample;
        must(pab_moe_policy_with(moe, &options, &policy[0]));
        must(pab_env_reset(env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 3), NULL, NULL, 0));
        must(pab_policy_reset(policy[0], env));
        must(pab_policy_clone(policy[0], &policy[1]));
        while ((result.flags & PAB_STEP_TERMINATED) == 0) {
            pab_decision decision[2];
            char said[64];
            must(pab_policy_explain(policy[0], env, text, sizeof text));
            for (int i = 0; i < 2; i++)
                must(pab_policy_act(policy[i], env, &decision[i]));
            assert_memory_equal(&decision[0], &decision[1], sizeof decision[0]);
            snprintf(said, sizeof said, "MoE: %s / %s with", pab_action_name(decision[0].action[0]),
                     pab_action_name(decision[0].action[1]));
            if (!sample)
                assert_non_null(strstr(text, said));
            assert_non_null(strstr(text, "its rule: "));
            must(pab_env_step(env, decision[0].action, NULL, 0, &result));
            assert_int_equal(result.shielded, 0);
        }
        print_message("%s\n", text);
        pab_policy_free(policy[0]);
        pab_policy_free(policy[1]);
    }
    pab_env_free(env);
    pab_moe_free(moe);
}

/* J on validation seeds is the same for any number of threads, and another for another mixture. */
static void mixtures_are_evaluated_by_rolling_them_out(void **state)
{
    lab *x = *state;
    pab_host host = plain_host();
    pab__validation validation = {.scn = x->scn, .episodes = 2, .threads = 1};
    pab__mixture_net *net = malloc(sizeof *net);
    pab_moe *like = pab__moe_new(&host);
    double objective[3];
    like->body.components = PAB_MOE_COMPONENTS;
    must(pab__validation_open(&validation, like));
    pab__mixture_net_init(net, 1);
    must(pab__validation_evaluate(&validation, net, PAB__TUNE_SEEDS_SELECT, &objective[0]));
    validation.threads = 2;
    must(pab__validation_evaluate(&validation, net, PAB__TUNE_SEEDS_SELECT, &objective[1]));
    pab__mixture_net_init(net, 2);
    must(pab__validation_evaluate(&validation, net, PAB__TUNE_SEEDS_SELECT, &objective[2]));
    assert_true(isfinite(objective[0]) && objective[0] == objective[1] && objective[0] != objective[2]);
    pab__validation_close(&validation);
    pab_moe_free(like);
    free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(students_learn_what_the_rules_do),
        cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(a_run_stopped_anywhere_ends_with_the_same_bytes),
        cmocka_unit_test(the_policy_plays_and_explains_itself),
        cmocka_unit_test(mixtures_are_evaluated_by_rolling_them_out),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
