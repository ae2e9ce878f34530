/* Status codes as text, the error sentence of each thread, and the library's version. */
#include <pairsabides/status.h>
#include <pairsabides/version.h>

#include "base/host.h"
#include "base/number.h"

#include <stdarg.h>
#include <string.h>

#define ERROR_TEXT_SIZE 1024

static _Thread_local char error_text[ERROR_TEXT_SIZE];

const char *pab_status_name(pab_status status)
{
    switch (status) {
#define STATUS_CASE(name, number, text) \
    case number:                        \
        return #name;
        PAB_STATUS_TABLE(STATUS_CASE)
#undef STATUS_CASE
    default:
        return "PAB_E_?";
    }
}

const char *pab_status_text(pab_status status)
{
    switch (status) {
#define STATUS_CASE(name, number, text) \
    case number:                        \
        return text;
        PAB_STATUS_TABLE(STATUS_CASE)
#undef STATUS_CASE
    default:
        return "not a status of this library";
    }
}

size_t pab_last_error(char *buf, size_t cap)
{
    size_t len = strlen(error_text);
    if (buf && cap > 0) {
        size_t kept = len < cap - 1 ? len : cap - 1;
        memcpy(buf, error_text, kept);
        buf[kept] = '\0';
    }
    return len;
}

static _Thread_local uint64_t error_count;

uint64_t pab__fail_count(void)
{
    return error_count;
}

/* Bytes of a control character at `at`, 0 for anything else. UTF-8 has some of two bytes, U+0080 to U+009F. */
static size_t control_bytes(const unsigned char *at)
{
    if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
        return 2;
    return at[0] < 0x20 || at[0] == 0x7f;
}

void pab__show_controls(const char *text, char *out, size_t cap)
{
    size_t len = 0;
    while (*text) {
        const unsigned char *at = (const unsigned char *)text;
        char shown[8] = {*text};
        const size_t bytes = control_bytes(at);
        if (bytes > 0)
            pab__format(shown, sizeof shown, "\\x%02x", at[bytes - 1]);
        if (len + strlen(shown) >= cap)
            break;
        memcpy(out + len, shown, strlen(shown));
        len += strlen(shown);
        text += bytes > 0 ? bytes : 1;
    }
    out[len] = '\0';
}

pab_status pab__fail(pab_status code, const char *format, ...)
{
    /* Formatted aside, since an argument may come from the last error's own text. */
    char text[ERROR_TEXT_SIZE];
    va_list args;
    va_start(args, format);
    int len = pab__format_list(text, sizeof text, format, args);
    va_end(args);
    if (len < 0)
        text[0] = '\0';
    pab__show_controls(text, error_text, sizeof error_text);
    error_count++;
    return code;
}

#define QUOTE(x) #x
#define VERSION_TEXT(major, minor, patch) QUOTE(major) "." QUOTE(minor) "." QUOTE(patch)

const char *pab_version(void)
{
    return VERSION_TEXT(PAB_VERSION_MAJOR, PAB_VERSION_MINOR, PAB_VERSION_PATCH);
}
