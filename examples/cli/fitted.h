/**
 * @file fitted.h
 * @brief What a fit leaves behind: the table of how well it fits, and the scenario with that table as comments.
 */
#ifndef PAIRSABIDES_CLI_FITTED_H
#define PAIRSABIDES_CLI_FITTED_H

#include <pairsabides/pairsabides.h>

#include <stdio.h>

/** Where one leg's data comes from. */
typedef struct fitted_leg {
    const char *quotes;
    const char *trades; /**< may be NULL */
    const char *name;   /**< prefix of its columns; may be NULL */
} fitted_leg;

/** Prints wanted, simulated and ratio of each fact; each line begins with `margin`. */
void fitted_print(FILE *out, const char *margin, const pab_fit_report *report);

/** Writes the scenario with its provenance: CLI_OK, or CLI_FAILED after printing why. */
int fitted_write(const char *path, const fitted_leg legs[2], pab_tape *const tapes[2], const pab_config *cfg,
                 const pab_fit_report *report);

#endif
