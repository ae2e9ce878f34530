/* External fundamental values: a CSV file with a header line, found by column names. */
#include "scenario/schema.h"

#include "base/file.h"

#include <string.h>

#define FILE_LIMIT ((size_t)1 << 30)

static const pab_param time_row = {"time_ns", PAB_PARAM_INT, 0, "ns", NULL, 0, 9.2e18, NULL, ""};
static const pab_param value_row = {"value", PAB_PARAM_REAL, 0, "ticks", NULL, 0, 1e15, NULL, ""};

/* Lines of a file that is cut up in place. */
typedef struct lines {
    const char *name;
    char *next; /* NULL at the end */
    uint32_t line;
} lines;

static char *next_line(lines *in)
{
    char *line = in->next;
    if (!line || !*line)
        return NULL;
    char *end = strchr(line, '\n');
    in->next = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    size_t len = strlen(line);
    if (len > 0 && line[len - 1] == '\r')
        line[len - 1] = '\0';
    in->line++;
    return line;
}

static char *next_field(char **at)
{
    char *field = *at;
    char *comma = strchr(field, ',');
    *at = comma ? comma + 1 : NULL;
    if (comma)
        *comma = '\0';
    return field;
}

/* Which columns hold what. */
typedef struct columns {
    uint32_t count, time, value;
} columns;

static pab_status read_header(lines *in, const char *column, columns *out)
{
    char *line = next_line(in);
    columns c = {.time = UINT32_MAX, .value = UINT32_MAX};
    for (char *at = line; at; c.count++) {
        const char *name = next_field(&at);
        if (strcmp(name, "time_ns") == 0)
            c.time = c.count;
        if (strcmp(name, column) == 0)
            c.value = c.count;
    }
    if (c.time == UINT32_MAX || c.value == UINT32_MAX)
        return pab__fail(PAB_E_KEY, "%s:1: the header has no column '%s'", in->name,
                         c.time == UINT32_MAX ? "time_ns" : column);
    *out = c;
    return PAB_OK;
}

static pab_status read_row(const lines *in, char *line, const columns *c, int64_t *time, int64_t *value)
{
    static const pab__times none = {0};
    uint32_t index = 0;
    for (char *at = line; at; index++) {
        pab__node field = {.origin = in->name, .line = in->line, .column = (uint32_t)(at - line) + 1};
        field.text = next_field(&at);
        double real = 0;
        pab_status status = PAB_OK;
        if (index == c->time)
            status = pab__schema_read_value(&time_row, &field, "time_ns", &none, time);
        if (index == c->value && status == PAB_OK) {
            status = pab__schema_read_value(&value_row, &field, "value", &none, &real);
            *value = pab__round_half_even(real);
        }
        if (status != PAB_OK)
            return status;
    }
    if (index != c->count)
        return pab__fail(PAB_E_SYNTAX, "%s:%u: %u fields, the header has %u", in->name, in->line, index, c->count);
    return PAB_OK;
}

static pab_status read_rows(lines *in, const columns *c, pab__series *series)
{
    uint32_t n = 0;
    for (char *line; (line = next_line(in)); n++) {
        pab_status status = read_row(in, line, c, &series->times[n], &series->values[n]);
        if (status != PAB_OK)
            return status;
        if (n > 0 && series->times[n] <= series->times[n - 1])
            return pab__fail(PAB_E_RANGE, "%s:%u: time_ns %lld does not come after the row before", in->name, in->line,
                             (long long)series->times[n]);
    }
    return PAB_OK;
}

static uint32_t count_rows(const char *text)
{
    uint32_t breaks = 0;
    const char *last = text;
    for (const char *at = text; (at = strchr(at, '\n')); last = ++at)
        breaks++;
    return breaks + (*last != '\0') - 1; /* without the header */
}

static pab_status read_series(const pab_host *host, char *text, const pab__oracle_params *oracle, pab__series *out)
{
    uint32_t count = *text ? count_rows(text) : 0;
    if (count == 0)
        return pab__fail(PAB_E_SYNTAX, "%s: no rows, expected a header line and at least one row", oracle->file);
    size_t size = count * sizeof(int64_t);
    pab__series series = {.count = count, .times = pab__alloc(host, size), .values = pab__alloc(host, size)};
    lines in = {.name = oracle->file, .next = text};
    columns c = {0};
    pab_status status = PAB_OK;
    if (!series.times || !series.values)
        status = pab__fail(PAB_E_MEMORY, "%s: no memory for its rows", oracle->file);
    if (status == PAB_OK)
        status = read_header(&in, oracle->column, &c);
    if (status == PAB_OK)
        status = read_rows(&in, &c, &series);
    if (status != PAB_OK) {
        pab__series_free(host, &series);
        return status;
    }
    *out = series;
    return PAB_OK;
}

pab_status pab__series_load(const pab_host *host, const pab__oracle_params *oracle, pab__series *out)
{
    void *text = NULL;
    size_t len = 0;
    pab_status status = pab__file_read(host, oracle->file, FILE_LIMIT, &text, &len);
    if (status != PAB_OK)
        return status;
    if (memchr(text, '\0', len))
        status = pab__fail(PAB_E_SYNTAX, "%s: a NUL character is not allowed", oracle->file);
    else
        status = read_series(host, text, oracle, out);
    pab__release(host, text, len + 1);
    return status;
}

void pab__series_free(const pab_host *host, pab__series *series)
{
    pab__release(host, series->times, series->count * sizeof *series->times);
    pab__release(host, series->values, series->count * sizeof *series->values);
    *series = (pab__series){0};
}
