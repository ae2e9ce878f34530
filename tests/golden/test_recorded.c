/* Every recorded ABIDES run is replayed row by row: messages, book, quotes, fundamental, agents, totals. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "files.h"
#include "scenario/scenario.h"
#include "replay.h"

typedef struct recording {
    const char *run;
    gzFile files[GOLDEN_FILES];
    char line[GOLDEN_LINE];
    char header[GOLDEN_FILES][GOLDEN_LINE];
    uint64_t rows[GOLDEN_FILES];
    char *totals; /* summary.json as lines, one after the other */
    size_t totals_len, totals_at;
} recording;

static const char *market_dir(void)
{
    static char path[GOLDEN_PATH];
    const char *shared = getenv("PAB_SHARED");
    snprintf(path, sizeof path, "%s/golden/market", shared ? shared : PAB_SHARED_DIR);
    return path;
}

static void say_error(const char *what)
{
    char text[512];
    pab_last_error(text, sizeof text);
    fail_msg("%s: %s", what, text);
}

static const char *next(recording *r, int file)
{
    if (file != GOLDEN_TOTALS)
        return golden_line(r->files[file], r->line, sizeof r->line);
    if (r->totals_at >= r->totals_len)
        return NULL;
    const char *line = r->totals + r->totals_at;
    r->totals_at += strlen(line) + 1;
    return line;
}

static void expect(void *user, int file, const char *line)
{
    recording *r = user;
    const char *wanted = next(r, file);
    if (r->rows[file]++ == 0)
        snprintf(r->header[file], GOLDEN_LINE, "%s", line);
    if (!wanted || strcmp(wanted, line) != 0)
        fail_msg("%s: %s line %" PRIu64 ":\n  columns %s\n  wanted %s\n  got    %s", r->run, golden_names[file],
                 r->rows[file], r->header[file], wanted ? wanted : "the end", line);
}

static void keep_total(void *user, int file, const char *line)
{
    recording *r = user;
    size_t len = strlen(line) + 1;
    (void)file;
    r->totals = realloc(r->totals, r->totals_len + len);
    assert_non_null(r->totals);
    memcpy(r->totals + r->totals_len, line, len);
    r->totals_len += len;
}

static void open_recording(recording *r)
{
    char path[GOLDEN_PATH + 64];
    for (int i = 0; i < GOLDEN_TOTALS; i++) {
        snprintf(path, sizeof path, "%s/%s/%s.gz", market_dir(), r->run, golden_names[i]);
        r->files[i] = gzopen(path, "rb");
        if (!r->files[i])
            fail_msg("%s cannot be read", path);
        gzbuffer(r->files[i], 1 << 17);
    }
    snprintf(path, sizeof path, "%s/%s/summary.json", market_dir(), r->run);
    if (golden_totals(path, keep_total, r) != PAB_OK)
        say_error(path);
}

/* All of every file has been seen. */
static void close_recording(recording *r)
{
    for (int i = 0; i < GOLDEN_FILES; i++) {
        const char *more = next(r, i);
        if (more)
            fail_msg("%s: %s has more after line %" PRIu64 " with %s", r->run, golden_names[i], r->rows[i], more);
        assert_true(r->rows[i] > 1);
        if (i != GOLDEN_TOTALS)
            gzclose(r->files[i]);
    }
    free(r->totals);
}

static pab_scenario *imported(const char *run)
{
    char path[GOLDEN_PATH + 64];
    pab_config *cfg = NULL;
    pab_scenario *scn = NULL;
    snprintf(path, sizeof path, "%s/%s/scenario.json", market_dir(), run);
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_import_abides(cfg, path) != PAB_OK ||
        pab_scenario_new(cfg, &scn) != PAB_OK)
        say_error(path);
    pab_config_free(cfg);
    return scn;
}

static void run_replays_exactly(void **state)
{
    static recording r;
    memset(&r, 0, sizeof r);
    r.run = *state;
    open_recording(&r);
    pab_scenario *scn = imported(r.run);
    if (golden_replay(scn, expect, &r) != PAB_OK)
        say_error(r.run);
    pab_scenario_free(scn);
    close_recording(&r);
}

/* The recorded draws of the global generator: the run's last word then proves that it took just these. */
static void check_draw(pab__draw *d, const pab_scenario *scn, uint32_t *shocks, const char *line)
{
    char phase[16], kind[16], value[40], hex[40] = "", got[40];
    if (sscanf(line, "%*[0-9],%15[^,],%15[^,],%39[^,],%39s", phase, kind, value, hex) < 3)
        fail_msg("cannot read the recorded draw %s", line);
    if (strcmp(kind, "randint_u32") == 0)
        snprintf(got, sizeof got, "%" PRIu32, pab__draw_word(d));
    else if (strcmp(kind, "double") == 0)
        snprintf(got, sizeof got, "%.13a", pab__draw_double(d));
    else
        snprintf(got, sizeof got, "%.13a",
                 pab__draw_exponential(d, 1.0 / scn->symbols[(*shocks)++].oracle.megashock_lambda_a));
    if (strcmp(kind, "randint_u32") != 0 && strtod(hex, NULL) == strtod(got, NULL))
        return;
    if (strcmp(kind, "randint_u32") != 0 || strcmp(got, value) != 0)
        fail_msg("global draw %s: got %s", line, got);
}

static void global_draws_replay_exactly(void **state)
{
    const char *run = *state;
    char path[GOLDEN_PATH + 64], line[GOLDEN_LINE];
    pab_scenario_info info = {.struct_size = sizeof info};
    pab_scenario *scn = imported(run);
    pab_market *m = NULL;
    pab__mt_cache *cache = NULL;
    pab_host host = {0};
    pab__rng rng;
    assert_int_equal(pab_scenario_describe(scn, &info), PAB_OK);
    pab__host_take(NULL, &host);
    assert_int_equal(pab__mt_cache_new(&host, 1, &cache), PAB_OK);
    pab__rng_seed(&rng, info.default_seed);
    pab__draw d = {&rng, cache, 0};
    uint32_t shocks = 0;
    snprintf(path, sizeof path, "%s/%s/global_draws.csv.gz", market_dir(), run);
    gzFile file = gzopen(path, "rb");
    assert_non_null(golden_line(file, line, sizeof line));
    while (golden_line(file, line, sizeof line) && !strstr(line, ",run,"))
        check_draw(&d, scn, &shocks, line);
    gzclose(file);
    assert_int_equal(pab_market_new(scn, &m), PAB_OK);
    assert_int_equal(pab_market_reset(m, info.default_seed), PAB_OK);
    assert_int_equal(pab_replay_word(m, PAB_REPLAY_GLOBAL), pab__draw_peek(&d));
    pab_market_free(m);
    pab__mt_cache_free(cache);
    pab_scenario_free(scn);
}

static void recordings_are_there(void **state)
{
    (void)state;
    print_message("no recorded runs in %s (set PAB_SHARED)\n", market_dir());
    skip();
}

int main(void)
{
    static struct CMUnitTest tests[2 * GOLDEN_NAMES];
    static char titles[2 * GOLDEN_NAMES][128];
    char *runs[GOLDEN_NAMES];
    int count = golden_list(market_dir(), "", runs), n = 0;
    for (int i = 0; i < count; i++) {
        snprintf(titles[n], sizeof titles[n], "%s_replays_exactly", runs[i]);
        tests[n] = (struct CMUnitTest){titles[n], run_replays_exactly, NULL, NULL, runs[i]};
        n++;
        snprintf(titles[n], sizeof titles[n], "%s_is_built_from_the_recorded_draws", runs[i]);
        tests[n] = (struct CMUnitTest){titles[n], global_draws_replay_exactly, NULL, NULL, runs[i]};
        n++;
    }
    if (count == 0)
        tests[n++] = (struct CMUnitTest){"recordings_are_there", recordings_are_there, NULL, NULL, NULL};
    int failed = _cmocka_run_group_tests("recorded", tests, (size_t)n, NULL, NULL);
    for (int i = 0; i < count; i++)
        free(runs[i]);
    return failed;
}
