/* Tuning of a distilled mixture on preferences. */
#include "base/hash.h"
#include "env/pair.h"
#include "moedpo/options.h"
#include "moedpo/tune.h"
#include "moedpo/validation.h"
#include "prefs/prefs.h"
#include "sip/sip.h"

enum { GATE_EPOCHS = 10, FULL_EPOCHS = 20, PATIENCE = 4, VALIDATION_EPISODES = 64 };

/* Everything that a call makes. */
typedef struct tuning {
    pab_host host;
    pab__tune_dataset dataset, held_out;
    pab__tune_state *state;
    pab__validation validation;
    pab_moe *moe; /* the result */
} tuning;

static uint64_t identity_of(const pab_scenario *scn, const pab_sip *sip, const pab_moe *reference,
                            const pab_prefs *prefs)
{
    const uint64_t of[] = {scn->fingerprint, prefs->fingerprint, prefs->master_seed, prefs->starts, prefs->pairs};
    uint64_t id = pab__hash_mix(pab__hash(of, sizeof of), pab__hash_long(&reference->body, sizeof reference->body));
    id = pab__hash_mix(id, pab__hash(&prefs->eta, sizeof prefs->eta));
    id = pab__hash_mix(id, pab__hash_long(prefs->pair, prefs->pairs * sizeof *prefs->pair));
    return sip ? pab__hash_mix(id, pab__hash(&sip->table, sizeof sip->table)) : id;
}

static pab_status check(const pab_scenario *scn, const pab_moe *reference, const pab_prefs *prefs,
                        pab_moe *const *out, const int32_t *accepted)
{
    if (!scn || !reference || !prefs || !out || !accepted)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a scenario, a mixture, preferences and where results go",
                         !scn         ? "scn"
                         : !reference ? "reference"
                         : !prefs     ? "prefs"
                         : !out       ? "out"
                         : "accepted");
    if (!pab__pair_of(scn)->given)
        return pab__fail(PAB_E_UNSUPPORTED, "scn has no pair; expected a scenario with a pair section");
    if (prefs->fingerprint != scn->fingerprint)
        return pab__fail(PAB_E_KIND, "prefs were made in another scenario; expected fingerprint %016llx",
                         (unsigned long long)scn->fingerprint);
    return PAB_OK;
}

static pab_status open_tuning(tuning *t, const pab_moe *reference, const pab_prefs *prefs)
{
    pab__tune_dataset_init(&t->dataset, &t->host);
    pab__tune_dataset_init(&t->held_out, &t->host);
    t->state = pab__alloc(&t->host, sizeof *t->state);
    t->moe = pab__moe_new(&t->host);
    if (!t->state || !t->moe)
        return pab__fail(PAB_E_MEMORY, "no memory for tuning");
    t->moe->body = reference->body;
    pab_status status = pab__validation_open(&t->validation, reference);
    if (status == PAB_OK)
        status = pab__tune_dataset_add(&t->dataset, prefs, 0);
    if (status == PAB_OK)
        status = pab__tune_dataset_add(&t->held_out, prefs, 1);
    return status;
}

static void close_tuning(tuning *t)
{
    pab__validation_close(&t->validation);
    pab_moe_free(t->moe);
    pab__tune_dataset_free(&t->dataset);
    pab__tune_dataset_free(&t->held_out);
    pab__release(&t->host, t->state, sizeof *t->state);
}

/* The result is a copy of the reference until it takes over what was accepted. */
static void take_over(tuning *t, int32_t loss, uint64_t seed)
{
    pab__moe_body *body = &t->moe->body;
    body->net = t->state->kept;
    body->loss = loss;
    body->seed = seed;
    pab__moe_fill_cells(body, t->dataset.inputs, t->dataset.count.inputs);
}

static pab_status check_options(const pab_learn_options *options, pab_learn_options *learn,
                                pab_moe_options *moe)
{
    pab_status status = pab__moe_options_learn(options, learn, moe);
    if (status == PAB_OK && moe->loss == PAB_LOSS_MBT && moe->gate_only)
        status = pab__fail(PAB_E_RANGE,
                           "options.moe: gate_only is 1, but loss mbt has no gradient of the gate while the "
                           "components are the reference's; expected 0, or another loss");
    return status;
}

pab_status pab_moe_tune(pab_scenario *scn, const pab_sip *sip, const pab_moe *reference, const pab_prefs *prefs,
                        const pab_learn_options *options, pab_moe **out, int32_t *accepted)
{
    pab_learn_options learn;
    pab_moe_options moe;
    int32_t better = 0;
    pab_status status = check(scn, reference, prefs, out, accepted);
    if (status == PAB_OK)
        status = check_options(options, &learn, &moe);
    if (status != PAB_OK)
        return status;
    const uint32_t epochs[PAB__TUNE_PHASES] = {moe.loss == PAB_LOSS_MBT ? 0 : GATE_EPOCHS,
                                               moe.gate_only ? 0 : FULL_EPOCHS};
    tuning t = {.host = reference->host,
                .validation = {.scn = scn, .sip = sip, .progress = learn.progress, .eta = prefs->eta,
                               .threads = learn.threads,
                               .episodes = pab__moe_options_scale(learn.budget, VALIDATION_EPISODES, 4),
                               .total = 5 + epochs[0] + epochs[1]}};
    pab__tune_task task = {.host = t.host, .identity = identity_of(scn, sip, reference, prefs),
                           .threads = learn.threads, .patience = PATIENCE, .epochs = {epochs[0], epochs[1]},
                           .log_path = learn.log_path, .checkpoint = learn.checkpoint,
                           .evaluate = pab__validation_evaluate, .user = &t.validation,
                           .plan = {.dataset = &t.dataset, .held_out = &t.held_out, .reference = &reference->body.net,
                                    .seed = learn.master_seed, .components = reference->body.components}};
    pab__moe_options_weights(&moe, &task.plan.weights);
    status = open_tuning(&t, reference, prefs);
    if (status == PAB_OK)
        status = pab__tune_run(&task, t.state, &better);
    if (status == PAB_OK) {
        if (better)
            take_over(&t, moe.loss, learn.master_seed);
        *out = t.moe;
        *accepted = better;
        t.moe = NULL;
    }
    close_tuning(&t);
    return status;
}
