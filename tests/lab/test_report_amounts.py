"""Numbers of a report: readable, rounded half away from zero, never a float."""

from __future__ import annotations

import pytest

from tuodi.lab.report.amounts import as_text, exact, money, more, number, rate, round_money, wan, yuan
from tuodi.lab.sheet import Unit


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00元"),
        (1, "0.01元"),
        (98_050, "980.50元"),
        (999_999, "9,999.99元"),
        (1_000_000, "1.00万元"),
        (123_456_789, "123.46万元"),
        (1_005_000, "1.01万元"),
        (9_999_999_999, "10,000.00万元"),
        (10_000_000_000, "1.00亿元"),
        (123_456_789_012, "12.35亿元"),
        (-123_456_789, "−123.46万元"),
        (-1, "−0.01元"),
    ],
)
def test_money_has_the_unit_that_suits_its_size(fen: int, text: str) -> None:
    assert text == money(fen)


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert "0.00" == wan(-4_999)
    assert "−0.01" == wan(-5_000)


def test_one_bill_is_told_to_the_fen() -> None:
    assert ["12,810元", "980.50元"] == [exact(1_281_000), exact(98_050)]


def test_a_round_amount_has_no_zeros_behind_it() -> None:
    assert ["0", "6万元", "200元", "0.5元", "50万元"] == list(map(round_money, [0, 6_000_000, 20_000, 50, 50_000_000]))


def test_a_change_has_its_sign() -> None:
    assert ["+1,234", "−1,234", "0", "0.00元", "+0.01元"] == [
        more(number(1234)),
        more(number(-1234)),
        more(number(0)),
        more(money(0)),
        more(money(1)),
    ]


def test_numbers_and_rates_are_grouped_and_signed() -> None:
    assert ["−1,234,567", "−62.5%", "1,234.50"] == [number(-1_234_567), rate(-6250), yuan(123_450)]


def test_a_value_is_told_in_its_own_unit() -> None:
    assert ["1.00万元", "62.5%", "1,000,000"] == [
        as_text(1_000_000, Unit.FEN),
        as_text(6250, Unit.RATE),
        as_text(1_000_000, Unit.NUMBER),
    ]
