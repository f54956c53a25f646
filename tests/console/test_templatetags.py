"""How amounts, days and names stand on a page."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from tuodi.console.templatetags import console


@pytest.mark.parametrize(
    ("fen", "text"),
    [(123450, "1,234.50"), (0, "0.00"), (-5, "-0.05"), (-123456789, "-1,234,567.89"), (None, "—")],
)
def test_an_amount_has_thousands_apart_and_two_decimals(fen: int | None, text: str) -> None:
    assert text == console.yuan(fen)


@pytest.mark.parametrize(("fen", "text"), [(100, "+1.00"), (0, "0.00"), (-100, "-1.00")])
def test_a_difference_has_its_sign(fen: int, text: str) -> None:
    assert text == console.signed(fen)


@pytest.mark.parametrize(("fen", "text"), [(1200, "借 12.00"), (-1200, "贷 12.00"), (0, "0.00")])
def test_a_balance_tells_its_side(fen: int, text: str) -> None:
    assert text == console.balance(fen)


def test_days_and_moments_are_those_of_the_office() -> None:
    late = datetime(2026, 11, 21, 16, 5, tzinfo=timezone.utc)  # noqa: UP017

    assert ("2026-11-22", "2026-11-22 00:05") == (console.day(late), console.moment(late))
    assert ("—", "—") == (console.day(None), console.moment(None))


def test_a_period_is_written_with_its_last_day() -> None:
    assert "2025-12-31" == console.last_day(date(2026, 1, 1))
    assert "至今" == console.last_day(None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settlement:12", "结算 12"),
        ("settlement:12:recovery", "结算 12 追回"),
        ("settlement:13:reverses:settlement:12", "结算 13 冲销 结算 12"),
        ("appropriation 2026-1", "appropriation 2026-1"),
    ],
)
def test_a_cause_is_told_in_words(name: str, text: str) -> None:
    assert text == console.cause(name)


def test_another_content_is_another_address() -> None:
    style, script = console.asset("console/console.css"), console.asset("console/console.js")

    assert style.startswith("/static/console/console.css?v=")
    assert style.partition("?")[2] != script.partition("?")[2]
