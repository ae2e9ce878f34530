#include "cli.h"

#include <stddef.h>

enum { OPT_OUT };

static const cli_option options[] = {
    {"-o", "OUT.yaml", "the file to write"},
    {NULL, NULL, NULL},
};

static int convert(const char *from, const char *to)
{
    pab_config *cfg = NULL;
    int code = CLI_OK;
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_import_abides(cfg, from) != PAB_OK
        || pab_config_save(cfg, to) != PAB_OK)
        code = cli_fail_library(NULL);
    pab_config_free(cfg);
    return code;
}

static int run_import(int argc, char **argv)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    const char *from = NULL;
    const char *to = NULL;
    for (;;) {
        switch (cli_next(&args)) {
        case OPT_OUT:
            to = args.value;
            break;
        case CLI_POSITIONAL:
            if (from)
                return cli_usage("import: expected one SCENARIO.json, got '%s' as well", args.value);
            from = args.value;
            break;
        case CLI_END:
            if (!from)
                return cli_usage("import: expected a SCENARIO.json of a recorded ABIDES run");
            if (!to)
                return cli_usage("import: expected -o OUT.yaml");
            return convert(from, to);
        default:
            return CLI_USAGE;
        }
    }
}

const cli_command cli_import_command = {
    .name = "import",
    .operands = "SCENARIO.json -o OUT.yaml",
    .summary = "turn a recorded ABIDES run's scenario.json into YAML",
    .detail = "",
    .options = options,
    .run = run_import,
};
