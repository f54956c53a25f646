"""How far a long run has come: on standard error, and only where that is a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from tuodi.cli.speech import Say

_EVERY_SECONDS = 0.5


class Counted(Protocol):
    """What is being counted."""

    cases: int
    events: int
    faulty: int


class Progress:
    """One line that is written over, gone at the end."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.shown = sys.stderr.isatty()
        self.began = self.last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _what: BaseException | None, _where: TracebackType | None
    ) -> None:
        if self.shown and self.last > self.began:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def tick(self, counted: Counted) -> None:
        """More cases are done."""
        if self.shown:
            self._show(counted)

    def _show(self, counted: Counted) -> None:
        now = time.monotonic()
        if now - self.last < _EVERY_SECONDS:
            return
        self.last = now
        pace = int(counted.events / (now - self.began))
        text = self.say(
            f"已结算 {counted.cases:,} 例 {counted.events:,} 个事件，{counted.faulty:,} 例有错误，每秒 {pace:,} 个事件",
            f"{counted.cases:,} cases, {counted.events:,} events, {counted.faulty:,} with faults, {pace:,} events/s",
        )
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
