/* The facts of a pair are looked at before anything is searched for: what cannot be fitted is refused, what looks wrong
 * is said. */
#include <math.h>

#include "base/stamp.h"
#include "base/text.h"
#include "stage0/facts.h"
#include "stage0/fit.h"

enum { LEAST_TIME = 300, LITTLE_TIME = 1800, LEAST_BARS = 20 };

#define MOSTLY 50.0      /* % of time */
#define OFTEN 5.0
#define JUMP 0.18        /* logarithm: 6 to 5 */
#define LITTLE_MOVES 10

static int has_both_sides(const pab_tape *tape)
{
    for (uint64_t i = 0; i < tape->quote_count; i++)
        if (pab__quote_mid(&tape->quotes[i]) > 0)
            return 1;
    return 0;
}

/* Changes of the mid, and the greatest from one quote to the next that is still there ten quotes on. */
static uint64_t moves_of(const pab_tape *tape, double *jump, int64_t *when)
{
    uint64_t moves = 0;
    double last = 0;
    *jump = 0;
    for (uint64_t i = 0; i < tape->quote_count; i++) {
        double mid = pab__quote_mid(&tape->quotes[i]);
        if (!(mid > 0))
            continue;
        moves += last > 0 && (mid < last || mid > last);
        double change = last > 0 ? log(mid / last) : 0;
        if (fabs(change) > fabs(*jump)) {
            uint64_t on = i + 10 < tape->quote_count ? i + 10 : tape->quote_count - 1;
            double later = pab__quote_mid(&tape->quotes[on]);
            if (later > 0 && fabs(log(later / last)) > fabs(change) / 2) {
                *jump = change;
                *when = tape->bars && tape->stamped ? tape->stamps[i] : tape->quotes[i].time;
            }
        }
        last = mid;
    }
    return moves;
}

static pab_status check_amount(const pab_tape *tape, char leg, pab__text *out)
{
    double open = (double)pab__tape_open_time(tape, tape->from, tape->to) / PAB__SECOND;
    if (tape->quote_count == 0)
        return pab__fail(PAB_E_STATE, "leg %c has no quotes; expected some", leg);
    if (!has_both_sides(tape))
        return pab__fail(PAB_E_RANGE, "leg %c never has both sides; expected bids and asks at once", leg);
    double jump = 0;
    int64_t when = 0;
    uint64_t moves = moves_of(tape, &jump, &when);
    if (moves == 0)
        return pab__fail(PAB_E_RANGE, "leg %c's price never moves; expected changes of the mid", leg);
    if (tape->bars && tape->quote_count < LEAST_BARS)
        return pab__fail(PAB_E_RANGE, "leg %c has %llu bars; expected at least %d", leg,
                         (unsigned long long)tape->quote_count, LEAST_BARS);
    if (!(open >= LEAST_TIME))
        return pab__fail(PAB_E_RANGE, "leg %c covers %.3g s; expected at least %d s", leg, open, LEAST_TIME);
    if (open < LITTLE_TIME)
        pab__text_say(out, "leg %c covers %.3g min: its facts are rough\n", leg, open / 60);
    if (moves < LITTLE_MOVES)
        pab__text_say(out, "leg %c's mid changes %llu times: its facts are rough\n", leg, (unsigned long long)moves);
    if (fabs(jump) > JUMP) {
        char text[PAB__STAMP_TEXT];
        pab__text_say(out, "leg %c jumps to %.4g times its price at %s: a split, or another instrument?\n", leg,
                      exp(jump),
                      pab__stamp_text(when, text));
    }
    return PAB_OK;
}

static pab_status check_quotes(const pab_tape *tape, const double *facts, char leg, pab__text *out)
{
    if (tape->bars)
        return PAB_OK;
    if (facts[PAB_FACT_CROSSED] > MOSTLY)
        return pab__fail(PAB_E_RANGE, "leg %c is locked or crossed %.0f %% of the time; expected bids below asks "
                         "(are the "
                         "columns swapped?)", leg, facts[PAB_FACT_CROSSED]);
    if (facts[PAB_FACT_CROSSED] > OFTEN)
        pab__text_say(out, "leg %c is locked or crossed %.3g %% of the time\n", leg, facts[PAB_FACT_CROSSED]);
    if (tape->gap_count > 0)
        pab__text_say(out, "leg %c has no row for minutes or hours %llu times, %.4g h in all (nights, breaks): that "
                      "time and "
                      "its returns do not count\n", leg, (unsigned long long)tape->gap_count,
                      (double)(tape->to - tape->from - pab__tape_open_time(tape, tape->from, tape->to)) /
                          (3600.0 * PAB__SECOND));
    return PAB_OK;
}

/* What no scenario could be fitted to. */
static pab_status check_known(const double *facts, const double *pair)
{
    static const int volatilities[] = {PAB_FACT_VOL_1, PAB_FACT_VOL_10, PAB_FACT_VOL_60, PAB_FACT_VOL_300};
    static const int correlations[] = {PAB_FACT_CORR_1, PAB_FACT_CORR_5, PAB_FACT_CORR_10, PAB_FACT_CORR_60,
                                       PAB_FACT_CORR_300};
    for (int leg = 0; leg < 2; leg++) {
        int known = 0;
        for (int i = 0; i < 4; i++)
            known |= facts[leg * PAB_LEG_FACT_COUNT + volatilities[i]] > 0;
        if (!known)
            return pab__fail(PAB_E_RANGE, "leg %c tells no volatility over 300 s or less: nothing to fit; expected "
                             "quotes, "
                             "or bars of at most 5 minutes", 'A' + leg);
    }
    for (int i = 0; i < 5; i++)
        if (isfinite(pair[correlations[i] - PAB_PAIR_FACT_FIRST]))
            return PAB_OK;
    return pab__fail(PAB_E_RANGE, "the legs tell no correlation over 300 s or less: nothing to fit; expected more "
                     "time in "
                     "common");
}

static pab_status check_join(const pab_tape *a, const pab_tape *b, pab__text *out)
{
    pab_tape *joined[2] = {NULL, NULL};
    uint64_t alone[2] = {0, 0};
    if (!a->bars && !b->bars)
        return PAB_OK;
    pab_status status = pab__tape_join(a, b, joined, alone);
    if (status == PAB_OK && alone[0] + alone[1] > 0)
        pab__text_say(out, "%llu bars of leg A and %llu of leg B have no partner of the same time and are left out "
                      "of the "
                      "pair's facts\n", (unsigned long long)alone[0], (unsigned long long)alone[1]);
    if (status == PAB_OK && !(a->stamped && b->stamped))
        pab__text_put(out, "bars are matched by row: the files do not both have times\n");
    pab_tape_free(joined[0]);
    pab_tape_free(joined[1]);
    return status;
}

pab_status pab__fit_check(const pab_tape *a, const pab_tape *b, double *facts, pab__text *out)
{
    pab_status status = check_amount(a, 'A', out);
    if (status == PAB_OK)
        status = check_amount(b, 'B', out);
    if (status == PAB_OK)
        status = check_join(a, b, out);
    if (status == PAB_OK)
        status = pab_facts_leg(a, facts, PAB_LEG_FACT_COUNT);
    if (status == PAB_OK)
        status = pab_facts_leg(b, facts + PAB_LEG_FACT_COUNT, PAB_LEG_FACT_COUNT);
    if (status == PAB_OK)
        status = check_quotes(a, facts, 'A', out);
    if (status == PAB_OK)
        status = check_quotes(b, facts + PAB_LEG_FACT_COUNT, 'B', out);
    if (status == PAB_OK)
        status = pab_facts_pair(a, b, facts + 2 * PAB_LEG_FACT_COUNT, PAB__FIT_PAIR_FACTS);
    if (status == PAB_OK)
        status = check_known(facts, facts + 2 * PAB_LEG_FACT_COUNT);
    return status;
}

pab_status pab_stage0_check(const pab_tape *a, const pab_tape *b, char *buf, size_t cap, size_t *needed)
{
    if (!a || !b || (!buf && cap > 0))
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !a ? "a" : !b ? "b" : "buf");
    double facts[PAB__FIT_FACTS];
    pab__text out = pab__text_in(buf, cap);
    if (cap > 0)
        buf[0] = '\0';
    pab_status status = pab__fit_check(a, b, facts, &out);
    if (needed)
        *needed = out.len;
    if (status == PAB_OK && cap > 0 && cap <= out.len)
        return pab__fail(PAB_E_CAPACITY, "the warnings take %zu bytes, the buffer has %zu", out.len + 1, cap);
    return status;
}
