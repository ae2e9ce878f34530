/**
 * @file scenario.h
 * @brief The SCENARIO operand and --set, which several commands share.
 */
#ifndef PAIRSABIDES_CLI_SCENARIO_H
#define PAIRSABIDES_CLI_SCENARIO_H

#include "cli.h"

/** The value of the --set just read is KEY=VALUE: CLI_OK, or CLI_USAGE after printing why. */
int cli_check_override(const cli_args *args);

/**
 * Makes a scenario of a preset's name, a recorded ABIDES run's scenario.json or a YAML file, then applies every --set.
 * @param args    the command's arguments, not yet walked over
 * @param preset  "KEY=VALUE" texts applied before those of --set, ends with NULL; may be NULL
 * @return        CLI_OK, or an exit code after printing why
 */
int cli_make_scenario(const cli_args *args, const char *name, const char *const *preset, pab_scenario **out);

/** The same, not yet frozen; release with pab_config_free. */
int cli_make_config(const cli_args *args, const char *name, const char *const *preset, pab_config **out);

#endif
