/* Forged learned experts: refused, or read and then described, asked and written like any other. */
#include <stdio.h>

#include "forge.h"
#include "qlearn/qtable.h"

static forge f;

static void start(void)
{
    pab_learn_options options;
    pab_qtable_options how;
    pab_qtable *q = NULL;
    forge_open(&f);
    forge_must(pab_learn_options_init(&options, sizeof options));
    forge_must(pab_qtable_options_init(&how, sizeof how));
    how.rounds = how.episodes = how.repeats = how.validation = how.interval = 1;
    options.qtable = &how;
    forge_must(pab_qtable_train(f.scn, PAB_EXPERT_LAE, &options, &q));
    pab__bytes out = {.host = &f.host};
    pab__qtable_write(q, &out);
    forge_keep(&f, out.data, out.len);
    pab__bytes_free(&out);
    pab_qtable_free(q);
}

static void use(const pab_qtable *q)
{
    pab_policy *policy = NULL;
    pab_status status = pab_qtable_policy(q, &policy);
    forge_act(&f, status, policy);
    for (int32_t t = 0; t < PAB_TABLE_COUNT; t++) {
        pab_qtable_info info = {.struct_size = sizeof info};
        pab_qtable_entry entry = {.struct_size = sizeof entry};
        forge_must(pab_qtable_describe(q, t, &info));
        forge_must(pab_qtable_read(q, t, 7, 1, &entry));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pab_qtable *q = NULL;
    if (!f.good)
        start();
    forge_spoil(&f, data, size);
    pab__bytes in = {.host = &f.host, .data = f.bad, .len = f.len};
    pab_status status = pab__qtable_read_bytes(&f.host, &in, &q);
    if (status == PAB_OK)
        use(q);
    else
        forge_refused(status);
    pab_qtable_free(q);
    forge_mend(&f, data, size);
    return 0;
}
