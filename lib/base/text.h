/* Text that grows while it is written: tables, CSV, JSON, YAML, sentences.
 *
 * Start one with pab__text_growing (memory grows as needed; give it back by pab__text_free or pab__text_save) or with
 * pab__text_in (a caller's buffer: what does not fit is counted and cut; nothing to free). Then put pieces; errors are
 * kept until the end. `at` is terminated whenever anything was written and there is room. Reals are written with a
 * decimal point whatever the host's locale. All functions that put accept a NULL text, which takes nothing. */
#ifndef PAB_BASE_TEXT_H
#define PAB_BASE_TEXT_H

#include "base/host.h"

typedef struct pab__text {
    const pab_host *host; /* must outlive the text; NULL: a caller's buffer, which does not grow */
    char *at;
    size_t room; /* bytes at `at`, the terminator included */
    size_t len;  /* written, without the terminator; in a caller's buffer also what did not fit */
    int bad;     /* memory ran out: what was put since is lost */
} pab__text;

static inline pab__text pab__text_growing(const pab_host *host)
{
    return (pab__text){.host = host};
}

static inline pab__text pab__text_in(char *buf, size_t cap)
{
    return (pab__text){.at = buf, .room = buf ? cap : 0};
}

void pab__text_free(pab__text *t);

void pab__text_put(pab__text *t, const char *text);
void pab__text_put_bytes(pab__text *t, const char *bytes, size_t len);
void pab__text_put_char(pab__text *t, char c);

/* As printf, of any length. */
void pab__text_say(pab__text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* PAB_E_MEMORY, naming `what`, where memory ran out. */
pab_status pab__text_check(const pab__text *t, const char *what);

/* Writes the text to a file, whole or not at all, and frees it in any case. */
pab_status pab__text_save(pab__text *t, const char *path);

#endif
