/* Whole numbers, durations, dates and clock times, in exact integer arithmetic; there and back. */
#include "scenario/notation.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define DAY (86400 * SECOND)

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from *at on; advances it. */
static int read_digits(const char **at, int64_t *out)
{
    int64_t value = 0;
    int range = PAB__NOTATION_OK;
    if (!is_digit(**at))
        return PAB__NOTATION_TYPE;
    for (; is_digit(**at); (*at)++) {
        int digit = **at - '0';
        if (value > (INT64_MAX - digit) / 10)
            range = PAB__NOTATION_RANGE;
        else
            value = value * 10 + digit;
    }
    *out = value;
    return range;
}

int pab__notation_int(const char *text, int64_t *out)
{
    int negative = *text == '-';
    text += negative;
    int64_t value = 0;
    int result = read_digits(&text, &value);
    if (*text != '\0')
        return PAB__NOTATION_TYPE;
    *out = negative ? -value : value;
    return result;
}

static const struct {
    const char *name;
    int64_t ns;
} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", SECOND}, {"min", 60 * SECOND}, {"h", 3600 * SECOND}};

static int64_t unit_of(const char *suffix)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(suffix, units[i].name) == 0)
            return units[i].ns;
    }
    return 0;
}

/* whole + digits/10^n units as ns; PAB__NOTATION_RANGE unless that is a whole number that fits. */
static int scale(int64_t whole, const char *digits, size_t n, int64_t unit, int64_t *out)
{
    while (n > 0 && digits[n - 1] == '0')
        n--;
    if (n > 15)
        return PAB__NOTATION_RANGE;
    int64_t part = 0, power = 1, step = unit;
    for (size_t i = 0; i < n; i++) {
        part = part * 10 + (digits[i] - '0');
        if (step % 10 == 0)
            step /= 10;
        else
            power *= 10;
    }
    if (part > INT64_MAX / step || part * step % power != 0)
        return PAB__NOTATION_RANGE;
    part = part * step / power;
    if (whole > (INT64_MAX - part) / unit)
        return PAB__NOTATION_RANGE;
    *out = whole * unit + part;
    return PAB__NOTATION_OK;
}

int pab__notation_duration(const char *text, int64_t *out)
{
    int negative = *text == '-';
    text += negative;
    int64_t value = 0;
    int result = read_digits(&text, &value);
    if (result == PAB__NOTATION_TYPE)
        return PAB__NOTATION_TYPE;
    const char *digits = text;
    size_t n = 0;
    if (*text == '.') {
        digits = ++text;
        while (is_digit(text[n]))
            n++;
        if (n == 0)
            return PAB__NOTATION_TYPE;
        text += n;
    }
    /* 0 is the same in every unit, and -1 stands for "as elsewhere". */
    int64_t unit = !*text && !n && (value == 0 || (value == 1 && negative)) ? 1 : unit_of(text);
    if (unit == 0)
        return PAB__NOTATION_TYPE;
    if (result == PAB__NOTATION_OK)
        result = scale(value, digits, n, unit, &value);
    if (result == PAB__NOTATION_OK)
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
        return PAB__NOTATION_TYPE;
    if (year < 1970 || year > 2200 || month < 1 || month > 12)
        return PAB__NOTATION_RANGE;
    int64_t leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day < 1 || day > lengths[month - 1] + (month == 2 ? leap : 0))
        return PAB__NOTATION_RANGE;
    *out = days_from(year, month, day) * DAY;
    return PAB__NOTATION_OK;
}

/* HH:MM[:SS[.fraction]] */
static int read_clock(const char *text, int64_t *out)
{
    int64_t hours, minutes, seconds = 0, fraction = 0;
    if (!read_field(&text, 2, ':', &hours) || !read_field(&text, 2, 0, &minutes))
        return PAB__NOTATION_TYPE;
    if (*text == ':' && (text++, !read_field(&text, 2, 0, &seconds)))
        return PAB__NOTATION_TYPE;
    if (*text == '.') {
        size_t n = strspn(++text, "0123456789");
        if (n == 0 || text[n])
            return PAB__NOTATION_TYPE;
        if (scale(0, text, n, SECOND, &fraction) != PAB__NOTATION_OK)
            return PAB__NOTATION_RANGE;
        text += n;
    }
    if (*text)
        return PAB__NOTATION_TYPE;
    if (hours > 24 || minutes > 59 || seconds > 59)
        return PAB__NOTATION_RANGE;
    *out = ((hours * 60 + minutes) * 60 + seconds) * SECOND + fraction;
    return *out <= DAY ? PAB__NOTATION_OK : PAB__NOTATION_RANGE;
}

/* "open", "close", each with "+ duration" or "- duration". */
static int read_relative(const char *text, const pab__times *times, int64_t *out)
{
    int open = strncmp(text, "open", 4) == 0;
    if (!open && strncmp(text, "close", 5) != 0)
        return PAB__NOTATION_TYPE;
    text += open ? 4 : 5;
    if (!(times->known & (open ? PAB__KNOWS_OPEN : PAB__KNOWS_CLOSE)))
        return PAB__NOTATION_TYPE;
    int64_t base = open ? times->open : times->close, delta = 0;
    text += strspn(text, " ");
    if (*text) {
        int sign = *text == '+' ? 1 : *text == '-' ? -1 : 0;
        if (!sign)
            return PAB__NOTATION_TYPE;
        text += 1 + strspn(text + 1, " ");
        int result = *text == '-' ? PAB__NOTATION_TYPE : pab__notation_duration(text, &delta);
        if (result != PAB__NOTATION_OK)
            return result;
        delta *= sign;
    }
    if (delta > 0 && base > INT64_MAX - delta)
        return PAB__NOTATION_RANGE;
    *out = base + delta;
    return PAB__NOTATION_OK;
}

/* 20210205, as ABIDES writes its dates. */
static int read_plain_date(const char *text, int64_t *out)
{
    char dashed[11];
    if (strlen(text) != 8 || strspn(text, "0123456789") != 8)
        return PAB__NOTATION_TYPE;
    snprintf(dashed, sizeof dashed, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    return read_date(dashed, out);
}

int pab__notation_time(const char *text, const pab__times *times, int64_t *out)
{
    if (!(times->known & PAB__KNOWS_DATE) && read_plain_date(text, out) == PAB__NOTATION_OK)
        return PAB__NOTATION_OK;
    int result = pab__notation_int(text, out);
    /* Nobody means a time in the first days of 1970 of a later day: it is a count of something else. */
    if (result == PAB__NOTATION_OK && (times->known & PAB__KNOWS_DATE) && times->date >= DAY && *out > 0 &&
        *out < times->date / 2)
        return PAB__NOTATION_RANGE;
    if (result == PAB__NOTATION_OK && *out < 0)
        return PAB__NOTATION_RANGE;
    if (result != PAB__NOTATION_TYPE)
        return result;
    result = read_relative(text, times, out);
    if (result == PAB__NOTATION_TYPE)
        result = read_date(text, out);
    if (result != PAB__NOTATION_TYPE)
        return result;
    result = read_clock(text, out);
    if (result != PAB__NOTATION_OK)
        return result;
    if (!(times->known & PAB__KNOWS_DATE))
        return PAB__NOTATION_TYPE;
    if (times->date > INT64_MAX - *out)
        return PAB__NOTATION_RANGE;
    *out += times->date;
    return PAB__NOTATION_OK;
}

void pab__notation_duration_text(int64_t ns, char out[PAB__NOTATION_SIZE])
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ns != 0 && ns % units[i].ns == 0)
            best = i;
    }
    snprintf(out, PAB__NOTATION_SIZE, "%lld%s", (long long)(ns / units[best].ns), units[best].name);
}

void pab__notation_time_text(int64_t ns, int64_t date, char out[PAB__NOTATION_SIZE])
{
    int64_t t = ns - date;
    if (date < 0 || date % DAY != 0 || t < 0 || t >= DAY || t % SECOND != 0) {
        snprintf(out, PAB__NOTATION_SIZE, "%lld", (long long)ns);
        return;
    }
    int seconds = (int)(t / SECOND);
    snprintf(out, PAB__NOTATION_SIZE, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void pab__notation_date_text(int64_t ns, char out[PAB__NOTATION_SIZE])
{
    int64_t year = 1970, month = 1;
    int64_t days = ns / DAY;
    if (ns < 0 || ns % DAY != 0 || days >= days_from(2201, 1, 1)) {
        snprintf(out, PAB__NOTATION_SIZE, "%lld", (long long)ns);
        return;
    }
    while (days_from(year + 1, 1, 1) <= days)
        year++;
    while (month < 12 && days_from(year, month + 1, 1) <= days)
        month++;
    snprintf(out, PAB__NOTATION_SIZE, "%04d-%02d-%02d", (int)year, (int)month,
             (int)(days - days_from(year, month, 1)) + 1);
}
