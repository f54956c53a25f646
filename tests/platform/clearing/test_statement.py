"""Statements: what stands on them, when they are drawn, and that they stand still once sent."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection

from tests.platform.clearing.office import (
    APRIL,
    AT_HOSPITAL,
    CHIEF,
    CITY,
    CLERK,
    COUNTY,
    COUNTY_SOURCE,
    HOSPITAL,
    IN_APRIL,
    IN_MAY,
    MAY,
    cancelled,
    cleared,
    confirmed,
    disallowed,
    drawn,
    faults,
    fen,
    refused,
    sent,
    status,
    treated,
)
from tests.platform.settlement.town import NEXT_DOOR, NEXT_HOSPITAL, OTHER_COUNTY, again, resident, stay
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import selectors, statement
from tuodi.platform.clearing.domain.statement import Amounts, Kind
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.settlement import revision, settlement
from tuodi.platform.settlement.domain import Amounts as Billed

pytestmark = pytest.mark.usefixtures("office")


def shown(number: int, scope: Scope = CLERK) -> selectors.Shown:
    with entered(scope):
        return selectors.statement(number)


def rows(number: int) -> list[selectors.ShownRow]:
    with entered(CLERK):
        return selectors.page(number, most=100)


def kinds(number: int) -> dict[Kind, int]:
    return {kind: each.amounts.relief for kind, each in shown(number).totals.by_kind.items()}


def test_a_statement_holds_what_the_hospital_settled_in_the_month():
    first, second = treated("1000"), treated("300.01", on=date(2024, 4, 30))
    treated("500", on=IN_MAY)
    number = drawn()
    found = shown(number)

    assert [first, second] == [each.row.settlement for each in rows(number)]
    assert (2, 50_000 + 15_001) == (found.line.rows, found.line.relief)
    assert {CITY: 32_501, COUNTY_SOURCE: 32_500} == found.totals.by_source
    assert {("resident", "inpatient"): 2} == {group: each.count for group, each in found.totals.by_group.items()}
    assert [] == faults()


def test_each_line_of_a_row_says_its_clause_and_who_bears_it():
    treated("300.01")
    ((line,),) = [each.lines for each in rows(drawn())]

    assert ("benefit_0", "一", 15_001, {CITY: 7_501, COUNTY_SOURCE: 7_500}) == (
        line.benefit,
        line.clause,
        line.paid,
        line.sources,
    )


def test_a_cancel_in_the_same_month_stands_beside_its_settlement():
    number = treated("1000")
    cancelled(number, on=date(2024, 4, 20))

    assert {Kind.settled: 50_000, Kind.cancelled: -50_000} == kinds(drawn())
    assert [] == faults()


def test_a_later_cancel_goes_onto_a_later_statement():
    number = treated("1000")
    first = drawn()
    cancelled(number, on=IN_MAY)
    second = drawn(MAY)

    assert ({Kind.settled: 50_000}, {Kind.cancelled: -50_000}) == (kinds(first), kinds(second))
    assert Amounts(total=-100_000, in_policy=-100_000, relief=-50_000, personal=-50_000) == (
        shown(second).totals.whole.amounts
    )


def test_a_correction_brings_the_difference():
    bill = stay(resident("subsistence_allowance"), "1000", on=IN_APRIL)
    number = settlement.settle(scope=AT_HOSPITAL, bill=bill, on=IN_APRIL).settlement or 0
    first = drawn()
    with entered(AT_HOSPITAL):
        other = again(bill, key="corrected", amounts=Billed(80_000, 80_000))
        revision.correct(settlement=number, bill=other, on=IN_MAY, reason="漏减床位费")
    second = drawn(MAY)

    assert ({Kind.settled: 50_000}, {Kind.correction: -10_000}) == (kinds(first), kinds(second))
    assert [40_000] == [line.paid for each in rows(second) for line in each.lines]
    assert [] == faults()


def test_a_bill_without_relief_stands_there_too():
    bill = stay(resident(), "700", on=IN_APRIL)
    settlement.settle(scope=AT_HOSPITAL, bill=bill, on=IN_APRIL)
    found = shown(drawn())

    assert (1, 0, 70_000) == (found.line.rows, found.line.relief, found.totals.whole.amounts.total)


def test_drawn_again_it_is_the_same_statement():
    treated("1000")
    number = drawn()

    assert number == drawn(scope=CHIEF)
    assert 1 == len(shown(number).steps)


@pytest.mark.parametrize(
    ("month", "on", "expected"),
    [(MAY, date(2024, 5, 31), ["month-not-over", "statement-empty"]), (MAY, date(2024, 6, 1), ["statement-empty"])],
)
def test_a_month_that_is_not_over_or_empty_has_no_statement(month: object, on: date, expected: list[str]):
    treated("1000", on=date(2024, 6, 1))
    with entered(CLERK):
        assert expected == refused(statement.draw, region=COUNTY, institution=HOSPITAL, month=month, on=on)


def test_an_earlier_month_is_not_drawn_behind_a_later_one():
    treated("1000")
    found = shown(drawn(MAY))

    assert 1 == found.line.rows
    assert "statement-out-of-order" in refused(drawn, APRIL)


def test_a_settlement_that_the_books_do_not_bear_out_is_named():
    number = treated("1000")
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update fund_line set fen = fen * 2")
        cursor.execute("set session_replication_role = origin")

    with entered(CLERK), pytest.raises(Faults, match=f"结算 {number} 的救助金额 500.00，账簿记 1000.00"):
        statement.draw(region=COUNTY, institution=HOSPITAL, month=APRIL, on=IN_MAY)


def test_what_was_sent_stands_still():
    number = treated("1000")
    first = drawn()
    fingerprint = sent(first)

    assert ["statement-status"] == refused(disallowed, first, number, "1")
    assert fingerprint == shown(first).fingerprint
    for table in ("clearing_row", "clearing_part", "clearing_step", "clearing_statement"):
        with entered(CLERK), pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"update {table} set region_id = region_id")


COLUMNS = (
    "statement_id, region_id, institution_id, kind, takes_back, happened_on, known_on, insurance, service, total_fen,"
    " in_policy_fen, relief_fen, personal_fen, hospital_fen, sources, lines"
)


def put_on(statement: int, settlement: int) -> None:
    """Another row for the statement, like those that it has, behind the service's back."""
    with entered(CLERK), connection.cursor() as cursor:
        cursor.execute(
            f"insert into clearing_row (settlement_id, {COLUMNS}) select %s, {COLUMNS} from clearing_row"
            " where statement_id = %s limit 1",
            [settlement, statement],
        )


def test_the_database_itself_takes_no_row_nor_disallowance_for_what_was_sent():
    number = treated("1000")
    april = drawn()
    sent(april)
    later = treated("500", on=IN_MAY)

    with pytest.raises(DatabaseError, match="INV-28"):
        put_on(april, later)
    with entered(CLERK), pytest.raises(DatabaseError, match="INV-28"), connection.cursor() as cursor:
        cursor.execute(
            "insert into clearing_disallowance (statement_id, region_id, institution_id, settlement_id, line, fen,"
            " sources, reason, clause) values (%s, '', '', %s, 1, 1, '{\"city\": 1}', 'x', 'y')",
            [april, number],
        )


def test_once_the_sums_are_made_no_row_comes_to_a_draft():
    treated("1000")
    april = drawn()

    with pytest.raises(DatabaseError, match="INV-24"):
        put_on(april, treated("500", on=IN_MAY))
    assert 1 == shown(april).line.rows


def test_a_hospital_sees_a_statement_once_it_is_sent():
    treated("1000")
    number = drawn()
    with entered(AT_HOSPITAL):
        assert [] == selectors.statements()
        assert ["statement-unknown"] == refused(selectors.statement, number)
    sent(number)

    with entered(AT_HOSPITAL):
        assert [(number, Status.sent)] == [(each.id, each.status) for each in selectors.statements()]
        assert None is selectors.statement(number).payout


def test_a_hospital_confirms_only_what_it_saw():
    treated("1000")
    number = drawn()
    sent(number)

    assert ["statement-changed"] == refused(confirmed, number, "something else")
    confirmed(number, shown(number).fingerprint)
    assert Status.confirmed is status(number)


def test_an_objection_is_answered_and_what_it_was_right_about_withdrawn():
    first = treated("1000")
    number = drawn()
    wrong, right = disallowed(number, first, "20"), disallowed(number, first, "30")
    before = sent(number)
    with entered(AT_HOSPITAL):
        statement.object_to(statement=number, reason="患者病情需要", disallowances=[wrong])
    assert Status.objected is status(number)
    with entered(CLERK):
        after = statement.answer(statement=number, reason="同意", withdraw=[wrong])

    found = shown(number)
    assert (Status.answered, 3_000) == (found.line.status, found.line.disallowed)
    assert [(wrong, "同意"), (right, "")] == [(each.id, each.withdrawn) for each in found.disallowances]
    assert before != after == found.fingerprint
    assert [(), (wrong,), (wrong,)] == [step.concerns for step in found.steps[1:]]
    assert [] == faults()


def test_an_objection_is_to_disallowances_of_the_statement():
    treated("1000")
    number = drawn()
    sent(number)
    with entered(AT_HOSPITAL):
        assert ["disallowance-unknown"] == refused(
            statement.object_to, statement=number, reason="不同意", disallowances=[99]
        )


def test_a_later_statement_is_sent_when_the_earlier_one_is_settled():
    treated("1000")
    first = drawn()
    treated("500", on=IN_MAY)
    second = drawn(MAY)
    assert ["statement-earlier-open"] == refused(sent, second)
    confirmed(first, sent(first))

    assert sent(second)


def test_each_county_has_its_own_statement_of_a_hospital():
    treated("1000")
    treated("600", county=OTHER_COUNTY)
    mine, theirs = drawn(), drawn(scope=Scope(desk=Desk.county, region=OTHER_COUNTY, staff=9))

    assert (50_000, 30_000) == tuple(shown(number, SYSTEM).line.relief for number in (mine, theirs))
    with entered(CLERK):
        assert [mine] == [each.id for each in selectors.statements()]
        assert ["statement-unknown"] == refused(selectors.statement, theirs)
        assert ["statement-unknown"] == refused(statement.send, statement=theirs, on=IN_MAY)
    sent(mine), sent(theirs, scope=Scope(desk=Desk.county, region=OTHER_COUNTY, staff=9))
    with entered(AT_HOSPITAL):
        assert [mine, theirs] == sorted(each.id for each in selectors.statements())
    with entered(Scope(desk=Desk.hospital, region=OTHER_COUNTY, institution=NEXT_HOSPITAL)):
        assert [] == selectors.statements()
        assert ["statement-unknown"] == refused(statement.confirm, statement=mine, fingerprint="x")
    with entered(Scope(desk=Desk.city, region="371500")):
        assert [mine, theirs] == sorted(each.id for each in selectors.statements(month=APRIL))


def test_a_month_is_drawn_for_every_hospital_that_has_something_to_clear():
    treated("1000")
    treated("200", scope=NEXT_DOOR)
    treated("300", on=IN_MAY)
    with entered(CLERK):
        first = statement.draw_all(region=COUNTY, month=APRIL, on=IN_MAY)
        again = statement.draw_all(region=COUNTY, month=APRIL, on=IN_MAY)
        early = statement.draw_all(region=COUNTY, month=MAY, on=IN_MAY)

    assert [(HOSPITAL, True), (NEXT_HOSPITAL, True)] == [(each.institution, bool(each.statement)) for each in first]
    assert () == again
    assert [(HOSPITAL, ["month-not-over"])] == [
        (each.institution, [finding.code for finding in each.findings]) for each in early
    ]
    assert [] == faults()


@pytest.mark.parametrize("desk", [Desk.finance, Desk.city, Desk.supervisor])
def test_only_the_county_draws(desk: Desk):
    treated("1000")
    region = "371500" if desk is Desk.city else COUNTY
    with entered(Scope(desk=desk, region=region, staff=3)):
        assert "statement-desk" in refused(statement.draw, region=COUNTY, institution=HOSPITAL, month=APRIL, on=IN_MAY)
    with entered(SYSTEM):
        assert [] == selectors.statements()


def test_the_books_and_the_clearing_stand_up_to_their_audits_all_the_way():
    treated("1000")
    number = drawn()
    assert [] == faults()
    cleared(number)

    assert [] == faults()
    assert fen("500") == shown(number).line.paid
