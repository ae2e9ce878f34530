/* Training on the pair market: the same bytes however it is run, stopped, killed or stored. */
#include "qlearn/score.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "learned.h"

static const char scenario[] = "pair: {warmup: 20s, horizon: 30s, interval: 5s, quantity: 300}\n";

typedef struct stage {
    pab_scenario *scn;
    char dir[64];
} stage;

static int open_stage(void **state)
{
    static stage s;
    s.scn = make_pair(scenario);
    snprintf(s.dir, sizeof s.dir, "/tmp/pab_qlearn_XXXXXX");
    *state = &s;
    return !mkdtemp(s.dir);
}

static int close_stage(void **state)
{
    stage *s = *state;
    pab_scenario_free(s->scn);
    return rmdir(s->dir);
}

static pab_qtable_options few(void)
{
    pab_qtable_options p;
    must(pab_qtable_options_init(&p, sizeof p));
    p.rounds = 3;
    p.episodes = 10;
    p.repeats = 2;
    p.validation = 2;
    p.interval = 2;
    return p;
}

static pab_learn_options learn_options(const pab_qtable_options *p, uint32_t threads)
{
    pab_learn_options o;
    must(pab_learn_options_init(&o, sizeof o));
    o.qtable = p;
    o.threads = threads;
    return o;
}

static void path_of(const stage *s, const char *name, char path[256])
{
    snprintf(path, 256, "%s/%.60s", s->dir, name);
}

/* A file's bytes; to be freed. */
static unsigned char *slurp(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *len = (size_t)ftell(f);
    rewind(f);
    unsigned char *data = malloc(*len);
    assert_true(fread(data, 1, *len, f) == *len);
    fclose(f);
    return data;
}

static void assert_same_files(const char *a, const char *b)
{
    size_t n, m;
    unsigned char *x = slurp(a, &n), *y = slurp(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

/* Trains and stores the result under `name`. */
static void train_to(const stage *s, const pab_learn_options *o, const char *name)
{
    pab_qtable *q = NULL;
    char path[256];
    path_of(s, name, path);
    must(pab_qtable_train(s->scn, PAB_EXPERT_OME, o, &q));
    must(pab_qtable_save(q, path));
    pab_qtable_free(q);
}

static void learn_on_threads(const stage *s, int32_t forks)
{
    pab_qtable_options p = few();
    p.forks = forks;
    char one[256], path[256], log[3][256];
    path_of(s, "1", one);
    for (int i = 0; i < 3; i++) {
        static const uint32_t threads[] = {1, 2, 8};
        pab_learn_options o = learn_options(&p, threads[i]);
        char name[8];
        snprintf(name, sizeof name, "%u", threads[i]);
        snprintf(path, sizeof path, "log%d", i);
        path_of(s, path, log[i]);
        o.log_path = log[i];
        train_to(s, &o, name);
        path_of(s, name, path);
        assert_same_files(path, one);
        assert_same_files(log[i], log[0]);
        if (i > 0) {
            remove(path);
            remove(log[i]);
        }
    }
    remove(one);
    remove(log[0]);
}

static void any_number_of_threads_learns_the_same(void **state)
{
    learn_on_threads(*state, 1);
    learn_on_threads(*state, 0);
}

static int32_t stop_after(void *user, const char *what, uint64_t done, uint64_t total)
{
    int *left = user;
    (void)what;
    assert_true(done <= total);
    return --*left < 0;
}

static void training_resumes_from_any_boundary(void **state)
{
    stage *s = *state;
    pab_qtable_options p = few();
    pab_learn_options o = learn_options(&p, 2);
    char whole[256], pieces[256], checkpoint[256];
    path_of(s, "whole", whole);
    path_of(s, "pieces", pieces);
    path_of(s, "checkpoint", checkpoint);
    train_to(s, &o, "whole");
    int left = 0, stops = 0;
    pab_progress hook = {.struct_size = sizeof hook, .user = &left, .report = stop_after};
    pab_qtable *q = NULL;
    o.checkpoint = checkpoint;
    o.progress = &hook;
    while (pab_qtable_train(s->scn, PAB_EXPERT_OME, &o, &q) == PAB_E_CANCELLED) {
        assert_null(q);
        left = 0;
        stops++;
    }
    assert_int_equal(stops, 3 * (1 + 3 + 1)); /* the rule, three rounds and the verdict of each table */
    must(pab_qtable_save(q, pieces));
    assert_same_files(whole, pieces);
    pab_qtable_free(q);
    p.repeats = 1; /* not the same training run any more */
    q = NULL;
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_OME, &o, &q), PAB_E_KIND);
    p.repeats = 2;
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_LAE, &o, &q), PAB_E_KIND);
    assert_null(q);
    remove(whole);
    remove(pieces);
    remove(checkpoint);
}

static void a_killed_training_loses_nothing(void **state)
{
    stage *s = *state;
    pab_qtable_options p = few();
    pab_learn_options o = learn_options(&p, 0);
    char whole[256], killed[256], checkpoint[256];
    path_of(s, "whole", whole);
    path_of(s, "killed", killed);
    path_of(s, "checkpoint", checkpoint);
    train_to(s, &o, "whole");
    o.checkpoint = checkpoint;
    for (int64_t ms = 4; ms < 50; ms += 9) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            pab_qtable *q = NULL;
            _exit(pab_qtable_train(s->scn, PAB_EXPERT_OME, &o, &q) == PAB_OK ? 0 : 1);
        }
        nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
        kill(child, SIGKILL);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how) || WEXITSTATUS(how) == 0);
    }
    train_to(s, &o, "killed");
    assert_same_files(whole, killed);
    remove(whole);
    remove(killed);
    char left[256]; /* of a write that was cut short */
    snprintf(left, sizeof left, "rm -f %s/*", s->dir);
    assert_int_equal(system(left), 0);
}

static void what_was_stored_is_read_back(void **state)
{
    stage *s = *state;
    pab_qtable_options p = few();
    pab_learn_options o = learn_options(&p, 2);
    pab_qtable *q = NULL, *back = NULL;
    char first[256], second[256];
    size_t len;
    path_of(s, "first", first);
    path_of(s, "second", second);
    must(pab_qtable_train(s->scn, PAB_EXPERT_RAE, &o, &q));
    must(pab_qtable_save(q, first));
    must(pab_qtable_load(NULL, first, &back));
    must(pab_qtable_save(back, second));
    assert_same_files(first, second);
    assert_int_equal(pab_qtable_expert(back), PAB_EXPERT_RAE);
    pab_qtable_round a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
    for (uint32_t i = 0; pab_qtable_curve(q, i, &a) == PAB_OK; i++) {
        must(pab_qtable_curve(back, i, &b));
        assert_memory_equal(&a, &b, sizeof a);
    }
    pab_qtable_free(back);
    back = NULL;
    unsigned char *bytes = slurp(first, &len);
    bytes[len / 2] ^= 1;
    must(pab__file_write(second, bytes, len));
    assert_int_equal(pab_qtable_load(NULL, second, &back), PAB_E_CORRUPT);
    must(pab__file_write(second, bytes, len - 9));
    assert_int_equal(pab_qtable_load(NULL, second, &back), PAB_E_CORRUPT);
    assert_null(back);
    free(bytes);
    pab_qtable_free(q);
    remove(first);
    remove(second);
}

/* Plays both on the same seeds, decision by decision. */
static void assert_same_play(const stage *s, pab_policy *a, pab_policy *b)
{
    pab_env *env;
    must(pab_env_new(s->scn, &env));
    for (int32_t regime = 0; regime < PAB_REGIME_COUNT; regime++) {
        pab_step_result r = {.struct_size = sizeof r};
        must(pab_env_reset(env, pab_seed(PAB_SPLIT_TRAIN, regime, 5), NULL, NULL, 0));
        must(pab_policy_reset(a, env));
        must(pab_policy_reset(b, env));
        while ((r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
            pab_decision x, y;
            must(pab_policy_act(a, env, &x));
            must(pab_policy_act(b, env, &y));
            assert_memory_equal(&x, &y, sizeof x);
            must(pab_env_step_exact(env, &x, NULL, 0, &r));
        }
    }
    pab_env_free(env);
}

static void an_untrained_expert_plays_its_rule(void **state)
{
    static const char *const rules[PAB_EXPERT_COUNT] = {"lae", "sce", "ome", "rae"};
    stage *s = *state;
    pab_host host = plain_host();
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++) {
        pab_qtable *q;
        pab_policy *learned, *rule;
        must(pab__qtable_new(&host, e, &q));
        must(pab_qtable_policy(q, &learned));
        must(pab_policy_parse(NULL, rules[e], &rule));
        assert_same_play(s, learned, rule);
        pab_policy_free(learned);
        pab_policy_free(rule);
        pab_qtable_free(q);
    }
}

static void impossible_options_are_refused(void **state)
{
    stage *s = *state;
    pab_qtable_options p = few();
    pab_learn_options o = learn_options(&p, 0);
    pab_qtable *q = NULL;
    p.repeats = 3; /* of 10 episodes */
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_LAE, &o, &q), PAB_E_RANGE);
    p = few();
    p.forks = 2;
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_LAE, &o, &q), PAB_E_RANGE);
    p.forks = 1;
    p.episodes = p.repeats = 65;
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_LAE, &o, &q), PAB_E_RANGE);
    p = few();
    p.trace = 1.5;
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_LAE, &o, &q), PAB_E_RANGE);
    p = few();
    o.budget = 0;
    assert_int_equal(pab_qtable_train(s->scn, PAB_EXPERT_LAE, &o, &q), PAB_E_RANGE);
    o.budget = 1;
    assert_int_equal(pab_qtable_train(s->scn, 4, &o, &q), PAB_E_RANGE);
    assert_int_equal(pab_qtable_train(NULL, 0, &o, &q), PAB_E_ARGUMENT);
    assert_null(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_learns_the_same),
        cmocka_unit_test(training_resumes_from_any_boundary),
        cmocka_unit_test(a_killed_training_loses_nothing),
        cmocka_unit_test(what_was_stored_is_read_back),
        cmocka_unit_test(an_untrained_expert_plays_its_rule),
        cmocka_unit_test(impossible_options_are_refused),
    };
    return cmocka_run_group_tests_name("qlearn/train", tests, open_stage, close_stage);
}
