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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_inputs_have_known_hashes),
        cmocka_unit_test(mixing_depends_on_the_order),
    };
    return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
