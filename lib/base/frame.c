/* Framed, checksummed files: magic, kind, version and length before the payload, XXH3-64 after it. */
#include "base/frame.h"
#include "base/hash.h"

#include <string.h>

#define CHECK_SIZE 8
#define HEAD_SIZE (PAB__FRAME_SIZE - CHECK_SIZE)

static const char magic[8] = {'P', 'A', 'I', 'R', 'S', 'A', 'B', 'I'};

/* Offsets in the head; the eight bytes after the version are flags, zero so far. */
enum { AT_KIND = 8, AT_VERSION = 12, AT_FLAGS = 16, AT_LENGTH = 24 };

static void put_le(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get_le(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

void pab__frame_seal(const pab__file_kind *kind, void *buf, size_t payload_len)
{
    unsigned char *head = buf;
    memcpy(head, magic, sizeof magic);
    memcpy(head + AT_KIND, kind->kind, sizeof kind->kind);
    put_le(head + AT_VERSION, kind->version, 4);
    put_le(head + AT_FLAGS, 0, 8);
    put_le(head + AT_LENGTH, payload_len, 8);
    put_le(head + HEAD_SIZE + payload_len, pab__hash_long(head, HEAD_SIZE + payload_len), CHECK_SIZE);
}

pab_status pab__frame_open(const pab__file_kind *kind, const void *buf, size_t len, const char *name,
                           const void **payload, size_t *payload_len)
{
    const unsigned char *head = buf;
    size_t seen = len < sizeof magic ? len : sizeof magic;
    if (len > 0 && memcmp(head, magic, seen) != 0)
        return pab__fail(PAB_E_KIND, "%s: not a file of this library; expected %s", name, kind->what);
    if (len < PAB__FRAME_SIZE)
        return pab__fail(PAB_E_CORRUPT, "%s: truncated at %zu bytes; expected %s", name, len, kind->what);
    if (memcmp(head + AT_KIND, kind->kind, sizeof kind->kind) != 0)
        return pab__fail(PAB_E_KIND, "%s: holds data of another kind; expected %s", name, kind->what);
    uint64_t version = get_le(head + AT_VERSION, 4);
    if (version > kind->version)
        return pab__fail(PAB_E_VERSION, "%s: %s of format %u; expected at most %u (written by a newer library)", name,
                         kind->what, (unsigned)version, kind->version);
    uint64_t told = get_le(head + AT_LENGTH, 8);
    if (told != len - PAB__FRAME_SIZE)
        return pab__fail(PAB_E_CORRUPT, "%s: %s of %zu bytes, but its head tells %llu; expected the whole file", name,
                         kind->what, len, (unsigned long long)(told + PAB__FRAME_SIZE));
    if (get_le(head + len - CHECK_SIZE, CHECK_SIZE) != pab__hash_long(head, len - CHECK_SIZE))
        return pab__fail(PAB_E_CORRUPT, "%s: the checksum of %s does not match; the file is damaged", name, kind->what);
    if (version == 0 || get_le(head + AT_FLAGS, 8) != 0)
        return pab__fail(PAB_E_VERSION, "%s: %s with an unknown format or flags; expected format 1 to %u", name,
                         kind->what, kind->version);
    *payload = head + HEAD_SIZE;
    *payload_len = len - PAB__FRAME_SIZE;
    return PAB_OK;
}
