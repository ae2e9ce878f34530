/* Simulated facts of a pair beside real ones. */
#include "cli.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEGS = 2, PAIR_FACTS = PAB_FACT_COUNT - PAB_PAIR_FACT_FIRST, ALL = LEGS * PAB_LEG_FACT_COUNT + PAIR_FACTS };

#define MINUTE INT64_C(60000000000)

typedef struct request {
    const char *scenario, *against;
    uint64_t seeds;
    double tick;
    int csv;
    cli_overrides overrides;
} request;

#define FIELD(name) offsetof(request, name)

static const cli_operand operands[] = {{"SCENARIO", CLI_SCENARIO_HELP, FIELD(scenario)}, {NULL, NULL, 0}};

static const cli_option options[] = {
    {"--seeds", "N", "markets to simulate, seeds 1 to N; default 4", CLI_LONG, FIELD(seeds), 1, 1000000, NULL, 0},
    CLI_OPTION_SET(request),
    {"--against", "DIR", "data directory: beside AIG and BAC of its equity_ticks, averaged over the days", CLI_TEXT,
     FIELD(against), 0, 0, NULL, 0},
    {"--tick", "UNIT", "currency units per simulated tick; default 0.001", CLI_REAL, FIELD(tick), 1e-12, 1e12, NULL, 0},
    {"--csv", NULL, "comma-separated values instead of a table", CLI_SWITCH, FIELD(csv), 0, 0, NULL, 0},
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

/* One market, from a minute after the open to the close. */
static int simulate(pab_market *market, const pab_scenario_info *info, uint64_t seed, const double *tick,
                    pab_tape *const *tapes, facts *f)
{
    for (int i = 0; i < LEGS; i++)
        pab_tape_clear(tapes[i]);
    if (pab_market_reset(market, seed) != PAB_OK || pab_market_run(market, info->market_open + MINUTE, NULL) != PAB_OK
        || pab_tape_record(market, tapes, tick, LEGS, info->market_close) != PAB_OK)
        return cli_fail_library(NULL);
    return add(f, tapes);
}

static int simulate_all(const request *r, pab_scenario *scenario, pab_tape *const *tapes, facts *f)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_market *market = NULL;
    double tick[LEGS] = {r->tick, r->tick};
    if (pab_scenario_describe(scenario, &info) != PAB_OK || pab_market_new(scenario, &market) != PAB_OK)
        return cli_fail_library(NULL);
    int code = info.symbol_count == LEGS
                   ? CLI_OK
                   : cli_fail("facts: the scenario has %u symbols, expected two", info.symbol_count);
    for (uint64_t seed = 1; seed <= r->seeds && code == CLI_OK; seed++)
        code = simulate(market, &info, seed, tick, tapes, f);
    pab_market_free(market);
    return code;
}

static int read_day(const char *dir, const char *day, pab_tape *const *tapes, facts *f)
{
    static const char *const names[LEGS] = {"AIG", "BAC"};
    static const char *const kinds[] = {"nbbo", "trades"};
    pab_read_options options_in;
    pab_read_options_init(&options_in, sizeof options_in);
    options_in.from = 570 * MINUTE;
    options_in.to = 960 * MINUTE;
    for (int i = 0; i < LEGS; i++) {
        pab_tape_clear(tapes[i]);
        pab_tape_set_tick(tapes[i], 0.01);
        for (int k = 0; k < 2; k++) {
            char path[1024];
            snprintf(path, sizeof path, "%s/equity_ticks/%s_%s_%s.csv.gz", dir, names[i], day, kinds[k]);
            if (pab_tape_read(tapes[i], path, &options_in) != PAB_OK)
                return cli_fail_library(NULL);
        }
    }
    return add(f, tapes);
}

static int read_all(const request *r, pab_tape *const *tapes, facts *f)
{
    static const char *const days[] = {"20131007", "20131008", "20131009"};
    int code = CLI_OK;
    for (int i = 0; i < 3 && code == CLI_OK; i++)
        code = read_day(r->against, days[i], tapes, f);
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

static void print_line(const request *r, const facts *simulated, const facts *real, uint32_t fact)
{
    pab_fact_info info = {.struct_size = sizeof info};
    pab_fact_get(fact, &info);
    printf(r->csv ? "%s,%s" : "%-18s %-12s", info.name, info.unit);
    for (int leg = 0; leg < LEGS; leg++) {
        int i = info.pair ? LEGS * PAB_LEG_FACT_COUNT + (int)fact - PAB_PAIR_FACT_FIRST
                          : leg * PAB_LEG_FACT_COUNT + (int)fact;
        if (info.pair && leg == 1) {
            printf("%s", r->csv ? (r->against ? ",," : ",") : "");
            continue;
        }
        print_value(r, simulated, i);
        if (r->against)
            print_value(r, real, i);
    }
    printf("\n");
}

static void print_table(const request *r, pab_scenario *scenario, const facts *simulated, const facts *real)
{
    const char *a = pab_scenario_symbol(scenario, 0), *b = pab_scenario_symbol(scenario, 1);
    const char *cell = r->csv ? ",%s" : " %11s";
    printf(r->csv ? "%s,%s" : "%-18s %-12s", "fact", "unit");
    printf(cell, a);
    if (r->against)
        printf(cell, "AIG");
    printf(cell, b);
    if (r->against)
        printf(cell, "BAC");
    printf("\n");
    for (uint32_t i = 0; i < PAB_FACT_COUNT; i++)
        print_line(r, simulated, real, i);
}

static int make_table(const request *r, pab_scenario *scenario)
{
    pab_tape *tapes[LEGS] = {NULL, NULL};
    facts *both = calloc(2, sizeof *both);
    int code = both ? CLI_OK : cli_fail("no memory for facts");
    for (int i = 0; i < LEGS && code == CLI_OK; i++)
        code = pab_tape_new(NULL, &tapes[i]) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
    if (code == CLI_OK)
        code = simulate_all(r, scenario, tapes, &both[0]);
    if (code == CLI_OK && r->against)
        code = read_all(r, tapes, &both[1]);
    if (code == CLI_OK)
        print_table(r, scenario, &both[0], &both[1]);
    for (int i = 0; i < LEGS; i++)
        pab_tape_free(tapes[i]);
    free(both);
    return code;
}

static int run_facts(int argc, char **argv)
{
    request r = {.seeds = 4, .tick = 0.001};
    pab_scenario *scenario = NULL;
    int code = cli_parse(&cli_facts_command, argc, argv, &r);
    if (code == CLI_OK)
        code = cli_make_scenario("facts", r.scenario, NULL, &r.overrides, &scenario);
    if (code == CLI_OK)
        code = make_table(&r, scenario);
    pab_scenario_free(scenario);
    return code;
}

const cli_command cli_facts_command = {
    .name = "facts",
    .summary = "measure a simulated pair, beside a real one if asked",
    .detail = "SCENARIO has two symbols. Each market is measured from a minute after its open to its close;\n"
              "facts are means over markets. docs/realism.md explains them.\n",
    .operands = operands,
    .options = options,
    .run = run_facts,
};
