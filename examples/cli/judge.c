#include "judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEACHERS = 4 };

/* How a row is judged: the range of recorded days, widened by a share of its ends and by an amount. */
typedef enum rule { RANGE, AT_LEAST, AT_MOST, FACTOR, SHARE } rule;

static const struct {
    int fact;
    rule rule;
    double share, amount;
    const char *chief; /* of the rows that must not fail: its name */
} rules[] = {
    {PAB_REALISM_ONE_TICK, SHARE, 0.4, 1, "time at one tick"},
    {PAB_REALISM_REALISED_10, RANGE, 0.1, 0.1, "realised half-spread"},
    {PAB_REALISM_BEHIND_5, RANGE, 0.2, 0, "fills behind the queue"},
    {PAB_REALISM_BEHIND_MARKOUT, RANGE, 0.2, 0, "fills behind the queue"},
    {PAB_REALISM_RESPONSE_1, RANGE, 0.1, 0, "response"},
    {PAB_REALISM_RESPONSE_60, RANGE, 0.1, 0, "response"},
    {PAB_REALISM_MID_RATE, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_TOUCH, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_TOUCH_CV, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_QUOTE_RATE, FACTOR, 2, 0, NULL},
    {PAB_REALISM_ORDER_SIGN_1, RANGE, 0, 0.03, NULL},
    {PAB_REALISM_ORDER_SIGN_10, RANGE, 0, 0.03, NULL},
    {PAB_REALISM_ORDER_SIGN_50, RANGE, 0, 0.04, NULL},
    {PAB_REALISM_ABS_RETURN_60, RANGE, 0, 0.05, NULL},
    {PAB_REALISM_KURTOSIS_1, AT_LEAST, 0.1, 0, NULL},
    {PAB_REALISM_FANO, AT_LEAST, 0.1, 0, NULL},
    {PAB_REALISM_VOL_1, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_VOL_10, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_VOL_60, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_VOL_300, RANGE, 0.1, 0, NULL},
    {PAB_REALISM_SIZE_Q99, RANGE, 0.2, 0, NULL},
    {PAB_REALISM_ROUND_LOTS, AT_LEAST, 0.12, 0, NULL},
    {PAB_REALISM_AUC_IMBALANCE, AT_MOST, 0.03, 0, NULL},
    {PAB_REALISM_AUC_LOST, RANGE, 0.05, 0, NULL},
    {PAB_REALISM_R2_10, RANGE, 0.1, 1, NULL},
    {PAB_REALISM_R2_40, RANGE, 0.1, 1, NULL},
    {PAB_REALISM_CORR_1, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_CORR_2, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_CORR_5, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_CORR_10, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_CORR_30, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_CORR_60, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_CORR_300, RANGE, 0, 0.02, NULL},
    {PAB_REALISM_LEAD_1, RANGE, 0, 0.04, NULL},
};

enum { RULES = sizeof rules / sizeof *rules };

static int rule_of(uint32_t name)
{
    for (int i = 0; i < RULES; i++)
        if (rules[i].fact == (int)name)
            return i;
    return -1;
}

/* The name of value i: that of a leg's fact, or of the pair's. */
static uint32_t name_of(uint32_t i)
{
    return i < PAB_REALISM_LEG_COUNT ? i : i - PAB_REALISM_LEG_COUNT;
}

static void allow(judge_row *row, int r)
{
    row->least = -INFINITY;
    row->most = INFINITY;
    if (r < 0)
        return;
    double share = rules[r].share, amount = rules[r].amount;
    double low = row->low - share * fabs(row->low) - amount, high = row->high + share * fabs(row->high) + amount;
    switch (rules[r].rule) {
    case RANGE: row->least = low; row->most = high; break;
    case AT_LEAST: row->least = low; break;
    case AT_MOST: row->most = high; break;
    case FACTOR: row->least = row->low / share; row->most = row->high * share; break;
    case SHARE: /* of 100 %: where it is most of it, the rest is widened */
        row->least = row->low > 50 ? 100 - (100 - row->low) * (1 + share) : row->low * (1 - share) - amount;
        row->most = row->high > 50 ? row->high + amount : row->high * (1 + share) + amount;
        row->most = row->most < 100 ? row->most : 100;
        break;
    }
}

/* --- Measuring --- */

static void start(double *facts)
{
    for (int i = 0; i < PAB_REALISM_COUNT; i++)
        facts[i] = NAN;
}

/* Facts of one recorded window; what is foreseen is learned on some others. */
static int measure_window(const recorded *real, uint32_t k, double *facts)
{
    pab_pair_window some[MOST_TEACHERS + 1];
    uint32_t n = 0;
    start(facts);
    for (uint32_t i = 1; i < real->window_count && n < MOST_TEACHERS; i++)
        some[n++] = real->windows[(k + i) % real->window_count];
    some[n] = real->windows[k];
    pab_status status = pab_realism_facts(&real->windows[k], 1, facts, PAB_REALISM_COUNT);
    if (status == PAB_OK && n > 0)
        status = pab_realism_foresight(some, n, n + 1, facts, PAB_REALISM_COUNT);
    return status == PAB_OK ? CLI_OK : cli_fail_library("recorded files");
}

static int measure_ours(const pab_pair_window *ours, uint32_t markets, double *facts)
{
    start(facts);
    pab_status status = pab_realism_facts(ours, markets, facts, PAB_REALISM_COUNT);
    if (status == PAB_OK && markets > 2)
        status = pab_realism_foresight(ours, 2 * markets / 3, markets, facts, PAB_REALISM_COUNT);
    return status == PAB_OK ? CLI_OK : cli_fail_library("simulated markets");
}

/* A tick over the last mid of a tape, bps. */
static double tick_of(const pab_tape *tape)
{
    pab_tape_info info = {.struct_size = sizeof info};
    double mids[2] = {NAN, NAN};
    if (pab_tape_describe(tape, &info) != PAB_OK || info.to <= info.from)
        return NAN;
    pab_tape_mids(tape, info.to - info.from, mids, 2, NULL);
    return 1e4 * info.tick / mids[1];
}

int judge_make(const recorded *real, const pab_pair_window *ours, uint32_t markets, judge *out)
{
    double facts[PAB_REALISM_COUNT], counts[PAB_REALISM_COUNT] = {0};
    memset(out, 0, sizeof *out);
    out->windows = real->window_count;
    out->markets = markets;
    out->resolution = (double)real->windows[0].resolution;
    for (int leg = 0; leg < 2; leg++) {
        out->tick[0][leg] = tick_of(real->windows[0].legs[leg]);
        out->tick[1][leg] = tick_of(ours[0].legs[leg]);
    }
    int code = measure_ours(ours, markets, facts);
    for (int i = 0; i < PAB_REALISM_COUNT; i++)
        out->rows[i] = (judge_row){.low = INFINITY, .high = -INFINITY, .ours = facts[i]};
    for (uint32_t k = 0; k < real->window_count && code == CLI_OK; k++) {
        code = measure_window(real, k, facts);
        for (int i = 0; i < PAB_REALISM_COUNT; i++) {
            judge_row *row = &out->rows[i];
            if (!isfinite(facts[i]))
                continue;
            row->low = facts[i] < row->low ? facts[i] : row->low;
            row->high = facts[i] > row->high ? facts[i] : row->high;
            row->mean += facts[i];
            counts[i]++;
        }
    }
    for (uint32_t i = 0; i < PAB_REALISM_COUNT; i++) {
        judge_row *row = &out->rows[i];
        row->mean = counts[i] > 0 ? row->mean / counts[i] : NAN;
        row->low = counts[i] > 0 ? row->low : NAN;
        row->high = counts[i] > 0 ? row->high : NAN;
        allow(row, counts[i] > 0 ? rule_of(name_of(i)) : -1);
    }
    return code;
}

/* --- Printing --- */

static int counts(const judge_row *row, int r)
{
    return r >= 0 && !isnan(row->low);
}

/* What a market does not have is not as in reality. */
static int is_in(const judge_row *row)
{
    return row->ours >= row->least && row->ours <= row->most;
}

static void put(double x, int csv)
{
    if (csv)
        printf(isfinite(x) ? ",%.9g" : ",", x);
    else if (isfinite(x))
        printf(fabs(x) < 9999.5 ? " %10.4g" : " %10.0f", x);
    else
        printf(" %10s", "-");
}

static void print_row(const judge *j, uint32_t i, const char *leg, int csv)
{
    const judge_row *row = &j->rows[i];
    int r = rule_of(name_of(i)), judged = counts(row, r);
    pab_fact_info info = {.struct_size = sizeof info};
    pab_realism_get(name_of(i), &info);
    const char *verdict = !judged ? "" : is_in(row) ? "in" : r >= 0 && rules[r].chief ? "OUT (main)" : "OUT";
    if (csv)
        printf("%s,%s,%s", leg, info.name, info.unit);
    else
        printf("%-16s %-12s", info.name, info.unit);
    put(row->low, csv);
    put(row->high, csv);
    put(judged ? row->least : NAN, csv);
    put(judged ? row->most : NAN, csv);
    put(row->ours, csv);
    printf(csv ? ",%s\n" : "  %s\n", verdict);
}

static void print_part(const judge *j, uint32_t from, uint32_t to, const char *leg, int csv, int judged)
{
    for (uint32_t i = from; i < to; i++)
        if (counts(&j->rows[i], rule_of(name_of(i))) == judged)
            print_row(j, i, leg, csv);
}

/* Main rows that fail: "response (AIG, BAC)". */
static void print_chiefs(const judge *j)
{
    int any = 0;
    for (int r = 0; r < RULES && rules[r].chief; r++) {
        int out[2] = {0, 0};
        if (r > 0 && strcmp(rules[r].chief, rules[r - 1].chief) == 0)
            continue;
        for (int s = r; s < RULES && rules[s].chief && strcmp(rules[s].chief, rules[r].chief) == 0; s++)
            for (int leg = 0; leg < 2; leg++) {
                const judge_row *row = &j->rows[leg * PAB_REALISM_LEG_COUNT + rules[s].fact];
                out[leg] |= counts(row, s) && !is_in(row);
            }
        if (out[0] || out[1])
            printf("%s%s (%s%s%s)", any++ ? ", " : "main rows that fail: ", rules[r].chief, out[0] ? j->real[0] : "",
                   out[0] && out[1] ? ", " : "", out[1] ? j->real[1] : "");
    }
    printf(any ? "\n" : "no main row fails\n");
}

static void print_summary(const judge *j)
{
    int in = 0, all = 0;
    for (uint32_t i = 0; i < PAB_REALISM_COUNT; i++) {
        int judged = counts(&j->rows[i], rule_of(name_of(i)));
        all += judged;
        in += judged && is_in(&j->rows[i]);
    }
    printf("\n%d of %d rows in, %d out; ", in, all, all - in);
    print_chiefs(j);
}

/* What was compared with what. */
static void print_head(const judge *j)
{
    printf("%u recorded windows, times to %.3g ms; %u simulated markets\n", j->windows, j->resolution / 1e6,
           j->markets);
    for (int leg = 0; leg < 2; leg++)
        printf("tick of %s %.3g bps of its price, of %s %.3g%s\n", j->real[leg], j->tick[0][leg], j->ours[leg],
               j->tick[1][leg],
               fabs(log(j->tick[0][leg] / j->tick[1][leg])) > 0.2 ? ": not the same, so rows in ticks do not compare"
                                                                 : "");
    printf("\n");
}

static void print_table(const judge *j, int csv)
{
    const uint32_t ends[4] = {0, PAB_REALISM_LEG_COUNT, 2 * PAB_REALISM_LEG_COUNT, PAB_REALISM_COUNT};
    if (csv)
        printf("leg,fact,unit,real_low,real_high,least,most,ours,verdict\n");
    else
        print_head(j);
    for (int part = 0; part < 3; part++) {
        const char *leg = part < 2 ? j->real[part] : "pair";
        if (!csv) {
            printf("%s%s%s%s\n", part ? "\n" : "", leg, part < 2 ? ", simulated as " : "",
                   part < 2 ? j->ours[part] : "");
            printf("%-16s %-12s %10s %10s %10s %10s %10s  verdict\n", "fact", "unit", "real low", "high", "least",
                   "most", "ours");
        }
        print_part(j, ends[part], ends[part + 1], leg, csv, 1);
        if (!csv)
            printf("not judged\n");
        print_part(j, ends[part], ends[part + 1], leg, csv, 0);
    }
    if (!csv)
        print_summary(j);
}

/* --- Markdown --- */

static void put_cell(double low, double high)
{
    char text[2][32];
    for (int k = 0; k < 2; k++) {
        double x = k ? high : low;
        snprintf(text[k], sizeof text[k], fabs(x) < 999.5 ? "%.3g" : "%.0f", x);
    }
    if (isfinite(low) && isfinite(high))
        printf(" | %s to %s", text[0], text[1]);
    else if (isfinite(low) || isfinite(high))
        printf(" | %s %s", isfinite(low) ? "at least" : "at most", text[!isfinite(low)]);
    else
        printf(" | -");
}

static void put_ours(const judge_row *row)
{
    if (isfinite(row->ours))
        printf(fabs(row->ours) < 999.5 ? " | %.3g%s" : " | %.0f%s", row->ours, is_in(row) ? "" : " **out**");
    else
        printf(" | - **out**");
}

/* One row of a table for each judged fact: of both legs, or of the pair. */
static void print_markdown_rows(const judge *j, uint32_t from, uint32_t to, int legs)
{
    for (uint32_t i = from; i < to; i++) {
        const judge_row *row = &j->rows[i];
        pab_fact_info info = {.struct_size = sizeof info};
        int judged = 0;
        for (int leg = 0; leg < legs; leg++)
            judged |= counts(row + leg * PAB_REALISM_LEG_COUNT, rule_of(name_of(i)));
        if (!judged)
            continue;
        pab_realism_get(name_of(i), &info);
        printf("| %s%s%s", info.name, info.unit[0] ? ", " : "", info.unit);
        for (int leg = 0; leg < legs; leg++, row += PAB_REALISM_LEG_COUNT) {
            put_cell(row->low, row->high);
            put_cell(row->least, row->most);
            put_ours(row);
        }
        printf(" |\n");
    }
}

static void print_markdown(const judge *j)
{
    printf("| fact | %s | allowed | %s | %s | allowed | %s |\n|---|---|---|---|---|---|---|\n", j->real[0], j->ours[0],
           j->real[1], j->ours[1]);
    print_markdown_rows(j, 0, PAB_REALISM_LEG_COUNT, 2);
    printf("\n| fact of the pair | %s/%s | allowed | %s/%s |\n|---|---|---|---|\n", j->real[0], j->real[1], j->ours[0],
           j->ours[1]);
    print_markdown_rows(j, 2 * PAB_REALISM_LEG_COUNT, PAB_REALISM_COUNT, 1);
    print_summary(j);
}

void judge_print(const judge *j, judge_format format)
{
    if (format == JUDGE_MARKDOWN)
        print_markdown(j);
    else
        print_table(j, format == JUDGE_CSV);
}
