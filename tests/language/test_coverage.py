"""Every numbered clause has its entry, and every entry its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.language.example import example
from tuodi.language.coverage import Coverage, coverage
from tuodi.language.load import load_policy
from tuodi.language.model import Adjust, Clause, ClauseKind, InsuranceTilt, Policy, Target
from tuodi.language.shelf import packaged_policies


def clause(name: str, kind: ClauseKind = ClauseKind.DECLARATORY, *where: str) -> Clause:
    return Clause(id=name, kinds=(kind,), says="", where=where)


def with_clauses(*clauses: Clause, without: tuple[str, ...] = ()) -> Policy:
    policy = example()
    kept = {name: one for name, one in policy.clauses.items() if name not in without}
    return replace(policy, clauses=kept | {one.id: one for one in clauses})


def told(found: Coverage) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.path) for finding in found.findings]


@pytest.mark.parametrize("name", packaged_policies())
def test_the_policies_of_the_package_are_covered(name: str) -> None:
    assert [] == told(coverage(load_policy(packaged_policies()[name])))


def test_a_row_names_what_cites_the_clause() -> None:
    rows = {row.clause.id: row.cited_by for row in coverage(example()).rows}

    assert ("relief_1",) == rows["三(二)1"]
    assert {"full_premium", "fixed_premium", "premium_subsidy"} == set(rows["二(二)"])


def test_a_clause_that_something_cites_needs_an_entry() -> None:
    policy = with_clauses(without=("三(三)", "四"))

    assert [
        ("clause-without-entry", "clauses.四"),
        ("clause-without-entry", "clauses.三(三)"),
        ("clause-gap", "clauses.四"),
    ] == told(coverage(policy, "policy.yaml"))
    assert {"policy.yaml"} == {finding.place.file for finding in coverage(policy, "policy.yaml").findings}


def test_the_adjustments_of_tilts_cite_clauses_too() -> None:
    adjust = Adjust(changes=Target.RATE, clause="七", times=5000)
    tilt = InsuranceTilt(id="tilt", clause="六", layer="basic", adjust=(adjust,))

    assert [("clause-without-entry", "clauses.七")] == told(coverage(replace(example(), insurance_tilts=(tilt,))))


@pytest.mark.parametrize(
    ("added", "missing"),
    [
        (("六(二)",), ["六(一)"]),
        (("八",), ["七"]),
        (("六1", "六4"), ["六2", "六3"]),
        (("六(1)", "六(3)"), ["六(2)"]),
        (("七", "八", "九", "十", "十二"), ["十一"]),
        (("六(十)", "六(十一)", "六(二十一)"), ["六(一)", "六(十二)", "六(二十)"]),
        (("附件1", "附件3", "附则", "六款"), []),
    ],
)
def test_a_gap_in_the_numbering_is_a_clause_without_entry(added: tuple[str, ...], missing: list[str]) -> None:
    found = [path.removeprefix("clauses.") for code, path in told(coverage(with_clauses(*map(clause, added))))]

    assert set(missing) <= set(found)
    assert bool(missing) == bool(found)


def test_an_entry_that_points_to_nothing_is_a_finding() -> None:
    policy = with_clauses(clause("六", ClauseKind.BENEFIT, "nothing", "relief_1"))

    assert [("clause-nowhere", "clauses.六")] == told(coverage(policy))


def test_an_entry_of_something_computable_says_where_it_lives() -> None:
    assert [("clause-without-place", "clauses.六")] == told(coverage(with_clauses(clause("六", ClauseKind.PROCEDURE))))
