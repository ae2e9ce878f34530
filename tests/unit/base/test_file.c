/* Whole files: what is written is read back, whatever fails on the way leaves the old bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "failing.h"

static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/pab-file-XXXXXX");
    return !mkdtemp(dir);
}

static int count_entries(void)
{
    int count = 0;
    DIR *list = opendir(dir);
    while (readdir(list))
        count++;
    closedir(list);
    return count - 2;
}

static int remove_dir(void **state)
{
    (void)state;
    char path[100];
    snprintf(path, sizeof path, "%s/a.pab", dir);
    unlink(path);
    return rmdir(dir);
}

static void written_bytes_are_read_back(void **state)
{
    (void)state;
    char path[100];
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    void *data = NULL;
    size_t len = 0;
    snprintf(path, sizeof path, "%s/a.pab", dir);
    assert_int_equal(pab__file_write(path, "old and long", 12), PAB_OK);
    assert_int_equal(pab__file_write(path, "new", 3), PAB_OK);
    assert_int_equal(count_entries(), 1);
    assert_int_equal(pab__file_read(&host, path, 3, &data, &len), PAB_OK);
    assert_int_equal(len, 3);
    assert_string_equal(data, "new");
    pab__release(&host, data, len + 1);
    assert_int_equal(f.bytes, 0);
}

static void failures_name_the_path_and_leave_nothing(void **state)
{
    (void)state;
    char path[100], text[300];
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    void *data = NULL;
    size_t len = 99;
    snprintf(path, sizeof path, "%s/none/a.pab", dir);
    assert_int_equal(pab__file_write(path, "x", 1), PAB_E_IO);
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, path));
    assert_non_null(strstr(text, "No such file"));
    assert_int_equal(pab__file_read(&host, path, 100, &data, &len), PAB_E_IO);
    assert_int_equal(pab__file_read(&host, dir, 100000, &data, &len), PAB_E_IO);
    assert_int_equal(pab__file_write(dir, "x", 1), PAB_E_IO); /* a directory cannot be replaced */
    snprintf(path, sizeof path, "%s/a.pab", dir);
    assert_int_equal(pab__file_write(path, "1234", 4), PAB_OK);
    assert_int_equal(pab__file_read(&host, path, 3, &data, &len), PAB_E_IO);
    assert_null(data);
    assert_int_equal(len, 99);
    assert_int_equal(f.bytes, 0);
    assert_int_equal(count_entries(), 1);
}

static void reading_without_memory_fails_cleanly(void **state)
{
    (void)state;
    char path[100];
    failing f;
    pab_host host = failing_host(&f, 0, 1);
    void *data = NULL;
    size_t len = 99;
    snprintf(path, sizeof path, "%s/a.pab", dir);
    assert_int_equal(pab__file_write(path, "1234", 4), PAB_OK);
    assert_int_equal(pab__file_read(&host, path, 100, &data, &len), PAB_E_MEMORY);
    assert_null(data);
    assert_int_equal(f.blocks, 0);
}

static const char *in_dir(const char *name, char path[100])
{
    snprintf(path, 100, "%s/%s", dir, name);
    return path;
}

static void a_replaced_file_keeps_its_mode_and_owner(void **state)
{
    (void)state;
    char path[100];
    struct stat info;
    assert_int_equal(pab__file_write(in_dir("a.pab", path), "old", 3), PAB_OK);
    assert_int_equal(chmod(path, 0640), 0);
    int other = geteuid() == 0;
    if (other)
        assert_int_equal(chown(path, 1234, 4321), 0);
    assert_int_equal(pab__file_write(path, "new", 3), PAB_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    assert_int_equal(info.st_uid, other ? 1234 : geteuid());
    if (other)
        assert_int_equal(info.st_gid, 4321);
}

static void a_link_leads_to_the_file_that_is_written(void **state)
{
    (void)state;
    char path[100], link[100], chain[100];
    struct stat info;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    void *data = NULL;
    size_t len = 0;
    in_dir("a.pab", path);
    assert_int_equal(symlink("a.pab", in_dir("link", link)), 0); /* to nothing yet */
    assert_int_equal(symlink(link, in_dir("chain", chain)), 0);
    assert_int_equal(pab__file_write(link, "one", 3), PAB_OK);
    assert_int_equal(pab__file_write(chain, "second", 6), PAB_OK);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(pab__file_read(&host, path, 100, &data, &len), PAB_OK);
    assert_string_equal(data, "second");
    pab__release(&host, data, len + 1);
    assert_int_equal(unlink(chain), 0);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("loop", in_dir("loop", link)), 0);
    assert_int_equal(pab__file_write(link, "x", 1), PAB_E_IO);
    assert_int_equal(unlink(link), 0);
}

static void pipes_and_devices_are_refused_before_they_are_opened(void **state)
{
    (void)state;
    char path[100], text[300];
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    void *data = NULL;
    size_t len = 0;
    int fd = -1;
    assert_int_equal(mkfifo(in_dir("pipe", path), 0600), 0);
    assert_int_equal(pab__file_read(&host, path, 100, &data, &len), PAB_E_IO); /* and does not wait */
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, "it is a named pipe; expected a regular file"));
    assert_int_equal(pab__file_open(path, &fd), PAB_E_IO);
    assert_int_equal(pab__file_write(path, "x", 1), PAB_E_IO);
    assert_int_equal(pab__file_append(path, "x", 1), PAB_E_IO);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(pab__file_write("/dev/null", "x", 1), PAB_E_IO);
    assert_int_equal(pab__file_read(&host, "/dev/zero", 100, &data, &len), PAB_E_IO);
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, "character device"));
    assert_int_equal(pab__file_write("", "x", 1), PAB_E_IO);
}

static void appended_bytes_come_last(void **state)
{
    (void)state;
    char path[100];
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    void *data = NULL;
    size_t len = 0;
    in_dir("a.pab", path);
    assert_int_equal(pab__file_exists(path), 0);
    assert_int_equal(pab__file_append(path, "one ", 4), PAB_OK);
    assert_int_equal(pab__file_append(path, "two", 3), PAB_OK);
    assert_int_equal(pab__file_exists(path), 1);
    assert_int_equal(pab__file_read(&host, path, 100, &data, &len), PAB_OK);
    assert_string_equal(data, "one two");
    pab__release(&host, data, len + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(written_bytes_are_read_back, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(failures_name_the_path_and_leave_nothing, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(reading_without_memory_fails_cleanly, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_replaced_file_keeps_its_mode_and_owner, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_link_leads_to_the_file_that_is_written, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(pipes_and_devices_are_refused_before_they_are_opened, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(appended_bytes_come_last, make_dir, remove_dir),
    };
    return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
