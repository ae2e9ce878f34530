"""Evaluation: policies on the same episodes, and what may be said of their differences."""
from __future__ import annotations

import ctypes as C
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi as abi
from ._core import Error, Handle, as_dict, check, defaults, fill, lib, sized, text_of
from .env import REGIMES, Regime, Split, regime_number, split_number
from .policy import Act, Policy
from .progress import Progress, Report
from .scenario import Source, scenario_of

if TYPE_CHECKING:
    import pandas


def measures() -> list[dict[str, Any]]:
    """What is measured of an episode: name, unit and what it is."""
    rows = []
    for index in range(abi.PAB_MEASURE_COUNT):
        info = sized(abi.pab_measure_info)
        check(lib.pab_measure_get(index, C.byref(info)))
        rows.append(as_dict(info))
    return rows


class Evaluation(Handle):
    """A table of episodes: policies by regimes by seeds. `evaluate` makes one."""

    _free = "pab_eval_free"

    def __init__(self, names: Sequence[str], options: Any) -> None:
        words = (C.c_char_p * len(names))(*(name.encode() for name in names))
        super().__init__(lambda out: lib.pab_eval_new(None, words, len(names), C.byref(options), out))
        self.policies: list[str] = list(names)
        """Names of the policies, in order."""
        self._hook: Any = None

    def _says(self) -> str:
        played = sum(lib.pab_eval_episodes(self.handle, regime) for regime in range(len(REGIMES)))
        return f"of {', '.join(self.policies)} on {played} episodes"

    def rows(self) -> dict[str, np.ndarray[Any, Any]]:
        """One row per episode played, by columns: policy, regime, episode, seed and every measure."""
        columns: dict[str, list[Any]] = {"policy": [], "regime": [], "episode": [], "seed": []}
        names = [measure["name"] for measure in measures()]
        columns.update({name: [] for name in names})
        for number, policy in enumerate(self.policies):
            for regime, word in enumerate(REGIMES):
                for episode in range(lib.pab_eval_episodes(self.handle, regime)):
                    metrics = sized(abi.pab_episode_metrics)
                    status = lib.pab_eval_get(self.handle, number, regime, episode, C.byref(metrics))
                    if status == abi.PAB_E_STATE:
                        continue
                    check(status)
                    seed = lib.pab_eval_seed(self.handle, regime, episode)
                    for name, value in zip(columns, (policy, word, episode, seed)):
                        columns[name].append(value)
                    for index, name in enumerate(names):
                        columns[name].append(_measure(index, metrics))
        return {name: np.array(values, np.uint64) if name == "seed" else np.array(values)
                for name, values in columns.items()}

    def summary(self, policy: str | int, regime: Regime | None = None) -> dict[str, Any]:
        """One policy at a glance; all regimes together where none is named."""
        out = sized(abi.pab_eval_summary)
        check(lib.pab_eval_summarize(self.handle, self._policy(policy), _regime(regime), C.byref(out)))
        return as_dict(out)

    def compare(self, base: str | int, measure: str = "pair_cost", regime: Regime | None = None
                ) -> dict[str, dict[str, Any]]:
        """Every policy less the base policy, seed by seed, with 95 % intervals."""
        names = [each["name"] for each in measures()]
        if measure not in names:
            raise Error(abi.PAB_E_KEY, f"there is no measure {measure}, expected one of {', '.join(names)}")
        out = (abi.pab_contrast * len(self.policies))()
        for each in out:
            each.struct_size = C.sizeof(each)
        check(lib.pab_eval_compare(self.handle, self._policy(base), _regime(regime), names.index(measure), out,
                                   len(out)))
        return {name: as_dict(each) for name, each in zip(self.policies, out)}

    def text(self, base: str | int | None = None) -> str:
        """The tables as text."""
        number = -1 if base is None else self._policy(base)
        return text_of(lambda buf, cap, needed: lib.pab_eval_text(self.handle, number, buf, cap, needed))

    def frame(self) -> pandas.DataFrame:
        """`rows` as a pandas frame."""
        return need_pandas().DataFrame(self.rows())

    def summary_frame(self, regime: Regime | None = None) -> pandas.DataFrame:
        """`summary` of every policy as a pandas frame, a row each."""
        return need_pandas().DataFrame([self.summary(name, regime) for name in self.policies], index=self.policies)

    def compare_frame(self, base: str | int, measure: str = "pair_cost", regime: Regime | None = None
                      ) -> pandas.DataFrame:
        """`compare` as a pandas frame, a row per policy."""
        return need_pandas().DataFrame.from_dict(self.compare(base, measure, regime), orient="index")

    def _policy(self, policy: str | int) -> int:
        if isinstance(policy, int):
            return policy
        if policy not in self.policies:
            raise Error(abi.PAB_E_KEY, f"there is no policy {policy}, expected one of {', '.join(self.policies)}")
        return self.policies.index(policy)


def evaluate(policies: Mapping[str, str | Act | Policy] | Sequence[str], scenario: Source = "pair",
             *, overrides: Mapping[str, object] | None = None, split: Split = "validation",
             regimes: Sequence[Regime] | None = None, episodes: int = 64, first: int = 0, threads: int = 0,
             resamples: int = 10_000, episode: Any = None,
             progress: bool | Report | None = None) -> Evaluation:
    """Plays every policy on the same episodes.

    policies: specifications, or names with a specification, a Policy or a callable each; episodes: per regime;
    threads: 0 is the caller's; the table does not depend on it. episode: see reset_options.
    progress: True for a tqdm bar, or a callable of (stage, done, total), which may return True to cancel.
    """
    if isinstance(policies, str):
        policies = [policies]
    if not isinstance(policies, (Mapping, Sequence)):
        raise TypeError(f"policies are specifications, or names with a policy each, not {policies!r}")
    named = dict(policies) if isinstance(policies, Mapping) else {spec: spec for spec in policies}
    players = [each if isinstance(each, Policy) else Policy(each, name) if callable(each) else Policy(each)
               for name, each in named.items()]
    options = defaults(abi.pab_eval_options)
    options.split, options.episodes, options.first = split_number(split), episodes, first
    options.threads, options.resamples = threads, resamples
    if regimes is not None:
        options.regimes = regime_bits(regimes)
    if episode is not None:
        options.episode = C.pointer(episode)
    hook = Progress(progress)
    options.progress = hook.pointer
    table = Evaluation(list(named), options)
    handles = (C.c_void_p * len(players))(*(player.handle for player in players))
    table._hook = hook  # its address is kept in the table
    frozen = scenario_of(scenario, overrides)  # has a name, so that it lives through the call
    status = lib.pab_eval_run(table.handle, frozen.handle, handles)
    hook.close()
    raised = hook.raised
    for player in players:
        raised += player.raised
        player.raised.clear()
    frozen.check(status, raised)
    return table


def _measure(index: int, metrics: Any) -> float:
    out = C.c_double()
    check(lib.pab_measure_value(index, C.byref(metrics), C.byref(out)))
    return out.value if math.isfinite(out.value) else math.nan


def _regime(regime: Regime | None) -> int:
    return -1 if regime is None else regime_number(regime)


def regime_bits(regimes: Sequence[Regime] | Regime) -> int:
    """A bit for each regime."""
    return sum({1 << regime_number(each) for each in ([regimes] if isinstance(regimes, (str, int)) else regimes)})


def need_pandas() -> Any:
    """pandas, or an error that says how to get it."""
    try:
        import pandas
    except ImportError as error:
        raise ImportError("frames need pandas: pip install pandas; rows() and summary() need none") from error
    return pandas


def tune(policy: str, scenario: Source = "pair", *, overrides: Mapping[str, object] | None = None,
         regimes: Sequence[Regime] | None = None, threads: int = 0, seed: int = 1, first: int = 0,
         progress: bool | Report | None = None, **options: int) -> dict[str, Any]:
    """Searches the options of a built-in policy on training episodes; validation episodes decide.

    options: generations, candidates, episodes, validation. The result's `spec` is the better policy's.
    """
    how, hook, out = fill(defaults(abi.pab_tune_options), options), Progress(progress), sized(abi.pab_tune_result)
    how.threads, how.seed, how.first, how.progress = threads, seed, first, hook.pointer
    if regimes is not None:
        how.regimes = regime_bits(regimes)
    frozen = scenario_of(scenario, overrides)
    status = lib.pab_policy_tune(frozen.handle, policy.encode(), C.byref(how), C.byref(out))
    hook.close()
    frozen.check(status, hook.raised)
    return as_dict(out)


def impact(scenario: Source = "pair", *, overrides: Mapping[str, object] | None = None,
           split: Split = "train", regime: Regime = "calm", seeds: int = 64, first: int = 0, slice: int = 0,
           threads: int = 0, progress: bool | Report | None = None) -> dict[str, Any]:
    """How leg A's mid answers an order that takes: `mean` and `error` in bps, [probe, time], and the `times` in s."""
    how, hook, out = defaults(abi.pab_impact_options), Progress(progress), sized(abi.pab_impact)
    how.split, how.regime, how.seeds, how.first = split_number(split), regime_number(regime), seeds, first
    how.slice, how.threads, how.progress = slice, threads, hook.pointer
    frozen = scenario_of(scenario, overrides)
    status = lib.pab_impact_measure(frozen.handle, C.byref(how), C.byref(out))
    hook.close()
    frozen.check(status, hook.raised)
    return as_dict(out)
