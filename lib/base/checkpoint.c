/* Checkpoints: identity first, then the state. */
#include "base/checkpoint.h"

pab__bytes pab__checkpoint_begin(const pab_host *host, uint64_t identity)
{
    pab__bytes out = {.host = host};
    pab__bytes_frame(&out);
    pab__bytes_put_u64(&out, identity);
    return out;
}

pab_status pab__checkpoint_save(pab__bytes *out, const pab__file_kind *kind, const char *path)
{
    pab_status status = path ? pab__bytes_save(out, kind, path) : PAB_OK;
    pab__bytes_free(out);
    return status;
}

pab_status pab__checkpoint_open(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t identity,
                                pab__bytes *in, int *found)
{
    *found = 0;
    if (!path || !pab__file_exists(path))
        return PAB_OK;
    pab_status status = pab__bytes_load(host, kind, path, in);
    if (status != PAB_OK)
        return status;
    if (pab__bytes_get_u64(in) != identity) {
        pab__bytes_free(in);
        return pab__fail(PAB_E_KIND, "%s: belongs to a run with other inputs or options; expected %s of this run",
                         path, kind->what);
    }
    *found = 1;
    return PAB_OK;
}

pab_status pab__checkpoint_close(pab__bytes *in, pab_status status, int sound, const pab__file_kind *kind,
                                 const char *path)
{
    if (status == PAB_OK && (!sound || !pab__bytes_ended(in)))
        status = pab__fail(PAB_E_CORRUPT, "%s: %s with an impossible number in it", path, kind->what);
    pab__bytes_free(in);
    return status;
}
