/* Reference policies: always pay, never pay, all at once, random. */
#include "experts/kind.h"

#include "base/rng.h"

enum { SEED = 0 };
#define PURPOSE_RANDOM 0x52414e44U

static const pab__policy_option random_options[] = {
    [SEED] = {"seed", "1", "Number of the random stream; the episode's seed is mixed in", 0, 0, 9007199254740992.0},
};

/* The first legal action down the ladder, explained. */
static int32_t play(const pab__context *context, int leg, int32_t wanted, const char *title, pab__text *why)
{
    int32_t action = pab__legal_ladder(context->legal + leg * PAB_ENV_LEG_ACTIONS, wanted);
    pab__text_say(why, "%s%s leg %c: %s", leg > 0 ? "; " : "", title, 'A' + leg, pab_action_name(action));
    if (action != wanted)
        pab__text_say(why, " (%s is not legal now)", pab_action_name(wanted));
    return action;
}

static void aggressive(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                       pab__text *why)
{
    (void)params;
    (void)state;
    const pab_env_status *now = &context->status;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        int64_t leaves = now->parent[leg] - now->filled[leg];
        int32_t left = now->steps > now->step ? now->steps - now->step : 1;
        int64_t wanted = 2 * ((leaves + left - 1) / left);
        wanted = wanted < leaves ? wanted : leaves;
        int32_t style = now->far_quantity[leg] < wanted ? PAB_STYLE_SWEEP : PAB_STYLE_TAKE;
        out->action[leg] = play(context, leg, pab__action_of(style, PAB__SIZE_TWO), "AGGRESSIVE", why);
    }
}

static void passive(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                    pab__text *why)
{
    (void)params;
    (void)state;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
        out->action[leg] = play(context, leg, PAB__ACTION(JOIN, ONE), "PASSIVE", why);
}

/* The hedge band lets through what it can at a time; the rest follows at the next decisions. */
static void immediate(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                      pab__text *why)
{
    (void)params;
    (void)state;
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        int64_t leaves = context->status.parent[leg] - context->status.filled[leg];
        out->action[leg] = play(context, leg, PAB__ACTION(SWEEP, TWO), "IMMEDIATE", why);
        out->quantity[leg] = out->action[leg] >= PAB_ACTION_FIRST_STYLE ? leaves : 0;
        pab__text_say(why, ", all %lld shares that are left", (long long)leaves);
    }
}

typedef struct random_state {
    pab__rng rng;
    uint64_t begun;
} random_state;

/* Legs are drawn apart: the joint legal set is a product, so the pair is uniform over it. */
static void anything(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                     pab__text *why)
{
    random_state *kept = state;
    if (!kept->begun) {
        pab__rng_seed(&kept->rng, pab__rng_key(context->status.seed, (uint64_t)params->value[SEED], PURPOSE_RANDOM));
        kept->begun = 1;
    }
    pab__draw draw = {.rng = &kept->rng};
    for (int leg = 0; leg < PAB_ENV_LEGS; leg++) {
        const uint8_t *legal = context->legal + leg * PAB_ENV_LEG_ACTIONS;
        int32_t choice[PAB_ENV_LEG_ACTIONS], count = 0;
        for (int32_t a = 0; a < PAB_ENV_LEG_ACTIONS; a++)
            if (legal[a])
                choice[count++] = a;
        out->action[leg] = count > 0 ? choice[pab__draw_randint(&draw, 0, count)] : PAB_ACTION_HOLD;
        pab__text_say(why, "%sRANDOM leg %c: %s, one of %d legal actions", leg > 0 ? "; " : "", 'A' + leg,
                 pab_action_name(out->action[leg]), count);
    }
}

const pab__policy_kind pab__aggressive_policy = {.name = "aggressive", .forms = "", .decide = aggressive};
const pab__policy_kind pab__passive_policy = {.name = "passive", .forms = "", .decide = passive};
const pab__policy_kind pab__immediate_policy = {.name = "immediate", .forms = "", .decide = immediate};
const pab__policy_kind pab__random_policy = {.name = "random", .forms = "", .options = random_options,
                                             .option_count = 1, .state_size = sizeof(random_state),
                                             .decide = anything};
