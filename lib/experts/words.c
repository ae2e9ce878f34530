/* Sentences for `explain`. */
#include "experts/words.h"

#include <stdarg.h>
#include <stdio.h>

void pab__say(pab__words *words, const char *format, ...)
{
    if (!words || words->len + 1 >= words->cap)
        return;
    size_t room = words->cap - words->len;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(words->buf + words->len, room, format, args);
    va_end(args);
    if (len > 0)
        words->len += (size_t)len < room ? (size_t)len : room - 1;
}
