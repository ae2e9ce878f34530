"""The library itself: loading it, calling it, and turning its errors into exceptions."""
from __future__ import annotations

import ctypes as C
import importlib.resources
import os
import signal
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from . import _abi as abi

STATUS: dict[int, str] = {value: name for name, value in vars(abi).items()
                          if name == "PAB_OK" or name.startswith("PAB_E_")}


class Error(RuntimeError):
    """A call failed. `status` is the number, `name` its name ("PAB_E_RANGE"), `text` what was at fault.

    Raised as one of the classes below, which are also the exceptions that Python has for the like.
    """

    status: int
    """The library's number, negative."""
    name: str
    """The number's name, "PAB_E_RANGE"."""
    text: str
    """What was at fault, what was found and what was expected."""

    def __new__(cls, status: int, text: str) -> Error:
        """The class that stands for the status."""
        kind = _KINDS.get(status, Error) if cls is Error else cls
        return super().__new__(kind, status, text)

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{STATUS.get(status, 'PAB_E_?')}: {text}")
        self.status = status
        self.name = STATUS.get(status, "PAB_E_?")
        self.text = text

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"

    def __reduce__(self) -> tuple[Any, ...]:
        return Error, (self.status, self.text)


class UsageError(Error, ValueError):
    """An argument is not usable (PAB_E_ARGUMENT), or text is malformed (PAB_E_SYNTAX)."""


class UnknownNameError(Error, KeyError):
    """There is no such key, policy, symbol or option (PAB_E_KEY)."""


class WrongTypeError(Error, TypeError):
    """A value has the wrong type or unit (PAB_E_TYPE)."""


class OutOfRangeError(Error, ValueError):
    """A value is out of range (PAB_E_RANGE)."""


class OutOfMemoryError(Error, MemoryError):
    """There is no memory for it (PAB_E_MEMORY)."""


class FileError(Error):
    """The operating system refused a file operation (PAB_E_IO)."""


class DataError(Error, ValueError):
    """A file or state is damaged, of another version or of another kind (PAB_E_CORRUPT, _VERSION, _KIND)."""


class StateError(Error):
    """The call is not possible now (PAB_E_STATE): before a reset, after an end, on something closed."""


class LimitError(Error):
    """A fixed limit is reached (PAB_E_CAPACITY)."""


class CancelledError(Error):
    """A callable asked the call to stop (PAB_E_CANCELLED)."""


class UnsupportedError(Error, NotImplementedError):
    """This build or scenario does not offer it (PAB_E_UNSUPPORTED)."""


_KINDS: dict[int, type[Error]] = {
    abi.PAB_E_ARGUMENT: UsageError, abi.PAB_E_SYNTAX: UsageError, abi.PAB_E_KEY: UnknownNameError,
    abi.PAB_E_TYPE: WrongTypeError, abi.PAB_E_RANGE: OutOfRangeError, abi.PAB_E_MEMORY: OutOfMemoryError,
    abi.PAB_E_IO: FileError, abi.PAB_E_CORRUPT: DataError, abi.PAB_E_VERSION: DataError, abi.PAB_E_KIND: DataError,
    abi.PAB_E_STATE: StateError, abi.PAB_E_CAPACITY: LimitError, abi.PAB_E_CANCELLED: CancelledError,
    abi.PAB_E_UNSUPPORTED: UnsupportedError}


class _Uses:
    """Which handles are in a call, and in how many, and on which thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.calls: dict[int, int] = {}  # of open handles: how many calls use each
        self.owners: dict[int, int] = {}  # of handles that one thread may use at a time, while it does: that thread
        self.exclusive: set[int] = set()

    def enter(self, handles: list[int]) -> None:
        me = threading.get_ident()
        with self.lock:
            for handle in handles:
                if self.owners.get(handle, me) != me:
                    raise Error(abi.PAB_E_STATE, "another thread is in a call on the same object; give each thread its "
                                                 "own (fork), or let one wait for the other")
            for handle in handles:
                self.calls[handle] += 1
                if handle in self.exclusive:
                    self.owners[handle] = me

    def leave(self, handles: list[int]) -> None:
        with self.lock:
            for handle in handles:
                self.calls[handle] -= 1
                if self.calls[handle] == 0:
                    self.owners.pop(handle, None)


uses = _Uses()


class _Interrupts:
    """Ctrl-C during a call. Python would raise KeyboardInterrupt where a callback begins, outside of all that could
    keep it, and it would be lost. Here it is noted, callbacks stop the call, and `check` raises it."""

    def __init__(self) -> None:
        self.depth = 0
        self.noted = False
        self.inside = False  # a callable of the user's is at work: it may be interrupted as any Python

    def handler(self, number: int, frame: Any) -> None:
        if self.inside or self.noted:  # a second one does not wait
            signal.default_int_handler(number, frame)
        self.noted = True


interrupts = _Interrupts()
_MAIN = threading.main_thread().ident


class Callback:
    """`with Callback():` around the user's code in a callback."""

    def __enter__(self) -> None:
        self.mine = threading.get_ident() == _MAIN
        if self.mine:
            if interrupts.noted:
                raise KeyboardInterrupt
            interrupts.inside = True

    def __exit__(self, *_: object) -> None:
        if self.mine:
            interrupts.inside = False


class _Library:
    """Its functions by name, each declared when first used. The interpreter's lock is released during calls."""

    def __init__(self) -> None:
        folder = importlib.resources.files(__package__)
        path = next((each for each in folder.iterdir() if each.name.startswith("libpairsabides")), None)
        if path is None:
            raise ImportError("pairsabides: the library is not beside the package; install it with pip")
        self._dll = C.CDLL(str(path))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in abi.FUNCTIONS:
            raise AttributeError(f"the library has no function {name}")
        result, *arguments = abi.FUNCTIONS[name]
        function = getattr(self._dll, name)
        function.restype, function.argtypes = result, arguments
        fitted = _fitted(name, function)
        uses_handles = C.c_void_p in arguments and not name.startswith("pab_agent_") and not name.endswith("_free")
        wrapped = _watched(function, fitted) if uses_handles else fitted
        setattr(self, name, wrapped)
        return wrapped


def _fitted(name: str, function: Any) -> Callable[..., Any]:
    """The function, with arguments that ctypes would cut short refused."""
    places = [(i, kind) for i, kind in enumerate(function.argtypes) if kind in abi.LIMITS or kind is C.c_char_p]
    if not places:
        return function  # type: ignore[no-any-return]
    names = abi.PARAMETERS[name]

    def call(*arguments: Any) -> Any:
        given = list(arguments)
        for i, kind in places:
            given[i] = abi.fitting(kind, given[i], str(names[i]))
        return function(*given)

    return call


def _watched(function: Any, fitted: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with the handles among its arguments in use meanwhile, and Ctrl-C noted."""
    calls, status = uses.calls, function.restype is C.c_int32

    def call(*arguments: Any) -> Any:
        handles = []
        for each in arguments:
            if type(each) is int:
                if each in calls:
                    handles.append(each)
            elif isinstance(each, C.Array) and each._type_ is C.c_void_p:
                handles += [item for item in each if item in calls]
        uses.enter(handles)
        try:
            if threading.get_ident() != _MAIN:
                return fitted(*arguments)
            return _noting(fitted, arguments, status)
        finally:
            uses.leave(handles)

    return call


def _noting(function: Callable[..., Any], arguments: tuple[Any, ...], status: bool) -> Any:
    """On the main thread."""
    if interrupts.depth:
        before, interrupts.inside = interrupts.inside, False
        interrupts.depth += 1
        try:
            return function(*arguments)
        finally:
            interrupts.depth -= 1
            interrupts.inside = before
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return function(*arguments)
    interrupts.depth, interrupts.inside = 1, False
    signal.signal(signal.SIGINT, interrupts.handler)
    try:
        result = function(*arguments)
    finally:
        interrupts.depth = 0
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if interrupts.noted and not status:  # no status, so no `check` follows
        interrupts.noted = False
        raise KeyboardInterrupt
    return result


lib = _Library()


def last_error() -> str:
    """This thread's last error sentence."""
    buffer = C.create_string_buffer(1024)
    lib.pab_last_error(buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")


def check(status: int, raised: list[BaseException] | None = None) -> None:
    """Raises the first of what callbacks `raised` during the call, or the library's own error.

    Callbacks cannot raise through C: they keep their exceptions in such a list.
    """
    if interrupts.noted and interrupts.depth == 0:
        interrupts.noted = False
        if raised:
            raised.clear()
        raise KeyboardInterrupt
    if raised:
        first = raised[0]
        raised.clear()
        raise first
    if status != abi.PAB_OK:
        raise Error(status, last_error())


def sized(kind: type[Any]) -> Any:
    """A zeroed record that knows its size."""
    return kind(struct_size=C.sizeof(kind))


def defaults(kind: type[Any]) -> Any:
    """A record as its own init function fills it in."""
    record = kind()
    check(getattr(lib, f"{kind.__name__}_init")(C.byref(record), C.sizeof(kind)))
    return record


def plain(value: Any) -> Any:
    """A record's value as Python and numpy know it: text, numbers, arrays."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, C.Array):
        return np.array(value)
    if isinstance(value, C.Structure):
        return as_dict(value)
    return value


def field_type(record: Any, name: str) -> Any:
    """The type of one member."""
    return next(kind for field, kind, *_ in record._fields_ if field == name)


def as_dict(record: Any) -> dict[str, Any]:
    """A record's members by name."""
    return {name: plain(getattr(record, name)) for name, *_ in record._fields_ if name not in HIDDEN}


HIDDEN: tuple[str, ...] = ("struct_size", "reserved", "filler")


def fill(record: Any, values: Mapping[str, Any]) -> Any:
    """Sets members by their names."""
    known = [name for name, *_ in record._fields_ if name not in HIDDEN]
    for name, value in values.items():
        if name not in known:
            raise Error(abi.PAB_E_KEY, f"there is no option {name}, expected some of {', '.join(known)}")
        setattr(record, name, value)
    return record


def records(kind: type[Any], get: Callable[[int, Any], int], count: int | None = None) -> np.ndarray[Any, Any]:
    """Rows of get(index, record) as a structured array: `count` of them, or all up to PAB_E_RANGE."""
    rows: list[bytes] = []
    record = sized(kind)
    while count is None or len(rows) < count:
        status = get(len(rows), C.byref(record))
        if count is None and status == abi.PAB_E_RANGE:
            break
        check(status)
        rows.append(bytes(record))
    shape = np.dtype(kind)
    names = [name for name in shape.names or () if name not in HIDDEN]
    table = np.frombuffer(b"".join(rows), shape)
    out = np.zeros(len(rows), [(name, shape[name]) for name in names])
    for name in names:
        out[name] = table[name]
    return out


def pointer(array: np.ndarray[Any, Any], kind: type[Any]) -> Any:
    """To an array's data."""
    return array.ctypes.data_as(C.POINTER(kind))


def text_of(call: Callable[[Any, int, Any], int]) -> str:
    """The text of a function that fills a buffer and tells the length."""
    needed = C.c_size_t()
    status = call(None, 0, C.byref(needed))
    if status not in (abi.PAB_OK, abi.PAB_E_CAPACITY):
        check(status)
    buffer = C.create_string_buffer(needed.value + 1)
    check(call(buffer, len(buffer), C.byref(needed)))
    return buffer.value.decode("utf-8")


def bytes_of(call: Callable[[Any, int, Any], int]) -> bytes:
    """The bytes of a function that fills a buffer and tells the length."""
    needed = C.c_size_t()
    status = call(None, 0, C.byref(needed))
    if status not in (abi.PAB_OK, abi.PAB_E_CAPACITY):
        check(status)
    buffer = C.create_string_buffer(needed.value)
    check(call(buffer, len(buffer), C.byref(needed)))
    return buffer.raw[: needed.value]


class Handle:
    """Owns one handle of the library and frees it once: by `close`, at the end of a `with`, or with its last name."""

    _free: str
    _shared = False
    """Never changes, so that several threads may be in calls on it."""

    def __init__(self, make: Callable[[Any], int]) -> None:
        made = C.c_void_p()
        check(make(C.byref(made)))
        assert made.value is not None
        self._handle: int | None = made.value
        self._lent: weakref.WeakSet[Handle] = weakref.WeakSet()  # what reads it, and is closed with it
        uses.calls[made.value] = 0
        if not self._shared:
            uses.exclusive.add(made.value)
        self._finalizer = weakref.finalize(self, _release, getattr(lib, self._free), made.value, os.getpid())

    def close(self) -> None:
        """Frees it now. May be called again.

        Raises StateError during a call on it, from a callback of its own or from another thread.
        """
        if getattr(self, "_handle", None) is None:
            return
        with uses.lock:
            if any(uses.calls.get(each._handle or 0, 0) for each in (self, *self._lent)):
                raise Error(abi.PAB_E_STATE, f"this {type(self).__name__} is in a call; close it after that")
        for each in list(self._lent):
            each.close()
        self._finalizer()
        self._handle = None

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle is None

    @property
    def handle(self) -> int:
        """The library's pointer, for calls of `lib`."""
        if self._handle is None:
            raise Error(abi.PAB_E_STATE, f"this {type(self).__name__} is closed")
        return self._handle

    def __enter__(self: H) -> H:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        said = "closed" if getattr(self, "_handle", None) is None else self._says()
        return f"<{type(self).__name__} {said}>" if said else f"<{type(self).__name__}>"

    def _says(self) -> str:
        """What `repr` says of it."""
        return ""

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError(f"a {type(self).__name__} can be neither pickled nor copied")


H = TypeVar("H", bound=Handle)


def _release(free: Callable[[int], None], handle: int, process: int) -> None:
    uses.calls.pop(handle, None)
    uses.owners.pop(handle, None)
    uses.exclusive.discard(handle)
    if os.getpid() == process:  # in a child, threads that belong to it are not there to be waited for
        free(handle)


def whole(values: Any, kind: type[np.integer[Any]]) -> np.ndarray[Any, Any]:
    """A contiguous array of integers of that kind; OverflowError for what does not fit, TypeError for fractions."""
    array = np.asarray(values)
    if array.dtype.kind == "O":
        array = np.array([int(abi.whole(each)) for each in array.ravel().tolist()], object).reshape(array.shape)
    elif array.dtype.kind not in "iub":
        raise TypeError(f"expected whole numbers, not {array.dtype}")
    limits = np.iinfo(kind)
    if array.size and not (limits.min <= int(array.min()) and int(array.max()) <= limits.max):
        raise OverflowError(f"a number is out of range, expected {limits.min} to {limits.max}")
    return np.ascontiguousarray(array, kind)
