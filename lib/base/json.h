/* JSON, written into a text. Commas, line breaks and indentation are the writer's; what is opened must be closed.
 *
 *     pab__json j = {.out = &text};
 *     pab__json_open(&j, NULL, '{');            {
 *     pab__json_put_int(&j, "seed", 7);               "seed": 7,
 *     pab__json_open_row(&j, "range", '[');       "range": [1, null]
 *     pab__json_put_real(&j, NULL, 1);              }
 *     pab__json_put_real(&j, NULL, NAN);
 *     pab__json_close(&j);
 *     pab__json_close(&j);
 *
 * `key` is NULL inside of lists, and for the outermost value. */
#ifndef PAB_BASE_JSON_H
#define PAB_BASE_JSON_H

#include "base/text.h"

enum { PAB__JSON_DEPTH = 32 };

typedef struct pab__json {
    pab__text *out;
    uint32_t depth;
    struct {
        char closing;
        int row;   /* all on one line */
        int count; /* values so far */
    } level[PAB__JSON_DEPTH];
} pab__json;

/* `bracket` is '{' or '['. In a row everything stands on one line, whatever is opened within. */
void pab__json_open(pab__json *j, const char *key, char bracket);
void pab__json_open_row(pab__json *j, const char *key, char bracket);
void pab__json_close(pab__json *j);

void pab__json_put_int(pab__json *j, const char *key, int64_t value);
void pab__json_put_uint(pab__json *j, const char *key, uint64_t value);
void pab__json_put_real(pab__json *j, const char *key, double value); /* 10 digits; null where it is not finite */
void pab__json_put_bool(pab__json *j, const char *key, int value);
void pab__json_put_null(pab__json *j, const char *key);

/* Quotes, backslashes and control characters are escaped, "<" too: the text may stand inside a script of a page.
 * `value` NULL: null. */
void pab__json_put_text(pab__json *j, const char *key, const char *value);
void pab__json_put_text_bytes(pab__json *j, const char *key, const char *value, size_t len);

#endif
