"""Falling from a whole: each bar begins where the one before it ended."""

import re

from tuodi.console.picture.fall import Step, falling
from tuodi.console.picture.shapes import Part, Tone, strip

STEPS = [Step("医保", 6_000_00, Tone.pale), Step("救助", 3_000_00, Tone.main)]


def test_each_step_tells_what_is_left() -> None:
    assert [4_000_00, 1_000_00] == [one.left for one in falling(10_000_00, STEPS)]


def test_bars_lie_side_by_side_from_the_right() -> None:
    bars = [
        re.search(r'<rect x="([\d.%]+)" width="([\d.%]+)"', one.picture).groups() for one in falling(10_000_00, STEPS)
    ]

    assert [("40.00%", "60.00%"), ("10.00%", "30.00%")] == bars


def test_a_grant_above_what_is_left_ends_at_nothing() -> None:
    (one,) = falling(500_00, [Step("定额", 900_00, Tone.main)])

    assert 0 == one.left
    assert 'x="0.00%" width="100.00%"' in one.picture


def test_a_bill_of_nothing_has_no_bars() -> None:
    (one,) = falling(0, [Step("救助", 0, Tone.main)])

    assert "<rect" not in one.picture


def test_a_part_that_is_there_can_be_seen() -> None:
    assert 'width="0.20%"' in strip([Part(1, Tone.main)], 100_000_000, "一分")


def test_what_a_bar_says_is_text() -> None:
    assert "<title>&lt;b&gt;</title>" in strip([Part(1, Tone.main, "<b>")], 1, "")
