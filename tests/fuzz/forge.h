/* What the fuzzers of saved objects share: a tiny pair, a good payload, and changes of it that the input asks for. A
 * payload is what the checksum covers, so every input is a forged file whose checksum is right.
 *
 * Each eight bytes of input are one change: three of where, one of how, four of what is put there. */
#ifndef FUZZ_FORGE_H
#define FUZZ_FORGE_H

#include <stdlib.h>
#include <string.h>

#include <pairsabides/pairsabides.h>

#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct forge {
    pab_host host;
    pab_scenario *scn;
    pab_env *env;        /* at its first decision */
    unsigned char *good; /* a payload */
    unsigned char *bad;  /* the same, changed */
    size_t len;
} forge;

static inline void forge_must(pab_status status)
{
    char text[1024];
    if (status == PAB_OK)
        return;
    pab_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", pab_status_name(status), text);
    abort();
}

static inline void forge_open(forge *f)
{
    static const char yaml[] =
        "preset: pair\n"
        "agents: {noise_AAA: {count: 4, wake_up_freq: 2s}, noise_BBB: {count: 4, wake_up_freq: 2s}}\n"
        "pair: {warmup: 20s, horizon: 10s, interval: 5s, quantity: 200}\n";
    pab_config *cfg = NULL;
    forge_must(pab__host_take(NULL, &f->host));
    forge_must(pab_config_new(NULL, &cfg));
    forge_must(pab_config_parse(cfg, yaml, sizeof yaml - 1, "forge"));
    forge_must(pab_scenario_new(cfg, &f->scn));
    pab_config_free(cfg);
    forge_must(pab_env_new(f->scn, &f->env));
    forge_must(pab_env_reset(f->env, pab_seed(PAB_SPLIT_TRAIN, PAB_REGIME_CALM, 1), NULL, NULL, 0));
}

static inline void forge_keep(forge *f, const void *data, size_t len)
{
    f->len = len;
    f->good = malloc(len);
    f->bad = malloc(len);
    if (!f->good || !f->bad)
        abort();
    memcpy(f->good, data, len);
    memcpy(f->bad, data, len);
}

/* Numbers that break what is not checked. */
static inline uint64_t forge_value(unsigned how, uint32_t what)
{
    static const uint64_t odd[] = {
        0, 1, UINT32_MAX, INT32_MAX, UINT64_C(0x7ff8000000000000) /* NaN */, UINT64_C(0x7ff0000000000000) /* inf */,
        UINT64_C(0xfff0000000000000), UINT64_C(0x7fefffffffffffff), UINT64_MAX, INT64_MAX, 1 << 20,
    };
    return how % 2 ? odd[what % (sizeof odd / sizeof *odd)] : what;
}

/* Changes f->bad; forge_mend takes the changes back. */
static inline void forge_spoil(forge *f, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        size_t at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % f->len;
        uint32_t what = (uint32_t)data[i + 4] << 24 | (uint32_t)data[i + 5] << 16 | (uint32_t)data[i + 6] << 8 |
                        data[i + 7];
        uint64_t value = forge_value(data[i + 3], what);
        size_t width = (size_t)1 << (data[i + 3] / 2 % 4);
        at -= at % 4; /* counts, indices and reals stand at multiples of four, most of them */
        memcpy(f->bad + at, &value, width < f->len - at ? width : f->len - at);
    }
}

static inline void forge_mend(forge *f, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        size_t at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % f->len;
        at -= at % 4;
        memcpy(f->bad + at, f->good + at, 8 < f->len - at ? 8 : f->len - at);
    }
}

/* A refusal says what is wrong. */
static inline void forge_refused(pab_status status)
{
    if (status != PAB_E_CORRUPT && status != PAB_E_MEMORY && status != PAB_E_VERSION && status != PAB_E_KIND)
        forge_must(status == PAB_OK ? PAB_E_STATE : status);
}

static inline void forge_act(const forge *f, pab_status status, pab_policy *policy)
{
    pab_decision decision;
    forge_must(status);
    forge_must(pab_policy_reset(policy, f->env));
    forge_must(pab_policy_act(policy, f->env, &decision));
    pab_policy_free(policy);
}

#endif
