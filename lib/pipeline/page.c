/* report.json: what was run, what was found, and every table of the run. report.html: the same in a page that draws
 * it, self-contained. */
#include "pipeline/run.h"

#include <pairsabides/version.h>

#include "scenario/scenario.h"
#include "pipeline/page.h"
#include "pipeline/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const pab__run_page_files[] = {"report.json", "report.html", NULL};

static const char place[] = "{/* report.json */}";

/* --- Tables: CSV without quotes, as this library writes it --- */

static void put_cell(pab__text *t, const char *cell, size_t len)
{
    char text[PAB__RUN_TEXT], *end;
    snprintf(text, sizeof text, "%.*s", (int)len, cell);
    double x = strtod(text, &end);
    if (len == 0)
        pab__text_put(t, "null");
    else if (*end == '\0' && isfinite(x))
        pab__json_real(t, x);
    else
        pab__json_text(t, text);
}

static const char *put_line(pab__text *t, const char *at)
{
    pab__text_put(t, "[");
    for (;;) {
        size_t len = strcspn(at, ",\n");
        put_cell(t, at, len);
        at += len;
        if (*at != ',')
            break;
        pab__text_put(t, ",");
        at++;
    }
    pab__text_put(t, "]");
    return at + (*at == '\n');
}

static pab_status put_table(const pab__run *run, pab__text *t, const char *file)
{
    char path[PAB__RUN_DIR_PATH];
    void *data;
    size_t len;
    pab_status status = pab__file_read(&run->host, pab__run_dir_path(&run->dir, file, path), SIZE_MAX / 2, &data,
                                       &len);
    if (status != PAB_OK)
        return status;
    pab__text_say(t, "    \"%.*s\": {\"columns\": ", (int)(strlen(file) - 4), file);
    const char *at = put_line(t, data);
    pab__text_put(t, ", \"rows\": [");
    for (const char *before = ""; *at != '\0'; before = ",") {
        pab__text_say(t, "%s\n      ", before);
        at = put_line(t, at);
    }
    pab__text_put(t, "]}");
    pab__release(&run->host, data, len + 1);
    return PAB_OK;
}

/* All tables but the longest, which is kept for those who compute. */
static pab_status put_tables(const pab__run *run, pab__text *t)
{
    static const char *const unlisted[] = {"summary.csv", "contrasts.csv", "increments.csv", "gate.csv", "costs.csv",
                                           "trace.csv", "fills.csv", "restated.csv"};
    const char *before = "";
    pab_status status = PAB_OK;
    pab__text_put(t, "  \"tables\": {\n");
    for (uint32_t i = 0; status == PAB_OK && i < run->dir.count; i++) {
        const char *name = run->dir.name[i];
        int32_t wanted = strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".csv") == 0;
        for (size_t k = 0; k < sizeof unlisted / sizeof *unlisted; k++)
            wanted &= strcmp(name, unlisted[k]) != 0;
        if (!wanted || strcmp(name, "episodes.csv") == 0)
            continue;
        pab__text_put(t, before);
        status = put_table(run, t, name);
        before = ",\n";
    }
    for (size_t k = 0; status == PAB_OK && k < sizeof unlisted / sizeof *unlisted; k++) {
        pab__text_put(t, before);
        status = put_table(run, t, unlisted[k]);
        before = ",\n";
    }
    pab__text_put(t, "\n  }\n");
    return status;
}

/* --- The report --- */

static void put_head(const pab__run *run, pab__text *t)
{
    static const char *const splits[] = {"", "train", "validation", "test"};
    const pab_pipeline_options *o = &run->options;
    pab__text_say(t, "  \"format\": 1,\n  \"library\": \"%s\",\n  \"scenario\": {\"name\": ", pab_version());
    pab__json_text(t, run->artefacts->scn->name);
    pab__text_say(t, ", \"fingerprint\": \"%016llx\"},\n", (unsigned long long)run->artefacts->scn->fingerprint);
    pab__text_say(t, "  \"run\": {\"seed\": %llu, \"budget\": %.10g, \"eta\": %.10g, \"tracking\": %.10g, "
                  "\"price\": %.10g, \"rounds\": %u, ",
                  (unsigned long long)o->master_seed, o->budget, o->eta, o->tracking, pab__run_price(run),
                  o->rounds);
    pab__text_say(t, "\"split\": \"%s\", \"episodes\": %u, \"skip\": %u, \"resamples\": %u},\n", splits[o->split],
                  o->episodes, o->skip, o->resamples);
    pab__text_say(t, "  \"shipped\": \"%s\",\n  \"rounds\": %u,\n  \"accepted\": %u,\n",
                  pab__shipped_names[run->result.shipped], run->result.rounds, run->result.accepted);
}

static pab_status write_json(const pab__run *run, const pab__findings *found, pab__text *t)
{
    pab__text_put(t, "{\n");
    put_head(run, t);
    pab__text_put(t, "  \"criteria\": [");
    for (int i = 0; i < PAB__CRITERIA; i++) {
        pab__text_say(t, "%s\n    {\"met\": %s, \"text\": ", i > 0 ? "," : "",
                      found->criterion[i].met ? "true" : "false");
        pab__json_text(t, found->criterion[i].text);
        pab__text_put(t, "}");
    }
    pab__text_put(t, "],\n");
    pab_status status = put_tables(run, t);
    pab__text_put(t, "}\n");
    return status;
}

static pab_status write_page(const pab__run *run, const pab__text *json, const char *path)
{
    const char *const page = (const char *)pab__page, *hole = strstr(page, place);
    pab__text t = {.host = &run->host};
    if (!hole)
        return pab__fail(PAB_E_CORRUPT, "the page has no place for the report");
    pab__text_put_bytes(&t, page, (size_t)(hole - page));
    pab__text_put_bytes(&t, json->at, json->len);
    pab__text_put(&t, hole + sizeof place - 1);
    return pab__text_save(&t, path);
}

pab_status pab__run_page(pab__run *run, const pab__findings *found)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text json = {.host = &run->host};
    pab_status status = write_json(run, found, &json);
    if (status == PAB_OK && json.bad)
        status = pab__fail(PAB_E_MEMORY, "no memory for the report");
    if (status == PAB_OK)
        status = write_page(run, &json, pab__run_dir_path(&run->dir, pab__run_page_files[1], path));
    if (status == PAB_OK)
        return pab__text_save(&json, pab__run_dir_path(&run->dir, pab__run_page_files[0], path));
    pab__text_free(&json);
    return status;
}
