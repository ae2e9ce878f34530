"""All stages of learning in one call, in a directory from which an interrupted run is resumed."""
from __future__ import annotations

import ctypes as C
import json
import os
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import _abi as abi
from ._core import Error, Handle, as_dict, check, defaults, field_type, fill, lib, plain, sized
from .env import Split, split_number
from .learn import LOSSES, Loss, read_log
from .policy import Policy
from .progress import Progress, Report
from .scenario import Config, Scenario, Source, config_of

SHIPPED: tuple[str, ...] = ("ensemble", "distilled", "tuned")


class Pipeline(Handle):
    """A run's directory, finished or not. `Pipeline.run` makes one, `Pipeline(directory)` opens it again."""

    _free = "pab_pipeline_free"

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory: pathlib.Path = pathlib.Path(directory)
        """Where the run is."""
        self.result: dict[str, Any] | None = None
        """How the run ended, where this object has seen it end: what is shipped, and differences with intervals."""
        super().__init__(lambda out: lib.pab_pipeline_open(None, os.fsencode(directory), out))

    @classmethod
    def run(cls, directory: str | os.PathLike[str], scenario: Source = "pair",
            overrides: Mapping[str, object] | None = None, *, budget: float = 1.0, threads: int = 0, seed: int = 1,
            losses: Sequence[Loss] | None = None, split: Split = "validation", resume: bool = False,
            progress: bool | Report | None = None, **options: Any) -> Pipeline:
        """Runs all stages. options: see Pipeline.options(); `resume` continues the run in the directory.

        progress is called with (stage, done, total); an interrupt stops the run, `resume` continues it.
        """
        config = config_of(scenario, overrides)
        how, hook, result = defaults(abi.pab_pipeline_options), Progress(progress), sized(abi.pab_pipeline_result)
        fill(how, options)
        how.budget, how.threads, how.master_seed = budget, threads, seed
        how.split, how.resume = split_number(split), int(resume)
        if losses is not None:
            unknown = [loss for loss in losses if loss not in LOSSES]
            if unknown:
                raise Error(abi.PAB_E_KEY, f"there is no loss {unknown[0]}, expected some of {', '.join(LOSSES)}")
            how.losses = sum(1 << LOSSES.index(loss) for loss in set(losses))
        how.hook = _hook(hook)
        status = lib.pab_pipeline_run(config.handle, os.fsencode(directory), C.byref(how), C.byref(result))
        hook.close()
        check(status, hook.raised)
        made = cls(directory)
        made.result = {**as_dict(result), "shipped": SHIPPED[result.shipped]}
        return made

    def report(self) -> dict[str, Any]:
        """report.json of a finished run: options, what is shipped, each policy's summary by regime, increments.

        The page report.html and ablations are made by the command: `pairsabides report DIR`, `pairsabides ablate DIR`.
        """
        return json.loads((self.directory / "report.json").read_text())  # type: ignore[no-any-return]

    def _says(self) -> str:
        return f"in {self.directory}: {', '.join(self.policies)}"

    @staticmethod
    def options() -> dict[str, Any]:
        """What can be chosen besides the arguments of `run`, with its defaults."""
        ours = ("threads", "master_seed", "budget", "losses", "split", "resume", "hook")
        return {name: value for name, value in as_dict(defaults(abi.pab_pipeline_options)).items() if name not in ours}

    @property
    def policies(self) -> list[str]:
        """Names of the policies that the run made."""
        return list(self._names())

    def policy(self, name: str) -> Policy:
        """One that the run made ("q:lae", "sip", "moe"), or any that Policy knows."""
        return Policy.lent(lambda out: lib.pab_pipeline_policy(self.handle, name.encode(), out), self)

    @property
    def scenario(self) -> Scenario:
        """An equal scenario of one's own, from the copy in the directory."""
        return Scenario(Config().load(self.directory / "scenario.yaml"))

    def table(self, name: str) -> Any:
        """A CSV file of the directory as a structured array."""
        return read_log(self.directory / name)

    def _names(self) -> Iterator[str]:
        index = 0
        while (name := lib.pab_pipeline_name(self.handle, index)) is not None:
            yield plain(name)
            index += 1


def _hook(progress: Progress) -> Any:
    record = sized(abi.pab_pipeline_hook)
    record.report = field_type(abi.pab_pipeline_hook, "report")(
        lambda _, step: progress.tell(plain(step.contents.name), step.contents.done, step.contents.total))
    return C.pointer(record)
