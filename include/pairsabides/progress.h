/**
 * @file progress.h
 * @brief Progress of a long call, and its cancellation.
 */
#ifndef PAIRSABIDES_PROGRESS_H
#define PAIRSABIDES_PROGRESS_H

#include <pairsabides/status.h>

PAB_BEGIN_DECLS

/** A caller's progress hook. Called from the thread that made the long call, at most once per unit of work. */
typedef struct pab_progress {
    uint32_t struct_size; /**< sizeof(pab_progress) as the caller knows it */
    uint32_t reserved;    /**< 0 */
    void *user;           /**< first argument of the callback */
    /**
     * `done` of `total` units of `stage` are done. A non-zero return cancels: the call returns PAB_E_CANCELLED and
     * nothing is changed except checkpoints already written.
     */
    int32_t (*report)(void *user, const char *stage, uint64_t done, uint64_t total);
} pab_progress;

PAB_END_DECLS

#endif
