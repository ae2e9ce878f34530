#include "completed.h"

#include <math.h>

enum { EPISODES_NEEDED = 30, SHARE_NEEDED = 20 /* one in so many */ };

const char *const completed_verdicts[] = {"cheaper", "not cheaper", "too few episodes", "excluded"};

/* The next episode, in the order of regimes, that both complete: 1 and its rows, or 0 at the end. */
typedef struct cursor {
    const pab_eval *eval;
    uint32_t policy, episode;
    int32_t regime;
} cursor;

static int next_pair(cursor *c, pab_episode_metrics row[2])
{
    for (; c->regime < PAB_REGIME_COUNT; c->regime++, c->episode = 0)
        while (c->episode < pab_eval_episodes(c->eval, c->regime)) {
            const uint32_t i = c->episode++;
            row[0] = row[1] = (pab_episode_metrics){.struct_size = sizeof row[0]};
            if (pab_eval_get(c->eval, 0, c->regime, i, &row[0]) == PAB_OK &&
                pab_eval_get(c->eval, c->policy, c->regime, i, &row[1]) == PAB_OK &&
                row[0].completion >= COMPLETED_SHARE && row[1].completion >= COMPLETED_SHARE)
                return 1;
        }
    return 0;
}

/* A table of the joint episodes alone. Regimes are not kept apart: each has too few of them. */
static pab_status compare(const pab_eval *eval, uint32_t policy, uint32_t resamples, uint32_t threads, completed *out)
{
    static const char *const names[] = {"mixture", "policy"};
    cursor c = {.eval = eval, .policy = policy};
    pab_episode_metrics row[2];
    pab_contrast less[2] = {{.struct_size = sizeof *less}, {.struct_size = sizeof *less}};
    pab_eval_options options;
    pab_eval *joint = NULL;
    pab_status status = pab_eval_options_init(&options, sizeof options);
    options.regimes = 1;
    options.episodes = out->episodes;
    options.resamples = resamples;
    options.threads = threads;
    if (status == PAB_OK)
        status = pab_eval_new(NULL, names, 2, &options, &joint);
    for (uint32_t i = 0; status == PAB_OK && next_pair(&c, row); i++)
        for (uint32_t p = 0; status == PAB_OK && p < 2; p++)
            status = pab_eval_put(joint, p, 0, i, &row[p]);
    if (status == PAB_OK)
        status = pab_eval_compare(joint, 1, -1, PAB_MEASURE_PAIR_COST, less, 2);
    pab_eval_free(joint);
    out->mean = less[0].mean;
    out->low = less[0].low;
    out->high = less[0].high;
    out->verdict = out->high < 0 ? COMPLETED_CHEAPER : COMPLETED_NOT_CHEAPER;
    return status;
}

static pab_status compare_policy(const pab_eval *eval, uint32_t policy, uint32_t resamples, uint32_t threads,
                                 completed *out)
{
    cursor c = {.eval = eval, .policy = policy};
    pab_episode_metrics row[2];
    uint32_t all = 0;
    for (int32_t g = 0; g < PAB_REGIME_COUNT; g++)
        all += pab_eval_episodes(eval, g);
    while (next_pair(&c, row))
        out->episodes++;
    if (out->episodes >= EPISODES_NEEDED)
        return compare(eval, policy, resamples, threads, out);
    out->verdict = (uint64_t)out->episodes * SHARE_NEEDED < all ? COMPLETED_EXCLUDED : COMPLETED_FEW;
    return PAB_OK;
}

pab_status completed_compare(const pab_eval *eval, uint32_t resamples, uint32_t threads, completed *out,
                             uint32_t *count)
{
    pab_status status = PAB_OK;
    *count = 0;
    for (uint32_t p = 0; status == PAB_OK && p < pab_eval_policies(eval); p++) {
        pab_eval_summary s = {.struct_size = sizeof s};
        status = pab_eval_summarize(eval, p, -1, &s);
        if (status != PAB_OK || s.completion >= COMPLETED_SHARE)
            continue;
        completed *row = &out[(*count)++];
        *row = (completed){.policy = pab_eval_policy(eval, p), .completion = s.completion, .mean = NAN, .low = NAN,
                           .high = NAN};
        status = compare_policy(eval, p, resamples, threads, row);
    }
    return status;
}
