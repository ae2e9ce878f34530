/* Rows, and their CSV. */
#include "moedpo/training_log.h"

#include "base/csv_write.h"

#include <string.h>

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
    pab__text text = pab__text_growing(host);
    pab__csv_out csv = {.out = &text};
    pab__csv_head(&csv, head);
    for (uint64_t r = 0; r < log->count; r++) {
        pab__csv_put_reals(&csv, log->value[r], columns);
        pab__csv_end_row(&csv);
    }
    return pab__text_save(&text, path);
}
