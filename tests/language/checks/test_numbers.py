"""Numbers: there from the first day, exact after every adjustment."""

from pathlib import Path

import pytest

from tests.language.written import Edit, codes

COVER = "any: [{status: subsistence_allowance, cover: {months_before: 12, until: status_end}}]"
FIRST = COVER.replace("until", "from_first_of_month: true, until")
MIDDLE = ("in_force: {from: 2023-01-01}", "in_force: {from: 2023-01-15}")


@pytest.mark.parametrize(
    ("members", "since", "expected"),
    [
        ("any: [subsistence_allowance]", "2023-01-15", []),
        ("any: [subsistence_allowance]", "2023-01-16", ["date-gap"]),
        (COVER, "2022-01-15", []),
        (COVER, "2022-01-16", ["date-gap"]),
        (FIRST, "2022-01-01", []),
        (FIRST, "2022-01-02", ["date-gap"]),
    ],
)
def test_a_dated_value_is_there_from_the_first_day(
    tmp_path: Path, members: str, since: str, expected: list[str]
) -> None:
    edits: list[Edit] = [MIDDLE, ("any: [subsistence_allowance]", members)]
    edits.append(("rate: 70%", f"rate: {{from: {{{since}: 70%}}}}"))

    assert expected == codes(tmp_path, *edits)


@pytest.mark.parametrize(
    ("rate", "adjust", "expected"),
    [
        ("70%", "times: 50%", []),
        ("62.55%", "times: 50%", ["inexact-rate"]),
        ("{by: level, cases: {1: 62.55%}, otherwise: 70%}", "times: 50%", ["inexact-rate"]),
        ("70%", "plus: 30%", []),
        ("70%", "plus: 30.01%", ["adjusted-too-far"]),
        ("70%", "plus: 35%, at_most: 100%", []),
        ("70%", "times: 150%", ["adjusted-too-far"]),
        ("70%", "minus: 70%", []),
        ("70%", "minus: 70.01%", ["adjusted-too-far"]),
        ("70%", "minus: 80%, at_least: 5%", []),
        ("70%", "times: 50%, minus: {by: level, cases: {1: 40%}, otherwise: 10%}", ["adjusted-too-far"]),
    ],
)
def test_an_adjusted_rate_is_exact_and_within_bounds(
    tmp_path: Path, rate: str, adjust: str, expected: list[str]
) -> None:
    written = f"rate: {rate}\n    adjust: [{{changes: rate, when: {{insurance: employee}}, {adjust}}}]"

    assert expected == codes(tmp_path, ("rate: 70%", written))


def test_adjusted_money_is_rounded_and_needs_no_check(tmp_path: Path) -> None:
    written = "rate: 70%\n    adjust: [{changes: limit, when: {insurance: employee}, times: 33.33%}]"

    assert [] == codes(tmp_path, ("rate: 70%", written))
