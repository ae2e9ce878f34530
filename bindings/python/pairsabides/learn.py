"""Stages of learning: Q-tables of experts, their ensemble, preferences, and the mixture of networks.

Every stage takes `budget`, which scales rounds, generations and seeds together (1 is what the documentation's defaults
are for), `threads` (the result does not depend on it), `seed`, which names the run, `log`, a CSV of the learning curve,
`checkpoint`, a file from which an interrupted run resumes, and `progress`: True for a tqdm bar, or a callable of
(stage, done, total) that may return True to stop. What can be chosen of a stage besides is what its `options` lists.
"""
from __future__ import annotations

import ctypes as C
import os
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import _abi as abi
from ._core import (Error, Handle, as_dict, check, defaults, field_type, fill, lib, plain, pointer, records,
                    sized)
from .env import LEG_ACTIONS, LEGS, OBSERVATIONS
from .policy import Policy
from .progress import Progress, Report
from .scenario import Scenario, Source, scenario_of

EXPERTS: tuple[str, ...] = ("lae", "sce", "ome", "rae")
TABLES: tuple[str, ...] = ("leg_a", "leg_b", "pair")
MODES: tuple[str, ...] = ("plain", "confident", "rule")
FINALISTS: tuple[str, ...] = ("candidate", "mean", "even", "expert", "rule")
LOSSES: list[str] = [plain(lib.pab_loss_name(i)) for i in range(abi.PAB_LOSS_COUNT)]

Expert = Literal["lae", "sce", "ome", "rae"] | int
"""An expert, by word or by the library's number."""
TableName = Literal["leg_a", "leg_b", "pair"] | int
"""A table of an expert, by word or by the library's number."""
Loss = Literal["mix", "cpl", "ipo", "pl", "mbt"]
"""A loss of preferences."""
Path = str | os.PathLike[str]
T = TypeVar("T", bound="Trained")


def _number(words: Sequence[str], word: str | int, what: str) -> int:
    if isinstance(word, int):
        return word
    if word not in words:
        raise Error(abi.PAB_E_KEY, f"there is no {what} {word}, expected one of {', '.join(words)}")
    return list(words).index(word)


class Run:
    """One call of a stage: its options as the library takes them, and what callbacks raised."""

    def __init__(self, scenario: Source, budget: float, threads: int, seed: int, log: Path | None,
                 checkpoint: Path | None, progress: bool | Report | None) -> None:
        self.scenario: Scenario = scenario_of(scenario)
        """What is played."""
        self.progress: Progress = Progress(progress)
        """The caller's `progress`."""
        self.raised: list[BaseException] = self.progress.raised
        """What callables raised."""
        self.options: Any = defaults(abi.pab_learn_options)
        """As the library takes them."""
        self.options.budget, self.options.threads, self.options.master_seed = budget, threads, seed
        self.options.log_path = None if log is None else os.fsencode(log)
        self.options.checkpoint = None if checkpoint is None else os.fsencode(checkpoint)
        self.options.progress = self._fit("progress", self.progress.pointer)

    def _fit(self, name: str, value: Any) -> Any:
        return C.cast(value, field_type(abi.pab_learn_options, name))

    def stage(self, name: str, record: Any) -> None:
        """Options of a stage that pab_learn_options points to."""
        self._kept = record
        setattr(self.options, name, self._fit(name, C.pointer(record)))

    def done(self, status: int, *players: Policy) -> int:
        """The end of the call."""
        self.progress.close()
        raised = self.raised + [error for player in players for error in player.raised]
        for kept in (self.raised, *(player.raised for player in players)):
            kept.clear()
        self.scenario.check(status, raised)
        return status


class Trained(Handle):
    """What a stage made: immutable, kept in a checksummed file, picklable."""

    _save: str
    _load: str
    _shared = True

    def save(self, path: Path) -> None:
        """Writes the file that `load` reads."""
        check(getattr(lib, self._save)(self.handle, os.fsencode(path)))

    @classmethod
    def load(cls: type[T], path: Path) -> T:
        """What `save` wrote."""
        return cls(lambda out: getattr(lib, cls._load)(None, os.fsencode(path), out))

    def __reduce__(self) -> tuple[Any, ...]:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "state")
            self.save(file)
            return _loaded, (type(self), file.read_bytes())


def _loaded(kind: type[T], data: bytes) -> T:
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "state")
        file.write_bytes(data)
        return kind.load(file)


class QTable(Trained):
    """A learned expert: tables that start from a rule's advice and depart from it where that pays."""

    _free, _save, _load = "pab_qtable_free", "pab_qtable_save", "pab_qtable_load"

    @classmethod
    def train(cls, scenario: Source, expert: Expert, *, budget: float = 1.0, threads: int = 0,
              seed: int = 1, log: Path | None = None, checkpoint: Path | None = None,
              progress: bool | Report | None = None, **options: Any) -> QTable:
        """Trains expert "lae", "sce", "ome" or "rae" on training seeds; options: see QTable.options()."""
        run = Run(scenario, budget, threads, seed, log, checkpoint, progress)
        run.stage("qtable", fill(defaults(abi.pab_qtable_options), options))
        number = _number(EXPERTS, expert, "expert")
        return cls(lambda out: run.done(lib.pab_qtable_train(run.scenario.handle, number, C.byref(run.options), out)))

    @staticmethod
    def options() -> dict[str, Any]:
        """What can be chosen, with its defaults; 0 of rounds and validation: as the budget says."""
        return as_dict(defaults(abi.pab_qtable_options))

    def _says(self) -> str:
        return self.expert

    @property
    def expert(self) -> str:
        """Which expert: "lae", "sce", "ome" or "rae"."""
        return str(EXPERTS[lib.pab_qtable_expert(self.handle)])

    def policy(self) -> Policy:
        """The greedy policy."""
        return Policy.lent(lambda out: lib.pab_qtable_policy(self.handle, out), self)

    def describe(self) -> dict[str, dict[str, Any]]:
        """How training ended, by table ("leg_a", "leg_b", "pair"): gains over the rule in bps, and its `mode`."""
        rows = {}
        for number, name in enumerate(TABLES):
            info = sized(abi.pab_qtable_info)
            check(lib.pab_qtable_describe(self.handle, number, C.byref(info)))
            rows[name] = {**as_dict(info), "mode": MODES[info.mode]}
        return rows

    def curve(self) -> NDArray[Any]:
        """A row per round of training; NaN where a number was not measured."""
        return records(abi.pab_qtable_round, lambda i, out: lib.pab_qtable_curve(self.handle, i, out))

    def table(self, table: TableName) -> NDArray[Any]:
        """[state, action] of visits, value, count and error: what states add, learned from whole episodes.

        The last column is following the advice."""
        states, actions = self._shape(table)
        return self._cells(table, 0, states, actions + 1)

    def shared(self, table: TableName) -> NDArray[Any]:
        """[advice, action] of visits, value, count and error: what all states share, learned from forks."""
        states, actions = self._shape(table)
        return self._cells(table, states, actions, actions)

    def _shape(self, table: TableName) -> tuple[int, int]:
        info = list(self.describe().values())[_number(TABLES, table, "table")]
        return info["states"], info["actions"]

    def _cells(self, table: TableName, first: int, rows: int, columns: int) -> NDArray[Any]:
        number = _number(TABLES, table, "table")
        cells = records(abi.pab_qtable_entry, lambda i, out: lib.pab_qtable_read(
            self.handle, number, first + i // columns, i % columns, out), rows * columns)
        return cells.reshape(rows, columns)


class Ensemble(Trained):
    """The experts' scores of joint actions, weighed by coarse state, with a price for the hedge error."""

    _free, _save, _load = "pab_sip_free", "pab_sip_save", "pab_sip_load"

    @classmethod
    def train(cls, scenario: Source,
              experts: Mapping[str, QTable] | Sequence[QTable | None] | None = None, *, budget: float = 1.0,
              threads: int = 0, seed: int = 1, log: Path | None = None, checkpoint: Path | None = None,
              progress: bool | Report | None = None, **options: Any) -> Ensemble:
        """Searches the weights. An expert that is left out plays by its rule; options: see Ensemble.options()."""
        run = Run(scenario, budget, threads, seed, log, checkpoint, progress)
        how = fill(defaults(abi.pab_sip_options), options)
        named = experts if isinstance(experts, Mapping) else dict(zip(EXPERTS, experts or ()))
        unknown = [name for name in named if name not in EXPERTS]
        if unknown:
            raise Error(abi.PAB_E_KEY, f"there is no expert {unknown[0]}, expected some of {', '.join(EXPERTS)}")
        each = [named.get(name) for name in EXPERTS]
        handles = (C.c_void_p * len(EXPERTS))(*(None if table is None else table.handle for table in each))
        return cls(lambda out: run.done(lib.pab_sip_train(run.scenario.handle, handles, C.byref(run.options),
                                                          C.byref(how), out)))

    @staticmethod
    def options() -> dict[str, Any]:
        """What can be chosen, with its defaults; 0: as the budget says."""
        return as_dict(defaults(abi.pab_sip_options))

    def policy(self) -> Policy:
        """The greedy policy."""
        return Policy.lent(lambda out: lib.pab_sip_policy(self.handle, out), self)

    def describe(self) -> dict[str, Any]:
        """How training ended: which finalist was selected and which is played."""
        info = sized(abi.pab_sip_info)
        check(lib.pab_sip_describe(self.handle, C.byref(info)))
        return as_dict(info)

    def cells(self) -> NDArray[Any]:
        """A row per coarse state: weights of the experts, visits, prices of hedge error, lag and spread."""
        return records(abi.pab_sip_cell, lambda i, out: lib.pab_sip_cell_get(self.handle, i, out),
                       abi.PAB_SIP_CELL_COUNT)

    def search(self) -> NDArray[Any]:
        """A row per generation."""
        return records(abi.pab_sip_generation, lambda i, out: lib.pab_sip_generation_get(self.handle, i, out),
                       self.describe()["generations"])

    def finalists(self) -> NDArray[Any]:
        """A row per finalist; `front` marks those that no other beats in both IS and TE."""
        return records(abi.pab_sip_finalist, lambda i, out: lib.pab_sip_finalist_get(self.handle, i, out),
                       self.describe()["finalists"])

    def sweeps(self) -> NDArray[Any]:
        """A row per sweep of local refinement; `accepted` marks those that stayed."""
        return records(abi.pab_sip_sweep, lambda i, out: lib.pab_sip_sweep_get(self.handle, i, out),
                       self.describe()["sweeps"])


class Preferences(Trained):
    """Candidates' actions from common states, ranked by what followed in common futures."""

    _free, _save, _load = "pab_prefs_free", "pab_prefs_save", "pab_prefs_load"

    @classmethod
    def generate(cls, scenario: Source, ensemble: Ensemble, reference: Policy | None = None, *,
                 extra: Sequence[Policy] = (), budget: float = 1.0, threads: int = 0, seed: int = 1,
                 checkpoint: Path | None = None, progress: bool | Report | None = None,
                 **options: Any) -> Preferences:
        """Plays and ranks the experts, the ensemble and `extra`. reference: plays before and after, by default the
        ensemble; options: see Preferences.options()."""
        run = Run(scenario, budget, threads, seed, None, checkpoint, progress)
        how = fill(defaults(abi.pab_prefs_options), options)
        handles = (C.c_void_p * max(1, len(extra)))(*(each.handle for each in extra))
        how.extras = len(extra)
        how.extra = C.cast(handles, field_type(abi.pab_prefs_options, "extra"))
        players = [*extra, *([] if reference is None else [reference])]
        return cls(lambda out: run.done(lib.pab_prefs_generate(
            run.scenario.handle, ensemble.handle, None if reference is None else reference.handle,
            C.byref(run.options), C.byref(how), out), *players))

    @staticmethod
    def options() -> dict[str, Any]:
        """What can be chosen, with its defaults; 0 episodes: as the budget says."""
        every = as_dict(defaults(abi.pab_prefs_options))
        return {name: value for name, value in every.items() if name not in ("extra", "extras")}

    def describe(self) -> dict[str, Any]:
        """Counts, and what it was made of."""
        info = sized(abi.pab_prefs_info)
        check(lib.pab_prefs_describe(self.handle, C.byref(info)))
        return as_dict(info)

    def starts(self) -> NDArray[Any]:
        """A row per state that candidates started from."""
        return records(abi.pab_prefs_start, lambda i, out: lib.pab_prefs_start_get(self.handle, i, out),
                       self.describe()["starts"])

    def trajectories(self, start: int) -> NDArray[Any]:
        """A row per thing that candidates did from a state: means over the futures."""
        return records(abi.pab_prefs_trajectory, lambda i, out: lib.pab_prefs_trajectory_get(self.handle, start, i, out),
                       int(self._start(start).trajectories))

    def pairs(self, start: int) -> NDArray[Any]:
        """A row per ranked pair of a state's tracks, the surest first."""
        return records(abi.pab_prefs_pair, lambda i, out: lib.pab_prefs_pair_get(self.handle, start, i, out),
                       int(self._start(start).pairs))

    def _start(self, start: int) -> Any:
        out = sized(abi.pab_prefs_start)
        check(lib.pab_prefs_start_get(self.handle, start, C.byref(out)))
        return out


class Mixture(Trained):
    """Networks of the experts and of the ensemble, and a gate that weighs them by the observation."""

    _free, _save, _load = "pab_moe_free", "pab_moe_save", "pab_moe_load"

    @classmethod
    def distil(cls, scenario: Source, ensemble: Ensemble, *, budget: float = 1.0, threads: int = 0,
               seed: int = 1, log: Path | None = None, checkpoint: Path | None = None,
               progress: bool | Report | None = None, **options: Any) -> Mixture:
        """Teaches networks what the ensemble does; options: see Mixture.options()."""
        run = Run(scenario, budget, threads, seed, log, checkpoint, progress)
        run.stage("moe", fill(defaults(abi.pab_moe_options), options))
        return cls(lambda out: run.done(lib.pab_moe_distil(run.scenario.handle, ensemble.handle, C.byref(run.options),
                                                           out)))

    def tune(self, scenario: Source, preferences: Preferences, loss: Loss | int = "mix", *,
             ensemble: Ensemble | None = None, budget: float = 1.0, threads: int = 0, seed: int = 1,
             log: Path | None = None, checkpoint: Path | None = None, progress: bool | Report | None = None,
             **options: Any) -> tuple[Mixture, bool]:
        """Moves a copy towards what preferences rank higher. False: it did not hold its own against this mixture and
        the ensemble on validation seeds, and the copy is this mixture as it is."""
        run = Run(scenario, budget, threads, seed, log, checkpoint, progress)
        options["loss"] = _number(LOSSES, loss, "loss")
        run.stage("moe", fill(defaults(abi.pab_moe_options), options))
        accepted = C.c_int32()
        tuned = Mixture(lambda out: run.done(lib.pab_moe_tune(
            run.scenario.handle, None if ensemble is None else ensemble.handle, self.handle, preferences.handle,
            C.byref(run.options), out, C.addressof(accepted))))
        return tuned, bool(accepted.value)

    @staticmethod
    def options() -> dict[str, Any]:
        """What can be chosen of distillation and tuning, with its defaults."""
        return as_dict(defaults(abi.pab_moe_options))

    def policy(self, sample: bool = False, temperature: float = 1.0, seed: int = 1) -> Policy:
        """Greedy, or drawing its actions."""
        play = fill(defaults(abi.pab_moe_policy_options), {"sample": int(sample), "temperature": temperature, "seed": seed})
        return Policy.lent(lambda out: lib.pab_moe_policy_with(self.handle, C.byref(play), out), self)

    def cells(self) -> NDArray[Any]:
        """A row per coarse state: what the gate does there, by the states of its training."""
        return records(abi.pab_moe_cell, lambda i, out: lib.pab_moe_cell_get(self.handle, i, out), abi.PAB_MOE_CELLS)

    def explain(self, observation: NDArray[np.float32], mask: NDArray[np.uint8]) -> dict[str, Any]:
        """Why it decides as it does: `action` and `probability` of the likeliest joint actions, weights of the gate,
        and the features with most influence. `observation` and `mask` as of PairEnv."""
        obs, legal = np.ascontiguousarray(observation, np.float32), np.ascontiguousarray(mask, np.uint8)
        if obs.shape != (OBSERVATIONS,) or legal.size != LEGS * LEG_ACTIONS:
            raise Error(abi.PAB_E_ARGUMENT, f"expected {OBSERVATIONS} features, {LEGS} x {LEG_ACTIONS} legal actions")
        reason = sized(abi.pab_moe_explanation)
        check(lib.pab_moe_describe(self.handle, pointer(obs, C.c_float), pointer(legal, C.c_uint8), C.byref(reason)))
        return as_dict(reason)


def read_log(path: Path) -> NDArray[Any]:
    """The learning curve that a stage wrote to its `log`, as a structured array."""
    table: NDArray[Any] = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8", deletechars="")
    return np.atleast_1d(table)


def frame(table: NDArray[Any] | Mapping[str, Any]) -> Any:
    """A structured array as a pandas frame; members that are arrays become one column for each element."""
    from .evaluation import need_pandas

    if isinstance(table, Mapping):
        return need_pandas().DataFrame.from_dict(table, orient="index")
    columns = {}
    for name in table.dtype.names or ():
        values = table[name].reshape(len(table), -1)
        several = table[name].ndim > 1
        columns.update({f"{name}_{i}" if several else name: values[:, i] for i in range(values.shape[1])})
    return need_pandas().DataFrame(columns)
