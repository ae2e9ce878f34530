#define _XOPEN_SOURCE 700 /* realpath */

#include "report.h"

#include "../cli.h"
#include "page.h"
#include "result.h"
#include "trace.h"

#include <stdlib.h>

int report_make(const char *dir, unsigned threads)
{
    finished f;
    criteria *c = malloc(sizeof *c);
    int code = c ? finished_open(&f, dir) : cli_fail("no memory for a report");
    if (!c)
        return code;
    if (code == CLI_OK && criteria_judge(&f, threads, c) != PAB_OK)
        code = cli_fail_library(NULL);
    if (code == CLI_OK)
        code = result_write(&f, c);
    if (code == CLI_OK)
        code = trace_episodes(&f);
    if (code == CLI_OK)
        code = page_write(&f, c);
    finished_close(&f);
    free(c);
    return code;
}

void report_point_out(const char *dir)
{
    char path[FINISHED_PATH];
    snprintf(path, sizeof path, "%s/report.html", dir);
    char *whole = realpath(path, NULL);
    printf("report: %s\n", whole ? whole : path);
    free(whole);
}
