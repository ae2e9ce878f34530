/**
 * @file text.h
 * @brief Text files of the command line: buffered rows out, lines in, gzip or plain by name and content.
 */
#ifndef PAIRSABIDES_CLI_TEXT_H
#define PAIRSABIDES_CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

/** A text file being written; compressed when its name ends in ".gz". */
typedef struct cli_out {
    gzFile file;
    char *path;
    char *buf;
    size_t len;
    int error; /**< first errno, 0 while all is well */
} cli_out;

enum { CLI_OUT_CAP = 1 << 17 };

int cli_out_open(cli_out *out, const char *path); /**< 0, or CLI_FAILED after printing why */
int cli_out_create(const char *dir, const char *file, cli_out *out); /**< the same of a file in a directory */
int cli_out_close(cli_out *out);                  /**< writes the rest; as cli_out_open; a closed one is 0 */
void cli_out_abandon(cli_out *out);               /**< closes without a word */
void cli_out_flush(cli_out *out);

void cli_put_bytes(cli_out *out, const char *text, size_t len);
void cli_put_int(cli_out *out, int64_t value);
void cli_put_uint(cli_out *out, uint64_t value);
void cli_put_real(cli_out *out, double value);  /**< shortest text that reads back, as Python prints it */
void cli_put_hex(cli_out *out, double value);   /**< all 13 hexadecimal digits, as Python's float.hex */

/** Cents of an amount of ticks: whole where a tick is whole cents, else a real. `tick_value`: of the scenario. */
void cli_put_cents(cli_out *out, int64_t ticks, double tick_value);

static inline void cli_put_char(cli_out *out, char c)
{
    if (out->len == CLI_OUT_CAP)
        cli_out_flush(out);
    out->buf[out->len++] = c;
}

/** A comma, and the value where the cell is filled. */
static inline void cli_put_cell(cli_out *out, int filled, int64_t value)
{
    cli_put_char(out, ',');
    if (filled)
        cli_put_int(out, value);
}

static inline void cli_put(cli_out *out, const char *text)
{
    cli_put_bytes(out, text, strlen(text));
}

/** A text file being read line by line. */
typedef struct cli_in {
    gzFile file;
    char *path;
    char *buf;       /**< bytes read, from `start` to `end` not yet given out */
    size_t cap;
    size_t start;
    size_t end;
    uint64_t number; /**< of the line last given out, from 1 */
} cli_in;

int cli_in_open(cli_in *in, const char *path); /**< 0, or CLI_FAILED after printing why */
/** 1 and a line without its newline, terminated, valid until the next call; 0 at the end; -1 after printing why. */
int cli_in_line(cli_in *in, char **line, size_t *len);
void cli_in_close(cli_in *in);

/** Splits a line at its commas in place; returns the number of fields there are, storing at most `cap`. */
size_t cli_split(char *line, char **fields, size_t cap);

/** Writes "YYYY-MM-DD HH:MM:SS.nnnnnnnnn" of ns since 1970; at least 40 bytes. */
void cli_date_text(int64_t ns, char *buf, size_t cap);
/** Writes "HH:MM:SS.nnnnnnnnn". */
void cli_time_text(int64_t ns, char *buf, size_t cap);

#endif
