/* Rounds of Stage 3: preferences among experts, ensemble and mixture, tuning on them by each loss, and a choice on
 * validation seeds that had no part in it. A round that changes nothing is the last one. */
#include "pipeline/stage3.h"

#include "moedpo/moe.h"
#include "base/csv_write.h"

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

/* What is compared: the reference first, so that it wins ties, then what was accepted; the ensemble last, for its
 * tracking error. */
typedef struct candidates {
    uint32_t count;
    const char *name[PAB_LOSS_COUNT + 2];
    const pab_moe *moe[PAB_LOSS_COUNT + 2]; /* NULL: the ensemble */
    pab_policy *policy[PAB_LOSS_COUNT + 2];
} candidates;

static pab_status add(candidates *c, const char *name, const pab_moe *moe, const pab_sip *sip)
{
    c->name[c->count] = name;
    c->moe[c->count] = moe;
    return moe ? pab_moe_policy(moe, &c->policy[c->count++]) : pab_sip_policy(sip, &c->policy[c->count++]);
}

/* Rows of the candidates, and the mixture with the least J within the bound on tracking. */
static pab_status write_choice(pab__run *run, const candidates *c, const pab_eval *eval, const char *file,
                               uint32_t *winner)
{
    char path[PAB__RUN_DIR_PATH];
    double least = 0;
    pab__text rows = {.host = &run->host};
    pab__csv_out csv = {.out = &rows};
    pab__objective goal;
    pab_status status = pab__run_goal(run, eval, c->count - 1, &goal);
    pab__csv_head(&csv, "policy,shortfall,tracking,objective");
    for (uint32_t i = 0; status == PAB_OK && i < c->count; i++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(eval, i, -1, &s);
        const double objective = pab__eval_objective(&s, &goal);
        pab__csv_put_text(&csv, c->name[i]);
        PAB__CSV_REALS(&csv, s.shortfall, s.tracking_error, objective);
        pab__csv_end_row(&csv);
        if (c->moe[i] && (i == 0 || objective < least)) {
            *winner = i;
            least = objective;
        }
    }
    if (status == PAB_OK)
        return pab__text_save(&rows, pab__run_dir_path(&run->dir, file, path));
    pab__text_free(&rows);
    return status;
}

static pab_status evaluate(pab__run *run, uint32_t round, candidates *c, const char *file, uint32_t *winner)
{
    pab_eval_options options;
    pab_eval *eval = NULL;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.split = PAB_SPLIT_VALIDATION;
    options.first = PAB__SEEDS_ROUNDS + ((uint64_t)round << 32);
    options.episodes = pab__pipeline_scaled(run->options.budget, JUDGES, LEAST_JUDGES);
    options.threads = run->options.threads;
    options.progress = &run->at.relay;
    if (status == PAB_OK)
        status = pab_eval_new(&run->host, c->name, c->count, &options, &eval);
    if (status == PAB_OK)
        status = pab_eval_run(eval, run->artefacts->scn, c->policy);
    if (status == PAB_OK)
        status = write_choice(run, c, eval, file, winner);
    pab_eval_free(eval);
    return status;
}

static const char *round_key(uint32_t round, char key[PAB__RUN_DIR_WORD])
{
    snprintf(key, PAB__RUN_DIR_WORD, "round%u", round);
    return key;
}

const char *pab__run_round_decision(const pab__run_dir *dir, uint32_t round)
{
    char key[PAB__RUN_DIR_WORD];
    return pab__run_dir_decided(dir, round_key(round, key));
}

/* Saves the mixture that the round ends with, and notes which one it is. */
static pab_status choose_among(pab__run *run, uint32_t round, pab_moe *const tuned[PAB_LOSS_COUNT],
                               const char *const files[2])
{
    candidates c = {0};
    uint32_t winner = 0;
    char key[PAB__RUN_DIR_WORD], path[PAB__RUN_DIR_PATH];
    pab_status status = add(&c, PAB__RUN_REFERENCE, reference_of(run), NULL);
    for (int32_t l = 0; status == PAB_OK && l < PAB_LOSS_COUNT; l++)
        if (tuned[l] && !same(tuned[l], reference_of(run)))
            status = add(&c, pab_loss_name(l), tuned[l], NULL);
    if (status == PAB_OK)
        status = add(&c, "sip", NULL, run->artefacts->sip);
    if (status == PAB_OK)
        status = evaluate(run, round, &c, files[1], &winner);
    if (status == PAB_OK)
        status = pab_moe_save(c.moe[winner], pab__run_dir_path(&run->dir, files[0], path));
    if (status == PAB_OK)
        pab__run_dir_decide(&run->dir, round_key(round, key), c.name[winner]);
    for (uint32_t i = 0; i < c.count; i++)
        pab_policy_free(c.policy[i]);
    return status;
}

static pab_status choose(pab__run *run, uint32_t round, pab_moe *const tuned[PAB_LOSS_COUNT], pab_moe **out)
{
    char stage[PAB__RUN_STAGE], file[PAB__RUN_DIR_NAME], table[PAB__RUN_DIR_NAME], path[PAB__RUN_DIR_PATH];
    const char *const files[] = {file, table, NULL};
    int32_t done;
    pab__stage_cost w;
    pab__stage_costs(&run->options, &w);
    snprintf(stage, sizeof stage, "choose %u", round);
    snprintf(file, sizeof file, "round%u.moe", round);
    snprintf(table, sizeof table, "round%u_choice.csv", round);
    pab_status status = pab__stage_begin(run, stage, w.choose, files, NULL, &done);
    if (status == PAB_OK && !done) {
        status = choose_among(run, round, tuned, files);
        if (status == PAB_OK)
            status = pab__stage_end(run, files, NULL);
    }
    return status == PAB_OK ? pab_moe_load(&run->host, pab__run_dir_path(&run->dir, file, path), out) : status;
}

/* --- Rounds --- */

/* Keeps what was accepted; 1 in *changed when the round ends with another mixture. */
static void keep_accepted(pab__run *run, pab_moe *tuned[PAB_LOSS_COUNT], pab_moe *chosen, int32_t *changed)
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

static pab_status run_round(pab__run *run, uint32_t round, int32_t *changed)
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
        keep_accepted(run, tuned, chosen, changed);
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
        status = run_round(run, round, &changed);
        if (status == PAB_OK) {
            run->result.rounds = round;
            run->result.accepted += (uint32_t)changed;
        }
    }
    return status;
}
