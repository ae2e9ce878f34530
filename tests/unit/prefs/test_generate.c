/* Preferences from a small market: what they hold, that they are the same however computed, and their file. */
#include "../env/episode.h"

#include <math.h>
#include <stdlib.h>

#include "prefs/prefs.h"
#include "../sip/killed.h"

typedef struct lab {
    pab_scenario *scn;
    pab_sip *sip;
    pab_prefs_options how;
} lab;

static lab open_lab(void)
{
    lab x;
    pab_sip_options how;
    x.scn = make_pair("pair: {warmup: 10s, horizon: 30s}\n");
    must(pab_sip_options_init(&how, sizeof how));
    how.generations = 1;
    how.candidates = 8;
    how.seeds = how.final_seeds = how.validation_seeds = 5;
    how.front = 0;
    how.refine = 0;
    must(pab_sip_train(x.scn, NULL, NULL, &how, &x.sip));
    must(pab_prefs_options_init(&x.how, sizeof x.how));
    x.how.episodes = 40;
    x.how.futures = 2;
    return x;
}

static void close_lab(lab *x)
{
    pab_sip_free(x->sip);
    pab_scenario_free(x->scn);
}

static pab_prefs *generate(const lab *x, uint32_t threads, const char *checkpoint)
{
    pab_learn_options options;
    pab_prefs *prefs = NULL;
    must(pab_learn_options_init(&options, sizeof options));
    options.threads = threads;
    options.checkpoint = checkpoint;
    must(pab_prefs_generate(x->scn, x->sip, NULL, &options, &x->how, &prefs));
    return prefs;
}

static size_t read_all(const char *path, unsigned char **data)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *data = malloc(8 << 20);
    size_t len = fread(*data, 1, 8 << 20, file);
    fclose(file);
    assert_true(len > 0 && len < 8 << 20);
    return len;
}

static void assert_same_files(const char *a, const char *b)
{
    unsigned char *x, *y;
    size_t n = read_all(a, &x);
    assert_int_equal(read_all(b, &y), n);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static void check_start(const pab_prefs *prefs, uint32_t i)
{
    pab_prefs_start start = {.struct_size = sizeof start};
    pab_prefs_trajectory trajectory = {.struct_size = sizeof trajectory};
    pab_prefs_pair pair = {.struct_size = sizeof pair};
    uint32_t all = 0;
    must(pab_prefs_start_get(prefs, i, &start));
    assert_int_equal(start.seed >> 56, PAB_SPLIT_TRAIN);
    assert_true(start.segment == 1 || start.segment == 6);
    assert_true(start.trajectories >= 1 && start.trajectories <= 5 && start.pairs <= 6);
    for (uint32_t t = 0; t < start.trajectories; t++) {
        must(pab_prefs_trajectory_get(prefs, i, t, &trajectory));
        assert_int_equal(all & trajectory.candidates, 0);
        all |= trajectory.candidates;
        /* What is left to pay adds up. */
        double cost = trajectory.shortfall[0] + trajectory.shortfall[1] + 0.5 * trajectory.tracking;
        assert_true(fabs(trajectory.score + cost) < 1e-6);
        const pab__pref_trajectory *own = &prefs->trajectory[prefs->start[i].trajectory + t];
        for (uint32_t m = 0; m < prefs->futures; m++)
            assert_int_equal(prefs->play[own->play[m]].point, prefs->start[i].point);
    }
    assert_int_equal(all, 31);
    for (uint32_t k = 0; k < start.pairs; k++) {
        must(pab_prefs_pair_get(prefs, i, k, &pair));
        assert_true(pair.p > 0.5 && pair.p <= 0.98 && pair.gain > 0 && pair.winner != pair.loser);
        assert_true(pair.winner < start.trajectories && pair.loser < start.trajectories);
    }
    assert_int_equal(pab_prefs_trajectory_get(prefs, i, start.trajectories, &trajectory), PAB_E_RANGE);
}

static void starts_hold_every_candidate_once(void **unused)
{
    (void)unused;
    lab x = open_lab();
    pab_prefs *prefs = generate(&x, 1, NULL);
    pab_prefs_info info = {.struct_size = sizeof info};
    must(pab_prefs_describe(prefs, &info));
    assert_true(info.starts > 40 && info.starts <= 80 && info.pairs > 0 && info.held < info.starts);
    for (uint32_t i = 0; i < info.starts; i++)
        check_start(prefs, i);
    for (uint32_t i = 1; i < info.starts; i++) /* a seed is held out as a whole */
        if (prefs->start[i].seed == prefs->start[i - 1].seed)
            assert_int_equal(prefs->start[i].held, prefs->start[i - 1].held);
    pab_prefs_free(prefs);
    close_lab(&x);
}

static int32_t stop_at_once(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user;
    (void)stage;
    return done < total;
}

static void threads_interruptions_and_files_leave_no_trace(void **unused)
{
    (void)unused;
    lab x = open_lab();
    char plain[] = "prefs-plain.pref", other[] = "prefs-other.pref", checkpoint[] = "prefs-check.bin";
    pab_prefs *prefs = generate(&x, 1, NULL), *back = NULL;
    must(pab_prefs_save(prefs, plain));
    must(pab_prefs_load(NULL, plain, &back));
    must(pab_prefs_save(back, other));
    assert_same_files(plain, other);
    assert_int_equal(back->pairs, prefs->pairs);
    assert_memory_equal(back->pair, prefs->pair, prefs->pairs * sizeof *prefs->pair);
    pab_prefs_free(back);
    pab_prefs_free(prefs);
    prefs = generate(&x, 8, NULL);
    must(pab_prefs_save(prefs, other));
    pab_prefs_free(prefs);
    assert_same_files(plain, other);

    pab_learn_options options;
    pab_progress progress = {sizeof progress, 0, NULL, stop_at_once};
    remove(checkpoint);
    must(pab_learn_options_init(&options, sizeof options));
    options.checkpoint = checkpoint;
    options.progress = &progress;
    prefs = NULL;
    assert_int_equal(pab_prefs_generate(x.scn, x.sip, NULL, &options, &x.how, &prefs), PAB_E_CANCELLED);
    assert_null(prefs);
    prefs = generate(&x, 2, checkpoint);
    must(pab_prefs_save(prefs, other));
    pab_prefs_free(prefs);
    assert_same_files(plain, other);
    options.master_seed = 7;
    assert_int_equal(pab_prefs_generate(x.scn, x.sip, NULL, &options, &x.how, &prefs), PAB_E_KIND);
    remove(checkpoint);
    remove(plain);
    remove(other);
    close_lab(&x);
}

typedef struct errand {
    const lab *lab;
    const char *checkpoint;
} errand;

static int generate_as_told(void *user)
{
    const errand *e = user;
    return generate(e->lab, 2, e->checkpoint) != NULL;
}

static void a_killed_generation_loses_nothing(void **unused)
{
    (void)unused;
    char here[] = "prefs-killed-XXXXXX", plain[64], other[64], checkpoint[64], command[64];
    assert_non_null(mkdtemp(here));
    snprintf(plain, sizeof plain, "%s/plain", here);
    snprintf(other, sizeof other, "%s/other", here);
    snprintf(checkpoint, sizeof checkpoint, "%s/checkpoint", here);
    lab x = open_lab();
    x.how.episodes = 70; /* rounds of 32 */
    x.how.futures = 1;
    int64_t start = milliseconds();
    pab_prefs *prefs = generate(&x, 2, NULL);
    int64_t whole = milliseconds() - start;
    must(pab_prefs_save(prefs, plain));
    pab_prefs_free(prefs);
    errand e = {&x, checkpoint};
    kill_again_and_again(generate_as_told, &e, whole, 5);
    prefs = generate(&x, 1, checkpoint);
    must(pab_prefs_save(prefs, other));
    pab_prefs_free(prefs);
    assert_same_files(plain, other);
    snprintf(command, sizeof command, "rm -rf %s", here); /* a write that was cut short leaves a file */
    assert_int_equal(system(command), 0);
    close_lab(&x);
}

static void a_damaged_file_is_refused(void **unused)
{
    (void)unused;
    lab x = open_lab();
    char path[] = "prefs-file.pref", bad[] = "prefs-bad.pref";
    x.how.episodes = 5;
    pab_prefs *prefs = generate(&x, 1, NULL), *back = NULL;
    unsigned char *data;
    must(pab_prefs_save(prefs, path));
    size_t len = read_all(path, &data);
    for (size_t at = 0; at < len; at += 1 + len / 50) {
        FILE *file = fopen(bad, "wb");
        data[at] ^= 4;
        assert_int_equal(fwrite(data, 1, len, file), len);
        data[at] ^= 4;
        fclose(file);
        assert_int_not_equal(pab_prefs_load(NULL, bad, &back), PAB_OK);
        assert_null(back);
    }
    free(data);
    remove(path);
    remove(bad);
    pab_prefs_free(prefs);
    close_lab(&x);
}

static void exact_quantities_are_no_candidate(void **unused)
{
    (void)unused;
    lab x = open_lab();
    pab_policy *twap;
    pab_prefs *prefs = NULL;
    must(pab_policy_parse(NULL, "twap", &twap));
    const pab_policy *extra[] = {twap};
    x.how.extra = extra;
    x.how.extras = 1;
    assert_int_equal(pab_prefs_generate(x.scn, x.sip, NULL, NULL, &x.how, &prefs), PAB_E_UNSUPPORTED);
    x.how.futures = 17;
    assert_int_equal(pab_prefs_generate(x.scn, x.sip, NULL, NULL, &x.how, &prefs), PAB_E_RANGE);
    assert_null(prefs);
    pab_policy_free(twap);
    close_lab(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_hold_every_candidate_once),
        cmocka_unit_test(threads_interruptions_and_files_leave_no_trace),
        cmocka_unit_test(a_killed_generation_loses_nothing),
        cmocka_unit_test(a_damaged_file_is_refused),
        cmocka_unit_test(exact_quantities_are_no_candidate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
