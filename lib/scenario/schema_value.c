/* Text to values: numbers, choices and text, independent of the program's locale. */
#include "scenario/notation.h"

#include "base/hash.h"
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_real(const char *t)
{
    int digits = 0;
    t += *t == '-' || *t == '+';
    for (; is_digit(*t); t++)
        digits++;
    if (*t == '.')
        t++;
    for (; is_digit(*t); t++)
        digits++;
    if (digits && (*t == 'e' || *t == 'E')) {
        t++;
        t += *t == '-' || *t == '+';
        if (!is_digit(*t))
            return 0;
        while (is_digit(*t))
            t++;
    }
    return digits && *t == '\0';
}

static int names_no_number(const char *t)
{
    t += *t == '-' || *t == '+';
    static const char *const words[] = {".nan", ".NaN", ".NAN", "nan", "NaN", "NAN", ".inf", ".Inf", ".INF", "inf",
                                        "Inf", "INF", "infinity", "Infinity"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(t, words[i]) == 0)
            return 1;
    }
    return 0;
}

static int read_real(const char *text, double *out)
{
    if (names_no_number(text))
        return PAB__NOTATION_RANGE;
    if (!is_real(text))
        return PAB__NOTATION_TYPE;
    int before = errno;
    errno = 0;
    double value = pab__real_parse(text, NULL);
    int lost = errno == ERANGE;
    errno = before;
    if (lost || !isfinite(value))
        return PAB__NOTATION_RANGE;
    *out = value;
    return PAB__NOTATION_OK;
}

static int read_choice(const char *text, const char *choices, int32_t *out)
{
    size_t len = strlen(text);
    int32_t index = 0;
    for (const char *at = choices; at; index++) {
        const char *bar = strchr(at, '|');
        size_t n = bar ? (size_t)(bar - at) : strlen(at);
        if (n == len && memcmp(at, text, n) == 0) {
            *out = index;
            return PAB__NOTATION_OK;
        }
        at = bar ? bar + 1 : NULL;
    }
    return PAB__NOTATION_TYPE;
}

/* The next code point of UTF-8 text, 0 if malformed. */
static uint32_t next_code(const unsigned char **at)
{
    const unsigned char *t = *at;
    uint32_t extra = t[0] < 0x80 ? 0 : t[0] >= 0xF0 ? 3 : t[0] >= 0xE0 ? 2 : 1;
    if ((t[0] >= 0x80 && t[0] < 0xC2) || t[0] > 0xF4)
        return 0;
    uint32_t code = extra == 0 ? t[0] : t[0] & (0x3Fu >> extra);
    for (uint32_t i = 1; i <= extra; i++) {
        if ((t[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (t[i] & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    *at = t + extra + 1;
    return code < least[extra] ? 0 : code;
}

/* Only characters that YAML can carry in one line. */
static int is_printable(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        uint32_t c = next_code(&at);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0xD800 && c < 0xE000) ||
            c == 0xFEFF || c == 0xFFFE || c == 0xFFFF || c > 0x10FFFF)
            return 0;
    }
    return 1;
}

static int read_text(const char *text, char *out)
{
    size_t len = strlen(text);
    if (!is_printable(text))
        return PAB__NOTATION_TYPE;
    if (len >= PAB_PARAM_TEXT_SIZE)
        return PAB__NOTATION_RANGE;
    memset(out, 0, PAB_PARAM_TEXT_SIZE);
    memcpy(out, text, len);
    return PAB__NOTATION_OK;
}

static const char *expectation(const pab_param *row)
{
    switch (row->type) {
    case PAB_PARAM_INT: return "a whole number";
    case PAB_PARAM_REAL: return "a finite number";
    case PAB_PARAM_BOOL: return "true or false";
    case PAB_PARAM_DURATION: return "a duration with its unit: 50ns, 2ms, 60s, 1.5h";
    case PAB_PARAM_TIME: return "a time: 09:30:00, open + 5min, close - 1s, a date YYYY-MM-DD, or ns since 1970";
    case PAB_PARAM_CHOICE: return row->choices;
    default: return "one line of text of at most 255 bytes";
    }
}

static pab_status bad(const pab_param *row, const pab__node *node, const char *path, int result)
{
    if (result == PAB__NOTATION_TYPE)
        return pab__node_fail(node, PAB_E_TYPE, "%s: '%.80s' is not usable, expected %s%s", path, node->text,
                              row->type == PAB_PARAM_CHOICE ? "one of " : "", expectation(row));
    if (row->type == PAB_PARAM_TEXT || row->type == PAB_PARAM_TIME)
        return pab__node_fail(node, PAB_E_RANGE, "%s: '%.80s' is out of range, expected %s", path, node->text,
                              expectation(row));
    return pab__node_fail(node, PAB_E_RANGE, "%s: %.80s is out of range, expected %s from %.15g to %.15g%s%s", path,
                          node->text, row->type == PAB_PARAM_DURATION ? "whole ns" : expectation(row), row->min,
                          row->max, *row->unit ? " " : "", row->unit);
}

static int within(const pab_param *row, double value)
{
    return value >= row->min && value <= row->max ? PAB__NOTATION_OK : PAB__NOTATION_RANGE;
}

/* The value of a scalar, in the object that its type asks for. */
typedef union slot {
    int64_t i;
    double d;
    int32_t n;
    char text[PAB_PARAM_TEXT_SIZE];
} slot;

static int read_slot(const pab_param *row, const char *text, const pab__times *times, slot *out)
{
    int result = PAB__NOTATION_TYPE;
    switch (row->type) {
    case PAB_PARAM_INT:
        result = pab__notation_int(text, &out->i);
        return result == PAB__NOTATION_OK ? within(row, (double)out->i) : result;
    case PAB_PARAM_REAL:
        result = read_real(text, &out->d);
        return result == PAB__NOTATION_OK ? within(row, out->d) : result;
    case PAB_PARAM_DURATION:
        result = pab__notation_duration(text, &out->i);
        return result == PAB__NOTATION_OK ? within(row, (double)out->i) : result;
    case PAB_PARAM_BOOL:
        return read_choice(text, "false|true", &out->n);
    case PAB_PARAM_TIME:
        return pab__notation_time(text, times, &out->i);
    case PAB_PARAM_CHOICE:
        return read_choice(text, row->choices, &out->n);
    default:
        return read_text(text, out->text);
    }
}

uint32_t pab__schema_value_size(int32_t type)
{
    switch (type) {
    case PAB_PARAM_INT:
    case PAB_PARAM_REAL:
    case PAB_PARAM_DURATION:
    case PAB_PARAM_TIME: return 8;
    case PAB_PARAM_BOOL:
    case PAB_PARAM_CHOICE: return 4;
    case PAB_PARAM_TEXT: return PAB_PARAM_TEXT_SIZE;
    default: return 0;
    }
}

pab_status pab__schema_read_value(const pab_param *row, const pab__node *node, const char *path,
                                  const pab__times *times, void *record)
{
    if (node->kind != PAB__NODE_SCALAR)
        return pab__node_fail(node, PAB_E_TYPE, "%s: %s found, expected %s%s", path,
                              node->kind == PAB__NODE_MAP ? "a section" : "a list",
                              row->type == PAB_PARAM_CHOICE ? "one of " : "", expectation(row));
    int number = row->type == PAB_PARAM_INT || row->type == PAB_PARAM_REAL || row->type == PAB_PARAM_BOOL;
    if (pab__node_is_null(node) || (number && node->quoted))
        return pab__node_fail(node, PAB_E_TYPE, "%s: %s%s%s found, expected %s%s", path, node->quoted ? "quoted '" : "",
                              node->quoted ? node->text : "nothing", node->quoted ? "'" : "",
                              row->type == PAB_PARAM_CHOICE ? "one of " : "", expectation(row));
    slot value;
    int result = read_slot(row, node->text, times, &value);
    if (result != PAB__NOTATION_OK)
        return bad(row, node, path, result);
    memcpy((unsigned char *)record + row->offset, &value, pab__schema_value_size(row->type));
    return PAB_OK;
}

uint64_t pab__schema_hash_rows(const pab_param *rows, uint32_t count, const void *record, uint64_t seed)
{
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *at = (const unsigned char *)record + rows[i].offset;
        double zero = 0;
        if (rows[i].type == PAB_PARAM_REAL && memcmp(at, &(double){-0.0}, sizeof zero) == 0)
            at = (const unsigned char *)&zero;
        seed = pab__hash_mix(seed, pab__hash(rows[i].key, strlen(rows[i].key)));
        seed = pab__hash_mix(seed, pab__hash(at, pab__schema_value_size(rows[i].type)));
    }
    return seed;
}
