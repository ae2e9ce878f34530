/* The cache of MT19937 words is never state: whatever it holds, a generator's draws follow from its 24 bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/rng_mt.h"
#include "failing.h"

/* The published generator, plainly: the reference for everything here. */
typedef struct plain {
    uint32_t s[624];
    uint32_t at;
} plain;

static void plain_seed(plain *p, uint32_t seed)
{
    p->s[0] = seed;
    for (uint32_t i = 1; i < 624; i++)
        p->s[i] = UINT32_C(1812433253) * (p->s[i - 1] ^ (p->s[i - 1] >> 30)) + i;
    p->at = 624;
}

static uint32_t plain_word(plain *p)
{
    if (p->at == 624) {
        for (int i = 0; i < 624; i++) {
            uint32_t y = (p->s[i] & 0x80000000U) | (p->s[(i + 1) % 624] & 0x7fffffffU);
            p->s[i] = p->s[(i + 397) % 624] ^ (y >> 1) ^ (y % 2 ? 0x9908b0dfU : 0);
        }
        p->at = 0;
    }
    uint32_t y = p->s[p->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
}

#define LONG_RUN 5000

static uint32_t expected[LONG_RUN];

static void expect_seed(uint32_t seed)
{
    plain p;
    plain_seed(&p, seed);
    for (int i = 0; i < LONG_RUN; i++)
        expected[i] = plain_word(&p);
}

static void published_first_word(void **state)
{
    (void)state;
    expect_seed(5489);
    assert_true(expected[0] == 3499211612U);
}

static const uint32_t seeds[] = {0, 1, 5489, 999999, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xbfffffff,
                                 0xffffffff};

static void long_streams_are_exact(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__mt_cache *cache;
    assert_int_equal(pab__mt_cache_new(&host, 3, &cache), PAB_OK);
    for (size_t k = 0; k < sizeof seeds / sizeof *seeds; k++) {
        pab__rng rng;
        pab__rng_seed(&rng, seeds[k]);
        pab__draw d = {&rng, cache, (uint32_t)(k % 3)};
        expect_seed(seeds[k]);
        for (int i = 0; i < LONG_RUN; i++)
            assert_int_equal(pab__draw_word(&d), expected[i]);
        assert_int_equal(rng.words, LONG_RUN);
    }
    assert_int_equal(pab__mt_cache_memory(cache), f.bytes);
    pab__mt_cache_free(cache);
    assert_int_equal(f.bytes, 0);
}

static void any_position_can_be_asked_for_next(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__mt_cache *cache;
    pab__rng rng, other;
    uint32_t random = 1;
    assert_int_equal(pab__mt_cache_new(&host, 1, &cache), PAB_OK);
    pab__rng_seed(&rng, 77);
    pab__rng_seed(&other, 78);
    pab__draw d = {&rng, cache, 0};
    pab__draw stranger = {&other, cache, 0};
    expect_seed(77);
    for (int i = 0; i < 3000; i++) {
        random = random * 1664525U + 1013904223U;
        rng.words = (random >> 8) % LONG_RUN;
        assert_int_equal(pab__draw_peek(&d), expected[rng.words]);
        if (i % 7 == 0)
            (void)pab__draw_word(&stranger); /* the same owner with another seed */
    }
    for (int at = LONG_RUN - 1; at >= 0; at--) {
        rng.words = (uint64_t)at;
        assert_int_equal(pab__draw_peek(&d), expected[at]);
    }
    pab__mt_cache_free(cache);
}

static void a_copied_generator_draws_the_same_in_another_cache(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__mt_cache *here, *there;
    pab__rng rng, saved, moved;
    assert_int_equal(pab__mt_cache_new(&host, 1, &here), PAB_OK);
    assert_int_equal(pab__mt_cache_new(&host, 1, &there), PAB_OK);
    pab__rng_seed(&rng, 4242);
    pab__draw d = {&rng, here, 0};
    pab__draw e = {&moved, there, 0};
    for (int round = 0; round < 40; round++) {
        double first[90];
        saved = rng;
        for (int i = 0; i < 90; i++)
            first[i] = pab__draw_normal(&d, 0.0, 1.0);
        moved = saved;
        for (int i = 0; i < 90; i++)
            assert_true(pab__draw_normal(&e, 0.0, 1.0) == first[i]);
        assert_memory_equal(&moved, &rng, sizeof rng);
        rng = saved;
        for (int i = 0; i < 45; i++)
            assert_true(pab__draw_normal(&d, 0.0, 1.0) == first[i]);
    }
    pab__mt_cache_free(here);
    pab__mt_cache_free(there);
    assert_int_equal(f.bytes, 0);
}

static void windows_made_side_by_side_equal_those_made_alone(void **state)
{
    (void)state;
    enum { MANY = 300 };
    static uint32_t many[MANY], words[MANY][PAB__MT_WINDOW];
    for (uint32_t i = 0; i < MANY; i++)
        many[i] = i < sizeof seeds / sizeof *seeds ? seeds[i] : i * 2654435761U;
    for (size_t count = 0; count <= MANY; count += count < 140 ? 1 : 53) {
        memset(words, 0, sizeof words);
        pab__mt_windows(many, count, words);
        for (size_t i = 0; i < MANY; i++) {
            uint32_t alone[PAB__MT_WINDOW] = {0};
            if (i < count)
                pab__mt_window(many[i], alone);
            assert_memory_equal(words[i], alone, sizeof alone);
        }
    }
    pab__mt_windows(many, MANY, words);
    for (int i = 0; i < MANY; i++) {
        expect_seed(many[i]);
        assert_memory_equal(words[i], expected, sizeof words[i]);
    }
}

/* The shortened chain guesses two bits; a seed is needed for which the guess fails. */
static void seeds_whose_chain_is_guessed_wrong_are_exact(void **state)
{
    (void)state;
    static const uint32_t inverse = 2520285293U; /* of the multiplier, mod 2^32 */
    assert_int_equal(inverse * 1812433253U, 1);
    int missed = 0;
    for (uint32_t bits = 1; bits < 4; bits++) {
        /* Chosen so that key 1 = u + 1 crosses into the next quarter. */
        uint32_t mixed = ((bits << 30) - 1) * inverse;
        uint32_t seed = mixed ^ (mixed >> 30);
        uint32_t words[PAB__MT_WINDOW];
        missed += 1812433253U * (seed ^ (seed >> 30)) == (bits << 30) - 1;
        expect_seed(seed);
        pab__mt_window(seed, words);
        assert_memory_equal(words, expected, sizeof words);
    }
    assert_int_equal(missed, 3);
}

static void priming_changes_no_draw(void **state)
{
    (void)state;
    enum { OWNERS = 150 };
    failing f;
    pab_host host = failing_host(&f, -1, 0);
    pab__mt_cache *lazy, *primed;
    uint32_t some[OWNERS];
    assert_int_equal(pab__mt_cache_new(&host, OWNERS, &lazy), PAB_OK);
    assert_int_equal(pab__mt_cache_new(&host, OWNERS, &primed), PAB_OK);
    for (uint32_t i = 0; i < OWNERS; i++)
        some[i] = i * 40503U + 9;
    pab__mt_cache_prime(primed, 3, OWNERS - 3, some + 3);
    for (uint32_t i = 0; i < OWNERS; i++) {
        pab__rng a, b;
        pab__rng_seed(&a, some[i]);
        b = a;
        pab__draw one = {&a, lazy, i};
        pab__draw two = {&b, primed, i};
        for (int k = 0; k < 20; k++)
            assert_int_equal(pab__draw_word(&one), pab__draw_word(&two));
    }
    pab__mt_cache_free(lazy);
    pab__mt_cache_free(primed);
}

static void without_memory_draws_are_slower_but_the_same(void **state)
{
    (void)state;
    failing f;
    pab_host host = failing_host(&f, 5, 1);
    pab__mt_cache *cache;
    assert_int_equal(pab__mt_cache_new(&host, 2, &cache), PAB_OK);
    assert_int_equal(f.seen, 5);
    pab__rng rng[2];
    plain p[2];
    for (uint32_t k = 0; k < 2; k++) {
        pab__rng_seed(&rng[k], k);
        plain_seed(&p[k], k);
    }
    for (int i = 0; i < 2000; i++)
        for (uint32_t k = 0; k < 2; k++) {
            pab__draw d = {&rng[k], cache, k};
            assert_int_equal(pab__draw_word(&d), plain_word(&p[k]));
        }
    pab__mt_cache_free(cache);
    assert_int_equal(f.blocks, 0);
}

static void a_cache_without_memory_is_not_made(void **state)
{
    (void)state;
    for (int sticky = 0; sticky < 2; sticky++)
        for (int64_t passes = 0; passes < 5; passes++) {
            failing f;
            pab_host host = failing_host(&f, passes, sticky);
            pab__mt_cache *cache = NULL;
            assert_int_equal(pab__mt_cache_new(&host, 10, &cache), PAB_E_MEMORY);
            assert_null(cache);
            assert_int_equal(f.blocks, 0);
            assert_int_equal(f.bytes, 0);
        }
    pab__mt_cache_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_first_word),
        cmocka_unit_test(long_streams_are_exact),
        cmocka_unit_test(any_position_can_be_asked_for_next),
        cmocka_unit_test(a_copied_generator_draws_the_same_in_another_cache),
        cmocka_unit_test(windows_made_side_by_side_equal_those_made_alone),
        cmocka_unit_test(seeds_whose_chain_is_guessed_wrong_are_exact),
        cmocka_unit_test(priming_changes_no_draw),
        cmocka_unit_test(without_memory_draws_are_slower_but_the_same),
        cmocka_unit_test(a_cache_without_memory_is_not_made),
    };
    return cmocka_run_group_tests_name("base/rng_cache", tests, NULL, NULL);
}
