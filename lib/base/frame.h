/* Checksummed frames around a payload: magic "PAIRSABI", kind, format version, length, payload, XXH3-64;
 * little-endian. */
#ifndef PAB_BASE_FRAME_H
#define PAB_BASE_FRAME_H

#include "base/host.h"

/* Four letters that name what a file holds. */
typedef struct pab__file_kind {
    char kind[4];
    uint32_t version; /* newest format this library writes and reads */
    const char *what; /* "market state": for errors */
} pab__file_kind;

/* Bytes that framing adds to a payload. */
#define PAB__FRAME_SIZE 40

/* Frames `payload_len` bytes already placed at buf + PAB__FRAME_SIZE - 8; buf has room for PAB__FRAME_SIZE more. */
void pab__frame_seal(const pab__file_kind *kind, void *buf, size_t payload_len);

/* Checks a frame; on success *payload and *payload_len point into buf. `name` stands in errors. */
pab_status pab__frame_open(const pab__file_kind *kind, const void *buf, size_t len, const char *name,
                           const void **payload, size_t *payload_len);

#endif
