"""The pair environment for PettingZoo: each leg is an agent, both act at once."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from . import _abi as abi
from .env import LEG_ACTIONS, LEGS, PairEnv, Regime, Split, reset_options
from .gym import Episodes, episode_options, no_rendering, observation_space, render_text
from .scenario import Source

AGENTS: list[str] = ["leg_a", "leg_b"]
OPTIONS: tuple[str, ...] = ("episode", "side", "quantity", "regime", "shield", "weights", "extra")


class PairExecutionParallelEnv(ParallelEnv[str, NDArray[np.float32], int]):  # type: ignore[misc,unused-ignore]
    """Agents "leg_a" and "leg_b", who both see the whole observation.

    reward: "team" gives both the reward of the pair; "own" gives each its leg's shortfall and half of all that is
    common, which adds up to the reward of the pair. Other arguments as of pairsabides.gym.PairExecutionEnv.
    Options of reset are those of an episode; PettingZoo wants unknown ones to be ignored.
    info: `action_mask` of the leg; at the end `metrics`.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "name": "pair_execution_v0", "is_parallelizable": True}

    def __init__(self, scenario: Source = "pair", overrides: Mapping[str, object] | None = None, *,
                 reward: Literal["team", "own"] = "team", split: Split = "train",
                 regimes: Regime | Sequence[Regime] = "calm",
                 episode: Mapping[str, Any] | None = None, render_mode: str | None = None) -> None:
        if reward not in ("team", "own"):
            raise ValueError(f"there is no reward {reward}, expected team or own")
        if render_mode not in (None, "ansi"):
            no_rendering(render_mode)
            render_mode = None
        self.render_mode: str | None = render_mode
        """ "ansi" or None."""
        self.core: PairEnv = PairEnv(scenario, overrides)
        """The environment below."""
        self.reward: str = reward
        """ "team" or "own"."""
        self.episodes: Episodes = Episodes(split, regimes)
        """Which episodes are played."""
        self._episode = dict(episode or {})
        self._shortfall_weight = reset_options(**self._episode).weights.shortfall
        self.possible_agents: list[str] = list(AGENTS)
        """Both legs."""
        self.agents: list[str] = []
        """Those that still act."""
        self._observation_spaces = {agent: observation_space() for agent in AGENTS}
        self._action_spaces = {agent: spaces.Discrete(LEG_ACTIONS) for agent in AGENTS}
        self.observation_spaces: dict[str, Any] = self._observation_spaces
        """By agent."""
        self.action_spaces: dict[str, Any] = self._action_spaces
        """By agent."""
        self.state_space: Any = observation_space()
        """Of `state`."""
        self._generator: np.random.Generator | None = None

    def observation_space(self, agent: str) -> Any:
        """The same object at each call."""
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """The same object at each call."""
        return self._action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None
              ) -> tuple[dict[str, NDArray[np.float32]], dict[str, dict[str, Any]]]:
        """Starts an episode."""
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        known = {name: value for name, value in (options or {}).items() if name in OPTIONS}
        chosen = {**self._episode, **known}
        named = chosen.pop("episode", None)
        settings = episode_options(chosen)
        self.core.reset(self.episodes.draw(self._generator) if named is None else int(named), settings)
        self._shortfall_weight = reset_options(**chosen).weights.shortfall
        self.agents = list(AGENTS)
        return self._observations(), self._infos()

    def step(self, actions: dict[str, int]) -> tuple[Any, Any, Any, Any, Any]:
        """One decision of each leg."""
        result = self.core.step([actions[agent] for agent in AGENTS])
        terminated = bool(result.flags & abi.PAB_STEP_TERMINATED)
        truncated = bool(result.flags & abi.PAB_STEP_TRUNCATED)
        infos = self._infos()
        if terminated or truncated:
            for info in infos.values():
                info["metrics"] = self.core.metrics()
            self.agents = []
        return (self._observations(), dict(zip(AGENTS, self._rewards(result))), dict.fromkeys(AGENTS, terminated),
                dict.fromkeys(AGENTS, truncated), infos)

    def _rewards(self, result: Any) -> list[float]:
        if self.reward == "team":
            return [float(result.reward)] * LEGS
        own = [self._shortfall_weight * each for each in result.cost.shortfall]
        common = (result.reward + sum(own)) / LEGS
        return [common - each for each in own]

    def _observations(self) -> dict[str, NDArray[np.float32]]:
        return {agent: self.core.observation.copy() for agent in AGENTS}

    def _infos(self) -> dict[str, dict[str, Any]]:
        return {agent: {"action_mask": self.core.mask[leg].astype(np.int8)} for leg, agent in enumerate(AGENTS)}

    def state(self) -> NDArray[np.float32]:
        """The whole observation."""
        return self.core.observation.copy()

    def render(self) -> str | None:
        """A decision at a glance, with render_mode="ansi"."""
        return None if self.render_mode is None else render_text(self.core)

    def close(self) -> None:
        """Frees the environment below."""
        self.core.close()


parallel_env = PairExecutionParallelEnv
