#include "stages.h"

#include "cli.h"

#include <stdio.h>

int32_t stages_report(void *user, const pab_pipeline_step *step)
{
    stages_bar *b = user;
    char name[96];
    if (b->stage != step->stage + 1) {
        b->stage = step->stage + 1;
        b->bar = (progress_bar){0};
    }
    snprintf(name, sizeof name, "%3d%% of all, %s", (int)(100 * step->overall), step->name);
    return progress_report(&b->bar, name, step->done, step->total);
}

static int print_text(const char *dir, const char *name, int first)
{
    char path[4096], line[1024];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return cli_fail("cannot read '%s'", path);
    while (fgets(line, sizeof line, file) && !(first && line[0] == '\n'))
        fputs(line, stdout);
    fclose(file);
    return CLI_OK;
}

int stages_print(const char *dir, const char *name)
{
    return print_text(dir, name, 0);
}

int stages_print_first(const char *dir, const char *name)
{
    return print_text(dir, name, 1);
}
