#include "parse.h"

#include <stdio.h>
#include <string.h>

static const cli_command *find_command(const char *name)
{
    for (int i = 0; cli_commands[i]; i++) {
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    char names[256] = "";
    for (int i = 0; cli_commands[i]; i++)
        cli_list(names, sizeof names, cli_commands[i]->name);
    return cli_usage("unknown command '%s'; expected one of: %s", name, names);
}

static void print_overview(FILE *out)
{
    fprintf(out, "usage: %s COMMAND [ARGUMENT...]\n\n%s Version %s.\n\n", cli_program, cli_about, pab_version());
    for (int i = 0; cli_commands[i]; i++)
        fprintf(out, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    fprintf(out, "  %-10s explain a command: %s help COMMAND, or COMMAND --help\n", "help", cli_program);
    fprintf(out, "\n  --help     this text\n  --version  the version\n\n");
    fprintf(out, "Exit codes: 0 success, 1 failure, 2 wrong arguments. Errors are one line on stderr.\n");
}

static void print_left(FILE *out, const char *name, const char *operand, const char *help)
{
    char left[64];
    snprintf(left, sizeof left, "%s%s%s", name, operand ? " " : "", operand ? operand : "");
    fprintf(out, "  %-22s %s\n", left, help);
}

/* usage, summary, detail, arguments, options: the same for every command. */
static void print_command(FILE *out, const cli_command *command)
{
    fprintf(out, "usage: %s %s", cli_program, command->name);
    for (const cli_operand *o = command->operands; o && o->name; o++)
        fprintf(out, " %s", o->name);
    for (const cli_option *o = command->options; o->name; o++)
        if (o->required)
            fprintf(out, " %s %s", o->name, o->operand);
    fprintf(out, " [OPTION...]\n\n%s\n", command->summary);
    if (command->detail[0])
        fprintf(out, "\n%s", command->detail);
    if (command->operands)
        fprintf(out, "\n");
    for (const cli_operand *o = command->operands; o && o->name; o++)
        print_left(out, o->name, NULL, o->help);
    fprintf(out, "\n");
    for (const cli_option *o = command->options; o->name; o++)
        print_left(out, o->name, o->operand, o->help);
    print_left(out, "--help", NULL, "this text");
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
        return cli_usage("expected a COMMAND; see '%s --help'", cli_program);
    if (strcmp(argv[1], "help") == 0)
        return help(argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_overview(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("%s %s\n", cli_program, pab_version());
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
