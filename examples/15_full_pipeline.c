/* Everything in one call: a scenario is calibrated, experts, ensemble and mixture learn, and all are compared. The run
 * is stopped on the way and resumed. The budget here is tiny. */
#include <pairsabides/pairsabides.h>

#include "must.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static pab_config *make_config(void)
{
    pab_config *cfg;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_preset(cfg, "pair"));
    must(pab_config_set(cfg, "pair.warmup", "20s"));
    must(pab_config_set(cfg, "pair.horizon", "30s"));
    return cfg;
}

/* Where to stop, and the last progress. */
typedef struct watch {
    const char *stop;
    char name[64];
} watch;

static int32_t follow(void *user, const pab_pipeline_step *step)
{
    watch *w = user;
    if (strcmp(w->name, step->name) != 0) {
        snprintf(w->name, sizeof w->name, "%s", step->name);
        printf("%3.0f %%  %s\n", 100 * step->overall, step->name);
    }
    return w->stop && strcmp(step->name, w->stop) == 0;
}

static void clear(const char *dir)
{
    char path[512];
    DIR *d = opendir(dir);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        unlink(path);
    }
    if (d)
        closedir(d);
    rmdir(dir);
}

/* What the tuned mixture would do first, and why. */
static void ask(const char *dir)
{
    pab_pipeline *run;
    pab_policy *policy;
    pab_env *env;
    char why[2000];
    must(pab_pipeline_open(NULL, dir, &run));
    must(pab_pipeline_policy(run, "moe", &policy));
    must(pab_env_new(pab_pipeline_scenario(run), &env));
    must(pab_env_reset(env, pab_seed(PAB_SPLIT_VALIDATION, PAB_REGIME_CALM, 1), NULL, NULL, 0));
    must(pab_policy_reset(policy, env));
    must(pab_policy_explain(policy, env, why, sizeof why));
    printf("\n%s\n", why);
    pab_env_free(env);
    pab_policy_free(policy);
    pab_pipeline_free(run);
}

int main(int argc, char **argv)
{
    const char *dir = argc > 1 ? argv[1] : "15_full_pipeline.run";
    watch w = {.stop = "distil"};
    const pab_pipeline_hook hook = {.struct_size = sizeof hook, .user = &w, .report = follow};
    pab_pipeline_result result = {.struct_size = sizeof result};
    pab_pipeline_options options;
    pab_config *cfg = make_config();
    if (argc == 1)
        clear(dir); /* of a run before that did not end */
    must(pab_pipeline_options_init(&options, sizeof options));
    options.budget = 0.0005;
    options.threads = 2;
    options.rounds = 1;
    options.front = 0;
    options.episodes = 2;
    options.resamples = 100;
    options.hook = &hook;
    if (pab_pipeline_run(cfg, dir, &options, NULL) != PAB_E_CANCELLED)
        return 1;
    printf("stopped at \"%s\"; resuming\n", w.stop);
    w.stop = NULL;
    options.resume = 1;
    must(pab_pipeline_run(cfg, dir, &options, &result));
    printf("\nlearned less rules %.3f bps, ensemble less the best of them %.3f [%.3f, %.3f], mixture less ensemble "
           "%.3f [%.3f, %.3f]\n", result.learned_mean, result.ensemble_mean, result.ensemble_low, result.ensemble_high,
           result.mixture_mean, result.mixture_low, result.mixture_high);
    ask(dir);
    if (argc > 1)
        printf("\n'pairsabides report %s' makes a page of it\n", dir);
    else
        clear(dir);
    pab_config_free(cfg);
    return 0;
}
