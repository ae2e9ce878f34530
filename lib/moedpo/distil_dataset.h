/* Data sets of distillation: inputs, and the target of each.
 *
 * distil_collect.h fills them, distil_epochs.h learns from them, distil.c keeps them in files. Make one with
 * pab__distil_dataset_init, free it with pab__distil_dataset_free. */
#ifndef PAB_MOEDPO_DISTIL_DATASET_H
#define PAB_MOEDPO_DISTIL_DATASET_H

#include "moedpo/distil_target.h"

typedef struct pab__distil_dataset {
    pab_host host;
    pab__mixture_input *inputs;
    pab__distil_target *targets;
    uint8_t *held_out; /* 1: not trained on */
    uint32_t count, cap;
} pab__distil_dataset;

void pab__distil_dataset_init(pab__distil_dataset *dataset, const pab_host *host);
void pab__distil_dataset_free(pab__distil_dataset *dataset);
/* Makes room for `more` states behind those that are there. */
pab_status pab__distil_dataset_reserve(pab__distil_dataset *dataset, uint32_t more);
/* Writes the states from number `from` on to a file that belongs to run `run`. path NULL: does nothing. */
pab_status pab__distil_dataset_save(const pab__distil_dataset *dataset, uint32_t from, const char *path, uint64_t run);
/* Appends the `count` states of a file. PAB_E_IO without the file, PAB_E_KIND for one of another run. */
pab_status pab__distil_dataset_load(pab__distil_dataset *dataset, uint32_t count, const char *path, uint64_t run);

#endif
