/**
 * @file progress.h
 * @brief How a long call tells how far it is, and is told to stop.
 */
#ifndef PAIRSABIDES_PROGRESS_H
#define PAIRSABIDES_PROGRESS_H

#include <pairsabides/status.h>

PAB_BEGIN_DECLS

/** A caller's progress hook. Called from the thread that made the long call, after each unit of work at most. */
typedef struct pab_progress {
    uint32_t struct_size; /**< sizeof(pab_progress) as the caller knows it */
    uint32_t reserved;    /**< 0 */
    void *user;           /**< first argument of the callback */
    /**
     * `done` of `total` units of `stage` are done. A non-zero return cancels: the call returns PAB_E_CANCELLED and
     * everything is as if it had not been made, but for checkpoints already written.
     */
    int32_t (*report)(void *user, const char *stage, uint64_t done, uint64_t total);
} pab_progress;

PAB_END_DECLS

#endif
