/* The last stage: tables, an episode to look at, the report. */
#include "pipeline/run.h"

enum { FILES = 24 };

static uint32_t list(const char *const *files, const char **out, uint32_t n)
{
    for (; *files; files++)
        out[n++] = *files;
    return n;
}

pab_status pab__run_report(pab__run *run)
{
    const char *files[FILES] = {NULL};
    pab__findings found;
    int32_t done;
    uint32_t n = list(pab__run_tables_files, files, 0);
    n = list(pab__run_trace_files, files, n);
    list(pab__run_page_files, files, n);
    pab_status status = pab__run_judge(run, &found);
    if (status == PAB_OK)
        status = pab__stage_begin(run, "report", 0, files, &done);
    if (status != PAB_OK || done)
        return status;
    status = pab__run_tables(run, &found);
    if (status == PAB_OK)
        status = pab__run_trace(run);
    if (status == PAB_OK)
        status = pab__run_page(run, &found);
    return status == PAB_OK ? pab__stage_end(run, files, NULL) : status;
}
