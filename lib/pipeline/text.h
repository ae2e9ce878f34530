/* Values in CSV and JSON texts that are put together by hand. */
#ifndef PAB_PIPELINE_TEXT_H
#define PAB_PIPELINE_TEXT_H

#include "base/file.h"
#include "base/text.h"

void pab__text_real(pab__text *t, double x); /* nothing for NaN and infinities */

/* JSON values; a number that is none is null. */
void pab__json_real(pab__text *t, double x);
void pab__json_text(pab__text *t, const char *text);

#endif
