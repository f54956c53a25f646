"""Pictures: lengths in proportion, texts of the page, nothing outside the frame."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tuodi.lab.report.document import Bar, Bars, Curve, Month, Months, Parts, Picture, Point, Row, Span, Spans, Tone
from tuodi.lab.report.picture import Scale, drawn, per_cent, ticks_to

ANGLES = "特困人员 <甲> & “乙”"

PICTURES: dict[str, Picture] = {
    "bars": Bars(
        title=ANGLES,
        rows=(
            Row(label=ANGLES, bars=(Bar(value=50, text="50"), Bar(value=100, text="100", tone=Tone.BEFORE))),
            Row(label="乙", bars=(Bar(value=-25, text=ANGLES, tone=Tone.ALARM),), group="一组"),
        ),
        legend=((Tone.MAIN, ANGLES),),
        note=ANGLES,
    ),
    "nothing": Bars(title="空", rows=(Row(label="甲", bars=(Bar(value=0, text="0"),)),)),
    "parts": Parts(title="份", rows=(Row(label="甲", bars=(Bar(value=3, text="三"), Bar(value=1, text=ANGLES))),)),
    "whole": Parts(title="份", rows=(Row(label="甲", bars=(Bar(value=3, text="三"),)),), whole=True),
    "months": Months(
        title="月",
        columns=(
            Month(label="1月", parts=(Bar(value=100_000, text=ANGLES), Bar(value=50_000, text="五"))),
            Month(label="2月", parts=(Bar(value=0, text="0"),)),
        ),
    ),
    "no months": Months(title="月", columns=()),
    "spans": Spans(
        title="范围",
        rows=(
            Span(label="甲", least=-5, most=5, marks=(Bar(value=-10, text=ANGLES),), text=ANGLES),
            Span(label="甲", least=0, most=0, marks=(), text="同名的另一行"),
        ),
        zero=True,
    ),
    "apart": Spans(
        title="各自的尺度",
        rows=(
            Span(label="大", least=1_000_000, most=1_000_001, marks=(Bar(value=1_000_000, text="大"),), text="大"),
            Span(label="小", least=1, most=2, marks=(Bar(value=2, text="小"),), text="小"),
        ),
        shared=False,
    ),
    "curve": Curve(
        title="线",
        points=(
            Point(x=0, y=0, text="起"),
            Point(x=5, y=100, text=ANGLES, big=True),
            Point(x=10, y=50, text="止", big=True),
        ),
        line=(60, ANGLES),
        x_ends=("0%", "10%"),
    ),
    "flat": Curve(title="平", points=(Point(x=1, y=1, text="一", big=True),), x_ends=("", "")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_stands_outside_the_frame(name: str) -> None:
    text = drawn(PICTURES[name])
    starts = {mark: [as_number(one) for one in re.findall(rf' {mark}="([^"]+)%"', text)] for mark in ("x", "cx", "x1")}

    assert [] == [one for several in starts.values() for one in several if not 0 <= one <= 100]
    for start, width in re.findall(r'<rect x="([^"]+)%" width="([^"]+)%"', text):
        assert as_number(start) + as_number(width) <= 100.2


@pytest.mark.parametrize("name", PICTURES)
def test_what_people_wrote_is_never_read_as_html(name: str) -> None:
    text = drawn(PICTURES[name])

    assert "<甲>" not in text
    assert ("&lt;甲&gt; &amp; " in text) == (ANGLES in repr(PICTURES[name]))


@pytest.mark.parametrize("name", PICTURES)
def test_every_mark_that_is_opened_is_closed(name: str) -> None:
    ET.fromstring(drawn(PICTURES[name]))


def test_bars_are_as_long_as_their_values_say() -> None:
    text = drawn(PICTURES["bars"])

    assert [("20.00", "40.00"), ("20.00", "80.00"), ("0.00", "20.00")] == re.findall(
        r'<rect x="([\d.]+)%" width="([\d.]+)%"', text
    )


def test_parts_stand_behind_one_another() -> None:
    assert [("0.00", "75.00"), ("75.00", "25.00")] == re.findall(
        r'<rect x="([\d.]+)%" width="([\d.]+)%"', drawn(PICTURES["parts"])
    )


def test_rows_of_one_name_keep_their_own_texts() -> None:
    text = drawn(PICTURES["spans"])

    assert 1 == text.count('<span class="value">同名的另一行')


def test_a_group_is_named_once() -> None:
    assert 1 == drawn(PICTURES["bars"]).count("一组")


def test_ticks_are_round_and_reach_the_top() -> None:
    assert [(0,), (0, 1), (0, 2, 4, 6), (0, 20, 40, 60, 80, 100)] == [
        ticks_to(0),
        ticks_to(1),
        ticks_to(6),
        ticks_to(99),
    ]
    for most in range(1, 3000, 7):
        ticks = ticks_to(most)
        assert most <= ticks[-1]
        assert 2 <= len(ticks) <= 6


def test_a_scale_of_one_value_has_room_around_it() -> None:
    assert [0, 5000] == [Scale.of([7]).at(7), Scale.of([7]).widened().at(7)]


def test_hundredths_are_written_with_two_decimals() -> None:
    assert ["0.05%", "12.34%", "100.00%"] == [per_cent(5), per_cent(1234), per_cent(10_000)]


def as_number(text: str) -> float:
    return float(text.rstrip("%"))
