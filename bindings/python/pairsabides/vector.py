"""Many pair environments stepped by one call: `gymnasium.make_vec("pairsabides/PairExecution-v0", num_envs=8)`."""
from __future__ import annotations

import ctypes as C
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from . import _abi as abi
from ._core import Error, Handle, bytes_of, check, defaults, field_type, lib, sized
from .env import LEG_ACTIONS, LEGS, OBSERVATIONS, reset_options
from .gym import Episodes, action_space, observation_space
from .scenario import Config, Scenario, scenario_of

AUTORESET = {AutoresetMode.NEXT_STEP: abi.PAB_AUTORESET_NEXT_STEP, AutoresetMode.SAME_STEP: abi.PAB_AUTORESET_SAME_STEP,
             AutoresetMode.DISABLED: abi.PAB_AUTORESET_DISABLED}
METRICS = np.dtype(abi.pab_episode_metrics)
RESULT = np.dtype(abi.pab_step_result)


class _Vec(Handle):
    _free = "pab_vecenv_free"


class PairExecutionVectorEnv(VectorEnv[NDArray[np.float32], Any, NDArray[Any]]):
    """N environments over one call, into arrays of numpy.

    Arguments as of PairExecutionEnv, and threads (0: the caller's; results do not depend on it) and autoreset_mode.
    Row i starts with the episode that a single environment draws from seed + i; later ones add N to its number. With
    copy=False the arrays are the buffers themselves, which the next step overwrites.

    info: `seed`, `action_mask`, `filled`, `hedge_error` by row; `metrics` of the rows whose episode ended; with
    SAME_STEP also `final_obs`.
    """

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(self, num_envs: int = 1, scenario: Scenario | Config | str = "pair",
                 overrides: Mapping[str, object] | None = None, *, threads: int = 0,
                 autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP, split: str | int = "train",
                 regimes: str | Sequence[str | int] = "calm", copy: bool = True,
                 episode: Mapping[str, Any] | None = None, render_mode: str | None = None) -> None:
        if render_mode is not None:
            raise ValueError("a vector of environments is not rendered")
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self.num_envs, self.copy, self.render_mode = num_envs, copy, render_mode
        self.single_observation_space, self.single_action_space = observation_space(), action_space(False)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.episodes = Episodes(split, regimes)
        options = defaults(abi.pab_vecenv_options)
        options.count, options.threads, options.autoreset = num_envs, threads, AUTORESET[self.autoreset_mode]
        if episode:
            options.episode = reset_options(**episode)
        self._made = {"threads": threads, "autoreset_mode": self.autoreset_mode, "split": split, "regimes": regimes,
                      "copy": copy, "episode": episode}
        self.scenario = scenario_of(scenario, overrides)
        self._vec = _Vec(lambda out: lib.pab_vecenv_new(self.scenario.handle, C.byref(options), out))
        self._process = os.getpid()
        self._generators: list[np.random.Generator] = []
        self._bind()

    def _bind(self) -> None:
        n = self.num_envs
        self.actions = np.zeros((n, LEGS), np.int32)
        self.observations = np.zeros((n, OBSERVATIONS), np.float32)
        self.rewards = np.zeros(n, np.float64)
        self.terminated = np.zeros(n, np.bool_)
        self.truncated = np.zeros(n, np.bool_)
        self.masks = np.zeros((n, LEGS, LEG_ACTIONS), np.uint8)
        self.final_observations = np.zeros((n, OBSERVATIONS), np.float32)
        self.results = np.zeros(n, RESULT)
        self.results["struct_size"] = RESULT.itemsize
        self.metrics = np.zeros(n, METRICS)
        self.metrics["struct_size"] = METRICS.itemsize
        self.seeds = np.zeros(n, np.uint64)
        buffers = sized(abi.pab_vecenv_buffers)
        for name in ("actions", "observations", "rewards", "terminated", "truncated", "masks", "final_observations",
                     "results", "metrics", "seeds"):
            kind = field_type(abi.pab_vecenv_buffers, name)
            array: NDArray[Any] = getattr(self, name)
            setattr(buffers, name, C.cast(array.ctypes.data, kind) if kind is not C.c_void_p else array.ctypes.data)
        check(lib.pab_vecenv_bind(self._vec.handle, C.byref(buffers)))

    def reset(self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
              ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Resets all, or those in options["reset_mask"]; options["episode"] names the episodes, one per row."""
        self._same_process()
        chosen = dict(options or {})
        mask, named = chosen.pop("reset_mask", None), chosen.pop("episode", None)
        if chosen:
            raise Error(abi.PAB_E_KEY, f"there is no option {next(iter(chosen))}, expected reset_mask or episode")
        rows = np.ones(self.num_envs, np.uint8) if mask is None else np.ascontiguousarray(mask, np.uint8)
        if rows.shape != (self.num_envs,):
            raise Error(abi.PAB_E_ARGUMENT, f"reset_mask has shape {rows.shape}, expected ({self.num_envs},)")
        seeds = self._draw(seed, rows) if named is None else np.ascontiguousarray(named, np.uint64)
        if seeds.shape != (self.num_envs,):
            raise Error(abi.PAB_E_ARGUMENT, f"episode has shape {seeds.shape}, expected ({self.num_envs},)")
        if mask is None:
            self.scenario.check(lib.pab_vecenv_reset(self._vec.handle, seeds.ctypes.data))
        else:
            self.scenario.check(lib.pab_vecenv_reset_some(self._vec.handle, rows.ctypes.data, seeds.ctypes.data))
        self.results["filled"][rows == 1] = 0
        self.results["hedge_error"][rows == 1] = 0
        return self._out(self.observations), self._info()

    def step(self, actions: Any) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_],
                                          NDArray[np.bool_], dict[str, Any]]:
        self._same_process()
        np.copyto(self.actions, actions, casting="same_kind")  # no fractions
        self.scenario.check(lib.pab_vecenv_step(self._vec.handle))
        info = self._info()
        ended = self.terminated | self.truncated
        if ended.any():
            info["metrics"] = {name: self.metrics[name].copy() for name in METRICS.names or () if name != "struct_size"}
            info["_metrics"] = ended
            if self.autoreset_mode == AutoresetMode.SAME_STEP:
                info["final_obs"], info["_final_obs"] = self._out(self.final_observations), ended.copy()
        return (self._out(self.observations), self._out(self.rewards), self._out(self.terminated),
                self._out(self.truncated), info)

    def _draw(self, seed: int | Sequence[int | None] | None, rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
        """Row i as a single environment does that was reset with seed + i, or with seed[i]."""
        each = [seed + i for i in range(self.num_envs)] if isinstance(seed, (int, np.integer)) else seed
        if each is not None and len(each) != self.num_envs:
            raise Error(abi.PAB_E_ARGUMENT, f"{len(each)} seeds for {self.num_envs} environments")
        if not self._generators:
            self._generators = [np.random.default_rng() for _ in range(self.num_envs)]
        seeds = np.zeros(self.num_envs, np.uint64)
        for i in np.flatnonzero(rows).tolist():
            if each is not None and each[i] is not None:
                self._generators[i] = np.random.Generator(np.random.PCG64(each[i]))
            seeds[i] = self.episodes.draw(self._generators[i])
        self._np_random = self._generators[0]
        return seeds

    def _info(self) -> dict[str, Any]:
        everywhere = np.ones(self.num_envs, np.bool_)
        rows: dict[str, NDArray[Any]] = {"seed": self.seeds, "action_mask": self.masks,
                                         "filled": self.results["filled"], "hedge_error": self.results["hedge_error"]}
        info: dict[str, Any] = {}
        for name, values in rows.items():
            info[name], info[f"_{name}"] = self._out(values), everywhere
        return info

    def _out(self, array: NDArray[Any]) -> Any:
        return array.copy() if self.copy else array

    def _same_process(self) -> None:
        if os.getpid() != self._process:
            raise Error(abi.PAB_E_STATE, "a vector of environments and its threads stay in the process that made them; "
                                         "make another after fork")

    def hash(self) -> list[int]:
        """Of every environment: equal states have equal hashes."""
        out = C.c_uint64()
        hashes = []
        for i in range(self.num_envs):
            check(lib.pab_env_hash(lib.pab_vecenv_env(self._vec.handle, i), C.byref(out)))
            hashes.append(out.value)
        return hashes

    def save(self) -> list[bytes | None]:
        """The state of every environment, None before its first reset."""
        return [self._state(i) for i in range(self.num_envs)]

    def restore(self, states: Sequence[bytes | None]) -> None:
        """Takes over states saved with an equal scenario, one per environment, which continue from there."""
        if len(states) != self.num_envs:
            raise Error(abi.PAB_E_ARGUMENT, f"{len(states)} states for {self.num_envs} environments")
        self._same_process()
        for i, state in enumerate(states):
            if state is not None:
                check(lib.pab_env_restore(lib.pab_vecenv_env(self._vec.handle, i), state, len(state)))
                check(lib.pab_vecenv_resume(self._vec.handle, i))

    def fork(self) -> PairExecutionVectorEnv:
        """A vector in the same state, with threads of its own."""
        return _vector(self.num_envs, self.scenario, self._made, self.save(), self._rest())

    def _state(self, i: int) -> bytes | None:
        env = lib.pab_vecenv_env(self._vec.handle, i)
        try:
            return bytes_of(lambda buf, cap, needed: lib.pab_env_save(env, buf, cap, needed))
        except Error as error:
            if error.name != "PAB_E_STATE":
                raise
            return None

    def _rest(self) -> dict[str, Any]:
        """What is not in the environments' states."""
        arrays = {name: getattr(self, name).copy() for name in _KEPT}
        return {"arrays": arrays, "generators": deepcopy(self._generators), "action_space": deepcopy(self.action_space)}

    def __reduce__(self) -> tuple[Any, ...]:
        return _vector, (self.num_envs, self.scenario, self._made, self.save(), self._rest())

    def close_extras(self, **kwargs: Any) -> None:
        if os.getpid() == self._process:
            self._vec.close()


_KEPT = ("actions", "rewards", "terminated", "truncated", "final_observations", "results", "metrics")


def _vector(num_envs: int, scenario: Scenario, made: dict[str, Any], states: list[bytes | None],
            rest: dict[str, Any]) -> PairExecutionVectorEnv:
    env = PairExecutionVectorEnv(num_envs, scenario, **made)
    env.restore(states)
    for name, array in rest["arrays"].items():
        getattr(env, name)[...] = array
    env._generators, env.action_space = rest["generators"], rest["action_space"]
    if env._generators:
        env._np_random = env._generators[0]
    return env
