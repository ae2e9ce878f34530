/* The whole of Stage 2 on a small market: what is chosen, that it is the same however it was computed, and its file. */
#include <math.h>
#include <unistd.h>

#include "ensembles.h"
#include "killed.h"
#include "sip/psi.h"
#include "sip/evaluation.h"

static pab_sip *train_with(pab_scenario *scn, const pab_sip_options *how)
{
    pab_sip *sip = NULL;
    must(pab_sip_train(scn, NULL, NULL, how, &sip));
    return sip;
}

static pab_sip *train(pab_scenario *scn, uint32_t threads, const char *checkpoint, const char *log)
{
    pab_learn_options options;
    pab_sip_options how = small_search(1);
    pab_sip *sip = NULL;
    must(pab_learn_options_init(&options, sizeof options));
    options.threads = threads;
    options.checkpoint = checkpoint;
    options.log_path = log;
    must(pab_sip_train(scn, NULL, &options, &how, &sip));
    return sip;
}

static void the_selected_is_no_worse_than_any_single_expert(void **unused)
{
    (void)unused;
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    pab_sip_options how = small_search(0);
    how.front = 1;
    pab_sip *sip = train_with(scn, &how);
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist selected = {.struct_size = sizeof selected}, row = {.struct_size = sizeof row};
    uint32_t singles = 0;
    must(pab_sip_describe(sip, &info));
    must(pab_sip_finalist_get(sip, info.selected, &selected));
    assert_int_equal(info.generations, 2 + 6);
    for (uint32_t i = 0; i < info.finalists; i++) {
        must(pab_sip_finalist_get(sip, i, &row));
        singles += row.kind == PAB_SIP_EXPERT || row.kind == PAB_SIP_RULE;
        assert_true(selected.objective <= row.objective);
        assert_true(row.objective_low <= row.objective && row.objective <= row.objective_high);
    }
    assert_int_equal(singles, 8);
    assert_true(selected.validation_shortfall == selected.validation_shortfall); /* a number */
    assert_true(info.shipped == (info.gain > 0 ? info.single : info.selected));
    assert_int_equal(pab_sip_finalist_get(sip, info.finalists, &row), PAB_E_RANGE);
    double visits = 0;
    for (int32_t c = 0; c < PAB_SIP_CELL_COUNT; c++) {
        pab_sip_cell cell = {.struct_size = sizeof cell};
        must(pab_sip_cell_get(sip, c, &cell));
        visits += cell.visits;
    }
    assert_true(visits >= 10 && visits <= 10 * 12);
    pab_sip_free(sip);
    pab_scenario_free(scn);
}

static void threads_and_interruptions_leave_no_trace(void **unused)
{
    (void)unused;
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    char plain[] = "sip-plain.bin", other[] = "sip-other.bin", checkpoint[] = "sip-check.bin", log[] = "sip-log.csv",
         other_log[] = "sip-log2.csv";
    pab_learn_options options;
    pab_sip_options how = small_search(1);
    pab_sip *sip = train(scn, 1, NULL, log);
    must(pab_sip_save(sip, plain));
    pab_sip_free(sip);
    sip = train(scn, 8, NULL, NULL);
    must(pab_sip_save(sip, other));
    pab_sip_free(sip);
    assert_same_files(plain, other);

    remove(checkpoint);
    must(pab_learn_options_init(&options, sizeof options));
    options.checkpoint = checkpoint;
    for (int32_t reports = 0; reports < 5; reports += 2) {
        int32_t left = reports % 3;
        pab_progress progress = {sizeof progress, 0, &left, stop_after};
        options.progress = &progress;
        options.threads = 2;
        sip = NULL;
        assert_int_equal(pab_sip_train(scn, NULL, &options, &how, &sip), PAB_E_CANCELLED);
        assert_null(sip);
    }
    sip = train(scn, 2, checkpoint, other_log);
    must(pab_sip_save(sip, other));
    pab_sip_free(sip);
    assert_same_files(plain, other);
    assert_same_files(log, other_log);

    options.progress = NULL;
    options.master_seed = 2;
    assert_int_equal(pab_sip_train(scn, NULL, &options, &how, &sip), PAB_E_KIND);
    remove(checkpoint);
    remove(plain);
    remove(other);
    remove(log);
    remove(other_log);
    pab_scenario_free(scn);
}

static int train_as_told(void *options)
{
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    pab_sip_options how = small_search(1);
    pab_sip *sip = NULL;
    return pab_sip_train(scn, NULL, options, &how, &sip) == PAB_OK;
}

static void a_killed_training_loses_nothing(void **unused)
{
    (void)unused;
    char here[] = "sip-killed-XXXXXX", plain[64], other[64], checkpoint[64], command[64];
    assert_non_null(mkdtemp(here));
    snprintf(plain, sizeof plain, "%s/plain", here);
    snprintf(other, sizeof other, "%s/other", here);
    snprintf(checkpoint, sizeof checkpoint, "%s/checkpoint", here);
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    pab_learn_options options;
    int64_t start = milliseconds();
    pab_sip *sip = train(scn, 2, NULL, NULL);
    int64_t whole = milliseconds() - start;
    must(pab_sip_save(sip, plain));
    pab_sip_free(sip);
    must(pab_learn_options_init(&options, sizeof options));
    options.threads = 2;
    options.checkpoint = checkpoint;
    kill_again_and_again(train_as_told, &options, whole, 5);
    sip = train(scn, 1, checkpoint, NULL);
    must(pab_sip_save(sip, other));
    pab_sip_free(sip);
    assert_same_files(plain, other);
    snprintf(command, sizeof command, "rm -rf %s", here); /* a write that was cut short leaves a file */
    assert_int_equal(system(command), 0);
    pab_scenario_free(scn);
}

static pab_sip_sweep sweep_of(const pab_sip *sip, uint32_t i)
{
    pab_sip_sweep row = {.struct_size = sizeof row};
    must(pab_sip_sweep_get(sip, i, &row));
    return row;
}

/* Sweeps of a run whose final no single expert won; how many were accepted. */
static uint32_t check_sweeps(const pab_sip *sip, uint32_t episodes, uint32_t sweeps)
{
    pab_sip_info info = {.struct_size = sizeof info};
    pab_sip_finalist selected = {.struct_size = sizeof selected};
    uint32_t accepted = 0;
    must(pab_sip_describe(sip, &info));
    must(pab_sip_finalist_get(sip, info.selected, &selected));
    if (info.sweeps == 0) {
        assert_int_equal(info.selected, info.single);
        return 0;
    }
    assert_int_equal(info.sweeps, sweeps);
    double now = sweep_of(sip, 0).before;
    for (uint32_t i = 0; i < info.sweeps; i++) {
        const pab_sip_sweep row = sweep_of(sip, i);
        assert_true(row.before == now);
        assert_true(row.accepted == (row.after < row.before));
        assert_true(row.episodes == episodes && row.cells > 0 && row.visits > 0 && row.forks <= 4 * row.visits);
        accepted += row.accepted != 0;
        now = row.accepted ? row.after : now;
    }
    assert_int_equal(info.accepted, accepted);
    assert_int_equal(selected.kind == PAB_SIP_REFINED, accepted > 0);
    assert_true(fabs(selected.objective - now) < 1e-12);
    pab_sip_sweep none = {.struct_size = sizeof none};
    assert_int_equal(pab_sip_sweep_get(sip, sweeps, &none), PAB_E_RANGE);
    return accepted;
}

static void a_sweep_stays_only_where_it_makes_the_objective_less(void **unused)
{
    (void)unused;
    pab_scenario *scn = make_pair(NULL);
    pab_sip_options how = small_search(1);
    pab_learn_options options;
    uint32_t accepted = 0;
    pab_sip *sip = NULL;
    must(pab_learn_options_init(&options, sizeof options));
    how.generations = 1;
    how.final_seeds = 20;
    how.refine = 3;
    options.threads = 2;
    for (; accepted == 0 && options.master_seed < 6; options.master_seed++) {
        must(pab_sip_train(scn, NULL, &options, &how, &sip));
        accepted = check_sweeps(sip, how.final_seeds, how.refine);
        pab_sip_free(sip);
    }
    assert_true(accepted > 0);
    how.refine = 17;
    assert_int_equal(pab_sip_train(scn, NULL, NULL, &how, &sip), PAB_E_RANGE);
    pab_scenario_free(scn);
}

/* Plays both side by side: the same decision at every step. */
static void assert_plays_like(pab_env *env, pab_policy *a, pab_policy *b, uint64_t seed)
{
    pab_step_result r = {.struct_size = sizeof r};
    must(pab_env_reset(env, seed, NULL, NULL, 0));
    must(pab_policy_reset(a, env));
    must(pab_policy_reset(b, env));
    while ((r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
        pab_decision x = {{0}, {0}}, y = {{0}, {0}};
        must(pab_policy_act(a, env, &x));
        must(pab_policy_act(b, env, &y));
        assert_memory_equal(&x, &y, sizeof x);
        must(pab_env_step_exact(env, &x, NULL, 0, &r));
    }
}

static void one_expert_alone_is_that_expert_action_for_action(void **unused)
{
    (void)unused;
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    pab_sip *sip = train(scn, 1, NULL, NULL);
    pab_env *env;
    must(pab_env_new(scn, &env));
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++) {
        for (int32_t rules = 0; rules < 2; rules++) {
            pab_policy *alone, *learned, *rule;
            pab__sip_table_single(e, rules, &sip->table);
            must(pab_sip_policy(sip, &alone));
            must(pab_qtable_policy(sip->expert[e], &learned));
            must(pab_policy_parse(NULL, pab_policy_builtin((uint32_t)e), &rule));
            for (int32_t regime = 0; regime < PAB_REGIME_COUNT; regime++) {
                assert_plays_like(env, alone, learned, pab_seed(PAB_SPLIT_TRAIN, regime, 5));
                assert_plays_like(env, alone, rule, pab_seed(PAB_SPLIT_TRAIN, regime, 6));
            }
            pab_policy_free(alone);
            pab_policy_free(learned);
            pab_policy_free(rule);
        }
    }
    pab_env_free(env);
    pab_sip_free(sip);
    pab_scenario_free(scn);
}

static void getting_out_of_step_costs(void **unused)
{
    (void)unused;
    pab_env *env = make_env(NULL);
    pab__context context;
    pab__features f;
    pab__expert_state state = {{0, 0}};
    static double terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS];
    const double *cost = terms[PAB__SIP_HEDGE];
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    must(pab__context_take(env, &context));
    pab__features_make(0, &state, &context, &f);
    must(pab__sip_terms(&f, env, terms));
    const int32_t sweep = PAB_ENV_LEG_ACTIONS - 1; /* SWEEP x2 */
    assert_true(cost[0] == 0); /* HOLD both, in step */
    assert_true(cost[sweep] > 0); /* B alone */
    assert_true(cost[sweep * PAB_ENV_LEG_ACTIONS] > 0); /* A alone */
    assert_true(cost[sweep * PAB_ENV_LEG_ACTIONS + sweep] < 0.5 * cost[sweep]);
    const int32_t join = PAB__ACTION(JOIN, ONE), half = PAB__ACTION(JOIN, HALF);
    const int32_t both = PAB_ENV_LEG_ACTIONS + 1;
    assert_true(cost[sweep * both] < 0.1 * cost[join * both]); /* two that rest: who knows which is filled */
    assert_true(cost[half * both] > 0.2 * cost[join * both] && cost[half * both] < 0.3 * cost[join * both]);
    pab_env_free(env);
}

static void waiting_falls_behind_and_taking_pays_the_spread(void **unused)
{
    (void)unused;
    pab_env *env = make_env(NULL);
    pab__context context;
    pab__features f;
    pab__expert_state state = {{0, 0}};
    static double terms[PAB__SIP_TERMS][PAB_ENV_JOINT_ACTIONS];
    const int32_t join = PAB__ACTION(JOIN, ONE), take = PAB__ACTION(TAKE, ONE);
    const int32_t both = PAB_ENV_LEG_ACTIONS + 1;
    must(pab_env_reset(env, 3, NULL, NULL, 0));
    must(pab__context_take(env, &context));
    pab__features_make(0, &state, &context, &f);
    must(pab__sip_terms(&f, env, terms));
    const double *lag = terms[PAB__SIP_LAG], *spread = terms[PAB__SIP_SPREAD];
    assert_true(fabs(lag[0] - 2) < 1e-9); /* each leg a slice behind by the next decision */
    assert_true(lag[take * both] < 0.1 && lag[join * both] > lag[take * both] && lag[join * both] < lag[0]);
    assert_true(spread[0] == 0 && spread[take * both] > 0 && spread[join * both] < 0);
    pab_env_free(env);
}

static void a_file_keeps_everything_and_a_damaged_one_is_refused(void **unused)
{
    (void)unused;
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    char path[] = "sip-file.bin", again[] = "sip-again.bin";
    pab_sip *sip = train(scn, 1, NULL, NULL), *back = NULL;
    must(pab_sip_save(sip, path));
    must(pab_sip_load(NULL, path, &back));
    must(pab_sip_save(back, again));
    assert_same_files(path, again);
    pab_sip_free(back);
    bytes whole = read_all(path);
    for (size_t at = 0; at < whole.len; at += 1 + whole.len / 40) {
        FILE *file = fopen(again, "wb");
        whole.data[at] ^= 0x20;
        assert_int_equal(fwrite(whole.data, 1, whole.len, file), whole.len);
        fclose(file);
        whole.data[at] ^= 0x20;
        back = NULL;
        assert_int_not_equal(pab_sip_load(NULL, again, &back), PAB_OK);
        assert_null(back);
    }
    for (int32_t what = PAB_SIP_CSV_CELLS; what <= PAB_SIP_CSV_SWEEPS; what++) {
        must(pab_sip_write_csv(sip, what, again));
        bytes csv = read_all(again);
        int lines = 0;
        for (size_t i = 0; i < csv.len; i++)
            lines += csv.data[i] == '\n';
        assert_true(what != PAB_SIP_CSV_CELLS || lines == 1 + PAB_SIP_CELL_COUNT);
        assert_true(what != PAB_SIP_CSV_SEARCH || lines == 1 + 2);
        assert_true(lines >= 1 + (what != PAB_SIP_CSV_SWEEPS));
        free(csv.data);
    }
    assert_int_equal(pab_sip_write_csv(sip, 5, again), PAB_E_RANGE);
    free(whole.data);
    remove(path);
    remove(again);
    pab_sip_free(sip);
    pab_scenario_free(scn);
}

static void bad_options_are_named(void **unused)
{
    (void)unused;
    pab_scenario *scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    pab_sip_options how = small_search(1);
    pab_sip *sip = NULL;
    char text[256];
    how.candidates = 7;
    assert_int_equal(pab_sip_train(scn, NULL, NULL, &how, &sip), PAB_E_RANGE);
    pab_last_error(text, sizeof text);
    assert_string_equal(text, "sip.candidates is 7; expected 8 to 4096");
    how = small_search(1);
    how.eta = NAN;
    assert_int_equal(pab_sip_train(scn, NULL, NULL, &how, &sip), PAB_E_RANGE);
    assert_int_equal(pab_sip_train(NULL, NULL, NULL, NULL, &sip), PAB_E_ARGUMENT);
    assert_null(sip);
    pab_scenario_free(scn);
}

static void no_seed_is_of_the_test_split_or_shared_between_blocks(void **unused)
{
    (void)unused;
    for (uint32_t n = 0; n < 100; n++) {
        uint64_t seed = pab__sip_seed(PAB_SPLIT_TRAIN, 9, 3, n);
        assert_int_equal(seed >> 56, PAB_SPLIT_TRAIN);
        assert_int_equal(seed >> 48 & 0xff, n % PAB_REGIME_COUNT);
        assert_true(seed != pab__sip_seed(PAB_SPLIT_TRAIN, 9, 4, n));
        assert_true(seed != pab__sip_seed(PAB_SPLIT_TRAIN, 9, PAB__SIP_FINAL_BLOCK, n));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_selected_is_no_worse_than_any_single_expert),
        cmocka_unit_test(threads_and_interruptions_leave_no_trace),
        cmocka_unit_test(a_killed_training_loses_nothing),
        cmocka_unit_test(a_sweep_stays_only_where_it_makes_the_objective_less),
        cmocka_unit_test(one_expert_alone_is_that_expert_action_for_action),
        cmocka_unit_test(getting_out_of_step_costs),
        cmocka_unit_test(waiting_falls_behind_and_taking_pays_the_spread),
        cmocka_unit_test(a_file_keeps_everything_and_a_damaged_one_is_refused),
        cmocka_unit_test(bad_options_are_named),
        cmocka_unit_test(no_seed_is_of_the_test_split_or_shared_between_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
