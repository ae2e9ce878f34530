/* Growing rows of numbers, and statistics of them. */
#include "stage0/realism.h"

#include <math.h>
#include <string.h>

#include "base/auc.h"
#include "base/sort.h"

#define FIRST_ROOM 4096

void pab__sample_add(pab__sample *s, double value)
{
    if (s->count == s->cap) {
        uint64_t more = s->cap ? s->cap * 2 : FIRST_ROOM;
        double *fresh = s->failed ? NULL : pab__alloc(s->host, more * sizeof *fresh);
        s->failed = !fresh;
        if (!fresh)
            return;
        if (s->at)
            memcpy(fresh, s->at, s->count * sizeof *fresh);
        pab__release(s->host, s->at, s->cap * sizeof *fresh);
        s->at = fresh;
        s->cap = more;
    }
    s->at[s->count++] = value;
}

void pab__sample_free(pab__sample *s)
{
    pab__release(s->host, s->at, s->cap * sizeof *s->at);
    s->at = NULL;
    s->count = s->cap = 0;
}

double pab__sample_mean(const pab__sample *s)
{
    double sum = 0;
    for (uint64_t i = 0; i < s->count; i++)
        sum += s->at[i];
    return s->count > 0 ? sum / (double)s->count : NAN;
}

double pab__sample_sd(const pab__sample *s)
{
    double mean = pab__sample_mean(s), sum = 0;
    for (uint64_t i = 0; i < s->count; i++)
        sum += (s->at[i] - mean) * (s->at[i] - mean);
    return s->count > 0 ? sqrt(sum / (double)s->count) : NAN;
}

double pab__sample_quantile(pab__sample *s, double share)
{
    if (s->count == 0)
        return NAN;
    pab__sort_reals(s->at, s->count);
    double place = share * (double)(s->count - 1);
    uint64_t low = (uint64_t)place, high = low + 1 < s->count ? low + 1 : low;
    return s->at[low] + (place - (double)low) * (s->at[high] - s->at[low]);
}

pab_status pab__sample_auc(const pab__sample *scores, const pab__sample *labels, double *out)
{
    uint64_t n = scores->count;
    *out = NAN;
    if (n == 0)
        return PAB_OK;
    double *pairs = pab__alloc(scores->host, 2 * n * sizeof *pairs);
    if (!pairs)
        return pab__fail(PAB_E_MEMORY, "no memory for %llu scores", (unsigned long long)n);
    for (uint64_t i = 0; i < n; i++) {
        pairs[2 * i] = scores->at[i];
        pairs[2 * i + 1] = labels->at[i];
    }
    *out = pab__auc(pairs, n);
    pab__release(scores->host, pairs, 2 * n * sizeof *pairs);
    return PAB_OK;
}
