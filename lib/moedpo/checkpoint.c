/* States as one piece of a base checkpoint. */
#include "moedpo/checkpoint.h"

pab_status pab__moe_checkpoint_write(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                     const void *state, size_t size)
{
    if (!path)
        return PAB_OK;
    pab__bytes out = pab__checkpoint_begin(host, run);
    pab__bytes_put(&out, state, size);
    return pab__checkpoint_save(&out, kind, path);
}

pab_status pab__moe_checkpoint_read(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                    void *state, size_t size, int32_t *found)
{
    pab__bytes in;
    pab_status status = pab__checkpoint_open(host, kind, path, run, &in, found);
    if (status != PAB_OK || !*found)
        return status;
    if (pab__bytes_left(&in) == size)
        pab__bytes_get(&in, state, size);
    status = pab__checkpoint_close(&in, PAB_OK, 1, kind, path);
    *found = status == PAB_OK;
    return status;
}
