/* Growing and reading little-endian bytes. */
#include "base/bytes.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

#define HEAD (PAB__FRAME_SIZE - 8) /* bytes of a frame before the payload; 8 follow it */
#define FILE_LIMIT ((size_t)1 << 32)

void pab__bytes_free(pab__bytes *b)
{
    if (b->room > 0)
        pab__release(b->host, b->data, b->room);
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
    unsigned char *data = pab__alloc(b->host, room);
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

void pab__bytes_put(pab__bytes *b, const void *data, size_t len)
{
    if (!b->bad)
        grow(b, len);
    if (b->bad || len == 0)
        return;
    memcpy(b->data + b->len, data, len);
    b->len += len;
}

static void put(pab__bytes *b, uint64_t value, size_t count)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    pab__bytes_put(b, bytes, count);
}

void pab__bytes_put_u8(pab__bytes *b, uint8_t value)
{
    put(b, value, 1);
}

void pab__bytes_put_u32(pab__bytes *b, uint32_t value)
{
    put(b, value, 4);
}

void pab__bytes_put_u64(pab__bytes *b, uint64_t value)
{
    put(b, value, 8);
}

void pab__bytes_put_real(pab__bytes *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(b, bits, 8);
}

static uint64_t get(pab__bytes *b, size_t count)
{
    uint64_t value = 0;
    if (b->bad || b->len - b->at < count) {
        b->bad = 1;
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        value |= (uint64_t)b->data[b->at++] << (8 * i);
    return value;
}

void pab__bytes_get(pab__bytes *b, void *out, size_t len)
{
    if (b->bad || b->len - b->at < len) {
        b->bad = 1;
        memset(out, 0, len);
        return;
    }
    memcpy(out, b->data + b->at, len);
    b->at += len;
}

uint8_t pab__bytes_get_u8(pab__bytes *b)
{
    return (uint8_t)get(b, 1);
}

uint32_t pab__bytes_get_u32(pab__bytes *b)
{
    return (uint32_t)get(b, 4);
}

uint64_t pab__bytes_get_u64(pab__bytes *b)
{
    return get(b, 8);
}

double pab__bytes_get_real(pab__bytes *b)
{
    uint64_t bits = get(b, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double pab__bytes_get_finite(pab__bytes *b)
{
    double value = pab__bytes_get_real(b);
    if (isfinite(value))
        return value;
    b->bad = 1;
    return 0;
}

int pab__all_finite(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return 0;
    return 1;
}

pab_status pab__bytes_hash(pab__bytes *b, const char *what, uint64_t *out)
{
    pab_status status = b->bad ? pab__fail(PAB_E_MEMORY, "no memory to identify %s", what) : PAB_OK;
    if (status == PAB_OK)
        *out = pab__hash_long(b->data, b->len);
    pab__bytes_free(b);
    return status;
}

void pab__bytes_frame(pab__bytes *b)
{
    static const unsigned char head[HEAD];
    b->len = 0;
    pab__bytes_put(b, head, HEAD);
}

pab_status pab__bytes_save(pab__bytes *b, const pab__file_kind *kind, const char *path)
{
    size_t payload = b->len - HEAD;
    put(b, 0, 8);
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
    *b = (pab__bytes){.host = host, .data = data, .room = len + 1, .len = len};
    status = pab__frame_open(kind, data, len, path, &payload, &payload_len);
    if (status != PAB_OK) {
        pab__bytes_free(b);
        return status;
    }
    b->at = (size_t)((const unsigned char *)payload - b->data);
    b->len = b->at + payload_len;
    return PAB_OK;
}
