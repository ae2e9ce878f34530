/* Stage 3 through its public calls, on an ensemble of rules: distilled, saved, played; what is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <unistd.h>

#include "instance.h"
#include "moedpo/moe.h"
#include "sip/sip.h"

static void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fail_msg("%s: %s", pab_status_name(status), text);
}

static void refused(pab_status status, pab_status expected, const char *word)
{
    char text[512];
    assert_int_equal(status, expected);
    pab_last_error(text, sizeof text);
    if (strstr(text, word) == NULL)
        fail_msg("\"%s\" does not name %s", text, word);
}

typedef struct lab {
    pab_scenario *scn;
    pab_sip *sip;
    pab_learn_options learn;
    pab_moe_options moe;
} lab;

static pab_scenario *scenario_of(const char *yaml)
{
    pab_config *cfg;
    pab_scenario *scn;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, strlen(yaml), "test"));
    must(pab_scenario_new(cfg, &scn));
    pab_config_free(cfg);
    return scn;
}

static int open_lab(void **state)
{
    static lab x;
    pab_host host = plain_host();
    const pab_qtable *const experts[PAB_EXPERT_COUNT] = {NULL};
    pab_sip_info info = {.struct_size = sizeof info, .rules = 1};
    x.scn = scenario_of("preset: pair\npair: {warmup: 20s, horizon: 40s, interval: 5s, quantity: 300}\n");
    must(pab__sip_new(&host, experts, &info, &x.sip));
    pab__sip_table_even(&x.sip->table);
    x.sip->table.rules = 1;
    must(pab_learn_options_init(&x.learn, sizeof x.learn));
    must(pab_moe_options_init(&x.moe, sizeof x.moe));
    x.learn.budget = 0.0005;
    x.learn.moe = &x.moe;
    *state = &x;
    return 0;
}

static int close_lab(void **state)
{
    lab *x = *state;
    pab_sip_free(x->sip);
    pab_scenario_free(x->scn);
    return 0;
}

static void an_ensemble_is_distilled_saved_and_played(void **state)
{
    lab *x = *state;
    char path[64];
    pab_moe *moe = NULL, *back = NULL;
    pab_policy *policy;
    pab_env *env;
    pab_step_result result = {.struct_size = sizeof result};
    must(pab_moe_distil(x->scn, x->sip, &x->learn, &moe));
    snprintf(path, sizeof path, "moe_stage3_%ld.moe", (long)getpid());
    must(pab_moe_save(moe, path));
    must(pab_moe_load(NULL, path, &back));
    assert_memory_equal(&moe->body, &back->body, sizeof moe->body);
    unlink(path);
    must(pab_moe_policy(back, &policy));
    must(pab_env_new(x->scn, &env));
    must(pab_env_reset(env, pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_THIN, 1), NULL, NULL, 0));
    must(pab_policy_reset(policy, env));
    while ((result.flags & PAB_STEP_TERMINATED) == 0) {
        pab_decision decision;
        must(pab_policy_act(policy, env, &decision));
        must(pab_env_step_exact(env, &decision, NULL, 0, &result));
    }
    pab_episode_metrics metrics = {.struct_size = sizeof metrics};
    must(pab_env_metrics(env, &metrics));
    assert_true(metrics.residual < 1.0);
    pab_env_free(env);
    pab_policy_free(policy);
    pab_moe_free(back);
    pab_moe_free(moe);
}

static void the_anchor_can_be_left_out(void **state)
{
    lab *x = *state;
    pab_moe *moe = NULL;
    x->moe.anchor = 0;
    must(pab_moe_distil(x->scn, x->sip, &x->learn, &moe));
    x->moe.anchor = 1;
    assert_int_equal(moe->body.components, PAB_EXPERT_COUNT);
    for (int c = 0; c < PAB_MOE_CELLS; c++) {
        pab_moe_cell cell = {.struct_size = sizeof cell};
        must(pab_moe_cell_get(moe, c, &cell));
        assert_true(cell.gate[PAB_MOE_ANCHOR] == 0.0);
    }
    pab_moe_free(moe);
}

static int32_t say_stop(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)stage, (void)done, (void)total;
    return 1;
}

static void the_hook_can_cancel(void **state)
{
    lab *x = *state;
    pab_moe *moe = NULL;
    pab_progress hook = {.struct_size = sizeof hook, .report = say_stop};
    x->learn.progress = &hook;
    refused(pab_moe_distil(x->scn, x->sip, &x->learn, &moe), PAB_E_CANCELLED, "hook");
    x->learn.progress = NULL;
    assert_null(moe);
}

static void what_is_wrong_is_named(void **state)
{
    lab *x = *state;
    pab_moe *moe = NULL;
    refused(pab_moe_distil(NULL, x->sip, &x->learn, &moe), PAB_E_ARGUMENT, "scn");
    refused(pab_moe_distil(x->scn, NULL, &x->learn, &moe), PAB_E_ARGUMENT, "sip");
    x->moe.temperature = 0.0;
    refused(pab_moe_distil(x->scn, x->sip, &x->learn, &moe), PAB_E_RANGE, "temperature");
    x->moe.temperature = NAN;
    refused(pab_moe_distil(x->scn, x->sip, &x->learn, &moe), PAB_E_RANGE, "temperature");
    x->moe.temperature = 0.15;
    x->learn.budget = -1.0;
    refused(pab_moe_distil(x->scn, x->sip, &x->learn, &moe), PAB_E_RANGE, "budget");
    x->learn.budget = 0.0005;
    pab_scenario *plain = scenario_of("preset: rmsc04\n");
    refused(pab_moe_distil(plain, x->sip, &x->learn, &moe), PAB_E_UNSUPPORTED, "pair");
    pab_scenario_free(plain);
    assert_null(moe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ensemble_is_distilled_saved_and_played),
        cmocka_unit_test(the_anchor_can_be_left_out),
        cmocka_unit_test(the_hook_can_cancel),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
