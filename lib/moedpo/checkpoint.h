/* Checkpoints of training: a state of fixed size that belongs to a run, written whole and read whole. */
#ifndef PAB_MOEDPO_CHECKPOINT_H
#define PAB_MOEDPO_CHECKPOINT_H

#include "base/checkpoint.h"

/* path NULL: does nothing. */
pab_status pab__moe_checkpoint_write(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                     const void *state, size_t size);
/* *found: 0 where there is no such file. A file of another run is PAB_E_KIND. */
pab_status pab__moe_checkpoint_read(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                    void *state, size_t size, int32_t *found);

#endif
