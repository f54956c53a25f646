"""How far a long work of known size has come: on standard error, and only where that is a terminal.

What takes long before anything moves (compiling, sorting) is said once on a line of its own, on a terminal or not.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Protocol, Self

import click

from tuodi.cli.speech import Say

_EVERY_SECONDS = 0.5
COMPILING = "正在编译：同一形状的政策只在第一次"
_TOLD_AFTER = 2.0
"""Seconds before anybody is told how much time is left: what is said earlier is wrong."""


class Stage(Protocol):
    """How far a stage of some work is."""

    @property
    def stage(self) -> str:
        """In words."""

    @property
    def done(self) -> int:
        """How many things are done."""

    @property
    def total(self) -> int:
        """Of how many; 0: not known."""


class StatusLine:
    """One line that is written over, gone at the end. It may be told from any thread."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.shown = sys.stderr.isatty()
        self.stage = ""
        self.began = self.last = time.monotonic()
        self._written = False
        self._noted: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _what: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Takes the line away, so that something else can be written."""
        if self._written:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._written = False

    def note(self, text: str) -> None:
        """A sentence that stays; said once."""
        if text not in self._noted:
            self.clear()
            click.echo(text, err=True)
        self._noted.add(text)

    def compiling(self) -> None:
        """That something is compiled, which takes a while and happens once."""
        self.note(self.say(COMPILING, "Compiling: policies of one shape only the first time"))

    def tell(self, stage: str, done: int, total: int, before: int = 0) -> None:
        """`done` of `total` (0: not known) things, `before` of them in an earlier session."""
        if not self.shown:
            return
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.began, self.last = stage, now, 0.0
        if now - self.last >= _EVERY_SECONDS:
            self.last = now
            self._write(self._text(stage, done, total, before, now - self.began))

    def progress(self, at: Stage) -> None:
        """The same of a stage of some work."""
        self.tell(at.stage, at.done, at.total)

    def _text(self, stage: str, done: int, total: int, before: int, seconds: float) -> str:
        known = f" / {total:,}（{100 * done // total}%）" if total else ""
        text = self.say(f"{stage} {done:,}{known}", f"{stage} {done:,}{known.replace('（', ' (').replace('）', ')')}")
        pace = int((done - before) / seconds) if seconds > 0 else 0
        if seconds < _TOLD_AFTER or not pace:
            return text
        text += self.say(f"，每秒 {pace:,}", f", {pace:,}/s")
        left = duration(max(total - done, 0) // pace, self.say)
        return text + (self.say(f"，还要{left}", f", {left} left") if total else "")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
        self._written = True


def duration(seconds: int, say: Say) -> str:
    """ "3 分 05 秒", "12 秒"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return say(f"{hours} 小时 {minutes:02d} 分", f"{hours} h {minutes:02d} min")
    return (
        say(f"{minutes} 分 {rest:02d} 秒", f"{minutes} min {rest:02d} s") if minutes else say(f"{rest} 秒", f"{rest} s")
    )
