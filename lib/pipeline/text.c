/* Text that grows while it is written. */
#include "pipeline/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { PIECE = 1024 };

void pab__text_put(pab__text *t, const char *text)
{
    for (; *text != '\0'; text++)
        pab__put(t, (unsigned char)*text, 1);
}

void pab__text_say(pab__text *t, const char *format, ...)
{
    char piece[PIECE];
    va_list args;
    va_start(args, format);
    vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    pab__text_put(t, piece);
}

void pab__text_real(pab__text *t, double x)
{
    if (isfinite(x))
        pab__text_say(t, "%.10g", x);
}

void pab__json_real(pab__text *t, double x)
{
    if (isfinite(x))
        pab__text_say(t, "%.10g", x);
    else
        pab__text_put(t, "null");
}

/* Besides what JSON asks for, "<" is escaped: the text may stand inside a script of a page. */
void pab__json_text(pab__text *t, const char *text)
{
    pab__put(t, '"', 1);
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '"' || c == '\\' || c == '<')
            pab__text_say(t, "\\u%04x", (unsigned)c);
        else
            pab__put(t, c, 1);
    }
    pab__put(t, '"', 1);
}

pab_status pab__text_save(pab__text *t, const char *path)
{
    pab_status status = t->bad ? pab__fail(PAB_E_MEMORY, "%s: no memory for its text", path)
                               : pab__file_write(path, t->data, t->len);
    pab__bytes_free(t);
    return status;
}
