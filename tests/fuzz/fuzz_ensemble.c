/* Forged ensembles: refused, or read and then described and asked like any other. */
#include <stdio.h>

#include "forge.h"
#include "sip/sip.h"

static forge f;

static void start(void)
{
    pab_sip_options how;
    pab_sip *sip = NULL;
    forge_open(&f);
    forge_must(pab_sip_options_init(&how, sizeof how));
    how.generations = 1;
    how.candidates = 8;
    how.elite = 1;
    how.seeds = how.final_seeds = how.validation_seeds = 1;
    how.front = 0;
    how.refine = 1;
    how.refine_visits = 1;
    forge_must(pab_sip_train(f.scn, NULL, NULL, &how, &sip));
    pab__bytes out = {.host = &f.host};
    pab__sip_write(sip, &out);
    forge_keep(&f, out.data, out.len);
    pab__bytes_free(&out);
    pab_sip_free(sip);
}

static void use(const pab_sip *sip)
{
    pab_policy *policy = NULL;
    pab_status status = pab_sip_policy(sip, &policy);
    forge_act(&f, status, policy);
    for (int32_t c = 0; c < PAB__SIP_CELLS; c++) {
        pab_sip_cell cell = {.struct_size = sizeof cell};
        forge_must(pab_sip_cell_get(sip, c, &cell));
        if (!pab_policy_builtin((uint32_t)cell.dominant))
            abort();
    }
    for (uint32_t i = 0; i < sip->info.finalists; i++) {
        pab_sip_finalist row = {.struct_size = sizeof row};
        forge_must(pab_sip_finalist_get(sip, i, &row));
    }
    for (uint32_t i = 0; i < sip->info.sweeps; i++) {
        pab_sip_sweep row = {.struct_size = sizeof row};
        forge_must(pab_sip_sweep_get(sip, i, &row));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pab_sip *sip = NULL;
    if (!f.good)
        start();
    forge_spoil(&f, data, size);
    pab__bytes in = {.host = &f.host, .data = f.bad, .len = f.len};
    pab_status status = pab__sip_read(&f.host, &in, "forged", &sip);
    if (status == PAB_OK)
        use(sip);
    else
        forge_refused(status);
    pab_sip_free(sip);
    forge_mend(&f, data, size);
    return 0;
}
