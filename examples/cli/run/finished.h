/**
 * @file finished.h
 * @brief A finished run, opened for its report: result table, criteria, traces and page.
 */
#ifndef PAIRSABIDES_CLI_FINISHED_H
#define PAIRSABIDES_CLI_FINISHED_H

#include <pairsabides/pairsabides.h>

#include <stdio.h>

enum { FINISHED_POLICIES = 48, FINISHED_PATH = 4096 };

/** Open from finished_open to finished_close. */
typedef struct finished {
    const char *dir;
    pab_pipeline *run;
    pab_pipeline_info info;
    pab_eval *eval; /**< the result table; policy 0 is the mixture, "moe" */
} finished;

/** CLI_OK, or an exit code after printing why; close in either case. */
int finished_open(finished *f, const char *dir);
void finished_close(finished *f);

/** Path of a file of the run, in a buffer of FINISHED_PATH. */
const char *finished_path(const finished *f, const char *name, char *path);
/** Makes a file of the run; NULL after printing why. */
FILE *finished_create(const finished *f, const char *name);
/** Closes what finished_create made: CLI_OK, or CLI_FAILED after printing why. */
int finished_saved(const finished *f, const char *name, FILE *file);

int finished_find(const finished *f, const char *policy); /**< number in the table, -1: none */
pab_status finished_summary(const finished *f, const char *policy, int32_t regime, pab_eval_summary *out);
/** Every policy less `base`, in the order of the table. */
pab_status finished_compare(const finished *f, const char *base, int32_t regime, int32_t measure,
                            pab_contrast out[FINISHED_POLICIES]);

const char *finished_regime(int32_t regime); /**< its name; "all" for -1 */
const char *finished_split(int32_t split);   /**< "training", "validation", "test" */
const char *finished_shipped(int32_t shipped); /**< of PAB_SHIPPED_..., a phrase */

#endif
