#include "cli.h"

const char *const cli_program = "pairsabides";
const char *const cli_about = "Simulated limit-order-book markets, and policies that execute a pair on them.";

const cli_command *const cli_commands[] = {
    &cli_market_command,    &cli_schema_command, &cli_facts_command,  &cli_stage0_command, &cli_import_command,
    &cli_calibrate_command, &cli_evaluate_command, &cli_tune_command, &cli_impact_command, &cli_run_command,
    &cli_report_command,    &cli_play_command,   &cli_ablate_command, &cli_prefs_command,  NULL,
};
