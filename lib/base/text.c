/* Growing text. */
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"

enum { FIRST_ROOM = 4096 };

void pab__text_free(pab__text *t)
{
    if (t->host)
        pab__release(t->host, t->at, t->room);
    *t = (pab__text){.host = t->host};
}

/* Room for `more` bytes and a terminator, where the text can grow. */
static void grow(pab__text *t, size_t more)
{
    size_t wanted = t->len + more + 1, room = t->room > 0 ? t->room : FIRST_ROOM;
    if (!t->host || t->bad || wanted <= t->room)
        return;
    while (room < wanted)
        room *= 2;
    char *at = pab__alloc(t->host, room);
    if (!at) {
        t->bad = 1;
        return;
    }
    if (t->len > 0)
        memcpy(at, t->at, t->len);
    pab__release(t->host, t->at, t->room);
    t->at = at;
    t->room = room;
}

void pab__text_put_bytes(pab__text *t, const char *bytes, size_t len)
{
    if (!t)
        return;
    grow(t, len);
    if (t->bad)
        return;
    if (t->len + 1 < t->room) {
        size_t left = t->room - t->len - 1, kept = len < left ? len : left;
        memcpy(t->at + t->len, bytes, kept);
        t->at[t->len + kept] = '\0';
    }
    t->len += len;
}

void pab__text_put(pab__text *t, const char *text)
{
    pab__text_put_bytes(t, text, strlen(text));
}

void pab__text_put_char(pab__text *t, char c)
{
    pab__text_put_bytes(t, &c, 1);
}

/* Where there is room it is written in place; a second try follows a text that did not fit and could grow. */
void pab__text_say(pab__text *t, const char *format, ...)
{
    if (!t)
        return;
    for (int tries = 0; tries < 2 && !t->bad; tries++) {
        size_t left = t->len < t->room ? t->room - t->len : 0;
        va_list args;
        va_start(args, format);
        int len = pab__format_list(left > 0 ? t->at + t->len : NULL, left, format, args);
        va_end(args);
        if (len < 0)
            return;
        if ((size_t)len < left || !t->host) {
            t->len += (size_t)len;
            return;
        }
        grow(t, (size_t)len);
    }
}

pab_status pab__text_check(const pab__text *t, const char *what)
{
    return t->bad ? pab__fail(PAB_E_MEMORY, "no memory for the text of %s", what) : PAB_OK;
}

pab_status pab__text_save(pab__text *t, const char *path)
{
    pab_status status = pab__text_check(t, path);
    if (status == PAB_OK)
        status = pab__file_write(path, t->at, t->len);
    pab__text_free(t);
    return status;
}
