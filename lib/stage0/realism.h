/* Facts that judge a market as a desk sees it: queues, fills, mark-outs, memory, what can be foreseen.
 *
 * pab_realism_facts and pab_realism_foresight copy windows of tapes into days (realism_day.c) and hand them to the
 * files below, each with one idea, which pool all days into out[0 .. PAB_REALISM_COUNT), or teach on some days and test
 * on others. The days live for one call. */
#ifndef PAB_STAGE0_REALISM_H
#define PAB_STAGE0_REALISM_H

#include "stage0/facts.h"

/* A two-sided best quote; prices in ticks. */
typedef struct pab__day_quote {
    int64_t time;
    double bid, ask, bid_size, ask_size;
    uint32_t bid_venue, ask_venue;
} pab__day_quote;

/* A trade on the book; `before` is the mid strictly before it. */
typedef struct pab__day_print {
    int64_t time;
    double price, size, before;
    int32_t sign;
    uint32_t venue;
} pab__day_print;

typedef struct pab__day_leg {
    pab__day_quote *quotes; /* at least one; the first may be earlier than the day */
    pab__day_print *prints; /* within the day */
    uint64_t quote_count, quote_cap, print_count, print_cap;
} pab__day_leg;

typedef struct pab__day {
    pab_host host;
    int64_t from, to;
    pab__day_leg leg[2];
} pab__day;

/* One day for each window; the caller frees them, also after an error. */
pab_status pab__days_make(const pab_pair_window *windows, uint32_t count, pab__day **out);
void pab__days_free(pab__day *days, uint32_t count);

/* How many quotes or prints come before an instant, or (until) not after it. */
uint64_t pab__day_quotes_before(const pab__day_leg *leg, int64_t time);
uint64_t pab__day_quotes_until(const pab__day_leg *leg, int64_t time);
uint64_t pab__day_prints_before(const pab__day_leg *leg, int64_t time);
uint64_t pab__day_prints_until(const pab__day_leg *leg, int64_t time);
/* The quote that holds at an instant; before the first, the first. */
const pab__day_quote *pab__day_quote_at(const pab__day_leg *leg, int64_t time);

/* When a side's touch (1: bid, -1: ask) falls behind `price`, looking at quotes from number i to `until`; INT64_MAX
 * where it does not. */
int64_t pab__day_lost_at(const pab__day_leg *leg, uint64_t i, int64_t until, int side, double price);
/* Shares of the trades of one instant, which begin at print i: of its sign, and of the other. Returns the print after
 * them. */
uint64_t pab__day_instant(const pab__day_leg *leg, uint64_t i, double size[2]);

static inline double pab__day_mid(const pab__day_quote *q)
{
    return (q->bid + q->ask) / 2;
}

/* What is left out at the beginning where the past counts: five minutes, of short days a tenth. */
static inline int64_t pab__day_warm_up(const pab__day *day)
{
    int64_t tenth = (day->to - day->from) / 10;
    return tenth < 300 * PAB__SECOND ? tenth : 300 * PAB__SECOND;
}

/* Values that are pooled over days. Where memory runs out, `failed` stays set and later values are dropped. */
typedef struct pab__sample {
    const pab_host *host;
    double *at;
    uint64_t count, cap;
    int failed;
} pab__sample;

void pab__sample_add(pab__sample *s, double value);
void pab__sample_free(pab__sample *s);
double pab__sample_mean(const pab__sample *s);
double pab__sample_sd(const pab__sample *s); /* of the values, not an estimate */
/* Between the two nearest values; sorts them. NaN of none. */
double pab__sample_quantile(pab__sample *s, double share);
/* The chance that the score of a 1 is above that of a 0, ties half; NaN without both. labels: 0 or 1 for each. */
pab_status pab__sample_auc(const pab__sample *scores, const pab__sample *labels, double *out);

/* Each measures one idea over all days. `leg`: whose facts; out is the leg's part, or the pair's. */
pab_status pab__realism_quotes(const pab__day *days, uint32_t count, int leg, double *out);
pab_status pab__realism_returns(const pab__day *days, uint32_t count, int leg, double *out);
pab_status pab__realism_orders(const pab__day *days, uint32_t count, int leg, double *out);
pab_status pab__realism_response(const pab__day *days, uint32_t count, int leg, double *out);
pab_status pab__realism_join(const pab__day *days, uint32_t count, int leg, double *out);
pab_status pab__realism_pair(const pab__day *days, uint32_t count, double *out);
/* All of out: whether touches are lost, and where mids go, foreseen on days from `taught` on. */
pab_status pab__realism_lost(const pab__day *days, uint32_t taught, uint32_t count, double *out);
pab_status pab__realism_r2(const pab__day *days, uint32_t taught, uint32_t count, double *out);

/* Where a fact lies in out: of leg 0 or 1, or of the pair. */
#define PAB__REALISM_LEG(leg, id) ((leg) * PAB_REALISM_LEG_COUNT + PAB_REALISM_##id)
#define PAB__REALISM_PAIR(id) (PAB_REALISM_LEG_COUNT + PAB_REALISM_##id)

#endif
