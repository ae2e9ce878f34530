"""The environments with Stable-Baselines3, where it is installed: tests/python/check says how."""
import warnings

import gymnasium
import numpy as np
import pytest

pytest.importorskip("stable_baselines3")

from stable_baselines3 import PPO  # noqa: E402
from stable_baselines3.common.env_checker import check_env  # noqa: E402

import pairsabides as pab  # noqa: E402
from conftest import OVERRIDES  # noqa: E402
from pairsabides.sb3 import PairExecutionVecEnv  # noqa: E402


@pytest.mark.parametrize("joint", [False, True])
def test_the_checker_finds_nothing(joint):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make("pairsabides/PairExecution-v0", overrides=OVERRIDES, joint=joint).unwrapped)


def test_rows_of_the_vector_are_single_environments():
    envs = PairExecutionVecEnv(2, "pair", OVERRIDES)
    envs.seed(7)
    obs = envs.reset()
    single = gymnasium.make("pairsabides/PairExecution-v0", overrides=OVERRIDES).unwrapped
    for i in range(2):
        assert (obs[i] == single.reset(seed=7 + i)[0]).all()
    total, length = 0.0, 0
    while True:
        assert (envs.env_method("action_masks", indices=1)[0] == single.action_masks()).all()
        obs, rewards, ended, infos = envs.step(np.full((2, 2), 12))
        last, reward, terminated, truncated, info = single.step([12, 12])
        assert rewards[1] == np.float32(reward) and ended[1] == (terminated or truncated)
        total, length = total + reward, length + 1
        if ended[1]:
            break
        assert (obs[1] == last).all() and infos[1] == {}
    assert (infos[1]["terminal_observation"] == last).all()
    assert infos[1]["metrics"]["shortfall"] == info["metrics"]["shortfall"]
    assert infos[1]["episode"] == {"r": pytest.approx(total), "l": length}
    assert not infos[1]["TimeLimit.truncated"]


@pytest.mark.parametrize("made", [None, "vector"])
def test_learners_find_the_environment_by_name(made):
    """They ask for a way of rendering that there is not."""
    kwargs = {"overrides": OVERRIDES}
    name = "pairsabides/PairExecution-v0"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if made == "vector":
            from stable_baselines3.common.env_util import make_vec_env
            PPO("MlpPolicy", make_vec_env(name, 2, env_kwargs=kwargs), n_steps=8, device="cpu")
        else:
            PPO("MlpPolicy", gymnasium.make(name, render_mode="rgb_array", **kwargs), n_steps=8, device="cpu")


@pytest.mark.parametrize("joint", [False, True])
def test_maskable_ppo_takes_the_vector(joint):
    contrib = pytest.importorskip("sb3_contrib")
    envs = PairExecutionVecEnv(2, "pair", OVERRIDES, joint=joint)
    contrib.MaskablePPO("MlpPolicy", envs, n_steps=8, batch_size=16, n_epochs=1, seed=1, device="cpu").learn(32)


def test_options_name_the_episodes_that_start():
    envs = PairExecutionVecEnv(2, "pair", OVERRIDES)
    named = [pab.episode_seed("test", "thin", 5), pab.episode_seed("test", "calm", 6)]
    envs.set_options([{"episode": each} for each in named])
    obs = envs.reset()
    assert [info["seed"] for info in envs.reset_infos] == named
    assert (obs[0] == pab.PairEnv("pair", OVERRIDES).reset(named[0])).all()
    envs.reset()
    assert [info["seed"] for info in envs.reset_infos] != named
    envs.set_options({"side": "buy"})
    with pytest.raises(pab.Error, match="constructor"):
        envs.reset()


def test_ppo_runs():
    envs = PairExecutionVecEnv(4, "pair", OVERRIDES, threads=2)
    model = PPO("MlpPolicy", envs, n_steps=8, batch_size=16, n_epochs=1, seed=1, device="cpu")
    model.learn(64)
    env = pab.PairEnv("pair", OVERRIDES)
    assert model.predict(env.reset(pab.episode_seed()), deterministic=True)[0].shape == (2,)
