#include "compare.h"
#include "cli.h"

#include <stdio.h>
#include <unistd.h>

/* `grouped`: rows come symbol by symbol, each symbol in time order. */
static const struct {
    const char *name;
    int grouped;
} files[] = {
    {"messages.csv", 0}, {"book.csv", 0},    {"l1.csv", 0},      {"fundamental.csv", 1}, {"agents.csv", 0},
    {"summary.json", 0}, {"events.csv", 0}, {"queries.csv", 0}, {"history.csv", 0},     {"state.csv", 0},
    {"final_l3.csv", 0},
};

/* One of the two files, at a row. */
typedef struct reader {
    cli_in in;
    char *line;
    size_t len;
    int got; /* as cli_in_line */
} reader;

const char *compare_file_name(int index)
{
    return index >= 0 && index < (int)(sizeof files / sizeof files[0]) ? files[index].name : NULL;
}

/* 1 and the path where the plain or the compressed file is there. */
static int find_file(const char *dir, const char *name, char *path, size_t cap)
{
    static const char *const suffixes[] = {"", ".gz"};
    for (int i = 0; i < 2; i++) {
        int len = snprintf(path, cap, "%s/%s%s", dir, name, suffixes[i]);
        if (len > 0 && (size_t)len < cap && access(path, F_OK) == 0)
            return 1;
    }
    return 0;
}

static void advance(reader *r)
{
    r->got = cli_in_line(&r->in, &r->line, &r->len);
}

static void keep(char *to, const reader *r)
{
    size_t len = r->len < COMPARE_WIDTH - 1 ? r->len : COMPARE_WIDTH - 1;
    memcpy(to, r->line, len);
    to[len] = '\0';
    if (len < r->len)
        memcpy(to + len - 3, "...", 3);
}

/* Column of `time_ns` in a header line, or -1. */
static int time_column(const reader *r)
{
    const char *at = r->line;
    for (int column = 0; at; column++) {
        if (strncmp(at, "time_ns", 7) == 0 && (at[7] == ',' || at[7] == '\0'))
            return column;
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    return -1;
}

static int row_time(const reader *r, int column, int64_t *out)
{
    const char *at = r->line;
    char text[32] = "";
    for (int i = 0; at && i < column; i++) {
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    if (r->got <= 0 || column < 0 || !at)
        return 0;
    size_t len = strcspn(at, ",");
    if (len >= sizeof text)
        return 0;
    memcpy(text, at, len);
    return cli_parse_int(text, out) == 0;
}

static size_t key_length(const reader *r)
{
    return strcspn(r->line, ",");
}

static int same_key(const reader *r, const char *key)
{
    return r->got > 0 && key_length(r) == strlen(key) && memcmp(r->line, key, strlen(key)) == 0;
}

/* Last equal rows, oldest first from `next` on once full. */
typedef struct ring {
    char rows[COMPARE_BEFORE][COMPARE_WIDTH];
    uint64_t pushed;
} ring;

static int ring_copy(const ring *from, char to[][COMPARE_WIDTH])
{
    int count = from->pushed < COMPARE_BEFORE ? (int)from->pushed : COMPARE_BEFORE;
    for (int i = 0; i < count; i++)
        memcpy(to[i], from->rows[(from->pushed - (uint64_t)count + (uint64_t)i) % COMPARE_BEFORE], COMPARE_WIDTH);
    return count;
}

static void describe(divergence *d, const reader *a, const reader *b, const ring *before, int column)
{
    int64_t time_a, time_b;
    int has_a = row_time(a, column, &time_a);
    int has_b = row_time(b, column, &time_b);
    memset(d, 0, sizeof *d);
    d->line = a->got > 0 ? a->in.number : a->in.number + 1;
    d->b_line = b->got > 0 ? b->in.number : b->in.number + 1;
    d->has_time = has_a || has_b;
    if (d->has_time)
        d->time = !has_b || (has_a && time_a < time_b) ? time_a : time_b;
    d->before_count = ring_copy(before, d->before);
}

/* Keeps the first rows from here on; continues to the end of the group `key` when there is one. */
static void take_rows(divergence_side *side, reader *r, const char *key)
{
    while (r->got > 0 && (key ? same_key(r, key) : side->count < COMPARE_AFTER)) {
        if (side->count < COMPARE_AFTER)
            keep(side->rows[side->count++], r);
        advance(r);
    }
}

static void note(comparison *out, const divergence *d)
{
    if (out->result != COMPARE_DIFFERENT || (d->has_time && (!out->first.has_time || d->time < out->first.time)))
        out->first = *d;
    out->result = COMPARE_DIFFERENT;
}

static int equal_rows(const reader *a, const reader *b)
{
    return a->got > 0 && b->got > 0 && a->len == b->len && memcmp(a->line, b->line, a->len) == 0;
}

/* Group of a row that differs: the one both rows are in, else the one that just went on in both. */
static void group_at(const reader *a, const reader *b, char *key, size_t cap)
{
    if (a->got <= 0 || b->got <= 0 || key_length(a) >= cap)
        return;
    if (key_length(a) == key_length(b) && memcmp(a->line, b->line, key_length(a)) == 0) {
        memcpy(key, a->line, key_length(a));
        key[key_length(a)] = '\0';
    }
}

static void compare_rows(reader *a, reader *b, int grouped, comparison *out)
{
    ring before = {.pushed = 0};
    char key[COMPARE_WIDTH] = "";
    int column = -1;
    for (advance(a), advance(b); a->got > 0 || b->got > 0;) {
        if (a->got < 0 || b->got < 0)
            return;
        if (equal_rows(a, b)) {
            if (a->in.number == 1)
                column = time_column(a);
            else
                out->rows++;
            if (grouped)
                group_at(a, b, key, sizeof key);
            keep(before.rows[before.pushed++ % COMPARE_BEFORE], a);
            advance(a);
            advance(b);
            continue;
        }
        divergence d;
        describe(&d, a, b, &before, column);
        group_at(a, b, key, sizeof key);
        take_rows(&d.a, a, grouped ? key : NULL);
        take_rows(&d.b, b, grouped ? key : NULL);
        note(out, &d);
        if (!grouped || d.a.count + d.b.count == 0)
            return;
    }
}

int compare_files(const char *dir_a, const char *dir_b, int index, comparison *out)
{
    char path_a[4096], path_b[4096];
    int in_a = find_file(dir_a, files[index].name, path_a, sizeof path_a);
    int in_b = find_file(dir_b, files[index].name, path_b, sizeof path_b);
    reader a, b;
    memset(out, 0, sizeof *out);
    out->file = files[index].name;
    out->result = in_a && in_b ? COMPARE_EQUAL : in_a ? COMPARE_ONLY_A : in_b ? COMPARE_ONLY_B : COMPARE_ABSENT;
    if (!in_a || !in_b)
        return CLI_OK;
    if (cli_in_open(&a.in, path_a) != CLI_OK)
        return CLI_FAILED;
    if (cli_in_open(&b.in, path_b) != CLI_OK) {
        cli_in_close(&a.in);
        return CLI_FAILED;
    }
    compare_rows(&a, &b, files[index].grouped, out);
    cli_in_close(&a.in);
    cli_in_close(&b.in);
    return a.got < 0 || b.got < 0 ? CLI_FAILED : CLI_OK;
}

enum { NEAR = 3 };

static int print_near(const char *mark, const char *path, int64_t time)
{
    ring before = {.pushed = 0};
    char rows[COMPARE_BEFORE][COMPARE_WIDTH];
    int column = -1;
    int after = 0;
    reader r;
    if (cli_in_open(&r.in, path) != CLI_OK)
        return CLI_FAILED;
    advance(&r);
    if (r.got > 0)
        column = time_column(&r);
    while (r.got > 0 && after < NEAR) {
        int64_t at;
        advance(&r);
        if (!row_time(&r, column, &at))
            continue;
        if (at < time) {
            keep(before.rows[before.pushed++ % COMPARE_BEFORE], &r);
            continue;
        }
        if (after == 0) {
            int count = ring_copy(&before, rows);
            for (int i = count > NEAR ? count - NEAR : 0; i < count; i++)
                printf("  %s   %s\n", mark, rows[i]);
        }
        after++;
        printf("  %s   %s\n", mark, r.line);
    }
    if (after == 0 && r.got == 0)
        printf("  %s   (its messages end before that time)\n", mark);
    cli_in_close(&r.in);
    return r.got < 0 ? CLI_FAILED : CLI_OK;
}

int compare_print_messages(const char *dir_a, const char *dir_b, int64_t time)
{
    char path_a[4096], path_b[4096];
    if (!find_file(dir_a, "messages.csv", path_a, sizeof path_a) ||
        !find_file(dir_b, "messages.csv", path_b, sizeof path_b))
        return CLI_OK;
    printf("\nmessages around it\n");
    if (print_near("A", path_a, time) != CLI_OK)
        return CLI_FAILED;
    return print_near("B", path_b, time);
}
