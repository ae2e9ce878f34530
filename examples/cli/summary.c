#include "cli.h"
#include "gains.h"
#include "trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A JSON object being written, in the recorded runs' layout: one space per level, a key a line. */
typedef struct json {
    cli_out *out;
    int depth;
    int first;
} json;

static void new_line(json *j)
{
    if (!j->first)
        cli_put_char(j->out, ',');
    cli_put_char(j->out, '\n');
    for (int i = 0; i < j->depth; i++)
        cli_put_char(j->out, ' ');
    j->first = 0;
}

static void put_string(json *j, const char *text)
{
    char code[8];
    cli_put_char(j->out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            cli_put_char(j->out, '\\');
        if ((unsigned char)*text < ' ') {
            snprintf(code, sizeof code, "\\u%04x", (unsigned)(unsigned char)*text);
            cli_put(j->out, code);
        } else {
            cli_put_char(j->out, *text);
        }
    }
    cli_put_char(j->out, '"');
}

static void put_key(json *j, const char *key)
{
    new_line(j);
    put_string(j, key);
    cli_put(j->out, ": ");
}

static void open_json(json *j, char bracket)
{
    cli_put_char(j->out, bracket);
    j->depth++;
    j->first = 1;
}

static void close_json(json *j, char bracket)
{
    int empty = j->first;
    j->depth--;
    j->first = 1;
    if (!empty)
        new_line(j);
    j->first = 0;
    cli_put_char(j->out, bracket);
}

static void put_int_key(json *j, const char *key, int64_t value)
{
    put_key(j, key);
    cli_put_int(j->out, value);
}

static void put_shocks(json *j, const trace_symbol *s)
{
    put_key(j, "megashocks");
    open_json(j, '[');
    for (size_t i = 0; i < s->shock_count; i++) {
        new_line(j);
        open_json(j, '{');
        put_int_key(j, "time_ns", s->shocks[i].time);
        put_key(j, "value");
        cli_put_real(j->out, s->shocks[i].value);
        put_key(j, "value_hex");
        cli_put_char(j->out, '"');
        cli_put_hex(j->out, s->shocks[i].value);
        cli_put_char(j->out, '"');
        close_json(j, '}');
    }
    close_json(j, ']');
}

static int put_symbols(json *j, const trace *t, const pab_market *market)
{
    put_key(j, "symbols");
    open_json(j, '{');
    for (uint32_t i = 0; i < t->symbol_count; i++) {
        const trace_symbol *s = &t->symbols[i];
        pab_symbol_info info = {.struct_size = sizeof info};
        if (pab_market_symbol(market, i, &info) != PAB_OK)
            return cli_fail_library(NULL);
        put_key(j, s->name);
        open_json(j, '{');
        put_int_key(j, "accepted", info.accepted);
        put_int_key(j, "cancelled", info.cancelled);
        put_int_key(j, "trades", info.trades);
        put_int_key(j, "traded_volume", info.traded_volume);
        put_int_key(j, "last_trade", info.last_trade);
        put_int_key(j, "fundamental_rows_run", (int64_t)s->fundamentals_running);
        put_int_key(j, "fundamental_rows_total", (int64_t)s->fundamental_count);
        put_shocks(j, s);
        close_json(j, '}');
    }
    close_json(j, '}');
    return CLI_OK;
}

static int put_gains(json *j, const trace *t, const pab_market *market)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    if (pab_scenario_describe(t->scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    label_gain *gains = calloc(info.group_count + 1, sizeof *gains);
    if (!gains)
        return cli_fail("no memory for the gains of %u groups", info.group_count);
    int64_t count = label_gains(t->scenario, market, gains, info.group_count);
    put_key(j, "mean_gain_by_type");
    open_json(j, '{');
    for (int64_t i = 0; i < count; i++) {
        put_key(j, gains[i].label);
        open_json(j, '{');
        put_key(j, "total");
        cli_put_cents(j->out, gains[i].total, info.tick_value);
        put_int_key(j, "agents", gains[i].agents);
        put_key(j, "mean");
        cli_put_real(j->out, (double)gains[i].total / (double)gains[i].agents * (info.tick_value / 0.01));
        close_json(j, '}');
    }
    close_json(j, '}');
    free(gains);
    return count < 0 ? cli_fail_library(NULL) : CLI_OK;
}

static void put_words(json *j, const trace *t, const pab_market *market)
{
    put_key(j, "rng_next_u32");
    open_json(j, '{');
    put_int_key(j, "global_generator", pab_replay_word(market, PAB_REPLAY_GLOBAL));
    put_int_key(j, "latency", pab_replay_word(market, PAB_REPLAY_LATENCY));
    put_key(j, "oracle");
    open_json(j, '{');
    for (uint32_t i = 0; i < t->symbol_count; i++)
        put_int_key(j, t->symbols[i].name, pab_replay_oracle_word(market, i));
    close_json(j, '}');
    close_json(j, '}');
}

static int put_totals(json *j, const trace *t, const pab_market_counters *total)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    char crc[16];
    if (pab_scenario_describe(t->scenario, &info) != PAB_OK)
        return cli_fail_library(NULL);
    put_key(j, "name");
    put_string(j, info.name);
    put_int_key(j, "queue_pops", (int64_t)total->queue_pops);
    put_int_key(j, "requeued", (int64_t)(total->queue_pops - total->delivered));
    put_int_key(j, "delivered", (int64_t)total->delivered);
    put_int_key(j, "rows_kept", (int64_t)(t->delivered < TRACE_MESSAGES ? t->delivered : TRACE_MESSAGES));
    put_key(j, "delivered_crc32");
    snprintf(crc, sizeof crc, "%08" PRIx32, t->crc);
    put_string(j, crc);
    put_int_key(j, "orders_created", (int64_t)total->orders_created);
    put_int_key(j, "book_rows", (int64_t)t->book_rows);
    put_int_key(j, "l1_rows", (int64_t)t->l1_rows);
    return CLI_OK;
}

static int put_summary(const trace *t, cli_out *out, const pab_market *market)
{
    json j = {.out = out};
    pab_market_counters total = {.struct_size = sizeof total};
    if (pab_market_count(market, &total) != PAB_OK)
        return cli_fail_library(NULL);
    open_json(&j, '{');
    if (put_totals(&j, t, &total) != CLI_OK || put_symbols(&j, t, market) != CLI_OK ||
        put_gains(&j, t, market) != CLI_OK)
        return CLI_FAILED;
    put_int_key(&j, "last_delivery_ns", total.last_delivery);
    put_words(&j, t, market);
    close_json(&j, '}');
    cli_put_char(out, '\n');
    return CLI_OK;
}

int trace_write_summary(const trace *t, const pab_market *market)
{
    cli_out out;
    if (cli_out_create(t->dir, "summary.json", &out) != 0)
        return CLI_FAILED;
    if (put_summary(t, &out, market) != CLI_OK) {
        cli_out_abandon(&out);
        return CLI_FAILED;
    }
    return cli_out_close(&out);
}
