/* Text that grows while it is written: CSV rows, JSON, tables. */
#ifndef PAB_PIPELINE_TEXT_H
#define PAB_PIPELINE_TEXT_H

#include "qlearn/bytes.h"

typedef pab__bytes pab__text; /* starts as {.host = ...} */

void pab__text_put(pab__text *t, const char *text);
void pab__text_say(pab__text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pab__text_real(pab__text *t, double x);               /* nothing for NaN and infinities */

/* JSON values; a number that is none is null. */
void pab__json_real(pab__text *t, double x);
void pab__json_text(pab__text *t, const char *text);

/* Writes the file and frees the text. */
pab_status pab__text_save(pab__text *t, const char *path);

#endif
