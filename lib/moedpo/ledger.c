/* Learning curves and checkpoints. */
#include "moedpo/ledger.h"

#include <stdio.h>
#include <string.h>

#include "base/checkpoint.h"

enum { NUMBER = 26 }; /* bytes of a written number with its comma */

double *pab__ledger_add(pab__ledger_rows *rows)
{
    if (rows->count < PAB__LEDGER_ROWS)
        rows->count++;
    double *row = rows->value[rows->count - 1];
    memset(row, 0, sizeof rows->value[0]);
    return row;
}

pab_status pab__ledger_write(const pab_host *host, const char *path, const char *head, const pab__ledger_rows *rows)
{
    if (!path)
        return PAB_OK;
    size_t columns = 1;
    for (const char *at = head; *at != '\0'; at++)
        columns += *at == ',';
    size_t cap = strlen(head) + 2 + (size_t)rows->count * columns * NUMBER;
    char *text = pab__alloc(host, cap);
    if (!text)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", cap, path);
    size_t len = (size_t)snprintf(text, cap, "%s\n", head);
    for (uint64_t r = 0; r < rows->count; r++)
        for (size_t c = 0; c < columns; c++)
            len += (size_t)snprintf(text + len, cap - len, "%.10g%c", rows->value[r][c], c + 1 < columns ? ',' : '\n');
    pab_status status = pab__file_write(path, text, len);
    pab__release(host, text, cap);
    return status;
}

pab_status pab__checkpoint_write(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
                                 const void *state, size_t size)
{
    if (!path)
        return PAB_OK;
    pab__bytes out = pab__checkpoint_begin(host, run);
    pab__bytes_put(&out, state, size);
    return pab__checkpoint_save(&out, kind, path);
}

pab_status pab__checkpoint_read(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t run,
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
