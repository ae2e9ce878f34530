#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_START, OPT_CONFIDENCE, OPT_CSV };

static const cli_option options[] = {
    {"--start", "N", "one start only, with what each candidate did and came to"},
    {"--min-confidence", "X", "pairs of at least this confidence, 0 to 1; default 0"},
    {"--csv", NULL, "a row per pair: start,seed,regime,step,segment,held,winner,loser,p,confidence,gain,error"},
    {NULL, NULL, NULL},
};

typedef struct request {
    const char *path;
    int64_t start; /* -1: all */
    double least;
    int csv;
} request;

static int read_option(request *r, int option, const cli_args *args)
{
    uint64_t n;
    char *end;
    switch (option) {
    case OPT_START:
        if (cli_parse_uint(args->value, &n) != 0 || n > UINT32_MAX)
            return cli_usage("prefs: --start expects a number from 0 to 4294967295, not '%s'", args->value);
        r->start = (int64_t)n;
        return CLI_OK;
    case OPT_CONFIDENCE:
        r->least = strtod(args->value, &end);
        if (end == args->value || *end != '\0' || !(r->least >= 0 && r->least <= 1))
            return cli_usage("prefs: --min-confidence expects a number from 0 to 1, not '%s'", args->value);
        return CLI_OK;
    default: r->csv = 1; return CLI_OK;
    }
}

static int read_arguments(int argc, char **argv, request *r)
{
    cli_args args = {.argc = argc, .argv = argv, .options = options};
    int option, code = CLI_OK, words = 0;
    while (code == CLI_OK && (option = cli_next(&args)) != CLI_END) {
        if (option == CLI_BAD)
            return CLI_USAGE;
        if (option != CLI_POSITIONAL)
            code = read_option(r, option, &args);
        else if (words++ == 0 && strcmp(args.value, "show") != 0)
            code = cli_usage("prefs: there is no action '%s'; expected show", args.value);
        else if (words == 2)
            r->path = args.value;
        else if (words > 2)
            code = cli_usage("prefs: expected one FILE, got '%s' as well", args.value);
    }
    if (code == CLI_OK && !r->path)
        return cli_usage("prefs: expected show FILE");
    return code;
}

static void print_candidates(uint32_t bits)
{
    const char *before = "";
    for (uint32_t c = 0; bits >> c; c++) {
        if (!(bits >> c & 1))
            continue;
        if (c < PAB_EXPERT_COUNT)
            printf("%s%s", before, pab_policy_builtin(c));
        else if (c == PAB_PREFS_ENSEMBLE)
            printf("%sensemble", before);
        else
            printf("%sextra %u", before, c - PAB_PREFS_FIRST_EXTRA);
        before = ", ";
    }
}

static void print_tracks(const pab_prefs *prefs, uint32_t number, const pab_prefs_start *start)
{
    for (uint32_t t = 0; t < start->trajectories; t++) {
        pab_prefs_trajectory trajectory = {.struct_size = sizeof trajectory};
        if (pab_prefs_trajectory_get(prefs, number, t, &trajectory) != PAB_OK)
            continue;
        printf("  trajectory %u: %s / %s, score %.3f bps (IS to go %.3f, TE %.2f %%, forced %.1f %%): ", t,
               pab_action_name(trajectory.action / PAB_ENV_LEG_ACTIONS),
               pab_action_name(trajectory.action % PAB_ENV_LEG_ACTIONS), trajectory.score,
               trajectory.shortfall[0] + trajectory.shortfall[1], trajectory.tracking, 100 * trajectory.forced);
        print_candidates(trajectory.candidates);
        printf("\n");
    }
}

static void print_pairs(const pab_prefs *prefs, uint32_t number, const pab_prefs_start *start, const request *r)
{
    for (uint32_t k = 0; k < start->pairs; k++) {
        pab_prefs_pair pair = {.struct_size = sizeof pair};
        if (pab_prefs_pair_get(prefs, number, k, &pair) != PAB_OK || pair.confidence < r->least)
            continue;
        if (r->csv)
            printf("%u,%llu,%s,%d,%d,%d,%u,%u,%.6g,%.6g,%.6g,%.6g\n", number, (unsigned long long)start->seed,
                   pab_regime_name(start->regime), start->step, start->segment, start->held, pair.winner, pair.loser,
                   pair.p, pair.confidence, pair.gain, pair.error);
        else
            printf("  trajectory %u over %u: p %.3f, gain %.3f bps (SE %.3f)\n", pair.winner, pair.loser, pair.p,
                   pair.gain, pair.error);
    }
}

static int show(const pab_prefs *prefs, const request *r)
{
    pab_prefs_info info = {.struct_size = sizeof info};
    pab_prefs_start start = {.struct_size = sizeof start};
    if (pab_prefs_describe(prefs, &info) != PAB_OK ||
        (r->start >= 0 && pab_prefs_start_get(prefs, (uint32_t)r->start, &start) != PAB_OK))
        return cli_fail_library(r->path);
    if (r->csv)
        printf("start,seed,regime,step,segment,held,winner,loser,p,confidence,gain,error\n");
    else
        printf("%u starts (%u held out), %u trajectories in %u futures, %u pairs, eta %g\n", info.starts, info.held,
               info.trajectories, info.futures, info.pairs, info.eta);
    for (uint32_t i = 0; i < info.starts; i++) {
        if ((r->start >= 0 && i != (uint32_t)r->start) || pab_prefs_start_get(prefs, i, &start) != PAB_OK)
            continue;
        if (!r->csv)
            printf("start %u: %s, seed %llu, decision %d, segment %d, cell %d%s\n", i, pab_regime_name(start.regime),
                   (unsigned long long)start.seed, start.step, start.segment, start.cell,
                   start.held ? ", held out" : "");
        if (!r->csv && r->start >= 0)
            print_tracks(prefs, i, &start);
        print_pairs(prefs, i, &start, r);
    }
    return CLI_OK;
}

static int run(int argc, char **argv)
{
    request r = {.start = -1};
    pab_prefs *prefs = NULL;
    int code = read_arguments(argc, argv, &r);
    if (code != CLI_OK)
        return code;
    if (pab_prefs_load(NULL, r.path, &prefs) != PAB_OK)
        return cli_fail_library(NULL);
    code = show(prefs, &r);
    pab_prefs_free(prefs);
    return code;
}

const cli_command cli_prefs_command = {
    "prefs", "show FILE", "show preferences: states, candidates, and how they rank", "", options, run,
};
