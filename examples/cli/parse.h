/**
 * @file parse.h
 * @brief The inside of the parser that the help and the errors use.
 */
#ifndef PAIRSABIDES_CLI_PARSE_H
#define PAIRSABIDES_CLI_PARSE_H

#include "cli.h"

/** Whether the command that was parsed last has this option. */
int cli_has_option(const char *name);

/** Appends names separated by ", " in a buffer that holds a text. */
void cli_list(char *buf, size_t cap, const char *name);

#endif
