"""The PettingZoo environment, under PettingZoo's own tests."""
import pytest

pytest.importorskip("pettingzoo")

from pettingzoo.test import parallel_api_test, parallel_seed_test  # noqa: E402

import pairsabides as pab  # noqa: E402
from conftest import OVERRIDES  # noqa: E402
from pairsabides.pettingzoo import parallel_env  # noqa: E402


def make(**kwargs):
    return parallel_env(overrides=OVERRIDES, **kwargs)


def test_the_parallel_api_is_kept():
    parallel_api_test(make(), num_cycles=200)


def test_one_seed_gives_one_episode():
    parallel_seed_test(make, num_cycles=100)


def test_legs_act_as_in_the_pair_environment():
    env, core = make(), pab.PairEnv("pair", OVERRIDES)
    named = pab.episode_seed("train", "calm", 9)
    obs, infos = env.reset(options={"episode": named})
    assert (obs["leg_b"] == core.reset(named)).all() and (infos["leg_b"]["action_mask"] == core.mask[1]).all()
    obs, rewards, *_ = env.step({"leg_a": 12, "leg_b": 3})
    result = core.step((12, 3))
    assert (obs["leg_a"] == core.observation).all() and rewards["leg_a"] == rewards["leg_b"] == result.reward


def test_own_rewards_add_up_to_the_pair_s():
    team, own = make(), make(reward="own")
    for env in (team, own):
        env.reset(seed=3)
    apart = 0
    while team.agents:
        actions = {"leg_a": 12, "leg_b": 3}
        _, shared, *_ = team.step(actions)
        _, each, *_, infos = own.step(actions)
        assert sum(each.values()) == pytest.approx(shared["leg_a"], abs=1e-9)
        apart += each["leg_a"] != each["leg_b"]
    assert apart > 0 and own.agents == [] and infos["leg_a"]["metrics"]["fills"] > 0
