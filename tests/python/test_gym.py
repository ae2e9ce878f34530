"""The gymnasium environment and its vector form, under gymnasium's own checks."""
import os
import pickle
import warnings
from functools import partial

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

import pairsabides as pab
from conftest import OVERRIDES

ID = "pairsabides/PairExecution-v0"


def make(**kwargs):
    return gymnasium.make(ID, overrides=OVERRIDES, **kwargs)


def vector(n, mode=AutoresetMode.NEXT_STEP, **kwargs):
    return gymnasium.make_vec(ID, num_envs=n, vectorization_mode="vector_entry_point", overrides=OVERRIDES,
                              autoreset_mode=mode, **kwargs)


@pytest.mark.parametrize("joint", [False, True])
def test_gymnasium_s_checker_finds_nothing(joint):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(joint=joint).unwrapped)


def test_an_episode_ends_once_and_tells_its_metrics():
    env = make()
    env.reset(seed=1)
    total, ended = 0.0, False
    while not ended:
        obs, reward, terminated, truncated, info = env.step(np.array([12, 12]))
        assert isinstance(reward, float) and isinstance(terminated, bool) and isinstance(truncated, bool)
        assert env.observation_space.contains(obs)
        assert ("metrics" in info) == (terminated or truncated)
        total, ended = total + reward, terminated or truncated
    m = info["metrics"]
    assert total == pytest.approx(-(m["shortfall"] + 0.5 * m["hedge_cost"] + m["terminal_cost"]))
    env.close()
    env.close()


def test_a_named_episode_is_the_one_that_is_played():
    env = make()
    named = pab.episode_seed("test", "thin", 5)
    obs, info = env.reset(options={"episode": named, "side": "sell"})
    core = pab.PairEnv(env.unwrapped.core.scenario)
    assert info["seed"] == named
    assert (obs == core.reset(named, pab.reset_options(side="sell"))).all()
    assert env.unwrapped.core.status()["side"][0] == -1


def test_seeds_are_drawn_from_the_split_and_the_regimes():
    env = make(split="validation", regimes=["calm", "thin"])
    seeds = [env.reset(seed=3 if i == 0 else None)[1]["seed"] for i in range(8)]
    assert {seed >> 56 for seed in seeds} == {2} and {seed >> 48 & 255 for seed in seeds} == {0, 2}
    assert len(set(seeds)) == 8
    assert [env.reset(seed=3 if i == 0 else None)[1]["seed"] for i in range(8)] == seeds


def test_masks_are_those_of_the_core_and_joint_actions_are_pairs():
    two, one = make().unwrapped, make(joint=True).unwrapped
    two.reset(seed=4)
    _, info = one.reset(seed=4)
    flat = two.action_masks()
    assert flat.shape == (34,) and flat.dtype == bool
    assert (info["action_mask"].reshape(17, 17) == np.outer(flat[:17], flat[17:])).all()
    assert (two.step([12, 3])[0] == one.step(17 * 12 + 3)[0]).all()


def test_copies_are_kept_and_views_follow():
    for copy in (True, False):
        env = make(copy=copy).unwrapped
        first, _ = env.reset(seed=1)
        kept = first.copy()
        second, *_ = env.step([12, 12])
        assert (first is second) == (not copy) and (first == kept).all() == copy


def test_forks_pickles_and_saved_states_go_on_alike():
    env = make().unwrapped
    env.reset(seed=2)
    env.action_space.seed(0)
    env.step([12, 12])
    state, at = env.save(), env.hash()
    others = [env.fork(), pickle.loads(pickle.dumps(env))]
    expected = env.step([3, 12])[0]
    for other in others:
        assert other.action_space.sample().tolist() == env.fork().action_space.sample().tolist()
        assert other.hash() == at and (other.step([3, 12])[0] == expected).all()
        assert other.reset()[1]["seed"] == env.fork().reset()[1]["seed"]
    env.restore(state)
    assert env.hash() == at and (env.step([3, 12])[0] == expected).all()


def test_text_is_rendered_when_asked_for():
    env = make(render_mode="ansi")
    env.reset(seed=1)
    assert env.render().startswith("decision 0 of ")
    with pytest.warns(UserWarning, match="expected ansi"):  # libraries ask for one without being told to
        other = pab.gym.PairExecutionEnv(render_mode="rgb_array")
    assert other.render_mode is None and other.render() is None


def rollout(env, steps, seed=5):
    rng = np.random.default_rng(0)
    out = [env.reset(seed=seed)[0]]
    for _ in range(steps):
        out.append(env.step(rng.integers(0, 17, (env.num_envs, 2)))[:4])
    return out


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_vectors_have_gymnasium_s_shapes_and_mode(mode):
    env = vector(3, mode)
    assert env.metadata["autoreset_mode"] == mode
    obs, info = env.reset(seed=1)
    assert obs in env.observation_space and info["action_mask"].shape == (3, 2, 17)
    obs, reward, terminated, truncated, info = env.step(env.action_space.sample())
    assert obs in env.observation_space and reward.shape == (3,) and reward.dtype == np.float64
    assert terminated.dtype == truncated.dtype == bool
    env.close()


def test_rows_equal_single_environments_with_seeds_counted_up():
    env, singles = vector(3), [make().unwrapped for _ in range(3)]
    obs, info = env.reset(seed=11)
    for i, single in enumerate(singles):
        first, told = single.reset(seed=11 + i)
        assert told["seed"] == info["seed"][i] and (first == obs[i]).all()
    obs, reward, *_ = env.step(np.full((3, 2), 12))
    for i, single in enumerate(singles):
        row, value, *_ = single.step([12, 12])
        assert (row == obs[i]).all() and value == reward[i]


def test_threads_do_not_change_results():
    plain, threaded = rollout(vector(4), 90), rollout(vector(4, threads=2), 90)
    for a, b in zip(plain, threaded):
        for x, y in zip(a, b):
            np.testing.assert_array_equal(x, y)


def until_end(env, seed=1):
    env.reset(seed=seed)
    while True:
        step = env.step(np.full((env.num_envs, 2), 12))
        if (step[2] | step[3]).all():
            return step


def test_next_step_returns_the_new_episode_one_step_later():
    env = vector(2)
    info = until_end(env)[4]
    assert info["_metrics"].all() and (info["metrics"]["completion"] > 0).all()
    seeds = info["seed"].copy()
    obs, reward, terminated, truncated, info = env.step(np.zeros((2, 2), int))
    assert (reward == 0).all() and not terminated.any() and not truncated.any()
    assert (info["seed"] != seeds).all()
    assert (obs[0] == pab.PairEnv("pair", OVERRIDES).reset(int(info["seed"][0]))).all()


def test_same_step_returns_both_observations():
    env = vector(2, AutoresetMode.SAME_STEP)
    obs, _, _, _, info = until_end(env)
    assert info["_final_obs"].all() and not (info["final_obs"] == obs).all()
    last = until_end(vector(2, AutoresetMode.DISABLED))[0]
    assert (info["final_obs"] == last).all()


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_vectors_play_what_gymnasium_s_play(mode):
    """Regimes are drawn for each episode, and info describes the same episodes in the same form."""
    many = {"regimes": pab.REGIMES}
    ours = vector(2, mode, **many)
    theirs = gymnasium.vector.SyncVectorEnv([lambda: make(**many)] * 2, autoreset_mode=mode)
    seen, ends = set(), 0
    for a, b in ((ours.reset(seed=3), theirs.reset(seed=3)), *(
            (ours.step(np.full((2, 2), 12)), theirs.step(np.full((2, 2), 12))) for _ in range(40))):
        for x, y in zip(a[:-1], b[:-1]):
            np.testing.assert_array_equal(x, y)
        told, wanted = a[-1], b[-1]
        assert set(told) == set(wanted)
        for name in ("seed", "action_mask", "filled", "hedge_error", "_metrics", "_final_info"):
            np.testing.assert_array_equal(told.get(name), wanted.get(name))
        assert told["action_mask"].dtype == np.int8
        if "final_info" in told:
            ends += 1
            assert set(told["final_info"]) == set(wanted["final_info"])
            for name in ("seed", "action_mask", "filled", "hedge_error"):
                np.testing.assert_array_equal(told["final_info"][name], wanted["final_info"][name])
            np.testing.assert_array_equal(told["final_info"]["metrics"]["completion"],
                                          wanted["final_info"]["metrics"]["completion"])
        seen |= {int(seed) >> 48 & 0xFF for seed in told["seed"]}
    assert len(seen) > 1 and (ends > 1) == (mode == AutoresetMode.SAME_STEP)


def test_masks_serve_gymnasium_s_samplers():
    env = make()
    _, info = env.reset(seed=1)
    env.action_space.sample(tuple(info["action_mask"]))
    env = make(joint=True)
    _, info = env.reset(seed=1)
    assert info["action_mask"][env.action_space.sample(info["action_mask"])] == 1


def test_a_vector_takes_joint_actions():
    legs, joint = vector(2), vector(2, joint=True)
    legs.reset(seed=1)
    _, info = joint.reset(seed=1)
    assert joint.single_action_space.n == 289 and info["action_mask"].shape == joint.action_masks().shape == (2, 289)
    for action in ((12, 3), (0, 12)):
        a, b = legs.step(np.array([action] * 2)), joint.step(np.full(2, 17 * action[0] + action[1]))
        np.testing.assert_array_equal(a[0], b[0])
    with pytest.raises(pab.Error, match="joint actions of 0 to 288"):
        joint.step(np.full(2, 289))


def test_disabled_resets_the_rows_that_are_named():
    env = vector(2, AutoresetMode.DISABLED)
    last = until_end(env)[0]
    obs, _ = env.reset(options={"reset_mask": np.array([True, False])})
    assert not (obs[0] == last[0]).all() and (obs[1] == last[1]).all()
    with pytest.raises(pab.Error):
        env.step(np.zeros((2, 2), int))


def test_vector_buffers_are_views_without_copies():
    env = vector(2, copy=False)
    first, _ = env.reset(seed=1)
    second, *_ = env.step(np.full((2, 2), 12))
    assert first is second and env.unwrapped.observations is first


def test_a_vector_stays_in_its_process():
    env = vector(2, threads=2)
    env.reset(seed=1)
    child = os.fork()
    if child == 0:
        try:
            env.step(np.zeros((2, 2), int))
        except pab.Error as error:
            os._exit(0 if error.name == "PAB_E_STATE" else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    env.step(np.zeros((2, 2), int))


@pytest.mark.parametrize("steps", [0, 5, 6, 7])
def test_a_vector_is_forked_and_pickled_and_goes_on_alike(steps):
    env = gymnasium.make_vec(ID, num_envs=3, vectorization_mode="vector_entry_point", threads=2,
                             overrides={**OVERRIDES, "pair.horizon": "30s"}).unwrapped
    rng = np.random.default_rng(0)
    if steps:
        env.reset(seed=4)
    for _ in range(steps):
        env.step(rng.integers(0, 17, (3, 2)))
    twins = [env.fork(), pickle.loads(pickle.dumps(env))]
    if not steps:
        assert env.save() == [None] * 3
        env.reset(seed=4)
        for twin in twins:
            twin.reset(seed=4)
    for each in (env, *twins):
        each.action_space.seed(steps)
    for _ in range(9):
        told = [each.step(each.action_space.sample()) for each in (env, *twins)]
        for twin in told[1:]:
            for got, expected in zip(twin[:4], told[0][:4]):
                np.testing.assert_array_equal(got, expected)
            np.testing.assert_array_equal(twin[4]["seed"], told[0][4]["seed"])
    assert twins[0].hash() == twins[1].hash() == env.hash()
    assert (twins[1].reset()[1]["seed"] == env.reset()[1]["seed"]).all()


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_gymnasium_s_asynchronous_vector_plays_the_same_episodes(context):
    make_one = partial(gymnasium.make, f"pairsabides:{ID}", overrides=OVERRIDES)  # imports the package first
    with_processes = gymnasium.vector.AsyncVectorEnv([make_one] * 2, context=context)
    try:
        native = vector(2)
        first, _ = with_processes.reset(seed=5)
        assert (first == native.reset(seed=5)[0]).all()
        for action in (12, 3, 0):
            actions = np.full((2, 2), action)
            got, expected = with_processes.step(actions), native.step(actions)
            for a, b in zip(got[:4], expected[:4]):
                np.testing.assert_array_equal(a, b)
    finally:
        with_processes.close()
