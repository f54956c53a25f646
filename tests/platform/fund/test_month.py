"""A month is closed as it was seen, and what comes later goes into the next one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from tests.platform.fund.test_entry import CITY, COUNTY, DAY, LATER, OFFICER, booking, posted
from tests.platform.fund.test_voucher import CITY_CHECKER, CITY_MAKER, asked, booked, prepared
from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.ledger.account import Source
from tuodi.ledger.movement import Movement
from tuodi.platform.base.models import Region
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import entry, month, selectors
from tuodi.platform.fund.deeds import Deed
from tuodi.platform.fund.month import Holding

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Month(2024, 3)


@pytest.fixture
def march(regions: dict[str, Region]) -> Holding:
    """Money comes in, relief is given twice, one is taken back, some is paid."""
    posted(booking("in", 100_000, Movement.appropriation))
    posted(booking("a", 30_000))
    posted(booking("b", 20_000))
    posted(booking("pay", 10_000, Movement.payment_to_institution))
    with entered(OFFICER):
        entry.reverse(cause_to_reverse="b", cause="x", booked_on=date(2024, 3, 20), known_on=LATER, reason="冲销")
    return held()


def held() -> Holding:
    with entered(OFFICER):
        found = month.next_to_close(COUNTY)
        assert found is not None
        return month.holding(COUNTY, found)


def closed(seen: Holding, on: date = LATER) -> bool:
    with entered(OFFICER):
        return month.close(region=COUNTY, month=seen.month, mark=seen.mark, on=on)


def refused(seen: Holding, on: date = LATER) -> list[str]:
    with pytest.raises(Faults) as raised:
        closed(seen, on)
    return [finding.code for finding in raised.value.findings]


def test_a_month_tells_what_it_holds(march: Holding):
    assert (MARCH, 5, ()) == (march.month, march.entries, march.findings)
    assert [("财政拨款", 1, 0, 100_000), ("一站式救助", 2, 1, 30_000), ("支付医疗机构", 1, 0, 10_000)] == [
        (str(each.movement), each.entries, each.reversals, each.fen) for each in march.movements
    ]
    (county,) = march.sources
    assert (Source.county, 100_000, 30_000, 90_000, 20_000, 0) == (
        county.source, county.income, county.spending, county.bank, county.payable, county.due,
    )  # fmt: skip


def test_just_what_was_seen_is_closed_and_the_next_month_comes_next(march: Holding):
    assert [True, False] == [closed(march) for _ in range(2)]
    with entered(OFFICER):
        assert [(MARCH, LATER)] == [(each.month, each.closed_on) for each in selectors.closings(COUNTY)]
    assert (Month(2024, 4), 0) == (held().month, held().entries)


def test_what_came_meanwhile_is_looked_at_first(march: Holding):
    posted(booking("late", 100))

    assert ["month-moved"] == refused(march)
    with entered(OFFICER):
        assert selectors.closed_until(COUNTY) is None
    assert closed(held())


def test_a_transfer_stands_in_two_books_and_both_close(march: Holding):
    """Of its lines the county sees its own, and checks it as one entry all the same."""
    handed = asked(Deed.transfer, region=CITY, parts={Source.city: 1_000}, taker=COUNTY, happened_on=DAY)
    assert booked(prepared(handed, CITY_MAKER, DAY), CITY_CHECKER, DAY)

    seen = held()
    assert ((), 6) == (seen.findings, seen.entries)
    assert closed(seen)
    with entered(CITY_MAKER):
        assert () == month.holding(CITY, MARCH).findings


def test_a_month_that_is_not_over_is_not_closed(march: Holding):
    assert ["month-not-over"] == refused(march, date(2024, 3, 31))


def test_a_month_that_is_wrong_is_not_closed(march: Holding):
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update fund_line set fen = fen + 1 where kind = 'bank'")
        cursor.execute("update fund_line set fen = 90000 where kind = 'payable_institution' and fen > 0")
        cursor.execute("set session_replication_role = origin")

    assert {"entry-unbalanced", "owed-below-zero"} == set(refused(held()))


def test_without_entries_there_is_no_month_to_close(regions: dict[str, Region]):
    with entered(OFFICER):
        assert month.next_to_close(COUNTY) is None
    assert DAY
