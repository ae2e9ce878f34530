/* Forged mixtures: refused, or described and asked like any other. */
#include <stdio.h>

#include "forge.h"
#include "moedpo/moe.h"

static forge f;
static pab_moe *moe;

static void start(void)
{
    forge_open(&f);
    moe = pab__moe_new(&f.host);
    if (!moe)
        abort();
    moe->body.components = PAB_MOE_COMPONENTS;
    moe->body.loss = -1;
    for (int c = 0; c < PAB_MOE_CELLS; c++)
        for (int e = 0; e < PAB_EXPERT_COUNT; e++)
            moe->body.ensemble_weight[c][e] = 0.25;
    pab__mixture_net_init(&moe->body.net, 1);
    forge_keep(&f, &moe->body, sizeof moe->body);
}

static void use(void)
{
    pab_policy *policy = NULL;
    float obs[PAB_ENV_OBSERVATIONS];
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    pab_moe_explanation why = {.struct_size = sizeof why};
    pab_moe_cell cell = {.struct_size = sizeof cell};
    pab_status status = pab_moe_policy(moe, &policy);
    forge_act(&f, status, policy);
    forge_must(pab_env_observe(f.env, obs, PAB_ENV_OBSERVATIONS));
    forge_must(pab_env_legal(f.env, mask));
    forge_must(pab_moe_describe(moe, obs, mask, &why));
    forge_must(pab_moe_cell_get(moe, 5, &cell));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!f.good)
        start();
    forge_spoil(&f, data, size);
    memcpy(&moe->body, f.bad, sizeof moe->body);
    pab_status status = pab__moe_check(&moe->body, "forged");
    if (status == PAB_OK)
        use();
    else
        forge_refused(status);
    forge_mend(&f, data, size);
    return 0;
}
