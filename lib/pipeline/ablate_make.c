/* What each ablation comes to: mixtures tuned otherwise, from where and with the seeds the first round had, and
 * ensembles played otherwise. */
#include "pipeline/ablate.h"

#include "env/pair.h"
#include "pipeline/stage3.h"
#include "sip/sip.h"

#include <stdio.h>

enum { ROUND = 1 };

/* --- What the run's first round had --- */

static pab_status load_mixture(const pab__ablate *a, const char *stem, pab_moe **out)
{
    char file[PAB__RUN_DIR_NAME], path[PAB__RUN_DIR_PATH];
    snprintf(file, sizeof file, "%s.moe", stem);
    return pab_moe_load(&a->run.host, pab__run_dir_path(&a->made, file, path), out);
}

static int32_t was_tuned(const pab__ablate *a, int32_t loss)
{
    char file[PAB__RUN_DIR_NAME];
    snprintf(file, sizeof file, "round%d_%s.moe", ROUND, pab_loss_name(loss));
    return pab__run_dir_has(&a->made, file);
}

/* The first loss of the run is the one that is varied. Without rounds, or where nothing could be ranked, there is but
 * the distilled mixture. */
static pab_status load_round(pab__ablate *a)
{
    char path[PAB__RUN_DIR_PATH];
    int32_t loss = 0;
    while (loss < PAB_LOSS_COUNT && !was_tuned(a, loss))
        loss++;
    a->loss = loss < PAB_LOSS_COUNT ? loss : -1;
    if (a->loss < 0) {
        snprintf(a->tuned_name, sizeof a->tuned_name, "distilled");
        return load_mixture(a, a->tuned_name, &a->tuned);
    }
    snprintf(a->tuned_name, sizeof a->tuned_name, "round%d_%s", ROUND, pab_loss_name(loss));
    pab_status status = load_mixture(a, a->tuned_name, &a->tuned);
    if (status == PAB_OK && loss != PAB_LOSS_MBT && was_tuned(a, PAB_LOSS_MBT))
        status = load_mixture(a, "round1_mbt", &a->moe[PAB__MBT]);
    if (status == PAB_OK)
        status = pab_prefs_load(&a->run.host, pab__run_dir_path(&a->made, "round1.prefs", path), &a->prefs);
    return status;
}

/* --- Mixtures --- */

static pab_status tune(pab__ablate *a, int which, const pab_moe *reference, const pab_prefs *prefs,
                       const pab_moe_options *how)
{
    char name[PAB__RUN_STAGE], stem[PAB__RUN_DIR_NAME];
    const pab__tune_stage stage = {.name = name, .stem = stem, .round = ROUND, .loss = a->loss,
                                   .reference = reference, .prefs = prefs, .how = how};
    snprintf(name, sizeof name, "tune %s", pab__ablations[which].name);
    snprintf(stem, sizeof stem, "%s_%s", pab__ablations[which].name, pab_loss_name(a->loss));
    return pab__stage_tune(&a->run, &stage, &a->moe[which]);
}

static pab_status without_anchor(pab__ablate *a)
{
    static const pab__distil_stage stage = {.name = "distil no-anchor", .file = "no-anchor_distilled.moe",
                                            .curve = "no-anchor_distil.csv", .kept = "no-anchor.checkpoint"};
    pab__distil_stage without = stage;
    pab_moe_options how;
    pab_moe *distilled = NULL;
    pab_status status = pab_moe_options_init(&how, sizeof how);
    how.anchor = 0;
    without.how = &how;
    if (status == PAB_OK)
        status = pab__stage_distil(&a->run, &without, &distilled);
    if (status != PAB_OK || a->loss < 0) {
        a->moe[PAB__NO_ANCHOR] = distilled;
        return status;
    }
    status = tune(a, PAB__NO_ANCHOR, distilled, a->prefs, NULL);
    pab_moe_free(distilled);
    return status;
}

/* Loss mbt tells the gate nothing while components are left alone. */
static pab_status by_gate_only(pab__ablate *a)
{
    pab_moe_options how;
    if (a->loss < 0 || a->loss == PAB_LOSS_MBT)
        return PAB_OK;
    pab_status status = pab_moe_options_init(&how, sizeof how);
    how.gate_only = 1;
    return status == PAB_OK ? tune(a, PAB__GATE_ONLY, a->run.artefacts->distilled, a->prefs, &how) : status;
}

static pab_status by_preferences(pab__ablate *a, int which, const pab_prefs_options *how)
{
    char name[PAB__RUN_STAGE];
    const pab__prefer_stage stage = {.name = name, .stem = pab__ablations[which].name, .round = ROUND,
                                     .reference = a->run.artefacts->distilled, .how = *how};
    pab_prefs *prefs = NULL;
    if (a->loss < 0)
        return PAB_OK;
    snprintf(name, sizeof name, "preferences %s", pab__ablations[which].name);
    pab_status status = pab__stage_prefer(&a->run, &stage, &prefs);
    if (status == PAB_OK && pab__prefs_pairs(prefs) > 0)
        status = tune(a, which, a->run.artefacts->distilled, prefs, NULL);
    pab_prefs_free(prefs);
    return status;
}

pab_status pab__ablate_mixtures(pab__ablate *a)
{
    const pab__pair_plan *plan = &pab__pair_of(a->run.artefacts->scn)->plan;
    pab_prefs_options whole, one;
    pab_status status = pab_prefs_options_init(&whole, sizeof whole);
    if (status == PAB_OK)
        status = pab_prefs_options_init(&one, sizeof one);
    whole.single = 0;
    whole.segment = (uint32_t)(plan->horizon / plan->interval);
    one.futures = 1;
    if (status == PAB_OK)
        status = load_round(a);
    if (status == PAB_OK)
        status = without_anchor(a);
    if (status == PAB_OK)
        status = by_gate_only(a);
    if (status == PAB_OK)
        status = by_preferences(a, PAB__WHOLE, &whole);
    return status == PAB_OK ? by_preferences(a, PAB__ONE_FUTURE, &one) : status;
}

/* --- Ensembles --- */

static void drop_multiplier(pab__sip_table *table, int term)
{
    for (int c = 0; c < PAB__SIP_CELLS; c++)
        table->cell[c].multiplier[term] = 0;
}

pab_status pab__ablate_ensembles(pab__ablate *a)
{
    const pab_pipeline *artefacts = a->run.artefacts;
    pab__sip_table unhedged = artefacts->sip->table, unpriced = artefacts->sip->table, ruled = artefacts->sip->table;
    drop_multiplier(&unhedged, PAB__SIP_HEDGE);
    for (int price = 0; price < PAB__SIP_TERMS; price++)
        drop_multiplier(&unpriced, price);
    pab_status status = pab__artefacts_ensemble(artefacts, &unhedged, &a->sip[PAB__NO_HEDGE_PRICE]);
    if (status == PAB_OK)
        status = pab__artefacts_ensemble(artefacts, &unpriced, &a->sip[PAB__NO_PRICES]);
    if (status != PAB_OK || a->run.options.rules || ruled.rules)
        return status;
    ruled.rules = 1;
    return pab__artefacts_ensemble(artefacts, &ruled, &a->sip[PAB__RULES]);
}
