/* The compiled, immutable scenario: what a market reads. Every folder above uses it.
 *
 * pab_scenario_new (scenario.c) compiles a config: build.c fills in the records, check.c checks across keys, hash.c
 * makes the fingerprint. From then on everything is read-only and shared by reference count. */
#ifndef PAB_SCENARIO_SCENARIO_H
#define PAB_SCENARIO_SCENARIO_H

#include <pairsabides/book.h>
#include <pairsabides/scenario.h>

#include "base/host.h"
#include "base/rng.h"
#include "scenario/correlation.h"

struct pab__builtin_type;
struct pab__extension;
struct pab__node;
struct pab__times;

enum { PAB__EXTENSIONS_MAX = 4, PAB__VARIANTS_MAX = 8 };

enum { PAB__LATENCY_NONE = 0, PAB__LATENCY_DETERMINISTIC = 1, PAB__LATENCY_CUBIC = 2 };
enum { PAB__ORACLE_NONE = 0, PAB__ORACLE_SPARSE = 1, PAB__ORACLE_DENSE = 2, PAB__ORACLE_SERIES = 3,
       PAB__ORACLE_CORRELATED = 4 };
enum { PAB__SIZE_MIXTURE = 0, PAB__SIZE_PER_AGENT = 1, PAB__SIZE_FIXED = 2 };

typedef struct pab__clock {
    int64_t date;          /* midnight, ns */
    int64_t kernel_start, kernel_stop;
    int64_t market_open, market_close;
    int64_t noise_open, noise_close; /* window of the noise agents' wake times */
    int64_t oracle_open, oracle_close;
    int64_t computation_delay; /* default of every agent, ns */
} pab__clock;

typedef struct pab__latency_params {
    int32_t model; /* PAB__LATENCY_... */
    double line_length;  /* metres: agents stand uniformly on a line of this length */
    double metres_per_ns;
    double jitter, jitter_clip, jitter_unit; /* cubic model */
} pab__latency_params;

typedef struct pab__oracle_params {
    int32_t kind; /* PAB__ORACLE_... */
    int64_t r_bar;
    double kappa, sigma_s, fund_vol;
    double megashock_lambda_a, megashock_mean, megashock_var;
    int64_t grid; /* ns between grid points: dense oracle, and sparse with query_driven_oracle off */
    char file[PAB_PARAM_TEXT_SIZE]; /* series: CSV of time_ns,value */
    char column[PAB_PARAM_TEXT_SIZE];
    /* correlated */
    char follows[PAB_PARAM_TEXT_SIZE]; /* symbol whose deviation it shares, "" for none */
    double beta;                       /* return of this per return of the followed symbol */
    int64_t half_life;                 /* ns, of its own deviation; 0: derived from kappa */
    double loading;                    /* on the common factor of the noise */
    int64_t lag;                       /* ns by which its value is late */
    double shock_beta;                 /* its share of common jumps */
    double own_shock_rate;             /* 1/h */
    double own_shock_sd;               /* bps */
} pab__oracle_params;

/* An external series, loaded when the scenario is compiled. */
typedef struct pab__series {
    uint32_t count;
    int64_t *times;  /* strictly increasing, ns */
    int64_t *values; /* ticks, half-even of the file's numbers */
} pab__series;

typedef struct pab__symbol {
    char name[PAB_PARAM_TEXT_SIZE];
    int64_t exchange; /* id of the exchange agent that lists it */
    pab__oracle_params oracle;
    pab__series series;
} pab__symbol;

/* Keys common to all agent groups. */
typedef struct pab__group_common {
    int64_t count;
    int64_t starting_cash;
    int64_t computation_delay; /* -1: the clock's default */
    int32_t size_kind;         /* PAB__SIZE_... */
    int64_t size_fixed, size_min, size_max; /* per_agent: randint(size_min, size_max) at construction */
} pab__group_common;

typedef struct pab__group {
    char name[PAB_PARAM_TEXT_SIZE];  /* key under `agents` */
    char label[PAB_PARAM_TEXT_SIZE]; /* printed type name */
    pab_agent_type type;
    const struct pab__builtin_type *builtin; /* NULL: a caller's type */
    pab__group_common common;
    int32_t symbol; /* -1: none or all */
    int32_t first_id;
    void *params; /* type.params_size bytes, NULL when 0 */
} pab__group;

typedef struct pab__exchange_params {
    int64_t count;             /* exchanges; agents 0 .. count-1 */
    int64_t computation_delay; /* after the first message, ns */
    int64_t pipeline_delay;    /* added to every message sent, ns */
    int64_t stream_history;    /* recorded for imports; no effect */
    int64_t volume_window;     /* ns of transacted volume kept for queries */
    double maker_fee, taker_fee; /* cents per share; negative: a rebate */
    int32_t self_trade_prevention;
    double tick_value; /* currency units */
} pab__exchange_params;

/* Cents in a tick: 1 in ABIDES, of which prices, cash and the environment's sums are multiples. */
static inline double pab__exchange_cents(const pab__exchange_params *exchange)
{
    return exchange->tick_value / 0.01;
}

struct pab_scenario {
    pab_host host;
    _Atomic int32_t references;
    int32_t rng;        /* PAB_RNG_... */
    char name[PAB_PARAM_TEXT_SIZE];
    uint64_t default_seed;
    uint64_t fingerprint;
    uint32_t quirks;
    uint32_t symbol_count, group_count, agent_count;
    pab__clock clock;
    pab__exchange_params exchange;
    pab__latency_params latency;
    pab__mixture mixture;
    pab__symbol *symbols;
    pab__correlation correlation;
    const struct pab__extension *const *extensions; /* NULL at the end */
    void *records[PAB__EXTENSIONS_MAX];             /* of the extensions; NULL: it has none */
    pab_scenario *variants[PAB__VARIANTS_MAX];      /* NULL: as this one. All NULL in a variant */
    pab__group *groups;
    uint16_t *group_of; /* by agent id; UINT16_MAX for exchanges */
};

/* "; expected one of AAA, BBB": the scenario's symbols, for errors on one that is none of them. */
enum { PAB__SYMBOL_NAMES = 256 };
typedef struct pab__symbol_names {
    char text[PAB__SYMBOL_NAMES];
} pab__symbol_names;
pab__symbol_names pab__scenario_symbol_names(const pab_scenario *scn);

/* Parts of pab_scenario_new. On error what was allocated stays in `scn` for pab_scenario_free. */
pab_status pab__scenario_build(const pab_config *cfg, pab_scenario *scn); /* fills in all but the fingerprint */
pab_status pab__scenario_check(const pab_config *cfg, const pab_scenario *scn); /* checks across keys */
uint64_t pab__scenario_fingerprint(const pab_scenario *scn);

/* The members of scn->correlation, its factor and rings. `root` is the tree, `times` what its times refer to. */
pab_status pab__correlation_build(const struct pab__node *root, const struct pab__times *times, pab_scenario *scn);

/* Reads the CSV file that `oracle` names. */
pab_status pab__series_load(const pab_host *host, const pab__oracle_params *oracle, pab__series *out);
void pab__series_free(const pab_host *host, pab__series *series);

/* A variant of the scenario (a regime, PAB_REGIME_...): `scn` itself where that changes nothing or there is none.
 * Borrowed: valid as long as `scn`, or a market made of it. */
pab_scenario *pab__scenario_variant(pab_scenario *scn, int32_t variant);

/* One more reference; drop it with pab_scenario_free. */
pab_scenario *pab__scenario_ref(pab_scenario *scn);

#endif
