/* Checkpoints: after every round, everything that the next one depends on. */
#include "qlearn/train.h"

#include <stdio.h>

static const pab__file_kind checkpoint_kind = {{'Q', 'C', 'K', 'P'}, 1, "a checkpoint of Q-learning"};

pab_status pab__checkpoint_save(const pab__training *t)
{
    if (!t->options.checkpoint)
        return PAB_OK;
    pab__bytes out = {.host = t->host};
    pab__bytes_frame(&out);
    pab__put(&out, t->identity, 8);
    pab__qtable_write(t->q, &out);
    pab__put(&out, (uint32_t)t->table, 4);
    pab__put(&out, (uint32_t)t->begun, 4);
    pab__put(&out, t->round, 4);
    pab__put(&out, t->stale, 4);
    pab__put(&out, t->best_round, 4);
    pab__put_real(&out, t->best);
    pab__put_real(&out, t->bar);
    for (uint32_t i = 0; i < t->judges; i++)
        pab__put_real(&out, t->rule[i]);
    if (t->table < PAB_TABLE_COUNT)
        pab__table_write(&t->kept[t->table == PAB_TABLE_PAIR], &out);
    pab_status status = pab__bytes_save(&out, &checkpoint_kind, t->options.checkpoint);
    pab__bytes_free(&out);
    return status;
}

static pab_status read_state(pab__training *t, pab__bytes *in)
{
    pab_qtable *q;
    if (pab__get(in, 8) != t->identity)
        return pab__fail(PAB_E_KIND, "checkpoint '%s' is of another training run: scenario, expert, master seed and "
                         "options must be the same", t->options.checkpoint);
    pab_status status = pab__qtable_read_bytes(&t->host, in, &q);
    if (status != PAB_OK)
        return status;
    pab_qtable_free(t->q);
    t->q = q;
    t->table = (int32_t)pab__get(in, 4);
    t->begun = (int32_t)pab__get(in, 4);
    t->round = (uint32_t)pab__get(in, 4);
    t->stale = (uint32_t)pab__get(in, 4);
    t->best_round = (uint32_t)pab__get(in, 4);
    t->best = pab__get_real(in);
    t->bar = pab__get_real(in);
    for (uint32_t i = 0; i < t->judges; i++)
        t->rule[i] = pab__get_real(in);
    int sound = t->table >= 0 && t->table <= PAB_TABLE_COUNT;
    if (sound && t->table < PAB_TABLE_COUNT)
        sound = pab__table_read(pab__training_kept(t), in);
    if (!sound || in->bad || in->at != in->len)
        return pab__fail(PAB_E_CORRUPT, "checkpoint '%s' has an impossible number in it", t->options.checkpoint);
    return PAB_OK;
}

pab_status pab__checkpoint_load(pab__training *t, int *found)
{
    pab__bytes in;
    *found = 0;
    if (!t->options.checkpoint)
        return PAB_OK;
    FILE *there = fopen(t->options.checkpoint, "rb");
    if (!there)
        return PAB_OK;
    fclose(there);
    pab_status status = pab__bytes_load(&t->host, &checkpoint_kind, t->options.checkpoint, &in);
    if (status != PAB_OK)
        return status;
    status = read_state(t, &in);
    pab__bytes_free(&in);
    *found = status == PAB_OK;
    return status;
}
