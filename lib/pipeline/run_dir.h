/* A run's directory: what was run, what was decided on validation seeds, which artefacts are finished, and which files
 * the running stage works on. All of it is in memory while a run lasts, and in manifest.json from stage to stage.
 *
 * Of the directory's files a run deletes only those that its manifest names: unfinished ones, and temporaries of a
 * named file, NAME.PID.N.tmp. */
#ifndef PAB_PIPELINE_RUN_DIR_H
#define PAB_PIPELINE_RUN_DIR_H

#include "base/host.h"

enum { PAB__RUN_DIR_FILES = 96, PAB__RUN_DIR_NAME = 48, PAB__RUN_DIR_PATH = 4096, PAB__RUN_DIR_HEAD = 2048,
       PAB__RUN_DIR_DECISIONS = 16, PAB__RUN_DIR_WORD = 16, PAB__RUN_DIR_WORKING = 16 };

typedef struct pab__run_dir {
    pab_host host;
    char dir[PAB__RUN_DIR_PATH - PAB__RUN_DIR_NAME - 2];
    char head[PAB__RUN_DIR_HEAD]; /* lines of the manifest that say what was run */
    uint32_t decisions;
    struct {
        char key[PAB__RUN_DIR_WORD], value[PAB__RUN_DIR_WORD];
    } decision[PAB__RUN_DIR_DECISIONS];
    uint32_t working; /* files of the running stage: artefacts not yet finished, and checkpoints */
    char work[PAB__RUN_DIR_WORKING][PAB__RUN_DIR_NAME];
    uint32_t count;
    char name[PAB__RUN_DIR_FILES][PAB__RUN_DIR_NAME];
    uint64_t hash[PAB__RUN_DIR_FILES];
} pab__run_dir;

/* Path of a file; `path` has room for PAB__RUN_DIR_PATH. */
const char *pab__run_dir_path(const pab__run_dir *f, const char *name, char *path);

/* Makes the directory where it is missing; touches nothing in it. */
pab_status pab__run_dir_create(pab__run_dir *f, const pab_host *host, const char *dir);

/* Reads the manifest; *found is 0 where there is none. PAB_E_CORRUPT where a byte of it or of an artefact is not as it
 * was written; an artefact that is missing is dropped from the list. */
pab_status pab__run_dir_load(pab__run_dir *f, const pab_host *host, const char *dir, int32_t *found);

int32_t pab__run_dir_has(const pab__run_dir *f, const char *name);

/* A decision, or "" where it is not made yet. */
const char *pab__run_dir_decided(const pab__run_dir *f, const char *key);
/* Notes a decision, in place of an earlier one; it is saved with the next artefacts. Words have less than
 * PAB__RUN_DIR_WORD characters. */
void pab__run_dir_decide(pab__run_dir *f, const char *key, const char *value);

/* A stage begins that makes `names` (ends with NULL) and keeps a checkpoint (NULL: none): from now on they are working
 * files. What an earlier stage left unfinished is deleted. Rewrites the manifest. */
pab_status pab__run_dir_begin(pab__run_dir *f, const char *const *names, const char *checkpoint);

/* Enters artefacts (ends with NULL) that are finished, by their hashes, and rewrites the manifest. */
pab_status pab__run_dir_record(pab__run_dir *f, const char *const *names);

/* Deletes a file that may not be there. */
void pab__run_dir_remove(const pab__run_dir *f, const char *name);
/* Deletes temporaries that a killed run left of files that the manifest names. */
void pab__run_dir_clean(const pab__run_dir *f);
/* The run is over: deletes working files, which a kill may have left, and forgets them. */
pab_status pab__run_dir_finish(pab__run_dir *f);

#endif
