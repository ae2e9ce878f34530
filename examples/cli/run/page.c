#include "page.h"

#include "../cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char place[] = "{/* data */}";

/* --- JSON text --- */

/* "<" is escaped too: the text stands inside a script of the page. */
static void put_char(FILE *out, int c)
{
    if (c < 0x20 || c == '"' || c == '\\' || c == '<')
        fprintf(out, "\\u%04x", (unsigned)c);
    else
        putc(c, out);
}

static void put_text(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text; text++)
        put_char(out, (unsigned char)*text);
    putc('"', out);
}

/* Copies a file of the run, as it is or as the inside of a text. */
static int put_file(const finished *f, FILE *out, const char *name, int as_text)
{
    char path[FINISHED_PATH];
    FILE *in = fopen(finished_path(f, name, path), "r");
    if (!in)
        return cli_fail("cannot read '%s': %s", path, strerror(errno));
    for (int c = getc(in); c != EOF; c = getc(in)) {
        if (as_text)
            put_char(out, c);
        else
            putc(c, out);
    }
    const int failed = ferror(in);
    fclose(in);
    return failed ? cli_fail("cannot read '%s'", path) : CLI_OK;
}

/* --- The data --- */

/* Tables of the run, but for every episode, which is long, and seconds, which differ between runs. */
static int is_table(const struct dirent *e)
{
    const size_t len = strlen(e->d_name);
    return len > 4 && strcmp(e->d_name + len - 4, ".csv") == 0 && strcmp(e->d_name, "episodes.csv") != 0 &&
           strcmp(e->d_name, "stage_times.csv") != 0 && strcmp(e->d_name, "criteria.csv") != 0;
}

static int put_tables(const finished *f, FILE *out)
{
    struct dirent **entry = NULL;
    const int count = scandir(f->dir, &entry, is_table, alphasort);
    int code = count < 0 ? cli_fail("cannot list '%s': %s", f->dir, strerror(errno)) : CLI_OK;
    fprintf(out, "\"tables\": {");
    for (int i = 0; i < count; i++) {
        const char *name = entry[i]->d_name;
        if (code == CLI_OK) {
            fprintf(out, "%s\n\"%.*s\": \"", i > 0 ? "," : "", (int)strlen(name) - 4, name);
            code = put_file(f, out, name, 1);
            putc('"', out);
        }
        free(entry[i]);
    }
    free(entry);
    fprintf(out, "}");
    return code;
}

static int put_data(const finished *f, const criteria *c, FILE *out)
{
    fprintf(out, "{\"report\": ");
    int code = put_file(f, out, "report.json", 0);
    fprintf(out, ", \"shipped\": ");
    put_text(out, finished_shipped(f->info.shipped));
    fprintf(out, ", \"criteria\": [");
    for (int k = 0; k < CRITERIA_COUNT; k++) {
        fprintf(out, "%s{\"met\": %s, \"text\": ", k > 0 ? ", " : "", c->each[k].met ? "true" : "false");
        put_text(out, c->each[k].text);
        fprintf(out, "}");
    }
    fprintf(out, "],\n");
    if (code == CLI_OK)
        code = put_tables(f, out);
    fprintf(out, "}");
    return code;
}

int page_write(const finished *f, const criteria *c)
{
    static const char name[] = "report.html";
    const char *const page = (const char *)page_html, *const hole = strstr(page, place);
    if (!hole)
        return cli_fail("the page has no place for the report");
    FILE *out = finished_create(f, name);
    if (!out)
        return CLI_FAILED;
    fwrite(page, 1, (size_t)(hole - page), out);
    int code = put_data(f, c, out);
    fputs(hole + sizeof place - 1, out);
    const int saved = finished_saved(f, name, out);
    return code == CLI_OK ? saved : code;
}
