/* A program of the first release: it includes no header of ours but declares records and functions as that release had
 * them, so it stays as it is whatever the headers become. The library it runs with knows larger records. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 64 };

typedef struct host_0_1 {
    uint32_t struct_size;
    int32_t log_level;
    void *user;
    void *(*alloc)(void *user, size_t size, size_t align);
    void (*release)(void *user, void *ptr, size_t size);
    void (*log)(void *user, int32_t level, const char *topic, const char *text);
} host_0_1;

typedef struct scenario_info_0_1 {
    uint32_t struct_size;
    int32_t rng;
    uint32_t symbol_count, agent_count, exchange_count, group_count;
    uint64_t default_seed, fingerprint;
    int64_t kernel_start, kernel_stop, market_open, market_close;
    const char *name;
} scenario_info_0_1;

typedef struct group_info_0_1 {
    uint32_t struct_size;
    int32_t symbol, first_id, count;
    int64_t starting_cash;
    const char *name, *type, *label;
} group_info_0_1;

typedef struct market_counters_0_1 {
    uint32_t struct_size, reserved;
    int64_t now;
    uint64_t queue_pops, delivered, orders_created;
    int64_t last_delivery;
    int32_t ended, finished;
} market_counters_0_1;

typedef struct symbol_info_0_1 {
    uint32_t struct_size, megashocks;
    int64_t accepted, cancelled, trades, traded_volume, last_trade, fundamental, next_shock_time;
    double next_shock_value;
} symbol_info_0_1;

typedef struct agent_info_0_1 {
    uint32_t struct_size;
    int32_t group;
    int64_t cash, mark_to_market, busy_until;
    uint32_t open_orders, reserved;
} agent_info_0_1;

typedef struct book_summary_0_1 {
    uint32_t struct_size, order_count, bid_levels, ask_levels;
    int64_t best_bid, best_ask, last_trade, last_update;
} book_summary_0_1;

typedef struct schema_entry_0_1 {
    uint32_t struct_size;
    int32_t type;
    const char *type_name, *unit, *default_value, *choices, *doc;
    double min, max;
    char key[128];
} schema_entry_0_1;

typedef struct delivery_0_1 {
    int64_t time;
    int32_t sender, recipient, type, reserved;
} delivery_0_1;

typedef struct tap_0_1 {
    uint32_t struct_size, reserved;
    void *user;
    void (*delivery)(void *user, const delivery_0_1 *d);
    void (*others[4])(void);
} tap_0_1;

typedef struct order_0_1 {
    int64_t id, quantity, price;
    int32_t agent, side;
    uint32_t flags, ref;
} order_0_1;

typedef struct book_sink_0_1 {
    uint32_t struct_size, reserved;
    void *user;
    void (*event)(void *user, const void *event);
    void (*row)(void *user, const void *row);
} book_sink_0_1;

typedef struct agent_type_0_1 {
    uint32_t struct_size, state_size, params_size, params_count;
    const char *name, *label;
    const void *params;
    void *user;
    void (*on_build)(void *self, void *state);
    void (*on_start)(void *self, void *state);
    int64_t (*first_wakeup)(void *self, void *state);
    void (*on_wakeup)(void *self, void *state, int32_t can_trade);
    void (*on_message)(void *self, void *state, const void *msg, int32_t sender);
    void (*on_stop)(void *self, void *state);
} agent_type_0_1;

extern size_t pab_last_error(char *buf, size_t cap);
extern int32_t pab_host_init(host_0_1 *host, uint32_t size);
extern int32_t pab_config_new(const host_0_1 *host, void **out);
extern int32_t pab_config_preset(void *cfg, const char *name);
extern int32_t pab_config_parse(void *cfg, const char *text, size_t len, const char *name);
extern int32_t pab_config_add_agent_type(void *cfg, const agent_type_0_1 *type);
extern void pab_config_free(void *cfg);
extern int32_t pab_agent_type_init(agent_type_0_1 *type, uint32_t size);
extern int32_t pab_schema_get(uint32_t index, schema_entry_0_1 *out);
extern int32_t pab_scenario_new(const void *cfg, void **out);
extern int32_t pab_scenario_describe(const void *scn, scenario_info_0_1 *out);
extern int32_t pab_scenario_group(const void *scn, uint32_t index, group_info_0_1 *out);
extern void pab_scenario_free(void *scn);
extern int32_t pab_market_new(void *scn, void **out);
extern int32_t pab_market_set_tap(void *m, const tap_0_1 *tap);
extern int32_t pab_market_reset(void *m, uint64_t seed);
extern int32_t pab_market_finish(void *m);
extern int32_t pab_market_count(const void *m, market_counters_0_1 *out);
extern int32_t pab_market_symbol(const void *m, uint32_t symbol, symbol_info_0_1 *out);
extern int32_t pab_market_agent(const void *m, int32_t agent, agent_info_0_1 *out);
extern void pab_market_free(void *m);
extern int32_t pab_book_new(const host_0_1 *host, uint32_t quirks, const book_sink_0_1 *sink, void **out);
extern int32_t pab_book_limit(void *book, int64_t now, const order_0_1 *order);
extern int32_t pab_book_describe(const void *book, book_summary_0_1 *out);
extern void pab_book_free(void *book);

static void must(int holds, const char *what)
{
    char text[512] = "";
    if (holds)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "older: %s (%s)\n", what, text);
    exit(1);
}

/* A record between memory and a guard that the library must leave alone. */
#define GUARDED(type, name)                     \
    struct {                                    \
        type record;                            \
        unsigned char guard[GUARD];             \
    } name;                                     \
    memset(&name, 0xA5, sizeof name);           \
    name.record.struct_size = sizeof name.record

#define INTACT(name) must(guarded(name.guard, name.record.struct_size, sizeof name.record), #name)

static int guarded(const unsigned char *guard, uint32_t kept, size_t size)
{
    for (int i = 0; i < GUARD; i++)
        if (guard[i] != 0xA5)
            return 0;
    return kept == size;
}

static uint64_t allocations, wakeups, stops, deliveries, events;

static void *count_alloc(void *user, size_t size, size_t align)
{
    (*(uint64_t *)user)++;
    return aligned_alloc(align, (size + align - 1) / align * align);
}

static void count_release(void *user, void *ptr, size_t size)
{
    (void)user;
    (void)size;
    free(ptr);
}

static void count_wakeup(void *self, void *state, int32_t can_trade)
{
    (void)self;
    (void)can_trade;
    *(uint64_t *)state += 1;
    wakeups++;
}

static void count_stop(void *self, void *state)
{
    (void)self;
    stops += *(uint64_t *)state > 0;
}

static void count_delivery(void *user, const delivery_0_1 *d)
{
    *(uint64_t *)user += d->time > 0;
}

static void count_event(void *user, const void *event)
{
    (void)event;
    (*(uint64_t *)user)++;
}

static void take_host(host_0_1 *host)
{
    GUARDED(host_0_1, h);
    must(pab_host_init(&h.record, sizeof h.record) == 0, "pab_host_init");
    INTACT(h);
    must(h.record.log_level == 1 && !h.record.alloc && !h.record.log, "defaults of a host");
    h.record.user = &allocations;
    h.record.alloc = count_alloc;
    h.record.release = count_release;
    *host = h.record;
}

static void *make_scenario(const host_0_1 *host)
{
    static const char yaml[] = "preset: rmsc04\n"
                               "clock: {market_close: '09:35:00'}\n"
                               "agents: {mine: {type: counter, symbol: ABM, count: 1}}\n";
    void *cfg, *scn;
    GUARDED(agent_type_0_1, type);
    must(pab_agent_type_init(&type.record, sizeof type.record) == 0, "pab_agent_type_init");
    INTACT(type);
    type.record.state_size = sizeof(uint64_t);
    type.record.name = "counter";
    type.record.label = "Counter";
    type.record.on_wakeup = count_wakeup;
    type.record.on_stop = count_stop;
    must(pab_config_new(host, &cfg) == 0, "pab_config_new");
    must(pab_config_add_agent_type(cfg, &type.record) == 0, "pab_config_add_agent_type");
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "older") == 0, "pab_config_parse");
    must(pab_scenario_new(cfg, &scn) == 0, "pab_scenario_new");
    pab_config_free(cfg);
    must(allocations > 0, "the host's allocator is used");
    return scn;
}

static int32_t read_scenario(void *scn)
{
    GUARDED(scenario_info_0_1, info);
    must(pab_scenario_describe(scn, &info.record) == 0, "pab_scenario_describe");
    INTACT(info);
    must(info.record.symbol_count == 1 && info.record.market_open < info.record.market_close, "scenario info");
    GUARDED(group_info_0_1, group);
    must(pab_scenario_group(scn, info.record.group_count - 1, &group.record) == 0, "pab_scenario_group");
    INTACT(group);
    must(group.record.count == 1 && strcmp(group.record.label, "Counter") == 0, "group info");
    GUARDED(schema_entry_0_1, row);
    must(pab_schema_get(0, &row.record) == 0, "pab_schema_get");
    INTACT(row);
    must(strlen(row.record.key) > 0 && strlen(row.record.doc) > 0, "schema entry");
    return group.record.first_id;
}

static void run_market(void *scn, int32_t agent)
{
    void *market;
    tap_0_1 tap = {sizeof tap, 0, &deliveries, count_delivery, {NULL, NULL, NULL, NULL}};
    must(pab_market_new(scn, &market) == 0, "pab_market_new");
    must(pab_market_set_tap(market, &tap) == 0, "pab_market_set_tap");
    must(pab_market_reset(market, 1) == 0 && pab_market_finish(market) == 0, "pab_market_finish");
    GUARDED(market_counters_0_1, total);
    must(pab_market_count(market, &total.record) == 0, "pab_market_count");
    INTACT(total);
    must(total.record.finished == 1 && total.record.delivered == deliveries && deliveries > 0, "counters");
    GUARDED(symbol_info_0_1, symbol);
    must(pab_market_symbol(market, 0, &symbol.record) == 0, "pab_market_symbol");
    INTACT(symbol);
    must(symbol.record.trades > 0 && symbol.record.last_trade > 0, "symbol info");
    GUARDED(agent_info_0_1, info);
    must(pab_market_agent(market, agent, &info.record) == 0, "pab_market_agent");
    INTACT(info);
    must(wakeups > 0 && stops == 1 && info.record.cash == info.record.mark_to_market, "agent info");
    pab_market_free(market);
}

static void run_book(const host_0_1 *host)
{
    const order_0_1 order = {1, 100, 5000, 7, 1, 0, 0};
    book_sink_0_1 sink = {sizeof sink, 0, &events, count_event, NULL};
    void *book;
    must(pab_book_new(host, 0, &sink, &book) == 0, "pab_book_new");
    must(pab_book_limit(book, 1, &order) == 0 && events == 1, "pab_book_limit");
    GUARDED(book_summary_0_1, summary);
    must(pab_book_describe(book, &summary.record) == 0, "pab_book_describe");
    INTACT(summary);
    must(summary.record.order_count == 1 && summary.record.best_bid == 5000, "book summary");
    pab_book_free(book);
}

int main(void)
{
    host_0_1 host;
    take_host(&host);
    void *scn = make_scenario(&host);
    run_market(scn, read_scenario(scn));
    pab_scenario_free(scn);
    run_book(&host);
    return 0;
}
