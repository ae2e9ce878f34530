/* Elements over all extensions of a list. */
#include "scenario/extension.h"

#include "base/rng.h"

#include <string.h>

const pab__builtin_type *pab__extensions_type(const pab__extension *const *list, uint32_t index)
{
    for (; *list; list++) {
        if (index < (*list)->type_count)
            return (*list)->types[index];
        index -= (*list)->type_count;
    }
    return NULL;
}

const pab__builtin_type *pab__extensions_type_named(const pab__extension *const *list, const char *name)
{
    const pab__builtin_type *one;
    for (uint32_t i = 0; (one = pab__extensions_type(list, i)); i++) {
        if (strcmp(one->type.name, name) == 0)
            return one;
    }
    return NULL;
}

const pab__section *pab__extensions_section(const pab__extension *const *list, uint32_t index)
{
    for (; *list; list++) {
        if (index < (*list)->section_count)
            return &(*list)->sections[index];
        index -= (*list)->section_count;
    }
    return NULL;
}

const pab__preset *pab__preset_at(const pab__extension *const *list, uint32_t index)
{
    if (index < PAB__PRESET_COUNT)
        return &pab__presets[index];
    index -= PAB__PRESET_COUNT;
    for (; *list; list++) {
        if (index < (*list)->preset_count)
            return &(*list)->presets[index];
        index -= (*list)->preset_count;
    }
    return NULL;
}

const pab__preset *pab__preset_named(const pab__extension *const *list, const char *name)
{
    const pab__preset *preset;
    for (uint32_t i = 0; (preset = pab__preset_at(list, i)); i++) {
        if (strcmp(preset->name, name) == 0)
            return preset;
    }
    return NULL;
}

int64_t pab__extension_scaled(int64_t count, double factor)
{
    int64_t rounded = pab__round_half_even((double)count * factor);
    return rounded == 0 && count > 0 && factor > 0 ? 1 : rounded;
}
