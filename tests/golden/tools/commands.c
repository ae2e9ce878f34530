#include "tools.h"

const char *const cli_program = "golden_tools";
const char *const cli_about = "Replays recorded order-book streams and compares recorded runs.";

const cli_command *const cli_commands[] = {&cli_book_command, &cli_diff_command, NULL};
