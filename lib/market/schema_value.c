/* Text to values: numbers, durations, clock times, choices. Exact, and independent of the program's locale. */
#include <locale.h>

#include "market/schema.h"

#include "base/hash.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define DAY (86400 * SECOND)

enum { READ_OK = 0, READ_TYPE = 1, READ_RANGE = 2 };

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from *at on; advances it. */
static int read_digits(const char **at, int64_t *out)
{
    int64_t value = 0;
    int range = READ_OK;
    if (!is_digit(**at))
        return READ_TYPE;
    for (; is_digit(**at); (*at)++) {
        int digit = **at - '0';
        if (value > (INT64_MAX - digit) / 10)
            range = READ_RANGE;
        else
            value = value * 10 + digit;
    }
    *out = value;
    return range;
}

static int read_int(const char *text, int64_t *out)
{
    int negative = *text == '-';
    text += negative;
    int64_t value = 0;
    int result = read_digits(&text, &value);
    if (*text != '\0')
        return READ_TYPE;
    *out = negative ? -value : value;
    return result;
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
        return READ_RANGE;
    if (!is_real(text))
        return READ_TYPE;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0)
        return READ_RANGE;
    locale_t old = uselocale(plain);
    int before = errno;
    errno = 0;
    double value = strtod(text, NULL);
    int lost = errno == ERANGE;
    errno = before;
    uselocale(old);
    freelocale(plain);
    if (lost || !isfinite(value))
        return READ_RANGE;
    *out = value;
    return READ_OK;
}

static int64_t unit_of(const char *suffix)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", SECOND}, {"min", 60 * SECOND}, {"h", 3600 * SECOND}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(suffix, units[i].name) == 0)
            return units[i].ns;
    }
    return 0;
}

/* whole + digits/10^n units as ns; READ_RANGE unless that is a whole number that fits. */
static int scale(int64_t whole, const char *digits, size_t n, int64_t unit, int64_t *out)
{
    while (n > 0 && digits[n - 1] == '0')
        n--;
    if (n > 15)
        return READ_RANGE;
    int64_t part = 0, power = 1, step = unit;
    for (size_t i = 0; i < n; i++) {
        part = part * 10 + (digits[i] - '0');
        if (step % 10 == 0)
            step /= 10;
        else
            power *= 10;
    }
    if (part > INT64_MAX / step || part * step % power != 0)
        return READ_RANGE;
    part = part * step / power;
    if (whole > (INT64_MAX - part) / unit)
        return READ_RANGE;
    *out = whole * unit + part;
    return READ_OK;
}

static int read_duration(const char *text, int64_t *out)
{
    int negative = *text == '-';
    text += negative;
    int64_t value = 0;
    int result = read_digits(&text, &value);
    if (result == READ_TYPE)
        return READ_TYPE;
    const char *digits = text;
    size_t n = 0;
    if (*text == '.') {
        digits = ++text;
        while (is_digit(text[n]))
            n++;
        if (n == 0)
            return READ_TYPE;
        text += n;
    }
    int64_t unit = *text || n ? unit_of(text) : 1;
    if (unit == 0)
        return READ_TYPE;
    if (result == READ_OK)
        result = scale(value, digits, n, unit, &value);
    if (result == READ_OK)
        *out = negative ? -value : value;
    return result;
}

/* Exactly `n` digits and, unless 0, the character after them. */
static int read_field(const char **at, int n, char after, int64_t *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (!is_digit(**at))
            return 0;
        *out = *out * 10 + (**at - '0');
    }
    if (after && *(*at)++ != after)
        return 0;
    return 1;
}

/* Days from 1970-01-01 in the Gregorian calendar. */
static int64_t days_from(int64_t year, int64_t month, int64_t day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int64_t y = year - 1;
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400 + before[month - 1] + (month > 2 ? leap : 0) + day - 1;
    return days - 719162;
}

static int read_date(const char *text, int64_t *out)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day;
    if (!read_field(&text, 4, '-', &year) || !read_field(&text, 2, '-', &month) || !read_field(&text, 2, 0, &day) ||
        *text)
        return READ_TYPE;
    if (year < 1970 || year > 2200 || month < 1 || month > 12)
        return READ_RANGE;
    int64_t leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day < 1 || day > lengths[month - 1] + (month == 2 ? leap : 0))
        return READ_RANGE;
    *out = days_from(year, month, day) * DAY;
    return READ_OK;
}

/* HH:MM[:SS[.fraction]] */
static int read_clock(const char *text, int64_t *out)
{
    int64_t hours, minutes, seconds = 0, fraction = 0;
    if (!read_field(&text, 2, ':', &hours) || !read_field(&text, 2, 0, &minutes))
        return READ_TYPE;
    if (*text == ':' && (text++, !read_field(&text, 2, 0, &seconds)))
        return READ_TYPE;
    if (*text == '.') {
        size_t n = strspn(++text, "0123456789");
        if (n == 0 || text[n])
            return READ_TYPE;
        if (scale(0, text, n, SECOND, &fraction) != READ_OK)
            return READ_RANGE;
        text += n;
    }
    if (*text)
        return READ_TYPE;
    if (hours > 24 || minutes > 59 || seconds > 59)
        return READ_RANGE;
    *out = ((hours * 60 + minutes) * 60 + seconds) * SECOND + fraction;
    return *out <= DAY ? READ_OK : READ_RANGE;
}

/* "open", "close", each with "+ duration" or "- duration". */
static int read_relative(const char *text, const pab__times *times, int64_t *out)
{
    int open = strncmp(text, "open", 4) == 0;
    if (!open && strncmp(text, "close", 5) != 0)
        return READ_TYPE;
    text += open ? 4 : 5;
    if (!(times->known & (open ? PAB__KNOWS_OPEN : PAB__KNOWS_CLOSE)))
        return READ_TYPE;
    int64_t base = open ? times->open : times->close, delta = 0;
    text += strspn(text, " ");
    if (*text) {
        int sign = *text == '+' ? 1 : *text == '-' ? -1 : 0;
        if (!sign)
            return READ_TYPE;
        text += 1 + strspn(text + 1, " ");
        int result = *text == '-' ? READ_TYPE : read_duration(text, &delta);
        if (result != READ_OK)
            return result;
        delta *= sign;
    }
    if (delta > 0 && base > INT64_MAX - delta)
        return READ_RANGE;
    *out = base + delta;
    return READ_OK;
}

static int read_time(const char *text, const pab__times *times, int64_t *out)
{
    int result = read_int(text, out);
    if (result == READ_OK && *out < 0)
        return READ_RANGE;
    if (result != READ_TYPE)
        return result;
    result = read_relative(text, times, out);
    if (result == READ_TYPE)
        result = read_date(text, out);
    if (result != READ_TYPE)
        return result;
    result = read_clock(text, out);
    if (result != READ_OK)
        return result;
    if (!(times->known & PAB__KNOWS_DATE))
        return READ_TYPE;
    if (times->date > INT64_MAX - *out)
        return READ_RANGE;
    *out += times->date;
    return READ_OK;
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
            return READ_OK;
        }
        at = bar ? bar + 1 : NULL;
    }
    return READ_TYPE;
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
        return READ_TYPE;
    if (len >= PAB_PARAM_TEXT_SIZE)
        return READ_RANGE;
    memset(out, 0, PAB_PARAM_TEXT_SIZE);
    memcpy(out, text, len);
    return READ_OK;
}

static const char *expectation(const pab_param *row)
{
    switch (row->type) {
    case PAB_PARAM_INT: return "a whole number";
    case PAB_PARAM_REAL: return "a finite number";
    case PAB_PARAM_BOOL: return "true or false";
    case PAB_PARAM_DURATION: return "a duration: 50ns, 2ms, 60s, 1.5h, or whole ns";
    case PAB_PARAM_TIME: return "a time: 09:30:00, open + 5min, close - 1s, a date YYYY-MM-DD, or ns since 1970";
    case PAB_PARAM_CHOICE: return row->choices;
    default: return "one line of text of at most 255 bytes";
    }
}

static pab_status bad(const pab_param *row, const pab__node *node, const char *path, int result)
{
    if (result == READ_TYPE)
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
    return value >= row->min && value <= row->max ? READ_OK : READ_RANGE;
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
    int result = READ_TYPE;
    switch (row->type) {
    case PAB_PARAM_INT:
        result = read_int(text, &out->i);
        return result == READ_OK ? within(row, (double)out->i) : result;
    case PAB_PARAM_REAL:
        result = read_real(text, &out->d);
        return result == READ_OK ? within(row, out->d) : result;
    case PAB_PARAM_DURATION:
        result = read_duration(text, &out->i);
        return result == READ_OK ? within(row, (double)out->i) : result;
    case PAB_PARAM_BOOL:
        return read_choice(text, "false|true", &out->n);
    case PAB_PARAM_TIME:
        return read_time(text, times, &out->i);
    case PAB_PARAM_CHOICE:
        return read_choice(text, row->choices, &out->n);
    default:
        return read_text(text, out->text);
    }
}

uint32_t pab__value_size(int32_t type)
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

pab_status pab__value_read(const pab_param *row, const pab__node *node, const char *path, const pab__times *times,
                           void *record)
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
    if (result != READ_OK)
        return bad(row, node, path, result);
    memcpy((unsigned char *)record + row->offset, &value, pab__value_size(row->type));
    return PAB_OK;
}

uint64_t pab__rows_hash(const pab_param *rows, uint32_t count, const void *record, uint64_t seed)
{
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *at = (const unsigned char *)record + rows[i].offset;
        double zero = 0;
        if (rows[i].type == PAB_PARAM_REAL && memcmp(at, &(double){-0.0}, sizeof zero) == 0)
            at = (const unsigned char *)&zero;
        seed = pab__hash_mix(seed, pab__hash(rows[i].key, strlen(rows[i].key)));
        seed = pab__hash_mix(seed, pab__hash(at, pab__value_size(rows[i].type)));
    }
    return seed;
}
