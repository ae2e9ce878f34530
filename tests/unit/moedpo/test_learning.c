/* Distillation and tuning through their public calls, on an ensemble of rules; bad arguments are named. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../status.h"
#include "instances.h"
#include "moedpo/moe.h"
#include "moedpo/tune_dataset.h"
#include "prefs/prefs.h"
#include "sip/sip.h"

typedef struct lab {
    pab_scenario *scn;
    pab_sip *sip;
    pab_learn_options learn;
    pab_moe_options moe;
    pab_moe *reference;
    pab_prefs *prefs;
} lab;

static void prepare(lab *x);

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
    prepare(&x);
    *state = &x;
    return 0;
}

static int close_lab(void **state)
{
    lab *x = *state;
    pab_prefs_free(x->prefs);
    pab_moe_free(x->reference);
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

/* A reference and preferences around the ensemble. */
static void prepare(lab *x)
{
    pab_prefs_options how;
    must(pab_prefs_options_init(&how, sizeof how));
    how.episodes = 20;
    how.futures = 2;
    how.segment = 3;
    must(pab_moe_distil(x->scn, x->sip, &x->learn, &x->reference));
    must(pab_prefs_generate(x->scn, x->sip, NULL, &x->learn, &how, &x->prefs));
    assert_true(x->prefs->pairs > 0);
}

/* Weights of a trajectory are those of its futures, but for steps without a choice. */
static void all_preferences_enter_the_data_sets(void **state)
{
    lab *x = *state;
    pab__tune_dataset datasets[2];
    pab_host host = plain_host();
    uint32_t pairs = 0, starts = 0;
    for (int held = 0; held < 2; held++) {
        pab__tune_dataset *t = &datasets[held];
        pab__tune_dataset_init(t, &host);
        must(pab__tune_dataset_add(t, x->prefs, held));
        pairs += t->count.pairs;
        starts += t->count.starts;
        for (uint32_t s = 0; s < t->count.starts; s++) {
            const pab__tune_start *start = &t->starts[s];
            for (uint32_t i = start->first_pair; i < start->end_pair; i++) {
                const pab__tune_trajectory *trajectory = &t->trajectories[t->pairs[i].winner];
                double weight = 0.0;
                assert_true(t->pairs[i].p >= 0.5 && t->pairs[i].winner != t->pairs[i].loser);
                for (uint32_t k = trajectory->first; k < trajectory->end; k++) {
                    const pab__tune_step *step = &t->steps[k];
                    const pab__mixture_input *input = &t->inputs[step->input];
                    weight += step->weight;
                    assert_true(step->input >= start->first_input && step->input < start->end_input);
                    assert_true((input->legal[0] >> step->action / 17 & 1) != 0);
                    assert_true((input->legal[1] >> step->action % 17 & 1) != 0);
                }
                if (trajectory->end > trajectory->first && t->steps[trajectory->first].input == start->first_input)
                    assert_true(fabs(t->steps[trajectory->first].weight - 1.0) < 1e-12);
                assert_true(weight <= 3.0 + 1e-12);
            }
        }
        pab__tune_dataset_free(t);
    }
    assert_int_equal(pairs, x->prefs->pairs);
    assert_true(starts <= x->prefs->starts && starts > 0);
}

static int32_t calls, stop_at;

static int32_t count_calls(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    assert_string_equal(stage, "tune");
    assert_true(done <= total);
    return ++calls == stop_at;
}

static void tuning_gives_the_same_bytes_with_any_threads_and_after_any_stop(void **state)
{
    lab *x = *state;
    pab_moe *moe[4] = {NULL};
    int32_t accepted[4];
    char path[64];
    pab_progress hook = {.struct_size = sizeof hook, .report = count_calls};
    static const uint32_t threads[] = {1, 2, 8};
    x->moe.gate_only = 1;
    for (int i = 0; i < 3; i++) {
        x->learn.threads = threads[i];
        x->learn.progress = i == 0 ? &hook : NULL;
        must(pab_moe_tune(x->scn, x->sip, x->reference, x->prefs, &x->learn, &moe[i], &accepted[i]));
        assert_int_equal(accepted[i], accepted[0]);
        assert_memory_equal(&moe[i]->body, &moe[0]->body, sizeof moe[0]->body);
    }
    snprintf(path, sizeof path, "moe_stage3_%ld.ck", (long)getpid());
    x->learn.checkpoint = path;
    x->learn.threads = 1;
    x->learn.progress = &hook;
    stop_at = calls / 2;
    calls = 0;
    refused(pab_moe_tune(x->scn, x->sip, x->reference, x->prefs, &x->learn, &moe[3], &accepted[3]),
            PAB_E_CANCELLED, "hook");
    stop_at = 0;
    must(pab_moe_tune(x->scn, x->sip, x->reference, x->prefs, &x->learn, &moe[3], &accepted[3]));
    assert_int_equal(accepted[3], accepted[0]);
    assert_memory_equal(&moe[3]->body, &moe[0]->body, sizeof moe[0]->body);
    unlink(path);
    x->learn.checkpoint = NULL;
    x->learn.progress = NULL;
    x->moe.gate_only = 0;
    if (!accepted[0])
        assert_memory_equal(&moe[0]->body, &x->reference->body, sizeof moe[0]->body);
    for (int i = 0; i < 4; i++)
        pab_moe_free(moe[i]);
}

static void every_loss_tunes_a_reference(void **state)
{
    lab *x = *state;
    for (int32_t loss = 0; loss < PAB_LOSS_COUNT; loss++) {
        pab_moe *moe = NULL;
        int32_t accepted = -1;
        x->moe.loss = loss;
        must(pab_moe_tune(x->scn, NULL, x->reference, x->prefs, &x->learn, &moe, &accepted));
        assert_true(accepted == 0 || accepted == 1);
        assert_int_equal(moe->body.loss, accepted ? loss : -1);
        pab_moe_free(moe);
    }
    x->moe.loss = PAB_LOSS_MIX;
}

static void errors_of_tuning_name_the_argument(void **state)
{
    lab *x = *state;
    pab_moe *moe = NULL;
    int32_t accepted = -1;
    refused(pab_moe_tune(x->scn, x->sip, NULL, x->prefs, &x->learn, &moe, &accepted), PAB_E_ARGUMENT, "reference");
    refused(pab_moe_tune(x->scn, x->sip, x->reference, NULL, &x->learn, &moe, &accepted), PAB_E_ARGUMENT, "prefs");
    x->moe.loss = 5;
    refused(pab_moe_tune(x->scn, x->sip, x->reference, x->prefs, &x->learn, &moe, &accepted), PAB_E_RANGE, "loss");
    x->moe.loss = PAB_LOSS_MIX;
    x->moe.beta = 0.0;
    refused(pab_moe_tune(x->scn, x->sip, x->reference, x->prefs, &x->learn, &moe, &accepted), PAB_E_RANGE, "beta");
    x->moe.beta = 0.5;
    x->moe.gate_only = 1;
    x->moe.loss = PAB_LOSS_MBT;
    refused(pab_moe_tune(x->scn, x->sip, x->reference, x->prefs, &x->learn, &moe, &accepted), PAB_E_RANGE, "gate_only");
    x->moe.loss = PAB_LOSS_MIX;
    x->moe.gate_only = 0;
    pab_scenario *other = scenario_of("preset: pair\npair: {warmup: 20s, horizon: 60s, interval: 5s, quantity: 300}\n");
    refused(pab_moe_tune(other, x->sip, x->reference, x->prefs, &x->learn, &moe, &accepted), PAB_E_KIND, "prefs");
    pab_scenario_free(other);
    assert_null(moe);
    assert_int_equal(accepted, -1);
}

static void errors_name_the_argument(void **state)
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
        cmocka_unit_test(errors_name_the_argument),
        cmocka_unit_test(all_preferences_enter_the_data_sets),
        cmocka_unit_test(tuning_gives_the_same_bytes_with_any_threads_and_after_any_stop),
        cmocka_unit_test(every_loss_tunes_a_reference),
        cmocka_unit_test(errors_of_tuning_name_the_argument),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
