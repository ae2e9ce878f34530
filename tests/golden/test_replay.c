/* The recorded runs again, without the recordings: scenarios in YAML, and checksums of every recorded file. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "files.h"
#include "replay.h"

typedef struct replayed {
    const char *run;
    gzFile wanted; /* its totals, then a line per file */
    golden_sum sums[GOLDEN_FILES];
} replayed;

static void expect(replayed *r, const char *line)
{
    char buf[GOLDEN_LINE];
    const char *wanted = golden_line(r->wanted, buf, sizeof buf);
    if (!wanted || strcmp(wanted, line) != 0)
        fail_msg("%s.sum:\n  wanted %s\n  got    %s\n  docs/hacking.md, 'When a replay differs', says how to find the "
                 "first difference", r->run, wanted ? wanted : "the end", line);
}

static void take(void *user, int file, const char *line)
{
    replayed *r = user;
    if (file == GOLDEN_TOTALS)
        expect(r, line);
    else
        golden_add(&r->sums[file], line);
}

static pab_scenario *load(const char *run)
{
    char path[GOLDEN_PATH], text[512];
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    snprintf(path, sizeof path, "%s/%s.yaml", GOLDEN_DIR, run);
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_load(cfg, path) != PAB_OK ||
        pab_scenario_new(cfg, &scn) != PAB_OK) {
        pab_last_error(text, sizeof text);
        fail_msg("%s", text);
    }
    pab_config_free(cfg);
    return scn;
}

static void checksums_match(void **state)
{
    replayed r = {.run = *state};
    char path[GOLDEN_PATH], line[GOLDEN_LINE];
    snprintf(path, sizeof path, "%s/%s.sum", GOLDEN_DIR, r.run);
    r.wanted = gzopen(path, "rb");
    assert_non_null(r.wanted);
    pab_scenario *scn = load(r.run);
    assert_int_equal(golden_replay(scn, take, &r), PAB_OK);
    pab_scenario_free(scn);
    for (int i = 0; i < GOLDEN_TOTALS; i++) {
        snprintf(line, sizeof line, "%s %" PRIu64 " %08" PRIx32, golden_names[i], r.sums[i].lines, r.sums[i].crc);
        expect(&r, line);
    }
    assert_null(golden_line(r.wanted, line, sizeof line));
    gzclose(r.wanted);
}

int main(void)
{
    static struct CMUnitTest tests[GOLDEN_NAMES];
    char *runs[GOLDEN_NAMES];
    int count = golden_list(GOLDEN_DIR, ".sum", runs);
    for (int i = 0; i < count; i++) {
        runs[i][strlen(runs[i]) - 4] = 0;
        tests[i] = (struct CMUnitTest){runs[i], checksums_match, NULL, NULL, runs[i]};
    }
    int failed = count > 0 ? _cmocka_run_group_tests("replay", tests, (size_t)count, NULL, NULL) : 1;
    for (int i = 0; i < count; i++)
        free(runs[i]);
    return failed;
}
