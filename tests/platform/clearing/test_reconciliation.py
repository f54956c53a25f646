"""Reconciliation: the hospital's totals and details beside our settlements, and a statement three ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from tests.platform.clearing.office import (
    AT_HOSPITAL,
    CLERK,
    HOSPITAL,
    IN_MAY,
    cancelled,
    drawn,
    refused,
    treated,
)
from tests.platform.settlement.town import NEXT_HOSPITAL, OTHER_COUNTY
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import differing, models, reconciliation
from tuodi.platform.clearing.domain.comparison import Said, SaidInAll, in_all
from tuodi.platform.clearing.reconciliation import Asked

pytestmark = pytest.mark.usefixtures("office")

APRIL = Asked(institution=HOSPITAL, first=date(2024, 4, 1), last=date(2024, 4, 30))
WITH_REFUNDS = replace(APRIL, with_refunds=True)


def ours(asked: Asked = APRIL) -> list[Said]:
    with entered(AT_HOSPITAL):
        return reconciliation.ours(asked)


def told(said: list[Said], asked: Asked = APRIL) -> list[str]:
    """What the hospital is told when it reports these."""
    with entered(AT_HOSPITAL):
        return [str(each) for each in reconciliation.compare_details(asked=asked, said=said).differences]


def shown(number: int, scope: Scope = CLERK) -> tuple[list[str], int]:
    """What the county is shown of its statement."""
    with entered(scope):
        found = differing.differences(number)
    return [str(each) for each in found.compared.differences], found.unreported


def test_our_side_is_what_was_settled_on_the_days():
    first = treated("1000")
    treated("500", on=IN_MAY)

    assert [Said(number=str(first), total=100_000, funds=50_000, relief=50_000)] == ours()


def test_sums_are_told_by_insurance_and_service():
    treated("1000")
    treated("500")
    with entered(AT_HOSPITAL):
        sums = reconciliation.totals(APRIL)

    assert {("resident", "inpatient"): SaidInAll(count=2, total=150_000, funds=75_000, relief=75_000)} == sums


def test_a_cancelled_bill_and_its_cancel_count_with_refunds_alone():
    first, second = treated("1000"), treated("500")
    cancel = cancelled(first, on=date(2024, 4, 20))

    assert [str(second)] == [said.number for said in ours()]
    assert [(str(first), 100_000), (str(second), 50_000), (str(cancel), -100_000)] == [
        (said.number, said.total) for said in ours(WITH_REFUNDS)
    ]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (replace(APRIL, insurance="employee"), 0),
        (replace(APRIL, insurance="resident"), 1),
        (replace(APRIL, services=("outpatient",)), 0),
        (replace(APRIL, services=("outpatient", "inpatient")), 1),
        (replace(APRIL, first=date(2024, 4, 9)), 0),
        (replace(APRIL, first=date(2024, 4, 8), last=date(2024, 4, 8)), 1),
    ],
)
def test_a_part_can_be_asked_for(asked: Asked, count: int):
    treated("1000")

    assert count == len(ours(asked))


def test_a_month_is_read_page_by_page():
    numbers = [treated(yuan) for yuan in ("1000", "500", "200")]
    with entered(AT_HOSPITAL):
        pages = [reconciliation.ours(APRIL, after=after, most=2) for after in (0, numbers[1])]
        assert 3 == reconciliation.count(APRIL)

    assert [[str(number) for number in part] for part in (numbers[:2], numbers[2:])] == [
        [said.number for said in page] for page in pages
    ]


def test_what_differs_beyond_measure_is_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(differing, "MOST", 1)
    treated("1000"), treated("500"), treated("200")
    number = drawn()
    told([replace(each, total=1) for each in ours()])
    with entered(CLERK):
        found = differing.differences(number)

    assert (1, 1, 2) == (len(found.rows), len(found.compared.differences), found.untold)


def test_totals_that_differ_are_told():
    treated("1000")
    with entered(AT_HOSPITAL):
        compared = reconciliation.compare_totals(asked=APRIL, said=SaidInAll(count=2, total=100_001, funds=50_000))

    assert [
        "笔数：医疗机构 2、结算 1，医疗机构多 1",
        "医疗总费用：医疗机构 1000.01、结算 1000.00，医疗机构多 0.01",
    ] == [str(each) for each in compared.differences]


def test_details_that_agree_are_equal_on_all_three_sides():
    first, second = treated("1000"), treated("500")
    cancelled(first, on=date(2024, 4, 20))
    number = drawn()

    assert [] == told(ours(WITH_REFUNDS), WITH_REFUNDS)
    assert ([], 0) == shown(number)
    assert second


def test_each_difference_is_named_to_the_hospital_and_to_the_county():
    first, second, third = treated("1000"), treated("500"), treated("200")
    number = drawn()
    one, two, _ = ours()
    said = [replace(one, total=90_000), two, two, Said(number="strange", total=1)]
    expected = [
        f"{first} 医疗总费用：医疗机构 900.00、结算 1000.00，结算多 100.00",
        f"{second} 笔数：医疗机构 2、结算 1，医疗机构多 1",
        f"{third} 结算有、医疗机构没有",
        "strange 医疗机构有、结算没有",
    ]

    assert expected == told(said)
    assert (expected, 0) == shown(number)


def test_what_nobody_reported_yet_is_listed_apart():
    first = treated("1000")
    treated("500", on=date(2024, 4, 20))
    number = drawn()
    told(ours(replace(APRIL, last=date(2024, 4, 10))), replace(APRIL, last=date(2024, 4, 10)))

    assert ([], 1) == shown(number)
    assert first


def test_the_newest_report_counts():
    treated("1000")
    number = drawn()
    (one,) = ours()
    told([replace(one, relief=1)])
    told([one])

    assert ([], 0) == shown(number)


def test_the_same_report_is_kept_once():
    treated("1000")
    for _ in range(2):
        told(ours())
        with entered(AT_HOSPITAL):
            reconciliation.compare_totals(asked=APRIL, said=in_all(ours_within()))
    with entered(SYSTEM):
        assert [True, False] == [each.detailed for each in models.Report.objects.order_by("id")]
        assert 1 == models.Reported.objects.count()


def test_what_the_ledger_has_otherwise_is_told_on_the_statement():
    first = treated("1000")
    number = drawn()
    told(ours())
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update fund_line set fen = fen + sign(fen) where source = 'city'")
        cursor.execute("set session_replication_role = origin")

    assert ([f"{first} 救助金额：账簿 500.01、结算 500.00，账簿多 0.01"], 0) == shown(number)


def test_a_county_sees_of_a_report_what_is_its_own():
    first = treated("1000")
    other = treated("600", county=OTHER_COUNTY)
    clerk = Scope(desk=Desk.county, region=OTHER_COUNTY, staff=9)
    mine, theirs = drawn(), drawn(scope=clerk)
    told([replace(each, total=1) for each in ours()] + [Said(number="strange", total=1)])

    assert ["strange", str(first)] == sorted((text.split()[0] for text in shown(mine)[0]), reverse=True)
    assert [str(other)] == [text.split()[0] for text in shown(theirs, clerk)[0]]


def test_one_hospital_sees_nothing_of_another_s():
    treated("1000")
    told(ours())
    with entered(Scope(desk=Desk.hospital, region=OTHER_COUNTY, institution=NEXT_HOSPITAL)):
        assert [] == reconciliation.ours(APRIL)
        assert 0 == models.Report.objects.count() + models.Reported.objects.count()


@pytest.mark.parametrize(
    ("scope", "asked", "expected"),
    [
        (CLERK, APRIL, ["report-desk"]),
        (AT_HOSPITAL, replace(APRIL, last=date(2024, 3, 1)), ["report-days"]),
        (AT_HOSPITAL, replace(APRIL, institution="H00000000000"), ["report-institution"]),
    ],
)
def test_a_report_that_cannot_be_compared_is_refused(scope: Scope, asked: Asked, expected: list[str]):
    with entered(scope):
        assert expected == refused(reconciliation.compare_totals, asked=asked, said=SaidInAll(count=0))


def ours_within() -> list[Said]:
    return reconciliation.ours(APRIL)
