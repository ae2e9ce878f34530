"""Scenarios: a preset, YAML and overrides, put together and frozen."""
from __future__ import annotations

import ctypes as C
import datetime
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from . import _abi as abi
from ._core import Error, Handle, as_dict, check, interrupts, lib, plain, sized, text_of

if TYPE_CHECKING:
    from .agent import Agent

Source = Union["Scenario", "Config", str, "os.PathLike[str]"]
"""What is taken for a scenario: a preset's name, a YAML file's path, YAML text, a Config or a Scenario."""
Time = Union[int, str, datetime.datetime, np.datetime64]
"""ns since 1970, or what Scenario.time makes of it."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$")
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")


class Config(Handle):
    """A scenario being put together. Keys are paths in YAML: `agents.noise.count`. Pickled and copied as its text."""

    _free = "pab_config_free"

    def __init__(self, preset: str | None = None, agents: Sequence[type[Agent]] = ()) -> None:
        super().__init__(lambda out: lib.pab_config_new(None, out))
        self.agents: list[type[Agent]] = []
        self._records: list[Any] = []  # of agents: lent to all scenarios made from this
        self._raised: list[BaseException] = []  # by agents
        for agent in agents:
            self.add_agent(agent)
        if preset is not None:
            check(lib.pab_config_preset(self.handle, preset.encode()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _config, (self.text(), tuple(self.agents))

    def _says(self) -> str:
        return f"of {len(self.text().splitlines())} lines"

    def add_agent(self, agent: type[Agent]) -> Config:
        """Makes a type of agent known: `type: NAME` under `agents`. Comes before the keys that name it."""
        from .agent import register

        self._records.append(register(self, agent, self._raised))
        self.agents.append(agent)
        return self

    def load(self, path: str | os.PathLike[str]) -> Config:
        """Merges a YAML file."""
        check(lib.pab_config_load(self.handle, os.fsencode(path)))
        return self

    def parse(self, text: str, name: str = "text") -> Config:
        """Merges YAML text; `name` stands for the file in errors."""
        data = text.encode()
        check(lib.pab_config_parse(self.handle, data, len(data), name.encode()))
        return self

    def __setitem__(self, key: str, value: object) -> None:
        if not isinstance(key, str):
            raise TypeError(f"a key is text, as \"clock.date\", not {key!r}")
        if value is None:  # as null in YAML: drops a section
            lines = [" " * i + json.dumps(part) + ":" for i, part in enumerate(key.split("."))]
            self.parse("\n".join([*lines[:-1], lines[-1] + " null"]), key)
            return
        word = str(value).lower() if isinstance(value, bool) else str(value)
        check(lib.pab_config_set(self.handle, key.encode(), word.encode()))

    def __getitem__(self, key: str) -> str:
        return text_of(lambda buf, cap, needed: lib.pab_config_get(self.handle, key.encode(), buf, cap, needed))

    def import_abides(self, path: str | os.PathLike[str]) -> Config:
        """Starts over from a recorded ABIDES run's scenario.json."""
        check(lib.pab_config_import_abides(self.handle, os.fsencode(path)))
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes `text` to a file."""
        check(lib.pab_config_save(self.handle, os.fsencode(path)))

    def text(self) -> str:
        """The whole as YAML that reads back to the same scenario."""
        return text_of(lambda buf, cap, needed: lib.pab_config_text(self.handle, buf, cap, needed))


class Scenario(Handle):
    """A frozen scenario, shared by any number of markets and environments, on any number of threads.

    agents: types of agent (pairsabides.Agent) that the scenario names. Picklable: it keeps the text that it was made
    from, and the agents' classes by their names.
    """

    _free = "pab_scenario_free"
    _shared = True

    def __init__(self, source: Source = "pair", overrides: Mapping[str, object] | None = None,
                 agents: Sequence[type[Agent]] = ()) -> None:
        """`source` is a Config, the name of a preset, a YAML file's path, or YAML text (with a line break or ": ").

        overrides: values by key; None drops a section, as null does in YAML.
        """
        config = config_of(source, overrides, agents)
        self.text: str = config.text()
        """The whole as YAML."""
        self.agents: tuple[type[Agent], ...] = tuple(config.agents)
        """Types of agent of one's own."""
        self._records, self._raised = config._records, config._raised
        super().__init__(lambda out: lib.pab_scenario_new(config.handle, out))

    def __reduce__(self) -> tuple[Any, ...]:
        return _scenario, (self.text, self.agents)

    def _says(self) -> str:
        about = self.describe()
        return f"{', '.join(self.symbols)}: {about['agent_count']} agents, fingerprint {about['fingerprint']:016x}"

    def time(self, when: Time) -> int:
        """ns since 1970 of a time: a number of ns, "10:30" or "10:30:00.5" of the scenario's day, an ISO time without a
        zone, a datetime or a numpy.datetime64."""
        if isinstance(when, datetime.datetime):
            when = when.replace(tzinfo=None).isoformat()
        elif isinstance(when, np.datetime64):
            return int(when.astype("datetime64[ns]").astype(np.int64))
        if not isinstance(when, str):
            return int(abi.whole(when))
        text = when.strip()
        if _CLOCK.fullmatch(text):
            day = np.datetime64(int(self.describe()["market_open"]), "ns").astype("datetime64[D]")
            text = f"{day}T{text if ':' in text[2:] else text}"
        try:
            if not _DATE.match(text):
                raise ValueError
            return int(np.datetime64(text.replace(" ", "T"), "ns").astype(np.int64))
        except ValueError:
            raise Error(abi.PAB_E_TYPE, f"{when!r} is no time, expected ns since 1970, HH:MM[:SS[.fraction]] or an ISO "
                                        "time without a zone") from None

    def check(self, status: int, raised: list[BaseException] | None = None) -> None:
        """As `check` of calls that run a market: what agents raised made them fail."""
        if interrupts.noted:
            self._raised.clear()
        check(status, raised or (self._raised if status != abi.PAB_OK else None))

    def describe(self) -> dict[str, Any]:
        """Counts, times in ns since 1970, fingerprint."""
        info = sized(abi.pab_scenario_info)
        check(lib.pab_scenario_describe(self.handle, C.byref(info)))
        return as_dict(info)

    @property
    def fingerprint(self) -> int:
        """Equal for scenarios that give equal markets."""
        return int(self.describe()["fingerprint"])

    @property
    def tick_value(self) -> float:
        """What a price of one tick is in money, currency units: `exchange.tick_value`."""
        return float(self.describe()["tick_value"])

    @property
    def symbols(self) -> list[str]:
        count = self.describe()["symbol_count"]
        return [lib.pab_scenario_symbol(self.handle, i).decode() for i in range(count)]

    def state_type(self, agent_type: str) -> Any:
        """The record that agents of one's own type keep."""
        for agent in self.agents:
            if agent.name == agent_type:
                return agent._states  # type: ignore[attr-defined]
        raise Error(abi.PAB_E_KEY, f"{agent_type} is no type of agent of one's own")

    def symbol(self, name: str | int) -> int:
        """Index of a symbol."""
        if isinstance(name, int):
            if name >= 0 and lib.pab_scenario_symbol(self.handle, name) is None:
                raise Error(abi.PAB_E_RANGE, f"there is no symbol {name}, expected less than {len(self.symbols)}")
            return name
        try:
            return self.symbols.index(name)
        except ValueError:
            known = ", ".join(self.symbols)
            raise Error(abi.PAB_E_KEY, f"there is no symbol {name}, expected one of {known}") from None

    def groups(self) -> list[dict[str, Any]]:
        """The agent groups, in order of their ids."""
        rows = []
        for index in range(self.describe()["group_count"]):
            info = sized(abi.pab_group_info)
            check(lib.pab_scenario_group(self.handle, index, C.byref(info)))
            rows.append(as_dict(info))
        return rows


def _config(text: str, agents: Sequence[type[Agent]]) -> Config:
    return Config(agents=agents).parse(text)


def config_of(source: Source, overrides: Mapping[str, object] | None = None, agents: Sequence[type[Agent]] = ()
              ) -> Config:
    """A Config of one's own, of whatever is taken for a scenario."""
    if isinstance(source, (Config, Scenario)):
        text = source.text() if isinstance(source, Config) else source.text
        config = Config(agents=[*source.agents, *agents]).parse(text)
    elif isinstance(source, os.PathLike):
        config = Config(agents=agents).load(source)
    elif not isinstance(source, str):
        raise TypeError(f"a scenario is a preset, a YAML file, YAML text, a Config or a Scenario, not {source!r}")
    elif "\n" in source or ": " in source or source.rstrip().endswith(":"):
        config = Config(agents=agents).parse(source)
    elif source in presets():
        config = Config(source, agents)
    elif os.path.isfile(source):
        config = Config(agents=agents).load(source)
    else:
        raise Error(abi.PAB_E_KEY, f"{source!r} is neither a preset ({', '.join(presets())}) nor a YAML file, nor "
                                   "YAML text")
    for key, value in (overrides or {}).items():
        config[key] = value
    return config


def _scenario(text: str, agents: Sequence[type[Agent]] = ()) -> Scenario:
    return Scenario(Config(agents=agents).parse(text))


def scenario_of(source: Source, overrides: Mapping[str, object] | None = None) -> Scenario:
    """A Scenario, of whatever is taken for one."""
    return source if isinstance(source, Scenario) and not overrides else Scenario(source, overrides)


def presets() -> list[str]:
    """Names of the built-in presets."""
    return list(_names("pab_preset_name"))


def schema() -> list[dict[str, Any]]:
    """Every key a scenario knows: type, unit, default, bounds and what it is."""
    rows: list[dict[str, Any]] = []
    while True:
        entry = sized(abi.pab_schema_entry)
        status = lib.pab_schema_get(len(rows), C.byref(entry))
        if status == abi.PAB_E_RANGE:
            return rows
        check(status)
        rows.append(as_dict(entry))


def _names(function: str) -> Iterator[str]:
    index = 0
    while (name := getattr(lib, function)(index)) is not None:
        yield plain(name)
        index += 1
