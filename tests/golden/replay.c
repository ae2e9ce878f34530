#include "replay.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

const char *const golden_names[GOLDEN_FILES] = {"messages.csv", "book.csv",   "l1.csv",
                                                "fundamental.csv", "agents.csv", "summary.json"};

/* Values and megashocks of a symbol wait here: the files list them symbol by symbol. */
typedef struct line_list {
    char *text; /* lines with their terminators, one after the other */
    size_t len, cap, count;
} line_list;

typedef struct symbol_lines {
    line_list values, shocks;
    uint64_t running; /* values computed before the wind-up */
} symbol_lines;

typedef struct replay {
    pab_scenario *scn;
    pab_market *market;
    pab_scenario_info info;
    golden_sink sink;
    void *user;
    uint64_t delivered, book_rows, l1_rows;
    uint32_t crc;
    symbol_lines *symbols;
    char line[GOLDEN_LINE];
    size_t len;
} replay;

/* --- One line --- */

static void put(replay *r, const char *text)
{
    size_t len = strlen(text);
    if (r->len + len >= sizeof r->line)
        abort();
    memcpy(r->line + r->len, text, len + 1);
    r->len += len;
}

static void put_int(replay *r, int64_t value)
{
    char text[24], *at = text + sizeof text - 1;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *at = 0;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--at = '-';
    put(r, at);
}

/* A further cell of a row: a number, or blank. */
static void cell(replay *r, int filled, int64_t value)
{
    put(r, ",");
    if (filled)
        put_int(r, value);
}

static void done(replay *r, int file)
{
    r->sink(r->user, file, r->line);
    r->len = 0;
}

static void keep(replay *r, line_list *list)
{
    if (list->len + r->len + 1 > list->cap) {
        list->cap = 2 * list->cap + GOLDEN_LINE;
        list->text = realloc(list->text, list->cap);
        if (!list->text)
            abort();
    }
    memcpy(list->text + list->len, r->line, r->len + 1);
    list->len += r->len + 1;
    list->count++;
    r->len = 0;
}

static void let_go(replay *r, int file, const line_list *list)
{
    for (size_t at = 0; at < list->len; at += strlen(list->text + at) + 1)
        r->sink(r->user, file, list->text + at);
}

__attribute__((format(printf, 2, 3))) static void total(replay *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->line, sizeof r->line, format, args);
    va_end(args);
    done(r, GOLDEN_TOTALS);
}

/* --- During the run --- */

static void on_delivery(void *user, const pab_delivery *d)
{
    replay *r = user;
    unsigned char key[16];
    for (int i = 0; i < 8; i++)
        key[i] = (unsigned char)((uint64_t)d->time >> (8 * i));
    for (int i = 0; i < 4; i++) {
        key[8 + i] = (unsigned char)((uint32_t)d->sender >> (8 * i));
        key[12 + i] = (unsigned char)((uint32_t)d->recipient >> (8 * i));
    }
    r->crc = (uint32_t)crc32(r->crc, key, sizeof key);
    if (r->delivered++ >= GOLDEN_MESSAGES_KEPT)
        return;
    put_int(r, (int64_t)r->delivered - 1);
    cell(r, 1, d->time);
    cell(r, 1, d->sender);
    cell(r, 1, d->recipient);
    put(r, ",");
    put(r, pab_message_name(d->type));
    done(r, GOLDEN_MESSAGES);
}

static void on_row(void *user, int64_t time, uint32_t symbol, const pab_book_row *row)
{
    static const char *const kinds[] = {"LIMIT", "EXEC", "CANCEL", "CANCEL_PARTIAL", "MODIFY", "REPLACE"};
    replay *r = user;
    int k = row->kind, sided = k == PAB_ROW_LIMIT || k == PAB_ROW_EXEC || k == PAB_ROW_MODIFY;
    const char *buy = k == PAB_ROW_EXEC ? "BUY" : "BID", *sell = k == PAB_ROW_EXEC ? "SELL" : "ASK";
    put_int(r, time);
    put(r, ",");
    put(r, pab_scenario_symbol(r->scn, symbol));
    put(r, ",");
    put(r, kinds[k]);
    cell(r, 1, row->order_id);
    cell(r, row->agent >= 0, row->agent);
    cell(r, row->other_order_id >= 0, row->other_order_id);
    cell(r, row->other_agent >= 0, row->other_agent);
    put(r, ",");
    put(r, !sided ? "" : row->side == PAB_BUY ? buy : sell);
    cell(r, k != PAB_ROW_CANCEL, row->quantity);
    cell(r, k == PAB_ROW_LIMIT || k == PAB_ROW_EXEC || k == PAB_ROW_REPLACE, row->price);
    done(r, GOLDEN_BOOK);
    r->book_rows++;
}

static void on_l1(void *user, int64_t time, uint32_t symbol, const pab_level *bid, const pab_level *ask)
{
    replay *r = user;
    put_int(r, time);
    put(r, ",");
    put(r, pab_scenario_symbol(r->scn, symbol));
    for (int i = 0; i < 2; i++) {
        const pab_level *level = i == 0 ? bid : ask;
        int there = level->price != 0 || level->quantity != 0;
        cell(r, there, level->price);
        cell(r, there, level->quantity);
    }
    done(r, GOLDEN_L1);
    r->l1_rows++;
}

static void on_fundamental(void *user, uint32_t symbol, int64_t time, int64_t value, int32_t stopping)
{
    replay *r = user;
    put(r, pab_scenario_symbol(r->scn, symbol));
    cell(r, 1, time);
    cell(r, 1, value);
    put(r, stopping ? ",stop" : ",run");
    keep(r, &r->symbols[symbol].values);
    r->symbols[symbol].running += !stopping;
}

static void on_megashock(void *user, uint32_t symbol, int64_t time, double value)
{
    replay *r = user;
    line_list *shocks = &r->symbols[symbol].shocks;
    const char *name = pab_scenario_symbol(r->scn, symbol);
    size_t n = shocks->count / 2;
    r->len = (size_t)snprintf(r->line, sizeof r->line, "symbols.%s.megashocks.%zu.time_ns %" PRId64, name, n, time);
    keep(r, shocks);
    r->len = (size_t)snprintf(r->line, sizeof r->line, "symbols.%s.megashocks.%zu.value_hex %.13a", name, n, value);
    keep(r, shocks);
}

/* --- At the end --- */

/* agents.csv has the class, whatever a group's label. */
static const char *class_of(const pab_group_info *g)
{
    if (strcmp(g->type, "idle") == 0)
        return "IdleTradingAgent";
    return strcmp(g->type, "market_maker") == 0 ? "AdaptiveMarketMakerAgent" : g->label;
}

static pab_status agent_row(replay *r, int32_t id)
{
    pab_agent_info a = {.struct_size = sizeof a};
    pab_group_info g = {.struct_size = sizeof g, .symbol = -1, .type = "", .label = "ExchangeAgent"};
    pab_status status = pab_market_agent(r->market, id, &a);
    int trader = a.group >= 0;
    if (status == PAB_OK && trader)
        status = pab_scenario_group(r->scn, (uint32_t)a.group, &g);
    if (status != PAB_OK)
        return status;
    put_int(r, id);
    put(r, ",");
    put(r, class_of(&g));
    put(r, ",");
    put(r, g.symbol >= 0 ? pab_scenario_symbol(r->scn, (uint32_t)g.symbol) : "");
    cell(r, trader, a.cash);
    for (uint32_t s = 0; s < r->info.symbol_count; s++)
        cell(r, trader, pab_market_holding(r->market, id, s));
    cell(r, trader, a.mark_to_market);
    cell(r, trader, a.open_orders);
    cell(r, strcmp(g.type, "noise") == 0, pab_replay_agent_wakeup(r->market, id));
    cell(r, 1, pab_replay_agent_word(r->market, id));
    cell(r, 1, pab_replay_agent_gauss(r->market, id));
    done(r, GOLDEN_AGENTS);
    return PAB_OK;
}

static pab_status symbol_totals(replay *r, uint32_t symbol)
{
    pab_symbol_info s = {.struct_size = sizeof s};
    const char *name = pab_scenario_symbol(r->scn, symbol);
    const symbol_lines *lines = &r->symbols[symbol];
    pab_status status = pab_market_symbol(r->market, symbol, &s);
    if (status != PAB_OK)
        return status;
    total(r, "symbols.%s.accepted %" PRId64, name, s.accepted);
    total(r, "symbols.%s.cancelled %" PRId64, name, s.cancelled);
    total(r, "symbols.%s.trades %" PRId64, name, s.trades);
    total(r, "symbols.%s.traded_volume %" PRId64, name, s.traded_volume);
    total(r, "symbols.%s.last_trade %" PRId64, name, s.last_trade);
    total(r, "symbols.%s.fundamental_rows_run %" PRIu64, name, lines->running);
    total(r, "symbols.%s.fundamental_rows_total %zu", name, lines->values.count);
    let_go(r, GOLDEN_TOTALS, &lines->shocks);
    return PAB_OK;
}

/* Gains by label; groups of one label are counted together where the first of them stands. */
static pab_status gain_totals(replay *r)
{
    for (uint32_t first = 0; first < r->info.group_count; first++) {
        pab_group_info g = {.struct_size = sizeof g}, other = g;
        int64_t gain = 0, agents = 0;
        pab_status status = pab_scenario_group(r->scn, first, &g);
        for (uint32_t i = 0; i < r->info.group_count && status == PAB_OK; i++) {
            status = pab_scenario_group(r->scn, i, &other);
            if (strcmp(g.label, other.label) != 0)
                continue;
            if (i < first)
                break;
            for (int32_t id = other.first_id; id < other.first_id + other.count && status == PAB_OK; id++) {
                pab_agent_info a = {.struct_size = sizeof a};
                status = pab_market_agent(r->market, id, &a);
                gain += a.mark_to_market - other.starting_cash;
                agents++;
            }
        }
        if (status != PAB_OK)
            return status;
        if (agents == 0)
            continue;
        total(r, "mean_gain_by_type.%s.total %" PRId64, g.label, gain);
        total(r, "mean_gain_by_type.%s.agents %" PRId64, g.label, agents);
    }
    return PAB_OK;
}

static pab_status totals(replay *r)
{
    pab_market_counters c = {.struct_size = sizeof c};
    pab_status status = pab_market_count(r->market, &c);
    uint64_t kept = r->delivered < GOLDEN_MESSAGES_KEPT ? r->delivered : GOLDEN_MESSAGES_KEPT;
    total(r, "name %s", r->info.name);
    total(r, "queue_pops %" PRIu64, c.queue_pops);
    total(r, "requeued %" PRIu64, c.queue_pops - c.delivered);
    total(r, "delivered %" PRIu64, c.delivered);
    total(r, "rows_kept %" PRIu64, kept);
    total(r, "delivered_crc32 %08" PRIx32, r->crc);
    total(r, "orders_created %" PRIu64, c.orders_created);
    total(r, "book_rows %" PRIu64, r->book_rows);
    total(r, "l1_rows %" PRIu64, r->l1_rows);
    for (uint32_t i = 0; i < r->info.symbol_count && status == PAB_OK; i++)
        status = symbol_totals(r, i);
    if (status == PAB_OK)
        status = gain_totals(r);
    total(r, "last_delivery_ns %" PRId64, c.last_delivery);
    total(r, "rng_next_u32.global_generator %" PRIu32, pab_replay_word(r->market, PAB_REPLAY_GLOBAL));
    total(r, "rng_next_u32.latency %" PRIu32, pab_replay_word(r->market, PAB_REPLAY_LATENCY));
    for (uint32_t i = 0; i < r->info.symbol_count; i++)
        total(r, "rng_next_u32.oracle.%s %" PRIu32, pab_scenario_symbol(r->scn, i),
              pab_replay_oracle_word(r->market, i));
    return status;
}

/* --- The whole run --- */

static void headers(replay *r)
{
    r->sink(r->user, GOLDEN_MESSAGES, "seq,time_ns,sender_id,recipient_id,type");
    r->sink(r->user, GOLDEN_BOOK,
            "time_ns,symbol,type,order_id,agent_id,oppos_order_id,oppos_agent_id,side,quantity,price");
    r->sink(r->user, GOLDEN_L1, "time_ns,symbol,bid,bid_qty,ask,ask_qty");
    r->sink(r->user, GOLDEN_FUNDAMENTAL, "symbol,time_ns,value,phase");
    put(r, "id,type,symbol,cash");
    for (uint32_t s = 0; s < r->info.symbol_count; s++) {
        put(r, ",holding_");
        put(r, pab_scenario_symbol(r->scn, s));
    }
    put(r, ",mark_to_market,open_orders,wakeup_time_ns,rng_next_u32,rng_has_gauss");
    done(r, GOLDEN_AGENTS);
}

static pab_status play(replay *r)
{
    pab_tap tap = {sizeof tap, 0, r, on_delivery, on_row, on_l1, on_fundamental, on_megashock, NULL};
    pab_status status = pab_market_set_tap(r->market, &tap);
    headers(r);
    if (status == PAB_OK)
        status = pab_market_reset(r->market, r->info.default_seed);
    if (status == PAB_OK)
        status = pab_market_finish(r->market);
    for (uint32_t s = 0; s < r->info.symbol_count && status == PAB_OK; s++)
        let_go(r, GOLDEN_FUNDAMENTAL, &r->symbols[s].values);
    for (uint32_t id = 0; id < r->info.agent_count && status == PAB_OK; id++)
        status = agent_row(r, (int32_t)id);
    return status == PAB_OK ? totals(r) : status;
}

pab_status golden_replay(pab_scenario *scn, golden_sink sink, void *user)
{
    replay r = {.scn = scn, .info = {.struct_size = sizeof r.info}, .sink = sink, .user = user};
    pab_status status = pab_scenario_describe(scn, &r.info);
    if (status == PAB_OK)
        status = pab_market_new(scn, &r.market);
    if (status != PAB_OK)
        return status;
    r.symbols = calloc(r.info.symbol_count, sizeof *r.symbols);
    status = r.symbols ? play(&r) : PAB_E_MEMORY;
    for (uint32_t s = 0; s < r.info.symbol_count && r.symbols; s++) {
        free(r.symbols[s].values.text);
        free(r.symbols[s].shocks.text);
    }
    free(r.symbols);
    pab_market_free(r.market);
    return status;
}
