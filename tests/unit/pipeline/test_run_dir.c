/* A run's directory: what is deleted there, who may write there, and a manifest that is as it was written. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "runs.h"

#define LOCK ".pairsabides.lock"

static char base[] = "/tmp/pab_run_dir_XXXXXX";
static char dir[64];

static const char *in_dir(const char *name, char path[512])
{
    snprintf(path, 512, "%s/%s", dir, name);
    return path;
}

static void put(const char *name, const char *text)
{
    char path[512];
    FILE *f = fopen(in_dir(name, path), "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int is_there(const char *name)
{
    char path[512];
    return access(in_dir(name, path), F_OK) == 0;
}

static void open_dir(void)
{
    snprintf(dir, sizeof dir, "%s/run", base);
    assert_int_equal(mkdir(dir, 0777), 0);
}

static void only_files_of_the_manifest_are_deleted(void **state)
{
    static const char *const foreign[] = {"mine.tmp", "scenario.yaml.tmp", "scenario.yaml.7.tmp", "mine.1.2.tmp",
                                          "scenario.yaml.1.2.tmp.bak", "thesis.checkpoint", "q_lae.checkpoint.txt",
                                          ".1.2.tmp", "scenario.yaml.x.2.tmp", "scenario.yaml..2.tmp"};
    static const char *const own[] = {"scenario.yaml.77.0.tmp", "manifest.json.77.12.tmp"};
    pab_config *cfg = tiny_pair();
    pab_pipeline_options o = tiny_run();
    (void)state;
    open_dir();
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        put(foreign[i], "foreign");
    must(pab_pipeline_run(cfg, dir, &o, NULL));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        put(own[i], "left by a kill");
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_STATE, "holds a run already");
    o.resume = 1;
    o.episodes = 3;
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_KIND, "holds another run");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        assert_true(is_there(own[i])); /* a folder that is refused is left as it is */
    o.episodes = 2;
    must(pab_pipeline_run(cfg, dir, &o, NULL));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        assert_false(is_there(own[i]));
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_true(is_there(foreign[i]));
    assert_false(is_there("distilled.checkpoint") || is_there("ensemble.checkpoint") || is_there(LOCK));
    remove_run(dir);
    pab_config_free(cfg);
}

/* --- The lock --- */

typedef struct second {
    const pab_config *cfg;
    int tried;
} second;

/* In the middle of a run, another is tried: in this process and in a child. */
static int32_t run_a_second_time(void *user, const pab_pipeline_step *step)
{
    second *s = user;
    pab_pipeline_options o = tiny_run();
    char holder[64];
    int how;
    if (s->tried || step->stage < 2)
        return 0;
    s->tried = 1;
    o.resume = 1;
    snprintf(holder, sizeof holder, "in use: process %ld on ", (long)getpid());
    refused(pab_pipeline_run(s->cfg, dir, &o, NULL), PAB_E_STATE, holder);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char text[512] = "";
        pab_status status = pab_pipeline_run(s->cfg, dir, &o, NULL);
        pab_last_error(text, sizeof text);
        _exit(status == PAB_E_STATE && strstr(text, holder) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    assert_true(is_there(LOCK));
    return 0;
}

static void a_second_run_is_told_who_holds_the_folder(void **state)
{
    pab_config *cfg = tiny_pair();
    pab_pipeline_options o = tiny_run();
    second s = {.cfg = cfg};
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &s, .report = run_a_second_time};
    (void)state;
    open_dir();
    o.hook = &hook;
    must(pab_pipeline_run(cfg, dir, &o, NULL));
    assert_true(s.tried);
    assert_false(is_there(LOCK));
    remove_run(dir);
    pab_config_free(cfg);
}

static int32_t die(void *user, const pab_pipeline_step *step)
{
    (void)user;
    return step->stage < 2 ? 0 : raise(SIGKILL);
}

static void the_lock_of_a_dead_process_is_taken_over(void **state)
{
    pab_config *cfg = tiny_pair();
    pab_pipeline_options o = tiny_run();
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .report = die};
    int how;
    (void)state;
    open_dir();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        o.hook = &hook;
        pab_pipeline_run(cfg, dir, &o, NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) && is_there(LOCK));
    o.resume = 1;
    must(pab_pipeline_run(cfg, dir, &o, NULL));
    assert_false(is_there(LOCK));
    put(LOCK, "run by process 999999999 on elsewhere\n");
    must(pab_pipeline_run(cfg, dir, &o, NULL));
    assert_false(is_there(LOCK));
    put(LOCK, "my own notes");
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_STATE, "is no lock of a run: it begins 'my own notes'");
    assert_true(is_there(LOCK));
    remove_run(dir);
    pab_config_free(cfg);
}

/* --- The manifest --- */

static void a_changed_byte_of_the_manifest_is_refused(void **state)
{
    pab_config *cfg = tiny_pair();
    pab_pipeline_options o = tiny_run();
    pab_pipeline *run = NULL;
    pab_host host;
    void *data;
    size_t len;
    char path[512];
    (void)state;
    must(pab__host_take(NULL, &host));
    open_dir();
    must(pab_pipeline_run(cfg, dir, &o, NULL));
    read_all(dir, "manifest.json", &data, &len);
    unsigned char *bytes = data;
    assert_true(len > 1000);
    in_dir("manifest.json", path);
    for (size_t i = 0; i < len; i++) {
        int fd = open(path, O_WRONLY);
        const unsigned char changed = bytes[i] ^ (unsigned char)(1 << i % 7);
        assert_true(fd >= 0 && pwrite(fd, &changed, 1, (off_t)i) == 1);
        pab_status status = pab_pipeline_open(NULL, dir, &run);
        if (status != PAB_E_CORRUPT)
            fail_msg("byte %zu: %s", i, pab_status_name(status));
        assert_true(pwrite(fd, &bytes[i], 1, (off_t)i) == 1);
        close(fd);
    }
    assert_int_equal(truncate(path, (off_t)len - 1), 0);
    refused(pab_pipeline_open(NULL, dir, &run), PAB_E_CORRUPT, "manifest.json' is damaged");
    o.resume = 1;
    refused(pab_pipeline_run(cfg, dir, &o, NULL), PAB_E_CORRUPT, "manifest.json' is damaged");
    must(pab__file_write(path, data, len));
    must(pab_pipeline_open(NULL, dir, &run));
    pab_pipeline_free(run);
    pab__release(&host, data, len + 1);
    remove_run(dir);
    pab_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_files_of_the_manifest_are_deleted),
        cmocka_unit_test(a_second_run_is_told_who_holds_the_folder),
        cmocka_unit_test(the_lock_of_a_dead_process_is_taken_over),
        cmocka_unit_test(a_changed_byte_of_the_manifest_is_refused),
    };
    if (!mkdtemp(base))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(base);
    return failed;
}
