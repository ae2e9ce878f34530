/* The inside of a pab_vecenv: its environments, the state of each one's episode, and the buffers of the caller.
 *
 * vecenv.c makes it and binds buffers, vecenv_step.c resets and steps. Each environment belongs to one thread for good
 * and runs to its decision before the next of the same thread, so its market stays in that thread's cache. */
#ifndef PAB_ENV_VECENV_H
#define PAB_ENV_VECENV_H

#include <pairsabides/vecenv.h>

#include "base/host.h"
#include "base/threads.h"

enum { PAB__VECENV_ERROR_TEXT = 600 };

/* Where an environment's episode is. */
enum { PAB__VECENV_NEW, PAB__VECENV_RUNNING, PAB__VECENV_OVER, PAB__VECENV_FAILED };

typedef struct pab__vecenv_slot {
    pab_env *env;
    uint64_t seed;
    int32_t state;     /* PAB__VECENV_... */
    pab_status status; /* of the last call; set where it failed */
    char error[PAB__VECENV_ERROR_TEXT];
} pab__vecenv_slot;

struct pab_vecenv {
    pab_host host;
    pab_vecenv_options options;
    pab__threads *threads;
    pab_vecenv_buffers buffers;
    uint32_t result_size, metrics_size; /* struct_size of the rows there */
    pab__vecenv_slot *slots; /* [options.count] */
};

/* Row i of records as large as the caller knows them. */
static inline void *pab__vecenv_row(void *rows, uint32_t size, uint32_t i)
{
    return (unsigned char *)rows + (size_t)i * size;
}

#endif
