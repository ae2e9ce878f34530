/* Numbers as text and back, always in the C locale: the host may have set one whose decimal point is a comma.
 *
 * All reading and writing of numbers in the library goes through these functions and those built on them (text.h,
 * csv.h, json.h, pab__fail). printf and strtod of the C library listen to the host's locale and are not used. */
#ifndef PAB_BASE_NUMBER_H
#define PAB_BASE_NUMBER_H

#include <stdarg.h>
#include <stddef.h>

/* As snprintf and vsnprintf. */
int pab__format(char *buf, size_t cap, const char *format, ...) __attribute__((format(printf, 3, 4)));
int pab__format_list(char *buf, size_t cap, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* As strtod, errno included: *end (may be NULL) is where the number ends, `text` where there is none. */
double pab__real_parse(const char *text, char **end);

/* 1 when the whole text is one finite number, which is put into *out. Leading space is refused. */
int pab__real_read(const char *text, double *out);

#endif
