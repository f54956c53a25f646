"""Where relief bends and jumps along a bill, with the amounts as worked by hand."""

from __future__ import annotations

from pathlib import Path

from tests.proof.policies import TWO_LINES, document_proved, proved
from tuodi.proof.report import Curve, KinkKind, Measure


def _kinks(curve: Curve) -> list[tuple[int, int, int, int]]:
    """(amount, relief, slope before, slope after), amounts in fen, slopes in basis points."""
    return [(kink.at, kink.relief, kink.slope_before, kink.slope_after) for kink in curve.kinks]


def test_two_lines_bend_at_thresholds_and_limits(tmp_path: Path) -> None:
    """60 % above 1000 up to 5000; 50 % of the rest above 2000 up to 3000.

    From 1000 the rest is 0.4 x + 600: 2000 at x = 3500. The first limit at 1000 + 5000 / 0.6 = 9333.33…, where the rest
    is 4333.33… and then grows by the whole bill: 8000 at x = 13000, the second limit.
    """
    (curve,) = proved(tmp_path, TWO_LINES).curves

    assert [
        (100_000, 0, 0, 6000),
        (350_000, 150_000, 6000, 8000),
        (933_334, 616_667, 8000, 5000),
        (1_300_000, 800_000, 5000, 0),
    ] == _kinks(curve)
    assert "达到限额“年度限额”" in curve.kinks[2].why
    assert "超过起付线 2000.00 元" in curve.kinks[1].why


def test_bands_bend_where_they_meet(tmp_path: Path) -> None:
    policy = """
benefits:
  - id: relief
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    bands:
      - {to: 1000, rate: 50%}
      - {rate: 80%}
"""

    (curve,) = proved(tmp_path, policy).curves

    assert (0, 5000) == (curve.relief_at_start, curve.slope_at_start)
    assert [(100_000, 50_000, 5000, 8000)] == _kinks(curve)


def test_a_grant_is_flat_from_the_first_fen(tmp_path: Path) -> None:
    policy = """
benefits:
  - {id: birth, clause: 一, for: poor, services: [childbirth], amount: 900}
"""

    (curve,) = proved(tmp_path, policy).curves

    assert (90_000, 0, ()) == (curve.relief_at_start, curve.slope_at_start, curve.kinks)


def test_a_line_on_a_tally_is_drawn_along_the_tally() -> None:
    (curve,) = [c for c in document_proved("yangquan-2019-45").curves if c.benefits == ("one_off",)]

    assert Measure.TALLY is curve.measure
    assert [(2_000_000, 0, 0, 5000), (3_000_000, 500_000, 5000, 0)] == _kinks(curve)


def test_an_item_is_drawn_along_what_the_person_bears_of_it() -> None:
    curves = document_proved("qingdao-2018-1").curves

    assert {Measure.ITEM} == {curve.measure for curve in curves}
    assert [1_000_000, 1_200_000] == sorted(curve.kinks[0].at for curve in curves), "limit, and 120 % after review"


def test_the_five_documents_have_kinks_and_no_cliffs() -> None:
    names = ("anshan-2019-37", "liaocheng-2022-5", "ningbo-2019-27", "qingdao-2018-1", "yangquan-2019-45")
    kinks = [kink for name in names for curve in document_proved(name).curves for kink in curve.kinks]

    assert {KinkKind.KINK} == {kink.kind for kink in kinks}
    assert all(kink.why for kink in kinks)


def test_a_count_that_opens_a_benefit_is_a_switch(tmp_path: Path) -> None:
    policy = """
benefits:
  - id: relief
    clause: 一
    for: poor
    services: [inpatient]
    when: {reached: {burden_of_year: 500}}
    of: burden
    above: {burden_of_year: 0}
    rate: 50%
"""

    report = proved(tmp_path, policy)

    assert [("burden_of_year", 50_000)] == [(switch.count, switch.at) for switch in report.switches]
    assert () == report.curves, "a fresh year does not reach it"
