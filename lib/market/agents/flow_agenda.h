/* What a flow agent has still to do at set times: a small heap in its state. */
#ifndef PAB_MARKET_AGENTS_FLOW_AGENDA_H
#define PAB_MARKET_AGENTS_FLOW_AGENDA_H

#include <stdint.h>

enum {
    PAB__TASK_CANCEL,  /* takes a short-lived order out */
    PAB__TASK_CLUSTER, /* further orders of a cluster of trades */
    PAB__TASK_SWEEP,   /* the next stage of a falling touch */
    PAB__TASK_ANSWER,  /* somebody closes an open spread */
    PAB__TASK_REFILL,  /* further orders at a new touch */
    PAB__TASK_FLICK,   /* a move is undone */
    PAB__TASK_KINDS
};

typedef struct pab__task {
    int64_t time;  /* ns */
    int64_t price; /* ticks */
    int64_t left;  /* orders or shares to go; order id of a cancel */
    uint8_t kind, side, mark, reserved[5]; /* `mark`: whose meaning depends on the kind */
} pab__task;

/* Many cancels may wait, and clusters may come close together; there must always be room for the others. */
enum { PAB__AGENDA_SIZE = 64, PAB__AGENDA_CANCELS = 32, PAB__AGENDA_CLUSTERS = 48 };

typedef struct pab__agenda {
    uint32_t count, reserved;
    pab__task task[PAB__AGENDA_SIZE];
} pab__agenda;

/* 0: it was full. */
int pab__agenda_push(pab__agenda *a, const pab__task *task);
/* Takes the first task; there must be one. */
pab__task pab__agenda_pop(pab__agenda *a);

static inline int64_t pab__agenda_next(const pab__agenda *a)
{
    return a->count > 0 ? a->task[0].time : INT64_MAX;
}

#endif
