"""The library itself: loading it, calling it, and turning its errors into exceptions."""
from __future__ import annotations

import ctypes as C
import pathlib
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from . import _abi as abi

STATUS = {value: name for name, value in vars(abi).items() if name == "PAB_OK" or name.startswith("PAB_E_")}


class Error(RuntimeError):
    """A call failed. `status` is the number, `name` its name ("PAB_E_RANGE"), `text` what was at fault."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{STATUS.get(status, 'PAB_E_?')}: {text}")
        self.status = status
        self.name = STATUS.get(status, "PAB_E_?")
        self.text = text

    def __reduce__(self) -> tuple[Any, ...]:
        return Error, (self.status, self.text)


class _Library:
    """Its functions by name, each declared when first used. The interpreter's lock is released during calls."""

    def __init__(self) -> None:
        path = next(pathlib.Path(__file__).parent.glob("libpairsabides*.so"), None)
        if path is None:
            raise ImportError("pairsabides: the library is not beside the package; install it with pip")
        self._dll = C.CDLL(str(path))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        result, *arguments = abi.FUNCTIONS[name]
        function = getattr(self._dll, name)
        function.restype, function.argtypes = result, arguments
        setattr(self, name, function)
        return function  # type: ignore[no-any-return]


lib = _Library()

def last_error() -> str:
    buffer = C.create_string_buffer(1024)
    lib.pab_last_error(buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")


def check(status: int, raised: list[BaseException] | None = None) -> None:
    """Raises the first of what callbacks `raised` during the call, or the library's own error.

    Callbacks cannot raise through C: they keep their exceptions in such a list.
    """
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
    return {name: plain(getattr(record, name)) for name, *_ in record._fields_ if name not in HIDDEN}


HIDDEN = ("struct_size", "reserved", "filler")


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
    needed = C.c_size_t()
    status = call(None, 0, C.byref(needed))
    if status not in (abi.PAB_OK, abi.PAB_E_CAPACITY):
        check(status)
    buffer = C.create_string_buffer(needed.value)
    check(call(buffer, len(buffer), C.byref(needed)))
    return buffer.raw[: needed.value]


class Handle:
    """Owns one handle of the library and frees it once."""

    _free: str

    def __init__(self, make: Callable[[Any], int]) -> None:
        made = C.c_void_p()
        check(make(C.byref(made)))
        self._handle = made.value
        self._finalizer = weakref.finalize(self, getattr(lib, self._free), made.value)

    def close(self) -> None:
        """Frees it now. May be called again."""
        self._finalizer()
        self._handle = None

    @property
    def handle(self) -> int:
        if self._handle is None:
            raise Error(abi.PAB_E_STATE, f"this {type(self).__name__} is closed")
        return self._handle
