/* Growable arrays, and the files that let an interrupted distillation resume. */
#include "moedpo/distil_dataset.h"

#include "moedpo/checkpoint.h"

#include <string.h>

static const pab__file_kind kind = {{'M', 'N', 'O', 'T'}, 1, "states of a distillation"};

/* A state in the file. */
typedef struct record {
    pab__mixture_input input;
    pab__distil_target target;
    uint64_t held_out;
} record;

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

pab_status pab__distil_dataset_save(const pab__distil_dataset *dataset, uint32_t from, const char *path, uint64_t run)
{
    const pab_host *host = &dataset->host;
    size_t count = dataset->count - from;
    if (!path)
        return PAB_OK;
    record *records = pab__alloc(host, (count + 1) * sizeof *records);
    if (!records)
        return pab__fail(PAB_E_MEMORY, "no memory to write the targets of %zu states", count);
    for (size_t i = 0; i < count; i++) {
        records[i].input = dataset->inputs[from + i];
        records[i].target = dataset->targets[from + i];
        records[i].held_out = dataset->held_out[from + i];
    }
    pab_status status = pab__moe_checkpoint_write(host, &kind, path, run, records, count * sizeof *records);
    pab__release(host, records, (count + 1) * sizeof *records);
    return status;
}

pab_status pab__distil_dataset_load(pab__distil_dataset *dataset, uint32_t count, const char *path, uint64_t run)
{
    const pab_host *host = &dataset->host;
    int32_t found = 0;
    record *records = pab__alloc(host, (count + 1) * sizeof *records);
    if (!records)
        return pab__fail(PAB_E_MEMORY, "no memory to read the targets of %u states", count);
    pab_status status = pab__moe_checkpoint_read(host, &kind, path, run, records, count * sizeof *records, &found);
    if (status == PAB_OK && !found)
        status = pab__fail(PAB_E_IO, "'%s' does not exist; expected it beside its checkpoint", path ? path : "");
    if (status == PAB_OK)
        status = pab__distil_dataset_reserve(dataset, count);
    for (uint32_t i = 0; status == PAB_OK && i < count; i++) {
        uint32_t at = dataset->count++;
        dataset->inputs[at] = records[i].input;
        dataset->targets[at] = records[i].target;
        dataset->held_out[at] = (uint8_t)records[i].held_out;
    }
    pab__release(host, records, (count + 1) * sizeof *records);
    return status;
}
