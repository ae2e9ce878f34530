/* Rows of an evaluation in a file: an evaluation that was interrupted resumes from it. */
#include "eval/table.h"

#include "base/file.h"

#include <string.h>

static const pab__file_kind eval_kind = {{'E', 'V', 'A', 'L'}, 1, "rows of an evaluation"};

static size_t rows_size(const pab_eval *e)
{
    return (size_t)e->policies * e->strata * e->options.episodes * sizeof *e->rows;
}

pab_status pab_eval_save(const pab_eval *e, const char *path)
{
    if (!e || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !e ? "eval" : "path");
    const size_t size = rows_size(e), cap = size + PAB__FRAME_SIZE;
    unsigned char *buf = pab__alloc(&e->host, cap);
    if (!buf)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", cap, path);
    memcpy(buf + PAB__FRAME_SIZE - 8, e->rows, size);
    pab__frame_seal(&eval_kind, buf, size);
    pab_status status = pab__file_write(path, buf, cap);
    pab__release(&e->host, buf, cap);
    return status;
}

pab_status pab_eval_load(pab_eval *e, const char *path)
{
    void *data;
    size_t len, payload_len;
    const void *payload;
    if (!e || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !e ? "eval" : "path");
    pab_status status = pab__file_read(&e->host, path, rows_size(e) + PAB__FRAME_SIZE, &data, &len);
    if (status != PAB_OK)
        return status;
    status = pab__frame_open(&eval_kind, data, len, path, &payload, &payload_len);
    if (status == PAB_OK && payload_len != rows_size(e))
        status = pab__fail(PAB_E_KIND, "'%s' has %zu bytes of rows; expected %zu: another number of policies, regimes "
                           "or episodes", path, payload_len, rows_size(e));
    if (status == PAB_OK)
        memcpy(e->rows, payload, payload_len);
    pab__release(&e->host, data, len + 1);
    return status;
}
