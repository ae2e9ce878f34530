/* Mixtures as policies: greedy or sampled, and explained in words. */
#include "moedpo/moe.h"

#include "base/rng.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

/* Shared by a policy and its clones. */
typedef struct mixture_policy {
    pab_host host;
    const pab_moe *moe;
    pab_moe_policy_options options;
} mixture_policy;

/* Private state: the stream of random numbers, and how many of its words are spent. */
typedef struct sampler {
    uint64_t key, words;
} sampler;

enum { PURPOSE_DRAW = 0x706c6179 };

static void begin(void *user, void *state, const pab_env *env)
{
    const mixture_policy *p = user;
    sampler *s = state;
    pab_env_status status = {.struct_size = sizeof status};
    if (pab_env_describe(env, &status) == PAB_OK)
        s->key = pab__rng_key(p->options.seed, status.seed, PURPOSE_DRAW);
}

int32_t pab__moe_sample(const double pi[PAB_ENV_JOINT_ACTIONS], double temperature, double u)
{
    double weight[PAB_ENV_JOINT_ACTIONS], sum = 0.0, most = 0.0;
    int32_t last = 0;
    for (int i = 0; i < PAB_ENV_JOINT_ACTIONS; i++)
        most = pi[i] > most ? pi[i] : most;
    for (int i = 0; i < PAB_ENV_JOINT_ACTIONS; i++) {
        weight[i] = pi[i] > 0.0 ? pow(pi[i] / most, 1.0 / temperature) : 0.0;
        sum += weight[i];
    }
    double left = u * sum;
    for (int32_t i = 0; i < PAB_ENV_JOINT_ACTIONS && left >= 0.0; i++)
        if (weight[i] > 0.0) {
            last = i;
            left -= weight[i];
        }
    return last;
}

static pab_status act(void *user, void *state, const pab_env *env, pab_decision *out)
{
    const mixture_policy *p = user;
    sampler *s = state;
    pab__mixture_input input;
    pab__mixture_pass pass;
    double pi[PAB_ENV_JOINT_ACTIONS];
    pab_status status = pab__mixture_input_observe(&input, env);
    if (status != PAB_OK)
        return status;
    pab__mixture_forward(&p->moe->body.net, p->moe->body.components, &input, &pass);
    pab__mixture_policy(&pass, pi);
    int32_t action = pab__mixture_best(pi, input.legal);
    if (p->options.sample) {
        pab__rng rng = {.key = s->key, .words = s->words};
        pab__draw draw = {.rng = &rng};
        action = pab__moe_sample(pi, p->options.temperature, pab__draw_double(&draw));
        s->words = rng.words;
    }
    out->action[0] = action / PAB_ENV_LEG_ACTIONS;
    out->action[1] = action % PAB_ENV_LEG_ACTIONS;
    return PAB_OK;
}

static void say_action(pab__text *words, int32_t action)
{
    pab__text_say(words, "%s / %s", pab_action_name(action / PAB_ENV_LEG_ACTIONS),
             pab_action_name(action % PAB_ENV_LEG_ACTIONS));
}

/* The rule of the dominant expert here. */
static pab_status say_rule(const mixture_policy *p, const pab_env *env, const char *expert, pab__text *words)
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

static void say_explanation(const pab_moe_explanation *r, const pab__mixture_input *input, const char *const *names,
                            pab__text *words)
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
            pab__text_say(words, "%s %s %.2f (%+.2f)", i > 0 ? "," : "", info.name, (double)input->obs[r->feature[i]],
                     r->influence[i]);
    }
}

static pab_status explain(void *user, const void *state, const pab_env *env, char *buf, size_t cap)
{
    static const char *const names[PAB_EXPERT_COUNT] = {"LAE", "SCE", "OME", "RAE"};
    static const char *const rules[PAB_EXPERT_COUNT] = {"lae", "sce", "ome", "rae"};
    const mixture_policy *p = user;
    pab__text words = pab__text_in(buf, cap);
    pab__mixture_input input;
    pab_moe_explanation why = {0};
    (void)state;
    pab_status status = pab__mixture_input_observe(&input, env);
    if (status != PAB_OK)
        return status;
    pab__moe_explain(p->moe, &input, &why);
    say_explanation(&why, &input, names, &words);
    pab__text_say(&words, "; %s leads", names[why.dominant]);
    return say_rule(p, env, rules[why.dominant], &words);
}

static void destroy(void *user)
{
    mixture_policy *p = user;
    pab_host host = p->host;
    pab__release(&host, p, sizeof *p);
}

pab_status pab_moe_policy_options_init(pab_moe_policy_options *options, uint32_t size)
{
    const pab_moe_policy_options full = {.struct_size = sizeof full, .temperature = 1.0, .seed = 1};
    if (options && size >= sizeof options->struct_size)
        options->struct_size = size;
    return pab__record_out(options, &full, sizeof full, PAB__UPTO(pab_moe_policy_options, seed), "options");
}

static pab_status read_options(const pab_moe_policy_options *given, pab_moe_policy_options *out)
{
    pab_status status = pab__record_in(out, sizeof *out, given, PAB__UPTO(pab_moe_policy_options, seed), "options");
    if (status != PAB_OK)
        return status;
    if (out->sample != 0 && out->sample != 1)
        return pab__fail(PAB_E_RANGE, "options: sample is %d; expected 0 or 1", out->sample);
    if (!(out->temperature >= 0.01 && out->temperature <= 100.0))
        return pab__fail(PAB_E_RANGE, "options: temperature is %g; expected 0.01 to 100", out->temperature);
    return PAB_OK;
}

pab_status pab_moe_policy_with(const pab_moe *moe, const pab_moe_policy_options *options, pab_policy **out)
{
    pab_moe_policy_options full = {0};
    if (!moe || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL; expected a mixture and where its policy goes",
                         !moe ? "moe" : "out");
    pab_status status = read_options(options, &full);
    if (status != PAB_OK)
        return status;
    mixture_policy *p = pab__alloc(&moe->host, sizeof *p);
    if (!p)
        return pab__fail(PAB_E_MEMORY, "no memory for a policy");
    *p = (mixture_policy){.host = moe->host, .moe = moe, .options = full};
    const pab_policy_type type = {.struct_size = sizeof type, .state_size = sizeof(sampler), .name = "moe", .user = p,
                                  .reset = begin, .act = act, .explain = explain, .destroy = destroy};
    status = pab_policy_new(&moe->host, &type, out);
    if (status != PAB_OK)
        destroy(p);
    return status;
}

pab_status pab_moe_policy(const pab_moe *moe, pab_policy **out)
{
    pab_moe_policy_options options;
    pab_moe_policy_options_init(&options, sizeof options);
    return pab_moe_policy_with(moe, &options, out);
}
