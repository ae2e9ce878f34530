/* Options of learning: defaults, checks, and how the budget scales them. */
#include "qlearn/episodes.h"

#include <math.h>
#include <string.h>

#include "base/threads.h"

enum { ROUNDS = 64, EPISODES = 128, REPEATS = 8, VALIDATION = 48, INTERVAL = 16, PATIENCE = 3 };

#define LEAST_LEARN PAB__UPTO(pab_learn_options, moe)
#define LEAST_QTABLE PAB__UPTO(pab_qtable_options, reserved)

pab_status pab_learn_options_init(pab_learn_options *options, uint32_t size)
{
    static const pab_learn_options defaults = {.struct_size = sizeof defaults, .master_seed = 1, .budget = 1};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, LEAST_LEARN, "options");
}

pab_status pab_qtable_options_init(pab_qtable_options *options, uint32_t size)
{
    static const pab_qtable_options defaults = {
        .struct_size = sizeof defaults,
        .episodes = EPISODES,
        .repeats = REPEATS,
        .baseline = 1,
        .interval = INTERVAL,
        .patience = PATIENCE,
        .trace = 0.8,
        .prior_visits = 40,
        .forks = 1,
    };
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, LEAST_QTABLE, "options");
}

static pab_status out_of_range(const char *name, double value, const char *expected)
{
    return pab__fail(PAB_E_RANGE, "options.%s is %g; expected %s", name, value, expected);
}

static pab_status check(const pab_learn_options *o, const pab_qtable_options *q)
{
    if (o->threads > PAB__THREADS_MAX)
        return out_of_range("threads", o->threads, "0 to 1024");
    if (!(o->budget > 0 && o->budget <= 1000))
        return out_of_range("budget", o->budget, "above 0, to 1000");
    if (q->rounds > 1000000)
        return out_of_range("qtable.rounds", q->rounds, "0 to 1000000");
    if (q->episodes == 0 || q->episodes > 65536)
        return out_of_range("qtable.episodes", q->episodes, "1 to 65536");
    if (q->repeats == 0 || q->episodes % q->repeats != 0)
        return out_of_range("qtable.repeats", q->repeats, "a divisor of qtable.episodes");
    if (q->forks < 0 || q->forks > 1)
        return out_of_range("qtable.forks", q->forks, "0 or 1");
    if (q->forks && q->repeats > PAB__EPISODE_FORKS_MAX)
        return out_of_range("qtable.repeats", q->repeats, "at most 64 with forks");
    if (q->validation > 65536)
        return out_of_range("qtable.validation", q->validation, "0 to 65536");
    if (q->interval == 0 || q->patience == 0)
        return out_of_range(q->interval == 0 ? "qtable.interval" : "qtable.patience", 0, "1 or more");
    if (q->baseline < 0 || q->baseline > 1)
        return out_of_range("qtable.baseline", q->baseline, "0 or 1");
    if (!(q->trace >= 0 && q->trace <= 1))
        return out_of_range("qtable.trace", q->trace, "0 to 1");
    if (!(q->prior_visits >= 0 && q->prior_visits <= 1e6))
        return out_of_range("qtable.prior_visits", q->prior_visits, "0 to 1e6");
    return PAB_OK;
}

/* `budget` times a default, at least `least`. */
static uint32_t scaled(double budget, uint32_t usual, uint32_t least)
{
    double n = nearbyint(budget * usual);
    return n < least ? least : (uint32_t)n;
}

pab_status pab__learn_options_take(const pab_learn_options *given, pab_learn_options *out, pab_qtable_options *qtable)
{
    pab_status status = pab_learn_options_init(out, sizeof *out);
    if (status == PAB_OK && given)
        status = pab__record_in(out, sizeof *out, given, LEAST_LEARN, "options");
    if (status == PAB_OK)
        status = pab_qtable_options_init(qtable, sizeof *qtable);
    if (status == PAB_OK && out->qtable)
        status = pab__record_in(qtable, sizeof *qtable, out->qtable, LEAST_QTABLE, "options.qtable");
    if (status == PAB_OK)
        status = pab__progress_check(out->progress, "options.progress");
    if (status == PAB_OK)
        status = check(out, qtable);
    if (status != PAB_OK)
        return status;
    if (qtable->rounds == 0)
        qtable->rounds = scaled(out->budget, ROUNDS, 2);
    if (qtable->validation == 0)
        qtable->validation = scaled(out->budget, VALIDATION, 4);
    return PAB_OK;
}
