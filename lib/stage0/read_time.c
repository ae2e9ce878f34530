/* Times of rows: which column, in which form, on which clock. */
#include "stage0/read.h"

#include <string.h>

#include "base/number.h"
#include "base/stamp.h"

/* Columns whose name tells unit and clock come first, then those whose form comes from their first row. */
static const struct {
    const char *name;
    int32_t decimals, coarse, clock;
} known[] = {
    {"exch_ms", 6, 0, PAB__CLOCK_EXCHANGE},  {"local_ns", 0, 0, PAB__CLOCK_LOCAL},
    {"time_ns", 0, 0, 0},                    {"time_us", 3, 0, 0},
    {"time_ms", 6, 1, 0},                    {"time_s", 9, 1, 0},
    {"ts_event", -1, 0, PAB__CLOCK_EXCHANGE}, {"timestamp", -1, 0, PAB__CLOCK_EXCHANGE},
    {"local_timestamp", -1, 0, PAB__CLOCK_LOCAL}, {"ts_recv", -1, 0, PAB__CLOCK_LOCAL},
    {"transaction_time", -1, 0, PAB__CLOCK_EXCHANGE}, {"transact_time", -1, 0, PAB__CLOCK_EXCHANGE},
    {"trade_time", -1, 0, PAB__CLOCK_EXCHANGE}, {"event_time", -1, 0, PAB__CLOCK_EXCHANGE},
    {"open_time", -1, 0, 0},                 {"datetime", -1, 0, 0},
    {"date_time", -1, 0, 0},                 {"time", -1, 0, 0},
    {"date", -1, 0, 0},                      {"ts", -1, 0, 0},
    {"unix", -1, 0, 0},                      {"close_time", -1, 0, 0},
};

static uint32_t column_of(const pab__csv *csv, const char *name)
{
    uint32_t at = pab__csv_column(csv, NULL, name);
    if (at != PAB__CSV_NONE || strcmp(name, "datetime") != 0)
        return at;
    for (uint32_t i = 0; i < csv->count; i++) /* datetime_et and the like */
        if (strncmp(csv->field[i], "datetime", 8) == 0)
            return i;
    return PAB__CSV_NONE;
}

pab_status pab__time_columns(pab__reader *r, int needed)
{
    const pab__csv *csv = &r->csv;
    pab__time_column c = {.first = PAB__CSV_NONE, .second = PAB__CSV_NONE};
    char found[200];
    uint32_t date = pab__csv_column(csv, NULL, "date"), clock = pab__csv_column(csv, NULL, "time");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t at = column_of(csv, known[i].name);
        if (at == PAB__CSV_NONE)
            continue;
        if (c.first == PAB__CSV_NONE) {
            c.first = at;
            c.decimals = known[i].decimals;
            c.coarse_prices = known[i].coarse;
            c.clock = known[i].clock;
            pab__format(c.name, sizeof c.name, "%.47s", csv->field[at]);
        } else if (c.clock == PAB__CLOCK_EXCHANGE && known[i].clock == PAB__CLOCK_LOCAL && c.second == PAB__CSV_NONE) {
            c.second = at;
            c.decimals_second = known[i].decimals;
            c.clock_second = known[i].clock;
        }
    }
    if (c.first == clock && clock != PAB__CSV_NONE && date != PAB__CSV_NONE) {
        c.split = 1;
        c.first = date;
        c.second = clock;
    }
    if (c.first == PAB__CSV_NONE && csv->count > 1 && csv->field[0][0] == '\0') { /* an index of pandas */
        c.first = 0;
        c.decimals = -1;
        pab__format(c.name, sizeof c.name, "first");
    }
    r->time = c;
    if (c.first != PAB__CSV_NONE || !needed)
        return PAB_OK;
    pab__csv_show(csv, found, sizeof found);
    return pab__csv_fail(csv, PAB_E_KEY, "the header has no column of times: time_ns, time_us, time_ms, time_s, "
                         "exch_ms, "
                         "local_ns, timestamp, datetime, time or date; found: %s", found);
}

static pab_status bad_time(const pab__reader *r, const char *text)
{
    return pab__csv_fail(&r->csv, PAB_E_SYNTAX, "time is '%.40s'; expected 2021-02-05 09:30:00 with or without "
                         "seconds and "
                         "zone, or s, ms, us or ns since 1970, as in the rows before (times since midnight: name the "
                         "column time_s, time_ms or time_ns)", text);
}

static pab_status read_stamp(pab__reader *r, const char *text, int64_t *out)
{
    pab__stamp stamp;
    pab__stamp_form form;
    if (pab__stamp_tell(text, &form) != 0 || (r->time.form.kind != 0 &&
        memcmp(&form, &r->time.form, sizeof form) != 0) || pab__stamp_read(text, &form, &stamp) != 0)
        return bad_time(r, text);
    if (r->time.form.kind != 0 && stamp.zoned != r->zoned)
        return pab__csv_fail(&r->csv, PAB_E_SYNTAX, "time '%.40s' %s a zone, the rows before %s one", text,
                             stamp.zoned ? "has" : "lacks", stamp.zoned ? "lack" : "have");
    r->time.form = form;
    r->zoned = stamp.zoned;
    r->offset = stamp.offset;
    *out = stamp.ns;
    return PAB_OK;
}

/* A date and a time of day in two columns. */
static pab_status read_split(pab__reader *r, int64_t *out)
{
    char text[96];
    pab__format(text, sizeof text, "%.40s %.40s", r->csv.field[r->time.first], r->csv.field[r->time.second]);
    return read_stamp(r, text, out);
}

/* Whether a file with exchange and local times is read by one or the other: the tape's, else by what is filled in. */
static void choose_clock(pab__reader *r)
{
    pab__time_column *c = &r->time;
    c->chosen = 1;
    if (c->second == PAB__CSV_NONE || c->split)
        return;
    int local = r->tape->clock == PAB__CLOCK_LOCAL ||
                (r->tape->clock == 0 && pab__csv_missing(r->csv.field[c->first]));
    if (!local)
        return;
    c->first = c->second;
    c->decimals = c->decimals_second;
    c->clock = c->clock_second;
    pab__format(c->name, sizeof c->name, "local times");
}

pab_status pab__row_stamp(pab__reader *r, int64_t *out, int *known_time)
{
    if (!r->time.chosen)
        choose_clock(r);
    const char *text = r->csv.field[r->time.first];
    *known_time = !pab__csv_missing(text);
    if (!*known_time) {
        r->counts.no_time++;
        return PAB_OK;
    }
    if (r->time.split)
        return read_split(r, out);
    if (r->time.decimals < 0)
        return read_stamp(r, text, out);
    return pab__csv_decimal(&r->csv, r->time.first, "time", r->time.decimals, out);
}

pab_status pab__check_time(pab__reader *r, int64_t *time)
{
    if (r->rows && *time < r->last) {
        if (*time < r->last - PAB__STEP_BACK)
            return pab__csv_fail(&r->csv, PAB_E_RANGE, "time %s after %s; expected rows in order of time",
                                 pab__stamp_time(*time).text, pab__stamp_time(r->last).text);
        *time = r->last;
        r->counts.clamped++;
    }
    if (*time < INT64_MIN / 2 || *time > INT64_MAX / 2)
        return pab__csv_fail(&r->csv, PAB_E_RANGE, "time is %s; expected -4.6e18 to 4.6e18 ns",
                             r->csv.field[r->time.first]);
    if (!r->rows)
        r->first = *time;
    r->last = *time;
    r->rows = 1;
    return PAB_OK;
}

pab_status pab__row_time(pab__reader *r, int64_t *out, int *known_time)
{
    pab_status status = pab__row_stamp(r, out, known_time);
    return status == PAB_OK && *known_time ? pab__check_time(r, out) : status;
}
