"""Texts that mean something: exact where they are well, and with the likely meaning where they are not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tuodi.language.parts.scalars import DAY, DOCUMENT_ID, FLAG, ID, MONEY, MONTHS, NUMBER, RATE, TEXT, TIMES
from tuodi.language.reading import Reading, Unreadable
from tuodi.language.shapes import Scalar
from tuodi.language.tree import Keyed, Text


def read(scalar: Scalar[Any], written: str) -> Any:
    """The value, or (code, remedy)."""
    reading = Reading(Keyed({}, 1, 1), Path(), {})
    try:
        return scalar.read(Text(written, 1, 1, plain=True), reading)
    except Unreadable:
        (finding,) = reading.findings
        return finding.code, finding.remedy


@pytest.mark.parametrize(
    ("written", "fen"),
    [("0", 0), ("30000", 3_000_000), ("0.01", 1), ("1234.5", 123_450), ("99999999.99", 9_999_999_999)],
)
def test_money_is_yuan_with_at_most_two_decimals(written: str, fen: int) -> None:
    assert fen == read(MONEY, written)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0.005", "money-decimals"),
        ("-1", "money-negative"),
        ("100000000", "money-too-large"),
        ("100000000.00", "money-too-large"),
        ("70%", "not-money"),
        ("3万", "not-money"),
        ("1,000", "not-money"),
        ("01", "not-money"),
        ("1e3", "not-money"),
        ("١٢", "not-money"),
    ],
)
def test_what_is_no_money_says_why(written: str, code: str) -> None:
    assert code == read(MONEY, written)[0]


@pytest.mark.parametrize(("written", "basis_points"), [("0%", 0), ("62.5%", 6250), ("0.01%", 1), ("100%", 10_000)])
def test_a_rate_is_a_percentage(written: str, basis_points: int) -> None:
    assert basis_points == read(RATE, written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0.7", "写成 70%"),
        (".75", "写成 75%"),
        ("70", "写成 70%"),
        ("0.705", "写成百分数，至多两位小数，如 62.5%"),
        ("七成", "写成百分数，至多两位小数，如 62.5%"),
        ("70.125%", "写成百分数，至多两位小数，如 62.5%"),
    ],
)
def test_a_rate_without_percent_is_answered_with_what_was_meant(written: str, meant: str) -> None:
    assert ("rate-without-percent", meant) == read(RATE, written)


def test_a_rate_ends_at_100_percent_and_a_factor_at_tenfold() -> None:
    assert "rate-too-high" == read(RATE, "100.01%")[0]
    assert 12_000 == read(TIMES, "120%")
    assert 100_000 == read(TIMES, "1000%")
    assert "rate-too-high" == read(TIMES, "1000.01%")[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-02-29", "bad-day"),
        ("2023-2-1", "bad-day"),
        ("20230201", "bad-day"),
        ("1949-09-30", "bad-day"),
        ("2200-01-01", "bad-day"),
        ("2199-12-31", date(2199, 12, 31)),
    ],
)
def test_a_day_is_written_in_full_and_within_the_calendar(written: str, expected: object) -> None:
    found = read(DAY, written)

    assert expected == (found[0] if isinstance(found, tuple) else found)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "写 true"),
        ("On", "写 true"),
        ("no", "写 false"),
        ("OFF", "写 false"),
        ("1", "写 true 或 false"),
        ("True", "写 true 或 false"),
    ],
)
def test_truth_is_true_or_false_alone(written: str, meant: str) -> None:
    assert ("not-a-flag", meant) == read(FLAG, written)
    assert [True, False] == [read(FLAG, "true"), read(FLAG, "false")]


@pytest.mark.parametrize("written", ["1.0", "-1", "+1", "1234567890", "一", "²"])
def test_a_number_is_whole_and_plain(written: str) -> None:
    assert "not-a-number" == read(NUMBER, written)[0]
    assert 12 == read(NUMBER, "12")


def test_cover_reaches_back_ten_years_at_most() -> None:
    assert 120 == read(MONTHS, "120")
    assert "too-many-months" == read(MONTHS, "121")[0]
    assert "not-a-number" == read(MONTHS, "一年")[0]


@pytest.mark.parametrize("written", ["Relief", "relief-1", "1st", "a__b", "a_", "救助", ""])
def test_an_id_has_one_spelling(written: str) -> None:
    assert read(ID, written)[0] in ("bad-id", "nothing")
    assert "relief_1" == read(ID, "relief_1")


def test_a_documents_id_has_hyphens() -> None:
    assert "liaocheng-2022-5" == read(DOCUMENT_ID, "liaocheng-2022-5")
    assert "bad-id" == read(DOCUMENT_ID, "liaocheng_2022")[0]


def test_text_keeps_no_white_space_around_it() -> None:
    assert "救助 对象" == read(TEXT, "  救助 对象 ")
