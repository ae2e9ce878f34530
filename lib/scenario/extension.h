/* What outer folders add to scenarios: types of agents, presets, sections of the schema with a record of their own.
 *
 * The scenario folder knows none of them. The library's outermost layer (env/builtin.c) hands the list down with every
 * configuration, and scenarios made from it keep it. All of it is constant, so any thread may read it. */
#ifndef PAB_SCENARIO_EXTENSION_H
#define PAB_SCENARIO_EXTENSION_H

#include "scenario/schema.h"

/* Roles that others ask for: regimes scale their numbers, Stage 0 fits them. */
enum { PAB__ROLE_NONE, PAB__ROLE_NOISE, PAB__ROLE_VALUE, PAB__ROLE_MOMENTUM, PAB__ROLE_MAKER, PAB__ROLE_ARBITRAGE,
       PAB__ROLES };

/* What a group of a type needs. */
enum { PAB__NEEDS_SYMBOL = 1, PAB__NEEDS_ORACLE = 2 /* of its symbol */ };

/* What types with PAB__ROLE_MAKER answer. `params` is the group's parameter record, `state` an agent's own state. */
typedef struct pab__maker_hooks {
    void (*scale_size)(void *params, double factor);                   /* of its orders */
    void (*set_withdrawal)(void *params, int64_t off, int64_t on);     /* mean times, ns */
    int32_t (*withdraws)(const void *params);                          /* 1: it withdraws from a side at times */
    int32_t (*withdrawn)(const void *state);                           /* PAB_BUY, PAB_SELL, or 0 */
} pab__maker_hooks;

/* How a variant of a scenario differs, for types that stand for many traders at once; 1 and 0 change nothing. */
typedef struct pab__conditions {
    double volatility; /* factor on that of news */
    double orders;     /* factor on how many there are */
    double depth;      /* factor on what rests */
    double crumbling;  /* 1/s: falls of a touch that no news explains */
    int64_t away;      /* ns: how long nobody comes back after those; 0: as after others */
} pab__conditions;

/* A built-in type of agent: the public record, then what only the library uses. */
typedef struct pab__builtin_type {
    pab_agent_type type;
    int32_t role;   /* PAB__ROLE_... */
    uint32_t needs; /* PAB__NEEDS_... */
    const pab__maker_hooks *maker; /* makers only */
    /* Checks across keys; `map` is the group as given. May be NULL. */
    pab_status (*check)(const pab_scenario *scn, const pab__group *group, const pab__node *map);
    int64_t (*wakeup_time)(const void *state); /* a time of waking drawn in on_build. May be NULL */
    /* Types that stand at the exchange (market/resident.h), NULL for all others: another agent's order message has
     * worked the book of its symbol; `traded` shares traded at once, `side` is the order's. */
    void (*on_book)(pab_agent *self, void *state, int32_t side, int64_t traded);
    void (*adjust)(void *params, const pab__conditions *c); /* before agents are numbered. May be NULL */
} pab__builtin_type;

typedef struct pab__preset {
    const char *name;
    const char *text; /* YAML */
} pab__preset;

/* `record` is the extension's own in the scenario, record_size bytes, zeroed. All hooks may be NULL. */
typedef struct pab__extension {
    const pab__builtin_type *const *types; /* in the order of the schema listing */
    uint32_t type_count;
    uint32_t preset_count;
    const pab__preset *presets;
    const pab__section *sections; /* at the top of the file */
    uint32_t section_count;
    uint32_t variant_count; /* at most PAB__VARIANTS_MAX; of one extension only */
    size_t record_size;
    /* In the order in which they are called. */

    /* Begins the scenario (variant -1) or a variant of it. Sets `*changes` to 1 if the variant differs from it. */
    pab_status (*start)(const pab_config *cfg, int32_t variant, void *record, int32_t *changes);
    void (*adjust_symbol)(const void *record, pab__symbol *symbol); /* before its series is loaded */
    void (*adjust_group)(const void *record, pab__group *group);    /* before agents are numbered */
    pab_status (*build)(const pab_config *cfg, const pab__times *times, pab_scenario *scn, void *record);
    pab_status (*check)(const pab_config *cfg, const pab_scenario *scn, const void *record);
    uint64_t (*hash)(const void *record, uint64_t seed);
} pab__extension;

/* Elements over all extensions of a list (NULL at its end). They return NULL past the last. */
const pab__builtin_type *pab__extensions_type(const pab__extension *const *list, uint32_t index);
const pab__builtin_type *pab__extensions_type_named(const pab__extension *const *list, const char *name);
const pab__section *pab__extensions_section(const pab__extension *const *list, uint32_t index);

/* A count times a factor, rounded: at least one is left where there was one, unless the factor is 0. */
int64_t pab__extension_scaled(int64_t count, double factor);

/* The scenario's own presets (preset.c), then those of extensions. */
enum { PAB__PRESET_COUNT = 3 };
extern const pab__preset pab__presets[PAB__PRESET_COUNT];
const pab__preset *pab__preset_at(const pab__extension *const *list, uint32_t index);
const pab__preset *pab__preset_named(const pab__extension *const *list, const char *name);

/* What public functions of these names do, given the list. */
pab_status pab__config_new(const pab_host *host, const pab__extension *const *list, pab_config **out);
pab_status pab__schema_get(const pab__extension *const *list, uint32_t index, pab_schema_entry *out);

#endif
