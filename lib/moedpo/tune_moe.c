/* Tuning of a distilled mixture on preferences, judged on validation seeds. */
#include "base/hash.h"
#include "env/pair.h"
#include "moedpo/judge.h"
#include "moedpo/prefer.h"
#include "moedpo/stage.h"
#include "moedpo/tune.h"
#include "prefs/prefs.h"
#include "sip/sip.h"

#include <math.h>
#include <string.h>

enum { GATE_EPOCHS = 10, FULL_EPOCHS = 20, PATIENCE = 4, VALIDATION = 64 };

#define FRESH_SEEDS (UINT64_C(1) << 32) /* index of the first seed that chooses nothing */

/* Everything a call makes and gives back. */
typedef struct workshop {
    pab_host host;
    pab__tales tales, held;
    pab__tuned *state;
    pab__judge judge;
    const pab_sip *sip;   /* NULL: none, and any mixture does as well as it */
    pab_policy *ensemble; /* that plays it */
    pab_eval_summary fare; /* of the ensemble on the judge's seeds; struct_size 0: not played there */
    double eta;           /* of the preferences */
    int32_t block;        /* of seeds that the goal is known on; -1: none */
    pab_moe *moe;         /* the result */
    pab_progress hook;
    const pab_progress *caller;
    uint64_t judged, judgements; /* so far, at most */
} workshop;

static uint64_t identity_of(const pab_scenario *scn, const pab_sip *sip, const pab_moe *reference,
                            const pab_prefs *prefs)
{
    const uint64_t of[] = {scn->fingerprint, prefs->fingerprint, prefs->master_seed, prefs->starts, prefs->pairs};
    uint64_t id = pab__hash_mix(pab__hash(of, sizeof of), pab__hash_long(&reference->body, sizeof reference->body));
    id = pab__hash_mix(id, pab__hash(&prefs->eta, sizeof prefs->eta));
    id = pab__hash_mix(id, pab__hash_long(prefs->pair, prefs->pairs * sizeof *prefs->pair));
    return sip ? pab__hash_mix(id, pab__hash(&sip->table, sizeof sip->table)) : id;
}

/* An evaluation's progress is a judgement's share of the whole. */
static int32_t tell(void *user, const char *stage, uint64_t done, uint64_t total)
{
    workshop *w = user;
    (void)stage;
    if (!w->caller || !w->caller->report)
        return 0;
    return w->caller->report(w->caller->user, "tune", w->judged * total + done, w->judgements * total);
}

/* Once for each block of seeds: it is judged there, and a bound on tracking is what it needs there. */
static pab_status play_ensemble(workshop *w)
{
    if (w->fare.struct_size != 0)
        return PAB_OK;
    w->fare.struct_size = sizeof w->fare;
    pab_status status = pab__judge_policy(&w->judge, w->ensemble, &w->fare);
    if (status != PAB_OK)
        w->fare.struct_size = 0;
    return status;
}

static pab_status set_goal(workshop *w, int32_t block)
{
    pab_status status = PAB_OK;
    w->fare.struct_size = 0;
    w->judge.first = block == PAB__BLOCK_FRESH ? FRESH_SEEDS : 0;
    w->judge.goal = (pab__objective){.eta = w->eta, .bound = INFINITY};
    if (w->sip && w->sip->info.bound > 0)
        status = play_ensemble(w);
    if (w->sip)
        w->judge.goal = pab__sip_goal(w->sip, w->fare.tracking_error);
    w->block = status == PAB_OK ? block : -1;
    return status;
}

static pab_status judge_ensemble(workshop *w, double *objective)
{
    *objective = INFINITY;
    pab_status status = w->sip ? play_ensemble(w) : PAB_OK;
    if (status == PAB_OK && w->sip)
        *objective = pab__eval_objective(&w->fare, &w->judge.goal);
    return status;
}

static pab_status judge(void *user, const pab__mixture_net *net, int32_t block, double *objective)
{
    workshop *w = user;
    pab_status status = block != w->block ? set_goal(w, block) : PAB_OK;
    if (status == PAB_OK)
        status = net ? pab__judge_mixture(&w->judge, net, objective) : judge_ensemble(w, objective);
    w->judged++;
    return status;
}

static pab_status check(const pab_scenario *scn, const pab_moe *reference, const pab_prefs *prefs, int32_t loss,
                        pab_moe *const *out, const int32_t *accepted)
{
    if (!scn || !reference || !prefs || !out || !accepted)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a scenario, a mixture, preferences and where results go",
                         !scn         ? "scn"
                         : !reference ? "reference"
                         : !prefs     ? "prefs"
                         : !out       ? "out"
                                             : "accepted");
    if (!pab_loss_name(loss))
        return pab__fail(PAB_E_RANGE, "loss is %d; expected PAB_LOSS_MIX to PAB_LOSS_MBT, 0 to %d", loss,
                         PAB_LOSS_COUNT - 1);
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scn has no pair; expected a scenario with a pair section");
    if (prefs->fingerprint != scn->fingerprint)
        return pab__fail(PAB_E_KIND, "prefs were made in another scenario; expected fingerprint %016llx",
                         (unsigned long long)scn->fingerprint);
    return PAB_OK;
}

static pab_status open_workshop(workshop *w, pab_scenario *scn, const pab_sip *sip, const pab_moe *reference,
                                const pab_prefs *prefs, const pab_learn_options *learn)
{
    w->state = pab__alloc(&w->host, sizeof *w->state);
    w->moe = pab__moe_new(&w->host);
    pab_moe *trial = pab__moe_new(&w->host);
    w->caller = learn->progress;
    w->hook = (pab_progress){.struct_size = sizeof w->hook, .user = w, .report = tell};
    w->judge = (pab__judge){.scn = scn, .trial = trial, .threads = learn->threads,
                            .episodes = pab__stage_scaled(learn->budget, VALIDATION, 4), .progress = &w->hook};
    w->sip = sip;
    w->eta = prefs->eta;
    w->block = -1;
    if (!w->state || !w->moe || !trial)
        return pab__fail(PAB_E_MEMORY, "no memory for tuning");
    trial->body = w->moe->body = reference->body;
    pab_status status = sip ? pab_sip_policy(sip, &w->ensemble) : PAB_OK;
    if (status == PAB_OK)
        status = pab__tales_take(&w->tales, prefs, 0);
    if (status == PAB_OK)
        status = pab__tales_take(&w->held, prefs, 1);
    return status;
}

static void close_workshop(workshop *w)
{
    pab_policy_free(w->ensemble);
    pab_moe_free(w->judge.trial);
    pab_moe_free(w->moe);
    pab__tales_free(&w->tales);
    pab__tales_free(&w->held);
    pab__release(&w->host, w->state, sizeof *w->state);
}

/* The tuned mixture, or the reference once more. */
static void finish(workshop *w, int32_t loss, uint64_t seed, int32_t accepted)
{
    if (!accepted)
        return;
    pab__moe_body *body = &w->moe->body;
    body->net = w->state->kept;
    body->loss = loss;
    body->seed = seed;
    pab__moe_survey(body, w->tales.points, w->tales.n_points);
}

pab_status pab_moe_tune(pab_scenario *scn, const pab_sip *sip, const pab_moe *reference, const pab_prefs *prefs,
                        int32_t loss, const pab_learn_options *options, pab_moe **out, int32_t *accepted)
{
    pab_learn_options learn;
    pab_moe_options moe;
    int32_t better = 0;
    pab_status status = check(scn, reference, prefs, loss, out, accepted);
    if (status == PAB_OK)
        status = pab__stage_options(options, &learn, &moe);
    if (status == PAB_OK && loss == PAB_LOSS_MBT && moe.gate_only)
        status = pab__fail(PAB_E_RANGE, "options.moe: gate_only is 1, but loss mbt tells the gate nothing while the "
                                        "components stay as they are; expected 0, or another loss");
    if (status != PAB_OK)
        return status;
    workshop w = {.host = reference->host};
    pab__tales_init(&w.tales, &w.host);
    pab__tales_init(&w.held, &w.host);
    status = open_workshop(&w, scn, sip, reference, prefs, &learn);
    if (status == PAB_OK) {
        pab__tune_job job = {.host = w.host, .tales = &w.tales, .held = &w.held, .reference = &reference->body.net,
                             .identity = identity_of(scn, sip, reference, prefs), .seed = learn.master_seed,
                             .components = reference->body.components, .threads = learn.threads,
                             .epochs = {loss == PAB_LOSS_MBT ? 0 : GATE_EPOCHS, moe.gate_only ? 0 : FULL_EPOCHS},
                             .patience = PATIENCE,
                             .log_path = learn.log_path, .checkpoint = learn.checkpoint, .judge = judge, .user = &w};
        pab__moe_tuning(&moe, loss, &job.tuning);
        w.judgements = 5 + job.epochs[0] + job.epochs[1];
        status = pab__tune(&job, w.state, &better);
    }
    if (status == PAB_OK) {
        finish(&w, loss, learn.master_seed, better);
        *out = w.moe;
        *accepted = better;
        w.moe = NULL;
    }
    close_workshop(&w);
    return status;
}
