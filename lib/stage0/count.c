#include "stage0/count.h"

#include <math.h>
#include <string.h>

#define LOT 100.0
#define NEAR (PAB__SECOND / 50)       /* of a move: its sweep */
#define CLUSTER_GAP (PAB__SECOND / 100)
#define BEFORE (PAB__SECOND / 10)
#define LONG_REST (60 * PAB__SECOND)
#define LEAST_TIME 600.0              /* s at one tick */

/* A change from one one-tick touch to the next: when the old one was lost, and when the new one stood. */
typedef struct move {
    int64_t lost, done;
    int32_t up;
} move;

typedef struct counting {
    const pab__day *day;
    const pab__day_leg *leg;
    int64_t from;          /* after the warm-up */
    move *moves;
    uint64_t move_count;
    double exposure[PAB__COUNT_BINS], falls[PAB__COUNT_BINS];
    pab__sample trades, adds; /* sizes */
    double clusters, singles, more, gaps, gap_sum;
    pab__counts *out;      /* sums, not yet rates */
} counting;

static int one_tick(const pab__day_quote *q)
{
    return llround(q->ask - q->bid) == 1;
}

/* Bin of a side's share of the touch: bids 0, asks 1. */
static int bin_of(const pab__day_quote *q, int side)
{
    double own = side ? q->ask_size : q->bid_size, all = q->bid_size + q->ask_size;
    int bin = all > 0 ? (int)(PAB__COUNT_BINS * own / all) : PAB__COUNT_BINS / 2;
    return bin < PAB__COUNT_BINS ? bin : PAB__COUNT_BINS - 1;
}

/* --- Queues --- */

/* A side from one quote to the next: what was added, by the exchange that shows it or by another that now does. */
static void add_change(counting *c, const pab__day_quote *q, int side)
{
    const pab__day_quote *next = q + 1;
    double price = side ? q->ask : q->bid, price_next = side ? next->ask : next->bid;
    double size = side ? q->ask_size : q->bid_size, size_next = side ? next->ask_size : next->bid_size;
    uint32_t venue = side ? q->ask_venue : q->bid_venue, venue_next = side ? next->ask_venue : next->bid_venue;
    if (fabs(price - price_next) > 1e-9)
        return;
    int bin = bin_of(q, side);
    if (venue != venue_next) {
        c->out->adds[bin] += 0.5;
    } else if (size_next > size) {
        c->out->adds[bin]++;
        pab__sample_add(&c->adds, size_next - size);
        c->out->odd_adds += fmod(size_next - size, LOT) > 0;
    }
}

static void count_queues(counting *c)
{
    for (uint64_t i = 0; i + 1 < c->leg->quote_count; i++) {
        const pab__day_quote *q = &c->leg->quotes[i];
        int64_t lasted = q[1].time - q->time;
        if (!one_tick(q) || q->time < c->from || q->time >= c->day->to || lasted >= LONG_REST)
            continue;
        for (int side = 0; side < 2; side++) {
            int bin = bin_of(q, side);
            double s = (double)lasted / PAB__SECOND;
            c->out->time[bin] += s;
            c->out->queues[bin] += (side ? q->ask_size : q->bid_size) * s;
            add_change(c, q, side);
        }
    }
}

/* --- Moves --- */

static pab_status find_moves(counting *c)
{
    const pab__day_leg *leg = c->leg;
    const pab__day_quote *old = NULL;
    c->moves = pab__alloc(&c->day->host, leg->quote_count * sizeof *c->moves);
    if (!c->moves)
        return pab__fail(PAB_E_MEMORY, "no memory for the moves of a day");
    for (uint64_t i = 0; i < leg->quote_count; i++) {
        const pab__day_quote *q = &leg->quotes[i];
        if (!one_tick(q) || q->time < c->from || q->time >= c->day->to)
            continue;
        double moved = old ? pab__day_mid(q) - pab__day_mid(old) : 0;
        if (fabs(moved) > 1e-9)
            c->moves[c->move_count++] = (move){old[1].time, q->time, moved > 0};
        old = q;
    }
    return PAB_OK;
}

/* Losses of a touch over the time that it stood, by its share a tenth of a second before. */
static void count_falls(counting *c)
{
    for (int64_t t = c->from; t < c->day->to - PAB__SECOND; t += BEFORE) {
        const pab__day_quote *q = pab__day_quote_at(c->leg, t);
        for (int side = 0; side < 2 && one_tick(q); side++)
            c->exposure[bin_of(q, side)] += (double)BEFORE / PAB__SECOND;
    }
    for (uint64_t i = 0; i < c->move_count; i++) {
        const pab__day_quote *q = pab__day_quote_at(c->leg, c->moves[i].lost - BEFORE);
        if (one_tick(q))
            c->falls[bin_of(q, c->moves[i].up)]++;
    }
}

/* --- Trades --- */

static int near_move(const counting *c, int64_t time, uint64_t *next)
{
    while (*next < c->move_count && c->moves[*next].done < time - NEAR)
        (*next)++;
    return *next < c->move_count && c->moves[*next].lost <= time + NEAR;
}

/* An order away from moves: fills of one instant and sign. Clusters are orders of one sign close together. */
typedef struct cluster {
    int64_t last;
    int32_t sign;
    double orders;
} cluster;

static void close_cluster(counting *c, cluster *k)
{
    if (k->orders > 0) {
        c->clusters++;
        c->singles += k->orders < 1.5;
        c->more += k->orders > 1.5 ? k->orders - 2 : 0;
    }
    k->orders = 0;
}

static void add_order(counting *c, cluster *k, int64_t time, int32_t sign, double size)
{
    int first = k->orders < 0.5 || time - k->last > CLUSTER_GAP || sign != k->sign;
    if (first) {
        close_cluster(c, k);
    } else {
        c->gap_sum += (double)(time - k->last) / PAB__SECOND;
        c->gaps++;
    }
    k->last = time;
    k->sign = sign;
    k->orders++;
    pab__sample_add(&c->trades, size);
    c->out->odd_trades += fmod(size, LOT) > 0;
    uint64_t before = pab__day_quotes_before(c->leg, time);
    const pab__day_quote *q = &c->leg->quotes[before > 0 ? before - 1 : 0];
    if (first && one_tick(q) && q->time >= c->from)
        c->out->trades[bin_of(q, sign > 0)]++;
}

static void count_trades(counting *c)
{
    cluster k = {0, 0, 0};
    uint64_t next = 0;
    const pab__day_leg *leg = c->leg;
    for (uint64_t i = pab__day_prints_before(leg, c->from); i < leg->print_count;) {
        int64_t time = leg->prints[i].time;
        int32_t first = leg->prints[i].sign;
        double size[2];
        i = pab__day_instant(leg, i, size);
        for (int s = 0; s < 2 && !near_move(c, time, &next); s++)
            if (size[s] > 0)
                add_order(c, &k, time, s ? -first : first, size[s]);
    }
    close_cluster(c, &k);
}

/* --- Rates --- */

static void quantiles(pab__sample *sizes, double *out)
{
    static const double shares[PAB__COUNT_KNOTS] = {0,    .1,  .2,  .3,  .4,  .5,  .6,   .7,   .8,   .85,
                                                    .9,   .95, .97, .98, .99, .995, .998, .9995, 1};
    for (int i = 0; i < PAB__COUNT_KNOTS; i++) {
        double x = round(pab__sample_quantile(sizes, shares[i]));
        out[i] = x > LOT ? x : LOT;
    }
}

static void tell_rates(counting *c)
{
    pab__counts *out = c->out;
    double least = INFINITY, queue = 0, time = 0;
    for (int i = 0; i < PAB__COUNT_BINS; i++)
        if (c->falls[i] > 0 && c->falls[i] / c->exposure[i] < least)
            least = c->falls[i] / c->exposure[i];
    for (int i = 0; i < PAB__COUNT_BINS; i++) {
        queue += out->queues[i];
        time += out->time[i];
        out->adds[i] /= out->time[i];
        out->trades[i] /= out->time[i];
        out->queues[i] /= out->time[i];
        out->falls[i] = c->falls[i] > 0 ? c->falls[i] / c->exposure[i] : isfinite(least) ? least : 0;
    }
    /* A thick queue flickers between exchanges: that is no flow. */
    if (out->adds[PAB__COUNT_BINS - 1] > out->adds[PAB__COUNT_BINS - 2])
        out->adds[PAB__COUNT_BINS - 1] = out->adds[PAB__COUNT_BINS - 2];
    out->depth = queue / time;
    out->odd_trades /= (double)c->trades.count;
    out->odd_adds /= (double)c->adds.count;
    out->cluster_single = c->singles / c->clusters;
    double longer = c->clusters - c->singles;
    out->cluster_more = longer > 0 ? c->more / longer / (1 + c->more / longer) : 0;
    out->cluster_gap = c->gaps > 0 ? c->gap_sum / c->gaps : 0;
    quantiles(&c->trades, out->trade_sizes);
    quantiles(&c->adds, out->add_sizes);
}

static pab_status check_enough(const counting *c, int leg)
{
    double time = 0;
    for (int i = 0; i < PAB__COUNT_BINS; i++) {
        time += c->out->time[i] / 2;
        if (!(c->out->time[i] > 0))
            return pab__fail(PAB_E_RANGE, "leg %c never has a tenth of the touch on a side as in bin %d of ten: too "
                             "little to count", 'A' + leg, i + 1);
    }
    if (time < LEAST_TIME)
        return pab__fail(PAB_E_RANGE, "leg %c is at a spread of one tick for %.3g s; a crowd is counted from at least "
                         "%.0f s of it: fit preset pair", 'A' + leg, time, LEAST_TIME);
    if (c->trades.count < 100 || c->adds.count < 100 || !(c->clusters > 0))
        return pab__fail(PAB_E_RANGE, "leg %c has %llu orders that trade and %llu that are added; expected at least "
                         "100 of each", 'A' + leg, (unsigned long long)c->trades.count,
                         (unsigned long long)c->adds.count);
    return PAB_OK;
}

pab_status pab__count_leg(const pab__day *days, uint32_t count, int leg, pab__counts *out)
{
    counting c = {.trades = {.host = &days[0].host}, .adds = {.host = &days[0].host}, .out = out};
    pab_status status = PAB_OK;
    memset(out, 0, sizeof *out);
    for (uint32_t d = 0; d < count && status == PAB_OK; d++) {
        c.day = &days[d];
        c.leg = &days[d].leg[leg];
        c.from = days[d].from + 2 * pab__day_warm_up(&days[d]);
        c.move_count = 0;
        status = find_moves(&c);
        if (status == PAB_OK) {
            count_queues(&c);
            count_falls(&c);
            count_trades(&c);
        }
        pab__release(&days[0].host, c.moves, c.leg->quote_count * sizeof *c.moves);
    }
    if (status == PAB_OK && (c.trades.failed || c.adds.failed))
        status = pab__fail(PAB_E_MEMORY, "no memory for the sizes of orders");
    if (status == PAB_OK)
        status = check_enough(&c, leg);
    if (status == PAB_OK)
        tell_rates(&c);
    pab__sample_free(&c.trades);
    pab__sample_free(&c.adds);
    return status;
}
