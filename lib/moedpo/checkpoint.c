/* Checkpoints: a frame around the run's number and the state. */
#include "moedpo/checkpoint.h"

#include <string.h>
#include <unistd.h>

pab_status pab__moe_checkpoint_write(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                     const void *state, size_t size)
{
    if (!path)
        return PAB_OK;
    size_t cap = size + sizeof run + PAB__FRAME_SIZE;
    unsigned char *buf = pab__alloc(host, cap);
    if (!buf)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", cap, path);
    memcpy(buf + PAB__FRAME_SIZE - 8, &run, sizeof run);
    memcpy(buf + PAB__FRAME_SIZE - 8 + sizeof run, state, size);
    pab__frame_seal(kind, buf, size + sizeof run);
    pab_status status = pab__file_write(path, buf, cap);
    pab__release(host, buf, cap);
    return status;
}

static pab_status open_frame(const pab__file_kind *kind, const char *path, const void *data, size_t len, uint64_t run,
                             void *state, size_t size)
{
    const void *payload;
    size_t payload_len;
    uint64_t of;
    pab_status status = pab__frame_open(kind, data, len, path, &payload, &payload_len);
    if (status != PAB_OK)
        return status;
    if (payload_len != size + sizeof of)
        return pab__fail(PAB_E_CORRUPT, "%s: %s of %zu bytes; expected %zu", path, kind->what, payload_len,
                         size + sizeof of);
    memcpy(&of, payload, sizeof of);
    if (of != run)
        return pab__fail(PAB_E_KIND, "%s: belongs to a run with other inputs or options; expected %s of this run", path,
                         kind->what);
    memcpy(state, (const unsigned char *)payload + sizeof of, size);
    return PAB_OK;
}

pab_status pab__moe_checkpoint_read(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                    void *state, size_t size, int32_t *found)
{
    void *data;
    size_t len;
    *found = 0;
    if (!path || access(path, F_OK) != 0)
        return PAB_OK;
    pab_status status = pab__file_read(host, path, size + sizeof run + PAB__FRAME_SIZE, &data, &len);
    if (status != PAB_OK)
        return status;
    status = open_frame(kind, path, data, len, run, state, size);
    pab__release(host, data, len + 1);
    *found = status == PAB_OK;
    return status;
}
