"""What is no benefit: premiums, tilts, funds, warnings, procedures, indicators, parameters, clauses, exceptions."""

from pathlib import Path

import pytest

from tests.language.written import codes, part


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("enrolment:\n  - {clause: 二, pays: {share: 100%}}\n", ["missing-key"]),
        ("enrolment:\n  - {clause: 二, for: poor}\n", ["one-way-to-pay"]),
        ("enrolment:\n  - {clause: 二, for: poor, pays: {share: 50%, amount: 280}}\n", ["one-way-to-pay"]),
        ("enrolment:\n  - {clause: 二, for: poor, pays: {parameter: premium}}\n", ["unknown-parameter"]),
        ("enrolment:\n  - {clause: 二, for: poor, pays: {parameter: [premium]}}\n", ["wrong-form"]),
        ("enrolment:\n  - {clause: 二, for: poor, pays: 280}\n", ["not-a-mapping"]),
        ("enrolment:\n  - {clause: 二, for: poor, elsewhere: 甲, at_least_share: true}\n", ["floor-without-share"]),
        ("enrolment:\n  - {clause: 二, for: poor, pays: {share: 50%}, payers: {甲: 99.99%}}\n", ["shares-not-whole"]),
        ("enrolment:\n  - {id: relief, clause: 二, for: poor, pays: {share: 50%}}\n", ["name-taken"]),
        ("insurance_tilts:\n  - {clause: 二, layer: basic}\n", ["adjust-nothing"]),
        ("insurance_tilts:\n  - {clause: 二, layer: relief, says: 甲}\n", ["unknown-layer"]),
        ("funding:\n  - {clause: 二, pays: relief}\n", ["missing-key"]),
        ("funding:\n  - {clause: 二, pays: releif, elsewhere: 甲}\n", ["unknown-benefit"]),
        ("warnings:\n  - {clause: 二, for: orphan, of: burden, per: year, exceeds: 1}\n", ["status-for-class"]),
        ("warnings:\n  - {clause: 二, for: poor, of: burden, per: month, exceeds: 1}\n", ["unknown-word"]),
        ("procedures:\n  - {id: a, label: 甲, clause: 二, route: roster}\n", ["missing-key"]),
        ("procedures:\n  - {id: a, label: 甲, clause: 二, route: by_post, elsewhere: 乙}\n", ["unknown-word"]),
        (
            "procedures:\n  - {id: a, label: 甲, clause: 二, route: other, steps: [{id: s, does: 乙, by: 丙},"
            " {id: s, does: 丁, by: 丙}]}\n",
            ["duplicate-id"],
        ),
        ("indicators:\n  - {label: 甲, clause: 二, of: 乙, at_most: 0.1}\n", ["rate-without-percent"]),
        ("parameters:\n  a: {label: 甲, clause: 二, type: money_by_item}\n", ["missing-key", "unused-parameter"]),
        ("facts:\n  a: {type: choice, label: 甲}\n", ["missing-key", "unused-fact"]),
        ("facts:\n  a: {type: text, label: 甲}\n", ["unknown-word", "unused-fact"]),
        ("facts:\n  a: {type: [flag], label: 甲}\n", ["wrong-form", "unused-fact"]),
        ("facts:\n  a: flag\n", ["not-a-mapping", "unused-fact"]),
        ("facts:\n  a: {type: flag, label: 甲, default: null}\n", ["nothing", "unused-fact"]),
        ("known_exceptions:\n  - {property: limit, reason: 甲, clause: 二}\n", ["missing-key"]),
        ("known_exceptions:\n  - {property: limit, classes: [poor>rich], reason: 甲, clause: 二}\n", ["unknown-class"]),
        ("known_exceptions:\n  - {property: limits, benefits: relief, reason: 甲, clause: 二}\n", ["unknown-word"]),
    ],
)
def test_what_is_wrong_around_the_benefits_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert sorted(expected) == sorted(codes(tmp_path, part(written)))


@pytest.mark.parametrize(
    ("day", "well"),
    [("02-29", True), ("12-31", True), ("02-30", False), ("13-01", False), ("1-1", False), ("06-00", False)],
)
def test_a_day_of_the_year_exists(tmp_path: Path, day: str, well: bool) -> None:
    procedures = part(
        "procedures:\n  - {id: a, label: 甲, clause: 二, route: other,"
        f" steps: [{{id: s, does: 乙, by: 丙, by_day: {day}}}]}}\n"
    )

    assert ([] if well else ["bad-day"]) == codes(tmp_path, procedures)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  三: {is: elsewhere, says: 甲}\n", ["elsewhere-without-document"]),
        ("  三: {is: declaratory, says: 甲, governed_by: 乙}\n", ["elsewhere-without-document"]),
        ("  三: {is: [benefit, elsewhere], says: 甲, governed_by: 乙, in: [relief]}\n", []),
        ("  三: {is: [benefit, elsewhere], says: 甲, governed_by: 乙}\n", ["clause-without-place"]),
        ("  三: {is: benefit, says: 甲, in: releif}\n", ["clause-nowhere"]),
        ("  三: {is: benefit}\n", ["missing-key"]),
        ("  三: {is: benefits, says: 甲}\n", ["unknown-word"]),
    ],
)
def test_clauses_say_where_they_live(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, ("clauses:\n", "clauses:\n" + written))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('region: "000000"', "region: 37150", "bad-region"),
        ("in_force: {from: 2023-01-01}", "in_force: {from: 2023-01-01, to: 2023-01-01}", "end-before-start"),
        ("in_force: {from: 2023-01-01}", "in_force: {to: 2023-01-01}", "missing-key"),
        ("in_force: {from: 2023-01-01}", "in_force: 2023-01-01", "not-a-mapping"),
        ("  id: small\n", "  id: Small City\n", "bad-id"),
    ],
)
def test_the_documents_particulars(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert [expected] == codes(tmp_path, (old, new))
