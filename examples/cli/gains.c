#include "gains.h"

#include <string.h>

static label_gain *find_label(label_gain *gains, int64_t *count, size_t cap, const char *label)
{
    for (int64_t i = 0; i < *count; i++) {
        if (strcmp(gains[i].label, label) == 0)
            return &gains[i];
    }
    if ((size_t)*count == cap)
        return NULL;
    gains[*count] = (label_gain){.label = label};
    return &gains[(*count)++];
}

int64_t label_gains(const pab_scenario *scenario, const pab_market *market, label_gain *out, size_t cap)
{
    pab_scenario_info info = {.struct_size = sizeof info};
    int64_t count = 0;
    if (pab_scenario_describe(scenario, &info) != PAB_OK)
        return -1;
    for (uint32_t g = 0; g < info.group_count; g++) {
        pab_group_info group = {.struct_size = sizeof group};
        if (pab_scenario_group(scenario, g, &group) != PAB_OK)
            return -1;
        label_gain *gain = find_label(out, &count, cap, group.label);
        for (int32_t i = 0; gain && i < group.count; i++) {
            pab_agent_info agent = {.struct_size = sizeof agent};
            if (pab_market_agent(market, group.first_id + i, &agent) != PAB_OK)
                return -1;
            gain->total += agent.mark_to_market - group.starting_cash;
            gain->agents++;
        }
    }
    return count;
}
