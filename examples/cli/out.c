#include "text.h"
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Level 1 keeps a trace cheap; the files are still a quarter of their plain size. */
static gzFile open_file(const char *path)
{
    size_t len = strlen(path);
    int compressed = len > 3 && strcmp(path + len - 3, ".gz") == 0;
    gzFile file = gzopen(path, compressed ? "wb1" : "wbT");
    if (file)
        gzbuffer(file, CLI_OUT_CAP);
    return file;
}

int cli_out_open(cli_out *out, const char *path)
{
    memset(out, 0, sizeof *out);
    out->path = malloc(strlen(path) + 1);
    out->buf = malloc(CLI_OUT_CAP);
    if (!out->path || !out->buf) {
        cli_out_abandon(out);
        return cli_fail("no memory for writing '%s'", path);
    }
    memcpy(out->path, path, strlen(path) + 1);
    errno = 0;
    out->file = open_file(path);
    if (!out->file) {
        int error = errno;
        cli_out_abandon(out);
        return cli_fail("cannot create '%s': %s", path, error ? strerror(error) : "no memory");
    }
    return CLI_OK;
}

int cli_out_create(const char *dir, const char *file, cli_out *out)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s", dir, file);
    if (len < 0 || (size_t)len >= sizeof path)
        return cli_fail("the path '%s/%s' is too long", dir, file);
    return cli_out_open(out, path);
}

void cli_out_flush(cli_out *out)
{
    errno = 0;
    if (!out->error && out->len > 0 && gzwrite(out->file, out->buf, (unsigned)out->len) <= 0)
        out->error = errno ? errno : EIO;
    out->len = 0;
}

int cli_out_close(cli_out *out)
{
    if (!out->file)
        return CLI_OK;
    cli_out_flush(out);
    errno = 0;
    int closed = gzclose(out->file);
    if (closed != Z_OK && !out->error)
        out->error = errno ? errno : EIO;
    out->file = NULL;
    int code = out->error ? cli_fail("cannot write '%s': %s", out->path, strerror(out->error)) : CLI_OK;
    cli_out_abandon(out);
    return code;
}

void cli_out_abandon(cli_out *out)
{
    if (out->file)
        gzclose(out->file);
    free(out->buf);
    free(out->path);
    memset(out, 0, sizeof *out);
}

void cli_put_bytes(cli_out *out, const char *text, size_t len)
{
    while (len > 0) {
        if (out->len == CLI_OUT_CAP)
            cli_out_flush(out);
        size_t room = CLI_OUT_CAP - out->len;
        size_t part = len < room ? len : room;
        memcpy(out->buf + out->len, text, part);
        out->len += part;
        text += part;
        len -= part;
    }
}

void cli_put_uint(cli_out *out, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    cli_put_bytes(out, digits + at, sizeof digits - at);
}

void cli_put_int(cli_out *out, int64_t value)
{
    if (value < 0)
        cli_put_char(out, '-');
    cli_put_uint(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* Digits and decimal exponent of the shortest decimal that reads back to `value` (positive, finite). */
static int shortest_digits(double value, char *digits)
{
    char text[40];
    double back = 0;
    int precision = 0;
    do {
        snprintf(text, sizeof text, "%.*e", precision, value);
    } while ((cli_parse_real(text, &back) != 0 || back != value) && ++precision < 17);
    char *e = strchr(text, 'e');
    size_t n = 0;
    for (char *p = text; p < e; p++) {
        if (*p != '.')
            digits[n++] = *p;
    }
    digits[n] = '\0';
    return (int)strtol(e + 1, NULL, 10);
}

void cli_put_cents(cli_out *out, int64_t ticks, double tick_value)
{
    double cents = tick_value / 0.01;
    if (cents == 1)
        cli_put_int(out, ticks);
    else
        cli_put_real(out, (double)ticks * cents);
}

void cli_put_real(cli_out *out, double value)
{
    if (value != value || value - value != 0.0) {
        cli_put(out, value != value ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        return;
    }
    char digits[24] = "0";
    char tail[16];
    double size = value < 0 ? -value : value;
    int exponent = size > 0 ? shortest_digits(size, digits) : 0;
    int n = (int)strlen(digits);
    if (value < 0 || (value == 0 && 1.0 / value < 0))
        cli_put_char(out, '-');
    if (exponent < -4 || exponent >= 16) {
        cli_put_char(out, digits[0]);
        if (n > 1) {
            cli_put_char(out, '.');
            cli_put(out, digits + 1);
        }
        snprintf(tail, sizeof tail, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
        cli_put(out, tail);
        return;
    }
    if (exponent < 0) {
        cli_put_bytes(out, "0.000", (size_t)(1 - exponent));
        cli_put(out, digits);
        return;
    }
    for (int i = 0; i <= exponent; i++)
        cli_put_char(out, i < n ? digits[i] : '0');
    cli_put_char(out, '.');
    cli_put(out, n > exponent + 1 ? digits + exponent + 1 : "0");
}

void cli_put_hex(cli_out *out, double value)
{
    char text[40];
    if (value == 0)
        snprintf(text, sizeof text, "%s0x0.0p+0", 1.0 / value < 0 ? "-" : "");
    else
        snprintf(text, sizeof text, "%.13a", value);
    cli_put(out, text);
}
