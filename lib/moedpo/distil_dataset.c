/* Growable arrays, and the files that let an interrupted distillation resume. */
#include "moedpo/distil_dataset.h"

#include "base/checkpoint.h"

#include <math.h>
#include <string.h>

enum { STATE_BYTES = sizeof(pab__mixture_input) + sizeof(pab__distil_target) + 1 }; /* in a file */

static const pab__file_kind kind = {{'M', 'N', 'O', 'T'}, 1, "states of a distillation"};

void pab__distil_dataset_init(pab__distil_dataset *dataset, const pab_host *host)
{
    *dataset = (pab__distil_dataset){.host = *host};
}

void pab__distil_dataset_free(pab__distil_dataset *dataset)
{
    pab__release(&dataset->host, dataset->inputs, dataset->cap * sizeof *dataset->inputs);
    pab__release(&dataset->host, dataset->targets, dataset->cap * sizeof *dataset->targets);
    pab__release(&dataset->host, dataset->held_out, dataset->cap * sizeof *dataset->held_out);
    *dataset = (pab__distil_dataset){0};
}

pab_status pab__distil_dataset_reserve(pab__distil_dataset *dataset, uint32_t more)
{
    uint64_t wanted = (uint64_t)dataset->count + more;
    if (wanted <= dataset->cap)
        return PAB_OK;
    pab__distil_dataset larger = {.host = dataset->host, .count = dataset->count, .cap = (uint32_t)wanted};
    if (wanted < UINT32_MAX) {
        larger.inputs = pab__alloc(&dataset->host, wanted * sizeof *larger.inputs);
        larger.targets = pab__alloc(&dataset->host, wanted * sizeof *larger.targets);
        larger.held_out = pab__alloc(&dataset->host, wanted * sizeof *larger.held_out);
    }
    if (!larger.inputs || !larger.targets || !larger.held_out) {
        pab__distil_dataset_free(&larger);
        return pab__fail(PAB_E_MEMORY, "no memory for the targets of %llu states", (unsigned long long)wanted);
    }
    if (dataset->count > 0) {
        memcpy(larger.inputs, dataset->inputs, dataset->count * sizeof *larger.inputs);
        memcpy(larger.targets, dataset->targets, dataset->count * sizeof *larger.targets);
        memcpy(larger.held_out, dataset->held_out, dataset->count * sizeof *larger.held_out);
    }
    pab__distil_dataset_free(dataset);
    *dataset = larger;
    return PAB_OK;
}

pab_status pab__distil_dataset_save(const pab__distil_dataset *d, uint32_t from, const char *path, uint64_t run)
{
    if (!path)
        return PAB_OK;
    pab__bytes out = pab__checkpoint_begin(&d->host, run);
    for (uint32_t i = from; i < d->count; i++) {
        pab__bytes_put(&out, &d->inputs[i], sizeof *d->inputs);
        pab__bytes_put(&out, &d->targets[i], sizeof *d->targets);
        pab__bytes_put_u8(&out, d->held_out[i]);
    }
    return pab__checkpoint_save(&out, &kind, path);
}

static int target_is_sound(const pab__distil_target *t)
{
    const float *number = &t->marginal[0][0];
    for (size_t i = 0; i < offsetof(pab__distil_target, best) / sizeof *number; i++)
        if (!isfinite(number[i]))
            return 0;
    return 1;
}

pab_status pab__distil_dataset_load(pab__distil_dataset *d, uint32_t count, const char *path, uint64_t run)
{
    pab__bytes in;
    int found = 0;
    pab_status status = pab__checkpoint_open(&d->host, &kind, path, run, &in, &found);
    if (status == PAB_OK && !found)
        status = pab__fail(PAB_E_IO, "'%s' does not exist; expected it beside its checkpoint", path ? path : "");
    if (status != PAB_OK)
        return status;
    int sound = pab__bytes_left(&in) / STATE_BYTES >= count;
    if (sound)
        status = pab__distil_dataset_reserve(d, count);
    for (uint32_t i = 0; status == PAB_OK && sound && i < count; i++) {
        uint32_t at = d->count++;
        pab__bytes_get(&in, &d->inputs[at], sizeof *d->inputs);
        pab__bytes_get(&in, &d->targets[at], sizeof *d->targets);
        d->held_out[at] = pab__bytes_get_u8(&in);
        sound = pab__mixture_input_is_sound(&d->inputs[at]) && target_is_sound(&d->targets[at]) &&
                d->held_out[at] <= 1;
    }
    return pab__checkpoint_close(&in, status, sound, &kind, path);
}
