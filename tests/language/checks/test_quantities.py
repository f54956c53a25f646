"""Quantities: they end in amounts, and operands stand where they have a meaning."""

from pathlib import Path

import pytest

from tests.language.written import DISEASES, Edit, codes, findings, part

PAY = "    of: burden\n    rate: 70%\n"
LAST = "    limit: {relief_of_year: 30000}\n"


def again(of: str, more: str = "", rate: str = "rate: 50%") -> Edit:
    """A second benefit behind the first."""
    benefit = (
        f"\n  - id: again\n    clause: 二\n    for: poor\n    services: [inpatient]\n    of: {of}\n    {rate}\n{more}"
    )
    return LAST, LAST + benefit


AFTER = "    after: relief\n"


def test_a_circle_is_told_at_each_of_its_quantities(tmp_path: Path) -> None:
    circle = "  burden: {take: rest}\n  rest: {take: {left_of: burden}}\n  outside: {take: rest}\n"
    old = "  burden: {take: in_policy, less: [basic, critical_illness], at_most: [unpaid]}\n"
    found = findings(tmp_path, (old, circle), (PAY, PAY.replace("burden", "outside")))

    assert [("quantity-circle", 15), ("quantity-circle", 16)] == [
        (finding.code, finding.place.line) for finding in found if finding.code == "quantity-circle"
    ]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("{left_of: burden}", []),
        ("{take: {left_of: burden}, at_most: [in_policy]}", []),
        ("{left_of: whole}", ["left-of-nothing"]),
    ],
)
def test_a_rest_is_left_by_somebody(tmp_path: Path, of: str, expected: list[str]) -> None:
    whole = ("quantities:\n", "quantities:\n  whole: {take: total}\n")
    used = (
        "    clause: 二\n    for: poor\n    services: [inpatient]\n    of: burden\n",
        "    clause: 二\n    bill: whole\n    for: poor\n    services: [inpatient]\n    of: burden\n",
    )

    assert expected == codes(tmp_path, whole, used, again(of, AFTER))


def test_a_rest_is_not_blamed_while_a_benefit_cannot_be_read(tmp_path: Path) -> None:
    assert ["rate-without-percent"] == codes(tmp_path, again("{left_of: burden}", AFTER), ("rate: 70%", "rate: 0.7"))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([again("{uncovered_of: relief}", AFTER)], []),
        ([again("{uncovered_of: relief}", AFTER), (LAST.strip(), "limit: none")], ["uncovered"]),
        ([again("{uncovered_of: relief}", AFTER), ("rate: 70%", "bands: [{rate: 70%}]")], ["uncovered"]),
        ([again("{uncovered_of: relief}", AFTER), ("rate: 70%", "above: 5\n    rate: 70%")], ["uncovered"]),
        ([again("{uncovered_of: relief}", AFTER + "    above: 5\n")], ["uncovered"]),
        ([again("{uncovered_of: relief}", AFTER, "bands: [{rate: 70%}]")], ["uncovered"]),
        ([again("{take: {uncovered_of: relief}}", AFTER)], ["uncovered"]),
        ([again("{left_of: burden}", AFTER + "    bill: {uncovered_of: relief}\n")], ["uncovered"]),
        ([again("{uncovered_of: again}", "    when: {level: 1}\n" + AFTER)], ["uncovered", "uncovered"]),
    ],
)
def test_uncovered_stands_alone_behind_a_single_rate(tmp_path: Path, edits: list[Edit], expected: list[str]) -> None:
    applied = [(old, new) for old, new in edits]
    if len(applied) == 2 and applied[1][0] == LAST.strip():
        applied = [(LAST, applied[0][1].replace(LAST, "    limit: none\n", 1))]
        applied.append(("  relief_of_year: {per: year, clause: 二, label: 年度救助限额}\n", ""))
        applied.append(("counts:\n", ""))

    assert expected == codes(tmp_path, *applied)


def test_uncovered_needs_its_line_before_it(tmp_path: Path) -> None:
    elsewhere = again("{uncovered_of: relief}", "    when: {level: 1}\n")

    assert "uncovered" in codes(tmp_path, elsewhere)


def test_uncovered_of_a_benefit_that_cannot_be_read_is_not_blamed(tmp_path: Path) -> None:
    found = codes(tmp_path, again("{uncovered_of: relief}", AFTER), ("rate: 70%", "rate: 0.7"))

    assert ["rate-without-percent"] == found


def test_uncovered_has_no_place_in_tallies_and_warnings(tmp_path: Path) -> None:
    warnings = part("warnings:\n  - {clause: 二, for: poor, of: {uncovered_of: relief}, per: year, exceeds: 1}\n")
    tally = (
        "  relief_of_year: {per",
        "  tally: {per: year, clause: 二, label: 甲, feed: {of: {uncovered_of: relief}}}\n  relief_of_year: {per",
    )
    reads = ("    of: burden\n", "    when: {reached: {tally: 1}}\n    of: burden\n")

    assert ["uncovered", "uncovered"] == codes(tmp_path, warnings, tally, reads)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    of: burden\n", "    of: item_burden\n"),
        ("    of: burden\n", "    of: {take: burden, less: [item_burden]}\n"),
        ("{relief_of_year: 30000}", "{relief_of_year: {parameter: most, by: item}}"),
    ],
)
def test_items_are_asked_for_only_where_they_are_settled(tmp_path: Path, old: str, new: str) -> None:
    lists = part(
        "lists:\n  serious: {file: lists/serious.csv, label: 甲, clause: 二}\n"
        "catalogues:\n  annex: {file: lists/annex.csv, diseases: serious, label: 乙, clause: 二}\n"
        "parameters:\n  most: {type: money_by_item, label: 丙, clause: 二, catalogue: annex}\n"
    )
    files = {"serious": DISEASES, "annex": "disease,item,kind,aliases\n肺癌,甲,drug,\n"}

    assert "item-outside" in codes(tmp_path, lists, (old, new), lists=files)
