"""Somebody of the town with a paper bill that is on an order, and money that came in: for pages about payments."""

from __future__ import annotations

from tests.platform.settlement.town import COUNTY, HOSPITAL, TODAY, resident, stay
from tuodi.ledger.account import Source
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.disbursement import bank_account, order, selectors
from tuodi.platform.fund import voucher
from tuodi.platform.fund.deeds import Asked, Deed
from tuodi.platform.registry.models import Person
from tuodi.platform.settlement import selectors as settlements
from tuodi.platform.settlement.settlement import settle_by_hand

AT_DESK = Scope(desk=Desk.county, region=COUNTY)
CARD = "6222020200012345670"


def paper(yuan: str = "3000") -> int:
    """Somebody on the minimum allowance is relieved by hand; the settlement."""
    bill = stay(resident("subsistence_allowance"), yuan, institution=HOSPITAL)
    answer = settle_by_hand(scope=AT_DESK, bill=bill, on=TODAY, reason="异地就医手工报销")
    assert answer.settlement is not None
    return answer.settlement


def with_account(settlement: int) -> int:
    """The bill's person is paid onto a card; the settlement."""
    with entered(AT_DESK):
        person = settlements.persons([settlement])[settlement]
        bank_account.enter(
            person=person, region=COUNTY, holder=Person.objects.get(pk=person).name, bank="农业银行东昌府支行",
            number=CARD,
        )  # fmt: skip
    return settlement


def ordered_paper() -> tuple[int, int, int]:
    """A bill on an order: the settlement, the order, its item."""
    settlement = with_account(paper())
    with entered(Scope(desk=Desk.county, region=COUNTY, staff=99)):
        number = order.draw(region=COUNTY, claims=[settlement], on=TODAY)
        return settlement, number, selectors.order(number).items[0].id


def booked_voucher() -> int:
    """An appropriation that one of finance prepared and another booked."""
    asked = Asked(
        deed=Deed.appropriation, region=COUNTY, parts={Source.county: 5_000_00}, happened_on=TODAY,
        document="聊财社〔2024〕1号", reason="一季度资金",
    )  # fmt: skip
    with entered(Scope(desk=Desk.finance, region=COUNTY, staff=98)):
        number = voucher.prepare(asked=asked, on=TODAY)
    with entered(Scope(desk=Desk.finance, region=COUNTY, staff=99)):
        voucher.book(voucher=number, on=TODAY)
    return number
