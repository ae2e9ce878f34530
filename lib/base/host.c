/* The host program's hooks, and the size-first records that cross the library's border. */
#include "base/host.h"
#include "base/number.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64
#define RECORD_SIZE_MAX 4096
#define LOG_LINE_SIZE 1024
#define HOST_LEAST PAB__UPTO(pab_host, log)

static void *default_alloc(void *user, size_t size, size_t align)
{
    (void)user;
    if (size > SIZE_MAX - align)
        return NULL;
    return aligned_alloc(align, (size + align - 1) / align * align);
}

static void default_release(void *user, void *ptr, size_t size)
{
    (void)user;
    (void)size;
    free(ptr);
}

pab_status pab_host_init(pab_host *host, uint32_t size)
{
    if (!host)
        return pab__fail(PAB_E_ARGUMENT, "host is NULL; expected a record to fill in");
    if (size < HOST_LEAST || size > RECORD_SIZE_MAX)
        return pab__fail(PAB_E_ARGUMENT, "host: a size of %u bytes; expected sizeof(pab_host), %u to %d", size,
                         HOST_LEAST, RECORD_SIZE_MAX);
    memset(host, 0, size);
    host->struct_size = size;
    host->log_level = PAB_LOG_WARNING;
    return PAB_OK;
}

pab_status pab__host_take(const pab_host *given, pab_host *out)
{
    pab_host full = {.struct_size = sizeof full, .log_level = PAB_LOG_WARNING};
    if (given) {
        pab_status status = pab__record_in(&full, sizeof full, given, HOST_LEAST, "host");
        if (status != PAB_OK)
            return status;
    }
    if ((!full.alloc) != (!full.release))
        return pab__fail(PAB_E_ARGUMENT, "host: %s is NULL; expected alloc and release both or neither",
                         !full.alloc ? "alloc" : "release");
    if (!full.alloc) {
        full.alloc = default_alloc;
        full.release = default_release;
    }
    *out = full;
    return PAB_OK;
}

void *pab__alloc(const pab_host *host, size_t size)
{
    size_t whole = size > 0 ? size : 1;
    void *ptr = host->alloc(host->user, whole, ALIGNMENT);
    if (ptr)
        memset(ptr, 0, whole);
    return ptr;
}

void pab__release(const pab_host *host, void *ptr, size_t size)
{
    if (ptr)
        host->release(host->user, ptr, size > 0 ? size : 1);
}

void pab__log(const pab_host *host, int32_t level, const char *topic, const char *format, ...)
{
    if (!host->log || level > host->log_level)
        return;
    char line[LOG_LINE_SIZE], shown[LOG_LINE_SIZE];
    va_list args;
    va_start(args, format);
    int len = pab__format_list(line, sizeof line, format, args);
    va_end(args);
    if (len < 0)
        return;
    pab__show_controls(line, shown, sizeof shown);
    host->log(host->user, level, topic, shown);
}

/* Reads and checks the size that stands first in a caller's record. */
static pab_status record_size(const void *record, uint32_t least, const char *what, uint32_t *size)
{
    if (!record)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a record", what);
    memcpy(size, record, sizeof *size);
    if (*size < least || *size > RECORD_SIZE_MAX)
        return pab__fail(PAB_E_ARGUMENT, "%s: struct_size is %u; expected %u to %d (was the record initialised?)", what,
                         *size, least, RECORD_SIZE_MAX);
    return PAB_OK;
}

pab_status pab__record_out(void *out, const void *full, uint32_t full_size, uint32_t least, const char *what)
{
    uint32_t size = 0;
    pab_status status = record_size(out, least, what, &size);
    if (status != PAB_OK)
        return status;
    uint32_t known = size < full_size ? size : full_size;
    memcpy(out, full, known);
    memset((unsigned char *)out + known, 0, size - known);
    memcpy(out, &size, sizeof size);
    return PAB_OK;
}

pab_status pab__record_check(const void *record, uint32_t least, const char *what)
{
    uint32_t size = 0;
    return record_size(record, least, what, &size);
}

pab_status pab__record_in(void *full, uint32_t full_size, const void *given, uint32_t least, const char *what)
{
    uint32_t size = 0;
    pab_status status = record_size(given, least, what, &size);
    if (status != PAB_OK)
        return status;
    const unsigned char *bytes = given;
    for (uint32_t i = full_size; i < size; i++)
        if (bytes[i] != 0)
            return pab__fail(PAB_E_ARGUMENT, "%s: byte %u is set, but this version knows only %u bytes; expected zero",
                             what, i, full_size);
    uint32_t known = size < full_size ? size : full_size;
    memset(full, 0, full_size);
    memcpy(full, given, known);
    memcpy(full, &full_size, sizeof full_size);
    return PAB_OK;
}
