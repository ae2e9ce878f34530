#include "cli.h"

#include <stdio.h>
#include <string.h>

typedef struct request {
    const char *action, *path;
    uint64_t start; /* ALL_STARTS: all */
    double least;
    int csv;
} request;

#define ALL_STARTS UINT64_MAX

static const cli_operand operands[] = {
    {"show", "the only action there is", offsetof(request, action)},
    {"FILE", "preferences that a run has saved", offsetof(request, path)},
    {NULL, NULL, 0},
};

static const cli_option options[] = {
    {"--start", "N", "one start only, with what each candidate did and its result", CLI_LONG, offsetof(request, start),
     0, UINT32_MAX, NULL, 0},
    {"--min-confidence", "X", "pairs of at least this confidence, 0 to 1; default 0", CLI_REAL,
     offsetof(request, least), 0, 1, NULL, 0},
    {"--csv", NULL, "a row per pair: start,seed,regime,step,segment,held,winner,loser,p,confidence,gain,error",
     CLI_SWITCH, offsetof(request, csv), 0, 0, NULL, 0},
    CLI_OPTION_END,
};

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
        (r->start != ALL_STARTS && pab_prefs_start_get(prefs, (uint32_t)r->start, &start) != PAB_OK))
        return cli_fail_library(r->path);
    if (r->csv)
        printf("start,seed,regime,step,segment,held,winner,loser,p,confidence,gain,error\n");
    else
        printf("%u starts (%u held out), %u trajectories in %u futures, %u pairs, eta %g\n", info.starts, info.held,
               info.trajectories, info.futures, info.pairs, info.eta);
    for (uint32_t i = 0; i < info.starts; i++) {
        if ((r->start != ALL_STARTS && i != (uint32_t)r->start) || pab_prefs_start_get(prefs, i, &start) != PAB_OK)
            continue;
        if (!r->csv)
            printf("start %u: %s, seed %llu, decision %d, segment %d, cell %d%s\n", i, pab_regime_name(start.regime),
                   (unsigned long long)start.seed, start.step, start.segment, start.cell,
                   start.held ? ", held out" : "");
        if (!r->csv && r->start != ALL_STARTS)
            print_tracks(prefs, i, &start);
        print_pairs(prefs, i, &start, r);
    }
    return CLI_OK;
}

static int run(int argc, char **argv)
{
    request r = {.start = ALL_STARTS};
    pab_prefs *prefs = NULL;
    const int code = cli_parse(&cli_prefs_command, argc, argv, &r);
    if (code != CLI_OK)
        return code;
    if (strcmp(r.action, "show") != 0)
        return cli_usage("prefs: there is no action '%s'; expected show", r.action);
    if (pab_prefs_load(NULL, r.path, &prefs) != PAB_OK)
        return cli_fail_library(NULL);
    const int shown = show(prefs, &r);
    pab_prefs_free(prefs);
    return shown;
}

const cli_command cli_prefs_command = {
    .name = "prefs",
    .summary = "show preferences: states, candidates, and how they rank",
    .detail = "",
    .operands = operands,
    .options = options,
    .run = run,
};
