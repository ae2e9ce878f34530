/* Makes the compact form of recorded runs and streams. Usage: golden_make SHARED/golden OUT
 * OUT/RUN.yaml and OUT/RUN.sum for every market run; OUT/book/NN.ops.gz and OUT/book/NN.sum for every stream. */
#include <inttypes.h>

#include "files.h"
#include "replay.h"

static int fail(const char *what)
{
    char text[512] = "";
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", what, text);
    return 1;
}

static int sum_file(const char *path, golden_sum *sum)
{
    static char line[1 << 16];
    gzFile file = gzopen(path, "rb");
    if (!file)
        return fail(path);
    while (golden_line(file, line, sizeof line))
        golden_add(sum, line);
    gzclose(file);
    return 0;
}

static void write_line(void *user, int file, const char *line)
{
    (void)file;
    fprintf(user, "%s\n", line);
}

static int sum_files(const char *dir, const char *const *names, int count, const char *suffix, FILE *out)
{
    char path[GOLDEN_PATH];
    for (int i = 0; i < count; i++) {
        golden_sum sum = {0};
        snprintf(path, sizeof path, "%s/%s%s", dir, names[i], suffix);
        if (sum_file(path, &sum) != 0)
            return 1;
        fprintf(out, "%s %" PRIu64 " %08" PRIx32 "\n", names[i], sum.lines, sum.crc);
    }
    return 0;
}

static int make_run(const char *dir, const char *run, const char *out_dir)
{
    char path[GOLDEN_PATH], text[GOLDEN_PATH];
    pab_config *cfg = NULL;
    snprintf(path, sizeof path, "%s/scenario.json", dir);
    snprintf(text, sizeof text, "%s/%s.yaml", out_dir, run);
    if (pab_config_new(NULL, &cfg) != PAB_OK || pab_config_import_abides(cfg, path) != PAB_OK ||
        pab_config_save(cfg, text) != PAB_OK)
        return fail(path);
    pab_config_free(cfg);
    snprintf(path, sizeof path, "%s/%s.sum", out_dir, run);
    FILE *out = fopen(path, "w");
    if (!out)
        return fail(path);
    snprintf(path, sizeof path, "%s/summary.json", dir);
    if (golden_totals(path, write_line, out) != PAB_OK || sum_files(dir, golden_names, GOLDEN_TOTALS, ".gz", out) != 0)
        return fail(path);
    return fclose(out);
}

static int copy_compressed(const char *from, const char *to)
{
    static char block[1 << 16];
    gzFile in = gzopen(from, "rb"), out = gzopen(to, "wb9");
    int got = -1;
    if (!in || !out)
        return fail(to);
    while ((got = gzread(in, block, sizeof block)) > 0)
        gzwrite(out, block, (unsigned)got);
    gzclose(in);
    return got < 0 || gzclose(out) != Z_OK;
}

static int make_stream(const char *dir, const char *stream, const char *out_dir)
{
    static const char *const plain[] = {"events.csv", "queries.csv", "final_l3.csv"};
    static const char *const packed[] = {"history.csv", "state.csv"};
    char from[GOLDEN_PATH], path[GOLDEN_PATH];
    snprintf(from, sizeof from, "%s/ops.csv", dir);
    snprintf(path, sizeof path, "%s/book/%s.ops.gz", out_dir, stream);
    if (copy_compressed(from, path) != 0)
        return 1;
    snprintf(path, sizeof path, "%s/book/%s.sum", out_dir, stream);
    FILE *out = fopen(path, "w");
    if (!out)
        return fail(path);
    if (sum_files(dir, plain, 3, "", out) != 0 || sum_files(dir, packed, 2, ".gz", out) != 0)
        return 1;
    return fclose(out);
}

static int make_all(const char *root, const char *part, const char *out,
                    int (*make)(const char *dir, const char *name, const char *out_dir))
{
    char folder[GOLDEN_PATH / 2], dir[GOLDEN_PATH];
    char *names[GOLDEN_NAMES];
    snprintf(folder, sizeof folder, "%s/%s", root, part);
    int count = golden_list(folder, "", names), failed = count == 0;
    for (int i = 0; i < count; i++) {
        snprintf(dir, sizeof dir, "%s/%s", folder, names[i]);
        failed |= make(dir, names[i], out);
        free(names[i]);
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: golden_make SHARED/golden OUT\n");
        return 2;
    }
    return make_all(argv[1], "market", argv[2], make_run) | make_all(argv[1], "book", argv[2], make_stream);
}
