/**
 * @file status.h
 * @brief Status codes, the text of the last error, and the hooks of a host program.
 *
 * Every function that can fail returns a `pab_status`: 0 is success, negative is an error, and there is
 * no third meaning. On error, out-parameters are left as they were.
 */
#ifndef PAIRSABIDES_STATUS_H
#define PAIRSABIDES_STATUS_H

#include <stdint.h>
#include <stddef.h>

#include <pairsabides/export.h>

PAB_BEGIN_DECLS

/** Result of a call: PAB_OK or one of the negative codes below. */
typedef int32_t pab_status;

/** The one table of codes: name, number, meaning. Numbers are never reused. */
#define PAB_STATUS_TABLE(X)                                              \
    X(PAB_OK, 0, "success")                                              \
    X(PAB_E_ARGUMENT, -1, "an argument is not usable")                   \
    X(PAB_E_MEMORY, -2, "the allocator returned no memory")              \
    X(PAB_E_SYNTAX, -3, "the text is malformed")                         \
    X(PAB_E_KEY, -4, "there is no such key")                             \
    X(PAB_E_TYPE, -5, "the value has the wrong type or unit")            \
    X(PAB_E_RANGE, -6, "the value is out of range")                      \
    X(PAB_E_IO, -7, "the operating system refused a file operation")     \
    X(PAB_E_CORRUPT, -8, "the data is truncated or damaged")             \
    X(PAB_E_VERSION, -9, "the data comes from another format version")   \
    X(PAB_E_KIND, -10, "the data is of another kind or another scenario")\
    X(PAB_E_CAPACITY, -11, "a fixed limit is reached")                   \
    X(PAB_E_STATE, -12, "the call is not possible in this state")        \
    X(PAB_E_CANCELLED, -13, "the caller's hook asked to stop")           \
    X(PAB_E_UNSUPPORTED, -14, "this build or scenario does not offer it")

/** The codes of PAB_STATUS_TABLE. */
enum {
#define PAB_STATUS_ENTRY(name, number, text) name = number,
    PAB_STATUS_TABLE(PAB_STATUS_ENTRY)
#undef PAB_STATUS_ENTRY
};

/** Name of a code ("PAB_E_RANGE"), or "PAB_E_?" for a number not in the table. Static text. */
PAB_API const char *pab_status_name(pab_status status);

/** One-line meaning of a code. Static text. */
PAB_API const char *pab_status_text(pab_status status);

/**
 * Copies this thread's last error sentence (what was at fault, where, what was expected).
 *
 * @param buf  receives the text, always terminated when cap > 0; may be NULL when cap is 0
 * @param cap  bytes in buf
 * @return     length of the whole text without the terminator; 0 when no call has failed on this thread
 */
PAB_API size_t pab_last_error(char *buf, size_t cap);

/** Log levels. */
enum { PAB_LOG_ERROR = 0, PAB_LOG_WARNING = 1, PAB_LOG_INFO = 2, PAB_LOG_DEBUG = 3 };

/**
 * What the embedding program supplies. NULL members mean the default: malloc/free, silent log.
 * The library copies the record; `user` must outlive every handle made with it.
 * `log` runs on the calling thread, the others also on threads of a call; libyaml and zlib do without (docs/api.md).
 */
typedef struct pab_host {
    uint32_t struct_size; /**< sizeof(pab_host), set by pab_host_init */
    int32_t log_level;    /**< most verbose level passed to `log` */
    void *user;           /**< first argument of the callbacks */
    /** Returns `size` bytes aligned to `align` (a power of two), or NULL. */
    void *(*alloc)(void *user, size_t size, size_t align);
    /** Releases what `alloc` returned, with the same size. Never called with NULL. */
    void (*release)(void *user, void *ptr, size_t size);
    /** Receives one finished line without a newline. */
    void (*log)(void *user, int32_t level, const char *topic, const char *text);
} pab_host;

/** Fills in the defaults. `size` is sizeof(pab_host) as the caller knows it. */
PAB_API pab_status pab_host_init(pab_host *host, uint32_t size);

PAB_END_DECLS

#endif
