/* Memory that is given back all at once. */
#ifndef PAB_BASE_ARENA_H
#define PAB_BASE_ARENA_H

#include "base/host.h"

typedef struct pab__arena_block pab__arena_block;

typedef struct pab__arena {
    const pab_host *host; /* must outlive the arena */
    pab__arena_block *blocks;
} pab__arena;

void pab__arena_init(pab__arena *arena, const pab_host *host);
void pab__arena_free(pab__arena *arena);

/* Zeroed memory aligned to 8 bytes, or NULL. */
void *pab__arena_take(pab__arena *arena, size_t size);

/* A terminated copy of `len` bytes, or NULL without memory. */
char *pab__arena_text(pab__arena *arena, const char *text, size_t len);

#endif
