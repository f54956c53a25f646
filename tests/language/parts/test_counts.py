"""Counts: what they are keyed by, and what feeds them."""

from pathlib import Path

import pytest

from tests.language.written import codes


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{clause: 二, label: 甲}", ["missing-key"]),
        ("{per: month, clause: 二, label: 甲}", ["unknown-word"]),
        ("{per: [year, year], clause: 二, label: 甲}", ["period-twice"]),
        ("{per: {applied_year: month}, clause: 二, label: 甲}", ["wrong-unit"]),
        ("{per: {year: month}, clause: 二, label: 甲}", ["missing-key", "unknown-key"]),
        ("{per: year, clause: 二, label: 甲, feed: {when: {level: 1}}}", ["missing-key"]),
        ("{per: year, clause: 二, label: 甲, sum_of: [relief_of_year], feed: {of: total}}", ["sum-is-read-only"]),
    ],
)
def test_what_is_no_count_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, ("{per: year, clause: 二, label: 年度救助限额}", written))
