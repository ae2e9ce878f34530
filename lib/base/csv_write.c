/* Writing CSV. */
#include "base/csv_write.h"

#include <math.h>
#include <string.h>

void pab__csv_head(pab__csv_out *csv, const char *names)
{
    pab__text_put(csv->out, names);
    pab__text_put_char(csv->out, '\n');
}

void pab__csv_put_empty(pab__csv_out *csv)
{
    if (csv->column++ > 0)
        pab__text_put_char(csv->out, ',');
}

void pab__csv_put_text(pab__csv_out *csv, const char *value)
{
    pab__csv_put_empty(csv);
    if (!strpbrk(value, ",\"\r\n")) {
        pab__text_put(csv->out, value);
        return;
    }
    pab__text_put_char(csv->out, '"');
    for (; *value; value++) {
        if (*value == '"')
            pab__text_put_char(csv->out, '"');
        pab__text_put_char(csv->out, *value);
    }
    pab__text_put_char(csv->out, '"');
}

void pab__csv_put_int(pab__csv_out *csv, int64_t value)
{
    pab__csv_put_empty(csv);
    pab__text_say(csv->out, "%lld", (long long)value);
}

void pab__csv_put_uint(pab__csv_out *csv, uint64_t value)
{
    pab__csv_put_empty(csv);
    pab__text_say(csv->out, "%llu", (unsigned long long)value);
}

void pab__csv_put_real(pab__csv_out *csv, double value)
{
    pab__csv_put_empty(csv);
    if (isfinite(value))
        pab__text_say(csv->out, "%.10g", value);
}

void pab__csv_put_reals(pab__csv_out *csv, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pab__csv_put_real(csv, values[i]);
}

void pab__csv_put_exact(pab__csv_out *csv, double value)
{
    pab__csv_put_empty(csv);
    if (isfinite(value))
        pab__text_say(csv->out, "%.17g", value);
}

void pab__csv_end_row(pab__csv_out *csv)
{
    pab__text_put_char(csv->out, '\n');
    csv->column = 0;
}
