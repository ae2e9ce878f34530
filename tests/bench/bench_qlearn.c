/* Stage 1: what an episode of training and a fork cost beside the same episode of the rule alone, and what a decision,
 * an update and the whole of a round's learning cost. */
#include <pairsabides/config.h>

#include <string.h>

#include "bench.h"

#include "eval/rollout.h"
#include "qlearn/workers.h"

enum { JOBS = 8, REPEATS = 4 };

typedef struct load {
    pab_qtable *q;
    pab__qlearn_workers workers;
    pab__learning_task task;
    pab__transition *moves;
    pab__learning_result result[JOBS * REPEATS];
    pab_policy *rule;
    uint64_t round;
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

static uint64_t seed_of(const pab__learning_task *task, uint32_t job)
{
    return pab_seed(PAB_SPLIT_TRAIN, (int32_t)(job % PAB_REGIME_COUNT), task->key * JOBS + job);
}

/* A round as training plays it: warm-up, the rule, then episodes that explore. */
static double explore(void *user)
{
    load *l = user;
    l->task.key = ++l->round;
    double start = bench_now();
    must(pab__qlearn_workers_run(&l->workers, &l->task, l->moves, l->result));
    return bench_now() - start;
}

/* As training does by default: warm-up, a trunk, and forks of it. */
static double fork_trunks(void *user)
{
    load *l = user;
    pab__learning_task task = l->task;
    task.key = ++l->round;
    task.how = PAB__LEARNING_FORK;
    task.forks = 1;
    double start = bench_now();
    must(pab__qlearn_workers_run(&l->workers, &task, l->moves, l->result));
    return bench_now() - start;
}

/* The same warm-ups and as many episodes, by a rule that learns nothing and records nothing. */
static double simulate(void *user)
{
    load *l = user;
    const pab__rollout r = {.env = l->workers.all.worker[0].env, .policy = l->rule};
    pab_episode_metrics metrics;
    l->task.key = ++l->round;
    double start = bench_now();
    for (uint32_t job = 0; job < JOBS; job++)
        for (int i = 0; i <= REPEATS; i++)
            must(pab__rollout_episode(&r, seed_of(&l->task, job), NULL, &metrics));
    return bench_now() - start;
}

static double learn(void *user)
{
    load *l = user;
    double start = bench_now(), missed = 0;
    for (uint32_t i = 0; i < JOBS * REPEATS; i++)
        missed += pab__table_learn(&l->q->table[PAB_TABLE_PAIR], l->moves + (size_t)i * l->task.steps,
                                   l->result[i].moves, (int)(i & 1), &pab__learning_rates_episodes);
    l->sink = missed;
    return bench_now() - start;
}

static double score(void *user)
{
    load *l = user;
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    double z[PAB_ENV_JOINT_ACTIONS], start = bench_now();
    pab__features f = {.time = 0.4, .rule = {3, 6}};
    memset(mask, 1, sizeof mask);
    for (int i = 0; i < 256; i++) {
        pab__qtable_score(l->q, &f, mask, z);
        l->sink = pab__qtable_best(z);
    }
    return bench_now() - start;
}

static void report(const char *name, const char *unit, double scale, bench_work what, load *l, double items)
{
    bench_result r = bench_measure(what, l, items);
    bench_open(name);
    bench_number(unit, r.median * scale);
    bench_figure("each", r);
    bench_close();
}

int main(void)
{
    static load l;
    pab_config *cfg;
    pab_scenario *scn;
    pab_host host;
    must(pab_host_init(&host, sizeof host));
    must(pab__host_take(&host, &host));
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_scenario_new(cfg, &scn));
    must(pab__qtable_new(&host, PAB_EXPERT_LAE, &l.q));
    must(pab__qlearn_workers_new(scn, 0, &l.workers));
    must(pab_policy_parse(NULL, "lae", &l.rule));
    l.task = (pab__learning_task){.q = l.q, .table = PAB_TABLE_PAIR, .how = PAB__LEARNING_EXPLORE, .baseline = 1,
                           .repeats = REPEATS, .jobs = JOBS, .steps = l.workers.steps,
                           .exploration = {1, 0.5, 0.5, 0.02}, .seed = seed_of};
    l.moves = malloc((size_t)JOBS * REPEATS * l.workers.steps * sizeof *l.moves);
    report("qlearn_episode", "us", 1e-3, explore, &l, JOBS * REPEATS);
    report("qlearn_fork", "us", 1e-3, fork_trunks, &l, JOBS * REPEATS);
    report("qlearn_episode_simulation_alone", "us", 1e-3, simulate, &l, JOBS * REPEATS);
    report("qlearn_update_episode", "us", 1e-3, learn, &l, JOBS * REPEATS);
    report("qlearn_score", "ns", 1, score, &l, 256);
    free(l.moves);
    pab_policy_free(l.rule);
    pab__qlearn_workers_free(&l.workers);
    pab_qtable_free(l.q);
    pab_scenario_free(scn);
    pab_config_free(cfg);
    return 0;
}
