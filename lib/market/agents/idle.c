/* Idle trading agent: asks for hours and close price, wakes once, never trades. It stands where rmsc03 has an
 * execution agent that ABIDES does not ship. */
#include "market/agents/agents.h"

typedef struct idle_params {
    int64_t wake_offset;
} idle_params;

static const pab_param params[] = {
    {"wake_offset", PAB_PARAM_DURATION, offsetof(idle_params, wake_offset), "ns", "0", 0, 1e18, NULL,
     "Time after the open of the only waking."},
};

static int64_t idle_first_wakeup(pab_agent *self, void *own)
{
    (void)own;
    return ((const idle_params *)pab_agent_params(self))->wake_offset;
}

static void idle_wakeup(pab_agent *self, void *own, int32_t can_trade)
{
    (void)self;
    (void)own;
    (void)can_trade;
}

const pab__builtin_type pab__idle_agent = {
    .type = {
        .struct_size = sizeof(pab_agent_type),
        .params_size = sizeof(idle_params),
        .params = params,
        .params_count = sizeof params / sizeof params[0],
        .name = "idle",
        .label = "ExecutionAgent",
        .first_wakeup = idle_first_wakeup,
        .on_wakeup = idle_wakeup,
    },
};
