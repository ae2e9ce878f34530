/* Finding and reading recorded files. */
#ifndef GOLDEN_FILES_H
#define GOLDEN_FILES_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GOLDEN_NAMES 64
#define GOLDEN_PATH 1024

/* Names in a folder that end in `suffix`, sorted, at most GOLDEN_NAMES; the caller frees each. */
static inline int golden_list(const char *dir, const char *suffix, char **names)
{
    struct dirent **found;
    int count = scandir(dir, &found, NULL, alphasort), kept = 0;
    for (int i = 0; i < count; i++) {
        const char *name = found[i]->d_name;
        size_t len = strlen(name), tail = strlen(suffix);
        if (name[0] != '.' && len >= tail && strcmp(name + len - tail, suffix) == 0 && kept < GOLDEN_NAMES)
            names[kept++] = strdup(name);
        free(found[i]);
    }
    if (count >= 0)
        free(found);
    return kept;
}

/* Reads a line without its end; NULL at the end of the file. */
static inline const char *golden_line(gzFile file, char *buf, int cap)
{
    if (!file || !gzgets(file, buf, cap))
        return NULL;
    buf[strcspn(buf, "\n")] = 0;
    return buf;
}

/* Checksum of a file: its lines, each with its end. */
typedef struct golden_sum {
    uint64_t lines;
    uint32_t crc;
} golden_sum;

static inline void golden_add(golden_sum *sum, const char *line)
{
    sum->crc = (uint32_t)crc32(sum->crc, (const Bytef *)line, (uInt)strlen(line));
    sum->crc = (uint32_t)crc32(sum->crc, (const Bytef *)"\n", 1);
    sum->lines++;
}

#endif
