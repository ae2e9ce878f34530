/* Benchmark schedules: how many shares are due by when, traded by one of two tactics. */
#ifndef PAB_EXPERTS_SCHEDULE_H
#define PAB_EXPERTS_SCHEDULE_H

#include "experts/kind.h"

enum { PAB__TACTIC_TAKE = 0, PAB__TACTIC_WORK = 1 };

/* First option of every schedule. */
enum { PAB__FINISH = 0 };
#define PAB__FINISH_ROW \
    [PAB__FINISH] = {"finish", "decisions", "So many last decisions pay for being done in time", 2, 0, 1e6}

/* Shares of the parent due by this decision and by the next. */
typedef struct pab__schedule_due {
    double now, next;
} pab__schedule_due;

typedef struct pab__schedule {
    const char *title; /* "TWAP" */
    void (*due)(const pab__policy_params *params, void *state, const pab__context *context,
                pab__schedule_due due[PAB_ENV_LEGS]);
} pab__schedule;

/* `decide` of all schedules (kind.h); `detail` is the schedule. */
void pab__schedule_decide(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                          pab__text *why);

#endif
