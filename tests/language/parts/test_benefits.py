"""Benefits: one way to pay, thresholds, limits and bands that hold together."""

from pathlib import Path

import pytest

from tests.language.written import codes, part, policy
from tuodi.language.model import Bands, Fixed, Limit, Threshold

PAY = "    of: burden\n    rate: 70%\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("    of: burden\n", ["one-way-to-pay"]),
        ("    of: burden\n    rate: 70%\n    refuse: 不\n", ["one-way-to-pay"]),
        ("    rate: 70%\n", ["missing-key", "unused-quantity"]),
        ("    refuse: 不\n    of: burden\n", ["refusal-pays"]),
        ("    of: burden\n    rate: 70%\n    each: bed_days\n", ["each-without-amount"]),
        ("    of: burden\n    above: 1\n    amount: 70\n", ["grant-measured"]),
        ("    above: 1\n    amount: 70\n", ["grant-measured", "unused-quantity"]),
        ("    amount: 70\n    each: level_of_care\n", ["unknown-fact", "unused-quantity"]),
        ("    of: burden\n    bands: []\n", ["nothing"]),
        ("    of: burden\n    bands: [{to: 1}]\n", ["missing-key"]),
        ("    of: burden\n    bands: [{rate: 1%}, {rate: 2%}]\n", ["band-gap"]),
        ("    of: burden\n    bands: [{to: 1, rate: 1%}, {to: 2, rate: 2%}]\n", ["band-gap"]),
        ("    of: burden\n    bands: [{to: 2, rate: 1%}, {to: 2, rate: 2%}, {rate: 3%}]\n", ["band-order"]),
        ("    of: burden\n    rate: 70%\n    above: []\n", ["wrong-form"]),
        ("    of: burden\n    rate: 70%\n    above: {relief: 1}\n", ["unknown-count"]),
    ],
)
def test_what_is_no_benefit_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    facts = part("facts:\n  bed_days: {type: count, label: 床日}\n")
    asks = ("    clause: 二\n    for", "    clause: 二\n    when: {bed_days: {at_least: 1}}\n    for")

    assert expected == sorted(codes(tmp_path, facts, asks, (PAY, written)))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("30000", ["limit-without-count", "unused-count"]),
        ("{from: {2020-01-01: 1}}", ["limit-without-count", "unused-count"]),
        ("{relief_of_year: {by: level, cases: {3: 1}, otherwise: 0.7%}}", ["not-money"]),
    ],
)
def test_a_limit_says_on_which_count(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == sorted(codes(tmp_path, ("limit: {relief_of_year: 30000}", f"limit: {written}")))


def test_thresholds_on_a_count_on_the_event_or_none(tmp_path: Path) -> None:
    def above(written: str) -> Threshold | None:
        return policy(tmp_path, (PAY, f"{PAY}    above: {written}\n")).benefits[0].above

    assert Threshold(amount=Fixed(amount=300_000), count="relief_of_year") == above("{relief_of_year: 3000}")
    assert Threshold(amount=Fixed(amount=80_000), count=None) == above("800")
    by_level = above("{by: level, cases: {1: 200}, otherwise: 800}")
    assert by_level and by_level.count is None
    assert None is above("none")


def test_limits_may_only_count_or_be_none(tmp_path: Path) -> None:
    both = "limit: {relief_of_year: 30000, all_relief: none}"
    counts = ("  relief_of_year: {per", "  all_relief: {per: year, clause: 二, label: 全部}\n  relief_of_year: {per")
    reads = ("    of: burden\n", "    when: {reached: {all_relief: 0}}\n    of: burden\n")
    found = policy(tmp_path, ("limit: {relief_of_year: 30000}", both), counts, reads)

    assert (Limit(count="relief_of_year", amount=Fixed(amount=3_000_000)), Limit(count="all_relief", amount=None)) == (
        found.benefits[0].limits
    )


def test_bands_may_end_at_a_parameter(tmp_path: Path) -> None:
    bands = "    of: burden\n    bands: [{to: {parameter: middle}, rate: 60%}, {to: 100, rate: 70%}, {rate: 80%}]\n"
    holes = part("parameters:\n  middle: {type: money, label: 中段, clause: 二}\n")
    found = policy(tmp_path, holes, (PAY, bands)).benefits[0].pay

    assert isinstance(found, Bands)
    assert [band.end for band in found.bands][:2] == [band.start for band in found.bands][1:]


def test_labels_by_what_is_paid(tmp_path: Path) -> None:
    found = policy(
        tmp_path,
        (
            "limit: {relief_of_year: 30000}\n",
            "limit: {relief_of_year: 30000}\n\n"
            "  - {id: birth, clause: 二, for: poor, services: childbirth, amount: 900}\n"
            "  - {id: care, clause: 二, for: everyone, services: rehabilitation, refuse: 不}\n",
        ),
    )

    assert ["医疗救助", "定额救助", "不予救助"] == [benefit.label for benefit in found.benefits]


def test_choose_stands_at_the_top_or_in_the_layers(tmp_path: Path) -> None:
    layers = part("choose: all\nlayers: [{id: relief}]\n")

    assert ["two-ways-to-choose"] == codes(tmp_path, layers)
    assert ["unknown-word"] == codes(tmp_path, part("choose: lowest_rate\n"))
    assert ["not-a-list"] == codes(tmp_path, part("layers: {id: relief}\n"))
