"""How long calls tell how far they are, and are stopped."""
from __future__ import annotations

import ctypes as C
from collections.abc import Callable
from typing import Any

from . import _abi as abi
from ._core import Callback, field_type, interrupts, sized

Report = Callable[[str, int, int], object]
"""Called with (stage, done, total) on the calling thread; True cancels the call."""


class Progress:
    """A caller's `progress` as the library takes it.

    True shows a bar where tqdm is installed; a callable receives (stage, done, total). Ctrl-C always stops the call.
    An exception of the callable is stored in `raised`.
    """

    def __init__(self, progress: bool | Report | None) -> None:
        self.raised: list[BaseException] = []
        """What the callable raised."""
        self._bars = _Bars() if progress is True else None
        self._report: Report | None = self._bars if progress is True else progress or None
        self.record: Any = sized(abi.pab_progress)
        """As the library takes it."""
        self.record.report = field_type(abi.pab_progress, "report")(self._told)

    @property
    def pointer(self) -> Any:
        """The record, for the library."""
        return C.pointer(self.record)

    def _told(self, _user: Any, stage: bytes, done: int, total: int) -> int:
        return self.tell(stage.decode(), done, total)

    def tell(self, stage: str, done: int, total: int) -> int:
        """Non-zero: stop."""
        try:
            if self._report is None:
                return int(interrupts.noted)
            with Callback():
                return int(self._report(stage, done, total) is True)
        except BaseException as error:  # KeyboardInterrupt comes out here
            self.raised.append(error)
            return 1

    def close(self) -> None:
        """Closes the bar."""
        if self._bars is not None:
            self._bars.close()


class _Bars:
    """A tqdm bar for each stage in turn."""

    def __init__(self) -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            tqdm = None
        self._make = tqdm
        self._bar: Any = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._make is None:
            return
        if self._bar is None or stage != self._stage:
            self.close()
            self._bar, self._stage = self._make(total=total, desc=stage), stage
        self._bar.total, self._bar.n = total, done
        self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
