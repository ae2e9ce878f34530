/* Reading and writing the notations that settings use for numbers and times. */
#ifndef PAB_SCENARIO_NOTATION_H
#define PAB_SCENARIO_NOTATION_H

#include "scenario/schema.h"

/* Results of reading a text; the output is set only with PAB__NOTATION_OK. */
enum { PAB__NOTATION_OK = 0, PAB__NOTATION_TYPE = 1, PAB__NOTATION_RANGE = 2 };

enum { PAB__NOTATION_SIZE = 32 };

int pab__notation_int(const char *text, int64_t *out);
int pab__notation_duration(const char *text, int64_t *out);
int pab__notation_time(const char *text, const pab__times *times, int64_t *out);

/* The shortest exact notations: "90s", "09:30:00" on that day, "2021-02-05"; whole ns where there is none. */
void pab__notation_duration_text(int64_t ns, char out[PAB__NOTATION_SIZE]);
void pab__notation_time_text(int64_t ns, int64_t date, char out[PAB__NOTATION_SIZE]);
void pab__notation_date_text(int64_t ns, char out[PAB__NOTATION_SIZE]);

#endif
