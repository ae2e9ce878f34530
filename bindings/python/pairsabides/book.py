"""A single order book on its own: ABIDES' matching rules without agents or delays."""
from __future__ import annotations

import ctypes as C
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from . import _abi as abi
from ._core import Error, Handle, as_dict, check, field_type, lib, pointer, sized
from .market import LEVEL, MESSAGES, RESTING, Side, side_number

ROW: np.dtype[Any] = np.dtype(abi.pab_book_row)
FLAGS: dict[str, int] = {"hidden": abi.PAB_ORDER_HIDDEN, "post_only": abi.PAB_ORDER_POST_ONLY,
         "price_to_comply": abi.PAB_ORDER_PRICE_TO_COMPLY, "insert_by_id": abi.PAB_ORDER_INSERT_BY_ID}
QUIRKS: dict[str, int] = {name[len("PAB_QUIRK_"):].lower(): value for name, value in vars(abi).items()
                          if name.startswith("PAB_QUIRK_")}


Flag = Literal["hidden", "post_only", "price_to_comply", "insert_by_id"]
"""A flag of an order."""


def order_flags(flags: Sequence[str]) -> int:
    """The library's bits of flags."""
    unknown = [flag for flag in flags if flag not in FLAGS]
    if unknown:
        raise Error(abi.PAB_E_KEY, f"there is no order flag {unknown[0]}, expected some of {', '.join(FLAGS)}")
    return sum(FLAGS[flag] for flag in set(flags))


class OrderBook(Handle):
    """Orders in, notifications out.

    quirks: names of ABIDES' oddities to keep (see docs/quirks.md), or "abides" for all of them. Each operation
    advances the book's clock by 1 ns unless `now` (ns) is given. Notifications and history are collected until
    `events` and `rows` fetch them.
    """

    _free = "pab_book_free"

    def __init__(self, quirks: Sequence[str] | str = ()) -> None:
        named = list(QUIRKS) if quirks == "abides" else [quirks] if isinstance(quirks, str) else quirks
        unknown = [quirk for quirk in named if quirk not in QUIRKS]
        if unknown:
            raise Error(abi.PAB_E_KEY, f"there is no quirk {unknown[0]}, expected some of {', '.join(QUIRKS)}")
        told: list[Any] = []
        history: list[bytes] = []
        sink = sized(abi.pab_book_sink)
        sink.event = field_type(abi.pab_book_sink, "event")(lambda _, event: told.append(_copy(event.contents)))
        sink.row = field_type(abi.pab_book_sink, "row")(lambda _, row: history.append(bytes(row.contents)))
        self._told, self._history, self._sink = told, history, sink
        bits = sum({QUIRKS[quirk] for quirk in named})
        super().__init__(lambda out: lib.pab_book_new(None, bits, C.byref(sink), out))
        self._orders: dict[int, Any] = {}  # resting, or about to
        self._events: list[dict[str, Any]] = []
        self._last = self._now = 0

    def limit(self, side: Side, quantity: int, price: int, *, agent: int = 0, id: int | None = None,
              flags: Sequence[Flag] = (), now: int | None = None) -> int:
        """A limit order enters. Returns its id, the next free one where none is given."""
        order = self._order(side, quantity, price, agent, id, order_flags(flags))
        at = self._clock(now)
        if quantity > 0 and price >= 0:  # others never rest
            self._orders[order.id] = order
        self._done(lib.pab_book_limit(self.handle, at, C.byref(order)))
        return int(order.id)

    def market(self, side: Side, quantity: int, *, agent: int = 0, id: int | None = None,
               now: int | None = None) -> int:
        """A market order enters. Returns its id."""
        order = self._order(side, quantity, 0, agent, id, abi.PAB_ORDER_IS_MARKET)
        self._done(lib.pab_book_market(self.handle, self._clock(now), C.byref(order)))
        return int(order.id)

    def _says(self) -> str:
        (bid, bids), (ask, asks) = self.l1()
        return f"{bids} x {bid} | {ask} x {asks}"

    def cancel(self, id: int, *, now: int | None = None) -> None:
        """Takes a resting order out."""
        order = self._known(id)
        self._done(lib.pab_book_cancel(self.handle, self._clock(now), C.byref(order)))

    def partial_cancel(self, id: int, quantity: int, *, now: int | None = None) -> None:
        """Takes `quantity` off."""
        order = self._known(id)
        self._done(lib.pab_book_partial_cancel(self.handle, self._clock(now), C.byref(order), quantity))

    def modify(self, id: int, quantity: int, price: int | None = None, *, now: int | None = None) -> None:
        """Changes a resting order's quantity and price, and keeps its id."""
        order = self._known(id)
        changed = _copy(order)
        changed.quantity, changed.price = quantity, order.price if price is None else price
        self._done(lib.pab_book_modify(self.handle, self._clock(now), C.byref(order), C.byref(changed)))

    def replace(self, id: int, quantity: int, price: int, *, now: int | None = None) -> int:
        """Returns the new order's id."""
        order = self._known(id)
        fresh = self._order(order.side, quantity, price, order.agent, None, order.flags)
        self._orders[fresh.id] = fresh
        self._done(lib.pab_book_replace(self.handle, self._clock(now), order.agent, C.byref(order), C.byref(fresh)))
        return int(fresh.id)

    def events(self) -> list[dict[str, Any]]:
        """What owners were told since the last call: `type` ("order_executed"), `recipient`, `order` ..."""
        out, self._events = self._events, []
        return out

    def rows(self) -> np.ndarray[Any, Any]:
        """History rows since the last call: a structured array."""
        out = np.frombuffer(b"".join(self._history), ROW)
        self._history.clear()
        return out

    def clear(self) -> None:
        """Empties the book."""
        lib.pab_book_clear(self.handle)
        self._orders.clear()

    def l1(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Best visible (price, quantity) of bid and ask; zeros for a missing side."""
        bid, ask = abi.pab_level(), abi.pab_level()
        check(lib.pab_book_l1(self.handle, C.byref(bid), C.byref(ask)))
        return (bid.price, bid.quantity), (ask.price, ask.quantity)

    def l2(self, side: Side, depth: int = 10) -> np.ndarray[Any, Any]:
        """Visible levels, best first: a structured array with `price` and `quantity`."""
        out = np.zeros(abi.fitting(C.c_uint16, depth, "depth"), LEVEL)
        return out[: lib.pab_book_l2(self.handle, side_number(side), depth, pointer(out, abi.pab_level), depth)]

    def l3(self, side: Side) -> np.ndarray[Any, Any]:
        """All resting orders of a side, hidden ones too: a structured array."""
        out = np.zeros(lib.pab_book_l3(self.handle, side_number(side), None, 0), RESTING)
        lib.pab_book_l3(self.handle, side_number(side), pointer(out, abi.pab_resting_order), len(out))
        return out

    def volume(self, lookback: int) -> tuple[int, int]:
        """Shares bought and sold by aggressors in the last `lookback` ns."""
        bought, sold = C.c_int64(), C.c_int64()
        check(lib.pab_book_volume(self.handle, self._now, lookback, C.byref(bought), C.byref(sold)))
        return bought.value, sold.value

    def imbalance(self) -> float:
        """Of visible shares, in [-1, 1]; positive: there are more bids."""
        value, side = C.c_double(), C.c_int32()
        check(lib.pab_book_imbalance(self.handle, C.byref(value), C.byref(side)))
        return value.value * side.value

    def describe(self) -> dict[str, Any]:
        """Counts, best prices, last trade."""
        summary = sized(abi.pab_book_summary)
        check(lib.pab_book_describe(self.handle, C.byref(summary)))
        return as_dict(summary)

    def _order(self, side: Side, quantity: int, price: int, agent: int, id: int | None, flags: int) -> Any:
        if abi.whole(quantity) < 0:
            raise Error(abi.PAB_E_RANGE, f"{quantity} shares, expected no less than 0")
        self._last = max(self._last, self._last + 1 if id is None else id)
        return abi.pab_order(self._last if id is None else id, quantity, price, agent, side_number(side), flags, 0)

    def _known(self, id: int) -> Any:
        if id not in self._orders:
            raise Error(abi.PAB_E_KEY, f"there is no resting order {id}")
        return self._orders[id]

    def _clock(self, now: int | None) -> int:
        self._now = self._now + 1 if now is None else now
        return self._now

    def _done(self, status: int) -> None:
        """Follows what happened to resting orders, so that ids are enough to name them."""
        for event in self._told:
            kind, order = MESSAGES[event.type], event.order
            resting = self._orders.get(order.id)
            if resting is not None and kind in ("order_executed", "order_partial_cancelled"):
                resting.quantity = resting.quantity - order.quantity if kind == "order_executed" else order.quantity
            elif resting is not None and kind == "order_modified":
                resting.quantity, resting.price = order.quantity, order.price
            if resting is not None and (resting.quantity <= 0 or kind in ("order_cancelled", "order_rejected")):
                del self._orders[order.id]
            if kind == "order_replaced":
                self._orders.pop(event.old_id, None)
            self._events.append({**as_dict(event), "type": kind})
        self._told.clear()
        check(status)


def _copy(record: Any) -> Any:
    return type(record).from_buffer_copy(record)
