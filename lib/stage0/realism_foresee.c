/* What can be foreseen from the touch, trades and returns of both legs: whether the touch is lost within five seconds
 * (logistic regression), and the mid's move (ridge regression). Learned on days before `taught`, tested on the
 * others. */
#include "stage0/realism.h"

#include <math.h>
#include <string.h>

#include "base/cholesky.h"

enum { LOST_INPUTS = 10, MOVE_INPUTS = 20, MOST = MOVE_INPUTS + 1, NEWTON_STEPS = 25 };

#define REST (60 * PAB__SECOND)
#define SOON (5 * PAB__SECOND)
#define LOST_RIDGE 1e-3
#define MOVE_RIDGE 50.0
#define CLIP 4.0

/* Rows of `width` numbers: inputs, then what is to be foreseen. The first `taught` rows teach. */
typedef struct table {
    pab__sample cells;
    uint64_t rows, taught;
    int inputs, width;
} table;

static double *row(const table *t, uint64_t i)
{
    return t->cells.at + i * (uint64_t)t->width;
}

/* Shares of trades of a sign in [from, to). */
static double traded(const pab__day_leg *leg, int32_t sign, int64_t from, int64_t to)
{
    double sum = 0;
    for (uint64_t i = pab__day_prints_before(leg, from); i < leg->print_count && leg->prints[i].time < to; i++)
        sum += leg->prints[i].sign == sign ? leg->prints[i].size : 0;
    return sum;
}

static void add_touch(table *t, const pab__day_leg *own, const pab__day_leg *other, int64_t now, int side)
{
    uint64_t j = pab__day_quotes_until(own, now);
    const pab__day_quote *q = &own->quotes[j > 0 ? j - 1 : 0], *past = pab__day_quote_at(own, now - PAB__SECOND);
    double near = side > 0 ? q->bid_size : q->ask_size, far = side > 0 ? q->ask_size : q->bid_size;
    double near_past = side > 0 ? past->bid_size : past->ask_size;
    double price = side > 0 ? q->bid : q->ask, price_past = side > 0 ? past->bid : past->ask;
    double return_other = 1e4 * log(pab__day_mid(pab__day_quote_at(other, now)) /
                                    pab__day_mid(pab__day_quote_at(other, now - PAB__SECOND)));
    uint64_t updates = pab__day_quotes_before(own, now) - pab__day_quotes_before(own, now - PAB__SECOND);
    const double cells[LOST_INPUTS + 1] = {
        log(near + 1), log(far + 1), log(near + 1) - log(near_past + 1), q->ask - q->bid > 1 + 1e-9,
        log1p(traded(own, -side, now - PAB__SECOND, now)), log1p(traded(own, -side, now - 5 * PAB__SECOND, now)),
        log1p(traded(own, side, now - PAB__SECOND, now)), side * return_other, log1p((double)updates),
        side * (price - price_past), pab__day_lost_at(own, j, now + SOON, side, price) < INT64_MAX,
    };
    for (int i = 0; i < LOST_INPUTS + 1; i++)
        pab__sample_add(&t->cells, cells[i]);
    t->rows++;
}

static void add_touches(table *t, const pab__day *day, int leg)
{
    for (int side = 1; side >= -1; side -= 2)
        for (int64_t now = day->from + pab__day_warm_up(day); now < day->to - REST; now += PAB__SECOND / 2)
            add_touch(t, &day->leg[leg], &day->leg[1 - leg], now, side);
}

/* Signed roots of sizes in [from, to). */
static double flow(const pab__day_leg *leg, int64_t from, int64_t to)
{
    double sum = 0;
    for (uint64_t i = pab__day_prints_before(leg, from); i < leg->print_count && leg->prints[i].time < to; i++)
        sum += leg->prints[i].sign * sqrt(leg->prints[i].size);
    return sum;
}

static const int horizons[] = {10, 20, 40};

static void add_moves(table *t, const pab__day *day, int leg)
{
    static const int spans[] = {1, 5, 20, 60};
    for (int64_t now = day->from + pab__day_warm_up(day); now < day->to - REST; now += 2 * PAB__SECOND) {
        double mids[2];
        for (int k = 0; k < 2; k++) {
            const pab__day_leg *l = &day->leg[k == 0 ? leg : 1 - leg];
            const pab__day_quote *q = pab__day_quote_at(l, now);
            double depth = q->bid_size + q->ask_size, tilt = depth > 0 ? (q->bid_size - q->ask_size) / depth : 0;
            mids[k] = log(pab__day_mid(q));
            pab__sample_add(&t->cells, tilt);
            pab__sample_add(&t->cells, tilt * tilt * tilt);
            for (int s = 0; s < 4; s++) {
                int64_t then = now - spans[s] * PAB__SECOND;
                pab__sample_add(&t->cells, flow(l, then, now));
                pab__sample_add(&t->cells, 1e4 * (mids[k] - log(pab__day_mid(pab__day_quote_at(l, then)))));
            }
        }
        for (int h = 0; h < 3; h++)
            for (int k = 0; k < 2; k++)
                pab__sample_add(&t->cells, 1e4 * (log(pab__day_mid(pab__day_quote_at(&day->leg[k == 0 ? leg : 1 - leg],
                                                  now + horizons[h] * PAB__SECOND))) - mids[k]));
        t->rows++;
    }
}

/* Inputs in deviations from the mean of the rows that teach, within `clip` of them. */
static void scale(table *t, double clip)
{
    for (int c = 0; c < t->inputs; c++) {
        double mean = 0, square = 0, n = (double)t->taught;
        for (uint64_t i = 0; i < t->taught; i++)
            mean += row(t, i)[c] / n;
        for (uint64_t i = 0; i < t->taught; i++)
            square += (row(t, i)[c] - mean) * (row(t, i)[c] - mean) / n;
        for (uint64_t i = 0; i < t->rows; i++) {
            double x = (row(t, i)[c] - mean) / (sqrt(square) + 1e-9);
            row(t, i)[c] = x < -clip ? -clip : x > clip ? clip : x;
        }
    }
}

static double chance(const table *t, uint64_t i, const double *c)
{
    double v = c[0];
    for (int j = 0; j < t->inputs; j++)
        v += c[j + 1] * row(t, i)[j];
    v = v < -30 ? -30 : v > 30 ? 30 : v;
    return 1 / (1 + exp(-v));
}

/* One Newton step of the penalised likelihood; the largest change of a coefficient. */
static double newton(const table *t, double *c)
{
    enum { N = LOST_INPUTS + 1 };
    double slope[N], step[N] = {0}, curve[N * N] = {0}, largest = 0;
    for (int j = 0; j < N; j++) {
        slope[j] = -LOST_RIDGE * c[j];
        curve[j * N + j] = LOST_RIDGE;
    }
    for (uint64_t i = 0; i < t->taught; i++) {
        double x[N] = {1}, p = chance(t, i, c), w = p * (1 - p) + 1e-9;
        memcpy(x + 1, row(t, i), LOST_INPUTS * sizeof *x);
        for (int j = 0; j < N; j++) {
            slope[j] += x[j] * (row(t, i)[LOST_INPUTS] - p);
            for (int k = 0; k <= j; k++)
                curve[j * N + k] += w * x[j] * x[k];
        }
    }
    if (!pab__cholesky_solve(curve, N, slope, step))
        return 0;
    for (int j = 0; j < N; j++) {
        c[j] += step[j];
        largest = fabs(step[j]) > largest ? fabs(step[j]) : largest;
    }
    return largest;
}

static pab_status test_touches(const table *t, double *out)
{
    double c[LOST_INPUTS + 1] = {0}, lost = 0, likely = 0, n = (double)(t->rows - t->taught);
    pab__sample scores = {.host = t->cells.host}, labels = scores;
    for (int i = 0; i < NEWTON_STEPS; i++)
        if (newton(t, c) < 1e-5)
            break;
    for (uint64_t i = t->taught; i < t->rows; i++) {
        double p = chance(t, i, c), label = row(t, i)[LOST_INPUTS];
        pab__sample_add(&scores, p);
        pab__sample_add(&labels, label);
        lost += label;
        likely += p > 0.5;
    }
    pab_status status = scores.failed || labels.failed ? pab__fail(PAB_E_MEMORY, "no memory for scores") : PAB_OK;
    if (status == PAB_OK)
        status = pab__sample_auc(&scores, &labels, &out[PAB_REALISM_AUC_LOST]);
    out[PAB_REALISM_LOST] = 100 * lost / n;
    out[PAB_REALISM_LOST_LIKELY] = 100 * likely / n;
    pab__sample_free(&scores);
    pab__sample_free(&labels);
    return status;
}

pab_status pab__realism_lost(const pab__day *days, uint32_t taught, uint32_t count, double *out)
{
    pab_status status = PAB_OK;
    for (int leg = 0; leg < 2 && status == PAB_OK; leg++) {
        table t = {.cells = {.host = &days[0].host}, .inputs = LOST_INPUTS, .width = LOST_INPUTS + 1};
        for (uint32_t d = 0; d < count; d++) {
            t.taught = d == taught ? t.rows : t.taught;
            add_touches(&t, &days[d], leg);
        }
        if (t.cells.failed)
            status = pab__fail(PAB_E_MEMORY, "no memory for %llu touches", (unsigned long long)t.rows);
        if (status == PAB_OK && t.taught > 0 && t.rows > t.taught) {
            scale(&t, INFINITY);
            status = test_touches(&t, out + leg * PAB_REALISM_LEG_COUNT);
        }
        pab__sample_free(&t.cells);
    }
    return status;
}

/* What is to be foreseen over horizon h: the own leg's move, or the own less the other leg's. */
static double target(const table *t, uint64_t i, int h, int pair)
{
    const double *moves = row(t, i) + MOVE_INPUTS + 2 * h;
    return pair ? moves[0] - moves[1] : moves[0];
}

static double mean_target(const table *t, uint64_t from, uint64_t to, int h, int pair)
{
    double sum = 0;
    for (uint64_t i = from; i < to; i++)
        sum += target(t, i, h, pair);
    return sum / (double)(to - from);
}

/* Share of the variance of the rows that test that a ridge regression takes away, %. */
static double foreseen(const table *t, int h, int pair)
{
    enum { N = MOVE_INPUTS };
    double normal[N * N] = {0}, right[N] = {0}, c[N] = {0};
    double mean = mean_target(t, 0, t->taught, h, pair), left = 0, all = 0;
    for (int j = 0; j < N; j++)
        normal[j * N + j] = MOVE_RIDGE;
    for (uint64_t i = 0; i < t->taught; i++) {
        const double *x = row(t, i);
        double y = target(t, i, h, pair) - mean;
        for (int j = 0; j < N; j++) {
            right[j] += x[j] * y;
            for (int k = 0; k <= j; k++)
                normal[j * N + k] += x[j] * x[k];
        }
    }
    if (!pab__cholesky_solve(normal, N, right, c))
        return NAN;
    mean = mean_target(t, t->taught, t->rows, h, pair);
    for (uint64_t i = t->taught; i < t->rows; i++) {
        double y = target(t, i, h, pair) - mean, guess = 0;
        for (int j = 0; j < N; j++)
            guess += c[j] * row(t, i)[j];
        left += (y - guess) * (y - guess);
        all += y * y;
    }
    return all > 0 ? 100 * (1 - left / all) : NAN;
}

pab_status pab__realism_r2(const pab__day *days, uint32_t taught, uint32_t count, double *out)
{
    for (int leg = 0; leg < 2; leg++) {
        table t = {.cells = {.host = &days[0].host}, .inputs = MOVE_INPUTS, .width = MOVE_INPUTS + 6};
        for (uint32_t d = 0; d < count; d++) {
            t.taught = d == taught ? t.rows : t.taught;
            add_moves(&t, &days[d], leg);
        }
        int failed = t.cells.failed, some = !failed && t.taught > 0 && t.rows > t.taught;
        if (some) {
            scale(&t, CLIP);
            double *leg_out = out + leg * PAB_REALISM_LEG_COUNT;
            leg_out[PAB_REALISM_R2_10] = foreseen(&t, 0, 0);
            leg_out[PAB_REALISM_R2_20] = foreseen(&t, 1, 0);
            leg_out[PAB_REALISM_R2_40] = foreseen(&t, 2, 0);
        }
        if (some && leg == 0) {
            out[PAB__REALISM_PAIR(R2_PAIR_10)] = foreseen(&t, 0, 1);
            out[PAB__REALISM_PAIR(R2_PAIR_40)] = foreseen(&t, 2, 1);
        }
        pab__sample_free(&t.cells);
        if (failed)
            return pab__fail(PAB_E_MEMORY, "no memory for %llu moves", (unsigned long long)t.rows);
    }
    return PAB_OK;
}
