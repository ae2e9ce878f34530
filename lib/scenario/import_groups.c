/* The groups of agents of a recorded run. */
#include "scenario/import.h"

#include <stdio.h>
#include <string.h>

/* "randint_20_50_at_construction": one draw per agent, and its bounds. */
static pab_status take_drawn_size(pab__import *im, const pab__node *size, pab__node *group)
{
    char low[20], high[20];
    int end = 0;
    pab_status status = pab__import_put(im, group, "order_size", "per_agent", NULL);
    if (status != PAB_OK || strcmp(size->text, "randint_min_max_at_construction") == 0)
        return status;
    if (sscanf(size->text, "randint_%18[0-9]_%18[0-9]_at_construction%n", low, high, &end) != 2 || end == 0 ||
        size->text[end])
        return pab__node_fail(size, PAB_E_TYPE,
                              "order_size: '%.80s' is not usable, expected mixture, randint_LOW_HIGH_at_construction, "
                              "randint_min_max_at_construction or a whole number", size->text);
    if (pab__node_find(group, "min_size"))
        return pab__node_fail(size, PAB_E_KEY, "order_size: its bounds are given twice, here and as min_size");
    status = pab__import_put(im, group, "min_size", low, NULL);
    return status == PAB_OK ? pab__import_put(im, group, "max_size", high, NULL) : status;
}

static pab_status take_order_size(pab__import *im, const pab__node *from, pab__node *group)
{
    const pab__node *size = pab__node_find(from, "order_size");
    if (!size)
        return PAB_OK;
    if (!pab__import_text_of(size))
        return pab__node_fail(size, PAB_E_TYPE, "order_size: expected text or a whole number");
    if (size->quoted && strcmp(size->text, "mixture") == 0)
        return pab__import_put(im, group, "order_size", "mixture", NULL);
    if (size->quoted)
        return take_drawn_size(im, size, group);
    pab_status status = pab__import_put(im, group, "order_size", "fixed", NULL);
    return status == PAB_OK ? pab__import_put_number(im, group, "fixed_size", size) : status;
}

/* noise; with several groups of the kind noise_AAA; should that be taken, noise_AAA_2. */
static void name_group(const pab__import *im, const pab__node *from, const pab__import_kind *kind,
                       const pab__node *groups, char out[PAB__KEY_MAX + 1])
{
    int32_t same = 0;
    const char *symbol = pab__import_text_of(pab__node_find(from, "symbol"));
    for (const pab__node *g = pab__node_find(im->from, "groups")->first; g; g = g->next) {
        const char *other = pab__import_text_of(pab__node_find(g, "kind"));
        same += other && strcmp(other, kind->from) == 0;
    }
    int32_t suffix = same > 1 && symbol;
    snprintf(out, PAB__KEY_MAX + 1, "%s%s%.80s", kind->type, suffix ? "_" : "", suffix ? symbol : "");
    size_t len = strlen(out);
    for (unsigned n = 2; pab__node_find(groups, out); n++)
        snprintf(out + len, PAB__KEY_MAX + 1 - len, "_%u", n);
}

/* Groups come in order of their ids, without gaps. */
static pab_status take_count(pab__import *im, const pab__node *from)
{
    int64_t first, count;
    pab_status status = pab__import_read_int(pab__node_find(from, "first_id"), "first_id", 0, INT32_MAX, &first);
    if (status == PAB_OK)
        status = pab__import_read_int(pab__node_find(from, "count"), "count", 0, 1000000, &count);
    if (status == PAB_OK && first != im->agents)
        status = pab__node_fail(pab__node_find(from, "first_id"), PAB_E_RANGE,
                                "first_id: %lld, but the agents before it end at %lld", (long long)first,
                                (long long)im->agents - 1);
    if (status == PAB_OK)
        im->agents += count;
    return status;
}

/* A maker asks for the volume since its last waking; that much must be remembered. */
static pab_status note_window(pab__import *im, const pab__node *from)
{
    static const char *const keys[] = {"wake_up_freq_ns", "subscribe_freq_ns"};
    pab_status status = PAB_OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == PAB_OK; i++) {
        const pab__node *node = pab__node_find(from, keys[i]);
        int64_t value = 0;
        if (node)
            status = pab__import_read_int(node, keys[i], 0, INT64_MAX, &value);
        if (value > im->window)
            im->window = value;
    }
    return status;
}

static pab_status take_group(pab__import *im, const pab__node *from, pab__node *groups)
{
    const char *name = pab__import_text_of(pab__node_find(from, "kind"));
    const pab__import_kind *kind = NULL;
    for (const pab__import_kind *k = pab__import_kinds; name && k->from; k++) {
        if (strcmp(k->from, name) == 0)
            kind = k;
    }
    if (!kind)
        return pab__node_fail(from, PAB_E_KEY, "groups: the kind of agent '%.80s' is unknown", name ? name : "");
    char key[PAB__KEY_MAX + 1];
    pab__node *group;
    name_group(im, from, kind, groups, key);
    pab_status status = pab__import_put_map(im, groups, key, &group);
    if (status == PAB_OK)
        status = pab__import_put(im, group, "type", kind->type, NULL);
    if (status == PAB_OK)
        status = pab__import_take_object(im, from, key, kind->keys, group);
    if (status == PAB_OK)
        status = pab__import_take_text(im, from, "symbol", "symbol", 1, group);
    if (status == PAB_OK)
        status = pab__import_take_text(im, from, "type", "label", 0, group);
    if (status == PAB_OK)
        status = take_order_size(im, from, group);
    if (status == PAB_OK)
        status = take_count(im, from);
    return status == PAB_OK && kind->looks_back ? note_window(im, from) : status;
}

pab_status pab__import_take_groups(pab__import *im)
{
    const pab__node *from = pab__node_find(im->from, "groups");
    pab__node *groups;
    pab_status status = pab__import_put_map(im, im->tree.root, "agents", &groups);
    if (status == PAB_OK && from->kind != PAB__NODE_LIST)
        status = pab__node_fail(from, PAB_E_TYPE, "groups: expected a list");
    if (status == PAB_OK && from->count > PAB__IMPORT_PARTS_MAX)
        status = pab__node_fail(from, PAB_E_CAPACITY, "groups: %u, at most %d are read", from->count,
                                PAB__IMPORT_PARTS_MAX);
    for (const pab__node *item = from->first; item && status == PAB_OK; item = item->next)
        status = take_group(im, item, groups);
    int64_t told = 0;
    const pab__node *count = pab__node_find(im->from, "agent_count");
    if (status == PAB_OK)
        status = pab__import_read_int(count, "agent_count", 0, INT32_MAX, &told);
    if (status == PAB_OK && told != im->agents)
        status = pab__node_fail(count, PAB_E_RANGE, "agent_count: %lld, but exchange and groups have %lld agents",
                                (long long)told, (long long)im->agents);
    return status;
}
