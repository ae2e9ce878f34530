"""The pair environment for gymnasium: `gymnasium.make("pairsabides/PairExecution-v0")` after `import pairsabides`."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from . import _abi as abi
from ._core import Error
from .env import (JOINT_ACTIONS, LEG_ACTIONS, LEGS, REGIMES, PairEnv, Regime, Split, action_names, episode_seed,
                  features, regime_number, reset_options, split_number)
from .scenario import Source


def observation_space() -> Any:
    """A box of the features' bounds."""
    rows = features()
    return spaces.Box(np.array([row["low"] for row in rows], np.float32),
                      np.array([row["high"] for row in rows], np.float32), dtype=np.float32)


def action_space(joint: bool) -> Any:
    """Two leg actions, or their joint number 17 * action of A + action of B."""
    return spaces.Discrete(JOINT_ACTIONS) if joint else spaces.MultiDiscrete([LEG_ACTIONS] * LEGS)


class Episodes:
    """Which episodes are played: drawn from a split and some regimes by a generator, or named."""

    def __init__(self, split: Split, regimes: Regime | Sequence[Regime]) -> None:
        self.split: int = split_number(split)
        """The split that episodes are drawn from."""
        self.regimes: list[int] = [regime_number(each) for each in
                                   ([regimes] if isinstance(regimes, (str, int)) else regimes)]
        """The regimes that episodes are drawn from."""
        if not self.regimes:
            raise Error(abi.PAB_E_ARGUMENT, f"there are no regimes, expected some of {', '.join(REGIMES)}")

    def draw(self, generator: np.random.Generator) -> int:
        """The seed of an episode."""
        regime = self.regimes[int(generator.integers(len(self.regimes)))]
        return episode_seed(self.split, regime, int(generator.integers(1 << 47)))


def episode_options(options: Mapping[str, Any]) -> Any:
    """What reset(options=...) holds besides `episode`, on top of what the constructor was given."""
    return reset_options(**options) if options else None


def no_rendering(mode: str) -> None:
    """Warns of a mode that is not supported and continues: libraries ask for "rgb_array" by default."""
    gymnasium.logger.warn(f"there is no render mode {mode}, expected ansi: nothing is rendered")


def render_text(env: PairEnv) -> str:
    """A decision at a glance."""
    status = env.status()
    lines = [f"decision {status['step']} of {status['steps']}, {REGIMES[status['regime']]}, "
             f"hedge error {status['hedge_error']:+.1f} of {status['band']:.1f} shares"]
    for leg, name in enumerate("AB"):
        side = "buy" if status["side"][leg] == abi.PAB_BUY else "sell"
        (bid, bids), (ask, asks) = env.market.l1(int(status["symbol"][leg]))
        lines.append(f"{name}: {side} {status['filled'][leg]} of {status['parent'][leg]}, "
                     f"{status['live'][leg]} working; {bids} x {bid} | {ask} x {asks}")
    return "\n".join(lines)


class PairExecutionEnv(gymnasium.Env[NDArray[np.float32], Any]):
    """Buy one asset, sell the other, and keep them in step.

    scenario, overrides: a preset, YAML text or Scenario with a `pair` section, and keys to change in it
    split, regimes: episodes are drawn from these; reset(options={"episode": episode_seed(...)}) names one
    joint: one action number for both legs instead of two
    copy: False hands out the buffer itself, which the next step overwrites
    episode: side, quantity, shield, weights, extra, see pairsabides.reset_options; reset(options=...) takes them too

    info: `seed` of the episode, `action_mask` (int8, as the actions), `filled`, `hedge_error`; at the end `metrics`.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 1}
    observation_space: Any
    action_space: Any
    render_mode: str | None

    def __init__(self, scenario: Source = "pair", overrides: Mapping[str, object] | None = None, *,
                 split: Split = "train", regimes: Regime | Sequence[Regime] = "calm", joint: bool = False,
                 copy: bool = True, episode: Mapping[str, Any] | None = None, render_mode: str | None = None) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            no_rendering(render_mode)
            render_mode = None
        self.render_mode = render_mode
        self.episodes: Episodes = Episodes(split, regimes)
        """Which episodes are played."""
        self.core: PairEnv = PairEnv(scenario, overrides)
        """The environment below."""
        self.observation_space = observation_space()
        self.action_space = action_space(joint)
        self.joint: bool = joint
        """One action number for both legs."""
        self.copy: bool = copy
        """Observations are copies."""
        self._episode = dict(episode or {})
        reset_options(**self._episode)  # so that a mistake is reported now
        self._seed = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None
              ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Starts an episode; options: `episode`, which names it, and what the constructor's `episode` takes."""
        super().reset(seed=seed)
        chosen = {**self._episode, **(options or {})}
        named = chosen.pop("episode", None)
        drawn = self.episodes.draw(self.np_random) if named is None else int(named)
        obs = self.core.reset(drawn, episode_options(chosen))
        self._seed = int(self.core.status()["seed"])
        return (obs.copy() if self.copy else obs), self._info(np.zeros(LEGS, np.int64), 0.0)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.core._says()}>"

    def step(self, action: Any) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """One decision for both legs."""
        result = self.core.step(divmod(_joint(action), LEG_ACTIONS) if self.joint else action)
        terminated = bool(result.flags & abi.PAB_STEP_TERMINATED)
        truncated = bool(result.flags & abi.PAB_STEP_TRUNCATED)
        info = self._info(np.array(result.filled), result.hedge_error)
        if terminated or truncated:
            info["metrics"] = self.core.metrics()
        obs = self.core.observation
        return (obs.copy() if self.copy else obs), float(result.reward), terminated, truncated, info

    def _info(self, filled: NDArray[np.int64], hedge_error: float) -> dict[str, Any]:
        mask = joint_mask(self.core.mask) if self.joint else self.core.mask
        return {"seed": self._seed, "action_mask": mask.astype(np.int8), "filled": filled, "hedge_error": hedge_error}

    def action_masks(self) -> NDArray[np.bool_]:
        """Flat, as maskable learners ask for it."""
        mask = joint_mask(self.core.mask) if self.joint else self.core.mask.ravel()
        return mask.astype(bool)

    def action_meanings(self) -> list[str]:
        """Names of a leg's actions, by number."""
        return action_names()

    def fork(self, number: int | None = None) -> PairExecutionEnv:
        """A copy in the same state. With a number it gets its own future; forks with one number share it."""
        twin: PairExecutionEnv = PairExecutionEnv.__new__(PairExecutionEnv)
        twin.__dict__.update(self.__dict__)
        twin.core = self.core.fork(number)
        twin.action_space = deepcopy(self.action_space)  # it draws samples
        twin.np_random = np.random.default_rng()
        twin.np_random.bit_generator.state = self.np_random.bit_generator.state
        return twin

    def save(self) -> bytes:
        """The state of the market and the episode."""
        return self.core.save()

    def restore(self, state: bytes) -> None:
        """Takes over a state saved with an equal scenario."""
        self.core.restore(state)
        self._seed = int(self.core.status()["seed"])

    def hash(self) -> int:
        """Equal states have equal hashes."""
        return self.core.hash()

    def render(self) -> str | None:
        """A decision at a glance, with render_mode="ansi"."""
        return None if self.render_mode is None else render_text(self.core)

    def close(self) -> None:
        """Frees the environment below."""
        self.core.close()


def _joint(action: Any) -> int:
    number = int(np.asarray(action).item())
    if number != action or not 0 <= number < JOINT_ACTIONS:
        raise Error(abi.PAB_E_RANGE, f"the joint action is {action}, expected 0 to {JOINT_ACTIONS - 1}")
    return number


def joint_mask(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask of joint actions."""
    both: NDArray[np.uint8] = np.multiply.outer(mask[0], mask[1])
    return both.ravel()
