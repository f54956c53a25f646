"""Vouchers: prepared by one, booked as they were prepared by another, taken back whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.platform.fund.test_entry import CITY, COUNTY, at_once, booking, posted
from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.ledger.account import Kind, Source
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Region
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit, entry, selectors, voucher
from tuodi.platform.fund.deeds import Asked, Deed

pytestmark = pytest.mark.django_db(transaction=True)
MAKER, CHECKER = (Scope(desk=Desk.finance, region=COUNTY, staff=staff) for staff in (21, 22))
CITY_MAKER, CITY_CHECKER = (Scope(desk=Desk.city, region=CITY, staff=staff) for staff in (31, 32))
DAY, LATER = date(2024, 3, 15), date(2024, 5, 2)


def asked(deed: Deed = Deed.appropriation, fen: int = 100_000, **changed: Any) -> Asked:
    said: dict[str, Any] = {
        "deed": deed, "region": COUNTY, "parts": {Source.county: fen} if fen else {}, "happened_on": DAY,
        "document": "聊财社〔2024〕5号", "reason": "一季度",
    }  # fmt: skip
    return Asked(**{**said, **changed})


def prepared(one: Asked, scope: Scope = MAKER, on: date = LATER) -> int:
    with entered(scope):
        return voucher.prepare(asked=one, on=on)


def booked(number: int, scope: Scope = CHECKER, on: date = LATER) -> bool:
    with entered(scope):
        return voucher.book(voucher=number, on=on)


def back(cause: str, scope: Scope = MAKER, document: str = "更正〔2024〕1号") -> int:
    with entered(scope):
        return voucher.prepare_reversal(region=scope.region, cause=cause, document=document, reason="记错", on=LATER)


def refused(act: Any, *arguments: Any, **named: Any) -> list[str]:
    with pytest.raises(Faults) as raised:
        act(*arguments, **named)
    return [finding.code for finding in raised.value.findings]


def stands(region: str = COUNTY) -> dict[Kind, int]:
    with entered(SYSTEM):
        return {account.kind: fen for account, fen in selectors.balances(region).items()}


def faults() -> list[str]:
    with entered(SYSTEM):
        return [finding.code for finding in audit.findings()]


def test_nothing_moves_before_somebody_else_has_checked(regions: dict[str, Region]):
    number = prepared(asked())
    assert {} == stands()
    assert ["four-eyes"] == refused(booked, number, MAKER)

    assert [True, False] == [booked(number) for _ in range(2)]
    assert {Kind.bank: 100_000, Kind.appropriation: -100_000} == stands()
    with entered(CHECKER):
        entry_of = selectors.entry(f"voucher:{number}")
    assert entry_of is not None
    assert (DAY, LATER, "聊财社〔2024〕5号 一季度") == (entry_of.happened_on, entry_of.known_on, entry_of.reason)
    assert [] == faults()


def test_a_document_is_booked_once_unless_it_was_refused(regions: dict[str, Region]):
    number = prepared(asked())
    assert ["document-known"] == refused(prepared, asked(fen=5))

    with entered(CHECKER):
        voucher.refuse(voucher=number, reason="金额不符")
    assert ["voucher-decided"] == refused(booked, number)
    assert booked(prepared(asked()))
    assert [] == faults()


def test_a_document_that_was_booked_wrongly_is_booked_again_once_it_was_taken_back(regions: dict[str, Region]):
    wrong = prepared(asked(fen=10_000))
    booked(wrong)
    taken_back = back(f"voucher:{wrong}")
    assert ["document-known"] == refused(prepared, asked(fen=100_000))
    booked(taken_back)

    booked(prepared(asked(fen=100_000)))
    assert {Kind.bank: 100_000, Kind.appropriation: -100_000} == {kind: fen for kind, fen in stands().items() if fen}
    assert ["document-known"] == refused(prepared, asked(fen=100_000))
    assert [] == faults()


def test_one_paper_prepared_twice_at_once_is_one_voucher(regions: dict[str, Region]):
    found = at_once(*[lambda: prepared(asked())] * 2)

    assert [["document-known"]] == [
        [finding.code for finding in one.findings] for one in found if isinstance(one, Faults)
    ]
    assert 1 == sum(isinstance(one, int) for one in found)


def test_two_who_book_at_once_book_once(regions: dict[str, Region]):
    number = prepared(asked())
    other = Scope(desk=Desk.finance, region=COUNTY, staff=23)
    outcome = at_once(lambda: booked(number), lambda: booked(number, other))

    assert [False, True] == sorted(outcome)  # type: ignore[type-var]
    assert 100_000 == stands()[Kind.bank]


def test_an_entry_by_hand_is_taken_back_by_another_voucher(regions: dict[str, Region]):
    number = prepared(asked())
    booked(number)
    cause = f"voucher:{number}"

    assert booked(back(cause))
    assert {} == stands()
    assert ["reversal-twice"] == refused(back, cause, document="更正〔2024〕2号")
    posted(booking("a", 10_000))
    assert ["entry-not-by-hand"] == refused(back, "a")
    assert [] == faults()


def test_a_city_hands_money_to_its_county_which_gives_it_back(regions: dict[str, Region]):
    one = asked(Deed.transfer, parts={Source.city: 500}, region=CITY, taker=COUNTY)
    number = prepared(one, CITY_MAKER)
    assert booked(number, CITY_CHECKER)
    assert {Kind.bank: 500, Kind.transfer: -500} == stands()
    cause = f"voucher:{number}"
    assert ["transfer-back"] == refused(back, cause, CITY_MAKER)

    assert booked(back(cause))
    assert ({}, {}) == (stands(), stands(CITY))
    assert [] == faults()


def test_a_year_is_carried_over_as_it_stands_and_before_it_is_closed(regions: dict[str, Region]):
    january = date(2025, 1, 10)
    booked(prepared(asked()))
    posted(booking("r", 30_000, on=date(2024, 12, 30)))
    number = prepared(asked(Deed.carry_over, 0), on=january)
    posted(booking("late", 5_000, on=date(2024, 12, 31)))
    posted(booking("next", 7_000, on=january))
    assert ["voucher-moved"] == refused(booked, number, on=january)
    with entered(CHECKER):
        voucher.refuse(voucher=number, reason="金额已变动")

    assert booked(prepared(asked(Deed.carry_over, 0), on=january), on=january)
    assert (-65_000, 7_000) == (stands()[Kind.carried_over], stands()[Kind.relief])
    assert ["voucher-nothing"] == refused(prepared, asked(Deed.carry_over, 0, document="再转"), on=january)
    with entered(CHECKER):
        entry.close(region=COUNTY, month=Month(2024, 12), closed_on=january)
    assert ["year-closed"] == refused(prepared, asked(Deed.carry_over, 0, document="又转"), on=january)
    assert [] == faults()


def test_another_region_s_voucher_is_not_theirs_to_book(regions: dict[str, Region]):
    number = prepared(asked())
    at_city = Scope(desk=Desk.finance, region=CITY, staff=41)

    assert ["voucher-elsewhere"] == refused(booked, number, at_city)
    assert ["voucher-desk"] == refused(booked, number, Scope(desk=Desk.county, region=COUNTY, staff=7))
    assert ["voucher-unknown"] == refused(booked, number, Scope(desk=Desk.finance, region="371521", staff=5))


def test_the_budget_of_a_year_is_told_by_source(regions: dict[str, Region]):
    booked(prepared(asked(Deed.budget, 80_000)))
    booked(prepared(asked(Deed.commitment, 10_000)))
    posted(booking("r", 30_000))
    with entered(CHECKER):
        (county,) = selectors.execution(COUNTY, 2024)

    assert (80_000, 10_000, 30_000, 40_000) == (county.budget, county.committed, county.used, county.left)
    assert ["owed-below-zero"] == refused(booked, prepared(asked(Deed.release, 10_001)))


# ---- past the services -----------------------------------------------------------------------------------------------
DECIDE = "insert into fund_decision (voucher_id, region_id, decision, staff_id) values (%s, '', %s, %s)"


@pytest.mark.parametrize(("decision", "staff"), [("booked", "22"), ("refused", "21"), ("refused", "")])
def test_also_the_owner_of_the_tables_decides_only_as_the_law_has_it(
    regions: dict[str, Region], decision: str, staff: str
):
    number = prepared(asked())
    with pytest.raises(DatabaseError, match="INV-48"):
        decided(number, decision, staff)


def decided(number: int, decision: str, staff: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('tuodi.staff', %s, true)", [staff])
        cursor.execute(DECIDE, [number, decision, staff or None])


def test_a_city_prepares_transfers_alone(regions: dict[str, Region]):
    with pytest.raises(DatabaseError, match="hands money over"), entered(CITY_MAKER), connection.cursor() as cursor:
        cursor.execute(
            "insert into fund_voucher (region_id, deed, movement, lines, happened_on, document, reason)"
            " values ('371500', 'budget', 'budget', '[]', '2024-03-15', '1', '2')"
        )


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("update fund_decision set staff_id = 21", "voucher-four-eyes"),
        ("update fund_voucher set lines = '[]'", "voucher-differs"),
        ("delete from fund_decision", "voucher-unbooked"),
    ],
)
def test_a_planted_fault_is_named(regions: dict[str, Region], planted: str, named: str):
    booked(prepared(asked()))
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(planted)
        cursor.execute("set session_replication_role = origin")

    assert named in faults()
