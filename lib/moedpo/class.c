/* Epochs of distillation over notes, and the test on those held out. */
#include "moedpo/school.h"

#include "base/rng.h"

#include <string.h>

enum { PURPOSE_CLASS = 0x636c6173 };

/* Values of a batch. */
enum { VALUE_KL, VALUE_PART, VALUE_AGREE = VALUE_PART + PAB__COMPONENTS + 1 };

_Static_assert(VALUE_AGREE + PAB__COMPONENTS <= PAB__VALUES, "room for what is measured");

/* A batch: states `order[0 ..]`. */
typedef struct sitting {
    const pab__class *class;
    const uint32_t *order;
    double amount;
} sitting;

pab_status pab__class_begin(pab__class *class, const pab_host *host, pab__threads *threads, const pab__notes *notes,
                            uint32_t components, uint64_t seed)
{
    *class = (pab__class){.notes = notes, .components = components, .seed = seed};
    pab_status status = pab__trainer_init(&class->trainer, host, threads, 0);
    if (status != PAB_OK)
        return status;
    class->order = pab__alloc(host, (notes->count + 1) * sizeof *class->order);
    class->tests = pab__alloc(host, (notes->count + 1) * sizeof *class->tests);
    if (!class->order || !class->tests) {
        pab__class_end(class);
        return pab__fail(PAB_E_MEMORY, "no memory for the order of %u states", notes->count);
    }
    for (uint32_t i = 0; i < notes->count; i++)
        class->taught += notes->held[i] == 0;
    for (uint32_t i = 0; i < notes->count; i++)
        if (notes->held[i] != 0)
            class->tests[class->tested++] = i;
    return PAB_OK;
}

void pab__class_end(pab__class *class)
{
    const pab_host host = class->trainer.host;
    if (!class->notes)
        return;
    pab__release(&host, class->order, (class->notes->count + 1) * sizeof *class->order);
    pab__release(&host, class->tests, (class->notes->count + 1) * sizeof *class->tests);
    pab__trainer_free(&class->trainer);
    *class = (pab__class){0};
}

static void lesson_item(void *user, uint32_t item, pab__shard *shard)
{
    const sitting *s = user;
    const pab__class *class = s->class;
    uint32_t at = s->order[item];
    const pab__lesson *lesson = &class->notes->lessons[at];
    pab__pass pass;
    pab__slope slope = {0};
    double part[PAB__COMPONENTS + 1];
    pab__pass_forward(&class->trainer.learner->net, class->components, &class->notes->points[at], &pass);
    shard->value[VALUE_KL] += pab__loss_lesson(&pass, lesson, s->amount, &slope, part);
    if (shard->learning) {
        pab__pass_backward(&class->trainer.learner->net, &pass, &slope, 0, &shard->gradient, NULL);
        return;
    }
    for (int i = 0; i <= PAB__COMPONENTS; i++)
        shard->value[VALUE_PART + i] += part[i];
    for (uint32_t e = 0; e < class->components; e++)
        shard->value[VALUE_AGREE + e] += pab__joint_best(&pass.joint[e]) == lesson->best[e];
}

double pab__class_epoch(pab__class *class, uint32_t epoch)
{
    double value[PAB__VALUES], sum = 0.0;
    uint32_t n = 0, taken = 0, most = class->taught < PAB__FEW_LESSONS ? PAB__BATCH_FEW : PAB__BATCH_LESSONS;
    class->trainer.rate = 1e-3;
    pab__shuffle(class->order, class->notes->count, pab__rng_key(class->seed, epoch, PURPOSE_CLASS));
    for (uint32_t i = 0; i < class->notes->count; i++)
        if (class->notes->held[class->order[i]] == 0)
            class->order[n++] = class->order[i];
    while (taken < n) {
        uint32_t count = n - taken < most ? n - taken : most;
        sitting s = {.class = class, .order = class->order + taken, .amount = 1.0 / count};
        pab__trainer_step(&class->trainer, count, lesson_item, &s, value);
        sum += value[VALUE_KL];
        taken += count;
    }
    return n > 0 ? sum / n : 0.0;
}

void pab__class_test(pab__class *class, pab__report *out)
{
    double value[PAB__VALUES];
    double n = class->tested > 0 ? class->tested : 1;
    sitting s = {.class = class, .order = class->tests};
    pab__trainer_sum(&class->trainer, class->tested, lesson_item, &s, value);
    out->kl = value[VALUE_KL] / n;
    for (int i = 0; i <= PAB__COMPONENTS; i++)
        out->part[i] = value[VALUE_PART + i] / n;
    for (int e = 0; e < PAB__COMPONENTS; e++)
        out->agree[e] = value[VALUE_AGREE + e] / n;
}
