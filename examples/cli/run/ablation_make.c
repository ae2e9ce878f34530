/* What each ablation gives: mixtures tuned otherwise, from the run's distilled mixture and by the seeds of its first
 * round, and ensembles played otherwise. */
#include "ablation.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUND = 1 };

/* --- What the run's first round had --- */

static pab_status load_mixture(const ablation *a, const char *stem, pab_moe **out)
{
    char file[ABLATE_NAME + 8], path[FINISHED_PATH];
    snprintf(file, sizeof file, "%s.moe", stem);
    return pab_moe_load(NULL, finished_path(&a->made, file, path), out);
}

static int was_tuned(const ablation *a, int32_t loss)
{
    char file[ABLATE_NAME], path[FINISHED_PATH];
    snprintf(file, sizeof file, "round%d_%s.moe", ROUND, pab_loss_name(loss));
    return access(finished_path(&a->made, file, path), F_OK) == 0;
}

/* A tuning that was not accepted is stored as the copy of its reference. */
static int same_files(const char *path_a, const char *path_b)
{
    FILE *a = fopen(path_a, "r"), *b = a ? fopen(path_b, "r") : NULL;
    int same = b != NULL;
    for (int c = 0; same && c != EOF;) {
        c = getc(a);
        same = c == getc(b);
    }
    if (a)
        fclose(a);
    if (b)
        fclose(b);
    return same;
}

static pab_status load_mbt(ablation *a)
{
    char tuned[FINISHED_PATH], distilled[FINISHED_PATH];
    if (a->loss == PAB_LOSS_MBT || !was_tuned(a, PAB_LOSS_MBT))
        return PAB_OK;
    a->rejected[ABLATE_MBT] = same_files(finished_path(&a->made, "round1_mbt.moe", tuned),
                                         finished_path(&a->made, "distilled.moe", distilled));
    return load_mixture(a, "round1_mbt", &a->moe[ABLATE_MBT]);
}

/* The first loss of the run is the one that is varied. Without rounds, or where nothing could be ranked, there is only
 * the distilled mixture. */
static pab_status load_round(ablation *a)
{
    char path[FINISHED_PATH];
    int32_t loss = 0;
    pab_status status = load_mixture(a, "distilled", &a->distilled);
    while (loss < PAB_LOSS_COUNT && !was_tuned(a, loss))
        loss++;
    a->loss = loss < PAB_LOSS_COUNT ? loss : -1;
    if (a->loss >= 0)
        snprintf(a->tuned_name, sizeof a->tuned_name, "round%d_%s", ROUND, pab_loss_name(loss));
    else
        snprintf(a->tuned_name, sizeof a->tuned_name, "distilled");
    if (status == PAB_OK)
        status = load_mixture(a, a->tuned_name, &a->tuned);
    if (status == PAB_OK)
        status = pab_sip_load(NULL, finished_path(&a->made, "ensemble.sip", path), &a->ensemble);
    if (status != PAB_OK || a->loss < 0)
        return status;
    status = load_mbt(a);
    return status == PAB_OK ? pab_prefs_load(NULL, finished_path(&a->made, "round1.prefs", path), &a->prefs) : status;
}

/* --- Steps of learning: each leaves `stem`.ENDING, and while it lasts a checkpoint --- */

typedef struct step {
    char file[ABLATE_NAME * 2], path[FINISHED_PATH], log[FINISHED_PATH], checkpoint[FINISHED_PATH];
    pab_learn_options learn;
} step;

/* 1 in *done where its file is there. */
static pab_status begin(const ablation *a, const char *stem, const char *ending, uint64_t seed, step *s, int *done)
{
    char name[ABLATE_NAME * 2];
    snprintf(s->file, sizeof s->file, "%s.%s", stem, ending);
    ablation_path(a, s->file, s->path);
    snprintf(name, sizeof name, "%s.csv", stem);
    ablation_path(a, name, s->log);
    snprintf(name, sizeof name, "%s.checkpoint", stem);
    ablation_path(a, name, s->checkpoint);
    *done = ablation_has(a, s->file);
    pab_status status = pab_learn_options_init(&s->learn, sizeof s->learn);
    s->learn.threads = a->threads;
    s->learn.master_seed = seed;
    s->learn.budget = a->made.info.budget;
    s->learn.log_path = s->log;
    s->learn.checkpoint = s->checkpoint;
    s->learn.progress = a->progress;
    return status;
}

/* A kill can come between an artefact and the end of its checkpoint: this is called for finished steps, too. */
static void end(const step *s)
{
    char beside[FINISHED_PATH + 32];
    unlink(s->checkpoint);
    for (int i = 0; i < 3; i++) { /* states of a distillation */
        snprintf(beside, sizeof beside, "%s.states%d", s->checkpoint, i);
        unlink(beside);
    }
}

static pab_status distil(const ablation *a, const char *stem, const pab_moe_options *how, pab_moe **out)
{
    step s;
    int done;
    pab_status status = begin(a, stem, "moe", a->made.info.master_seed, &s, &done);
    s.learn.moe = how;
    if (status == PAB_OK && done)
        status = pab_moe_load(NULL, s.path, out);
    else if (status == PAB_OK)
        status = pab_moe_distil(pab_pipeline_scenario(a->made.run), a->ensemble, &s.learn, out);
    if (status == PAB_OK && !done)
        status = pab_moe_save(*out, s.path);
    if (status == PAB_OK)
        end(&s);
    return status;
}

static pab_status tune(ablation *a, int which, const pab_moe *reference, const char *reference_path,
                       const pab_prefs *prefs, const pab_moe_options *how)
{
    char stem[ABLATE_NAME];
    step s;
    int done;
    int32_t accepted;
    pab_moe_options options;
    snprintf(stem, sizeof stem, "%s_%s", ablation_kinds[which].name, pab_loss_name(a->loss));
    pab_status status = begin(a, stem, "moe", pab_pipeline_round_seed(a->made.run, ROUND), &s, &done);
    if (status == PAB_OK)
        status = pab_moe_options_init(&options, sizeof options);
    if (how)
        options = *how;
    options.loss = a->loss;
    s.learn.moe = &options;
    if (status == PAB_OK && done)
        status = pab_moe_load(NULL, s.path, &a->moe[which]);
    else if (status == PAB_OK)
        status = pab_moe_tune(pab_pipeline_scenario(a->made.run), a->ensemble, reference, prefs, &s.learn,
                              &a->moe[which], &accepted);
    if (status == PAB_OK && !done)
        status = pab_moe_save(a->moe[which], s.path);
    if (status == PAB_OK)
        end(&s);
    a->rejected[which] = same_files(s.path, reference_path);
    return status;
}

/* As the run does in its first round: experts, ensemble, and draws of the distilled mixture at a high temperature. */
static pab_status generate(const ablation *a, const pab_prefs_options *options, const step *s, pab_prefs **out)
{
    pab_policy *drawn = NULL;
    pab_moe_policy_options play;
    pab_sip_info info = {.struct_size = sizeof info};
    pab_prefs_options how = *options;
    pab_status status = pab_moe_policy_options_init(&play, sizeof play);
    play.sample = 1;
    play.temperature = 1.5;
    play.seed = s->learn.master_seed;
    if (status == PAB_OK)
        status = pab_sip_describe(a->ensemble, &info);
    if (status == PAB_OK)
        status = pab_moe_policy_with(a->distilled, &play, &drawn);
    const pab_policy *const extra[] = {drawn};
    how.extras = 1;
    how.extra = extra;
    how.eta = info.eta;
    if (status == PAB_OK)
        status = pab_prefs_generate(pab_pipeline_scenario(a->made.run), a->ensemble, NULL, &s->learn, &how, out);
    pab_policy_free(drawn);
    return status;
}

static pab_status prefer(const ablation *a, const char *stem, const pab_prefs_options *how, pab_prefs **out)
{
    step s;
    int done;
    pab_status status = begin(a, stem, "prefs", pab_pipeline_round_seed(a->made.run, ROUND), &s, &done);
    s.learn.log_path = NULL;
    if (status == PAB_OK)
        status = done ? pab_prefs_load(NULL, s.path, out) : generate(a, how, &s, out);
    if (status == PAB_OK && !done)
        status = pab_prefs_save(*out, s.path);
    if (status == PAB_OK)
        end(&s);
    return status;
}

/* --- Mixtures --- */

static pab_status without_anchor(ablation *a)
{
    static const char stem[] = "no-anchor_distilled";
    char path[FINISHED_PATH];
    pab_moe_options how;
    pab_moe *distilled = NULL;
    pab_status status = pab_moe_options_init(&how, sizeof how);
    how.anchor = 0;
    if (status == PAB_OK)
        status = distil(a, stem, &how, &distilled);
    if (status != PAB_OK || a->loss < 0) {
        a->moe[ABLATE_NO_ANCHOR] = distilled;
        return status;
    }
    status = tune(a, ABLATE_NO_ANCHOR, distilled, ablation_path(a, "no-anchor_distilled.moe", path), a->prefs, NULL);
    pab_moe_free(distilled);
    return status;
}

static pab_status tune_distilled(ablation *a, int which, const pab_prefs *prefs, const pab_moe_options *how)
{
    char path[FINISHED_PATH];
    return tune(a, which, a->distilled, finished_path(&a->made, "distilled.moe", path), prefs, how);
}

/* Loss mbt says nothing to the gate while components are left as they are. */
static pab_status gate_only(ablation *a)
{
    pab_moe_options how;
    if (a->loss < 0 || a->loss == PAB_LOSS_MBT)
        return PAB_OK;
    pab_status status = pab_moe_options_init(&how, sizeof how);
    how.gate_only = 1;
    return status == PAB_OK ? tune_distilled(a, ABLATE_GATE_ONLY, a->prefs, &how) : status;
}

/* Pairs that a tuning would learn from. */
static uint32_t count_pairs(const pab_prefs *prefs)
{
    pab_prefs_info info = {.struct_size = sizeof info};
    uint32_t pairs = 0;
    if (pab_prefs_describe(prefs, &info) != PAB_OK)
        return 0;
    for (uint32_t i = 0; i < info.starts; i++) {
        pab_prefs_start start = {.struct_size = sizeof start};
        if (pab_prefs_start_get(prefs, i, &start) == PAB_OK && !start.held)
            pairs += start.pairs;
    }
    return pairs;
}

static pab_status by_preferences(ablation *a, int which, const pab_prefs_options *how)
{
    pab_prefs *prefs = NULL;
    if (a->loss < 0)
        return PAB_OK;
    pab_status status = prefer(a, ablation_kinds[which].name, how, &prefs);
    if (status == PAB_OK && count_pairs(prefs) > 0)
        status = tune_distilled(a, which, prefs, NULL);
    pab_prefs_free(prefs);
    return status;
}

/* Decisions of an episode. */
static pab_status count_decisions(const ablation *a, uint32_t *out)
{
    pab_env *env = NULL;
    pab_env_status s = {.struct_size = sizeof s};
    pab_status status = pab_env_new(pab_pipeline_scenario(a->made.run), &env);
    if (status == PAB_OK)
        status = pab_env_reset(env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 0), NULL, NULL, 0);
    if (status == PAB_OK)
        status = pab_env_describe(env, &s);
    pab_env_free(env);
    *out = (uint32_t)s.steps;
    return status;
}

static pab_status make_mixtures(ablation *a)
{
    pab_prefs_options whole, one;
    pab_status status = pab_prefs_options_init(&whole, sizeof whole);
    if (status == PAB_OK)
        status = pab_prefs_options_init(&one, sizeof one);
    whole.single = 0;
    one.futures = 1;
    if (status == PAB_OK)
        status = count_decisions(a, &whole.segment);
    if (status == PAB_OK)
        status = without_anchor(a);
    if (status == PAB_OK)
        status = gate_only(a);
    if (status == PAB_OK)
        status = by_preferences(a, ABLATE_WHOLE, &whole);
    return status == PAB_OK ? by_preferences(a, ABLATE_ONE_FUTURE, &one) : status;
}

/* --- Ensembles --- */

static pab_status make_ensembles(ablation *a)
{
    const uint32_t hedge = 1u << PAB_SIP_TERM_HEDGE;
    const uint32_t all = hedge | 1u << PAB_SIP_TERM_LAG | 1u << PAB_SIP_TERM_SPREAD;
    pab_sip_info info = {.struct_size = sizeof info};
    pab_status status = pab_sip_describe(a->ensemble, &info);
    if (status == PAB_OK)
        status = pab_sip_variant(a->ensemble, hedge, 0, &a->sip[ABLATE_NO_HEDGE_TERM]);
    if (status == PAB_OK)
        status = pab_sip_variant(a->ensemble, all, 0, &a->sip[ABLATE_NO_TERMS]);
    if (status != PAB_OK || a->made.info.rules || info.rules)
        return status;
    return pab_sip_variant(a->ensemble, 0, 1, &a->sip[ABLATE_RULES]);
}

pab_status ablation_make(ablation *a)
{
    pab_status status = load_round(a);
    if (status == PAB_OK)
        status = make_mixtures(a);
    return status == PAB_OK ? make_ensembles(a) : status;
}
