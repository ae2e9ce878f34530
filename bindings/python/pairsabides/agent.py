"""Agents of one's own, written in Python, in a market."""
from __future__ import annotations

import ctypes as C
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from . import _abi as abi
from ._core import Callback, Error, check, defaults, field_type, lib, plain, pointer
from .book import Flag, order_flags
from .market import LEVEL, MESSAGES, Side, side_number

OPEN_ORDER: np.dtype[Any] = np.dtype(abi.pab_open_order)
SUBSCRIPTIONS: dict[str, int] = {
    "l1": abi.PAB_MSG_L1_SUBSCRIBE, "l2": abi.PAB_MSG_L2_SUBSCRIBE, "l3": abi.PAB_MSG_L3_SUBSCRIBE,
    "volume": abi.PAB_MSG_VOLUME_SUBSCRIBE, "imbalance": abi.PAB_MSG_IMBALANCE_SUBSCRIBE}
_PLAIN: dict[Any, Any] = {int: C.c_int64, float: C.c_double, bool: C.c_int8}
_KINDS: dict[str, tuple[int, Any]] = {
    "int": (abi.PAB_PARAM_INT, C.c_int64), "real": (abi.PAB_PARAM_REAL, C.c_double),
    "bool": (abi.PAB_PARAM_BOOL, C.c_int32), "duration": (abi.PAB_PARAM_DURATION, C.c_int64),
    "time": (abi.PAB_PARAM_TIME, C.c_int64), "choice": (abi.PAB_PARAM_CHOICE, C.c_int32),
    "text": (abi.PAB_PARAM_TEXT, C.c_char * abi.PAB_PARAM_TEXT_SIZE)}


@dataclass(frozen=True)
class Param:
    """A key of the agent's group in a scenario.

    default: as it would stand in YAML, None where the key must be given; kind: int, real, bool, duration (ns), time
    (ns), choice, text, by default that of the default's type; choices: the words of a choice.
    """

    default: object = None
    unit: str = ""
    doc: str = ""
    min: float = -1e300
    max: float = 1e300
    kind: Literal["int", "real", "bool", "duration", "time", "choice", "text"] | None = None
    choices: tuple[str, ...] = ()

    def named(self) -> str:
        """The kind, given or that of the default."""
        if self.kind is not None:
            if self.kind not in _KINDS:
                raise Error(abi.PAB_E_TYPE, f"there is no kind {self.kind}, expected one of {', '.join(_KINDS)}")
            return self.kind
        if self.choices:
            return "choice"
        return {bool: "bool", int: "int", float: "real"}.get(type(self.default), "text")


class Agent:
    """A type of agent. Derive from it, and hand the class to a scenario: `Scenario(text, agents=[Mine])`.

    name: the word after `type:` in the scenario; params: its keys there; state: what each agent remembers, by name:
    int, float, bool, a ctypes type, or (one of these, length). The state is part of the market's: it is zero at
    first, saved, copied and hashed with it. An Agent itself is lent for one callback: what else is stored in it is
    gone after that. Prices are in ticks, times in ns, quantities in shares, symbols by index.
    """

    name: ClassVar[str]
    label: ClassVar[str] = ""
    params: ClassVar[Mapping[str, Param]] = {}
    state: ClassVar[Mapping[str, Any]] = {}

    _self: Any = None
    _message: Any = None
    my: Any
    """This agent's state: its members can be read and set."""

    def on_build(self) -> None:
        """Before the agent has a generator of its own; `shared_uniform` draws."""

    def on_start(self) -> None:
        """Construction; draws from the own generator."""

    def first_wakeup(self) -> int:
        """Market hours just became known: ns after the open of the first waking."""
        return 0

    def on_wakeup(self, can_trade: bool) -> None:
        """A wake-up that was asked for, or the first."""

    def on_message(self, kind: str, message: Any, sender: int) -> None:
        """A message, after its news were taken in: `kind` is its name ("order_executed", "spread"), its parts are in
        message.u.order, .quote, .volume, .imbalance, .user."""

    def on_stop(self) -> None:
        """The run is over."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__} has no {name}; what an agent remembers is declared in `state` and "
                             "kept in `my`")

    # Who and when.

    @property
    def id(self) -> int:
        """Its number in the market."""
        return int(lib.pab_agent_id(self._at()))

    @property
    def symbol(self) -> int:
        """Its group's symbol, or -1."""
        return int(lib.pab_agent_symbol(self._at()))

    @property
    def given(self) -> Any:
        """Its group's parameters, as members: a copy."""
        kind = type(self)._params  # type: ignore[attr-defined]
        size = C.sizeof(kind)
        return kind.from_buffer_copy(C.string_at(lib.pab_agent_params(self._at()), size)) if size else kind()

    @property
    def now(self) -> int:
        """ns since 1970."""
        return int(lib.pab_agent_now(self._at()))

    @property
    def market_open(self) -> int:
        """ns since 1970; 0 before it is known."""
        return int(lib.pab_agent_market_open(self._at()))

    @property
    def market_close(self) -> int:
        """ns since 1970; 0 before it is known."""
        return int(lib.pab_agent_market_close(self._at()))

    @property
    def market_closed(self) -> bool:
        """Whether the agent has learnt of the close."""
        return bool(lib.pab_agent_market_closed(self._at()))

    # What it knows. Without a symbol: its own.

    @property
    def cash(self) -> int:
        """Ticks: shares times prices; times Scenario.tick_value it is money."""
        return int(lib.pab_agent_cash(self._at()))

    def holding(self, symbol: int | None = None) -> int:
        """Shares; negative: short."""
        return int(lib.pab_agent_holding(self._at(), self._of(symbol)))

    def last_trade(self, symbol: int | None = None) -> int:
        """Price; 0 when unknown."""
        return int(lib.pab_agent_last_trade(self._at(), self._of(symbol)))

    def bid(self, symbol: int | None = None) -> tuple[int, int]:
        """Last known best bid, price and shares; zeros for none."""
        at, which = self._at(), self._of(symbol)
        return int(lib.pab_agent_bid(at, which)), int(lib.pab_agent_bid_quantity(at, which))

    def ask(self, symbol: int | None = None) -> tuple[int, int]:
        """Last known best ask, price and shares; zeros for none."""
        at, which = self._at(), self._of(symbol)
        return int(lib.pab_agent_ask(at, which)), int(lib.pab_agent_ask_quantity(at, which))

    def open_orders(self) -> np.ndarray[Any, Any]:
        """Its open orders in order of entry, as it believes them to be: a structured array."""
        out = np.zeros(lib.pab_agent_open_count(self._at()), OPEN_ORDER)
        lib.pab_agent_open_orders(self._at(), pointer(out, abi.pab_open_order), len(out))
        return out

    def levels(self, message: Any, side: Side, depth: int = 256) -> np.ndarray[Any, Any]:
        """Levels of the market-data message at hand, best first: a structured array with `price` and `quantity`."""
        if message is not self._message:
            raise Error(abi.PAB_E_STATE, "levels are those of the message that on_message was called with")
        out = np.zeros(abi.fitting(C.c_uint16, depth, "depth"), LEVEL)
        count = lib.pab_agent_levels(self._at(), C.byref(message), side_number(side), pointer(out, abi.pab_level),
                                     depth)
        return out[:count]

    # What it does.

    def wakeup_at(self, time: int) -> None:
        """Asks for a waking at a time in ns since 1970."""
        lib.pab_agent_wakeup_at(self._at(), time)

    def query_spread(self, depth: int = 1, symbol: int | None = None) -> None:
        """Answered by a message "spread"."""
        lib.pab_agent_query_spread(self._at(), self._of(symbol), depth)

    def query_volume(self, lookback: int, symbol: int | None = None) -> None:
        """Answered by a message "volume"."""
        lib.pab_agent_query_volume(self._at(), self._of(symbol), lookback)

    def query_last_trade(self, symbol: int | None = None) -> None:
        """Answered by a message "last_trade"."""
        lib.pab_agent_query_last_trade(self._at(), self._of(symbol))

    def subscribe(self, what: Literal["l1", "l2", "l3", "volume", "imbalance"], symbol: int | None = None, *,
                  interval: int = 0, lookback: int = 0,
                  threshold: float = 0.0, depth: int = 1, cancel: bool = False) -> None:
        """what: l1, l2, l3, volume or imbalance."""
        if what not in SUBSCRIPTIONS:
            raise Error(abi.PAB_E_KEY, f"there is no subscription {what}, expected one of {', '.join(SUBSCRIPTIONS)}")
        request = abi.pab_message_subscription(interval, lookback, threshold, depth, int(cancel))
        lib.pab_agent_subscribe(self._at(), SUBSCRIPTIONS[what], self._of(symbol), C.byref(request))

    def limit_order(self, side: Side, quantity: int, price: int, symbol: int | None = None, *,
                    flags: Sequence[Flag] = ()) -> int:
        """Sends it and returns its id. flags: hidden, post_only, price_to_comply, insert_by_id."""
        return int(lib.pab_agent_limit_order(self._at(), self._of(symbol), side_number(side), quantity, price,
                                             order_flags(flags)))

    def market_order(self, side: Side, quantity: int, symbol: int | None = None) -> int:
        """Sends it and returns its id."""
        return int(lib.pab_agent_market_order(self._at(), self._of(symbol), side_number(side), quantity))

    def batch_begin(self) -> None:
        """Limit orders are collected from now on, and sent as one by `batch_end`."""
        lib.pab_agent_batch_begin(self._at())

    def batch_end(self) -> None:
        """Sends what was collected."""
        lib.pab_agent_batch_end(self._at())

    def cancel(self, order: int) -> None:
        """Withdraws an order, by its id."""
        check(lib.pab_agent_cancel(self._at(), order))

    def cancel_all(self) -> None:
        """Withdraws all open orders."""
        lib.pab_agent_cancel_all(self._at())

    def partial_cancel(self, order: int, quantity: int) -> None:
        """Takes `quantity` off."""
        check(lib.pab_agent_partial_cancel(self._at(), order, quantity))

    def modify(self, order: int, quantity: int, price: int) -> None:
        """Changes an order's quantity and price, and keeps its id."""
        check(lib.pab_agent_modify(self._at(), order, quantity, price))

    def replace(self, order: int, quantity: int, price: int) -> int:
        """Returns the new order's id."""
        fresh = C.c_int64()
        check(lib.pab_agent_replace(self._at(), order, quantity, price, C.addressof(fresh)))
        return fresh.value

    def send(self, recipient: int, kind: int, i: tuple[int, ...] = (), d: tuple[float, ...] = ()) -> None:
        """Sends a message "user" to any agent but an exchange: a code, up to three integers, up to two reals."""
        payload = abi.pab_message_user(kind=kind)
        if len(i) > len(payload.i) or len(d) > len(payload.d):
            raise Error(abi.PAB_E_RANGE, f"{len(i)} integers and {len(d)} reals, expected at most {len(payload.i)} and "
                                         f"{len(payload.d)}")
        payload.i[: len(i)], payload.d[: len(d)] = list(abi.array(C.c_int64, i)), list(d)
        check(lib.pab_agent_send(self._at(), recipient, C.byref(payload)))

    def add_delay(self, ns: int) -> None:
        """Takes longer over this event."""
        lib.pab_agent_add_delay(self._at(), ns)

    def set_computation_delay(self, ns: int) -> None:
        """How long each event takes from now on."""
        lib.pab_agent_set_computation_delay(self._at(), ns)

    def pause(self) -> None:
        """Makes Market.run return after this event."""
        lib.pab_agent_pause(self._at())

    # What it draws, from its own generator. Nothing else is random: a run would not repeat.

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """Evenly in [low, high)."""
        return float(lib.pab_agent_uniform(self._at(), low, high))

    def randint(self, low: int, high: int) -> int:
        """low .. high - 1."""
        return int(lib.pab_agent_randint(self._at(), low, high))

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        """Normally distributed."""
        return float(lib.pab_agent_normal(self._at(), mean, sd))

    def exponential(self, mean: float) -> float:
        """Exponentially distributed."""
        return float(lib.pab_agent_exponential(self._at(), mean))

    def order_size(self) -> int:
        """As the group's order_size says; may be 0."""
        return int(lib.pab_agent_order_size(self._at()))

    def shared_uniform(self) -> float:
        """In on_build only: of the build generator."""
        return float(lib.pab_agent_shared_uniform(self._at()))

    def observe(self, variance: float, symbol: int | None = None) -> int:
        """The fundamental value now, seen with noise of this variance."""
        return int(lib.pab_agent_observe(self._at(), self._of(symbol), variance))

    def _at(self) -> Any:
        if self._self is None:
            raise Error(abi.PAB_E_STATE, "an agent was used after its callback")
        return self._self

    def _of(self, symbol: int | None) -> int:
        return self.symbol if symbol is None else symbol


def register(config: Any, kind: type[Agent], raised: list[BaseException]) -> Any:
    """Makes the class known to a configuration. What is returned must outlive all scenarios made from it."""
    record = _record(kind, raised)
    check(lib.pab_config_add_agent_type(config.handle, C.byref(record)))
    return record


def _record(kind: type[Agent], raised: list[BaseException]) -> Any:
    if not isinstance(kind, type) or not issubclass(kind, Agent):
        raise TypeError(f"a type of agent is a class made from pairsabides.Agent, not {kind!r}")
    if not getattr(kind, "name", None):
        raise Error(abi.PAB_E_ARGUMENT, f"{kind.__name__} has no name, which would stand after `type:` in a scenario")
    record = defaults(abi.pab_agent_type)
    record.name, record.label = kind.name.encode(), (kind.label or kind.__name__).encode()
    state = type("State", (C.Structure,), {"_fields_": [(name, _c_type(each)) for name, each in kind.state.items()]})
    kind._states = state  # type: ignore[attr-defined]
    record.state_size = C.sizeof(state)
    rows = _parameters(kind)
    record.params_size = C.sizeof(kind._params)  # type: ignore[attr-defined]
    record.params_count, record.params = len(kind.params), rows if kind.params else None
    for name in ("on_build", "on_start", "first_wakeup", "on_wakeup", "on_message", "on_stop"):
        if name == "on_wakeup" or getattr(kind, name) is not getattr(Agent, name):
            callback = field_type(abi.pab_agent_type, name)
            setattr(record, name, callback(_guarded(kind, name, state, raised)))
    record.kept = rows
    return record


def _c_type(each: Any) -> Any:
    if isinstance(each, tuple):
        return _c_type(each[0]) * each[1]
    kind = _PLAIN.get(each, each)
    if not isinstance(kind, type) or not issubclass(kind, (C._SimpleCData, C.Structure, C.Array)):
        raise Error(abi.PAB_E_TYPE, f"a member of `state` is {each!r}, expected int, float, bool, a ctypes type, or "
                                    "one of these and a length")
    return kind


def _parameters(kind: type[Agent]) -> Any:
    """Rows of the parameter table, and the record that they describe as kind._params."""
    fields, words = [], {}
    for key, param in kind.params.items():
        if not isinstance(param, Param):
            raise Error(abi.PAB_E_TYPE, f"params[{key!r}] is {param!r}, expected a Param")
        number, c_type = _KINDS[param.named()]
        hidden = number in (abi.PAB_PARAM_CHOICE, abi.PAB_PARAM_TEXT)
        fields.append((f"_{key}" if hidden else key, c_type))
        if hidden:
            words[key] = property(_word(f"_{key}", param.choices))
    record: Any = type("Params", (C.Structure,), {"_fields_": fields, **words})
    kind._params = record  # type: ignore[attr-defined]
    rows = (abi.pab_param * max(1, len(fields)))()
    for row, (field, _), (key, param) in zip(rows, fields, kind.params.items()):
        default = param.default
        text = str(default).lower() if isinstance(default, bool) else str(default)
        row.key, row.unit, row.doc = key.encode(), param.unit.encode(), param.doc.encode()
        row.type, row.offset = _KINDS[param.named()][0], getattr(record, field).offset
        row.default_value = None if default is None else text.encode()
        row.min, row.max = param.min, param.max
        row.choices = "|".join(param.choices).encode() if param.choices else None
    return rows


def _word(field: str, choices: tuple[str, ...]) -> Callable[[Any], str]:
    def read(record: Any) -> str:
        value = getattr(record, field)
        return choices[value] if choices else str(plain(value))

    return read


def _guarded(kind: type[Agent], name: str, state: Any, raised: list[BaseException]) -> Callable[..., int]:
    """The callback as C calls it. What it raises is kept, and stops the run: a waking in the past is refused."""
    method = getattr(kind, name)
    convert = _ARGUMENTS.get(name, lambda: ())

    def call(at: int, memory: int, *arguments: Any) -> int:
        agent = kind.__new__(kind)
        agent._self = at
        size = C.sizeof(state) if memory else 0
        agent.my = mine = state.from_buffer_copy(C.string_at(memory, size)) if size else None  # may be kept, so a copy
        try:
            with Callback():
                given = convert(*arguments)
                if name == "on_message":
                    agent._message = given[1]
                answer = method(agent, *given)
                return int(abi.fitting(C.c_int64, answer or 0, f"what {kind.__name__}.{name} returns"))
        except BaseException as error:
            raised.append(error)
            lib.pab_agent_wakeup_at(at, -(1 << 62))
            return 0
        finally:
            if mine is not None:
                C.memmove(memory, C.byref(mine), size)
            agent._self = agent.my = agent._message = None

    return call


_ARGUMENTS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "on_wakeup": lambda can_trade: (bool(can_trade),),
    "on_message": lambda message, sender: (MESSAGES[message.contents.type],
                                           type(message.contents).from_buffer_copy(message.contents), sender),
}
