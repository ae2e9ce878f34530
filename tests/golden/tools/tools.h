/**
 * @file tools.h
 * @brief The commands that replay and compare recorded runs; parser and text files are those of examples/cli.
 */
#ifndef PAIRSABIDES_GOLDEN_TOOLS_H
#define PAIRSABIDES_GOLDEN_TOOLS_H

#include "cli.h"

extern const cli_command cli_book_command;
extern const cli_command cli_diff_command;

#endif
