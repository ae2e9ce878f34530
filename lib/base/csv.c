/* Comma-separated files: lines through zlib, which reads plain files as they are, cut into fields in place. */
#include "base/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/number.h"

#define BUFFER_SIZE ((size_t)1 << 17) /* also the longest line */

pab_status pab__csv_fail(const pab__csv *csv, pab_status code, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    pab__format_list(text, sizeof text, format, args);
    va_end(args);
    return pab__fail(code, "%s:%llu: %s", csv->path, (unsigned long long)csv->line, text);
}

pab_status pab__csv_open(const pab_host *host, const char *path, pab__csv *out)
{
    pab__csv csv = {.host = host, .path = path};
    int fd = -1;
    pab_status status = pab__file_open(path, &fd);
    if (status != PAB_OK)
        return status;
    csv.buf = pab__alloc(host, BUFFER_SIZE);
    csv.file = csv.buf ? gzdopen(fd, "rb") : NULL;
    if (!csv.file) {
        close(fd);
        pab__release(host, csv.buf, BUFFER_SIZE);
        return pab__fail(PAB_E_MEMORY, "no memory for reading '%s'", path);
    }
    *out = csv;
    return PAB_OK;
}

void pab__csv_close(pab__csv *csv)
{
    if (csv->file)
        gzclose(csv->file);
    pab__release(csv->host, csv->buf, BUFFER_SIZE);
    csv->file = NULL;
    csv->buf = NULL;
}

/* Moves what is left to the front and reads on behind it; *got is 0 at the end of the file. */
static pab_status refill(pab__csv *csv, int *got)
{
    memmove(csv->buf, csv->buf + csv->start, csv->end - csv->start);
    csv->end -= csv->start;
    csv->start = 0;
    if (csv->end + 1 >= BUFFER_SIZE)
        return pab__fail(PAB_E_RANGE, "%s:%llu: the line is longer than %zu bytes", csv->path,
                         (unsigned long long)csv->line + 1, BUFFER_SIZE - 2);
    errno = 0;
    *got = gzread(csv->file, csv->buf + csv->end, (unsigned)(BUFFER_SIZE - 1 - csv->end));
    int code = Z_OK;
    const char *text = gzerror(csv->file, &code);
    if (*got < 0 || (*got == 0 && code != Z_OK && code != Z_STREAM_END)) {
        if (code == Z_ERRNO)
            return pab__fail(PAB_E_IO, "cannot read '%s': %s", csv->path, strerror(errno));
        if (code == Z_MEM_ERROR)
            return pab__fail(PAB_E_MEMORY, "no memory for reading '%s'", csv->path);
        return pab__fail(PAB_E_CORRUPT, "%s: %s", csv->path,
                         code == Z_BUF_ERROR ? "the compressed data is truncated" : text);
    }
    csv->end += (size_t)*got;
    return PAB_OK;
}

/* The next line, terminated; NULL past the last. */
static pab_status next_line(pab__csv *csv, char **line, size_t *len)
{
    size_t looked = 0;
    for (;;) {
        char *from = csv->buf + csv->start;
        char *newline = memchr(from + looked, '\n', csv->end - csv->start - looked);
        looked = csv->end - csv->start;
        int got = 0;
        if (!newline) {
            pab_status status = refill(csv, &got);
            if (status != PAB_OK)
                return status;
            from = csv->buf + csv->start;
        }
        if (!newline && got > 0)
            continue;
        *len = newline ? (size_t)(newline - from) : csv->end - csv->start;
        *line = newline || *len > 0 ? from : NULL;
        from[*len] = '\0';
        csv->start += *len + (newline != NULL);
        csv->line++;
        return PAB_OK;
    }
}

/* Files that are no text, by how they begin. */
static pab_status check_start(const pab__csv *csv, char **line, size_t *len)
{
    static const struct {
        const char *bytes, *what;
        size_t len;
    } known[] = {
        {"PK\003\004", "a zip archive or a workbook", 4}, {"\xfd" "7zXZ", "xz data", 5},
        {"\x28\xb5\x2f\xfd", "zstd data", 4},           {"BZh", "bzip2 data", 3},
        {"PAR1", "a Parquet file", 4},                   {"\xff\xfe", "UTF-16 text", 2},
        {"\xfe\xff", "UTF-16 text", 2},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (*len >= known[i].len && memcmp(*line, known[i].bytes, known[i].len) == 0)
            return pab__fail(PAB_E_SYNTAX, "%s: it is %s; expected CSV in UTF-8, plain or gzip", csv->path,
                             known[i].what);
    if (*len >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0) {
        *line += 3;
        *len -= 3;
    }
    return PAB_OK;
}

/* The character that parts most fields, outside of quotes. */
static char tell_separator(const char *line)
{
    static const char candidates[] = ",;\t|";
    size_t count[sizeof candidates] = {0}, best = 0;
    for (int quoted = 0; *line; line++) {
        quoted ^= *line == '"';
        const char *found = quoted ? NULL : strchr(candidates, *line);
        if (found)
            count[found - candidates]++;
    }
    for (size_t i = 1; i + 1 < sizeof candidates; i++)
        best = count[i] > count[best] ? i : best;
    return candidates[best];
}

static int is_space(const pab__csv *csv, char c)
{
    return (c == ' ' || c == '\t') && c != csv->separator;
}

/* Takes the quotes off a field in place; *end is what follows it. */
static pab_status unquote(const pab__csv *csv, char *field, char **end)
{
    char *to = field, *from = field + 1;
    for (; *from && !(from[0] == '"' && from[1] != '"'); from++) {
        from += from[0] == '"';
        *to++ = *from;
    }
    if (!*from)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "a quoted field does not end on its line");
    from++;
    while (is_space(csv, *from))
        from++;
    if (*from && *from != csv->separator)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "'%.20s' follows a quoted field; expected '%c' or the line's end", from,
                             csv->separator);
    *end = from;
    *to = '\0';
    return PAB_OK;
}

/* Cuts the line up; fields lose the spaces around them. */
static pab_status split(pab__csv *csv, char *line)
{
    for (csv->count = 0; line; csv->count++) {
        if (csv->count == PAB__CSV_FIELDS)
            return pab__csv_fail(csv, PAB_E_RANGE, "the line has more than %d fields", PAB__CSV_FIELDS);
        while (is_space(csv, *line))
            line++;
        char *field = line, *end = line + strcspn(line, (const char[]){csv->separator, '\0'});
        int quoted = *field == '"';
        if (quoted) {
            pab_status status = unquote(csv, field, &end);
            if (status != PAB_OK)
                return status;
        }
        csv->field[csv->count] = field;
        line = *end ? end + 1 : NULL;
        *end = '\0';
        while (!quoted && end > field && is_space(csv, end[-1]))
            *--end = '\0';
    }
    return PAB_OK;
}

static int is_blank(const pab__csv *csv)
{
    for (uint32_t i = 0; i < csv->count; i++)
        if (csv->field[i][0] != '\0')
            return 0;
    return 1;
}

pab_status pab__csv_next(pab__csv *csv, int *more)
{
    do {
        char *line = NULL;
        size_t len = 0;
        pab_status status = next_line(csv, &line, &len);
        if (status != PAB_OK)
            return status;
        *more = line != NULL;
        if (!line)
            return PAB_OK;
        if (csv->line == 1 && (status = check_start(csv, &line, &len)) != PAB_OK)
            return status;
        if (memchr(line, '\0', len))
            return pab__csv_fail(csv, PAB_E_SYNTAX, "the line has a zero byte; expected text");
        if (len > 0 && line[len - 1] == '\r')
            line[--len] = '\0';
        if (memchr(line, '\r', len))
            return pab__csv_fail(csv, PAB_E_SYNTAX, "a carriage return within the line; expected LF or CR LF at "
                                 "its end");
        if (csv->separator == '\0' && line[strspn(line, " \t")] != '\0')
            csv->separator = tell_separator(line);
        if ((status = split(csv, line)) != PAB_OK)
            return status;
        csv->blank += (uint64_t)is_blank(csv);
    } while (is_blank(csv));
    return PAB_OK;
}

static char fold(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == ' ' || c == '-' || c == '.' ? '_' : c;
}

/* How much of `text` the name is: its length, or 0 when it does not begin so. */
static size_t begins(const char *text, const char *name)
{
    size_t n = 0;
    for (; name[n]; n++)
        if (fold(text[n]) != fold(name[n]))
            return 0;
    return n;
}

uint32_t pab__csv_column(const pab__csv *csv, const char *prefix, const char *name)
{
    for (uint32_t i = 0; i < csv->count; i++) {
        const char *field = csv->field[i];
        if (prefix) {
            size_t skip = begins(field, prefix);
            if (skip == 0 || fold(field[skip]) != '_')
                continue;
            field += skip + 1;
        }
        size_t len = begins(field, name);
        if (len > 0 && field[len] == '\0')
            return i;
    }
    return PAB__CSV_NONE;
}

void pab__csv_show(const pab__csv *csv, char *buf, size_t cap)
{
    size_t len = 0;
    buf[0] = '\0';
    for (uint32_t i = 0; i < csv->count && len + 1 < cap; i++) {
        int n = pab__format(buf + len, cap - len, "%s%.24s", i > 0 ? ", " : "", csv->field[i]);
        len += n > 0 ? (size_t)n : 0;
    }
    for (char *at = buf; *at; at++)
        *at = (unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at;
    if (len >= cap && cap > 4)
        memcpy(buf + cap - 4, "...", 4);
}

int pab__csv_missing(const char *text)
{
    static const char *const words[] = {"nan", "null", "none", "na", "n/a", "#n/a", "<na>", "nat", "nil", "-"};
    if (*text == '\0')
        return 1;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = 0;
        while (words[i][n] && (text[n] == words[i][n] || fold(text[n]) == words[i][n]))
            n++;
        if (!words[i][n] && !text[n])
            return 1;
    }
    return 0;
}

/* The digits of a number, with what power of ten they count. */
typedef struct digits {
    uint64_t value; /* of the first 19 */
    int power, count, negative;
} digits;

static int read_exponent(const char *p, int *out)
{
    int negative = *p == '-', value = 0, count = 0;
    p += *p == '-' || *p == '+';
    for (; *p >= '0' && *p <= '9'; p++, count++)
        value = value < 10000 ? value * 10 + (*p - '0') : value;
    *out = negative ? -value : value;
    return *p == '\0' && count > 0 ? 0 : -1;
}

static int read_digits(const char *p, digits *d)
{
    int point = 0, kept = 0, exponent = 0;
    d->negative = *p == '-';
    p += *p == '-' || *p == '+';
    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
        if (*p == '.') {
            point = 1;
            continue;
        }
        d->count++;
        if (kept < 19) {
            d->value = d->value * 10 + (uint64_t)(*p - '0');
            kept += d->value > 0;
            d->power -= point;
        } else {
            d->power += !point;
        }
    }
    if (d->count == 0 || ((*p == 'e' || *p == 'E') ? read_exponent(p + 1, &exponent) != 0 : *p != '\0'))
        return -1;
    d->power += exponent;
    return 0;
}

int pab__decimal_parse(const char *text, int decimals, int64_t *out)
{
    digits d = {0};
    if (read_digits(text, &d) != 0)
        return -1;
    int power = d.power + decimals;
    for (; power > 0 && d.value > 0; power--) {
        if (d.value > INT64_MAX / 10)
            return -1;
        d.value *= 10;
    }
    int up = 0; /* the digit cut last rounds half away from zero */
    for (; power < 0 && (d.value > 0 || up); power++) {
        up = d.value % 10 >= 5;
        d.value /= 10;
    }
    d.value += (uint64_t)up;
    if (d.value > INT64_MAX)
        return -1;
    *out = d.negative ? -(int64_t)d.value : (int64_t)d.value;
    return 0;
}

pab_status pab__csv_decimal(const pab__csv *csv, uint32_t column, const char *name, int decimals, int64_t *out)
{
    if (column >= csv->count)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "%u fields; expected at least %u, up to %s", csv->count, column + 1,
                             name);
    if (pab__decimal_parse(csv->field[column], decimals, out) != 0)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "%s is '%.40s'; expected a number with a decimal point, if any", name,
                             csv->field[column]);
    return PAB_OK;
}
