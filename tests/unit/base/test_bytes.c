/* Bytes and checkpoints: what is put is got, what is damaged or of another run is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/checkpoint.h"
#include "failing.h"

static const pab__file_kind kind = {{'T', 'E', 'S', 'T'}, 1, "a test's checkpoint"};
static char path[64];

static int make_name(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/pab-bytes-XXXXXX");
    int fd = mkstemp(path);
    close(fd);
    return unlink(path);
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void what_is_put_is_got(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__bytes b = {.host = &host};
    char text[3] = {0};
    pab__bytes_put_u8(&b, 200);
    pab__bytes_put_u32(&b, 0x01020304);
    pab__bytes_put_u64(&b, UINT64_MAX - 1);
    pab__bytes_put_real(&b, -0.0);
    pab__bytes_put(&b, "xyz", 3);
    assert_int_equal(b.len, 1 + 4 + 8 + 8 + 3);
    assert_int_equal(b.data[1], 4);
    assert_int_equal(pab__bytes_get_u8(&b), 200);
    assert_int_equal(pab__bytes_get_u32(&b), 0x01020304);
    assert_true(pab__bytes_get_u64(&b) == UINT64_MAX - 1);
    assert_true(signbit(pab__bytes_get_real(&b)));
    assert_int_equal(pab__bytes_left(&b), 3);
    pab__bytes_get(&b, text, 3);
    assert_memory_equal(text, "xyz", 3);
    assert_true(pab__bytes_ended(&b));
    assert_int_equal(pab__bytes_get_u32(&b), 0);
    assert_false(pab__bytes_ended(&b));
    assert_int_equal(pab__bytes_left(&b), 0);
    pab__bytes_free(&b);
    assert_int_equal(f.blocks, 0);
}

static pab_status save(const pab_host *host, uint64_t identity)
{
    pab__bytes out = pab__checkpoint_begin(host, identity);
    for (uint32_t i = 0; i < 3000; i++)
        pab__bytes_put_u32(&out, i);
    return pab__checkpoint_save(&out, &kind, path);
}

/* Reads `count` of the numbers. */
static pab_status load(const pab_host *host, uint64_t identity, uint32_t count, int *found)
{
    pab__bytes in;
    pab_status status = pab__checkpoint_open(host, &kind, path, identity, &in, found);
    if (status != PAB_OK || !*found)
        return status;
    int sound = 1;
    for (uint32_t i = 0; i < count; i++)
        sound &= pab__bytes_get_u32(&in) == i;
    return pab__checkpoint_close(&in, PAB_OK, sound, &kind, path);
}

static void a_checkpoint_is_of_one_run(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__bytes in;
    int found = 7;
    assert_int_equal(load(&host, 5, 3000, &found), PAB_OK);
    assert_int_equal(found, 0);
    assert_int_equal(pab__checkpoint_open(&host, &kind, NULL, 5, &in, &found), PAB_OK);
    assert_int_equal(found, 0);
    assert_int_equal(save(&host, 5), PAB_OK);
    assert_int_equal(load(&host, 5, 3000, &found), PAB_OK);
    assert_int_equal(found, 1);
    assert_int_equal(load(&host, 6, 3000, &found), PAB_E_KIND);
    assert_int_equal(found, 0);
    assert_int_equal(load(&host, 5, 2999, &found), PAB_E_CORRUPT);
    assert_int_equal(load(&host, 5, 3001, &found), PAB_E_CORRUPT);
    assert_int_equal(f.blocks, 0);
}

static void lack_of_memory_is_reported(void **state)
{
    (void)state;
    failing f;
    uint64_t hash;
    int clean = 0;
    for (int64_t n = 0; !clean && n < 100; n++) {
        pab_host host = failing_host(&f, n, 0);
        int found;
        pab_status status = save(&host, 1);
        if (status == PAB_OK)
            status = load(&host, 1, 3000, &found);
        clean = status == PAB_OK;
        assert_true(clean || status == PAB_E_MEMORY);
        assert_int_equal(f.blocks, 0);
    }
    assert_true(clean);
    pab_host host = failing_host(&f, 0, 1);
    pab__bytes b = {.host = &host};
    pab__bytes_put_u64(&b, 1);
    assert_int_equal(pab__bytes_hash(&b, "a run", &hash), PAB_E_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got),
        cmocka_unit_test_setup_teardown(a_checkpoint_is_of_one_run, make_name, remove_file),
        cmocka_unit_test_setup_teardown(lack_of_memory_is_reported, make_name, remove_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
