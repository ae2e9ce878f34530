/* Times as files write them: dates with or without time of day and zone, or counts since 1970 in s, ms, us or ns.
 *
 * The form comes from the first time of a column (pab__stamp_tell) and then holds for all of it. */
#ifndef PAB_BASE_STAMP_H
#define PAB_BASE_STAMP_H

#include <stdint.h>

enum { PAB__STAMP_DATE = 1, PAB__STAMP_COUNT = 2 };

typedef struct pab__stamp_form {
    int32_t kind;     /* PAB__STAMP_... */
    int32_t decimals; /* counts: powers of ten to nanoseconds: 9, 6, 3 or 0 */
} pab__stamp_form;

typedef struct pab__stamp {
    int64_t ns;     /* since 1970, UTC where the text has a zone, else as written */
    int64_t offset; /* of the written clock from UTC, ns */
    int32_t zoned;  /* 1: the text has a zone */
    int32_t day;    /* 1: the text has no time of day */
} pab__stamp;

/* "2021-02-05 09:30[:00[.123]][Z| UTC|+01:00]", also with T, '/' or no separators in the date; "20210205"; or a count
 * since 1970, whose unit follows from its size (1973 on). 0 when the text is such a time, else -1. */
int pab__stamp_tell(const char *text, pab__stamp_form *out);
int pab__stamp_read(const char *text, const pab__stamp_form *form, pab__stamp *out);

/* "dates", "counts of ms since 1970": for reports. */
const char *pab__stamp_name(const pab__stamp_form *form);

/* "2021-02-05 09:30:00.5" or, on 1970-01-01, "09:30:00". */
enum { PAB__STAMP_TEXT = 40 };
const char *pab__stamp_text(int64_t ns, char out[PAB__STAMP_TEXT]);

/* For errors, in the arguments of one call: pab__stamp_time(ns).text as pab__stamp_text, and pab__stamp_span(ns).text,
 * how long something takes: "300 s", "0.5 s", "20 ns". */
typedef struct pab__stamp_words {
    char text[PAB__STAMP_TEXT];
} pab__stamp_words;
pab__stamp_words pab__stamp_time(int64_t ns);
pab__stamp_words pab__stamp_span(int64_t ns);

#endif
