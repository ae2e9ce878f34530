/**
 * @file scenario.h
 * @brief The SCENARIO operand with its --set, and other words that several commands share.
 */
#ifndef PAIRSABIDES_CLI_SCENARIO_H
#define PAIRSABIDES_CLI_SCENARIO_H

#include "cli.h"

#define CLI_SCENARIO_HELP "a YAML file, a preset, or the scenario.json of a recorded ABIDES run"
#define CLI_RUN_HELP "the directory that 'pairsabides run' has written"

/**
 * Makes a scenario of a preset's name, a recorded ABIDES run's scenario.json or a YAML file, then applies every --set.
 * @param command  its name, for errors
 * @param preset   "KEY=VALUE" texts applied before those of --set, ends with NULL; may be NULL
 * @return         CLI_OK, or an exit code after printing why
 */
int cli_make_scenario(const char *command, const char *name, const char *const *preset, const cli_overrides *overrides,
                      pab_scenario **out);

/** The same, not yet frozen; release with pab_config_free. */
int cli_make_config(const char *command, const char *name, const char *const *preset, const cli_overrides *overrides,
                    pab_config **out);

#endif
