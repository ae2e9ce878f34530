/* The policy that a mixture is: greedy or drawn, and in words. */
#include "moedpo/moe.h"

#include "base/rng.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

/* What a policy and its clones share. */
typedef struct player {
    pab_host host;
    const pab_moe *moe;
    pab_moe_play play;
} player;

/* Private state: the stream of draws, and how far it is. */
typedef struct hand {
    uint64_t key, words;
} hand;

enum { PURPOSE_DRAW = 0x706c6179 };

static pab_status look(const pab_env *env, pab__point *point)
{
    float obs[PAB_ENV_OBSERVATIONS];
    uint8_t mask[PAB_ENV_LEGS * PAB_ENV_LEG_ACTIONS];
    pab_status status = pab_env_observe(env, obs, PAB_ENV_OBSERVATIONS);
    if (status == PAB_OK)
        status = pab_env_legal(env, mask);
    if (status == PAB_OK)
        pab__point_set(point, obs, mask);
    return status;
}

static void begin(void *user, void *state, const pab_env *env)
{
    const player *p = user;
    hand *h = state;
    pab_env_status status = {.struct_size = sizeof status};
    if (pab_env_describe(env, &status) == PAB_OK)
        h->key = pab__rng_key(p->play.seed, status.seed, PURPOSE_DRAW);
}

int32_t pab__moe_draw(const double pi[PAB__ACTIONS], double temperature, double u)
{
    double weight[PAB__ACTIONS], sum = 0.0, most = 0.0;
    int32_t last = 0;
    for (int i = 0; i < PAB__ACTIONS; i++)
        most = pi[i] > most ? pi[i] : most;
    for (int i = 0; i < PAB__ACTIONS; i++) {
        weight[i] = pi[i] > 0.0 ? pow(pi[i] / most, 1.0 / temperature) : 0.0;
        sum += weight[i];
    }
    double left = u * sum;
    for (int32_t i = 0; i < PAB__ACTIONS && left >= 0.0; i++)
        if (weight[i] > 0.0) {
            last = i;
            left -= weight[i];
        }
    return last;
}

static pab_status act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    const player *p = user;
    hand *h = state;
    pab__point point;
    pab__pass pass;
    double pi[PAB__ACTIONS];
    pab_status status = look(env, &point);
    if (status != PAB_OK)
        return status;
    pab__pass_forward(&p->moe->body.net, p->moe->body.components, &point, &pass);
    pab__pass_policy(&pass, pi);
    int32_t action = pab__pass_best(pi, point.legal);
    if (p->play.sample) {
        pab__rng rng = {.key = h->key, .words = h->words};
        pab__draw draw = {.rng = &rng};
        action = pab__moe_draw(pi, p->play.temperature, pab__draw_double(&draw));
        h->words = rng.words;
    }
    out->action[0] = action / PAB__LEG_ACTIONS;
    out->action[1] = action % PAB__LEG_ACTIONS;
    return PAB_OK;
}

static void say_action(pab__text *words, int32_t action)
{
    pab__text_say(words, "%s / %s", pab_action_name(action / PAB__LEG_ACTIONS),
                  pab_action_name(action % PAB__LEG_ACTIONS));
}

/* What the dominant expert's rules say here. */
static pab_status say_rule(const player *p, const pab_env *env, const char *expert, pab__text *words)
{
    char rule[400];
    pab_policy *policy = NULL;
    pab_status status = pab_policy_parse(&p->host, expert, &policy);
    if (status == PAB_OK)
        status = pab_policy_reset(policy, env);
    if (status == PAB_OK)
        status = pab_policy_explain(policy, env, rule, sizeof rule);
    if (status == PAB_OK)
        pab__text_say(words, "; its rule: %s", rule);
    pab_policy_free(policy);
    return status;
}

static void say_reason(const pab_moe_reason *r, const pab__point *point, const char *const *names, pab__text *words)
{
    pab__text_say(words, "MoE: ");
    say_action(words, r->action[0]);
    pab__text_say(words, " with %.2f", r->probability[0]);
    for (int i = 1; i < PAB_MOE_ALTERNATIVES && r->action[i] >= 0; i++) {
        pab__text_say(words, i == 1 ? ", before " : ", ");
        say_action(words, r->action[i]);
        pab__text_say(words, " %.2f", r->probability[i]);
    }
    pab__text_say(words, "; weights");
    for (int e = 0; e < PAB_EXPERT_COUNT; e++)
        pab__text_say(words, " %s %.2f", names[e], r->resolved[e]);
    pab__text_say(words, "; most by");
    for (int i = 0; i < PAB_MOE_INFLUENCES; i++) {
        pab_feature_info info = {.struct_size = sizeof info};
        if (pab_feature_get((uint32_t)r->feature[i], &info) == PAB_OK)
            pab__text_say(words, "%s %s %.2f (%+.2f)", i > 0 ? "," : "", info.name, (double)point->obs[r->feature[i]],
                     r->influence[i]);
    }
}

static pab_status explain(void *user, const void *state, const pab_env *env, char *buf, size_t cap)
{
    static const char *const names[PAB_EXPERT_COUNT] = {"LAE", "SCE", "OME", "RAE"};
    static const char *const rules[PAB_EXPERT_COUNT] = {"lae", "sce", "ome", "rae"};
    const player *p = user;
    pab__text words = pab__text_in(buf, cap);
    pab__point point;
    pab_moe_reason reason = {0};
    (void)state;
    pab_status status = look(env, &point);
    if (status != PAB_OK)
        return status;
    pab__moe_reason(p->moe, &point, &reason);
    say_reason(&reason, &point, names, &words);
    pab__text_say(&words, "; %s leads", names[reason.dominant]);
    return say_rule(p, env, rules[reason.dominant], &words);
}

static void destroy(void *user)
{
    player *p = user;
    pab_host host = p->host;
    pab__release(&host, p, sizeof *p);
}

pab_status pab_moe_play_init(pab_moe_play *play, uint32_t size)
{
    const pab_moe_play full = {.struct_size = sizeof full, .temperature = 1.0, .seed = 1};
    if (play && size >= sizeof play->struct_size)
        play->struct_size = size;
    return pab__record_out(play, &full, sizeof full, PAB__UPTO(pab_moe_play, seed), "play");
}

static pab_status read_play(const pab_moe_play *given, pab_moe_play *out)
{
    pab_status status = pab__record_in(out, sizeof *out, given, PAB__UPTO(pab_moe_play, seed), "play");
    if (status != PAB_OK)
        return status;
    if (out->sample != 0 && out->sample != 1)
        return pab__fail(PAB_E_RANGE, "play: sample is %d; expected 0 or 1", out->sample);
    if (!(out->temperature >= 0.01 && out->temperature <= 100.0))
        return pab__fail(PAB_E_RANGE, "play: temperature is %g; expected 0.01 to 100", out->temperature);
    return PAB_OK;
}

pab_status pab_moe_policy_with(const pab_moe *moe, const pab_moe_play *play, pab_policy **out)
{
    pab_moe_play full = {0};
    if (!moe || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a mixture and where its policy goes",
                         !moe ? "moe" : "out");
    pab_status status = read_play(play, &full);
    if (status != PAB_OK)
        return status;
    player *p = pab__alloc(&moe->host, sizeof *p);
    if (!p)
        return pab__fail(PAB_E_MEMORY, "no memory for a policy");
    *p = (player){.host = moe->host, .moe = moe, .play = full};
    const pab_policy_type type = {.struct_size = sizeof type, .state_size = sizeof(hand), .name = "moe", .user = p,
                                  .reset = begin, .act = act, .explain = explain, .destroy = destroy};
    status = pab_policy_new(&moe->host, &type, out);
    if (status != PAB_OK)
        destroy(p);
    return status;
}

pab_status pab_moe_policy(const pab_moe *moe, pab_policy **out)
{
    pab_moe_play play;
    pab_moe_play_init(&play, sizeof play);
    return pab_moe_policy_with(moe, &play, out);
}
