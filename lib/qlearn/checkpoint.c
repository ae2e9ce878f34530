/* Checkpoints: after every round, everything that the next one depends on. */
#include "base/checkpoint.h"
#include "qlearn/train.h"

static const pab__file_kind checkpoint_kind = {{'Q', 'C', 'K', 'P'}, 1, "a checkpoint of Q-learning"};

pab_status pab__qlearn_checkpoint_save(const pab__qlearn_training *t)
{
    if (!t->options.checkpoint)
        return PAB_OK;
    pab__bytes out = pab__checkpoint_begin(&t->host, t->identity);
    pab__qtable_write(t->q, &out);
    pab__bytes_put_u32(&out, (uint32_t)t->table);
    pab__bytes_put_u32(&out, (uint32_t)t->begun);
    pab__bytes_put_u32(&out, t->round);
    pab__bytes_put_u32(&out, t->stale);
    pab__bytes_put_u32(&out, t->best_round);
    pab__bytes_put_real(&out, t->best);
    pab__bytes_put_real(&out, t->bar);
    for (uint32_t i = 0; i < t->validation_episodes; i++)
        pab__bytes_put_real(&out, t->rule[i]);
    if (t->table < PAB_TABLE_COUNT)
        pab__table_write(&t->kept[t->table == PAB_TABLE_PAIR], &out);
    return pab__checkpoint_save(&out, &checkpoint_kind, t->options.checkpoint);
}

static pab_status read_state(pab__qlearn_training *t, pab__bytes *in)
{
    pab_qtable *q;
    pab_status status = pab__qtable_read_bytes(&t->host, in, &q);
    if (status != PAB_OK)
        return pab__checkpoint_close(in, status, 1, &checkpoint_kind, t->options.checkpoint);
    const int same = q->expert == t->q->expert;
    pab_qtable_free(t->q);
    t->q = q;
    t->table = (int32_t)pab__bytes_get_u32(in);
    t->begun = (int32_t)pab__bytes_get_u32(in);
    t->round = pab__bytes_get_u32(in);
    t->stale = pab__bytes_get_u32(in);
    t->best_round = pab__bytes_get_u32(in);
    t->best = pab__bytes_get_real(in);
    t->bar = pab__bytes_get_real(in);
    for (uint32_t i = 0; i < t->validation_episodes; i++)
        t->rule[i] = pab__bytes_get_finite(in);
    int sound = same && t->table >= 0 && t->table <= PAB_TABLE_COUNT;
    if (sound && t->table < PAB_TABLE_COUNT)
        sound = pab__table_read(pab__qlearn_kept(t), in);
    return pab__checkpoint_close(in, PAB_OK, sound, &checkpoint_kind, t->options.checkpoint);
}

pab_status pab__qlearn_checkpoint_load(pab__qlearn_training *t, int *found)
{
    pab__bytes in;
    pab_status status = pab__checkpoint_open(&t->host, &checkpoint_kind, t->options.checkpoint, t->identity, &in,
                                             found);
    return status == PAB_OK && *found ? read_state(t, &in) : status;
}
