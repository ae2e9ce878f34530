/* Schedules of one leg: Almgren-Chriss and volume. */
#include "experts/curve.h"

#include <math.h>

#define BUCKET INT64_C(30000000000) /* ns, of a calibrated profile */

double pab__curve_front(double kt, double y)
{
    if (kt < 1e-6)
        return y;
    return 1 - sinh(kt * (1 - y)) / sinh(kt);
}

/* Volume of a profile from the open to `time`, each bucket even within itself. */
static double profile_until(const pab__leg_plan *plan, int64_t open, int64_t time)
{
    double sum = 0;
    for (uint32_t i = 0; i < plan->profile_count; i++) {
        int64_t start = open + (int64_t)i * BUCKET;
        if (time <= start)
            break;
        int64_t inside = time - start < BUCKET ? time - start : BUCKET;
        sum += plan->profile[i] * ((double)inside / (double)BUCKET);
    }
    return sum;
}

/* Integral of w over the day up to `time`. */
static double u_until(int64_t open, int64_t close, int64_t time)
{
    double y = close > open ? (double)(time - open) / (double)(close - open) : 0;
    double z = 2 * y - 1;
    return y + z * z * z / 3;
}

double pab__curve_volume(const pab__context *context, int leg, int64_t time)
{
    const pab_env_status *now = &context->status;
    const pab__leg_plan *plan = context->plan[leg];
    double from, upto, all;
    if (time >= now->end)
        return 1;
    if (plan && now->start >= context->open &&
        now->end <= context->open + (int64_t)plan->profile_count * BUCKET) {
        from = profile_until(plan, context->open, now->start);
        upto = profile_until(plan, context->open, time);
        all = profile_until(plan, context->open, now->end);
        if (all > from)
            return (upto - from) / (all - from);
    }
    from = u_until(context->open, context->close, now->start);
    upto = u_until(context->open, context->close, time);
    all = u_until(context->open, context->close, now->end);
    return all > from ? (upto - from) / (all - from) : 0;
}
