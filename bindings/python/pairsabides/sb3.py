"""The native vector environment as Stable-Baselines3 takes it."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from .vector import PairExecutionVectorEnv


class PairExecutionVecEnv(VecEnv):  # type: ignore[misc,unused-ignore]
    """`num_envs` environments stepped by one call. Arguments as of PairExecutionVectorEnv.

    infos of ended episodes hold `terminal_observation`, `TimeLimit.truncated`, `metrics`, and `episode` with return
    and length. `action_masks` answers maskable learners.
    """

    def __init__(self, num_envs: int = 1, *args: Any, **kwargs: Any) -> None:
        self.native: PairExecutionVectorEnv = PairExecutionVectorEnv(
            num_envs, *args, autoreset_mode=AutoresetMode.SAME_STEP, **kwargs)
        """The vector below."""
        self.render_mode: str | None = None
        """Nothing is rendered."""
        super().__init__(num_envs, self.native.single_observation_space, self.native.single_action_space)
        self._actions: NDArray[Any] = np.zeros(self.native.action_space.shape, np.int32)
        self._returns = np.zeros(num_envs)
        self._lengths = np.zeros(num_envs, np.int64)

    def reset(self) -> NDArray[np.float32]:
        """After seed(n), row i starts as a single environment reset with n + i.

        set_options({"episode": ...}), or a list of such for the rows, names the episodes that start.
        """
        seeds = None if all(each is None for each in self._seeds) else self._seeds
        obs, self.reset_infos = self._begin(seeds, [dict(each) for each in self._options])
        self._reset_seeds()
        self._reset_options()
        self._returns[:] = 0
        self._lengths[:] = 0
        return obs

    def _begin(self, seeds: Any, options: list[dict[str, Any]]) -> tuple[NDArray[np.float32], list[dict[str, Any]]]:
        named = np.array([each.pop("episode", None) for each in options], object)
        left = {name: value for each in options for name, value in each.items()}
        which = np.array([each is not None for each in named])
        obs, told = self.native.reset(seed=seeds, options=left)
        if which.any():
            named[~which] = 0
            obs, told = self.native.reset(options={"reset_mask": which, "episode": named})
        return obs, [{name: told[name][i] for name in ("seed", "action_mask")} for i in range(self.num_envs)]

    def step_async(self, actions: NDArray[Any]) -> None:
        """Keeps the actions for step_wait."""
        self._actions = actions

    def step_wait(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Steps all rows."""
        obs, rewards, terminated, truncated, told = self.native.step(self._actions)
        self._returns += rewards
        self._lengths += 1
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        ended = terminated | truncated
        for i in np.flatnonzero(ended).tolist():
            infos[i] = {"terminal_observation": told["final_obs"][i],
                        "TimeLimit.truncated": bool(truncated[i] and not terminated[i]),
                        "metrics": {name: values[i] for name, values in told["final_info"]["metrics"].items()},
                        "episode": {"r": float(self._returns[i]), "l": int(self._lengths[i])}}
        self._returns[ended] = 0
        self._lengths[ended] = 0
        return obs, rewards.astype(np.float32), ended, infos

    def action_masks(self) -> NDArray[np.bool_]:
        """[row, flat mask], of both legs or of joint actions."""
        return self.native.action_masks()

    def close(self) -> None:
        """Ends the threads."""
        self.native.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute of the vector, for each row."""
        return [getattr(self.native, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Refused: rows have no attributes of their own."""
        raise AttributeError("rows of a native vector have no attributes of their own")

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """`action_masks` of rows."""
        if method_name != "action_masks":
            raise AttributeError(f"rows of a native vector have no method {method_name}")
        masks = self.action_masks()
        return [masks[i] for i in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        """False: rows have no wrappers."""
        return [False for _ in self._get_indices(indices)]

    def has_attr(self, attr_name: str) -> bool:
        """Whether the vector has such an attribute."""
        return hasattr(self.native, attr_name)

    def seed(self, seed: int | None = None) -> Sequence[None | int]:
        """For the next reset."""
        self._seeds = [None if seed is None else seed + i for i in range(self.num_envs)]
        return self._seeds
