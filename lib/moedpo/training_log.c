/* Rows, and their CSV. */
#include "moedpo/training_log.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER = 26 }; /* bytes of a written number with its comma */

double *pab__training_log_add(pab__training_log *log)
{
    if (log->count < PAB__TRAINING_LOG_ROWS)
        log->count++;
    double *row = log->value[log->count - 1];
    memset(row, 0, sizeof log->value[0]);
    return row;
}

pab_status pab__training_log_write(const pab_host *host, const char *path, const char *head,
                                   const pab__training_log *log)
{
    if (!path)
        return PAB_OK;
    size_t columns = 1;
    for (const char *at = head; *at != '\0'; at++)
        columns += *at == ',';
    size_t cap = strlen(head) + 2 + (size_t)log->count * columns * NUMBER;
    char *text = pab__alloc(host, cap);
    if (!text)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", cap, path);
    size_t len = (size_t)snprintf(text, cap, "%s\n", head);
    for (uint64_t r = 0; r < log->count; r++)
        for (size_t c = 0; c < columns; c++)
            len += (size_t)snprintf(text + len, cap - len, "%.10g%c", log->value[r][c], c + 1 < columns ? ',' : '\n');
    pab_status status = pab__file_write(path, text, len);
    pab__release(host, text, cap);
    return status;
}
