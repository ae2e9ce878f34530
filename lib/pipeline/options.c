/* What can be chosen of a run, and the lines that say what was. */
#include "pipeline/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pairsabides/version.h>

#include "base/number.h"
#include "base/threads.h"

enum { LEAST = PAB__UPTO(pab_pipeline_options, hook), EPISODES = 1000, LEAST_EPISODES = 8 };

pab_status pab_pipeline_options_init(pab_pipeline_options *options, uint32_t size)
{
    static const pab_pipeline_options defaults = {
        .struct_size = sizeof defaults,
        .master_seed = 1,
        .budget = 1,
        .eta = 0.5,
        .rounds = 2,
        .losses = 1u << PAB_LOSS_MIX | 1u << PAB_LOSS_MBT,
        .split = PAB_SPLIT_VALIDATION,
        .resamples = 10000,
        .front = 1,
        .calibrate = 1,
        .tracking = 1,
    };
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, LEAST, "options");
}

/* The first option outside its bounds is named. */
static pab_status check(const pab_pipeline_options *o)
{
    const struct {
        const char *name;
        double value, least, most;
    } bound[] = {
        {"threads", o->threads, 0, PAB__THREADS_MAX}, {"budget", o->budget, 1e-6, 1000},
        {"eta", o->eta, 0, 1000},                     {"tracking", o->tracking, 0, 1000},
        {"rounds", o->rounds, 0, PAB__RUN_ROUNDS},
        {"losses", o->losses, o->rounds > 0, (1u << PAB_LOSS_COUNT) - 1},
        {"split", o->split, PAB_SPLIT_TRAIN, PAB_SPLIT_TEST},
        {"episodes", o->episodes, 0, 1000000},        {"skip", o->skip, 0, 1000000},
        {"resamples", o->resamples, 1, 1000000},
        {"resume", o->resume, 0, 1},                  {"rules", o->rules, 0, 1},
        {"front", o->front, 0, 1},                    {"calibrate", o->calibrate, 0, 1},
    };
    for (size_t i = 0; i < sizeof bound / sizeof *bound; i++)
        if (!(bound[i].value >= bound[i].least && bound[i].value <= bound[i].most))
            return pab__fail(PAB_E_RANGE, "options.%s is %g; expected %g to %g", bound[i].name, bound[i].value,
                             bound[i].least, bound[i].most);
    return PAB_OK;
}

uint32_t pab__pipeline_scaled(double budget, double usual, uint32_t least)
{
    double n = nearbyint(budget * usual);
    return n < least ? least : (uint32_t)n;
}

pab_status pab__pipeline_options_take(const pab_pipeline_options *given, pab_pipeline_options *out)
{
    pab_status status = pab_pipeline_options_init(out, sizeof *out);
    if (status == PAB_OK && given)
        status = pab__record_in(out, sizeof *out, given, LEAST, "options");
    if (status == PAB_OK && out->hook)
        status = pab__record_check(out->hook, PAB__UPTO(pab_pipeline_hook, report), "options.hook");
    if (status == PAB_OK)
        status = check(out);
    if (status == PAB_OK && out->episodes == 0)
        out->episodes = pab__pipeline_scaled(out->budget, EPISODES, LEAST_EPISODES);
    return status;
}

/* --- Lines of the manifest --- */

static const char *const splits[] = {"", "train", "validation", "test"};
enum { SPLITS = sizeof splits / sizeof *splits };

/* The shortest text that reads back: 0.0002, not 0.00020000000000000001. */
static const char *shortest(double x, char out[32])
{
    int digits = 6;
    do
        pab__format(out, 32, "%.*g", digits, x);
    while (pab__real_parse(out, NULL) != x && ++digits <= 17);
    return out;
}

void pab__pipeline_head(const pab_pipeline_options *o, uint64_t fingerprint, char *buf, size_t cap)
{
    char losses[PAB__RUN_LINE] = "", budget[32], eta[32], tracking[32];
    for (int32_t l = 0; l < PAB_LOSS_COUNT; l++)
        if (o->losses >> l & 1) {
            size_t len = strlen(losses);
            snprintf(losses + len, sizeof losses - len, "%s%s", len > 0 ? " " : "", pab_loss_name(l));
        }
    pab__format(buf, cap,
                "  \"format\": 3,\n"
                "  \"library\": \"%s\",\n"
                "  \"scenario\": \"%016llx\",\n"
                "  \"seed\": %llu,\n"
                "  \"budget\": %s,\n"
                "  \"eta\": %s,\n"
                "  \"tracking\": %s,\n"
                "  \"rounds\": %u,\n"
                "  \"losses\": \"%s\",\n"
                "  \"split\": \"%s\",\n"
                "  \"episodes\": %u,\n"
                "  \"skip\": %u,\n"
                "  \"resamples\": %u,\n"
                "  \"rules\": %d,\n"
                "  \"front\": %d,\n"
                "  \"calibrate\": %d,\n",
                pab_version(), (unsigned long long)fingerprint, (unsigned long long)o->master_seed,
                shortest(o->budget, budget), shortest(o->eta, eta), shortest(o->tracking, tracking), o->rounds, losses,
                splits[o->split], o->episodes, o->skip, o->resamples, o->rules, o->front, o->calibrate);
}

/* What stands after a key, without its quote; nothing where the key is missing. */
static const char *value_of(const char *head, const char *key)
{
    char begins[PAB__RUN_LINE];
    snprintf(begins, sizeof begins, "  \"%s\": ", key);
    const char *at = strstr(head, begins);
    if (!at)
        return "";
    at += strlen(begins);
    return at + (*at == '"');
}

static uint64_t whole_of(const char *head, const char *key, int base)
{
    return strtoull(value_of(head, key), NULL, base);
}

/* Whether `word` is one of the words before the closing quote. */
static int lists(const char *words, const char *word)
{
    for (size_t len; (len = strcspn(words, " \"\n")) > 0; words += len + (words[len] == ' '))
        if (strlen(word) == len && memcmp(words, word, len) == 0)
            return 1;
    return 0;
}

pab_status pab__pipeline_head_read(const char *head, pab_pipeline_options *o, uint64_t *fingerprint)
{
    pab_pipeline_options read;
    pab_status status = pab_pipeline_options_init(&read, sizeof read);
    *fingerprint = whole_of(head, "scenario", 16);
    read.master_seed = whole_of(head, "seed", 10);
    read.budget = pab__real_parse(value_of(head, "budget"), NULL);
    read.eta = pab__real_parse(value_of(head, "eta"), NULL);
    read.tracking = pab__real_parse(value_of(head, "tracking"), NULL);
    read.rounds = (uint32_t)whole_of(head, "rounds", 10);
    read.losses = 0;
    for (int32_t l = 0; l < PAB_LOSS_COUNT; l++)
        read.losses |= (uint32_t)lists(value_of(head, "losses"), pab_loss_name(l)) << l;
    for (int32_t s = 1; s < SPLITS; s++)
        if (lists(value_of(head, "split"), splits[s]))
            read.split = s;
    read.episodes = (uint32_t)whole_of(head, "episodes", 10);
    read.skip = (uint32_t)whole_of(head, "skip", 10);
    read.resamples = (uint32_t)whole_of(head, "resamples", 10);
    read.rules = (int32_t)whole_of(head, "rules", 10);
    read.front = (int32_t)whole_of(head, "front", 10);
    read.calibrate = (int32_t)whole_of(head, "calibrate", 10);
    return status == PAB_OK ? pab__pipeline_options_take(&read, o) : status;
}

pab_status pab__pipeline_head_same(const char *dir, const char *wanted, const char *there)
{
    while (*wanted != '\0' && *there != '\0') {
        size_t w = strcspn(wanted, "\n"), t = strcspn(there, "\n");
        if (w != t || memcmp(wanted, there, w) != 0)
            return pab__fail(PAB_E_KIND, "'%s' holds another run: its manifest says%.*s where this one says%.*s", dir,
                             (int)(t - (t > 0)), there + (t > 0), (int)(w - (w > 0)), wanted + (w > 0));
        wanted += w + (wanted[w] != '\0');
        there += t + (there[t] != '\0');
    }
    return *wanted == *there ? PAB_OK : pab__fail(PAB_E_KIND, "'%s' holds a run with other options", dir);
}
