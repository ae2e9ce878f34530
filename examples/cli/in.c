#include "text.h"
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FIRST_CAP = 1 << 17, LONGEST_LINE = 1 << 26 };

int cli_in_open(cli_in *in, const char *path)
{
    memset(in, 0, sizeof *in);
    in->cap = FIRST_CAP;
    in->path = malloc(strlen(path) + 1);
    in->buf = malloc(in->cap);
    if (!in->path || !in->buf) {
        cli_in_close(in);
        return cli_fail("no memory for reading '%s'", path);
    }
    memcpy(in->path, path, strlen(path) + 1);
    errno = 0;
    in->file = gzopen(path, "rb");
    if (!in->file) {
        int error = errno;
        cli_in_close(in);
        return cli_fail("cannot open '%s': %s", path, error ? strerror(error) : "no memory");
    }
    gzbuffer(in->file, FIRST_CAP);
    return CLI_OK;
}

/* Moves what is left to the front and reads on behind it: 1 more bytes, 0 end of file, -1 printed. */
static int refill(cli_in *in)
{
    memmove(in->buf, in->buf + in->start, in->end - in->start);
    in->end -= in->start;
    in->start = 0;
    if (in->end + 1 >= in->cap) {
        char *grown = in->cap < LONGEST_LINE ? realloc(in->buf, in->cap * 2) : NULL;
        if (!grown) {
            cli_fail("%s:%llu: the line is too long", in->path, (unsigned long long)in->number + 1);
            return -1;
        }
        in->buf = grown;
        in->cap *= 2;
    }
    errno = 0;
    int got = gzread(in->file, in->buf + in->end, (unsigned)(in->cap - 1 - in->end));
    int code = Z_OK;
    const char *text = gzerror(in->file, &code);
    if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END)) {
        cli_fail("cannot read '%s': %s", in->path, code == Z_ERRNO ? strerror(errno)
                 : code == Z_BUF_ERROR ? "the compressed data is truncated" : text);
        return -1;
    }
    in->end += (size_t)got;
    return got > 0;
}

int cli_in_line(cli_in *in, char **line, size_t *len)
{
    size_t looked = 0;
    for (;;) {
        char *from = in->buf + in->start;
        char *newline = memchr(from + looked, '\n', in->end - in->start - looked);
        if (newline) {
            *newline = '\0';
            *line = from;
            *len = (size_t)(newline - from);
            in->start += *len + 1;
            in->number++;
            return 1;
        }
        looked = in->end - in->start;
        int more = refill(in);
        if (more < 0)
            return -1;
        if (more == 0)
            break;
    }
    if (in->end == in->start)
        return 0;
    in->buf[in->end] = '\0';
    *line = in->buf + in->start;
    *len = in->end - in->start;
    in->start = in->end;
    in->number++;
    return 1;
}

void cli_in_close(cli_in *in)
{
    if (in->file)
        gzclose(in->file);
    free(in->buf);
    free(in->path);
    memset(in, 0, sizeof *in);
}

size_t cli_split(char *line, char **fields, size_t cap)
{
    size_t n = 0;
    for (;;) {
        if (n < cap)
            fields[n] = line;
        n++;
        char *comma = strchr(line, ',');
        if (!comma)
            return n;
        *comma = '\0';
        line = comma + 1;
    }
}

void cli_time_text(int64_t ns, char *buf, size_t cap)
{
    const int64_t day = INT64_C(86400000000000);
    int64_t t = ns % day;
    t = t < 0 ? t + day : t;
    snprintf(buf, cap, "%02d:%02d:%02d.%09d", (int)(t / INT64_C(3600000000000)),
             (int)(t / INT64_C(60000000000) % 60), (int)(t / 1000000000 % 60), (int)(t % 1000000000));
}

void cli_date_text(int64_t ns, char *buf, size_t cap)
{
    const int64_t second = 1000000000;
    time_t seconds = (time_t)(ns / second - (ns % second < 0));
    const struct tm *date = gmtime(&seconds);
    char time[32];
    cli_time_text(ns, time, sizeof time);
    if (date)
        snprintf(buf, cap, "%04d-%02d-%02d %s", date->tm_year + 1900, date->tm_mon + 1, date->tm_mday, time);
    else
        snprintf(buf, cap, "%s", time);
}
