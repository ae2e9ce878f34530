/* Generating preferences: rounds of episodes on threads, put together in order, with a checkpoint after each. */
#include <math.h>
#include <string.h>

#include "base/checkpoint.h"
#include "base/hash.h"
#include "eval/table.h"
#include "scenario/scenario.h"
#include "prefs/fork.h"
#include "sip/sip.h"

enum { ROUND = 32 };
#define LEAST PAB__UPTO(pab_prefs_options, extra)

static const pab__file_kind checkpoint_kind = {{'P', 'C', 'K', 'P'}, 1, "a checkpoint of preferences"};

typedef struct work {
    pab_host host;
    pab_learn_options options;
    pab__pref_plan plan;
    uint64_t identity;
    pab__workers workers;
    uint32_t next_episode; /* first of the round */
    uint32_t count;        /* of the round */
    pab_prefs *all;
    pab_prefs *part[ROUND]; /* results of its jobs: they grow, so no flat place is declared for them */
} work;

pab_status pab_prefs_options_init(pab_prefs_options *options, uint32_t size)
{
    static const pab_prefs_options defaults = {
        .struct_size = sizeof defaults, .futures = 4, .segment = 6, .single = 0.6, .explore = 0.1, .eta = 0.5};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, LEAST, "options");
}

static pab_status check(const pab_prefs_options *o)
{
    if (o->episodes > 1000000)
        return pab__fail(PAB_E_RANGE, "prefs.episodes is %u; expected 0 to 1000000", o->episodes);
    if (o->futures == 0 || o->futures > PAB__PREF_FUTURES)
        return pab__fail(PAB_E_RANGE, "prefs.futures is %u; expected 1 to %d", o->futures, PAB__PREF_FUTURES);
    if (o->segment == 0 || o->segment > 4096)
        return pab__fail(PAB_E_RANGE, "prefs.segment is %u; expected 1 to 4096", o->segment);
    if (o->extras > PAB_PREFS_EXTRAS || (o->extras > 0 && !o->extra))
        return pab__fail(PAB_E_RANGE, "prefs.extras is %u; expected at most %d, and as many in prefs.extra", o->extras,
                         PAB_PREFS_EXTRAS);
    for (uint32_t i = 0; i < o->extras; i++)
        if (!o->extra[i])
            return pab__fail(PAB_E_ARGUMENT, "prefs.extra[%u] is NULL; expected a policy", i);
    if (!(o->single >= 0 && o->single <= 1) || !(o->explore >= 0 && o->explore <= 1))
        return pab__fail(PAB_E_RANGE, "prefs.single and prefs.explore are %g and %g; expected 0 to 1", o->single,
                         o->explore);
    if (!(o->eta >= 0 && o->eta <= 1000))
        return pab__fail(PAB_E_RANGE, "prefs.eta is %g; expected 0 to 1000", o->eta);
    return PAB_OK;
}

static pab_status take_options(work *w, const pab_learn_options *options, const pab_prefs_options *how)
{
    pab_qtable_options unused;
    pab_status status = pab__learn_options_take(options, &w->options, &unused);
    if (status == PAB_OK)
        status = pab_prefs_options_init(&w->plan.how, sizeof w->plan.how);
    if (status == PAB_OK && how)
        status = pab__record_in(&w->plan.how, sizeof w->plan.how, how, LEAST, "how");
    if (status == PAB_OK)
        status = check(&w->plan.how);
    if (status == PAB_OK && w->plan.how.episodes == 0)
        w->plan.how.episodes = (uint32_t)fmax(5, nearbyint(600 * w->options.budget));
    w->plan.master_seed = w->options.master_seed;
    w->plan.candidates = PAB_PREFS_FIRST_EXTRA + w->plan.how.extras;
    return status;
}

/* Hash of what the result depends on; a caller's own policies count by their names. */
static pab_status identify(work *w, const pab_scenario *scn, const pab_sip *sip, const pab_policy *reference)
{
    const pab_prefs_options *h = &w->plan.how;
    const double numbers[] = {h->futures, h->segment, h->single, h->explore, h->eta, h->episodes, h->extras};
    pab__bytes bytes = {.host = &w->host};
    const char *name = reference ? pab_policy_name(reference) : "";
    pab__bytes_put_u64(&bytes, scn->fingerprint);
    pab__bytes_put_u64(&bytes, w->plan.master_seed);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        pab__bytes_put_real(&bytes, numbers[i]);
    pab__bytes_put_u64(&bytes, pab__hash(name, strlen(name)));
    for (uint32_t i = 0; i < h->extras; i++)
        pab__bytes_put_u64(&bytes, pab__hash(pab_policy_name(h->extra[i]), strlen(pab_policy_name(h->extra[i]))));
    pab__sip_table_write(&sip->table, &bytes);
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab__qtable_write(sip->expert[e], &bytes);
    return pab__bytes_hash(&bytes, "the experts", &w->identity);
}

/* --- Workers --- */

static pab_status make_policies(const work *w, const pab_sip *sip, const pab_policy *reference,
                                pab_policy *out[PAB__PREF_CANDIDATES + 1])
{
    pab_status status = PAB_OK;
    for (int32_t e = 0; status == PAB_OK && e < PAB_EXPERT_COUNT; e++)
        status = pab_qtable_policy(sip->expert[e], &out[e]);
    if (status == PAB_OK)
        status = pab_sip_policy(sip, &out[PAB_PREFS_ENSEMBLE]);
    for (uint32_t i = 0; status == PAB_OK && i < w->plan.how.extras; i++)
        status = pab_policy_clone(w->plan.how.extra[i], &out[PAB_PREFS_FIRST_EXTRA + i]);
    if (status != PAB_OK)
        return status;
    return reference ? pab_policy_clone(reference, &out[w->plan.candidates])
                             : pab_sip_policy(sip, &out[w->plan.candidates]);
}

static pab_status open_workers(work *w, pab_scenario *scn, const pab_sip *sip, const pab_policy *reference)
{
    const pab__workers_plan plan = {.threads = w->options.threads, .forks = 1, .scratch = sizeof(pab__pref_policies)};
    pab_status status = pab__workers_new(&w->host, scn, &plan, &w->workers);
    for (uint32_t t = 0; status == PAB_OK && t < w->workers.count; t++) {
        pab__pref_policies *own = w->workers.worker[t].scratch;
        status = make_policies(w, sip, reference, own->along);
        for (uint32_t c = 0; status == PAB_OK && c <= w->plan.candidates; c++)
            status = pab_policy_clone(own->along[c], &own->inside[c]);
    }
    return status;
}

static void close_workers(work *w)
{
    for (uint32_t t = 0; t < w->workers.count; t++) {
        pab__pref_policies *own = w->workers.worker[t].scratch;
        for (uint32_t c = 0; c <= PAB__PREF_CANDIDATES; c++) {
            pab_policy_free(own->along[c]);
            pab_policy_free(own->inside[c]);
        }
    }
    pab__workers_free(&w->workers);
}

/* --- Rounds --- */

static pab_status play(void *user, uint32_t thread, uint32_t i)
{
    work *w = user;
    const pab__worker *own = &w->workers.worker[thread];
    pab_status status = pab__prefs_new(&w->host, w->plan.how.futures, w->plan.how.eta, &w->part[i]);
    return status == PAB_OK ? pab__pref_episode(&w->plan, own, w->next_episode + i, w->part[i]) : status;
}

static pab_status gather(work *w, pab_status status)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (status == PAB_OK)
            status = pab__prefs_append(w->all, w->part[i]);
        pab_prefs_free(w->part[i]);
        w->part[i] = NULL;
    }
    return status;
}

static pab_status save_checkpoint(const work *w)
{
    if (!w->options.checkpoint)
        return PAB_OK;
    pab__bytes out = pab__checkpoint_begin(&w->host, w->identity);
    pab__bytes_put_u32(&out, w->next_episode);
    pab__prefs_write(w->all, &out);
    return pab__checkpoint_save(&out, &checkpoint_kind, w->options.checkpoint);
}

static pab_status load_checkpoint(work *w)
{
    const char *path = w->options.checkpoint;
    pab__bytes in;
    pab_prefs *loaded = NULL;
    int found;
    pab_status status = pab__checkpoint_open(&w->host, &checkpoint_kind, path, w->identity, &in, &found);
    if (status != PAB_OK || !found)
        return status;
    uint32_t next = pab__bytes_get_u32(&in);
    status = pab__prefs_read(&w->host, &in, path, &loaded);
    int sound = status == PAB_OK && next <= w->plan.how.episodes && loaded->futures == w->plan.how.futures;
    status = pab__checkpoint_close(&in, status, sound, &checkpoint_kind, path);
    if (status != PAB_OK) {
        pab_prefs_free(loaded);
        return status;
    }
    pab_prefs_free(w->all);
    w->all = loaded;
    w->next_episode = next;
    return PAB_OK;
}

static pab_status run(work *w)
{
    const uint32_t episodes = w->plan.how.episodes;
    pab_status status = PAB_OK;
    while (status == PAB_OK && w->next_episode < episodes) {
        w->count = episodes - w->next_episode < ROUND ? episodes - w->next_episode : ROUND;
        const pab__jobs jobs = {.count = w->count, .run = play, .user = w};
        status = gather(w, pab__jobs_run(w->workers.threads, &jobs));
        w->next_episode += w->count;
        if (status == PAB_OK)
            status = save_checkpoint(w);
        if (status == PAB_OK)
            status = pab__progress_report(w->options.progress, "preferences", w->next_episode, episodes);
    }
    return status == PAB_OK ? pab__prefs_label(w->all) : status;
}

pab_status pab_prefs_generate(pab_scenario *scn, const pab_sip *sip, const pab_policy *reference,
                              const pab_learn_options *options, const pab_prefs_options *how, pab_prefs **out)
{
    work w = {0};
    if (!scn || !sip || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !scn ? "scn" : !sip ? "sip" : "out");
    w.host = scn->host;
    pab_status status = take_options(&w, options, how);
    if (status == PAB_OK)
        status = identify(&w, scn, sip, reference);
    if (status == PAB_OK)
        status = pab__prefs_new(&w.host, w.plan.how.futures, w.plan.how.eta, &w.all);
    if (status == PAB_OK) {
        w.all->fingerprint = scn->fingerprint;
        w.all->master_seed = w.plan.master_seed;
        status = load_checkpoint(&w);
    }
    if (status == PAB_OK)
        status = open_workers(&w, scn, sip, reference);
    if (status == PAB_OK)
        status = run(&w);
    close_workers(&w);
    if (status == PAB_OK)
        *out = w.all;
    else
        pab_prefs_free(w.all);
    return status;
}
