/* The handle of a mixture and its file. */
#include "moedpo/moe.h"

#include "base/file.h"

#include <math.h>
#include <string.h>

static const pab__file_kind kind = {.kind = {'M', 'O', 'E', ' '}, .version = 1, .what = "a mixture of experts"};

/* So do the checkpoints MNOT, MDST, MTUN. */
_Static_assert(PAB_ENV_OBSERVATIONS == 60, "mixtures of another number of features need another version");

_Static_assert(sizeof(pab__moe_body) % 8 == 0, "no padding");

const char *pab_loss_name(int32_t loss)
{
    static const char *const names[PAB_LOSS_COUNT] = {"mix", "cpl", "ipo", "pl", "mbt"};
    return loss >= 0 && loss < PAB_LOSS_COUNT ? names[loss] : NULL;
}

pab_moe *pab__moe_new(const pab_host *host)
{
    pab_moe *moe = pab__alloc(host, sizeof *moe);
    if (!moe) {
        pab__fail(PAB_E_MEMORY, "no memory for a mixture of %zu bytes", sizeof *moe);
        return NULL;
    }
    moe->host = *host;
    return moe;
}

void pab_moe_free(pab_moe *moe)
{
    if (!moe)
        return;
    pab_host host = moe->host;
    pab__release(&host, moe, sizeof *moe);
}

pab_status pab_moe_save(const pab_moe *moe, const char *path)
{
    if (!moe || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a mixture and the path of its file",
                         !moe ? "moe" : "path");
    size_t size = sizeof moe->body + PAB__FRAME_SIZE;
    unsigned char *buf = pab__alloc(&moe->host, size);
    if (!buf)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", size, path);
    memcpy(buf + PAB__FRAME_SIZE - 8, &moe->body, sizeof moe->body);
    pab__frame_seal(&kind, buf, sizeof moe->body);
    pab_status status = pab__file_write(path, buf, size);
    pab__release(&moe->host, buf, size);
    return status;
}

/* Numbers that no training gives, which a checksum does not find. */
pab_status pab__moe_check(const pab__moe_body *body, const char *path)
{
    if ((body->components != PAB_MOE_COMPONENTS && body->components != PAB_EXPERT_COUNT) || body->loss < -1 ||
        body->loss >= PAB_LOSS_COUNT)
        return pab__fail(PAB_E_CORRUPT, "%s: %u components tuned by loss %d; expected 4 or 5, and -1 to %d",
                         path, body->components, body->loss, PAB_LOSS_COUNT - 1);
    const size_t from = offsetof(pab__moe_body, ensemble_weight);
    const double *number = (const double *)(const void *)((const unsigned char *)body + from);
    for (size_t i = 0; i < (sizeof *body - from) / sizeof *number; i++)
        if (!isfinite(number[i]))
            return pab__fail(PAB_E_CORRUPT, "%s: number %zu of the mixture is not finite", path, i);
    return PAB_OK;
}

static pab_status read_body(const pab_host *host, const void *data, size_t len, const char *path, pab_moe **out)
{
    const void *payload;
    size_t payload_len;
    pab_status status = pab__frame_open(&kind, data, len, path, &payload, &payload_len);
    if (status != PAB_OK)
        return status;
    if (payload_len != sizeof(pab__moe_body))
        return pab__fail(PAB_E_CORRUPT, "%s: a mixture of %zu bytes; expected %zu", path, payload_len,
                         sizeof(pab__moe_body));
    pab_moe *moe = pab__moe_new(host);
    if (!moe)
        return PAB_E_MEMORY;
    memcpy(&moe->body, payload, sizeof moe->body);
    status = pab__moe_check(&moe->body, path);
    if (status != PAB_OK) {
        pab_moe_free(moe);
        return status;
    }
    *out = moe;
    return PAB_OK;
}

pab_status pab_moe_load(const pab_host *given, const char *path, pab_moe **out)
{
    pab_host host;
    void *data;
    size_t len;
    if (!path || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected the path of a mixture's file and where it goes",
                         !path ? "path" : "out");
    pab_status status = pab__host_take(given, &host);
    if (status == PAB_OK)
        status = pab__file_read(&host, path, 2 * sizeof(pab_moe), &data, &len);
    if (status != PAB_OK)
        return status;
    status = read_body(&host, data, len, path, out);
    pab__release(&host, data, len + 1);
    return status;
}
