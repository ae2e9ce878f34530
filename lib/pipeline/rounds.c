/* Rounds of Stage 3: preferences among experts, ensemble and mixture, tuning on them by each loss, and a choice on
 * validation seeds that had no part in it. A round that changes nothing is the last. */
#include "pipeline/stage3.h"

#include "moedpo/moe.h"
#include "pipeline/text.h"

#include <stdio.h>
#include <string.h>

enum { JUDGES = 64, LEAST_JUDGES = 4 };

static int32_t same(const pab_moe *a, const pab_moe *b)
{
    return memcmp(&a->body.net, &b->body.net, sizeof a->body.net) == 0;
}

static const pab_moe *reference_of(const pab__run *run)
{
    return run->artefacts->moe ? run->artefacts->moe : run->artefacts->distilled;
}

/* --- Preferences and tuning --- */

static pab_status prefer(pab__run *run, uint32_t round, pab_prefs **out)
{
    char name[PAB__RUN_STAGE], stem[PAB__RUN_DIR_NAME];
    pab__prefer_stage stage = {.name = name, .stem = stem, .round = round, .reference = reference_of(run),
                               .tuned = run->artefacts->moe != NULL};
    snprintf(name, sizeof name, "preferences %u", round);
    snprintf(stem, sizeof stem, "round%u", round);
    pab_status status = pab_prefs_options_init(&stage.how, sizeof stage.how);
    return status == PAB_OK ? pab__stage_prefer(run, &stage, out) : status;
}

static pab_status tune(pab__run *run, uint32_t round, int32_t loss, const pab_prefs *prefs, pab_moe **out)
{
    char name[PAB__RUN_STAGE], stem[PAB__RUN_DIR_NAME];
    const pab__tune_stage stage = {.name = name, .stem = stem, .round = round, .loss = loss,
                                   .reference = reference_of(run), .prefs = prefs};
    snprintf(name, sizeof name, "tune %s %u", pab_loss_name(loss), round);
    snprintf(stem, sizeof stem, "round%u_%s", round, pab_loss_name(loss));
    return pab__stage_tune(run, &stage, out);
}

/* --- Choice --- */

/* Who stands for election: the reference first, so that it wins ties, then what was accepted, the ensemble for show. */
typedef struct election {
    uint32_t count;
    const char *name[PAB_LOSS_COUNT + 2];
    const pab_moe *moe[PAB_LOSS_COUNT + 2]; /* NULL: the ensemble */
    pab_policy *policy[PAB_LOSS_COUNT + 2];
} election;

static pab_status stand(election *e, const char *name, const pab_moe *moe, const pab_sip *sip)
{
    e->name[e->count] = name;
    e->moe[e->count] = moe;
    return moe ? pab_moe_policy(moe, &e->policy[e->count++]) : pab_sip_policy(sip, &e->policy[e->count++]);
}

static pab_status hold(pab__run *run, uint32_t round, election *e, const char *table, const pab_moe **winner)
{
    char path[PAB__RUN_DIR_PATH];
    pab_eval_options options;
    pab_eval *eval = NULL;
    pab__text rows = {.host = &run->host};
    double least = 0;
    pab__objective goal;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.split = PAB_SPLIT_VALIDATION;
    options.first = PAB__SEEDS_ROUNDS + ((uint64_t)round << 32);
    options.episodes = pab__pipeline_scaled(run->options.budget, JUDGES, LEAST_JUDGES);
    options.threads = run->options.threads;
    options.progress = &run->at.relay;
    if (status == PAB_OK)
        status = pab_eval_new(&run->host, e->name, e->count, &options, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, run->artefacts->scn, e->policy);
    if (status == PAB_OK)
        status = pab__run_goal(run, eval, e->count - 1, &goal); /* the ensemble stands last */
    pab__text_put(&rows, "policy,shortfall,tracking,objective\n");
    for (uint32_t i = 0; status == PAB_OK && i < e->count; i++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(eval, i, -1, &s);
        const double objective = pab__eval_objective(&s, &goal);
        pab__text_say(&rows, "%s,%.10g,%.10g,%.10g\n", e->name[i], s.shortfall, s.tracking_error, objective);
        if (e->moe[i] && (!*winner || objective < least)) {
            *winner = e->moe[i];
            least = objective;
        }
    }
    pab_eval_free(eval);
    if (status == PAB_OK)
        return pab__text_save(&rows, pab__run_dir_path(&run->dir, table, path));
    pab__text_free(&rows);
    return status;
}

static pab_status elect(pab__run *run, uint32_t round, pab_moe *const tuned[PAB_LOSS_COUNT], const char *table,
                        const pab_moe **winner)
{
    election e = {0};
    pab_status status = stand(&e, "reference", reference_of(run), NULL);
    for (int32_t l = 0; status == PAB_OK && l < PAB_LOSS_COUNT; l++)
        if (tuned[l] && !same(tuned[l], reference_of(run)))
            status = stand(&e, pab_loss_name(l), tuned[l], NULL);
    if (status == PAB_OK)
        status = stand(&e, "sip", NULL, run->artefacts->sip);
    if (status == PAB_OK)
        status = hold(run, round, &e, table, winner);
    for (uint32_t i = 0; i < e.count; i++)
        pab_policy_free(e.policy[i]);
    return status;
}

static pab_status choose(pab__run *run, uint32_t round, pab_moe *const tuned[PAB_LOSS_COUNT], pab_moe **out)
{
    char stage[PAB__RUN_STAGE], file[PAB__RUN_DIR_NAME], table[PAB__RUN_DIR_NAME], path[PAB__RUN_DIR_PATH];
    const char *const files[] = {file, table, NULL};
    const pab_moe *winner = NULL;
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    snprintf(stage, sizeof stage, "choose %u", round);
    snprintf(file, sizeof file, "round%u.moe", round);
    snprintf(table, sizeof table, "round%u_choice.csv", round);
    pab_status status = pab__stage_begin(run, stage, w.choose, files, &done);
    if (status == PAB_OK && !done) {
        status = elect(run, round, tuned, table, &winner);
        if (status == PAB_OK)
            status = pab_moe_save(winner, pab__run_dir_path(&run->dir, file, path));
        if (status == PAB_OK)
            status = pab__stage_end(run, files, NULL);
    }
    return status == PAB_OK ? pab_moe_load(&run->host, pab__run_dir_path(&run->dir, file, path), out) : status;
}

/* --- Rounds --- */

/* Hands what was accepted to the artefacts; 1 in *changed when the mixture goes on as another. */
static void put_away(pab__run *run, pab_moe *tuned[PAB_LOSS_COUNT], pab_moe *chosen, int32_t *changed)
{
    pab_pipeline *artefacts = run->artefacts;
    *changed = !same(chosen, reference_of(run));
    for (int32_t l = 0; l < PAB_LOSS_COUNT; l++) {
        if (!tuned[l] || same(tuned[l], reference_of(run))) {
            pab_moe_free(tuned[l]);
        } else {
            pab_moe_free(artefacts->tuned[l]);
            artefacts->tuned[l] = tuned[l];
        }
        tuned[l] = NULL;
    }
    if (*changed) {
        pab_moe_free(artefacts->moe);
        artefacts->moe = chosen;
    } else {
        pab_moe_free(chosen);
    }
}

static pab_status play_round(pab__run *run, uint32_t round, int32_t *changed)
{
    pab_prefs *prefs = NULL;
    pab_moe *tuned[PAB_LOSS_COUNT] = {NULL}, *chosen = NULL;
    pab_status status = prefer(run, round, &prefs);
    for (int32_t l = 0; status == PAB_OK && pab__prefs_pairs(prefs) > 0 && l < PAB_LOSS_COUNT; l++)
        if (run->options.losses >> l & 1)
            status = tune(run, round, l, prefs, &tuned[l]);
    if (status == PAB_OK)
        status = choose(run, round, tuned, &chosen);
    if (status == PAB_OK)
        put_away(run, tuned, chosen, changed);
    for (int32_t l = 0; l < PAB_LOSS_COUNT; l++)
        pab_moe_free(tuned[l]);
    pab_prefs_free(prefs);
    return status;
}

pab_status pab__run_rounds(pab__run *run)
{
    int32_t changed = 1;
    pab_status status = PAB_OK;
    for (uint32_t round = 1; status == PAB_OK && changed && round <= run->options.rounds; round++) {
        status = play_round(run, round, &changed);
        if (status == PAB_OK) {
            run->result.rounds = round;
            run->result.accepted += (uint32_t)changed;
        }
    }
    return status;
}
