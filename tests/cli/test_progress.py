"""Progress shows on a terminal, and there only."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest

from tuodi.cli import progress
from tuodi.cli.progress import Progress
from tuodi.cli.speech import chinese


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    clock = iter(range(1000))
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(clock) * 0.3))
    counted = SimpleNamespace(cases=1000, events=4000, faulty=2)
    with Progress(chinese) as shown:
        for _ in range(4):
            shown.tick(counted)
    return stream.getvalue()


def test_a_terminal_sees_how_far_it_is_and_an_empty_line_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = run(Terminal(), monkeypatch)

    assert "已结算 1,000 例 4,000 个事件，2 例有错误，每秒 " in seen
    assert seen.endswith("\r\x1b[K")
    assert 2 == seen.count("已结算")


def test_a_file_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "" == run(io.StringIO(), monkeypatch)
