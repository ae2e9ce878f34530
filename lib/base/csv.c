/* Comma-separated files: lines through zlib, which reads plain files as they are, and strict decimal numbers. */
#include "base/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define BUFFER_SIZE ((size_t)1 << 17) /* also the longest line */

pab_status pab__csv_fail(const pab__csv *csv, pab_status code, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return pab__fail(code, "%s:%llu: %s", csv->path, (unsigned long long)csv->line, text);
}

pab_status pab__csv_open(const pab_host *host, const char *path, pab__csv *out)
{
    pab__csv csv = {.host = host, .path = path};
    csv.buf = pab__alloc(host, BUFFER_SIZE);
    if (!csv.buf)
        return pab__fail(PAB_E_MEMORY, "no memory for reading '%s'", path);
    errno = 0;
    csv.file = gzopen(path, "rb");
    if (!csv.file) {
        int error = errno;
        pab__release(host, csv.buf, BUFFER_SIZE);
        return error != 0 ? pab__fail(PAB_E_IO, "cannot open '%s': %s", path, strerror(error))
                          : pab__fail(PAB_E_MEMORY, "no memory for reading '%s'", path);
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

pab_status pab__csv_next(pab__csv *csv, int *more)
{
    char *line = NULL;
    size_t len = 0;
    pab_status status = next_line(csv, &line, &len);
    if (status != PAB_OK)
        return status;
    *more = line != NULL;
    if (!line)
        return PAB_OK;
    if (memchr(line, '\0', len))
        return pab__csv_fail(csv, PAB_E_SYNTAX, "the line has a zero byte; expected text");
    if (len > 0 && line[len - 1] == '\r')
        line[--len] = '\0';
    for (csv->count = 0; line; csv->count++) {
        if (csv->count == PAB__CSV_FIELDS)
            return pab__csv_fail(csv, PAB_E_RANGE, "the line has more than %d fields", PAB__CSV_FIELDS);
        csv->field[csv->count] = line;
        line = strchr(line, ',');
        if (line)
            *line++ = '\0';
    }
    return PAB_OK;
}

uint32_t pab__csv_column(const pab__csv *csv, const char *prefix, const char *name)
{
    size_t skip = prefix ? strlen(prefix) : 0;
    for (uint32_t i = 0; i < csv->count; i++) {
        const char *field = csv->field[i];
        if (prefix) {
            if (strncmp(field, prefix, skip) != 0 || field[skip] != '_')
                continue;
            field += skip + 1;
        }
        if (strcmp(field, name) == 0)
            return i;
    }
    return PAB__CSV_NONE;
}

int pab__decimal_parse(const char *text, int decimals, int64_t *out)
{
    int negative = *text == '-';
    const char *p = text + negative;
    int64_t value = 0;
    int point = 0, digits = 0, cut = decimals >= PAB__CSV_CUT, left = cut ? decimals - PAB__CSV_CUT : decimals;
    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
        if (*p == '.') {
            point = 1;
            continue;
        }
        digits++;
        if (point && left == 0 && *p != '0' && !cut)
            return -1;
        if (point && left == 0)
            continue;
        if (value > (INT64_MAX - 9) / 10)
            return -1;
        value = value * 10 + (*p - '0');
        left -= point;
    }
    if (*p != '\0' || digits == 0)
        return -1;
    for (; left > 0; left--) {
        if (value > INT64_MAX / 10)
            return -1;
        value *= 10;
    }
    *out = negative ? -value : value;
    return 0;
}

pab_status pab__csv_decimal(const pab__csv *csv, uint32_t column, const char *name, int decimals, int64_t *out)
{
    if (column >= csv->count)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "%u fields; expected at least %u, up to %s", csv->count, column + 1,
                             name);
    if (pab__decimal_parse(csv->field[column], decimals, out) != 0)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "%s is '%.40s'; expected a number with at most %d decimals", name,
                             csv->field[column], decimals % PAB__CSV_CUT);
    return PAB_OK;
}
