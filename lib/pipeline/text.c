/* Values as text. */
#include "pipeline/text.h"

#include <math.h>

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
    pab__text_put(t, "\"");
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == '"' || c == '\\' || c == '<')
            pab__text_say(t, "\\u%04x", (unsigned)c);
        else
            pab__text_put_char(t, (char)c);
    }
    pab__text_put(t, "\"");
}
