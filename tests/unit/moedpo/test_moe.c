/* The handle of a mixture: its file, its reasons, its draws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "instances.h"
#include "moedpo/moe.h"
#include "sip/cells.h"

static pab_moe *some_moe(void)
{
    pab_host host = plain_host();
    pab_moe *moe = pab__moe_new(&host);
    assert_non_null(moe);
    moe->body.components = PAB_MOE_COMPONENTS;
    moe->body.loss = PAB_LOSS_MBT;
    pab__mixture_net_init(&moe->body.net, 21);
    for (int c = 0; c < PAB_MOE_CELLS; c++)
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            moe->body.ensemble_weight[c][e] = (c + e) % 4 == 0 ? 0.7 : 0.1;
    return moe;
}

static void masks_of(const pab__mixture_input *input, uint8_t mask[34])
{
    for (int a = 0; a < 34; a++)
        mask[a] = (uint8_t)(input->legal[a / 17] >> (a % 17) & 1);
}

static void what_is_saved_is_loaded(void **state)
{
    (void)state;
    char path[64];
    pab_moe *moe = some_moe(), *back = NULL;
    snprintf(path, sizeof path, "moe_file_%ld.moe", (long)getpid());
    assert_int_equal(pab_moe_save(moe, path), PAB_OK);
    assert_int_equal(pab_moe_load(NULL, path, &back), PAB_OK);
    assert_memory_equal(&moe->body, &back->body, sizeof moe->body);
    pab_moe_free(moe);
    pab_moe_free(back);
    unlink(path);
}

static void a_damaged_file_is_refused(void **state)
{
    (void)state;
    char path[64];
    pab_moe *moe = some_moe(), *back = NULL;
    snprintf(path, sizeof path, "moe_damage_%ld.moe", (long)getpid());
    assert_int_equal(pab_moe_save(moe, path), PAB_OK);
    FILE *f = fopen(path, "r+b");
    fseek(f, 100000, SEEK_SET);
    fputc(1, f);
    fclose(f);
    assert_int_equal(pab_moe_load(NULL, path, &back), PAB_E_CORRUPT);
    assert_int_equal(truncate(path, 2000), 0);
    assert_int_equal(pab_moe_load(NULL, path, &back), PAB_E_CORRUPT);
    moe->body.net.gate.b2[3] = NAN;
    assert_int_equal(pab_moe_save(moe, path), PAB_OK);
    assert_int_equal(pab_moe_load(NULL, path, &back), PAB_E_CORRUPT);
    moe->body.net.gate.b2[3] = 0.0;
    moe->body.components = 3;
    assert_int_equal(pab_moe_save(moe, path), PAB_OK);
    assert_int_equal(pab_moe_load(NULL, path, &back), PAB_E_CORRUPT);
    assert_null(back);
    unlink(path);
    assert_int_equal(pab_moe_load(NULL, path, &back), PAB_E_IO);
    pab_moe_free(moe);
}

static void reasons_hang_together(void **state)
{
    (void)state;
    random_source l;
    pab_moe *moe = some_moe();
    pab__rng_seed(&l.rng, 8);
    for (int k = 0; k < 100; k++) {
        pab__mixture_input input;
        uint8_t mask[34];
        pab_moe_explanation r = {.struct_size = sizeof r};
        input_random(&l, &input);
        masks_of(&input, mask);
        assert_int_equal(pab_moe_describe(moe, input.obs, mask, &r), PAB_OK);
        assert_true(r.cell >= 0 && r.cell < PAB_MOE_CELLS);
        assert_true(fabs(r.resolved[0] + r.resolved[1] + r.resolved[2] + r.resolved[3] - 1.0) < 1e-12);
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            assert_true(r.resolved[e] <= r.resolved[r.dominant]);
        for (int i = 1; i < PAB_MOE_ALTERNATIVES && r.action[i] >= 0; i++) {
            assert_true(r.probability[i] <= r.probability[i - 1]);
            assert_int_not_equal(r.action[i], r.action[i - 1]);
        }
        for (int i = 1; i < PAB_MOE_INFLUENCES; i++)
            assert_true(fabs(r.influence[i]) <= fabs(r.influence[i - 1]));
    }
    pab_moe_free(moe);
}

/* The influence of a feature is its value times what a small change of it does to ln pi. */
static void influences_are_derivatives(void **state)
{
    (void)state;
    random_source l;
    pab_moe *moe = some_moe();
    pab__rng_seed(&l.rng, 9);
    for (int k = 0; k < 20; k++) {
        pab__mixture_input input;
        pab__mixture_pass pass;
        pab_moe_explanation r = {0};
        const float step = 0x1p-9f;
        input_random(&l, &input);
        pab__moe_explain(moe, &input, &r);
        for (int i = 0; i < PAB_MOE_INFLUENCES; i++) {
            float kept = input.obs[r.feature[i]];
            input.obs[r.feature[i]] = kept + step;
            pab__mixture_forward(&moe->body.net, 5, &input, &pass);
            double up = pab__mixture_log(&pass, r.action[0], NULL), high = pass.x[r.feature[i]];
            input.obs[r.feature[i]] = kept - step;
            pab__mixture_forward(&moe->body.net, 5, &input, &pass);
            double down = pab__mixture_log(&pass, r.action[0], NULL), low = pass.x[r.feature[i]];
            input.obs[r.feature[i]] = kept;
            assert_true(fabs((up - down) / (high - low) * (double)kept - r.influence[i]) < 1e-4);
        }
    }
    pab_moe_free(moe);
}

static void bad_questions_are_refused_by_name(void **state)
{
    (void)state;
    random_source l;
    pab_moe *moe = some_moe();
    pab__mixture_input input;
    uint8_t mask[34];
    pab_moe_explanation r = {.struct_size = sizeof r};
    pab_moe_cell cell = {.struct_size = sizeof cell};
    char text[200];
    pab__rng_seed(&l.rng, 9);
    input_random(&l, &input);
    masks_of(&input, mask);
    memset(mask + 17, 0, 17);
    assert_int_equal(pab_moe_describe(moe, input.obs, mask, &r), PAB_E_ARGUMENT);
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, "leg B"));
    input.obs[PAB_OBS_A_TRADE_FLOW] = NAN;
    assert_int_equal(pab_moe_describe(moe, input.obs, mask, &r), PAB_E_RANGE);
    assert_int_equal(pab_moe_describe(NULL, input.obs, mask, &r), PAB_E_ARGUMENT);
    assert_int_equal(pab_moe_cell_get(moe, 72, &cell), PAB_E_RANGE);
    r.struct_size = 8;
    masks_of(&input, mask);
    input.obs[PAB_OBS_A_TRADE_FLOW] = 0.0f;
    assert_int_equal(pab_moe_describe(moe, input.obs, mask, &r), PAB_E_ARGUMENT);
    pab_moe_free(moe);
}

static void every_cell_is_reached_and_surveyed(void **state)
{
    (void)state;
    pab_moe *moe = some_moe();
    static const float time[] = {0.1f, 0.5f, 0.9f}, error[] = {0.0f, 0.3f, 0.7f}, two[] = {0.0f, 0.9f};
    pab__mixture_input inputs[PAB_MOE_CELLS];
    memset(inputs, 0, sizeof inputs);
    for (int c = 0; c < PAB_MOE_CELLS; c++) {
        inputs[c].obs[PAB_OBS_PAIR_TIME] = time[c / 24];
        inputs[c].obs[PAB_OBS_PAIR_HEDGE_SIZE] = error[c / 8 % 3];
        inputs[c].obs[PAB_OBS_PAIR_CRUMBLE] = two[c / 4 % 2];
        inputs[c].obs[c % 3 == 0 ? PAB_OBS_A_SPREAD_Z : PAB_OBS_B_SPREAD_Z] = two[c / 2 % 2];
        inputs[c].obs[PAB_OBS_PAIR_VOLATILITY_RATIO] = two[c % 2];
        inputs[c].legal[0] = inputs[c].legal[1] = 0x1ffff;
        assert_int_equal(pab__sip_cell_of_observation(inputs[c].obs), c);
    }
    pab__moe_fill_cells(&moe->body, inputs, PAB_MOE_CELLS);
    for (int c = 0; c < PAB_MOE_CELLS; c++) {
        pab_moe_cell cell = {.struct_size = sizeof cell};
        double gate = 0.0, classes = 0.0;
        assert_int_equal(pab_moe_cell_get(moe, c, &cell), PAB_OK);
        assert_true(cell.visits == 1.0);
        for (int e = 0; e < PAB_MOE_COMPONENTS; e++)
            gate += cell.gate[e];
        for (int k = 0; k < PAB_MOE_CLASSES; k++)
            classes += cell.classes[0][k] + cell.classes[1][k];
        assert_true(fabs(gate - 1.0) < 1e-12 && fabs(classes - 2.0) < 1e-12);
        assert_true(cell.entropy > 0.0 && cell.dominant >= 0);
    }
    pab_moe_free(moe);
}

static void draws_follow_the_mixture(void **state)
{
    (void)state;
    double pi[PAB_ENV_JOINT_ACTIONS] = {0};
    int32_t seen[3] = {0};
    pi[5] = 0.5;
    pi[100] = 0.3;
    pi[288] = 0.2;
    for (int k = 0; k < 10000; k++) {
        int32_t action = pab__moe_sample(pi, 1.0, (k + 0.5) / 10000.0);
        assert_true(action == 5 || action == 100 || action == 288);
        seen[action == 5 ? 0 : action == 100 ? 1 : 2]++;
    }
    assert_in_range(seen[0], 4999, 5001);
    assert_in_range(seen[1], 2999, 3001);
    assert_int_equal(pab__moe_sample(pi, 0.01, 0.9999), 5); /* cold: the likeliest */
    assert_int_equal(pab__moe_sample(pi, 1.0, 0x1.fffffffffffffp-1), 288);
}

static void losses_have_names(void **state)
{
    (void)state;
    assert_string_equal(pab_loss_name(PAB_LOSS_MBT), "mbt");
    assert_null(pab_loss_name(PAB_LOSS_COUNT));
    assert_null(pab_loss_name(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_is_loaded),
        cmocka_unit_test(a_damaged_file_is_refused),
        cmocka_unit_test(reasons_hang_together),
        cmocka_unit_test(influences_are_derivatives),
        cmocka_unit_test(bad_questions_are_refused_by_name),
        cmocka_unit_test(every_cell_is_reached_and_surveyed),
        cmocka_unit_test(draws_follow_the_mixture),
        cmocka_unit_test(losses_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
