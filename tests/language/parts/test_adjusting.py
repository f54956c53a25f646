"""Adjustments, in a benefit and for the whole policy."""

from pathlib import Path

import pytest

from tests.language.written import codes, part, policy
from tuodi.language.model import Target

OWN = "rate: 70%\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{changes: rate}", ["adjust-nothing"]),
        ("{changes: rate, none: true}", ["adjust-none"]),
        ("{changes: limit, none: true, plus: 1}", ["adjust-none"]),
        ("{changes: bill, plus: 1}", ["unknown-word"]),
        ("{changes: [rate], plus: 1}", ["wrong-form"]),
        ("{changes: {limit: x}, plus: 1}", ["unknown-count"]),
        ("{changes: rate, plus: 5}", ["rate-without-percent"]),
        ("{changes: limit, plus: 5%}", ["not-money"]),
        ("{plus: 5}", ["missing-key"]),
        ("half", ["not-a-mapping"]),
    ],
)
def test_what_is_no_adjustment_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, (OWN, f"{OWN}    adjust: [{written}]\n"))
    assert set(expected) <= set(codes(tmp_path, part(f"adjust:\n  - {written}\n")))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{changes: rate, times: 50%}", ["missing-key"]),
        ("{changes: rate, clause: 二, times: 50%, benefits: releif}", ["unknown-benefit"]),
        ("{changes: rate, clause: 二, times: 50%, except: relief}", ["adjust-nowhere"]),
        ("{changes: above, clause: 二, times: 50%}", ["adjust-nowhere"]),
    ],
)
def test_an_adjustment_of_the_policy_says_why_and_finds_its_benefits(
    tmp_path: Path, written: str, expected: list[str]
) -> None:
    assert expected == codes(tmp_path, part(f"adjust:\n  - {written}\n"))


def test_the_policys_adjustments_are_a_list(tmp_path: Path) -> None:
    assert ["not-a-list"] == codes(tmp_path, part("adjust: {changes: rate, clause: 二, times: 50%}\n"))


def test_an_adjustment_is_blamed_for_nothing_while_a_benefit_cannot_be_read(tmp_path: Path) -> None:
    adjust = part("adjust:\n  - {changes: above, clause: 二, times: 50%}\n")

    assert ["rate-without-percent"] == codes(tmp_path, adjust, ("70%\n", "0.7\n"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("rate", ["relief"]),
        ("limit", ["relief", "birth"]),
        ("{limit: relief_of_year}", ["relief", "birth"]),
        ("above", ["relief"]),
    ],
)
def test_it_reaches_each_benefit_that_has_the_number(tmp_path: Path, changes: str, expected: list[str]) -> None:
    found = policy(
        tmp_path,
        ("    of: burden\n", "    of: burden\n    above: 500\n"),
        (
            "limit: {relief_of_year: 30000}\n",
            "limit: {relief_of_year: 30000}\n\n"
            "  - {id: birth, clause: 二, for: poor, services: childbirth, amount: 900, limit: {relief_of_year: 900}}\n"
            "  - {id: care, clause: 二, for: poor, services: rehabilitation, amount: 900}\n",
        ),
        part(f"adjust:\n  - {{changes: {changes}, clause: 二, times: 50%}}\n"),
    )

    assert expected == [benefit.id for benefit in found.benefits if benefit.adjust]
    assert isinstance(found.benefits[0].adjust[0].changes, Target)
