/* Writing JSON. */
#include "base/json.h"

#include <math.h>
#include <string.h>

static void put_string(pab__text *t, const char *value, size_t len)
{
    pab__text_put_char(t, '"');
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)value[i];
        if (c < 0x20 || c == '"' || c == '\\' || c == '<')
            pab__text_say(t, "\\u%04x", (unsigned)c);
        else
            pab__text_put_char(t, (char)c);
    }
    pab__text_put_char(t, '"');
}

/* A new line at the present depth, or a space in a row. */
static void separate(pab__json *j, int row)
{
    if (row)
        return;
    pab__text_put_char(j->out, '\n');
    for (uint32_t i = 0; i < j->depth; i++)
        pab__text_put(j->out, "  ");
}

/* What stands before a value: comma, line break, key. */
static void begin(pab__json *j, const char *key)
{
    if (j->depth > 0) {
        int row = j->level[j->depth - 1].row, first = j->level[j->depth - 1].count++ == 0;
        if (!first)
            pab__text_put(j->out, row ? ", " : ",");
        separate(j, row);
    }
    if (key) {
        put_string(j->out, key, strlen(key));
        pab__text_put(j->out, ": ");
    }
}

static void open_level(pab__json *j, const char *key, char bracket, int row)
{
    begin(j, key);
    pab__text_put_char(j->out, bracket);
    if (j->depth >= PAB__JSON_DEPTH) {
        j->out->bad = 1;
        return;
    }
    row |= j->depth > 0 && j->level[j->depth - 1].row;
    j->level[j->depth].closing = bracket == '{' ? '}' : ']';
    j->level[j->depth].row = row;
    j->level[j->depth].count = 0;
    j->depth++;
}

void pab__json_open(pab__json *j, const char *key, char bracket)
{
    open_level(j, key, bracket, 0);
}

void pab__json_open_row(pab__json *j, const char *key, char bracket)
{
    open_level(j, key, bracket, 1);
}

void pab__json_close(pab__json *j)
{
    if (j->depth == 0)
        return;
    j->depth--;
    if (j->level[j->depth].count > 0)
        separate(j, j->level[j->depth].row);
    pab__text_put_char(j->out, j->level[j->depth].closing);
    if (j->depth == 0)
        pab__text_put_char(j->out, '\n');
}

void pab__json_put_int(pab__json *j, const char *key, int64_t value)
{
    begin(j, key);
    pab__text_say(j->out, "%lld", (long long)value);
}

void pab__json_put_uint(pab__json *j, const char *key, uint64_t value)
{
    begin(j, key);
    pab__text_say(j->out, "%llu", (unsigned long long)value);
}

void pab__json_put_real(pab__json *j, const char *key, double value)
{
    begin(j, key);
    if (isfinite(value))
        pab__text_say(j->out, "%.10g", value);
    else
        pab__text_put(j->out, "null");
}

void pab__json_put_bool(pab__json *j, const char *key, int value)
{
    begin(j, key);
    pab__text_put(j->out, value ? "true" : "false");
}

void pab__json_put_null(pab__json *j, const char *key)
{
    begin(j, key);
    pab__text_put(j->out, "null");
}

void pab__json_put_text_bytes(pab__json *j, const char *key, const char *value, size_t len)
{
    begin(j, key);
    put_string(j->out, value, len);
}

void pab__json_put_text(pab__json *j, const char *key, const char *value)
{
    if (value)
        pab__json_put_text_bytes(j, key, value, strlen(value));
    else
        pab__json_put_null(j, key);
}
