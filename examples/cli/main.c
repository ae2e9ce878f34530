#include "cli.h"

#include <stdio.h>
#include <string.h>

static const cli_command *const commands[] = {
    &cli_market_command, &cli_import_command, &cli_book_command, &cli_diff_command, &cli_schema_command,
    &cli_facts_command,
    &cli_evaluate_command, &cli_impact_command,
    &cli_tune_command, &cli_stage0_command, &cli_calibrate_command, &cli_prefs_command,
    &cli_run_command, &cli_play_command, &cli_ablate_command,
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const cli_command *find_command(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    char names[128] = "";
    for (int i = 0; i < COMMAND_COUNT; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", commands[i]->name);
    }
    return cli_usage("unknown command '%s'; expected one of: %s", name, names);
}

static void print_overview(FILE *out)
{
    fprintf(out, "pairsabides %s: ABIDES markets, event for event\n\n", pab_version());
    fprintf(out, "usage: pairsabides COMMAND [ARGUMENT...]\n\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "  %-8s %s\n", "help", "explain a command: pairsabides help COMMAND");
    fprintf(out, "\n  --help, --version\n\n");
    fprintf(out, "Exit codes: 0 success, 1 failure (diff: different), 2 wrong arguments.\n");
}

static void print_command(FILE *out, const cli_command *command)
{
    fprintf(out, "usage: pairsabides %s %s%s\n\n", command->name, command->operands,
            command->options[0].name ? " [OPTION...]" : "");
    fprintf(out, "%s\n", command->summary);
    if (command->detail[0])
        fprintf(out, "\n%s", command->detail);
    if (command->options[0].name)
        fprintf(out, "\n");
    for (const cli_option *o = command->options; o->name; o++) {
        char left[48];
        snprintf(left, sizeof left, "%s %s", o->name, o->operand ? o->operand : "");
        fprintf(out, "  %-20s %s\n", left, o->help);
    }
}

static int help(int argc, char **argv)
{
    if (argc > 2)
        return cli_usage("help: expected one COMMAND, got '%s' as well", argv[2]);
    if (argc == 1) {
        print_overview(stdout);
        return CLI_OK;
    }
    const cli_command *command = find_command(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    print_command(stdout, command);
    return CLI_OK;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2)
        return cli_usage("expected a COMMAND; see 'pairsabides --help'");
    if (strcmp(argv[1], "help") == 0)
        return help(argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_overview(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("pairsabides %s\n", pab_version());
        return CLI_OK;
    }
    const cli_command *command = find_command(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_command(stdout, command);
            return CLI_OK;
        }
    }
    return command->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    int code = dispatch(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == CLI_OK)
        return cli_fail("cannot write to standard output");
    return code;
}
