"""Stage 0: from recorded quotes and trades of two instruments to a scenario that behaves like them."""
from __future__ import annotations

import ctypes as C
import os
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _abi as abi
from ._core import Error, Handle, as_dict, check, defaults, field_type, lib, plain, pointer, sized, text_of
from .market import Market
from .progress import Progress, Report
from .scenario import Scenario, Source, Time, config_of

FORMATS: dict[str, int] = {name[len("PAB_TAPE_"):].lower(): value for name, value in vars(abi).items()
           if name.startswith("PAB_TAPE_") and name != "PAB_TAPE_PRICE"}
BUDGETS: dict[str, int] = {"small": abi.PAB_BUDGET_SMALL, "default": abi.PAB_BUDGET_DEFAULT}


def fact_list() -> list[dict[str, Any]]:
    """What is measured: name, unit, what it is, and whether it is of a pair."""
    rows = []
    for index in range(abi.PAB_FACT_COUNT):
        info = sized(abi.pab_fact_info)
        check(lib.pab_fact_get(index, C.byref(info)))
        rows.append(as_dict(info))
    return rows


class Tape(Handle):
    """Best quotes and trades of one instrument over a window of time (ns). Prices are in currency units."""

    _free = "pab_tape_free"

    def __init__(self, path: str | os.PathLike[str] | None = None, **options: Any) -> None:
        """Empty, or read from a file: see `read`."""
        super().__init__(lambda out: lib.pab_tape_new(None, out))
        if path is not None:
            self.read(path, **options)

    def read(self, path: str | os.PathLike[str], *,
             format: Literal["auto", "quotes", "trades", "bars", "lobster"] = "auto", window: tuple[int, int] = (0, 0),
             bar: int = 0, instrument: str | None = None) -> Tape:
        """Appends the rows of a CSV file, gzipped or not.

        format: auto, quotes, trades, bars, lobster; window: ns; bar: ns per row of bars; instrument: the prefix of its
        columns where a file holds several.
        """
        if format not in FORMATS:
            raise Error(abi.PAB_E_KEY, f"there is no format {format}, expected one of {', '.join(FORMATS)}")
        options = defaults(abi.pab_read_options)
        options.format, options.bar = FORMATS[format], bar
        setattr(options, "from", window[0])
        options.to = window[1]
        options.instrument = None if instrument is None else instrument.encode()
        check(lib.pab_tape_read(self.handle, os.fsencode(path), C.byref(options)))
        return self

    def add_quote(self, time: int, bid: float, bid_size: float, ask: float, ask_size: float) -> None:
        """Appends a best quote; a price of 0: no such side."""
        check(lib.pab_tape_add_quote(self.handle, time, _price(bid), bid_size, _price(ask), ask_size))

    def add_trade(self, time: int, price: float, size: float, side: Literal["buy", "sell"] | None = None,
                  off_book: bool = False) -> None:
        """Appends a trade. side: who came last, "buy" or "sell"; None: to be told from the quotes."""
        sign = {None: 0, "buy": 1, "sell": -1}.get(side, 0)
        flags = abi.PAB_TRADE_OFF_BOOK if off_book else 0
        if side not in (None, "buy", "sell"):
            raise Error(abi.PAB_E_KEY, f"there is no side {side!r}, expected buy, sell or None")
        check(lib.pab_tape_add_trade(self.handle, time, _price(price), size, sign, flags))

    def clear(self) -> None:
        """Forgets all rows and the window."""
        lib.pab_tape_clear(self.handle)

    def _says(self) -> str:
        about = self.describe()
        return f"of {about['quotes']} quotes and {about['trades']} trades"

    def describe(self) -> dict[str, Any]:
        """Rows, window and tick."""
        info = sized(abi.pab_tape_info)
        check(lib.pab_tape_describe(self.handle, C.byref(info)))
        return as_dict(info)

    def report(self) -> str:
        """What was read: a line for each file, and one that begins with "warning: " for each thing that looks wrong."""
        return text_of(lambda buf, cap, needed: lib.pab_tape_report(self.handle, buf, cap, needed))

    def set_window(self, start: int, end: int) -> None:
        """Facts are measured over [start, end) ns."""
        check(lib.pab_tape_set_window(self.handle, start, end))

    def set_tick(self, tick: float) -> None:
        """Currency units per tick; 0: from the quotes."""
        check(lib.pab_tape_set_tick(self.handle, tick))

    def mids(self, step: int = 10**9) -> NDArray[np.float64]:
        """Mids at the start of the window and every `step` ns after it; NaN before the first quote."""
        count = C.c_uint64()
        check(lib.pab_tape_mids(self.handle, step, None, 0, C.byref(count)))
        out = np.zeros(count.value)
        if len(out):
            check(lib.pab_tape_mids(self.handle, step, pointer(out, C.c_double), len(out), C.byref(count)))
        return out


def record(market: Market, until: Time, tick: float | None = None,
           symbols: Sequence[str | int] | None = None) -> list[Tape]:
    """Runs a market until `until` (see Scenario.time): a tape for each symbol. Replaces the market's taps.

    tick: currency units per tick; None: Scenario.tick_value.
    """
    tick = market.scenario.tick_value if tick is None else tick
    names: Sequence[str | int] = market.scenario.symbols if symbols is None else symbols
    wanted = [market.scenario.symbol(name) for name in names]
    tapes = [Tape() for _ in wanted]
    count = len(market.scenario.symbols)
    handles, ticks = (C.c_void_p * count)(), (C.c_double * count)(*([tick] * count))
    for index, tape in zip(wanted, tapes):
        handles[index] = tape.handle
    market.scenario.check(lib.pab_tape_record(market.handle, handles, ticks, count, market.scenario.time(until)))
    return tapes


def facts(a: Tape, b: Tape | None = None) -> dict[str, float]:
    """Facts of one instrument, or of the pair, over the window, by name. NaN where the tape does not tell."""
    first, count = (0, abi.PAB_LEG_FACT_COUNT) if b is None else (abi.PAB_PAIR_FACT_FIRST,
                                                                  abi.PAB_FACT_COUNT - abi.PAB_PAIR_FACT_FIRST)
    out = (C.c_double * count)()
    if b is None:
        check(lib.pab_facts_leg(a.handle, out, count))
    else:
        check(lib.pab_facts_pair(a.handle, b.handle, out, count))
    return {row["name"]: value for row, value in zip(fact_list()[first:], out)}


def realism(a: Sequence[Tape], b: Sequence[Tape], taught: int = 0, resolution: int = 0) -> dict[str, float]:
    """Facts that judge a market, by name: of leg A as "a.one_tick", of leg B as "b.one_tick", then of the pair.

    a, b: a tape of each leg for each day, measured together. What is foreseen is learned on the first `taught` windows
    (days, cut at nights) and tested on the others; NaN with 0. resolution: ns that times are rounded down to.
    """
    if len(a) != len(b) or not a:
        raise Error(abi.PAB_E_ARGUMENT, f"{len(a)} and {len(b)} tapes, expected as many of each leg, at least one")
    windows: list[Any] = []
    for one, other in zip(a, b):
        count = C.c_uint32()
        check(lib.pab_pair_windows(one.handle, other.handle, None, 0, C.byref(count)))
        some = (abi.pab_pair_window * count.value)()
        check(lib.pab_pair_windows(one.handle, other.handle, some, count.value, C.byref(count)))
        windows.extend(some)
    every, out = (abi.pab_pair_window * len(windows))(*windows), np.full(abi.PAB_REALISM_COUNT, np.nan)
    for window in every:
        window.resolution = resolution
    check(lib.pab_realism_facts(every, len(every), pointer(out, C.c_double), len(out)))
    if taught > 0:
        check(lib.pab_realism_foresight(every, taught, len(every), pointer(out, C.c_double), len(out)))
    names: list[list[str]] = [[], []]
    for index in range(abi.PAB_REALISM_NAMES):
        info = sized(abi.pab_fact_info)
        check(lib.pab_realism_get(index, C.byref(info)))
        names[info.pair].append(as_dict(info)["name"])
    return dict(zip([*(f"a.{name}" for name in names[0]), *(f"b.{name}" for name in names[0]), *names[1]],
                    out.tolist()))


def hedge(a: ArrayLike, b: ArrayLike) -> dict[str, Any]:
    """Hedge ratios of `a` on `b`, equally long series of levels, and `path`, the Kalman slope after each sample."""
    left, right = np.ascontiguousarray(a, np.float64), np.ascontiguousarray(b, np.float64)
    if left.ndim != 1 or left.shape != right.shape:
        raise Error(abi.PAB_E_ARGUMENT, f"levels of shapes {left.shape} and {right.shape}, expected two equal lengths")
    out, path = sized(abi.pab_hedge), np.zeros(len(left))
    check(lib.pab_hedge_estimate(pointer(left, C.c_double), pointer(right, C.c_double), len(left), C.byref(out),
                                 pointer(path, C.c_double)))
    return {**as_dict(out), "path": path}


def fit(a: Tape, b: Tape, base: Source = "pair", *, budget: Literal["small", "default"] = "default",
        threads: int = 0, seed: int = 1, tick: float = 0,
        progress: bool | Report | None = None) -> tuple[Scenario, dict[str, Any]]:
    """A scenario that behaves like the two tapes, and how well it does.

    tick: of the scenario, in currency units; 0: the data's own, of both legs the finer.
    base: what it starts from, with a `pair` of two correlated symbols. The report's `wanted` and `simulated` are
    facts by name: of leg A as "a.spread", of leg B as "b.spread", then of the pair.
    """
    if budget not in BUDGETS:
        raise Error(abi.PAB_E_KEY, f"there is no budget {budget}, expected one of {', '.join(BUDGETS)}")
    config = config_of(base)
    hook, options, report = Progress(progress), defaults(abi.pab_fit_options), sized(abi.pab_fit_report)
    options.budget, options.threads, options.seed, options.tick = BUDGETS[budget], threads, seed, tick
    options.progress = field_type(abi.pab_fit_options, "progress")(
        lambda _, done: hook.tell("fit", round(1000 * done), 1000))
    status = lib.pab_stage0_fit(config.handle, a.handle, b.handle, C.byref(options), C.byref(report))
    hook.close()
    check(status, hook.raised)
    every = fact_list()
    legs = [row["name"] for row in every if not row["pair"]]
    names = [*(f"a.{name}" for name in legs), *(f"b.{name}" for name in legs),
             *(row["name"] for row in every if row["pair"])]
    told = as_dict(report)
    for key in ("wanted", "simulated"):
        told[key] = dict(zip(names, plain(getattr(report, key)).tolist()))
    return Scenario(config), told


def _price(value: float) -> int:
    return int(round(value * abi.PAB_TAPE_PRICE))
