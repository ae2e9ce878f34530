/* A sentence that grows into a caller's buffer and is cut where that ends. */
#ifndef PAB_EXPERTS_WORDS_H
#define PAB_EXPERTS_WORDS_H

#include <stddef.h>

typedef struct pab__words {
    char *buf;
    size_t cap;
    size_t len; /* written, without the terminator */
} pab__words;

/* Appends; `words` NULL: nobody listens. */
void pab__say(pab__words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
