/* Small files for readers, and where the recorded data lies. */
#ifndef TEST_STAGE0_FILES_H
#define TEST_STAGE0_FILES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pairsabides/pairsabides.h>

#include "../status.h"

#define SECOND INT64_C(1000000000)

/* Path of a file in this process's own directory, which is made at first. */
static inline const char *scratch(const char *name)
{
    static char dir[64], path[2][256];
    static int next;
    if (!dir[0]) {
        snprintf(dir, sizeof dir, "/tmp/pab_stage0_XXXXXX");
        assert_non_null(mkdtemp(dir));
    }
    next = !next;
    snprintf(path[next], sizeof path[next], "%s/%s", dir, name);
    return path[next];
}

static inline const char *written(const char *name, const char *text)
{
    const char *path = scratch(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline const char *data_path(const char *name)
{
    static char path[1024];
    const char *shared = getenv("PAB_SHARED");
    snprintf(path, sizeof path, "%s/data/%s", shared ? shared : PAB_SHARED_DIR, name);
    return path;
}

/* Skips the test where there is no recorded data. */
static inline void need_data(void)
{
    if (access(data_path("facts.csv"), R_OK) != 0) {
        print_message("no recorded data in %s (set PAB_SHARED)\n", data_path(""));
        skip();
    }
}

static inline void assert_error_has(const char *part)
{
    char error[1024];
    pab_last_error(error, sizeof error);
    if (!strstr(error, part))
        fail_msg("got \"%s\", expected \"%s\" in it", error, part);
}

static inline pab_tape *tape_of(const char *path, const pab_read_options *options)
{
    pab_tape *tape = NULL;
    must(pab_tape_new(NULL, &tape));
    must(pab_tape_read(tape, path, options));
    return tape;
}

static inline pab_tape_info info_of(const pab_tape *tape)
{
    pab_tape_info info = {.struct_size = sizeof info};
    must(pab_tape_describe(tape, &info));
    return info;
}

static inline pab_read_options options_of(int64_t from_s, int64_t to_s, const char *instrument)
{
    pab_read_options o;
    must(pab_read_options_init(&o, sizeof o));
    o.from = from_s * SECOND;
    o.to = to_s * SECOND;
    o.instrument = instrument;
    return o;
}

/* Quotes and trades of a stock on a recorded day, such as 20131008; it needs need_data(). */
static inline pab_tape *recorded_stock(const char *name, const char *day)
{
    char file[128];
    pab_read_options o = options_of(34200, 57600, NULL);
    snprintf(file, sizeof file, "equity_ticks/%s_%s_nbbo.csv.gz", name, day);
    pab_tape *tape = tape_of(data_path(file), &o);
    snprintf(file, sizeof file, "equity_ticks/%s_%s_trades.csv.gz", name, day);
    must(pab_tape_read(tape, data_path(file), &o));
    return tape;
}

/* The same with the whole session as its window. */
static inline pab_tape *recorded_session(const char *name, const char *day)
{
    pab_tape *tape = recorded_stock(name, day);
    must(pab_tape_set_window(tape, 34200 * SECOND, 57600 * SECOND));
    return tape;
}

#endif
