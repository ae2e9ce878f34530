/* A binary heap of tasks by time. Slots past the end are zero, so that equal histories have equal bytes. */
#include "market/agents/flow_agenda.h"

int pab__agenda_push(pab__agenda *a, const pab__task *task)
{
    if (a->count >= PAB__AGENDA_SIZE)
        return 0;
    uint32_t at = a->count++;
    while (at > 0 && a->task[(at - 1) / 2].time > task->time) {
        a->task[at] = a->task[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    a->task[at] = *task;
    return 1;
}

pab__task pab__agenda_pop(pab__agenda *a)
{
    pab__task first = a->task[0], last = a->task[--a->count];
    uint32_t at = 0, child;
    a->task[a->count] = (pab__task){0};
    while ((child = 2 * at + 1) < a->count) {
        if (child + 1 < a->count && a->task[child + 1].time < a->task[child].time)
            child++;
        if (a->task[child].time >= last.time)
            break;
        a->task[at] = a->task[child];
        at = child;
    }
    if (a->count > 0)
        a->task[at] = last;
    return first;
}
