/* Checkpoints: after every generation, everything that the next one depends on. */
#include <stdio.h>

#include "sip/search.h"

static const pab__file_kind checkpoint_kind = {{'S', 'C', 'K', 'P'}, 4, "a checkpoint of the search for an ensemble"};

static void write_cem(const pab__cem *cem, pab__bytes *out)
{
    pab__put(out, cem->generation, 8);
    for (int d = 0; d < PAB__CEM_DIMS; d++) {
        pab__put_real(out, cem->mean[d]);
        pab__put_real(out, cem->sd[d]);
    }
}

static void read_cem(pab__cem *cem, pab__bytes *in)
{
    cem->generation = pab__get(in, 8);
    for (int d = 0; d < PAB__CEM_DIMS; d++) {
        cem->mean[d] = pab__get_real(in);
        cem->sd[d] = pab__get_real(in);
    }
}

pab_status pab__sip_checkpoint_save(const pab__sip_search *s)
{
    const pab__sip_state *state = s->state;
    if (!s->options.checkpoint)
        return PAB_OK;
    pab__bytes out = {.host = s->host};
    pab__bytes_frame(&out);
    pab__put(&out, s->identity, 8);
    pab__put(&out, state->searches, 4);
    pab__put(&out, state->rows, 4);
    pab__put(&out, state->entrants, 4);
    pab__put(&out, (uint32_t)state->over, 4);
    pab__put_real(&out, state->eta);
    write_cem(&state->cem, &out);
    for (uint32_t i = 0; i < state->searches; i++) {
        pab__put_real(&out, state->leg[i].eta);
        write_cem(&state->leg[i].end, &out);
    }
    for (uint32_t i = 0; i < state->rows; i++)
        pab__sip_generation_write(&state->row[i], &out);
    for (uint32_t i = 0; i < state->entrants; i++) {
        pab__put(&out, (uint32_t)state->entrant[i].kind, 4);
        pab__put(&out, (uint32_t)state->entrant[i].expert, 4);
        pab__put_real(&out, state->entrant[i].eta);
        pab__sip_table_write(&state->entrant[i].table, &out);
    }
    pab__put(&out, state->sweeps, 4);
    pab__put(&out, (uint32_t)state->refined, 4);
    if (state->refined)
        pab__sip_table_write(&state->better, &out);
    for (uint32_t i = 0; i < state->sweeps; i++)
        pab__sip_sweep_write(&state->sweep[i], &out);
    pab_status status = pab__bytes_save(&out, &checkpoint_kind, s->options.checkpoint);
    pab__bytes_free(&out);
    return status;
}

static int read_searches(pab__sip_search *s, pab__bytes *in)
{
    pab__sip_state *state = s->state;
    state->searches = (uint32_t)pab__get(in, 4);
    state->rows = (uint32_t)pab__get(in, 4);
    state->entrants = (uint32_t)pab__get(in, 4);
    state->over = pab__get(in, 4) != 0;
    state->eta = pab__get_real(in);
    read_cem(&state->cem, in);
    if (state->searches > PAB__SIP_SEARCHES || state->rows > s->room || state->entrants > PAB__SIP_FINALISTS)
        return 0;
    for (uint32_t i = 0; i < state->searches; i++) {
        state->leg[i].eta = pab__get_real(in);
        read_cem(&state->leg[i].end, in);
    }
    return 1;
}

static int read_sweeps(pab__sip_search *s, pab__bytes *in)
{
    pab__sip_state *state = s->state;
    state->sweeps = (uint32_t)pab__get(in, 4);
    state->refined = pab__get(in, 4) != 0;
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
    if (pab__get(in, 8) != s->identity)
        return pab__fail(PAB_E_KIND, "checkpoint '%s' is of another search: scenario, experts, master seed and options "
                         "must be the same", s->options.checkpoint);
    int sound = read_searches(s, in);
    for (uint32_t i = 0; sound && i < state->rows; i++)
        pab__sip_generation_read(&state->row[i], in);
    for (uint32_t i = 0; sound && i < state->entrants; i++) {
        state->entrant[i].kind = (int32_t)pab__get(in, 4);
        state->entrant[i].expert = (int32_t)pab__get(in, 4);
        state->entrant[i].eta = pab__get_real(in);
        pab__sip_table_read(&state->entrant[i].table, in);
    }
    sound = sound && read_sweeps(s, in);
    if (!sound || in->bad || in->at != in->len)
        return pab__fail(PAB_E_CORRUPT, "checkpoint '%s' has an impossible number in it", s->options.checkpoint);
    return PAB_OK;
}

pab_status pab__sip_checkpoint_load(pab__sip_search *s)
{
    pab__bytes in;
    const char *path = s->options.checkpoint;
    FILE *there = path ? fopen(path, "rb") : NULL;
    if (!there)
        return PAB_OK;
    fclose(there);
    pab_status status = pab__bytes_load(&s->host, &checkpoint_kind, path, &in);
    if (status != PAB_OK)
        return status;
    status = read_state(s, &in);
    pab__bytes_free(&in);
    return status;
}
