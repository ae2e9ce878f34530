/* CSV, written into a text: commas, one line a row, "\n" at its end, a decimal point.
 *
 *     pab__csv_out csv = {.out = &text};
 *     pab__csv_head(&csv, "policy,episode,cost");
 *     pab__csv_put_text(&csv, "lae"); pab__csv_put_int(&csv, 3); pab__csv_put_real(&csv, cost);
 *     pab__csv_end_row(&csv);
 *
 * A field that holds a comma, a quote or a line break is quoted, as the reader (csv.h) and other programs expect. */
#ifndef PAB_BASE_CSV_WRITE_H
#define PAB_BASE_CSV_WRITE_H

#include "base/text.h"

typedef struct pab__csv_out {
    pab__text *out;
    uint32_t column; /* of the next field in its row */
} pab__csv_out;

/* The names of all columns, comma by comma. */
void pab__csv_head(pab__csv_out *csv, const char *names);

void pab__csv_put_text(pab__csv_out *csv, const char *value);
void pab__csv_put_int(pab__csv_out *csv, int64_t value);
void pab__csv_put_uint(pab__csv_out *csv, uint64_t value);
void pab__csv_put_real(pab__csv_out *csv, double value); /* 10 digits; empty where it is not finite */
void pab__csv_put_reals(pab__csv_out *csv, const double *values, size_t count);
/* Reals as arguments: PAB__CSV_REALS(&csv, mean, low, high). */
#define PAB__CSV_REALS(csv, ...)                                                                                      \
    pab__csv_put_reals(csv, (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
void pab__csv_put_exact(pab__csv_out *csv, double value); /* 17 digits: reads back the same */
void pab__csv_put_empty(pab__csv_out *csv);

void pab__csv_end_row(pab__csv_out *csv);

#endif
