/* Forged preferences: refused, or read, listed, and taken into the data sets of tuning like any others. */
#include <stdio.h>

#include "forge.h"
#include "moedpo/tune_dataset.h"
#include "prefs/prefs.h"

static forge f;

static void start(void)
{
    pab_sip_options how;
    pab_sip *sip = NULL;
    pab_prefs_options want;
    pab_prefs *prefs = NULL;
    forge_open(&f);
    forge_must(pab_sip_options_init(&how, sizeof how));
    how.generations = 1;
    how.candidates = 8;
    how.seeds = how.final_seeds = how.validation_seeds = 1;
    how.front = 0;
    how.refine = 0;
    forge_must(pab_sip_train(f.scn, NULL, NULL, &how, &sip));
    forge_must(pab_prefs_options_init(&want, sizeof want));
    want.episodes = 3;
    want.futures = 2;
    forge_must(pab_prefs_generate(f.scn, sip, NULL, NULL, &want, &prefs));
    pab__bytes out = {.host = &f.host};
    pab__prefs_write(prefs, &out);
    forge_keep(&f, out.data, out.len);
    pab__bytes_free(&out);
    pab_prefs_free(prefs);
    pab_sip_free(sip);
}

static void list(const pab_prefs *prefs, uint32_t i)
{
    pab_prefs_start start = {.struct_size = sizeof start};
    forge_must(pab_prefs_start_get(prefs, i, &start));
    for (uint32_t k = 0; k < start.listed; k++)
        if (start.list[k] >= start.trajectories)
            abort();
    for (uint32_t t = 0; t < start.trajectories; t++) {
        pab_prefs_trajectory row = {.struct_size = sizeof row};
        forge_must(pab_prefs_trajectory_get(prefs, i, t, &row));
    }
    for (uint32_t k = 0; k < start.pairs; k++) {
        pab_prefs_pair row = {.struct_size = sizeof row};
        forge_must(pab_prefs_pair_get(prefs, i, k, &row));
        if (row.winner >= start.trajectories || row.loser >= start.trajectories)
            abort();
    }
}

static void use(const pab_prefs *prefs)
{
    pab_prefs_info info = {.struct_size = sizeof info};
    forge_must(pab_prefs_describe(prefs, &info));
    for (uint32_t i = 0; i < info.starts; i++)
        list(prefs, i);
    for (int32_t held = 0; held < 2; held++) {
        pab__tune_dataset set;
        pab__tune_dataset_init(&set, &f.host);
        forge_must(pab__tune_dataset_add(&set, prefs, held));
        pab__tune_dataset_free(&set);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pab_prefs *prefs = NULL;
    if (!f.good)
        start();
    forge_spoil(&f, data, size);
    pab__bytes in = {.host = &f.host, .data = f.bad, .len = f.len};
    pab_status status = pab__prefs_read(&f.host, &in, "forged", &prefs);
    if (status == PAB_OK)
        use(prefs);
    else
        forge_refused(status);
    pab_prefs_free(prefs);
    forge_mend(&f, data, size);
    return 0;
}
