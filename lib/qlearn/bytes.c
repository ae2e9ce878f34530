/* Growing and reading little-endian bytes. */
#include "qlearn/bytes.h"

#include <string.h>

#define HEAD (PAB__FRAME_SIZE - 8) /* bytes of a frame before the payload; 8 follow it */
#define FILE_LIMIT ((size_t)1 << 32)

void pab__bytes_free(pab__bytes *b)
{
    if (b->room > 0)
        pab__release(&b->host, b->data, b->room);
    b->data = NULL;
    b->room = 0;
}

static void grow(pab__bytes *b, size_t more)
{
    size_t room = b->room > 0 ? b->room : 4096;
    if (b->len + more <= b->room)
        return;
    while (room < b->len + more)
        room *= 2;
    unsigned char *data = pab__alloc(&b->host, room);
    if (!data) {
        b->bad = 1;
        return;
    }
    if (b->len > 0)
        memcpy(data, b->data, b->len);
    pab__bytes_free(b);
    b->data = data;
    b->room = room;
}

void pab__put(pab__bytes *b, uint64_t value, int bytes)
{
    if (!b->bad)
        grow(b, (size_t)bytes);
    if (b->bad)
        return;
    for (int i = 0; i < bytes; i++)
        b->data[b->len++] = (unsigned char)(value >> (8 * i));
}

void pab__put_real(pab__bytes *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    pab__put(b, bits, 8);
}

uint64_t pab__get(pab__bytes *b, int bytes)
{
    uint64_t value = 0;
    if (b->bad || b->len - b->at < (size_t)bytes) {
        b->bad = 1;
        return 0;
    }
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)b->data[b->at++] << (8 * i);
    return value;
}

double pab__get_real(pab__bytes *b)
{
    uint64_t bits = pab__get(b, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void pab__bytes_frame(pab__bytes *b)
{
    b->len = 0;
    for (int i = 0; i < HEAD; i++)
        pab__put(b, 0, 1);
}

pab_status pab__bytes_save(pab__bytes *b, const pab__file_kind *kind, const char *path)
{
    size_t payload = b->len - HEAD;
    pab__put(b, 0, 8);
    if (b->bad)
        return pab__fail(PAB_E_MEMORY, "%s: no memory for %s", path, kind->what);
    pab__frame_seal(kind, b->data, payload);
    return pab__file_write(path, b->data, b->len);
}

pab_status pab__bytes_load(const pab_host *host, const pab__file_kind *kind, const char *path, pab__bytes *b)
{
    void *data;
    const void *payload;
    size_t len, payload_len;
    pab_status status = pab__file_read(host, path, FILE_LIMIT, &data, &len);
    if (status != PAB_OK)
        return status;
    *b = (pab__bytes){.host = *host, .data = data, .room = len + 1, .len = len};
    status = pab__frame_open(kind, data, len, path, &payload, &payload_len);
    if (status != PAB_OK) {
        pab__bytes_free(b);
        return status;
    }
    b->at = (size_t)((const unsigned char *)payload - b->data);
    b->len = b->at + payload_len;
    return PAB_OK;
}
