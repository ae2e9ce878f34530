/* Facts of simulated pairs, or the realism report beside recorded ones. */
#include "cli.h"
#include "judge.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEGS = 2, PAIR_FACTS = PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST, ALL = LEGS * PAB_LEG_FACT_COUNT + PAIR_FACTS };

#define MINUTE INT64_C(60000000000)
#define WARM_UP (5 * MINUTE)

typedef struct request {
    const char *scenario, *figures, *session;
    const char *names[LEGS]; /* of the recorded legs */
    uint64_t seeds;
    double tick;
    int csv, markdown;
    int64_t from, to; /* ns since midnight of recorded days; equal: all */
    cli_files against;
    cli_overrides overrides;
} request;

#define FIELD(name) offsetof(request, name)

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--seeds", "N", "markets to simulate, seeds 1 to N; default 20", CLI_LONG, FIELD(seeds), 1, 100000, NULL, 0},
    CLI_OPTION_SET(request),
    {"--against", "FILES", "recorded quotes and trades, or LOBSTER messages, of two legs: any number of days",
     CLI_FILES, FIELD(against), 0, 0, NULL, 0},
    {"--name-a", "NAME", "of leg A's files; default: the part of the files' names that differs", CLI_TEXT,
     FIELD(names[0]), 0, 0, NULL, 0},
    {"--name-b", "NAME", "of leg B's files", CLI_TEXT, FIELD(names[1]), 0, 0, NULL, 0},
    {"--session", "FROM-TO", "HH:MM:SS-HH:MM:SS of each recorded day, on the clock of the files; default: all rows",
     CLI_TEXT, FIELD(session), 0, 0, NULL, 0},
    {"--figures", "DIR", "with --against: write charts (SVG) of both into DIR", CLI_TEXT, FIELD(figures), 0, 0, NULL,
     0},
    {"--tick", "UNIT", "currency units per simulated tick; default: exchange.tick_value", CLI_REAL, FIELD(tick), 1e-12,
     1e12, NULL, 0},
    {"--csv", NULL, "comma-separated values instead of a table", CLI_SWITCH, FIELD(csv), 0, 0, NULL, 0},
    {"--markdown", NULL, "with --against: judged rows as tables of Markdown", CLI_SWITCH, FIELD(markdown), 0, 0, NULL,
     0},
    CLI_OPTION_END,
};

/* Means over markets or days; facts that are not known do not count. */
typedef struct facts {
    double sum[ALL];
    int count[ALL];
} facts;

static int add(facts *f, pab_tape *const *tapes)
{
    double values[ALL];
    for (int i = 0; i < LEGS; i++) {
        if (pab_facts_leg(tapes[i], values + i * PAB_LEG_FACT_COUNT, PAB_LEG_FACT_COUNT) != PAB_OK)
            return cli_fail_library(NULL);
    }
    if (pab_facts_pair(tapes[0], tapes[1], values + LEGS * PAB_LEG_FACT_COUNT, PAIR_FACTS) != PAB_OK)
        return cli_fail_library(NULL);
    for (int i = 0; i < ALL; i++) {
        if (isfinite(values[i])) {
            f->sum[i] += values[i];
            f->count[i]++;
        }
    }
    return CLI_OK;
}

/* One market, from `after` ns after its open to its close, appended to tapes. */
static int simulate(const request *r, pab_scenario *scenario, uint64_t seed, int64_t after, pab_tape *const *tapes)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *market = NULL;
    int failed = pab_scenario_describe(scenario, &info) != PAB_OK;
    const double worth = r->tick > 0 ? r->tick : info.tick_value, tick[LEGS] = {worth, worth};
    failed = failed || pab_market_new(scenario, &market) != PAB_OK ||
                 pab_market_reset(market, seed) != PAB_OK ||
                 pab_market_run(market, info.market_open + after, NULL) != PAB_OK ||
                 pab_tape_record(market, tapes, tick, LEGS, info.market_close) != PAB_OK;
    int code = failed ? cli_fail_library(NULL) : CLI_OK;
    pab_market_free(market);
    return code;
}

static void print_value(const request *r, const facts *f, int i)
{
    if (r->csv) {
        printf(",");
        if (f->count[i])
            printf("%.9g", f->sum[i] / f->count[i]);
    } else if (f->count[i]) {
        printf(" %11.5g", f->sum[i] / f->count[i]);
    } else {
        printf(" %11s", "-");
    }
}

static void print_line(const request *r, const facts *simulated, uint32_t fact)
{
    pab_fact_info info = {.struct_size = sizeof info};
    pab_fact_get(fact, &info);
    printf(r->csv ? "%s,%s" : "%-18s %-12s", info.name, info.unit);
    for (int leg = 0; leg < LEGS; leg++) {
        int i = info.pair ? LEGS * PAB_LEG_FACT_COUNT + (int)fact - PAB_PAIR_FACT_FIRST
                          : leg * PAB_LEG_FACT_COUNT + (int)fact;
        if (info.pair && leg == 1) {
            printf("%s", r->csv ? "," : "");
            continue;
        }
        print_value(r, simulated, i);
    }
    printf("\n");
}

static void print_table(const request *r, pab_scenario *scenario, const facts *simulated)
{
    printf(r->csv ? "%s,%s" : "%-18s %-12s", "fact", "unit");
    for (uint32_t leg = 0; leg < LEGS; leg++)
        printf(r->csv ? ",%s" : " %11s", pab_scenario_symbol(scenario, leg));
    printf("\n");
    for (uint32_t i = 0; i < PAB_FACT_COUNT; i++)
        print_line(r, simulated, i);
}

static int make_table(const request *r, pab_scenario *scenario)
{
    pab_tape *tapes[LEGS] = {NULL, NULL};
    facts *simulated = calloc(1, sizeof *simulated);
    int code = simulated ? CLI_OK : cli_fail("no memory for facts");
    for (int i = 0; i < LEGS && code == CLI_OK; i++)
        code = pab_tape_new(NULL, &tapes[i]) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
    for (uint64_t seed = 1; seed <= r->seeds && code == CLI_OK; seed++) {
        pab_tape_clear(tapes[0]);
        pab_tape_clear(tapes[1]);
        code = simulate(r, scenario, seed, MINUTE, tapes);
        if (code == CLI_OK)
            code = add(simulated, tapes);
    }
    if (code == CLI_OK)
        print_table(r, scenario, simulated);
    for (int i = 0; i < LEGS; i++)
        pab_tape_free(tapes[i]);
    free(simulated);
    return code;
}

/* A tape of each leg of each market, all at once: facts are pooled over them. */
static int simulate_all(const request *r, pab_scenario *scenario, pab_tape **tapes, pab_pair_window *windows)
{
    int code = CLI_OK;
    for (uint64_t k = 0; k < r->seeds && code == CLI_OK; k++) {
        pab_tape **legs = tapes + LEGS * k;
        pab_tape_info info = {.struct_size = sizeof info};
        for (int i = 0; i < LEGS && code == CLI_OK; i++)
            code = pab_tape_new(NULL, &legs[i]) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
        if (code == CLI_OK)
            code = simulate(r, scenario, k + 1, WARM_UP, legs);
        if (code == CLI_OK && pab_tape_describe(legs[0], &info) != PAB_OK)
            code = cli_fail_library(NULL);
        windows[k] = (pab_pair_window){.legs = {legs[0], legs[1]}, .from = info.from, .to = info.to};
    }
    return code;
}

static int report(const request *r, pab_scenario *scenario, const recorded *real)
{
    pab_tape **tapes = calloc(r->seeds * LEGS, sizeof *tapes);
    pab_pair_window *windows = calloc(r->seeds, sizeof *windows);
    judge *j = calloc(1, sizeof *j);
    int code = tapes && windows && j ? simulate_all(r, scenario, tapes, windows)
                                     : cli_fail("no memory for %llu markets", (unsigned long long)r->seeds);
    for (uint64_t k = 0; k < r->seeds && code == CLI_OK; k++)
        windows[k].resolution = real->windows[0].resolution;
    if (code == CLI_OK)
        code = judge_make(real, windows, (uint32_t)r->seeds, j);
    for (int leg = 0; leg < LEGS && code == CLI_OK; leg++) {
        j->real[leg] = real->names[leg];
        j->ours[leg] = pab_scenario_symbol(scenario, (uint32_t)leg);
    }
    if (code == CLI_OK)
        judge_print(j, r->markdown ? JUDGE_MARKDOWN : r->csv ? JUDGE_CSV : JUDGE_TABLE);
    if (code == CLI_OK && r->figures)
        code = judge_figures(j, r->figures);
    for (uint64_t k = 0; tapes && k < r->seeds * LEGS; k++)
        pab_tape_free(tapes[k]);
    free(tapes);
    free(windows);
    free(j);
    return code;
}

static int compare(const request *r, pab_scenario *scenario)
{
    recorded real;
    int code = recorded_read("facts", &r->against, r->names, r->from, r->to, &real);
    if (code == CLI_OK)
        code = report(r, scenario, &real);
    recorded_free(&real);
    return code;
}

static int check_scenario(const pab_scenario *scenario)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    if (pab_scenario_describe(scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    if (info.symbol_count != LEGS)
        return cli_fail("facts: the scenario has %u symbols, expected two", info.symbol_count);
    if (info.market_close - info.market_open < 3 * WARM_UP)
        return cli_fail("facts: the scenario's market is open for %.3g s, expected at least 15 minutes",
                        (double)(info.market_close - info.market_open) / 1e9);
    return CLI_OK;
}

static int run_facts(int argc, char **argv)
{
    static request r;
    r = (request){.seeds = 20};
    pab_scenario *scenario = NULL;
    int code = cli_parse(&cli_facts_command, argc, argv, &r);
    if (code == CLI_OK)
        code = tapes_session("facts", r.session, &r.from, &r.to);
    if (code == CLI_OK && !r.against.count && (r.figures || r.session || r.names[0] || r.names[1] || r.markdown))
        code = cli_usage("facts: %s goes with --against FILES, which is not there",
                         r.figures    ? "--figures"
                         : r.session  ? "--session"
                         : r.markdown ? "--markdown"
                         : r.names[0] ? "--name-a"
                                      : "--name-b");
    if (code == CLI_OK)
        code = cli_make_scenario("facts", r.scenario, NULL, &r.overrides, &scenario);
    if (code == CLI_OK)
        code = check_scenario(scenario);
    if (code == CLI_OK)
        code = r.against.count ? compare(&r, scenario) : make_table(&r, scenario);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_facts_command = {
    .name = "facts",
    .summary = "measure a simulated pair, or judge it against recorded days",
    .detail = "SCENARIO has two symbols. Alone: facts from a minute after the open to the close, means over markets.\n"
              "With --against: the range of the recorded days, what is allowed, the simulated markets from five\n"
              "minutes after their open on, and a verdict on each row. docs/realism.md explains the rows.\n",
    .operands = operands,
    .options = options,
    .run = run_facts,
};
