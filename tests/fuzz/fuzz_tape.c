/* Any bytes as a file of quotes, trades, bars or LOBSTER messages: it is read whole or refused, and then the tape is as
 * it was. The first byte chooses the format; for LOBSTER, a line of ten dashes parts messages from the order book. */
#include <pairsabides/stage0.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[64], message[128], book[128];

static void remove_files(void)
{
    unlink(message);
    unlink(book);
    rmdir(dir);
}

static void make_directory(void)
{
    if (dir[0])
        return;
    snprintf(dir, sizeof dir, "/tmp/pab_fuzz_XXXXXX");
    if (!mkdtemp(dir))
        abort();
    snprintf(message, sizeof message, "%s/message", dir);
    snprintf(book, sizeof book, "%s/orderbook", dir);
    atexit(remove_files);
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
}

/* Where the second part begins. */
static size_t parting(const uint8_t *data, size_t size, size_t *first)
{
    static const char line[] = "----------\n";
    const size_t len = sizeof line - 1;
    for (size_t i = 0; i + len <= size; i++) {
        if (memcmp(data + i, line, len) == 0) {
            *first = i;
            return i + len;
        }
    }
    *first = size;
    return size;
}

/* What every tape promises: rows in order, and numbers that facts can be made of. */
static void use(pab_tape *tape)
{
    double facts[PAB_LEG_FACT_COUNT], mids[64];
    uint64_t count = 0;
    pab_tape_info info = {.struct_size = sizeof info};
    if (pab_tape_describe(tape, &info) != PAB_OK || info.from > info.to)
        abort();
    if (info.quotes == 0 || info.to <= info.from)
        return;
    int64_t step = (info.to - info.from) / 32 + 1;
    if (pab_tape_mids(tape, step, mids, 64, &count) != PAB_OK || count > 64)
        abort();
    if ((info.to - info.from) / 1000000000 < 100000)
        (void)pab_facts_leg(tape, facts, PAB_LEG_FACT_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pab_tape *tape = NULL;
    pab_read_options options;
    pab_tape_info before = {.struct_size = sizeof before}, after = {.struct_size = sizeof after};
    size_t first;
    if (size == 0)
        return 0;
    make_directory();
    size_t second = parting(data + 1, size - 1, &first);
    write_file(message, data + 1, first);
    write_file(book, data + 1 + second, size - 1 - second);
    if (pab_tape_new(NULL, &tape) != PAB_OK || pab_read_options_init(&options, sizeof options) != PAB_OK)
        abort();
    options.format = data[0] % 5;
    options.from = data[0] & 0x80 ? INT64_C(34200000000000) : 0;
    options.to = data[0] & 0x80 ? INT64_C(34260000000000) : 0;
    if (pab_tape_add_quote(tape, 0, 100, 1, 102, 1) != PAB_OK || pab_tape_describe(tape, &before) != PAB_OK)
        abort();
    if (pab_tape_read(tape, message, &options) == PAB_OK)
        use(tape);
    else if (pab_tape_describe(tape, &after) != PAB_OK || memcmp(&before, &after, sizeof before) != 0)
        abort();
    pab_tape_free(tape);
    return 0;
}
