/* External fundamental values: a CSV file with a header line, found by column names. */
#include "scenario/schema.h"

#include "base/csv.h"
#include "base/stamp.h"

#include <string.h>

static const pab_param time_row = {"time_ns", PAB_PARAM_INT, 0, "ns", NULL, 0, 9.2e18, NULL, ""};
static const pab_param value_row = {"value", PAB_PARAM_REAL, 0, "ticks", NULL, 0, 1e15, NULL, ""};

/* Which columns hold what. */
typedef struct columns {
    uint32_t count, time, value;
    int32_t counted;      /* times are whole ns, by the column's name */
    pab__stamp_form form; /* else told from the first row */
} columns;

static pab_status read_header(const pab__csv *csv, const char *column, columns *out)
{
    static const char *const others[] = {"timestamp", "datetime", "date"};
    char found[200];
    columns c = {.count = csv->count, .time = pab__csv_column(csv, NULL, "time_ns"),
                 .value = pab__csv_column(csv, NULL, column)};
    c.counted = c.time != PAB__CSV_NONE;
    pab__csv_show(csv, found, sizeof found);
    if (c.value == PAB__CSV_NONE)
        return pab__csv_fail(csv, PAB_E_KEY, "the header has no column '%s'; found: %s", column, found);
    for (size_t i = 0; c.time == PAB__CSV_NONE && i < sizeof others / sizeof *others; i++)
        c.time = pab__csv_column(csv, NULL, others[i]);
    if (c.time == PAB__CSV_NONE)
        return pab__csv_fail(csv, PAB_E_KEY, "the header has no column 'time_ns'; found: %s", found);
    *out = c;
    return PAB_OK;
}

static pab_status read_time(const pab__csv *csv, columns *c, const pab__node *field, int64_t *out)
{
    static const pab__times none = {0};
    pab__stamp stamp;
    if (c->counted)
        return pab__schema_read_value(&time_row, field, "time_ns", &none, out);
    if ((c->form.kind == 0 && pab__stamp_tell(field->text, &c->form) != 0) ||
        pab__stamp_read(field->text, &c->form, &stamp) != 0)
        return pab__csv_fail(csv, PAB_E_TYPE, "time is '%.40s'; expected 2021-02-05 09:30:00, or s, ms, us or ns since "
                             "1970, as in the rows before", field->text);
    *out = stamp.ns;
    return PAB_OK;
}

static pab_status read_row(const pab__csv *csv, columns *c, int64_t *time, int64_t *value)
{
    static const pab__times none = {0};
    double real = 0;
    if (csv->count != c->count)
        return pab__csv_fail(csv, PAB_E_SYNTAX, "%u fields, the header has %u", csv->count, c->count);
    pab__node field = {.origin = csv->path, .line = (uint32_t)csv->line, .text = csv->field[c->time]};
    field.column = (uint32_t)(field.text - csv->field[0]) + 1;
    pab_status status = read_time(csv, c, &field, time);
    if (status != PAB_OK)
        return status;
    field.text = csv->field[c->value];
    field.column = (uint32_t)(field.text - csv->field[0]) + 1;
    status = pab__schema_read_value(&value_row, &field, "value", &none, &real);
    *value = pab__round_half_even(real);
    return status;
}

/* Rows into `series`; NULL: only counts them. */
static pab_status read_rows(const pab_host *host, const pab__oracle_params *oracle, pab__series *series,
                            uint32_t *count)
{
    pab__csv csv;
    columns c = {0};
    int more = 0;
    uint32_t n = 0;
    pab_status status = pab__csv_open(host, oracle->file, &csv);
    if (status != PAB_OK)
        return status;
    status = pab__csv_next(&csv, &more);
    if (status == PAB_OK && more && series)
        status = read_header(&csv, oracle->column, &c);
    while (status == PAB_OK && more && (status = pab__csv_next(&csv, &more)) == PAB_OK && more) {
        if (series && n == *count)
            status = pab__csv_fail(&csv, PAB_E_IO, "the file grew while being read");
        else if (series)
            status = read_row(&csv, &c, &series->times[n], &series->values[n]);
        if (status == PAB_OK && series && n > 0 && series->times[n] <= series->times[n - 1])
            status = pab__csv_fail(&csv, PAB_E_RANGE, "time_ns %lld (%s) does not come after the row before",
                                   (long long)series->times[n], pab__stamp_time(series->times[n]).text);
        if (status == PAB_OK && ++n == UINT32_MAX)
            status = pab__csv_fail(&csv, PAB_E_CAPACITY, "more rows than can be counted");
    }
    pab__csv_close(&csv);
    *count = n;
    return status;
}

pab_status pab__series_load(const pab_host *host, const pab__oracle_params *oracle, pab__series *out)
{
    uint32_t count = 0, filled;
    pab_status status = read_rows(host, oracle, NULL, &count);
    if (status != PAB_OK)
        return status;
    if (count == 0)
        return pab__fail(PAB_E_SYNTAX, "%s: no rows, expected a header line and at least one row", oracle->file);
    size_t size = count * sizeof(int64_t);
    pab__series series = {.count = count, .times = pab__alloc(host, size), .values = pab__alloc(host, size)};
    filled = count;
    if (!series.times || !series.values)
        status = pab__fail(PAB_E_MEMORY, "%s: no memory for its rows", oracle->file);
    if (status == PAB_OK)
        status = read_rows(host, oracle, &series, &filled);
    if (status == PAB_OK && filled != count)
        status = pab__fail(PAB_E_IO, "%s: the file shrank while being read", oracle->file);
    if (status != PAB_OK)
        pab__series_free(host, &series);
    else
        *out = series;
    return status;
}

void pab__series_free(const pab_host *host, pab__series *series)
{
    pab__release(host, series->times, series->count * sizeof *series->times);
    pab__release(host, series->values, series->count * sizeof *series->values);
    *series = (pab__series){0};
}
