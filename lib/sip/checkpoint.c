/* Checkpoints: after every generation, everything that the next one depends on. */
#include "base/checkpoint.h"
#include "sip/search.h"

static const pab__file_kind checkpoint_kind = {{'S', 'C', 'K', 'P'}, 4, "a checkpoint of the search for an ensemble"};

static void write_cem(const pab__cem *cem, pab__bytes *out)
{
    pab__bytes_put_u64(out, cem->generation);
    for (int d = 0; d < PAB__CEM_DIMS; d++) {
        pab__bytes_put_real(out, cem->mean[d]);
        pab__bytes_put_real(out, cem->sd[d]);
    }
}

static void read_cem(pab__cem *cem, pab__bytes *in)
{
    cem->generation = pab__bytes_get_u64(in);
    for (int d = 0; d < PAB__CEM_DIMS; d++) {
        cem->mean[d] = pab__bytes_get_finite(in);
        cem->sd[d] = pab__bytes_get_finite(in);
    }
}

pab_status pab__sip_checkpoint_save(const pab__sip_search *s)
{
    const pab__sip_state *state = s->state;
    if (!s->options.checkpoint)
        return PAB_OK;
    pab__bytes out = pab__checkpoint_begin(&s->host, s->identity);
    pab__bytes_put_u32(&out, state->searches);
    pab__bytes_put_u32(&out, state->rows);
    pab__bytes_put_u32(&out, state->candidates);
    pab__bytes_put_u32(&out, (uint32_t)state->over);
    pab__bytes_put_real(&out, state->eta);
    write_cem(&state->cem, &out);
    for (uint32_t i = 0; i < state->searches; i++) {
        pab__bytes_put_real(&out, state->search[i].eta);
        write_cem(&state->search[i].end, &out);
    }
    for (uint32_t i = 0; i < state->rows; i++)
        pab__sip_generation_write(&state->row[i], &out);
    for (uint32_t i = 0; i < state->candidates; i++) {
        pab__bytes_put_u32(&out, (uint32_t)state->candidate[i].kind);
        pab__bytes_put_u32(&out, (uint32_t)state->candidate[i].expert);
        pab__bytes_put_real(&out, state->candidate[i].eta);
        pab__sip_table_write(&state->candidate[i].table, &out);
    }
    pab__bytes_put_u32(&out, state->sweeps);
    pab__bytes_put_u32(&out, (uint32_t)state->refined);
    if (state->refined)
        pab__sip_table_write(&state->better, &out);
    for (uint32_t i = 0; i < state->sweeps; i++)
        pab__sip_sweep_write(&state->sweep[i], &out);
    return pab__checkpoint_save(&out, &checkpoint_kind, s->options.checkpoint);
}

static int read_searches(pab__sip_search *s, pab__bytes *in)
{
    pab__sip_state *state = s->state;
    state->searches = pab__bytes_get_u32(in);
    state->rows = pab__bytes_get_u32(in);
    state->candidates = pab__bytes_get_u32(in);
    state->over = pab__bytes_get_u32(in) != 0;
    state->eta = pab__bytes_get_finite(in);
    read_cem(&state->cem, in);
    if (state->searches > PAB__SIP_SEARCHES || state->rows > s->room || state->candidates > PAB__SIP_FINALISTS)
        return 0;
    for (uint32_t i = 0; i < state->searches; i++) {
        state->search[i].eta = pab__bytes_get_finite(in);
        read_cem(&state->search[i].end, in);
    }
    return 1;
}

static int read_sweeps(pab__sip_search *s, pab__bytes *in)
{
    pab__sip_state *state = s->state;
    state->sweeps = pab__bytes_get_u32(in);
    state->refined = pab__bytes_get_u32(in) != 0;
    if (state->sweeps > s->how.refine)
        return 0;
    if (state->refined)
        pab__sip_table_read(&state->better, in);
    for (uint32_t i = 0; i < state->sweeps; i++)
        pab__sip_sweep_read(&state->sweep[i], in);
    return 1;
}

static pab_status read_state(pab__sip_search *s, pab__bytes *in)
{
    pab__sip_state *state = s->state;
    int sound = read_searches(s, in);
    for (uint32_t i = 0; sound && i < state->rows; i++)
        pab__sip_generation_read(&state->row[i], in);
    for (uint32_t i = 0; sound && i < state->candidates; i++) {
        state->candidate[i].kind = (int32_t)pab__bytes_get_u32(in);
        state->candidate[i].expert = (int32_t)pab__bytes_get_u32(in);
        state->candidate[i].eta = pab__bytes_get_finite(in);
        sound = pab__sip_finalist_is_known(state->candidate[i].kind, state->candidate[i].expert);
        pab__sip_table_read(&state->candidate[i].table, in);
    }
    sound = sound && read_sweeps(s, in);
    return pab__checkpoint_close(in, PAB_OK, sound, &checkpoint_kind, s->options.checkpoint);
}

pab_status pab__sip_checkpoint_load(pab__sip_search *s)
{
    pab__bytes in;
    int found;
    pab_status status = pab__checkpoint_open(&s->host, &checkpoint_kind, s->options.checkpoint, s->identity, &in,
                                             &found);
    return status == PAB_OK && found ? read_state(s, &in) : status;
}
