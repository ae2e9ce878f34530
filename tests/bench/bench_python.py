"""What Python costs: a step of a single environment and of the native vector, beside the C call that is in them.

Usage: bench_python.py [BENCH_VECENV]: with the C program, built in a release, its steps are measured in turns too.
Prints lines of JSON like the other benchmarks; processor time of one thread, so that a busy machine tells the same.
"""
import ctypes
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

import pairsabides as pab
from pairsabides import _abi
from pairsabides._core import lib
from pairsabides.vector import PairExecutionVectorEnv

LENGTH = 60
ONCE = "PAB_BENCH_ONCE" in os.environ
MANY = 4 if ONCE else 64
ROUNDS = 1 if ONCE else 11


def draw(masks, random):
    """Random legal actions: the largest of random numbers where legal."""
    return (random.random(masks.shape, np.float32) * masks).argmax(-1).astype(np.int32)


def single(env, seed, random, step):
    """ns per step of one episode."""
    env.reset(seed)
    took = 0
    for _ in range(LENGTH):
        actions = draw(env.mask, random)
        start = time.thread_time_ns()
        step(env, actions)
        took += time.thread_time_ns() - start
        if step is bare_single:
            env.legal(env.mask)
    return took / LENGTH


def vector(env, seeds, random, step):
    """ns per environment and step of an episode of each, from the snapshots of the first reset."""
    env.reset(options={"episode": seeds})
    took = 0
    for _ in range(LENGTH):
        actions = draw(env.masks, random)
        start = time.thread_time_ns()
        step(env, actions)
        took += time.thread_time_ns() - start
        ended = env.terminated | env.truncated
        if ended.any():
            env.reset(options={"episode": seeds, "reset_mask": ended})
    return took / LENGTH / env.num_envs


def full(env, actions):
    env.step(actions)


def bare_vector(env, actions):
    env.actions[:] = actions
    assert lib.pab_vecenv_step(env._vec.handle) == _abi.PAB_OK


def bare_single(env, actions):
    assert lib.pab_env_step(env.handle, actions.ctypes.data, env.observation.ctypes.data, pab.OBSERVATIONS,
                            ctypes.byref(env.result)) == _abi.PAB_OK


def program(path):
    """ns per environment and step of bench_vecenv, alone and many, on one thread."""
    out = subprocess.run([path], check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    took = {row["environments"]: row["step"]["ns"] for row in rows if row["bench"] == "vecenv" and row["threads"] == 0}
    return took[1], took[MANY]


def report(name, environments, values):
    middle = sorted(values)[len(values) // 4: len(values) - len(values) // 4]
    print(json.dumps({"bench": "python_" + name, "environments": environments, "step": {
        "ns": round(statistics.median(values), 2), "low": round(middle[0], 2), "high": round(middle[-1], 2),
        "rounds": len(values)}}))


def main():
    scenario = pab.Scenario("pair")
    one = pab.PairEnv(scenario)
    views = PairExecutionVectorEnv(MANY, scenario, autoreset_mode="Disabled", copy=False)
    copies = PairExecutionVectorEnv(MANY, scenario, autoreset_mode="Disabled")
    seeds = np.array([pab.episode_seed("train", "calm", i) for i in range(MANY)], np.uint64)
    work = {
        "single": (1, lambda random: single(one, int(seeds[0]), random, full)),
        "single_c": (1, lambda random: single(one, int(seeds[0]), random, bare_single)),
        "vector": (MANY, lambda random: vector(views, seeds, random, full)),
        "vector_copies": (MANY, lambda random: vector(copies, seeds, random, full)),
        "vector_c": (MANY, lambda random: vector(views, seeds, random, bare_vector)),
    }
    took = {name: [] for name in work}
    outside = []
    for turn in range(ROUNDS + 1):
        for name, (_, measure) in work.items():
            ns = measure(np.random.default_rng(1))
            if turn:  # the first warms up
                took[name].append(ns)
    if len(sys.argv) > 1:
        outside = [program(sys.argv[1]) for _ in range(1 if ONCE else 3)]
    for name, (environments, _) in work.items():
        report(name, environments, took[name])
    for i, environments in enumerate((1, MANY)):
        if outside:
            report("program", environments, [row[i] for row in outside])
    ratios = {name: statistics.median(c / p for c, p in zip(took["vector_c"], took[name]))
              for name in ("vector", "vector_copies")}
    print(json.dumps({"bench": "python_throughput_of_c", "environments": MANY,
                      **{name: round(ratio, 3) for name, ratio in ratios.items()}}))


main()
