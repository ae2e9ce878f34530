/* The library's hash is XXH3-64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/hash.h"

static void known_inputs_have_known_hashes(void **state)
{
    (void)state;
    assert_true(pab__hash("", 0) == UINT64_C(0x2d06800538d394c2));
    assert_true(pab__hash("a", 1) == UINT64_C(0xe6c632b61e964e1f));
    assert_true(pab__hash("abc", 3) == UINT64_C(0x78af5f94892f3950));
}

static void mixing_depends_on_the_order(void **state)
{
    (void)state;
    assert_true(pab__hash_mix(1, 2) != pab__hash_mix(2, 1));
    assert_true(pab__hash_mix(1, 2) == pab__hash_mix(1, 2));
}

static void long_inputs_hash_alike_by_wide_vectors(void **state)
{
    (void)state;
    static unsigned char bytes[20008];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 131 >> 3);
    for (size_t len = 0; len + 7 < sizeof bytes; len += len < 600 ? 1 : 997)
        assert_true(pab__hash_long(bytes + len % 7, len) == pab__hash(bytes + len % 7, len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_inputs_have_known_hashes),
        cmocka_unit_test(mixing_depends_on_the_order),
        cmocka_unit_test(long_inputs_hash_alike_by_wide_vectors),
    };
    return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
