/* Whole files, written and read at once. Only regular files take part: a name that leads to a device, a pipe or a
 * folder is refused before it is opened. */
#ifndef PAB_BASE_FILE_H
#define PAB_BASE_FILE_H

#include "base/frame.h"

/* Writes a temporary file beside the target, syncs it and renames it, so that readers see the old bytes or the new
 * ones. The target is the file that `path` leads to through symbolic links. A file that was there keeps its mode and
 * owner. */
pab_status pab__file_write(const char *path, const void *data, size_t len);

/* Adds bytes at the end of a file, which is made where there is none. */
pab_status pab__file_append(const char *path, const void *data, size_t len);

/* Opens a regular file for reading; the caller closes *fd. */
pab_status pab__file_open(const char *path, int *fd);

/* Reads a whole file into memory released by the caller with pab__release(host, *data, *len + 1);
 * a NUL ends it. */
pab_status pab__file_read(const pab_host *host, const char *path, size_t limit, void **data, size_t *len);

/* 1 where anything has this name, 0 where nothing has. */
int pab__file_exists(const char *path);

#endif
