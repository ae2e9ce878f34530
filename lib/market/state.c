/* Saving, restoring, copying and hashing a market. The state is a list of sections: blocks of fixed size and pools. */
#include "market/state.h"

#include "market/market.h"

#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "market/state_check.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "saved states are little-endian: this platform needs a byte-swapping state.c"
#endif

/* No padding: equal states have equal bytes. */
_Static_assert(sizeof(pab_message) == 64, "a message is 64 bytes");
_Static_assert(sizeof(pab__agent_state) == 120, "an agent is 120 bytes");
_Static_assert(sizeof(pab__agent_view) == 48 && sizeof(pab__open_order) == 48, "flat records");
_Static_assert(sizeof(pab__entry) == 24, "flat records");
_Static_assert(sizeof(pab__parked) == 20 && sizeof(pab__subscription) == 56, "flat records");
_Static_assert(sizeof(pab__symbol_state) == 24 + 24 + 14 * 8 + 16, "flat records");
_Static_assert(sizeof(pab__market_core) == 6 * 8 + 8 + 8 * 4 + 2 * 24, "flat records");

static const pab__file_kind state_kind = {{'M', 'K', 'T', 'S'}, 1, "market state"};

/* A block of fixed size, or a pool. */
typedef struct section {
    void *block;
    size_t size;
    pab__pool *pool;
} section;

#define OWN_SECTIONS (3 + PAB__MARKET_POOLS)
#define BOOK_SECTIONS (1 + PAB__BOOK_POOLS)

static size_t section_count(const pab_market *m)
{
    return OWN_SECTIONS + m->scn->symbol_count * BOOK_SECTIONS;
}

static section section_at(pab_market *m, size_t i)
{
    if (i == 0)
        return (section){&m->core, sizeof m->core, NULL};
    if (i == 1)
        return (section){&m->queue.near, sizeof m->queue.near, NULL};
    if (i == 2)
        return (section){NULL, 0, &m->queue.heap};
    if (i < OWN_SECTIONS)
        return (section){NULL, 0, (pab__pool *)&m->pools + (i - 3)};
    pab__book *book = &m->books[(i - OWN_SECTIONS) / BOOK_SECTIONS];
    size_t part = (i - OWN_SECTIONS) % BOOK_SECTIONS;
    if (part == 0)
        return (section){&book->core, sizeof book->core, NULL};
    return (section){NULL, 0, &book->pools[part - 1]};
}

/* For the functions that only read. */
static section section_of(const pab_market *m, size_t i)
{
    return section_at((pab_market *)(uintptr_t)m, i);
}

static size_t pool_bytes(const pab__pool *pool)
{
    return (size_t)pool->mark.count * pool->stride;
}

static pab_status check(const pab_market *m)
{
    if (!m)
        return pab__fail(PAB_E_ARGUMENT, "m is NULL: a market was expected");
    if (!m->core.ready)
        return pab__fail(PAB_E_STATE, "the market has to be reset or restored first");
    return PAB_OK;
}

/* A state in the middle of a delivery cannot be resumed. */
static pab_status check_idle(const pab_market *m)
{
    pab_status status = check(m);
    return status == PAB_OK ? pab__market_idle(m) : status;
}

/* --- Save --- */

typedef struct state_header {
    uint64_t fingerprint; /* of the scenario */
    uint64_t sections;
} state_header;

static size_t payload_size(const pab_market *m)
{
    size_t size = sizeof(state_header);
    for (size_t i = 0; i < section_count(m); i++) {
        section s = section_of(m, i);
        size += s.pool ? sizeof s.pool->mark + (pool_bytes(s.pool) + 7) / 8 * 8 : s.size;
    }
    return size;
}

static unsigned char *put(unsigned char *at, const void *data, size_t size)
{
    if (size > 0)
        memcpy(at, data, size);
    return at + size;
}

static void write_payload(const pab_market *m, unsigned char *at)
{
    state_header p = {m->scn->fingerprint, section_count(m)};
    at = put(at, &p, sizeof p);
    for (size_t i = 0; i < section_count(m); i++) {
        section s = section_of(m, i);
        if (!s.pool) {
            at = put(at, s.block, s.size);
            continue;
        }
        size_t size = pool_bytes(s.pool), rest = (8 - size % 8) % 8;
        at = put(at, &s.pool->mark, sizeof s.pool->mark);
        at = put(at, s.pool->data, size);
        memset(at, 0, rest);
        at += rest;
    }
}

pab_status pab_market_save(const pab_market *m, void *buf, size_t cap, size_t *needed)
{
    pab_status status = check_idle(m);
    if (status != PAB_OK)
        return status;
    size_t payload = payload_size(m), size = payload + PAB__FRAME_SIZE;
    if (needed)
        *needed = size;
    if (!buf || cap < size)
        return pab__fail(PAB_E_CAPACITY, "buf has %zu bytes: the state needs %zu", buf ? cap : 0, size);
    write_payload(m, (unsigned char *)buf + PAB__FRAME_SIZE - 8);
    pab__frame_seal(&state_kind, buf, payload);
    return PAB_OK;
}

pab_status pab_market_save_file(const pab_market *m, const char *path)
{
    pab_status status = check_idle(m);
    if (status != PAB_OK)
        return status;
    if (!path)
        return pab__fail(PAB_E_ARGUMENT, "path is NULL: a file name was expected");
    size_t size = payload_size(m) + PAB__FRAME_SIZE;
    void *buf = pab__alloc(&m->host, size);
    if (!buf)
        return pab__fail(PAB_E_MEMORY, "no memory for a state of %zu bytes", size);
    status = pab_market_save(m, buf, size, NULL);
    if (status == PAB_OK)
        status = pab__file_write(path, buf, size);
    pab__release(&m->host, buf, size);
    return status;
}

/* --- Restore --- */

/* Reads a payload front to back; after running out, everything is missing. */
typedef struct state_reader {
    const unsigned char *at;
    size_t left;
} state_reader;

static const void *take(state_reader *r, size_t size)
{
    if (size > r->left)
        return NULL;
    const void *at = r->at;
    r->at += size;
    r->left -= size;
    return at;
}

static const void *take_pool(state_reader *r, const pab__pool *pool, pab__pool_mark *mark)
{
    const void *at = take(r, sizeof *mark);
    if (!at)
        return NULL;
    memcpy(mark, at, sizeof *mark);
    return take(r, ((size_t)mark->count * pool->stride + 7) / 8 * 8);
}

/* The pools that the scenario sizes must have just that size. */
static int fits(const pab_market *m, const pab__pool *pool, const pab__pool_mark *mark)
{
    const pab__market_pools *p = &m->pools;
    int fixed = pool == &p->agents || pool == &p->views || pool == &p->own || pool == &p->positions ||
                pool == &p->close_next || pool == &p->symbols || pool == &p->lags;
    return fixed ? memcmp(mark, &pool->mark, sizeof *mark) == 0 : mark->live <= mark->count;
}

/* Walks the payload without touching the state, and makes room for it. */
static pab_status prepare(pab_market *m, state_reader r, const char *name)
{
    size_t slots = 0, parked = 0;
    for (size_t i = 0; i < section_count(m); i++) {
        section s = section_at(m, i);
        pab__pool_mark mark;
        const void *at = s.pool ? take_pool(&r, s.pool, &mark) : take(&r, s.size);
        if (!at || (s.pool && !fits(m, s.pool, &mark)))
            return pab__fail(PAB_E_CORRUPT, "%s: section %zu of the market state does not fit", name, i);
        if (s.pool) {
            pab_status status = pab__pool_reserve(s.pool, &m->host, mark.count);
            if (status != PAB_OK)
                return status;
            slots += mark.count;
            parked += s.pool == &m->pools.parked ? mark.count : 0;
        }
    }
    if (r.left == 0)
        return pab__market_check_reserve(m, slots, parked);
    return pab__fail(PAB_E_CORRUPT, "%s: %zu bytes too many", name, r.left);
}

static void take_over(pab_market *m, state_reader r)
{
    for (size_t i = 0; i < section_count(m); i++) {
        section s = section_at(m, i);
        if (!s.pool) {
            memcpy(s.block, take(&r, s.size), s.size);
            continue;
        }
        pab__pool_mark mark = {0};
        const void *data = take_pool(&r, s.pool, &mark);
        pab__pool_clear(s.pool);
        s.pool->mark = mark;
        if (mark.count > 0)
            memcpy(s.pool->data, data, (size_t)mark.count * s.pool->stride);
    }
    m->failed = PAB_OK;
    for (uint32_t s = 0; s < m->scn->symbol_count; s++)
        m->books[s].failed = PAB_OK;
}

static pab_status restore(pab_market *m, const void *buf, size_t len, const char *name)
{
    const void *payload = NULL;
    size_t size = 0;
    pab_status status = pab__frame_open(&state_kind, buf, len, name, &payload, &size);
    if (status != PAB_OK)
        return status;
    state_reader r = {payload, size};
    state_header p;
    const void *head = take(&r, sizeof p);
    if (!head)
        return pab__fail(PAB_E_CORRUPT, "%s: the market state ends early", name);
    memcpy(&p, head, sizeof p);
    if (p.fingerprint != m->scn->fingerprint || p.sections != section_count(m))
        return pab__fail(PAB_E_KIND, "%s: the state belongs to another scenario (%016llx, here %016llx)", name,
                         (unsigned long long)p.fingerprint, (unsigned long long)m->scn->fingerprint);
    status = prepare(m, r, name);
    if (status != PAB_OK)
        return status;
    take_over(m, r);
    status = pab__market_check(m, name);
    if (status != PAB_OK)
        pab__market_wipe(m, status); /* what was there before is gone: the market waits for a reset */
    return status;
}

pab_status pab_market_restore(pab_market *m, const void *buf, size_t len)
{
    if (!m || !buf)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", m ? "buf" : "m");
    pab_status status = pab__market_idle(m);
    return status == PAB_OK ? restore(m, buf, len, "buffer") : status;
}

pab_status pab_market_load_file(pab_market *m, const char *path)
{
    if (!m || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", m ? "path" : "m");
    void *data;
    size_t len;
    pab_status status = pab__market_idle(m);
    if (status == PAB_OK)
        status = pab__file_read(&m->host, path, SIZE_MAX / 2, &data, &len);
    if (status != PAB_OK)
        return status;
    status = restore(m, data, len, path);
    pab__release(&m->host, data, len + 1);
    return status;
}

/* --- Copy and hash --- */

pab_status pab_market_copy(pab_market *dst, const pab_market *src)
{
    pab_status status = dst ? check_idle(src) : pab__fail(PAB_E_ARGUMENT, "dst is NULL: a market was expected");
    if (status == PAB_OK)
        status = pab__market_idle(dst);
    if (status != PAB_OK || dst == src)
        return status;
    if (dst->scn != src->scn && dst->scn->fingerprint != src->scn->fingerprint)
        return pab__fail(PAB_E_KIND, "dst is a market of another scenario (\"%s\", src: \"%s\")", dst->scn->name,
                         src->scn->name);
    for (size_t i = 0; i < section_count(src); i++) {
        section to = section_at(dst, i), from = section_of(src, i);
        status = to.pool ? pab__pool_reserve(to.pool, &dst->host, from.pool->mark.count) : PAB_OK;
        if (status != PAB_OK)
            return status;
    }
    for (size_t i = 0; i < section_count(src); i++) {
        section to = section_at(dst, i), from = section_of(src, i);
        if (to.pool)
            pab__pool_copy(to.pool, from.pool, &dst->host);
        else
            memcpy(to.block, from.block, from.size);
    }
    dst->failed = PAB_OK;
    for (uint32_t s = 0; s < dst->scn->symbol_count; s++)
        dst->books[s].failed = PAB_OK;
    return PAB_OK;
}

pab_status pab_market_hash(const pab_market *m, uint64_t *out)
{
    pab_status status = check(m);
    if (status != PAB_OK)
        return status;
    if (!out)
        return pab__fail(PAB_E_ARGUMENT, "out is NULL");
    uint64_t hash = m->scn->fingerprint;
    for (size_t i = 0; i < section_count(m); i++) {
        section s = section_of(m, i);
        if (s.pool) {
            hash = pab__hash_mix(hash, pab__hash(&s.pool->mark, sizeof s.pool->mark));
            hash = pab__hash_mix(hash, pab__hash_long(s.pool->data, pool_bytes(s.pool)));
        } else {
            hash = pab__hash_mix(hash, pab__hash(s.block, s.size));
        }
    }
    *out = hash;
    return PAB_OK;
}

size_t pab_market_memory(const pab_market *m)
{
    if (!m)
        return 0;
    size_t size = sizeof *m + m->scn->agent_count * sizeof *m->places;
    size += m->scn->symbol_count * (2 * sizeof *m->l1 + sizeof *m->books);
    for (size_t i = 0; i < section_count(m); i++) {
        section s = section_of(m, i);
        size += s.pool ? (size_t)s.pool->capacity * s.pool->stride : 0;
    }
    return size + pab__market_check_memory(m) + (m->mt ? pab__mt_cache_memory(m->mt) : 0);
}
