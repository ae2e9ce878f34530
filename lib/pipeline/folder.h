/* A run's directory: what was run, and which artefacts are finished. */
#ifndef PAB_PIPELINE_FOLDER_H
#define PAB_PIPELINE_FOLDER_H

#include "base/host.h"

enum { PAB__FOLDER_FILES = 96, PAB__FOLDER_NAME = 48, PAB__FOLDER_PATH = 4096, PAB__FOLDER_HEAD = 2048 };

typedef struct pab__folder {
    pab_host host;
    char dir[PAB__FOLDER_PATH - PAB__FOLDER_NAME - 2];
    char head[PAB__FOLDER_HEAD]; /* lines of the manifest that say what was run */
    uint32_t count;
    char name[PAB__FOLDER_FILES][PAB__FOLDER_NAME];
    uint64_t hash[PAB__FOLDER_FILES];
} pab__folder;

/* Path of a file; `path` has room for PAB__FOLDER_PATH. */
const char *pab__folder_path(const pab__folder *f, const char *name, char *path);

/* Makes the directory where it is missing and clears away what a killed write left. */
pab_status pab__folder_make(pab__folder *f, const pab_host *host, const char *dir);

/* Reads the manifest; *found is 0 where there is none. Every artefact in it is there as it was: PAB_E_CORRUPT for a
 * changed one, while a missing one is dropped from the list. */
pab_status pab__folder_load(pab__folder *f, const pab_host *host, const char *dir, int32_t *found);

int32_t pab__folder_has(const pab__folder *f, const char *name);

/* Enters artefacts (ends with NULL) that are finished, by their hashes, and rewrites the manifest. */
pab_status pab__folder_enter(pab__folder *f, const char *const *names);

/* Deletes a file that may not be there. */
void pab__folder_drop(const pab__folder *f, const char *name);
/* Deletes what a killed run left half-written and of a finished run, checkpoints: a kill can come between an artefact's
 * entry into the manifest and the end of its checkpoint. */
void pab__folder_tidy(const pab__folder *f, int32_t finished);

#endif
