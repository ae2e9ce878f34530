"""Scenarios: a preset, YAML and overrides, put together and frozen."""
from __future__ import annotations

import ctypes as C
import os
from collections.abc import Iterator, Mapping
from typing import Any

from . import _abi as abi
from ._core import Error, Handle, as_dict, check, lib, plain, sized, text_of


class Config(Handle):
    """A scenario being put together. Keys are paths in YAML: `agents.noise.count`."""

    _free = "pab_config_free"

    def __init__(self, preset: str | None = None) -> None:
        super().__init__(lambda out: lib.pab_config_new(None, out))
        if preset is not None:
            check(lib.pab_config_preset(self.handle, preset.encode()))

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
        word = str(value).lower() if isinstance(value, bool) else str(value)
        check(lib.pab_config_set(self.handle, key.encode(), word.encode()))

    def __getitem__(self, key: str) -> str:
        return text_of(lambda buf, cap, needed: lib.pab_config_get(self.handle, key.encode(), buf, cap, needed))

    def text(self) -> str:
        """The whole as YAML that reads back to the same scenario."""
        return text_of(lambda buf, cap, needed: lib.pab_config_text(self.handle, buf, cap, needed))


class Scenario(Handle):
    """A frozen scenario, shared by any number of markets and environments, on any number of threads.

    Picklable: it keeps the text that it was made from.
    """

    _free = "pab_scenario_free"

    def __init__(self, source: Config | str = "pair", overrides: Mapping[str, object] | None = None) -> None:
        """`source` is a Config, the name of a preset, or YAML text (anything with a line break or a colon)."""
        if isinstance(source, Config):
            config = source
        elif "\n" in source or ":" in source:
            config = Config().parse(source)
        else:
            config = Config(source)
        if overrides:
            if isinstance(source, Config):
                config = Config().parse(source.text())
            for key, value in overrides.items():
                config[key] = value
        self.text = config.text()
        super().__init__(lambda out: lib.pab_scenario_new(config.handle, out))

    def __reduce__(self) -> tuple[Any, ...]:
        return _scenario, (self.text,)

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
    def symbols(self) -> list[str]:
        count = self.describe()["symbol_count"]
        return [lib.pab_scenario_symbol(self.handle, i).decode() for i in range(count)]

    def symbol(self, name: str | int) -> int:
        """Index of a symbol."""
        if isinstance(name, int):
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


def _scenario(text: str) -> Scenario:
    return Scenario(Config().parse(text))


def scenario_of(source: Scenario | Config | str, overrides: Mapping[str, object] | None = None) -> Scenario:
    if isinstance(source, Scenario):
        if overrides:
            return Scenario(Config().parse(source.text), overrides)
        return source
    return Scenario(source, overrides)


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
