/**
 * @file cli.h
 * @brief What the commands share: the command table, one parser of typed options, and the one-line errors.
 */
#ifndef PAIRSABIDES_CLI_H
#define PAIRSABIDES_CLI_H

#include <pairsabides/pairsabides.h>

#include <stddef.h>

/** Exit codes. */
enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/** What the value of an option is, and what it is stored as, at `offset` in the command's request. */
typedef enum cli_type {
    CLI_SWITCH,      /**< takes no value: int, set to 1 */
    CLI_SWITCH_OFF,  /**< takes no value: int32_t, set to 0 */
    CLI_TEXT,        /**< const char *, not empty */
    CLI_UINT,        /**< uint32_t */
    CLI_LONG,        /**< uint64_t */
    CLI_REAL,        /**< double */
    CLI_CHOICE,      /**< int32_t: one of `choices` */
    CLI_CHOICES,     /**< uint32_t: some of `choices`, separated by commas; a bit for each */
    CLI_OVERRIDE,    /**< cli_overrides: KEY=VALUE, appended */
    CLI_FILES        /**< cli_files: one or more, up to the next option; appended */
} cli_type;

/** The name of a choice, NULL past the last. */
typedef const char *cli_choices(int32_t index);

/** One option of a command. A table ends with a NULL name. */
typedef struct cli_option {
    const char *name;     /**< "--seed" or "-o" */
    const char *operand;  /**< word for its value in the help; NULL for a switch */
    const char *help;     /**< one line */
    cli_type type;
    size_t offset;        /**< of the field in the request */
    double least, most;   /**< bounds of numbers; both 0: any */
    cli_choices *choices; /**< of CLI_CHOICE and CLI_CHOICES */
    int required;         /**< 1: the command does not work without it */
} cli_option;

/** One positional argument, a const char *; all are required. A table ends with a NULL name. */
typedef struct cli_operand {
    const char *name; /**< "SCENARIO" */
    const char *help; /**< what it is, a phrase */
    size_t offset;    /**< of the field in the request */
} cli_operand;

/** One command. */
typedef struct cli_command {
    const char *name;
    const char *summary;         /**< one line for the list of commands */
    const char *detail;          /**< more for its help, ends in a newline; may be empty */
    const cli_operand *operands; /**< NULL for none */
    const cli_option *options;
    int (*run)(int argc, char **argv); /**< argv[0] is the command's name; returns the exit code */
} cli_command;

/* One line for options that several commands have; `request` is the type, the fields are named as here. */
#define CLI_OPTION_SET(request) \
    {"--set", "KEY=VALUE", "change one key of the scenario; may be repeated; see 'pairsabides schema'", CLI_OVERRIDE, \
     offsetof(request, overrides), 0, 0, NULL, 0}
#define CLI_OPTION_THREADS(request, field) \
    {"--threads", "N", "default: one per processor; the result is the same for any number", CLI_UINT, \
     offsetof(request, field), 0, 1024, NULL, 0}
#define CLI_OPTION_QUIET(request) \
    {"--quiet", NULL, "no progress bar, no table", CLI_SWITCH, offsetof(request, quiet), 0, 0, NULL, 0}
#define CLI_OPTION_END {NULL, NULL, NULL, CLI_SWITCH, 0, 0, 0, NULL, 0}

/** Texts of --set, in order. */
enum { CLI_OVERRIDES = 256 };
typedef struct cli_overrides {
    uint32_t count;
    const char *text[CLI_OVERRIDES]; /**< KEY=VALUE */
} cli_overrides;

/** Files named after one option, lent by argv. */
enum { CLI_FILES_MOST = 4096 };
typedef struct cli_files {
    uint32_t count;
    const char *path[CLI_FILES_MOST];
} cli_files;

/**
 * Reads the arguments of a command into its request, which holds the defaults.
 * @return CLI_OK, or CLI_USAGE after printing which argument is wrong and what was expected
 */
int cli_parse(const cli_command *command, int argc, char **argv, void *request);

extern const char *const cli_program; /**< its name */
extern const char *const cli_about; /**< a sentence for the help */
extern const cli_command *const cli_commands[]; /**< in the order of the help; ends with NULL */

extern const cli_command cli_market_command;
extern const cli_command cli_import_command;
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
extern const cli_command cli_report_command;
extern const cli_command cli_ablate_command;

/** Prints "pairsabides: ..." as one line on stderr and returns CLI_USAGE or CLI_FAILED. */
int cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/**
 * As cli_fail, with the library's last error after `what` (NULL: alone). Where that error names an option of the
 * library, the command's own option is named instead.
 */
int cli_fail_library(const char *what);

/** Threads to use by default: one per processor; 0, the caller's own, on a machine with one. */
uint32_t cli_processors(void);

/** Parses a whole decimal integer; 0 when it is one that fits. */
int cli_parse_int(const char *text, int64_t *out);
int cli_parse_uint(const char *text, uint64_t *out);
/** Parses a finite number; 0 when it is one. The command sets no locale, so its point is a point. */
int cli_parse_real(const char *text, double *out);

#endif
