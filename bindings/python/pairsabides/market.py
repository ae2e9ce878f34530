"""A running market: run it, read its books, watch what happens, copy it."""
from __future__ import annotations

import ctypes as C
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from . import _abi as abi
from ._core import (Callback, Error, Handle, as_dict, bytes_of, check, field_type, interrupts, lib, pointer, records,
                    sized)
from .scenario import Scenario, Source, Time, scenario_of

LEVEL: np.dtype[Any] = np.dtype(abi.pab_level)
RESTING: np.dtype[Any] = np.dtype(abi.pab_resting_order)
SIDES: dict[str | int, int] = {"buy": abi.PAB_BUY, "sell": abi.PAB_SELL,
                               abi.PAB_BUY: abi.PAB_BUY, abi.PAB_SELL: abi.PAB_SELL}
MESSAGES: dict[int, str] = {value: name[len("PAB_MSG_"):].lower() for name, value in vars(abi).items()
            if name.startswith("PAB_MSG_") and not name.startswith("PAB_MSG_FLAG_") and name != "PAB_MSG_COUNT"}
ROWS: dict[int, str] = {value: name[len("PAB_ROW_"):].lower() for name, value in vars(abi).items()
                        if name.startswith("PAB_ROW_")}

Side = Literal["buy", "sell"] | int
"""A side of a book, by word or by the library's number."""
_WHY: tuple[Literal["time", "paused", "ended"], ...] = ("time", "paused", "ended")


def side_number(side: str | int) -> int:
    """The library's number of a side."""
    if side not in SIDES:
        raise Error(abi.PAB_E_KEY, f"there is no side {side!r}, expected buy or sell")
    return int(SIDES[side])


Taps = Mapping[str, Callable[..., None]]


class MarketView:
    """A market for reading: lent by an environment, or one's own."""

    def __init__(self, handle: Callable[[], int], scenario: Scenario) -> None:
        self._get = handle
        self.scenario: Scenario = scenario
        """What it runs."""

    def l1(self, symbol: str | int = 0) -> tuple[tuple[int, int], tuple[int, int]]:
        """Best visible (price, quantity) of bid and ask, in ticks and shares; zeros for a missing side."""
        bid, ask = abi.pab_level(), abi.pab_level()
        check(lib.pab_market_l1(self._get(), self.scenario.symbol(symbol), C.byref(bid), C.byref(ask)))
        return (bid.price, bid.quantity), (ask.price, ask.quantity)

    def l2(self, side: Side, symbol: str | int = 0, depth: int = 10) -> np.ndarray[Any, Any]:
        """Visible levels, best first: a structured array with `price` and `quantity`."""
        out = np.zeros(abi.fitting(C.c_uint16, depth, "depth"), LEVEL)
        count = lib.pab_market_l2(self._get(), self.scenario.symbol(symbol), side_number(side), depth,
                                  pointer(out, abi.pab_level), depth)
        return out[:count]

    def l3(self, side: Side, symbol: str | int = 0) -> np.ndarray[Any, Any]:
        """All resting orders of a side, hidden ones too: a structured array."""
        index, kind = self.scenario.symbol(symbol), side_number(side)
        count = lib.pab_market_l3(self._get(), index, kind, None, 0)
        out = np.zeros(count, RESTING)
        lib.pab_market_l3(self._get(), index, kind, pointer(out, abi.pab_resting_order), count)
        return out

    def symbol(self, symbol: str | int = 0) -> dict[str, Any]:
        """State and totals of one symbol."""
        info = sized(abi.pab_symbol_info)
        check(lib.pab_market_symbol(self._get(), self.scenario.symbol(symbol), C.byref(info)))
        return as_dict(info)

    def agent(self, agent: int) -> dict[str, Any]:
        """Cash in ticks (times Scenario.tick_value it is money), delays, and the length of the open-order list of one agent."""
        info = sized(abi.pab_agent_info)
        check(lib.pab_market_agent(self._get(), agent, C.byref(info)))
        return as_dict(info)

    def holding(self, agent: int, symbol: str | int = 0) -> int:
        """Shares that one agent holds."""
        self.agent(agent)  # refuses one that there is not
        return int(lib.pab_market_holding(self._get(), agent, self.scenario.symbol(symbol)))

    def agents(self) -> np.ndarray[Any, Any]:
        """`agent` of all of them: a structured array, row by id."""
        return records(abi.pab_agent_info, lambda i, out: lib.pab_market_agent(self._get(), i, out),
                       self.scenario.describe()["agent_count"])

    def agent_state(self, agent: int) -> Any:
        """What an agent of one's own type remembers, as its members: a copy."""
        for group in self.scenario.groups():
            if 0 <= agent - group["first_id"] < group["count"]:
                kind = self.scenario.state_type(group["type"])
                state = lib.pab_market_agent_state(self._get(), agent)
                return kind.from_buffer_copy(C.string_at(state, C.sizeof(kind)))
        raise Error(abi.PAB_E_RANGE, f"agent {agent} is in no group")

    def counters(self) -> dict[str, Any]:
        """Totals of the run so far."""
        counters = sized(abi.pab_market_counters)
        check(lib.pab_market_count(self._get(), C.byref(counters)))
        return as_dict(counters)

    @property
    def now(self) -> int:
        """ns since 1970."""
        return int(self.counters()["now"])

    def hash(self) -> int:
        """XXH3-64 of the state: equal states have equal hashes."""
        out = C.c_uint64()
        check(lib.pab_market_hash(self._get(), C.byref(out)))
        return out.value

    def save(self) -> bytes:
        """The whole state, to be restored by a market of the same scenario, here or elsewhere."""
        return bytes_of(lambda buf, cap, needed: lib.pab_market_save(self._get(), buf, cap, needed))


class Market(Handle, MarketView):
    """A market of its own. Picklable, with its state but without its taps."""

    _free = "pab_market_free"

    def __init__(self, scenario: Source, overrides: Mapping[str, object] | None = None) -> None:
        frozen = scenario_of(scenario, overrides)
        Handle.__init__(self, lambda out: lib.pab_market_new(frozen.handle, out))
        mine = weakref.ref(self)  # no cycle: markets are freed when the last name of theirs goes
        MarketView.__init__(self, lambda: mine().handle, frozen)  # type: ignore[union-attr]
        self._tap: Any = None
        self._raised: list[BaseException] = []  # by taps
        self._ready = False

    def _says(self) -> str:
        return f"of {', '.join(self.scenario.symbols)} " + (f"at {np.datetime64(self.now, 'ns')}" if self._ready
                                                            else "before reset")

    def reset(self, seed: int) -> None:
        """Builds the market anew; the seed decides all that is random."""
        self.scenario.check(lib.pab_market_reset(self.handle, seed), self._raised)
        self._ready = True

    def run(self, until: Time | None = None) -> Literal["time", "paused", "ended"]:
        """Delivers everything due up to `until`, or to the end. Returns "time", "paused" or "ended".

        until: ns since 1970, or what Scenario.time makes of it: "10:30", "2021-02-05T10:30:00", a datetime.
        """
        why = C.c_int32()
        stop = self.scenario.describe()["kernel_stop"] if until is None else self.scenario.time(until)
        self.scenario.check(lib.pab_market_run(self.handle, stop, C.byref(why)), self._raised)
        return _WHY[why.value]

    def step(self) -> bool:
        """Delivers one entry; False when none is left."""
        why = C.c_int32()
        self.scenario.check(lib.pab_market_step(self.handle, C.byref(why)), self._raised)
        return bool(why.value != abi.PAB_RUN_ENDED)

    def finish(self) -> None:
        """Runs to the end and winds the agents up."""
        self.scenario.check(lib.pab_market_finish(self.handle), self._raised)

    def restore(self, state: bytes) -> None:
        """Takes over a state that `save` of a market of the same scenario made."""
        check(lib.pab_market_restore(self.handle, bytes(state), len(state)))
        self._ready = True

    def copy_from(self, other: MarketView) -> None:
        """Becomes equal to a market of the same scenario."""
        check(lib.pab_market_copy(self.handle, other._get()))
        self._ready = True

    def fork(self, number: int | None = None) -> Market:
        """A copy in the same state. With a number it gets its own future: see `reseed`."""
        twin = Market(self.scenario)
        twin.copy_from(self)
        if number is not None:
            twin.reseed(number)
        return twin

    def reseed(self, number: int) -> None:
        """All randomness depends on `number` too from now on. Not with `rng: abides`."""
        check(lib.pab_market_reseed(self.handle, number))

    def tap(self, **taps: Callable[..., None]) -> None:
        """Attaches observers, in place of those before; none detaches them. Attach before reset to see everything.

        delivery(time, sender, recipient, type), row(time, symbol, row), l1(time, symbol, bid, ask),
        fundamental(symbol, time, value, stopping), megashock(symbol, time, value),
        message(time, sender, recipient, type, message)

        `row` is a dict, `message` a copy. What a tap raises comes out of the call that led to it.
        """
        if interrupts.depth:
            raise Error(abi.PAB_E_STATE, "taps are attached between calls, not in a callback")
        tap = sized(abi.pab_tap)
        for name, function in taps.items():
            if name not in _ADAPTERS:
                raise TypeError(f"there is no tap {name}, expected one of {', '.join(_ADAPTERS)}")
            kind = field_type(abi.pab_tap, name)
            setattr(tap, name, kind(_careful(_ADAPTERS[name], function, self._raised)))
        check(lib.pab_market_set_tap(self.handle, C.byref(tap) if taps else None))
        self._tap = tap  # keeps the callbacks alive

    def __reduce__(self) -> tuple[Any, ...]:
        return _market, (self.scenario, self.save() if self._ready else None)


def _market(scenario: Scenario, state: bytes | None) -> Market:
    market = Market(scenario)
    if state is not None:
        market.restore(state)
    return market


def _careful(adapt: Callable[..., tuple[Any, ...]], function: Callable[..., None],
             raised: list[BaseException]) -> Callable[..., None]:
    def call(_user: Any, *arguments: Any) -> None:
        if raised:
            return
        try:
            with Callback():
                function(*adapt(*arguments))
        except BaseException as error:
            raised.append(error)

    return call


def _row(time: int, symbol: int, row: Any) -> tuple[Any, ...]:
    values = as_dict(row.contents)
    values["kind"] = ROWS[values["kind"]]
    return time, symbol, values


def _delivery(delivery: Any) -> tuple[Any, ...]:
    d = delivery.contents
    return d.time, d.sender, d.recipient, MESSAGES[d.type]


_ADAPTERS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "delivery": _delivery,
    "row": _row,
    "l1": lambda time, symbol, bid, ask: (time, symbol, (bid.contents.price, bid.contents.quantity),
                                          (ask.contents.price, ask.contents.quantity)),
    "fundamental": lambda symbol, time, value, stopping: (symbol, time, value, bool(stopping)),
    "megashock": lambda symbol, time, value: (symbol, time, value),
    "message": lambda time, sender, recipient, msg: (time, sender, recipient, MESSAGES[msg.contents.type],
                                                     type(msg.contents).from_buffer_copy(msg.contents)),
}
