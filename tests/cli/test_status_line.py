"""How far a long work is: on a terminal, with pace and time left; elsewhere nothing."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest

from tuodi.cli import status_line
from tuodi.cli.speech import chinese, english
from tuodi.cli.status_line import StatusLine, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    now = SimpleNamespace(at=100.0)
    monkeypatch.setattr(status_line, "time", SimpleNamespace(monotonic=lambda: now.at))
    return now


def test_a_terminal_sees_pace_and_time_left(monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with StatusLine(chinese) as line:
        line.tell("已结算账单", 0, 1000)
        clock.at += 10
        line.tell("已结算账单", 250, 1000, before=50)

    assert "已结算账单 250 / 1,000（25%），每秒 20，还要37 秒" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_early_guesses_are_not_told(monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with StatusLine(english) as line:
        line.tell("made", 0, 0)
        clock.at += 1
        line.tell("made", 500, 1000)

    assert "made 500 / 1,000 (50%)" in stream.getvalue()
    assert "left" not in stream.getvalue()


def test_it_is_written_twice_a_second_at_most(monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with StatusLine(chinese) as line:
        for done in range(1000):
            line.tell("已结算", done, 1000)
            clock.at += 0.01

    assert stream.getvalue().count("已结算") <= 21


def test_a_file_sees_sentences_only_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with StatusLine(chinese) as line:
        line.tell("已结算", 1, 2)
        line.compiling()
        line.compiling()

    assert "正在编译：同一形状的政策只在第一次\n" == stream.getvalue()


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 秒"), (59, "59 秒"), (65, "1 分 05 秒"), (7_500, "2 小时 05 分")])
def test_durations_are_read_at_a_glance(seconds: int, text: str) -> None:
    assert text == duration(seconds, chinese)
