/* Reading times of files. */
#include "base/stamp.h"

#include <string.h>

#include "base/csv.h"
#include "base/number.h"
#include "base/units.h"

#define DAY (86400 * PAB__SECOND)

/* Exactly `n` digits, which are passed. */
static int digits(const char **at, int n, int64_t *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return 0;
        *out = *out * 10 + (**at - '0');
    }
    return 1;
}

/* Days from 1970-01-01 in the Gregorian calendar; -1 for no such day from 1970 to 2262. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1970 || year > 2261 || month < 1 || month > 12)
        return -1;
    int64_t leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0, y = year - 1;
    if (day < 1 || day > lengths[month - 1] + (month == 2 ? leap : 0))
        return -1;
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400 - 719162 + day - 1;
    for (int64_t m = 1; m < month; m++)
        days += lengths[m - 1] + (m == 2 ? leap : 0);
    return days;
}

static int read_date(const char **at, int64_t *days)
{
    int64_t year, month, day;
    if (!digits(at, 4, &year))
        return 0;
    char separator = **at == '-' || **at == '/' ? *(*at)++ : '\0';
    if (!digits(at, 2, &month) || (separator && *(*at)++ != separator) || !digits(at, 2, &day))
        return 0;
    *days = days_of(year, month, day);
    return *days >= 0;
}

/* HH:MM[:SS[.fraction]], digits beyond the nanosecond cut. */
static int read_clock(const char **at, int64_t *out)
{
    int64_t hours, minutes, seconds = 0, fraction = 0, unit = PAB__SECOND;
    if (!digits(at, 2, &hours) || *(*at)++ != ':' || !digits(at, 2, &minutes))
        return 0;
    if (**at == ':') {
        ++*at;
        if (!digits(at, 2, &seconds))
            return 0;
    }
    if (**at == '.' || (**at == ',' && (*at)[1] >= '0' && (*at)[1] <= '9')) {
        for (++*at; **at >= '0' && **at <= '9'; ++*at, unit /= 10)
            fraction += unit > 1 ? (**at - '0') * (unit / 10) : 0;
    }
    *out = ((hours * 60 + minutes) * 60 + seconds) * PAB__SECOND + fraction;
    return hours < 24 && minutes < 60 && seconds < 60;
}

/* Z, UTC, GMT, +HH, +HHMM or +HH:MM, to the end of the text. */
static int read_zone(const char *at, pab__stamp *out)
{
    int64_t hours = 0, minutes = 0;
    at += *at == ' ';
    out->zoned = *at != '\0';
    if (*at == '\0' || strcmp(at, "Z") == 0 || strcmp(at, "z") == 0 || strcmp(at, "UTC") == 0 ||
        strcmp(at, "GMT") == 0)
        return 1;
    int sign = *at == '+' ? 1 : *at == '-' ? -1 : 0;
    at++;
    if (sign == 0 || !digits(&at, 2, &hours))
        return 0;
    at += *at == ':';
    if (*at != '\0' && !digits(&at, 2, &minutes))
        return 0;
    out->offset = sign * (hours * 60 + minutes) * 60 * PAB__SECOND;
    return *at == '\0' && hours < 24 && minutes < 60;
}

static int read_text(const char *text, pab__stamp *out)
{
    int64_t days, clock = 0;
    pab__stamp stamp = {0};
    if (!read_date(&text, &days))
        return -1;
    stamp.day = *text == '\0';
    if (!stamp.day) {
        if ((*text != ' ' && *text != 'T') || (text++, !read_clock(&text, &clock)) || !read_zone(text, &stamp))
            return -1;
    }
    stamp.ns = days * DAY + clock - stamp.offset;
    *out = stamp;
    return 0;
}

int pab__stamp_tell(const char *text, pab__stamp_form *out)
{
    pab__stamp stamp;
    int64_t whole;
    if (read_text(text, &stamp) == 0) {
        *out = (pab__stamp_form){.kind = PAB__STAMP_DATE};
        return 0;
    }
    if (pab__decimal_parse(text, 0, &whole) != 0 || whole < 100000000)
        return -1;
    *out = (pab__stamp_form){PAB__STAMP_COUNT, whole < 100000000000          ? 9
                                               : whole < 100000000000000     ? 6
                                               : whole < 100000000000000000 ? 3
                                                                             : 0};
    return 0;
}

int pab__stamp_read(const char *text, const pab__stamp_form *form, pab__stamp *out)
{
    if (form->kind == PAB__STAMP_DATE)
        return read_text(text, out);
    *out = (pab__stamp){0};
    return pab__decimal_parse(text, form->decimals, &out->ns);
}

const char *pab__stamp_name(const pab__stamp_form *form)
{
    return form->kind == PAB__STAMP_DATE ? "dates"
           : form->decimals == 9        ? "counts of s since 1970"
           : form->decimals == 6        ? "counts of ms since 1970"
           : form->decimals == 3        ? "counts of us since 1970"
                                        : "counts of ns since 1970";
}

/* ".5", without zeros at the end; nothing for 0. */
static int put_fraction(char *out, int64_t ns)
{
    int len = 0;
    if (ns > 0)
        len = pab__format(out, 11, ".%09d", (int)ns);
    while (len > 0 && out[len - 1] == '0')
        out[--len] = '\0';
    return len;
}

const char *pab__stamp_text(int64_t ns, char out[PAB__STAMP_TEXT])
{
    int64_t clock = (ns % DAY + DAY) % DAY, days = ns / DAY - (ns % DAY < 0), rest = clock / PAB__SECOND, year = 1970;
    int len = 0;
    while (days > 0 && days_of(year + 1, 1, 1) >= 0 && days_of(year + 1, 1, 1) <= days)
        year++;
    int64_t month = 1;
    while (days > 0 && month < 12 && days_of(year, month + 1, 1) <= days)
        month++;
    if (days > 0)
        len = pab__format(out, PAB__STAMP_TEXT, "%04d-%02d-%02d ", (int)year, (int)month,
                          (int)(days - days_of(year, month, 1)) + 1);
    len += pab__format(out + len, (size_t)(PAB__STAMP_TEXT - len), "%02d:%02d:%02d", (int)(rest / 3600),
                       (int)(rest / 60 % 60), (int)(rest % 60));
    put_fraction(out + len, clock % PAB__SECOND);
    return out;
}

pab__stamp_words pab__stamp_time(int64_t ns)
{
    pab__stamp_words words;
    pab__stamp_text(ns, words.text);
    return words;
}

pab__stamp_words pab__stamp_span(int64_t ns)
{
    pab__stamp_words words;
    if (ns != 0 && ns > -1000000 && ns < 1000000) {
        pab__format(words.text, sizeof words.text, "%d ns", (int)ns);
        return words;
    }
    int64_t rest = ns % PAB__SECOND;
    int len = pab__format(words.text, sizeof words.text, "%s%lld", ns < 0 && ns > -PAB__SECOND ? "-" : "",
                          (long long)(ns / PAB__SECOND));
    len += put_fraction(words.text + len, rest < 0 ? -rest : rest);
    pab__format(words.text + len, sizeof words.text - (size_t)len, " s");
    return words;
}
