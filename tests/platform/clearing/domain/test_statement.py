"""The sums of a statement, and its fingerprint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.ledger.account import Source
from tuodi.platform.clearing.domain import statement
from tuodi.platform.clearing.domain.disallowance import Disallowance
from tuodi.platform.clearing.domain.statement import (
    Amounts,
    Kind,
    Part,
    Row,
    Sum,
    Totals,
    content_hash,
    sources_of,
)

DAY = date(2023, 5, 3)


def row(
    settlement: int, kind: Kind = Kind.settled, *, insurance: str = "resident", service: str = "inpatient", **fen: int
) -> Row:
    """A row as notes have it: `city` and `county` are what the sources bear, the rest are its amounts."""
    sources = {source: fen.pop(source.name) for source in Source if source.name in fen}
    return Row(
        settlement=settlement,
        kind=kind,
        happened_on=DAY,
        known_on=DAY,
        insurance=insurance,
        service=service,
        amounts=Amounts(relief=sum(sources.values()), **fen),
        sources=sources,
        takes_back=None if kind is Kind.settled else 1,
    )


def totals(rows: list[Row]) -> Totals:
    """The sums of rows, each a part by itself."""
    parts = [
        Part(kind=each.kind, insurance=each.insurance, service=each.service, sum=Sum(count=1, amounts=each.amounts))
        for each in rows
    ]
    return statement.totals(parts, sources_of(rows))


ROWS = [
    row(1, city=300, county=300, total=2000, in_policy=1800, personal=400, hospital=50),
    row(2, service="outpatient", insurance="employee", city=100, total=500, in_policy=500),
    row(3, Kind.cancelled, city=-300, county=-300, total=-2000, in_policy=-1800, personal=-400, hospital=-50),
    row(4, Kind.correction, city=-20),
]


def test_rows_are_summed_by_what_they_are():
    assert {
        Kind.settled: Sum(count=2, amounts=Amounts(total=2500, in_policy=2300, relief=700, personal=400, hospital=50)),
        Kind.cancelled: Sum(
            count=1, amounts=Amounts(total=-2000, in_policy=-1800, relief=-600, personal=-400, hospital=-50)
        ),
        Kind.correction: Sum(count=1, amounts=Amounts(relief=-20)),
    } == totals(ROWS).by_kind


def test_rows_are_summed_by_insurance_service_and_source():
    sums = totals(ROWS)

    assert {"resident": -20, "employee": 100} == {name: each.amounts.relief for name, each in sums.by_insurance.items()}
    assert {"inpatient": -20, "outpatient": 100} == {
        name: each.amounts.relief for name, each in sums.by_service.items()
    }
    assert {("resident", "inpatient"): 3, ("employee", "outpatient"): 1} == {
        group: each.count for group, each in sums.by_group.items()
    }
    assert {Source.city: 80} == sums.by_source


def test_nothing_settled_has_sums_of_nothing():
    assert (Sum(), {}, {}) == (totals([]).whole, totals([]).by_kind, totals([]).by_source)


def test_a_row_whose_sources_bear_another_amount_is_seen():
    assert [True, False] == [each.splits for each in (ROWS[0], replace(ROWS[0], amounts=Amounts(relief=599)))]


def test_a_cancel_says_what_it_takes_back():
    with pytest.raises(AssertionError, match="takes something back"):
        replace(ROWS[2], takes_back=None)


DISALLOWED = Disallowance(settlement=1, line=1, fen=5, reason="超范围用药", clause="七(一)")


def test_the_order_in_which_a_statement_is_read_does_not_change_its_fingerprint():
    assert content_hash(ROWS, [DISALLOWED], []) == content_hash([*reversed(ROWS)], [DISALLOWED], [])


@pytest.mark.parametrize(
    ("rows", "disallowances"),
    [
        (ROWS[:3], [DISALLOWED]),
        ([replace(ROWS[0], amounts=replace(ROWS[0].amounts, personal=401)), *ROWS[1:]], [DISALLOWED]),
        ([replace(ROWS[0], sources={Source.city: 301, Source.county: 299}), *ROWS[1:]], [DISALLOWED]),
        (ROWS, []),
        (ROWS, [replace(DISALLOWED, fen=6)]),
        (ROWS, [replace(DISALLOWED, clause="七(二)")]),
    ],
)
def test_whatever_a_statement_says_is_in_its_fingerprint(rows: list[Row], disallowances: list[Disallowance]):
    assert content_hash(ROWS, [DISALLOWED], []) != content_hash(rows, disallowances, [])


any_rows = st.lists(
    st.builds(
        row,
        st.integers(1, 99),
        st.sampled_from(Kind),
        insurance=st.sampled_from(["resident", "employee"]),
        service=st.sampled_from(["inpatient", "outpatient", "outpatient_chronic"]),
        city=st.integers(-(10**9), 10**9),
        county=st.integers(-(10**9), 10**9),
        total=st.integers(-(10**10), 10**10),
    )
)


@given(any_rows)
def test_every_breakdown_adds_up_to_the_whole(rows: list[Row]):
    sums = totals(rows)

    for part in (sums.by_kind, sums.by_insurance, sums.by_service, sums.by_group):
        assert sums.whole.count == sum(each.count for each in part.values())
        assert sums.whole.amounts == sum((each.amounts for each in part.values()), Amounts())
    assert sums.whole.amounts.relief == sum(sources_of(rows).values())
