/* Frames: a sealed one opens, a damaged one is refused, whatever the damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/frame.h"

static const pab__file_kind kind = {.kind = {'T', 'E', 'S', 'T'}, .version = 3, .what = "a test file"};

#define PAYLOAD 37
#define WHOLE (PAYLOAD + PAB__FRAME_SIZE)

static void make_frame(unsigned char *buf)
{
    for (size_t i = 0; i < PAYLOAD; i++)
        buf[PAB__FRAME_SIZE - 8 + i] = (unsigned char)(i * 7);
    pab__frame_seal(&kind, buf, PAYLOAD);
}

static pab_status open_frame(const pab__file_kind *as, const void *buf, size_t len)
{
    const void *payload = NULL;
    size_t payload_len = 99;
    pab_status status = pab__frame_open(as, buf, len, "some.pab", &payload, &payload_len);
    if (status != PAB_OK) {
        assert_null(payload);
        assert_int_equal(payload_len, 99);
    }
    return status;
}

static void a_sealed_frame_opens(void **state)
{
    (void)state;
    unsigned char buf[WHOLE];
    const void *payload;
    size_t payload_len;
    make_frame(buf);
    assert_int_equal(pab__frame_open(&kind, buf, WHOLE, "some.pab", &payload, &payload_len), PAB_OK);
    assert_ptr_equal(payload, buf + PAB__FRAME_SIZE - 8);
    assert_int_equal(payload_len, PAYLOAD);
}

static void the_layout_is_little_endian_and_fixed(void **state)
{
    (void)state;
    static const unsigned char head[32] = {'P', 'A', 'I', 'R', 'S', 'A', 'B', 'I', 'T', 'E', 'S', 'T', 3, 0, 0, 0,
                                           0,   0,   0,   0,   0,   0,   0,   0,   37,  0,   0,   0,   0, 0, 0, 0};
    unsigned char buf[WHOLE];
    make_frame(buf);
    assert_memory_equal(buf, head, sizeof head);
}

static void an_empty_payload_is_a_frame_too(void **state)
{
    (void)state;
    unsigned char buf[PAB__FRAME_SIZE];
    pab__frame_seal(&kind, buf, 0);
    assert_int_equal(open_frame(&kind, buf, sizeof buf), PAB_OK);
}

static void truncation_at_every_byte_is_corrupt(void **state)
{
    (void)state;
    unsigned char buf[WHOLE + 1] = {0};
    make_frame(buf);
    for (size_t len = 0; len < WHOLE; len++)
        assert_int_equal(open_frame(&kind, buf, len), PAB_E_CORRUPT);
    assert_int_equal(open_frame(&kind, buf, WHOLE + 1), PAB_E_CORRUPT);
}

static void every_flipped_bit_is_refused(void **state)
{
    (void)state;
    unsigned char buf[WHOLE];
    make_frame(buf);
    for (size_t bit = 0; bit < WHOLE * 8; bit++) {
        buf[bit / 8] ^= (unsigned char)(1 << bit % 8);
        pab_status status = open_frame(&kind, buf, WHOLE);
        pab_status expected = bit < 12 * 8 ? PAB_E_KIND : PAB_E_CORRUPT;
        if (bit >= 12 * 8 && bit < 16 * 8 && status == PAB_E_VERSION)
            expected = PAB_E_VERSION; /* a flip upward looks like a newer format */
        assert_int_equal(status, expected);
        buf[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_int_equal(open_frame(&kind, buf, WHOLE), PAB_OK);
}

static void other_kinds_and_newer_versions_are_distinguished(void **state)
{
    (void)state;
    unsigned char buf[WHOLE];
    char text[200];
    pab__file_kind other = kind;
    make_frame(buf);
    other.kind[0] = 'B';
    assert_int_equal(open_frame(&other, buf, WHOLE), PAB_E_KIND);
    other = kind;
    other.version = 2;
    assert_int_equal(open_frame(&other, buf, WHOLE), PAB_E_VERSION);
    pab_last_error(text, sizeof text);
    assert_non_null(strstr(text, "some.pab"));
    other.version = 4;
    assert_int_equal(open_frame(&other, buf, WHOLE), PAB_OK);
    assert_int_equal(open_frame(&kind, "key: value", 10), PAB_E_KIND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_frame_opens),
        cmocka_unit_test(the_layout_is_little_endian_and_fixed),
        cmocka_unit_test(an_empty_payload_is_a_frame_too),
        cmocka_unit_test(truncation_at_every_byte_is_corrupt),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(other_kinds_and_newer_versions_are_distinguished),
    };
    return cmocka_run_group_tests_name("base/frame", tests, NULL, NULL);
}
