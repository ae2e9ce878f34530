#include "base/arena.h"

#include <string.h>

struct pab__arena_block {
    pab__arena_block *next;
    size_t size; /* of the whole block */
    size_t used;
};

enum { BLOCK_SIZE = 16384 };

void pab__arena_init(pab__arena *arena, const pab_host *host)
{
    arena->host = host;
    arena->blocks = NULL;
}

void pab__arena_free(pab__arena *arena)
{
    while (arena->blocks) {
        pab__arena_block *block = arena->blocks;
        arena->blocks = block->next;
        pab__release(arena->host, block, block->size);
    }
}

void *pab__arena_take(pab__arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + 7) & ~(size_t)7;
    pab__arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t least = sizeof *block + size;
        size_t whole = least > BLOCK_SIZE ? least : BLOCK_SIZE;
        block = pab__alloc(arena->host, whole);
        if (!block)
            return NULL;
        block->size = whole;
        block->used = sizeof *block;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *taken = (unsigned char *)block + block->used;
    block->used += size;
    return taken;
}

char *pab__arena_text(pab__arena *arena, const char *text, size_t len)
{
    char *copy = pab__arena_take(arena, len + 1);
    if (copy)
        memcpy(copy, text, len);
    return copy;
}
