#include "cli.h"
#include "run/episode.h"
#include "scenario.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct request {
    const char *dir, *policy;
    uint64_t seed;
    int32_t regime;
    int csv;
} request;

static const cli_operand operands[] = {{"DIR", CLI_RUN_HELP, offsetof(request, dir)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--policy", "NAME", "moe (default), distilled, sip, uniform, q:lae ..., or any of 'pairsabides evaluate'",
     CLI_TEXT, offsetof(request, policy), 0, 0, NULL, 0},
    {"--seed", "N", "number of the validation episode, or a whole seed of 2^48 or more; default 1", CLI_LONG,
     offsetof(request, seed), 0, 0, NULL, 0},
    {"--regime", "NAME", "calm (default), volatile, thin, crumbling, megashock", CLI_CHOICE, offsetof(request, regime),
     0, 0, pab_regime_name, 0},
    {"--csv", NULL, "a row per decision: step,time,mid_a,mid_b,hedge,action_a,action_b,filled_a,filled_b,cost,why",
     CLI_SWITCH, offsetof(request, csv), 0, 0, NULL, 0},
    CLI_OPTION_END,
};

enum { WHY_SIZE = 2000 };

/* --- One decision --- */

static double hedge_of(const pab_env_status *s)
{
    return s->parent[0] > 0 ? s->hedge_error / (double)s->parent[0] : 0;
}

static void print_fills(const pab_env *env, const pab_env_status *before, uint32_t had)
{
    pab_fill fills[PAB_ENV_FILLS_KEPT];
    uint32_t n = pab_env_fills(env, fills, PAB_ENV_FILLS_KEPT);
    /* Once the oldest are dropped, times say what is new. */
    for (uint32_t i = had < n ? had : 0; i < n; i++)
        if (fills[i].time >= before->now)
            printf("    %8.3f s  leg %c  %s %" PRId64 " at %" PRId64 ", %s\n",
                   1e-9 * (double)(fills[i].time - before->start), fills[i].leg == 0 ? 'A' : 'B',
                   before->side[fills[i].leg] == PAB_BUY ? "bought" : "sold", fills[i].quantity, fills[i].price,
                   fills[i].passive ? "resting" : "taking");
}

static void print_decision(const pab_env_status *s, const pab_decision *d, const char *why)
{
    printf("%3d/%d  %6.1f s  A %.1f (%.0f/%.0f)  B %.1f (%.0f/%.0f)  filled %" PRId64 "/%" PRId64 " and %" PRId64
           "/%" PRId64 "  h %+.2f %%\n", s->step + 1, s->steps, 1e-9 * (double)(s->now - s->start), s->mid[0],
           s->near_price[0], s->far_price[0], s->mid[1], s->near_price[1], s->far_price[1], s->filled[0], s->parent[0],
           s->filled[1], s->parent[1], 100 * hedge_of(s));
    printf("  A %s, B %s", pab_action_name(d->action[0]), pab_action_name(d->action[1]));
    if (d->quantity[0] > 0 || d->quantity[1] > 0)
        printf(" (exactly %" PRId64 " and %" PRId64 " shares)", d->quantity[0], d->quantity[1]);
    printf("\n  %s\n", why);
}

/* Quotes inside the last field are doubled. */
static void print_row(const pab_env_status *s, const pab_decision *d, const pab_step_result *r, double cost,
                      const char *why)
{
    printf("%d,%.3f,%.10g,%.10g,%.10g,%s,%s,%" PRId64 ",%" PRId64 ",%.10g,\"", s->step,
           1e-9 * (double)(s->now - s->start), s->mid[0], s->mid[1], hedge_of(s), pab_action_name(d->action[0]),
           pab_action_name(d->action[1]), r->filled[0], r->filled[1], cost);
    for (; *why; why++)
        printf(*why == '"' ? "\"\"" : "%c", *why);
    printf("\"\n");
}

/* What is known before a decision, for the line after it. */
typedef struct telling {
    const request *r;
    pab_env_status before;
    uint32_t fills;
    char why[WHY_SIZE];
} telling;

static pab_status look(void *user, const pab_env *env, pab_policy *policy)
{
    telling *t = user;
    t->before = (pab_env_status){.struct_size = sizeof t->before};
    t->fills = pab_env_fills(env, NULL, 0);
    t->why[0] = '\0';
    pab_status status = pab_env_describe(env, &t->before);
    return status == PAB_OK ? pab_policy_explain(policy, env, t->why, sizeof t->why) : status;
}

static pab_status print_step(void *user, const pab_env *env, const pab_decision *d, const pab_step_result *result)
{
    const telling *t = user;
    const double cost = result->cost.shortfall[0] + result->cost.shortfall[1];
    if (t->r->csv) {
        print_row(&t->before, d, result, cost, t->why);
        return PAB_OK;
    }
    print_decision(&t->before, d, t->why);
    print_fills(env, &t->before, t->fills);
    printf("  cost of the step: IS %.3f bps (A %.3f, B %.3f), hedge %.3f%s\n\n", cost, result->cost.shortfall[0],
           result->cost.shortfall[1], result->cost.hedge, result->flags & PAB_STEP_FORCED ? ", liquidated" : "");
    return PAB_OK;
}

/* --- The episode --- */

static pab_status play(const request *r, pab_env *env, pab_policy *policy)
{
    const uint64_t seed = r->seed >> 48 ? r->seed : pab_seed(PAB_SPLIT_VALIDATION, r->regime, r->seed);
    telling t = {.r = r};
    const episode_watch watch = {.user = &t, .before = look, .after = print_step};
    pab_episode_metrics m = {.struct_size = sizeof m};
    if (r->csv)
        printf("step,time,mid_a,mid_b,hedge,action_a,action_b,filled_a,filled_b,cost,why\n");
    pab_status status = episode_play(env, policy, seed, &watch);
    if (status == PAB_OK)
        status = pab_env_metrics(env, &m);
    if (status == PAB_OK && !r->csv)
        printf("%s, seed %" PRIu64 ": IS %.3f bps (spread %.3f, impact %.3f, drift %.3f), TE %.3f %%, cost %.3f bps; "
               "filled %.1f %% before liquidation, %.1f %% of it passive\n", r->policy, seed, m.shortfall,
               m.cost_spread, m.cost_impact, m.cost_drift, m.tracking_error, m.pair_cost, 100 * m.completion,
               100 * m.passive);
    return status;
}

static int run_play(int argc, char **argv)
{
    request r = {.policy = "moe", .seed = 1};
    pab_pipeline *run = NULL;
    pab_policy *policy = NULL;
    pab_env *env = NULL;
    int code = cli_parse(&cli_play_command, argc, argv, &r);
    if (code != CLI_OK)
        return code;
    pab_status status = pab_pipeline_open(NULL, r.dir, &run);
    if (status == PAB_OK)
        status = pab_pipeline_policy(run, r.policy, &policy);
    if (status == PAB_OK)
        status = pab_env_new(pab_pipeline_scenario(run), &env);
    if (status == PAB_OK)
        status = play(&r, env, policy);
    if (status != PAB_OK)
        code = cli_fail_library("play");
    pab_env_free(env);
    pab_policy_free(policy);
    pab_pipeline_free(run);
    return code;
}

const cli_command cli_play_command = {
    .name = "play",
    .summary = "play one episode by a policy of a run, and explain every decision",
    .detail = "The run may be unfinished. Prices are ticks; h is the hedge error as a share of the parent order;\n"
              "times count from the start of the execution.\n",
    .operands = operands,
    .options = options,
    .run = run_play,
};
