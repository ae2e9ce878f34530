"""Policies: built-in ones by specification, and Python callables."""
from __future__ import annotations

import ctypes as C
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from . import _abi as abi
from ._core import Callback, Error, Handle, as_dict, check, defaults, field_type, lib, plain, sized
from .env import LEGS, EnvView
from .scenario import _names

Decision = tuple[tuple[int, int], tuple[int, int]]
Act = Callable[[EnvView], Sequence[Any]]


class Policy(Handle):
    """A policy with its private state.

    `Policy("lae")` is a built-in one: NAME[:FORM][(KEY=VALUE, ...)]. `Policy(function, name)` calls
    function(env_view), which returns the actions of both legs, or (actions, quantities in shares). A function may be
    called from several threads in turn, and for several environments: what it remembers is its own affair.
    A copy, and one from a pickle, begins anew; one with a function is picklable if the function is.
    """

    _free = "pab_policy_free"
    _owner: object = None

    def __init__(self, source: str | Act, name: str | None = None) -> None:
        self.raised: list[BaseException] = []
        """What the callable raised, until a call of the library brings it out."""
        self._made: tuple[Any, ...] = (source,) if isinstance(source, str) else (source, name)
        if isinstance(source, str):
            super().__init__(lambda out: lib.pab_policy_parse(None, source.encode(), out))
            return
        if not callable(source):
            raise TypeError(f"a policy is a specification, as \"twap:take\", or a callable, not {source!r}")
        kind = defaults(abi.pab_policy_type)
        word = str(name or getattr(source, "__name__", type(source).__name__)).encode()
        kind.name, kind.user = word, next(_keys)
        kind.act, kind.destroy = _act, _destroy
        _callables[kind.user] = (source, word, self.raised)
        try:
            super().__init__(lambda out: lib.pab_policy_new(None, C.byref(kind), out))
        except BaseException:
            _callables.pop(kind.user, None)
            raise

    @classmethod
    def lent(cls, make: Callable[[Any], int], owner: Handle) -> Policy:
        """A policy that reads what `owner` holds, and keeps it."""
        policy: Policy = cls.__new__(cls)
        policy.raised = []
        policy._owner, policy._made = owner, ()
        Handle.__init__(policy, make)
        owner._lent.add(policy)
        return policy

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._made:
            raise TypeError(f"a Policy of a {type(self._owner).__name__} can be neither pickled nor copied: "
                            "pickle that")
        return Policy, self._made

    def _says(self) -> str:
        return repr(self.name)

    @property
    def name(self) -> str:
        """As it stands in tables."""
        return str(plain(lib.pab_policy_name(self.handle)))

    def reset(self, env: EnvView) -> None:
        """An episode begins. Must come before the first `act`."""
        check(lib.pab_policy_reset(self.handle, env._get()))

    def act(self, env: EnvView) -> Decision:
        """Actions and exact quantities (0: the action's own) of both legs, for PairEnv.step."""
        out = abi.pab_decision()
        check(lib.pab_policy_act(self.handle, env._get(), C.byref(out)), self.raised)
        return (out.action[0], out.action[1]), (out.quantity[0], out.quantity[1])

    def explain(self, env: EnvView) -> str:
        """Why it would act as it does now."""
        buffer = C.create_string_buffer(4096)
        check(lib.pab_policy_explain(self.handle, env._get(), buffer, len(buffer)))
        return buffer.value.decode("utf-8", "replace")


def builtin_policies() -> dict[str, str]:
    """Built-in policies and their forms ("pair|leg"), the first being the default."""
    return {name: plain(lib.pab_policy_forms(i)) for i, name in enumerate(_names("pab_policy_builtin"))}


def policy_options() -> list[dict[str, Any]]:
    """The options of built-in policies."""
    rows: list[dict[str, Any]] = []
    while True:
        option = sized(abi.pab_policy_option)
        status = lib.pab_policy_option_get(len(rows), C.byref(option))
        if status == abi.PAB_E_RANGE:
            return rows
        check(status)
        rows.append(as_dict(option))


_keys = itertools.count(1)
_callables: dict[int, tuple[Act, bytes, list[BaseException]]] = {}


def _decide(user: int, _state: Any, env: int, out: Any) -> int:
    function, _name, raised = _callables[user]
    view = EnvView(lambda: env)
    try:
        with Callback():
            answer = function(view)
        nested = len(answer) == LEGS and hasattr(answer[0], "__len__")
        actions, quantities = answer if nested else (answer, (0,) * LEGS)
        if len(actions) != LEGS or len(quantities) != LEGS:
            raise ValueError(f"a policy decides for {LEGS} legs, not {answer!r}")
        for leg in range(LEGS):
            out.contents.action[leg] = abi.fitting(C.c_int32, actions[leg], "an action")
            out.contents.quantity[leg] = abi.fitting(C.c_int64, quantities[leg], "a quantity")
        return int(abi.PAB_OK)
    except BaseException as error:
        raised.append(error)
        return int(abi.PAB_E_CANCELLED)
    finally:
        view._get = _gone


def _gone() -> int:
    raise Error(abi.PAB_E_STATE, "an environment that was lent to a policy was used after the policy's call")


def _forget(user: int) -> None:
    _callables.pop(user, None)


_act = field_type(abi.pab_policy_type, "act")(_decide)
_destroy = field_type(abi.pab_policy_type, "destroy")(_forget)
