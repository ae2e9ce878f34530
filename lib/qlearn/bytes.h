/* Little-endian bytes, written into memory that grows, or read with a check of the end. */
#ifndef PAB_QLEARN_BYTES_H
#define PAB_QLEARN_BYTES_H

#include "base/file.h"

typedef struct pab__bytes {
    pab_host host;
    unsigned char *data;
    size_t room; /* 0: lent, for reading */
    size_t len;  /* written, or to be read */
    size_t at;   /* read so far */
    int bad;     /* no memory, or read past the end */
} pab__bytes;

void pab__bytes_free(pab__bytes *b);

void pab__put(pab__bytes *b, uint64_t value, int bytes);
void pab__put_real(pab__bytes *b, double value);
uint64_t pab__get(pab__bytes *b, int bytes); /* 0 past the end */
double pab__get_real(pab__bytes *b);

/* A framed file: pab__bytes_frame leaves room for the head, then the payload is put. */
void pab__bytes_frame(pab__bytes *b);
pab_status pab__bytes_save(pab__bytes *b, const pab__file_kind *kind, const char *path);

/* Reads such a file; `b` owns its memory, and stands at the payload. */
pab_status pab__bytes_load(const pab_host *host, const pab__file_kind *kind, const char *path, pab__bytes *b);

#endif
