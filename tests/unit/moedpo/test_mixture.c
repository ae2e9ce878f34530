/* The joint softmax against plain sums over 289 actions; the mixture; passes of any vector width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "instances.h"
#include "moedpo/vector_math.h"

static int legal(const pab__mixture_input *input, int action)
{
    return (input->legal[0] >> (action / 17) & 1) != 0 && (input->legal[1] >> (action % 17) & 1) != 0;
}

static double plain_logit(const double *u, int action)
{
    int a = action / 17, b = action % 17;
    return u[a] + u[17 + b] + u[34 + 5 * pab__action_class(a) + pab__action_class(b)];
}

/* Checks every probability of a joint against the softmax as written in the books. */
static void check_joint(const pab__mixture_input *input, const pab__joint *joint)
{
    double most = -INFINITY, sum = 0.0, marginal[PAB__NET_LOGITS], plain[PAB__NET_LOGITS] = {0};
    for (int k = 0; k < PAB_ENV_JOINT_ACTIONS; k++)
        if (legal(input, k))
            most = fmax(most, plain_logit(joint->logit, k));
    for (int k = 0; k < PAB_ENV_JOINT_ACTIONS; k++)
        if (legal(input, k))
            sum += exp(plain_logit(joint->logit, k) - most);
    for (int k = 0; k < PAB_ENV_JOINT_ACTIONS; k++) {
        if (!legal(input, k))
            continue;
        double log_p = plain_logit(joint->logit, k) - most - log(sum);
        assert_true(fabs(pab__joint_log(joint, k) - log_p) < 1e-10);
        int a = k / 17, b = k % 17, c = 5 * pab__action_class(a) + pab__action_class(b);
        double factored = joint->leg[0][a] * joint->pair[c / 5][c % 5] * joint->leg[1][b];
        assert_true(fabs(factored - exp(log_p)) < 1e-12);
        plain[a] += exp(log_p);
        plain[17 + b] += exp(log_p);
        plain[34 + c] += exp(log_p);
    }
    pab__joint_marginals(joint, marginal);
    for (int i = 0; i < PAB__NET_LOGITS; i++)
        assert_true(fabs(marginal[i] - plain[i]) < 1e-12);
}

static void the_joint_softmax_is_the_plain_one(void **state)
{
    (void)state;
    random_source l;
    pab__rng_seed(&l.rng, 3);
    for (int k = 0; k < 200; k++) {
        pab__mixture_input input;
        pab__joint joint;
        double spread = k % 4 == 3 ? 300.0 : 4.0; /* far beyond what exp can hold, too */
        input_random(&l, &input);
        for (int i = 0; i < PAB__NET_LOGITS; i++)
            joint.logit[i] = random_between(&l, -spread, spread);
        pab__joint_normalise(&joint, input.legal);
        check_joint(&input, &joint);
    }
}

static void the_mixture_sums_to_one_and_agrees_with_its_logarithm(void **state)
{
    (void)state;
    random_source l;
    pab__mixture_net *net = malloc(sizeof *net);
    pab__mixture_pass *pass = malloc(sizeof *pass);
    pab__rng_seed(&l.rng, 4);
    pab__mixture_net_init(net, 9);
    for (int k = 0; k < 50; k++) {
        pab__mixture_input input;
        double pi[PAB_ENV_JOINT_ACTIONS], sum = 0.0, share[PAB_MOE_COMPONENTS];
        input_random(&l, &input);
        pab__mixture_forward(net, k % 2 == 0 ? 5 : 4, &input, pass);
        pab__mixture_policy(pass, pi);
        for (int i = 0; i < PAB_ENV_JOINT_ACTIONS; i++) {
            sum += pi[i];
            if (legal(&input, i))
                assert_true(fabs(log(pi[i]) - pab__mixture_log(pass, i, share)) < 1e-12);
            else
                assert_true(pi[i] == 0.0);
        }
        assert_true(fabs(sum - 1.0) < 1e-12);
        assert_true(fabs(share[0] + share[1] + share[2] + share[3] + share[4] - 1.0) < 1e-12);
        int32_t best = pab__mixture_best(pi, input.legal);
        for (int i = 0; i < PAB_ENV_JOINT_ACTIONS; i++)
            assert_true(pi[i] < pi[best] || (pi[i] == pi[best] && i >= best));
    }
    free(pass);
    free(net);
}

static void without_the_anchor_its_gate_is_shut(void **state)
{
    (void)state;
    random_source l;
    pab__mixture_input input;
    pab__mixture_net *net = malloc(sizeof *net);
    pab__mixture_pass *pass = malloc(sizeof *pass);
    pab__rng_seed(&l.rng, 4);
    pab__mixture_net_init(net, 9);
    input_random(&l, &input);
    pab__mixture_forward(net, 4, &input, pass);
    assert_true(pass->gate[PAB_MOE_ANCHOR] == 0.0);
    assert_true(fabs(pass->gate[0] + pass->gate[1] + pass->gate[2] + pass->gate[3] - 1.0) < 1e-14);
    free(pass);
    free(net);
}

static void observations_beyond_five_are_cut(void **state)
{
    (void)state;
    random_source l;
    pab__mixture_input input;
    pab__mixture_net *net = malloc(sizeof *net);
    pab__mixture_pass *pass = malloc(2 * sizeof *pass);
    pab__rng_seed(&l.rng, 4);
    pab__mixture_net_init(net, 9);
    input_random(&l, &input);
    input.obs[PAB_OBS_A_SPREAD_Z] = 5.0f;
    pab__mixture_forward(net, 5, &input, &pass[0]);
    input.obs[PAB_OBS_A_SPREAD_Z] = 1e30f;
    pab__mixture_forward(net, 5, &input, &pass[1]);
    assert_memory_equal(pass[0].joint, pass[1].joint, sizeof pass[0].joint);
    free(pass);
    free(net);
}

static void exp_and_tanh_are_near_the_library_s(void **state)
{
    (void)state;
    for (double x = -700.0; x < 700.0; x += 0.0173)
        assert_true(fabs(pab__vector_exp(x) / exp(x) - 1.0) < 1e-15);
    for (double x = -25.0; x < 25.0; x += 0.00037)
        assert_true(fabs(pab__vector_tanh(x) - tanh(x)) <= 1e-15 * fabs(tanh(x)));
    assert_true(pab__vector_tanh(0.0) == 0.0 && pab__vector_tanh(1e300) == 1.0 && pab__vector_tanh(-INFINITY) == -1.0);
    assert_true(pab__vector_exp(-INFINITY) < 1e-300 && pab__vector_exp(0.0) == 1.0);
}

/* What is compiled for wide vectors gives the bits of the plain C text. */
static void vectors_do_not_show(void **state)
{
    (void)state;
    random_source l;
    pab__net *net = malloc(sizeof *net);
    pab__net_hidden hidden;
    double x[PAB__NET_INPUTS], logit[PAB__NET_LOGITS], first[PAB__NET_HIDDEN];
    pab__mixture_net *all = malloc(sizeof *all);
    pab__rng_seed(&l.rng, 12);
    pab__mixture_net_init(all, 4);
    *net = all->net[2];
    for (int i = 0; i < PAB__NET_INPUTS; i++)
        x[i] = random_between(&l, -2, 2);
    pab__net_forward(net, x, &hidden, logit);
    for (int o = 0; o < PAB__NET_HIDDEN; o++) {
        volatile double sum = net->b1[o];
        for (int i = 0; i < PAB__NET_INPUTS; i++) {
            volatile double term = x[i] * net->w1[i][o];
            sum = sum + term;
        }
        first[o] = pab__vector_tanh(sum);
    }
    assert_memory_equal(first, hidden.first, sizeof first);
    free(all);
    free(net);
}

static void networks_of_one_seed_are_equal_and_of_two_are_not(void **state)
{
    (void)state;
    pab__mixture_net *net = malloc(3 * sizeof *net);
    pab__mixture_net_init(&net[0], 1);
    pab__mixture_net_init(&net[1], 1);
    pab__mixture_net_init(&net[2], 2);
    assert_memory_equal(&net[0], &net[1], sizeof *net);
    assert_true(memcmp(&net[0], &net[2], sizeof *net) != 0);
    double reach = sqrt(6.0 / 124.0), most = 0.0;
    for (int i = 0; i < 60 * 64; i++)
        most = fmax(most, fabs((&net[0].net[0].w1[0][0])[i]));
    assert_true(most <= reach && most > 0.99 * reach);
    assert_true(net[0].net[0].b1[5] == 0.0);
    free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_joint_softmax_is_the_plain_one),
        cmocka_unit_test(the_mixture_sums_to_one_and_agrees_with_its_logarithm),
        cmocka_unit_test(without_the_anchor_its_gate_is_shut),
        cmocka_unit_test(observations_beyond_five_are_cut),
        cmocka_unit_test(exp_and_tanh_are_near_the_library_s),
        cmocka_unit_test(vectors_do_not_show),
        cmocka_unit_test(networks_of_one_seed_are_equal_and_of_two_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
