"""PPO of Stable-Baselines3 learns to execute a pair, and is compared with the untrained policy and built-in ones.

pip install stable-baselines3; python ppo.py [--steps 120000] [--threads 2]
"""
import argparse
import time

import numpy as np
import torch
from stable_baselines3 import PPO

import pairsabides as pab
from pairsabides.sb3 import PairExecutionVecEnv

ROWS = 32


def learner(envs, seed):
    """The reward of an episode is -5 to -10 bps with a standard deviation of about 10, most of it luck: large batches,
    no discount."""
    return PPO("MlpPolicy", envs, n_steps=60, batch_size=480, n_epochs=6, gamma=1.0, gae_lambda=0.95, ent_coef=0.002,
               learning_rate=6e-4, seed=seed, device="cpu", policy_kwargs={"net_arch": [64, 64]})


def as_policy(model):
    """The greedy policy, as the library plays it. Illegal actions are mapped down to legal ones by the environment."""
    def act(view):
        return tuple(int(a) for a in model.predict(view.observe(), deterministic=True)[0])

    return act


def returns(table):
    """Mean return by policy and its standard error, from the evaluation's rows: minus IS, hedge and terminal costs."""
    rows = table.rows()
    value = -(rows["shortfall"] + 0.5 * rows["hedge_cost"] + rows["terminal_cost"])
    out = {}
    for name in table.policies:
        mine = value[rows["policy"] == name]
        out[name] = (mine.mean(), mine.std(ddof=1) / np.sqrt(len(mine)))
    return out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--steps", type=int, default=120_000)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--episodes", type=int, default=200, help="of the validation split")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)
    overrides = {"pair.horizon": "150s", "pair.warmup": "30s"}
    envs = PairExecutionVecEnv(ROWS, "pair", overrides, threads=given.threads, regimes=["calm"], split="train")
    before, model = learner(envs, given.seed), learner(envs, given.seed)
    start = time.perf_counter()
    model.learn(given.steps)
    print(f"{given.steps} steps in {time.perf_counter() - start:.0f} s")

    table = pab.evaluate({"before": as_policy(before), "after": as_policy(model), "random": "random",
                          "twap": "twap:take", "sce": "sce"},
                         overrides=overrides, split="validation", regimes=["calm"], episodes=given.episodes)
    for name, (mean, error) in returns(table).items():
        print(f"return {name:8} {mean:8.2f} +- {error:.2f} bps")
    gain = table.compare("before", "pair_cost")["after"]
    print(f"cost, after less before: {gain['mean']:.2f} bps, 95 % interval {gain['low']:.2f} to {gain['high']:.2f}")
    return gain["mean"]


if __name__ == "__main__":
    raise SystemExit(0 if main() < 0 else 1)
