/* Stage 2: what an episode of the search costs beside the same episode without the ensemble's thinking, what a decision
 * costs, and what a warm-up does that all candidates share. */
#include <pairsabides/config.h>

#include "bench.h"

#include "sip/evaluation.h"

enum { CANDIDATES = 16, SEEDS = PAB_REGIME_COUNT, DECISIONS = 64 };

typedef struct load {
    pab_scenario *scn;
    pab_qtable *expert[PAB_EXPERT_COUNT];
    pab__sip_workers workers;
    pab__sip_table table[CANDIDATES];
    double shortfall[CANDIDATES * SEEDS], tracking[CANDIDATES * SEEDS];
    pab_policy *simple;
    uint32_t block;
    volatile double sink;
} load;

static void must(pab_status status)
{
    char text[512];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", pab_status_name(status), text);
    exit(1);
}

/* A generation: fresh seeds, all candidates on each, one thread. */
static double generation(void *user)
{
    load *l = user;
    const pab__sip_evaluation all = {.table = l->table, .tables = CANDIDATES, .seeds = SEEDS,
                                     .split = PAB_SPLIT_TRAIN, .block = l->block++, .master_seed = 1,
                                     .shortfall = l->shortfall, .tracking = l->tracking};
    double start = bench_now();
    must(pab__sip_evaluate(&l->workers, &all));
    return bench_now() - start;
}

/* As many episodes from the same warm-ups by a schedule, whose decisions cost almost nothing. */
static double simulate(void *user)
{
    load *l = user;
    pab_env *env = l->workers.all.worker[0].env;
    double start = bench_now();
    for (uint32_t n = 0; n < SEEDS; n++) {
        for (int i = 0; i < CANDIDATES; i++) {
            pab_step_result r = {.struct_size = sizeof r};
            must(pab_env_reset(env, pab__sip_seed(PAB_SPLIT_TRAIN, 1, l->block, n), NULL, NULL, 0));
            must(pab_policy_reset(l->simple, env));
            while ((r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)) == 0) {
                pab_decision d = {{0}, {0}};
                must(pab_policy_act(l->simple, env, &d));
                must(pab_env_step_exact(env, &d, NULL, 0, &r));
            }
        }
    }
    l->block++;
    return bench_now() - start;
}

/* One decision of the ensemble, the same state again and again. */
static double decide(void *user)
{
    load *l = user;
    const pab__worker *own = &l->workers.all.worker[0];
    pab__sip_memory memory = {0};
    must(pab_env_reset(own->env, pab__sip_seed(PAB_SPLIT_TRAIN, 1, 0, 0), NULL, NULL, 0));
    double start = bench_now();
    for (int i = 0; i < DECISIONS; i++)
        must(pab__sip_rank(l->workers.experts, &l->table[0], &memory, own->env, own->scratch));
    return bench_now() - start;
}

/* What each seed has to be simulated for before its first episode. */
static double warm_up(void *user)
{
    load *l = user;
    pab_env *env = l->workers.all.worker[0].env;
    double start = bench_now();
    for (uint32_t n = 0; n < SEEDS; n++)
        must(pab_env_reset(env, pab__sip_seed(PAB_SPLIT_TRAIN, 1, l->block, n), NULL, NULL, 0));
    l->block++;
    return bench_now() - start;
}

static void report(const char *name, const char *unit, double scale, bench_work what, load *l, double items)
{
    bench_result r = bench_measure(what, l, items);
    bench_open(name);
    bench_number(unit, r.median * scale);
    if (what == generation)
        bench_number("episodes_per_s", 1e9 / r.median);
    bench_figure("each", r);
    bench_close();
}

int main(void)
{
    static load l;
    pab_config *cfg;
    pab_host host;
    must(pab_host_init(&host, sizeof host));
    must(pab__host_take(&host, &host));
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_scenario_new(cfg, &l.scn));
    for (int32_t e = 0; e < PAB_EXPERT_COUNT; e++)
        must(pab__qtable_new(&host, e, &l.expert[e]));
    must(pab__sip_workers_open(&host, l.scn, 0, 0, (const pab_qtable *const *)l.expert, &l.workers));
    for (int i = 0; i < CANDIDATES; i++)
        pab__sip_table_even(&l.table[i]);
    must(pab_policy_parse(NULL, "twap:work", &l.simple));
    report("sip_episode", "us", 1e-3, generation, &l, CANDIDATES * SEEDS);
    report("sip_episode_simulation_alone", "us", 1e-3, simulate, &l, CANDIDATES * SEEDS);
    report("sip_decision", "us", 1e-3, decide, &l, DECISIONS);
    report("sip_warm_up", "us", 1e-3, warm_up, &l, SEEDS);
    pab_policy_free(l.simple);
    pab__sip_workers_close(&l.workers);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab_qtable_free(l.expert[e]);
    pab_scenario_free(l.scn);
    pab_config_free(cfg);
    return 0;
}
