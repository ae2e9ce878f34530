/* A tiny pair, tiny runs of it, and comparison of directories. */
#ifndef PAB_TEST_RUNS_H
#define PAB_TEST_RUNS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pairsabides/config.h>
#include <pairsabides/pipeline.h>

#include "../status.h"
#include "base/file.h"

static inline pab_config *tiny_pair(void)
{
    static const char yaml[] = "preset: pair\npair:\n  warmup: 20s\n  horizon: 20s\n";
    pab_config *cfg;
    must(pab_config_new(NULL, &cfg));
    must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "test"));
    return cfg;
}

static inline pab_pipeline_options tiny_run(void)
{
    pab_pipeline_options o;
    must(pab_pipeline_options_init(&o, sizeof o));
    o.budget = 1e-4;
    o.episodes = 2;
    o.resamples = 20;
    o.rounds = 1;
    o.losses = 1u << PAB_LOSS_MIX;
    o.rules = 1;
    o.front = 0;
    return o;
}

/* Depends on clocks, so it is not compared. */
static inline int is_clock(const char *name)
{
    return name[0] == '.' || strcmp(name, "stage_times.csv") == 0 || strcmp(name, "test_runs.log") == 0;
}

static inline int count_files(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        n += !is_clock(e->d_name);
    closedir(d);
    return n;
}

static inline void read_all(const char *dir, const char *name, void **data, size_t *len)
{
    char path[512];
    pab_host host;
    must(pab__host_take(NULL, &host));
    snprintf(path, sizeof path, "%s/%s", dir, name);
    must(pab__file_read(&host, path, 1 << 30, data, len));
}

/* The same files with the same bytes. */
static inline void assert_same_runs(const char *a, const char *b)
{
    pab_host host;
    DIR *d = opendir(a);
    must(pab__host_take(NULL, &host));
    assert_non_null(d);
    assert_int_equal(count_files(a), count_files(b));
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        void *x, *y;
        size_t n, m;
        if (is_clock(e->d_name))
            continue;
        read_all(a, e->d_name, &x, &n);
        read_all(b, e->d_name, &y, &m);
        if (n != m || memcmp(x, y, n) != 0)
            fail_msg("%s differs", e->d_name);
        pab__release(&host, x, n + 1);
        pab__release(&host, y, m + 1);
    }
    closedir(d);
}

static inline void remove_run(const char *dir)
{
    char path[512];
    DIR *d = opendir(dir);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        unlink(path);
    }
    if (d)
        closedir(d);
    rmdir(dir);
}

#endif
