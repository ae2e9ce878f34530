/* The hooks a host program gives, and the error text of a thread. */
#ifndef PAB_BASE_HOST_H
#define PAB_BASE_HOST_H

#include <pairsabides/status.h>

/* Sets this thread's error sentence and returns `code`. */
pab_status pab__fail(pab_status code, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

/* Failures on this thread so far: tells whether a callback that failed has said why. */
uint64_t pab__fail_count(void);

/* Copies text as far as it fits, control characters as \xNN: what is quoted in errors comes from files and callers, and
 * a terminal obeys what it is shown. */
void pab__show_controls(const char *text, char *out, size_t cap);

/* Completes a caller's record (NULL: all defaults) into a full one; checks struct_size. */
pab_status pab__host_take(const pab_host *given, pab_host *out);

/* Zeroed memory aligned to 64 bytes, or NULL. */
void *pab__alloc(const pab_host *host, size_t size);
void pab__release(const pab_host *host, void *ptr, size_t size); /* NULL is allowed */

/* Formats only when the level is wanted. */
void pab__log(const pab_host *host, int32_t level, const char *topic, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Least size of a size-first record: up to the last member that its first release had. A record that grows keeps its
 * least size, so that programs built earlier keep working; sizeof would lock them out. */
#define PAB__UPTO(type, member) ((uint32_t)(offsetof(type, member) + sizeof(((type *)0)->member)))

/* Copies a size-first record out to a caller who may know an older, smaller or a newer, larger one:
 * fills what both know, zeroes the rest, keeps the caller's struct_size. PAB_E_ARGUMENT below `least` bytes. */
pab_status pab__record_out(void *out, const void *full, uint32_t full_size, uint32_t least, const char *what);

/* Can a caller's record be filled in at the end? Long calls ask before they begin. */
pab_status pab__record_check(const void *record, uint32_t least, const char *what);

/* Reads a caller's size-first record into a zeroed full one; unknown non-zero bytes are refused. */
pab_status pab__record_in(void *full, uint32_t full_size, const void *given, uint32_t least, const char *what);

#endif
