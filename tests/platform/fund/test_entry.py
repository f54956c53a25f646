"""The books in the database: what balances is booked once, what would break them is refused, at one moment too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Fund, Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.entry import Line as Booked
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, carry_over, lines_of, transfer
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Region
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit, entry, selectors

COUNTY, NEXT_DOOR, CITY = "371502", "371521", "371500"
OFFICER = Scope(desk=Desk.county, region=COUNTY, staff=1)
DAY, LATER = date(2024, 3, 15), date(2024, 5, 2)
HOSPITAL = "H37150200001"

pytestmark = pytest.mark.django_db(transaction=True)


def booking(
    cause: str, fen: int, movement: Movement = Movement.relief_by_institution, *, party: str = HOSPITAL,
    on: date = DAY, region: str = COUNTY,
) -> Entry:  # fmt: skip
    lines = lines_of(movement, region=region, parts=[Part(source=Source.county, fen=fen)], party=party)
    return Entry(cause=cause, movement=movement, booked_on=on, happened_on=on, known_on=on, lines=lines, reason="测试")


def posted(one: Entry, scope: Scope = OFFICER) -> bool:
    with entered(scope):
        return entry.post(entry=one)


def refused(one: Entry, scope: Scope = OFFICER) -> list[str]:
    with pytest.raises(Faults) as raised:
        posted(one, scope)
    return [finding.code for finding in raised.value.findings]


def owed(kind: Kind, party: str = HOSPITAL) -> int:
    with entered(OFFICER):
        return sum(selectors.owed_to(COUNTY, kind, party).values())


def at_once(*works: Callable[[], object]) -> list[object]:
    gate = threading.Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        try:
            gate.wait()
            return work()
        except (Faults, DatabaseError) as why:
            return why
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begun, works))


# ---- posting ---------------------------------------------------------------------------------------------------------
def test_an_entry_is_stored_as_it_was_posted(regions: dict[str, Region]):
    one = booking("a", 10_000)

    assert posted(one)
    with entered(OFFICER):
        assert one == selectors.entry("a")
        assert [one] == selectors.records()


def test_the_same_entry_again_changes_nothing_and_another_one_is_refused(regions: dict[str, Region]):
    assert [True, False] == [posted(booking("a", 10_000)) for _ in range(2)]
    assert ["cause-taken"] == refused(booking("a", 10_001))


def test_one_cause_at_once_is_booked_once(regions: dict[str, Region]):
    assert [False] * 3 + [True] == sorted(at_once(*[lambda: posted(booking("a", 10_000))] * 4))


def test_a_reversal_takes_the_whole_entry_back_and_once(regions: dict[str, Region]):
    posted(booking("a", 10_000))
    with entered(OFFICER):
        assert entry.reverse(cause_to_reverse="a", cause="b", booked_on=LATER, known_on=LATER, reason="冲销")
    assert 0 == owed(Kind.payable_institution)
    with pytest.raises(Faults) as raised, entered(OFFICER):
        entry.reverse(cause_to_reverse="a", cause="c", booked_on=LATER, known_on=LATER, reason="再冲销")
    assert "reversal-twice" in [finding.code for finding in raised.value.findings]


def test_nothing_is_reversed_that_was_not_booked(regions: dict[str, Region]):
    with pytest.raises(Faults) as raised, entered(OFFICER):
        entry.reverse(cause_to_reverse="a", cause="b", booked_on=DAY, known_on=DAY, reason="冲销")

    assert ["entry-unknown"] == [finding.code for finding in raised.value.findings]


# ---- what is owed ----------------------------------------------------------------------------------------------------
def test_nobody_is_paid_more_than_is_owed(regions: dict[str, Region]):
    posted(booking("a", 10_000))

    assert ["owed-below-zero"] == refused(booking("p", 10_001, Movement.payment_to_institution))
    assert posted(booking("p", 10_000, Movement.payment_to_institution))
    assert ["owed-below-zero"] == refused(booking("q", 1, Movement.payment_to_institution))


def test_payments_at_once_never_pay_more_than_is_owed(regions: dict[str, Region]):
    posted(booking("a", 10_000))
    works = [
        lambda number=number: posted(booking(f"p{number}", 4_000, Movement.payment_to_institution))
        for number in range(5)
    ]  # fmt: skip
    outcome = at_once(*works)

    assert 2 == sum(one is True for one in outcome)
    assert 2_000 == owed(Kind.payable_institution)


# ---- months ----------------------------------------------------------------------------------------------------------
def closed(month: Month, on: date = LATER) -> bool:
    with entered(OFFICER):
        return entry.close(region=COUNTY, month=month, closed_on=on)


def test_a_closed_month_takes_no_entry_and_a_late_one_is_booked_in_the_next(regions: dict[str, Region]):
    assert closed(Month(2024, 3))
    assert not closed(Month(2024, 3))
    assert ["month-closed"] == refused(booking("a", 10_000))
    with entered(OFFICER):
        assert date(2024, 4, 1) == entry.booking_day(DAY, COUNTY)
    assert posted(replace(booking("a", 10_000), booked_on=date(2024, 4, 1)))


@pytest.mark.parametrize(
    ("month", "on", "code"),
    [
        (Month(2024, 5), LATER, "month-not-over"),
        (Month(2024, 6), date(2024, 8, 1), "month-out-of-order"),
        (Month(2024, 2), LATER, "month-out-of-order"),
    ],
)
def test_months_close_in_order_once_they_are_over(regions: dict[str, Region], month: Month, on: date, code: str):
    if code == "month-out-of-order":
        closed(Month(2024, 3))
    with pytest.raises(Faults) as raised:
        closed(month, on)

    assert code in [finding.code for finding in raised.value.findings]


def test_entries_and_the_closing_at_once_leave_none_in_a_closed_month(regions: dict[str, Region]):
    works: list[Callable[[], object]] = [
        lambda number=number: posted(booking(f"a{number}", 100)) for number in range(6)
    ]
    outcome = at_once(*works, lambda: closed(Month(2024, 3)))

    assert outcome[-1] is True
    with entered(SYSTEM):
        assert sum(one is True for one in outcome[:-1]) == len(selectors.records()) - 1
        assert [] == audit.findings()


# ---- past the functions ----------------------------------------------------------------------------------------------
ENTRY = (
    "insert into fund_entry (cause, movement, region_id, regions, booked_on, happened_on, known_on, reason, lines)"
    " values ('x', %s, '371502', '{371502}', '2024-03-15', '2024-03-15', '2024-03-15', '', 2)"
)
LINES = (
    "insert into fund_line (entry_id, number, region_id, source, kind, party, fen)"
    " select id, 1, '371502', 'county', %s, '', %s from fund_entry where cause = 'x'"
    " union all select id, 2, '371502', 'county', 'appropriation', '', -100 from fund_entry where cause = 'x'"
)


@pytest.mark.parametrize(
    ("movement", "kind", "fen", "state"),
    [
        ("appropriation", "bank", 100, None),
        ("appropriation", "bank", 101, "TF015"),
        ("donation", "bank", 100, "TF023"),
        ("appropriation", "relief", 100, "TF023"),
    ],
)
def test_also_the_owner_of_the_tables_books_only_what_balances(
    regions: dict[str, Region], movement: str, kind: str, fen: int, state: str | None
):
    found = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ENTRY, [movement])
            cursor.execute(LINES, [kind, fen])
    except DatabaseError as why:
        found = getattr(why.__cause__, "sqlstate", None)

    assert state == found


@pytest.mark.parametrize(
    "statement", ["update fund_entry set reason = ''", "delete from fund_line", "truncate fund_line"]
)
def test_nothing_is_changed_or_removed(regions: dict[str, Region], statement: str):
    posted(booking("a", 10_000))
    with pytest.raises(DatabaseError, match="only added"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_application_writes_no_line_past_the_functions(regions: dict[str, Region]):
    with pytest.raises(DatabaseError) as raised, entered(OFFICER), connection.cursor() as cursor:
        cursor.execute(ENTRY, ["appropriation"])

    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege)


# ---- whose -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "scope",
    [
        Scope(desk=Desk.county, region=NEXT_DOOR),
        Scope(desk=Desk.township, region=COUNTY),
        Scope(desk=Desk.city, region=CITY),
        Scope(desk=Desk.hospital, region=COUNTY, institution=HOSPITAL),
    ],
    ids=lambda scope: scope.desk.name,
)
def test_nobody_books_for_another_region_or_from_a_desk_without_money(regions: dict[str, Region], scope: Scope):
    with pytest.raises(DatabaseError) as raised:
        posted(booking("a", 10_000), scope)

    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_county_sees_its_own_books(regions: dict[str, Region]):
    posted(booking("a", 10_000))
    posted(booking("b", 10_000, region=NEXT_DOOR), SYSTEM)
    seen = {}
    for scope in (OFFICER, Scope(desk=Desk.county, region=NEXT_DOOR), Scope(desk=Desk.city, region=CITY)):
        with entered(scope):
            seen[scope.region] = [one.cause for one in selectors.records() if isinstance(one, Entry)]

    assert {COUNTY: ["a"], NEXT_DOOR: ["b"], CITY: ["a", "b"]} == seen


def test_a_transfer_between_city_and_county_is_seen_by_both(regions: dict[str, Region]):
    lines = transfer(
        giver=Fund(region=CITY, source=Source.city), taker=Fund(region=COUNTY, source=Source.city), fen=500
    )
    one = replace(booking("t", 1), movement=Movement.transfer, lines=lines)

    assert posted(one, Scope(desk=Desk.city, region=CITY))
    with entered(OFFICER):
        assert 500 == selectors.balance(Account(region=COUNTY, source=Source.city, kind=Kind.bank))


# ---- whose money moves -----------------------------------------------------------------------------------------------
def handed_over(cause: str, *, giver: str, taker: str) -> Entry:
    funds = [Fund(region=region, source=Source.city) for region in (giver, taker)]
    return replace(
        booking(cause, 1), movement=Movement.transfer, lines=transfer(giver=funds[0], taker=funds[1], fen=500)
    )


def forbidden(one: Entry, scope: Scope) -> bool:
    try:
        posted(one, scope)
    except DatabaseError as raised:
        return isinstance(raised.__cause__, psycopg.errors.InsufficientPrivilege)
    return False


@pytest.mark.parametrize("desk", [Desk.county, Desk.finance])
def test_a_county_takes_no_money_out_of_its_citys_fund(regions: dict[str, Region], desk: Desk):
    here = Scope(desk=desk, region=COUNTY)

    assert forbidden(handed_over("take", giver=CITY, taker=COUNTY), here)
    assert not forbidden(handed_over("give", giver=COUNTY, taker=CITY), here)


def test_a_city_takes_no_money_out_of_its_countys_fund(regions: dict[str, Region]):
    assert forbidden(handed_over("take", giver=COUNTY, taker=CITY), Scope(desk=Desk.city, region=CITY))


def test_a_transfer_is_given_back_by_who_received_it(regions: dict[str, Region]):
    at_city, one = Scope(desk=Desk.city, region=CITY), handed_over("give", giver=CITY, taker=COUNTY)
    posted(one, at_city)
    back = one.reversal(cause="back", booked_on=LATER, known_on=LATER, reason="退回")

    assert forbidden(back, at_city)
    assert posted(back)


def test_a_county_books_nothing_but_a_transfer_in_its_citys_fund(regions: dict[str, Region]):
    own, citys = (booking("in", 100, Movement.appropriation, region=region) for region in (COUNTY, CITY))

    assert forbidden(replace(own, lines=own.lines + citys.lines), OFFICER)


# ---- statements ------------------------------------------------------------------------------------------------------
@pytest.fixture
def year(regions: dict[str, Region]) -> None:
    """A small year: money comes in, relief is given, a part of it is paid, one is taken back."""
    for one in (
        booking("in", 100_000, Movement.appropriation, on=date(2024, 1, 5)),
        booking("gift", 5_000, Movement.donation, on=date(2024, 1, 6)),
        booking("b", 80_000, Movement.budget, on=date(2024, 1, 7)),
        booking("r1", 30_000, on=date(2024, 2, 1)),
        booking("r2", 20_000, on=date(2024, 2, 2)),
        booking("pay", 30_000, Movement.payment_to_institution, on=date(2024, 3, 1)),
    ):
        posted(one)
    with entered(OFFICER):
        entry.reverse(cause_to_reverse="r2", cause="x", booked_on=LATER, known_on=LATER, reason="冲销")


def test_the_year_of_a_fund_is_drawn_from_the_books(year: None):
    with entered(OFFICER):
        drawn = selectors.fund_year(COUNTY, 2024)

    assert (0, 105_000, 30_000, 75_000) == (drawn.opening, drawn.raised, drawn.spent, drawn.closing)


def test_condensed_sums_are_those_of_the_entries_themselves(year: None):
    from tuodi.ledger.statements import trial_balance

    quarter = Period(start=date(2024, 2, 1), end=date(2024, 4, 1))
    with entered(OFFICER):
        assert trial_balance(selectors.records(), quarter) == selectors.trial_balance(COUNTY, quarter)


def test_an_account_is_told_line_by_line(year: None):
    bank = Account(region=COUNTY, source=Source.county, kind=Kind.bank)
    with entered(OFFICER):
        told = selectors.account_statement(bank, Period(start=date(2024, 1, 6), end=None))

    assert (100_000, [105_000, 75_000]) == (told.opening, [row.balance for row in told.rows])


def test_a_year_is_carried_over(year: None):
    with entered(OFFICER):
        lines = carry_over(selectors.balances(COUNTY), region=COUNTY)
        one = Entry(
            cause="carry", movement=Movement.carry_over, booked_on=date(2024, 12, 31),
            happened_on=date(2024, 12, 31), known_on=date(2024, 12, 31), lines=lines, reason="年终结转",
        )  # fmt: skip
        entry.post(entry=one)
        assert {Kind.relief, Kind.appropriation}.isdisjoint(one.kind for one in selectors.balances(COUNTY))
        assert [] == audit.findings()


def test_an_unbalanced_entry_is_a_bug(regions: dict[str, Region]):
    one = booking("a", 10_000)
    line = Booked(account=one.lines[0].account, fen=1)
    with pytest.raises(AssertionError, match="INV-15"), entered(OFFICER):
        entry.post(entry=replace(one, lines=(line, one.lines[1])))
