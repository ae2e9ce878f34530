/* Episodes of a table, played in blocks with a checkpoint after each, and their file. */
#ifndef PAB_PIPELINE_RESULT_TABLE_H
#define PAB_PIPELINE_RESULT_TABLE_H

#include "pipeline/run.h"

/* Of the result table: whatever is held against it plays the same episodes. */
pab_status pab__result_options(const pab__run *run, pab_eval_options *out);
/* Plays what is missing, as a part of the stage under way, and writes artefact `file`; `kept` is the checkpoint. A use
 * of test seeds is noted down first. */
pab_status pab__result_play(pab__run *run, pab_eval *eval, pab_policy *const *policy, const char *file,
                            const char *kept);
pab_status pab__result_load(const pab__run *run, pab_eval *eval, const char *file); /* nothing where there is none */

#endif
