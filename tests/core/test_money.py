"""Money, rates, and the one rounding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.core.money import (
    LARGEST_FEN,
    Amount,
    Money,
    Rate,
    format_rate,
    format_yuan,
    parse_rate,
    parse_yuan,
    round_half_up,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("0.00", 0), ("1234.50", 123450), ("1234.5", 123450), ("0.01", 1), ("99999999.99", LARGEST_FEN)],
)
def test_yuan_becomes_fen(text: str, fen: int) -> None:
    assert fen == parse_yuan(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1.00", "为负数"),
        ("1.005", "小数超过两位"),
        ("100000000.00", "超过上限"),
        ("1,000.00", "不是金额"),
        ("", "不是金额"),
        (".50", "不是金额"),
        ("1.", "不是金额"),
        ("007", "不是金额"),
        ("1e3", "不是金额"),
        ("１２", "不是金额"),
        ("NaN", "不是金额"),
        ("1.00\n", "不是金额"),
    ],
)
def test_what_is_no_amount_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_yuan(text)


@given(st.integers(0, LARGEST_FEN))
def test_fen_survive_the_way_out_and_in(fen: int) -> None:
    assert fen == parse_yuan(format_yuan(fen))


def test_negative_fen_are_shown_with_their_sign() -> None:
    assert "-0.05" == format_yuan(-5)


@pytest.mark.parametrize(("text", "points"), [("70%", 7000), ("62.5%", 6250), ("0.05%", 5), ("100%", 10000)])
def test_percentages_become_basis_points_and_back(text: str, points: int) -> None:
    assert points == parse_rate(text)
    assert text == format_rate(points)


@pytest.mark.parametrize("text", ["70", "0.7", "70.005%", "-5%", "％", "70 %", ""])
def test_a_rate_without_its_percent_sign_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="须写成百分数"):
        parse_rate(text)


def test_money_times_rate_is_exact_until_it_is_rounded_once() -> None:
    amount = Money(101) * Rate(basis_points=5000)

    assert Amount(numerator=505000, denominator=10000) == amount
    assert Money(51) == amount.rounded()  # 50.5 fen: half up


def test_money_adds_and_subtracts_to_money() -> None:
    assert isinstance(Money(3) + Money(4), Money)
    assert isinstance(Money(3) - Money(4), Money)
    assert "0.07" == str(Money(3) + Money(4))
    assert "62.5%" == str(Rate(basis_points=6250))


def test_money_is_multiplied_by_nothing_but_a_rate_and_never_divided() -> None:
    with pytest.raises(TypeError, match="multiplied by a Rate"):
        Money(100) * 0.7  # type: ignore[operator]
    with pytest.raises(TypeError, match="never divided"):
        Money(100) / 3


def test_a_negative_amount_is_never_rounded() -> None:
    with pytest.raises(AssertionError, match="INV-04"):
        Amount(numerator=-1, denominator=2).rounded()


@given(st.integers(0, 10**16), st.integers(1, 10**8))
def test_rounding_is_to_the_nearest_with_ties_upwards(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)

    assert 2 * rounded * denominator - denominator <= 2 * numerator < 2 * rounded * denominator + denominator
