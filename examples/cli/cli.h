/**
 * @file cli.h
 * @brief What the commands share: the command table, arguments, and the one-line errors.
 */
#ifndef PAIRSABIDES_CLI_H
#define PAIRSABIDES_CLI_H

#include <pairsabides/pairsabides.h>

/** Exit codes. `diff` uses 1 for "different". */
enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/** One option of a command. A list ends with a NULL name. */
typedef struct cli_option {
    const char *name;    /**< "--seed" or "-o" */
    const char *operand; /**< word for its value in the help, NULL for a switch */
    const char *help;    /**< one line */
} cli_option;

/** One command. */
typedef struct cli_command {
    const char *name;
    const char *operands;      /**< positional part of the usage line */
    const char *summary;       /**< one line for the list of commands */
    const char *detail;        /**< more for `help COMMAND`, ends in a newline; may be empty */
    const cli_option *options; /**< ends with a NULL name */
    int (*run)(int argc, char **argv); /**< argv[0] is the command's name; returns the exit code */
} cli_command;

extern const cli_command cli_market_command;
extern const cli_command cli_import_command;
extern const cli_command cli_book_command;
extern const cli_command cli_diff_command;
extern const cli_command cli_schema_command;
extern const cli_command cli_facts_command;
extern const cli_command cli_evaluate_command;
extern const cli_command cli_impact_command;
extern const cli_command cli_stage0_command;
extern const cli_command cli_calibrate_command;
extern const cli_command cli_prefs_command;
extern const cli_command cli_run_command;
extern const cli_command cli_play_command;
extern const cli_command cli_tune_command;
extern const cli_command cli_ablate_command;

/** Walks over a command's arguments; zero-initialise but for the first three members. */
typedef struct cli_args {
    int argc;
    char **argv;
    const cli_option *options;
    int next;          /**< index of the argument last looked at */
    int no_options;    /**< "--" was seen */
    const char *name;  /**< option as it was given */
    const char *value; /**< operand of the option, or the positional argument */
} cli_args;

/** Results of cli_next besides the index of an option. */
enum { CLI_POSITIONAL = -1, CLI_END = -2, CLI_BAD = -3 };

/** Next argument: an index into `options` or one of the codes above. CLI_BAD has printed its line. */
int cli_next(cli_args *args);

/** Takes one option of a command, an index into its options. */
typedef int cli_take(void *request, int option, const cli_args *args);
/** Walks over the arguments of a command on one SCENARIO, kept in `*scenario`; a second one or none is refused. */
int cli_read_arguments(const char *command, cli_args *args, const char **scenario, cli_take *take, void *request);

/** Prints "pairsabides: ..." as one line on stderr and returns CLI_USAGE or CLI_FAILED. */
int cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** As cli_fail, with the library's last error after `what` (NULL: alone). */
int cli_fail_library(const char *what);

/** Threads to use when nobody says: one per processor; 0, the caller's own, on a machine with one. */
uint32_t cli_processors(void);

/** Parses a whole decimal integer; 0 when it is one that fits. */
int cli_parse_int(const char *text, int64_t *out);
int cli_parse_uint(const char *text, uint64_t *out);
/** Parses the operand of the option last met as a number in bounds; CLI_USAGE with a line that names `command`. */
int cli_read_number(const char *command, const cli_args *args, uint64_t least, uint64_t most, uint64_t *out);

#endif
