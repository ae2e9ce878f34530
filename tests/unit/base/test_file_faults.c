/* Every system call of a write or a read fails, in turn: the old bytes or the new ones are there, nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <unistd.h>

#include "base/file.h"
#include "failing.h"
#include "io_faults.h"

static char dir[64], path[80];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/pab-fault-XXXXXX");
    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof path, "%s/a.pab", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    io_faults_off();
    unlink(path);
    return rmdir(dir);
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

static void remove_temporary(void)
{
    DIR *list = opendir(dir);
    char name[400];
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (!strstr(entry->d_name, ".tmp"))
            continue;
        snprintf(name, sizeof name, "%s/%s", dir, entry->d_name);
        assert_int_equal(unlink(name), 0);
    }
    closedir(list);
}

static int holds(const char *text)
{
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    void *data = NULL;
    size_t len = 0;
    if (pab__file_read(&host, path, 100, &data, &len) != PAB_OK)
        return 0;
    int same = len == strlen(text) && memcmp(data, text, len) == 0;
    pab__release(&host, data, len + 1);
    return same;
}

static int names_the_path(pab_status status)
{
    char text[300] = "";
    pab_last_error(text, sizeof text);
    return status == PAB_E_IO && strstr(text, path);
}

/* A file that was there is written anew. Returns the number of calls that were made to fail. */
static int64_t replace_with_faults(int sticky)
{
    for (int64_t n = 0;; n++) {
        assert_int_equal(pab__file_write(path, "old", 3), PAB_OK);
        io_faults_on(n, sticky);
        pab_status status = pab__file_write(path, "newer", 5);
        int64_t failed = io_faults_off();
        if (failed == 0) {
            assert_int_equal(status, PAB_OK);
            assert_true(holds("newer"));
            return n;
        }
        assert_true(status == PAB_OK || names_the_path(status));
        assert_true(holds("newer") || (status != PAB_OK && holds("old")));
        if (!sticky)
            assert_int_equal(count_entries(), 1);
        else if (count_entries() == 2) /* deleting the temporary file failed, too: the next run has to tidy up */
            remove_temporary();
    }
}

static void a_write_that_fails_leaves_the_old_file_or_the_new_one(void **state)
{
    (void)state;
    assert_in_range(replace_with_faults(0), 7, 20);
    assert_in_range(replace_with_faults(1), 7, 20);
}

static void a_read_that_fails_gives_nothing(void **state)
{
    (void)state;
    assert_int_equal(pab__file_write(path, "old", 3), PAB_OK);
    for (int64_t n = 0;; n++) {
        failing f;
        pab_host host = failing_host(&f, -1, 0);
        void *data = NULL;
        size_t len = 99;
        io_faults_on(n, 0);
        pab_status status = pab__file_read(&host, path, 100, &data, &len);
        int64_t failed = io_faults_off();
        if (status == PAB_OK) { /* closing may fail: the bytes are there */
            assert_string_equal(data, "old");
            pab__release(&host, data, len + 1);
            if (failed > 0)
                continue;
            assert_in_range(n, 4, 8);
            return;
        }
        assert_int_equal(status, PAB_E_IO);
        assert_null(data);
        assert_int_equal(f.bytes, 0);
    }
}

static void a_transfer_survives_signals_and_short_counts(void **state)
{
    (void)state;
    io_parts_on();
    assert_int_equal(pab__file_write(path, "in seven parts", 14), PAB_OK);
    assert_true(holds("in seven parts"));
    io_faults_off();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_that_fails_leaves_the_old_file_or_the_new_one, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_read_that_fails_gives_nothing, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_transfer_survives_signals_and_short_counts, make_dir, remove_dir),
    };
    return cmocka_run_group_tests_name("base/file_faults", tests, NULL, NULL);
}
