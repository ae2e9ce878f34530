"""Many pair environments stepped by one call: `gymnasium.make_vec("pairsabides/PairExecution-v0", num_envs=8)`."""
from __future__ import annotations

import ctypes as C
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from . import _abi as abi
from ._core import Error, Handle, bytes_of, check, defaults, field_type, lib, sized, whole
from .env import JOINT_ACTIONS, LEG_ACTIONS, LEGS, OBSERVATIONS, Regime, Split, reset_options
from .gym import Episodes, action_space, no_rendering, observation_space
from .scenario import Scenario, Source, scenario_of

AUTORESET: dict[AutoresetMode, int] = {
    AutoresetMode.NEXT_STEP: abi.PAB_AUTORESET_NEXT_STEP, AutoresetMode.SAME_STEP: abi.PAB_AUTORESET_SAME_STEP,
    AutoresetMode.DISABLED: abi.PAB_AUTORESET_DISABLED}
METRICS: np.dtype[Any] = np.dtype(abi.pab_episode_metrics)
RESULT: np.dtype[Any] = np.dtype(abi.pab_step_result)


class _Vec(Handle):
    _free = "pab_vecenv_free"


class PairExecutionVectorEnv(VectorEnv[NDArray[np.float32], Any, NDArray[Any]]):
    """N environments over one call, into arrays of numpy.

    Arguments as of PairExecutionEnv, and threads (0: the caller's; results do not depend on it) and autoreset_mode.
    Row i plays the episodes that a single environment draws which was reset with seed + i. With copy=False the arrays
    are the buffers themselves, which the next step overwrites.

    info: `seed`, `action_mask` (int8), `filled`, `hedge_error` by row; `metrics` of the rows whose episode ended. With
    SAME_STEP all of that is the new episode's, and `final_obs` and `final_info` the old one's, `metrics` included.
    """

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(self, num_envs: int = 1, scenario: Source = "pair",
                 overrides: Mapping[str, object] | None = None, *, threads: int = 0,
                 autoreset_mode: AutoresetMode | Literal["NextStep", "SameStep", "Disabled"] = AutoresetMode.NEXT_STEP,
                 split: Split = "train", regimes: Regime | Sequence[Regime] = "calm", joint: bool = False,
                 copy: bool = True, episode: Mapping[str, Any] | None = None, render_mode: str | None = None) -> None:
        if render_mode is not None:
            no_rendering(render_mode)
        self.autoreset_mode: AutoresetMode = AutoresetMode(autoreset_mode)
        """How rows begin anew."""
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self.num_envs: int = num_envs
        """Rows."""
        self.copy: bool = copy
        """Arrays handed out are copies."""
        self.joint: bool = joint
        """One action number for both legs."""
        self.render_mode: str | None = None
        """Nothing is rendered."""
        self.single_observation_space: Any = observation_space()
        """Of one row."""
        self.single_action_space: Any = action_space(joint)
        """Of one row."""
        self.observation_space: Any = batch_space(self.single_observation_space, num_envs)
        """Of all rows."""
        self.action_space: Any = batch_space(self.single_action_space, num_envs)
        """Of all rows."""
        self.episodes: Episodes = Episodes(split, regimes)
        """Which episodes are played."""
        options = defaults(abi.pab_vecenv_options)
        options.count, options.threads, options.autoreset = num_envs, threads, AUTORESET[self.autoreset_mode]
        if episode:
            options.episode = reset_options(**episode)
        self._made = {"threads": threads, "autoreset_mode": self.autoreset_mode, "split": split, "regimes": regimes,
                      "joint": joint, "copy": copy, "episode": episode}
        self.scenario: Scenario = scenario_of(scenario, overrides)
        """What is played."""
        self._vec = _Vec(lambda out: lib.pab_vecenv_new(self.scenario.handle, C.byref(options), out))
        self._process = os.getpid()
        self._generators: list[np.random.Generator] = []
        self._bind()

    def _bind(self) -> None:
        n = self.num_envs
        self.actions: NDArray[np.int32] = np.zeros((n, LEGS), np.int32)
        self.observations: NDArray[np.float32] = np.zeros((n, OBSERVATIONS), np.float32)
        self.rewards: NDArray[np.float64] = np.zeros(n, np.float64)
        self.terminated: NDArray[np.bool_] = np.zeros(n, np.bool_)
        self.truncated: NDArray[np.bool_] = np.zeros(n, np.bool_)
        self.masks: NDArray[np.uint8] = np.zeros((n, LEGS, LEG_ACTIONS), np.uint8)
        self.final_observations: NDArray[np.float32] = np.zeros((n, OBSERVATIONS), np.float32)
        self.results: NDArray[Any] = np.zeros(n, RESULT)
        self.results["struct_size"] = RESULT.itemsize
        self.metrics: NDArray[Any] = np.zeros(n, METRICS)
        self.metrics["struct_size"] = METRICS.itemsize
        self.seeds: NDArray[np.uint64] = np.zeros(n, np.uint64)
        self._next = np.zeros(n, np.uint64)  # of the episodes that follow
        self._over = np.zeros(n, np.bool_)  # begin anew with the next step
        buffers = sized(abi.pab_vecenv_buffers)
        for name in _BUFFERS:
            kind = field_type(abi.pab_vecenv_buffers, name)
            array: NDArray[Any] = getattr(self, name)
            setattr(buffers, name, C.cast(array.ctypes.data, kind) if kind is not C.c_void_p else array.ctypes.data)
        buffers.next_seeds = self._next.ctypes.data
        self._bound = [getattr(self, name) for name in (*_BUFFERS, "_next")]  # whatever else these names come to mean
        check(lib.pab_vecenv_bind(self._vec.handle, C.byref(buffers)))

    def reset(self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
              ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Resets all, or those in options["reset_mask"]; options["episode"] names the episodes, one per row."""
        self._same_process()
        chosen = dict(options or {})
        mask, named = chosen.pop("reset_mask", None), chosen.pop("episode", None)
        if chosen:
            raise Error(abi.PAB_E_KEY, f"there is no option {next(iter(chosen))}, expected reset_mask or episode; what "
                                       "all episodes share is given to the constructor")
        rows = np.ones(self.num_envs, np.uint8) if mask is None else np.ascontiguousarray(mask, np.uint8)
        if rows.shape != (self.num_envs,):
            raise Error(abi.PAB_E_ARGUMENT, f"reset_mask has shape {rows.shape}, expected ({self.num_envs},)")
        seeds = self._draw(seed, rows) if named is None else self._named(named, rows)
        if seeds.shape != (self.num_envs,):
            raise Error(abi.PAB_E_ARGUMENT, f"episode has shape {seeds.shape}, expected ({self.num_envs},)")
        if mask is None:
            self.scenario.check(lib.pab_vecenv_reset(self._vec.handle, seeds.ctypes.data))
        else:
            self.scenario.check(lib.pab_vecenv_reset_some(self._vec.handle, rows.ctypes.data, seeds.ctypes.data))
        began = rows != 0
        self.results["filled"][began] = 0
        self.results["hedge_error"][began] = 0
        self._over[began] = False
        self._draw_next(began)
        return self._out(self.observations), self._info()

    def step(self, actions: Any) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_],
                                          NDArray[np.bool_], dict[str, Any]]:
        """A decision of every row: observations, rewards, terminated, truncated, info."""
        self._same_process()
        self._take(actions)
        played, began = self.seeds.copy(), self._over.copy()
        self.scenario.check(lib.pab_vecenv_step(self._vec.handle))
        ended = self.terminated | self.truncated
        same = self.autoreset_mode == AutoresetMode.SAME_STEP
        told: dict[str, Any] = {}
        if ended.any():
            metrics = {name: self.metrics[name].copy() for name in METRICS.names or () if name != "struct_size"}
            told = {"metrics": metrics, "_metrics": ended.copy()}
            if same:
                told = self._final(ended, played, metrics)
                began = ended
        self._over = ended & (self.autoreset_mode == AutoresetMode.NEXT_STEP)
        self._draw_next(began)
        info = {**self._info(), **told}
        return (self._out(self.observations), self._out(self.rewards), self._out(self.terminated),
                self._out(self.truncated), info)

    def _final(self, ended: NDArray[np.bool_], seeds: NDArray[np.uint64], metrics: dict[str, Any]) -> dict[str, Any]:
        """The final info of episodes that ended in SAME_STEP; the rows otherwise describe the new episodes."""
        last = np.zeros_like(self.masks)
        last[:, :, abi.PAB_ACTION_HOLD] = 1
        rows: dict[str, Any] = {"seed": seeds, "action_mask": self._flat(last), "filled": self.results["filled"].copy(),
                                "hedge_error": self.results["hedge_error"].copy(), "metrics": metrics}
        told: dict[str, Any] = {}
        for name, values in rows.items():
            told[name], told[f"_{name}"] = values, ended.copy()
        self.results["filled"][ended] = 0
        self.results["hedge_error"][ended] = 0
        return {"final_obs": self._out(self.final_observations), "_final_obs": ended.copy(),
                "final_info": told, "_final_info": ended.copy()}

    def _take(self, actions: Any) -> None:
        """Into the buffer that the library reads."""
        given = whole(actions, np.int32)
        if self.joint:
            if given.shape != (self.num_envs,) or given.min() < 0 or given.max() >= JOINT_ACTIONS:
                raise Error(abi.PAB_E_ARGUMENT, f"expected {self.num_envs} joint actions of 0 to {JOINT_ACTIONS - 1}")
            given = np.stack(np.divmod(given, LEG_ACTIONS), axis=1)
        np.copyto(self._bound[0], given)

    def _flat(self, masks: NDArray[Any]) -> NDArray[np.int8]:
        """Masks as the actions are."""
        if not self.joint:
            mask: NDArray[np.int8] = masks.view(np.int8)
            return mask
        both = (masks[:, 0, :, None] & masks[:, 1, None, :]).reshape(self.num_envs, -1)
        joint: NDArray[np.int8] = both.astype(np.int8)
        return joint

    def action_masks(self) -> NDArray[np.bool_]:
        """[row, flat mask], as maskable learners ask for it."""
        return self._flat(self.masks).reshape(self.num_envs, -1).astype(bool)

    def _named(self, named: Any, rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
        self._generators = self._generators or [np.random.default_rng() for _ in range(self.num_envs)]
        return whole(named, np.uint64)

    def _draw_next(self, rows: NDArray[np.bool_]) -> None:
        for i in np.flatnonzero(rows).tolist():
            self._next[i] = self.episodes.draw(self._generators[i])

    def _draw(self, seed: int | Sequence[int | None] | None, rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
        """Row i as a single environment does that was reset with seed + i, or with seed[i]."""
        each = [seed + i for i in range(self.num_envs)] if isinstance(seed, (int, np.integer)) else seed
        if each is not None and len(each) != self.num_envs:
            raise Error(abi.PAB_E_ARGUMENT, f"{len(each)} seeds for {self.num_envs} environments")
        if not self._generators:
            self._generators = [np.random.default_rng() for _ in range(self.num_envs)]
            self._draw_next(np.ones(self.num_envs, np.bool_))
        seeds = np.zeros(self.num_envs, np.uint64)
        for i in np.flatnonzero(rows).tolist():
            seeds[i] = self._next[i]
            if each is not None and each[i] is not None:
                self._generators[i] = np.random.Generator(np.random.PCG64(each[i]))
                seeds[i] = self.episodes.draw(self._generators[i])
        self._np_random = self._generators[0]
        return seeds

    def _info(self) -> dict[str, Any]:
        everywhere = np.ones(self.num_envs, np.bool_)
        rows: dict[str, NDArray[Any]] = {"seed": self.seeds, "action_mask": self._flat(self.masks),
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

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.num_envs} on {', '.join(self.scenario.symbols)}>"

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
        """Takes over states saved with an equal scenario, one per environment, and continues from there."""
        if len(states) != self.num_envs:
            raise Error(abi.PAB_E_ARGUMENT, f"{len(states)} states for {self.num_envs} environments")
        self._same_process()
        if not self._generators:
            self._generators = [np.random.default_rng() for _ in range(self.num_envs)]
            self._draw_next(np.ones(self.num_envs, np.bool_))
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
        """Ends the threads; in the process that made them only."""
        if os.getpid() == self._process:
            self._vec.close()


_BUFFERS = ("actions", "observations", "rewards", "terminated", "truncated", "masks", "final_observations", "results",
            "metrics", "seeds")
_KEPT = ("actions", "rewards", "terminated", "truncated", "final_observations", "results", "metrics", "_next", "_over")


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
