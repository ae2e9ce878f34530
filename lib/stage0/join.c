/* Bars of two tapes, matched by the times of their rows. */
#include "stage0/tape.h"

#define DAY (86400 * PAB__SECOND)

static pab_status check(const pab_tape *a, const pab_tape *b)
{
    if (!a->bars || !b->bars)
        return pab__fail(PAB_E_STATE, "leg %s has bars, leg %s quotes; expected the same of both", a->bars ? "A" : "B",
                         a->bars ? "B" : "A");
    if (a->bar != b->bar && !(a->bar >= DAY && b->bar >= DAY))
        return pab__fail(PAB_E_RANGE, "leg A has bars of %lld s, leg B of %lld s; expected the same length",
                         (long long)(a->bar / PAB__SECOND), (long long)(b->bar / PAB__SECOND));
    if (a->stamped && b->stamped)
        return PAB_OK;
    if (a->quote_count != b->quote_count)
        return pab__fail(PAB_E_RANGE, "leg A has %llu bars and leg B %llu, and no times to match them by; expected a "
                         "column of times in both files", (unsigned long long)a->quote_count,
                         (unsigned long long)b->quote_count);
    return PAB_OK;
}

static int in_window(const pab_tape *tape, uint64_t i)
{
    return tape->quotes[i].time >= tape->from && tape->quotes[i].time <= tape->to;
}

/* Adds bar i of a tape to its joined one. */
static pab_status add(const pab_tape *from, uint64_t i, int64_t time, int gap, pab_tape *to)
{
    const pab__quote *q = &from->quotes[i];
    pab_status status = gap ? pab__tape_add_gap(to, time - 1, time) : PAB_OK;
    return status == PAB_OK ? pab_tape_add_quote(to, time, q->bid, 0, q->ask, 0) : status;
}

static pab_status merge(const pab_tape *const in[2], pab_tape *const out[2], uint64_t alone[2])
{
    uint64_t i = 0, j = 0, last[2] = {0, 0}, n = 0;
    const pab_tape *a = in[0], *b = in[1];
    int stamped = a->stamped && b->stamped;
    pab_status status = PAB_OK;
    while (status == PAB_OK && i < a->quote_count && j < b->quote_count) {
        int first_a = stamped && a->stamps[i] < b->stamps[j], first_b = stamped && b->stamps[j] < a->stamps[i];
        if (first_a || first_b) {
            alone[first_b]++;
            i += (uint64_t)first_a;
            j += (uint64_t)first_b;
            continue;
        }
        if (in_window(a, i) && in_window(b, j)) {
            int64_t time = (int64_t)++n * a->bar;
            int gap = n > 1 && (i != last[0] + 1 || j != last[1] + 1 ||
                                pab__tape_has_gap(a, a->quotes[last[0]].time, a->quotes[i].time) ||
                                pab__tape_has_gap(b, b->quotes[last[1]].time, b->quotes[j].time));
            status = add(a, i, time, gap && a->bar < DAY, out[0]);
            if (status == PAB_OK)
                status = add(b, j, time, gap && a->bar < DAY, out[1]);
            last[0] = i;
            last[1] = j;
        }
        i++;
        j++;
    }
    alone[0] += a->quote_count - i;
    alone[1] += b->quote_count - j;
    if (status == PAB_OK && n < 2)
        status = pab__fail(PAB_E_STATE, "the tapes share no time; expected bars of both at the same times");
    return status;
}

pab_status pab__tape_join(const pab_tape *a, const pab_tape *b, pab_tape *out[2], uint64_t alone[2])
{
    const pab_tape *const in[2] = {a, b};
    uint64_t count[2] = {0, 0};
    pab_status status = check(a, b);
    for (int i = 0; i < 2 && status == PAB_OK; i++) {
        status = pab_tape_new(&a->host, &out[i]);
        if (status == PAB_OK) {
            out[i]->bars = 1;
            out[i]->bar = a->bar;
        }
    }
    if (status == PAB_OK)
        status = merge(in, out, count);
    for (int i = 0; i < 2 && status == PAB_OK; i++)
        pab__tape_widen(out[i], out[i]->quotes[0].time, out[i]->quotes[out[i]->quote_count - 1].time);
    if (alone) {
        alone[0] = count[0];
        alone[1] = count[1];
    }
    return status;
}
