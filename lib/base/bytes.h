/* Little-endian bytes: written into memory that grows, or read with a check of the end.
 *
 * What the library stores (tables, ensembles, preferences, checkpoints) is written by these functions, so that a file
 * is the same on every machine. Writing: start with {.host = ...}, put, and save or free. Reading: pab__bytes_load, or
 * lend memory by {.data, .len}; get, then look at `bad` once. */
#ifndef PAB_BASE_BYTES_H
#define PAB_BASE_BYTES_H

#include "base/file.h"

typedef struct pab__bytes {
    const pab_host *host; /* must outlive the bytes */
    unsigned char *data;
    size_t room; /* 0: lent, for reading */
    size_t len;  /* written, or to be read */
    size_t at;   /* read so far */
    int bad;     /* memory ran out, or a read past the end */
} pab__bytes;

void pab__bytes_free(pab__bytes *b);

void pab__bytes_put(pab__bytes *b, const void *data, size_t len);
void pab__bytes_put_u8(pab__bytes *b, uint8_t value);
void pab__bytes_put_u32(pab__bytes *b, uint32_t value);
void pab__bytes_put_u64(pab__bytes *b, uint64_t value);
void pab__bytes_put_real(pab__bytes *b, double value); /* IEEE 754 bits */

/* 0 past the end, where `bad` is set. */
uint8_t pab__bytes_get_u8(pab__bytes *b);
uint32_t pab__bytes_get_u32(pab__bytes *b);
uint64_t pab__bytes_get_u64(pab__bytes *b);
double pab__bytes_get_real(pab__bytes *b);
double pab__bytes_get_finite(pab__bytes *b); /* sets `bad` for what is no number or infinite, too */
void pab__bytes_get(pab__bytes *b, void *out, size_t len); /* zeros past the end */

/* 1 when all was read and no read went past the end. */
static inline int pab__bytes_ended(const pab__bytes *b)
{
    return !b->bad && b->at == b->len;
}

/* Bytes that can still be read: an upper bound for what a file may ask memory for. */
static inline size_t pab__bytes_left(const pab__bytes *b)
{
    return b->bad ? 0 : b->len - b->at;
}

/* 1 when all n numbers are finite: training gives no others, and a checksum does not see them. */
int pab__all_finite(const double *x, size_t n);

/* Hash of all that was written; frees it. `what` stands in the error where memory ran out. */
pab_status pab__bytes_hash(pab__bytes *b, const char *what, uint64_t *out);

/* A framed file: pab__bytes_frame leaves room for the head, then the payload is put, then saved. */
void pab__bytes_frame(pab__bytes *b);
pab_status pab__bytes_save(pab__bytes *b, const pab__file_kind *kind, const char *path);

/* Reads such a file; `b` owns its memory, and stands at the payload. `host` must outlive it. */
pab_status pab__bytes_load(const pab_host *host, const pab__file_kind *kind, const char *path, pab__bytes *b);

#endif
