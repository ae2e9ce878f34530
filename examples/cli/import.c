#include "cli.h"

typedef struct request {
    const char *from, *to;
} request;

static const cli_operand operands[] = {
    {"SCENARIO.json", "the scenario of a recorded ABIDES run", offsetof(request, from)},
    {NULL, NULL, 0},
};

static const cli_option options[] = {
    {"-o", "OUT.yaml", "the file to write", CLI_TEXT, offsetof(request, to), 0, 0, NULL, 1},
    CLI_OPTION_END,
};

static int run(int argc, char **argv)
{
    request r = {0};
    pab_config *cfg = NULL;
    int code = cli_parse(&cli_import_command, argc, argv, &r);
    if (code != CLI_OK)
        return code;
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_import_abides(cfg, r.from) != PAB_OK ||
        pab_config_save(cfg, r.to) != PAB_OK)
        code = cli_fail_library(NULL);
    pab_config_free(cfg);
    return code;
}

const cli_command cli_import_command = {
    .name = "import",
    .summary = "turn a recorded ABIDES run's scenario.json into YAML",
    .detail = "",
    .operands = operands,
    .options = options,
    .run = run,
};
