/* Environments and vectors of them without memory. */
#include "../faults.h"
#include "../tiny.h"

enum { COUNT = 2 };

typedef struct world {
    fault_world base;
    pab_scenario *scn;
    pab_env *env; /* in the middle of an episode */
    void *state;  /* of it, saved */
    size_t len;
    uint32_t threads;
} world;

static const uint64_t seeds[COUNT] = {1, 2};

static pab_status play(pab_env *env, uint64_t *digest)
{
    static const int32_t action[PAB_ENV_LEGS] = {5, 5};
    pab_step_result r;
    pab_episode_metrics m = {.struct_size = sizeof m};
    pab_status status = PAB_OK;
    must(pab_step_result_init(&r, sizeof r));
    while (status == PAB_OK && !(r.flags & (PAB_STEP_TERMINATED | PAB_STEP_TRUNCATED)))
        status = pab_env_step(env, action, NULL, 0, &r);
    if (status == PAB_OK) {
        must(pab_env_metrics(env, &m));
        must(pab_env_hash(env, digest));
    }
    return status;
}

static pab_status episode(void *user, uint64_t *digest)
{
    world *w = user;
    pab_env *env = NULL;
    pab_status status = pab_env_new(w->scn, &env);
    if (status != PAB_OK) {
        assert_null(env);
        return status;
    }
    status = pab_env_reset(env, seeds[0], NULL, NULL, 0);
    if (status == PAB_OK)
        status = play(env, digest);
    if (status != PAB_OK) { /* the handle says so until it is reset, and then is as good as new */
        float obs[PAB_ENV_OBSERVATIONS];
        static const int32_t action[PAB_ENV_LEGS] = {0, 0};
        uint64_t again = 0;
        pab_step_result r;
        char text[1024];
        pab_last_error(text, sizeof text);
        must(pab_step_result_init(&r, sizeof r));
        disarm(&w->base);
        assert_int_not_equal(pab_env_step(env, action, obs, PAB_ENV_OBSERVATIONS, &r), PAB_OK);
        must(pab_env_reset(env, seeds[0], NULL, NULL, 0));
        must(play(env, &again));
        pab__fail(status, "%s", text);
    }
    pab_env_free(env);
    return status;
}

/* Copy and restore leave the target as it was, or equal to the source. */
static pab_status move(world *w, int restore, uint64_t *digest)
{
    pab_env *env = NULL;
    uint64_t before = 0, after = 0;
    int64_t left = put_off(&w->base);
    must(pab_env_new(w->scn, &env));
    must(pab_env_reset(env, seeds[1], NULL, NULL, 0));
    must(pab_env_hash(env, &before));
    bring_back(&w->base, left);
    pab_status status = restore ? pab_env_restore(env, w->state, w->len) : pab_env_copy(env, w->env);
    disarm(&w->base);
    must(pab_env_hash(env, &after));
    if (status == PAB_OK)
        *digest = after;
    else
        assert_true(after == before);
    pab_env_free(env);
    return status;
}

static pab_status copy(void *user, uint64_t *digest)
{
    return move(user, 0, digest);
}

static pab_status restore(void *user, uint64_t *digest)
{
    return move(user, 1, digest);
}

static pab_status step_all(pab_vecenv *vec, float *obs)
{
    static const int32_t actions[2 * COUNT] = {5, 5, 5, 5};
    pab_vecenv_buffers buffers = {.struct_size = sizeof buffers, .actions = actions, .observations = obs};
    pab_status status = pab_vecenv_bind(vec, &buffers);
    if (status == PAB_OK)
        status = pab_vecenv_reset(vec, seeds);
    for (int k = 0; status == PAB_OK && k < 4; k++)
        status = pab_vecenv_step(vec);
    return status;
}

static pab_status vector(void *user, uint64_t *digest)
{
    world *w = user;
    float obs[COUNT * PAB_ENV_OBSERVATIONS];
    pab_vecenv_options o;
    pab_vecenv *vec = NULL;
    must(pab_vecenv_options_init(&o, sizeof o));
    o.count = COUNT;
    o.threads = w->threads;
    pab_status status = pab_vecenv_new(w->scn, &o, &vec);
    if (status == PAB_OK) {
        status = step_all(vec, obs);
        if (status == PAB_OK) {
            *digest = pab__hash(obs, sizeof obs);
        } else {
            char text[1024];
            pab_last_error(text, sizeof text);
            disarm(&w->base);
            must(step_all(vec, obs));
            pab__fail(status, "%s", text);
        }
    } else {
        assert_null(vec);
    }
    pab_vecenv_free(vec);
    return status;
}

static void every_operation_survives_want_of_memory(void **state)
{
    world w = {.threads = 0};
    (void)state;
    open_fault_world(&w.base);
    w.scn = tiny_pair(&w.base.host);
    must(pab_env_new(w.scn, &w.env));
    must(pab_env_reset(w.env, seeds[0], NULL, NULL, 0));
    assert_int_equal(pab_env_save(w.env, NULL, 0, &w.len), PAB_E_CAPACITY);
    w.state = malloc(w.len);
    must(pab_env_save(w.env, w.state, w.len, NULL));
    const fault_operation operations[] = {{"pab_env_reset and step", episode, &w, 0},
                                          {"pab_env_copy", copy, &w, 0},
                                          {"pab_env_restore", restore, &w, 0},
                                          {"pab_vecenv_step", vector, &w, 0}};
    fail_every_allocation_of(&w.base.memory, operations, sizeof operations / sizeof *operations);
    const fault_operation on_threads = {"pab_vecenv_step on two threads", vector, &w, 0};
    w.threads = 2;
    fail_every_allocation(&w.base.memory, &on_threads);
    free(w.state);
    pab_env_free(w.env);
    pab_scenario_free(w.scn);
    close_fault_world(&w.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("env/faults", tests, NULL, NULL);
}
