"""Payments to persons at their desks: chosen, approved by other hands, paid as seen, returned, given back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.console.conftest import Offices, SignIn, Town, somebody
from tests.console.payees import CARD, ordered_paper, paper, with_account
from tests.platform.settlement.town import COUNTY
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.disbursement import selectors
from tuodi.platform.settlement import revision

TODAY = str(timezone.localdate())

At = Callable[[str], Client]


@pytest.fixture
def at(signed_in: SignIn, offices: Offices) -> At:
    """Browsers of the clerk who draws, and of everybody who checks the work of others."""
    with entered(SYSTEM):
        for desk in (Desk.county, Desk.finance):
            other = somebody(desk, "3715", offices[desk, "3715"].password)
            other.username, other.name = f"{desk.name}-other", f"{desk.value}复核"
            other.save()
            offices[desk, "other"] = other
    places = {"clerk": (Desk.county, "3715"), "chief": (Desk.county, "other"), "reviewer": (Desk.finance, "3715"),
              "cashier": (Desk.finance, "other"), "city": (Desk.city, "3715")}  # fmt: skip
    return lambda who: signed_in(*places[who])


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert (address, 200) == (address, answer.status_code)
    return answer.content.decode()


def does(browser: Client, address: str, **typed: object) -> str:
    """Opens the page, sends what it holds with what was typed; what stands there afterwards."""
    seen = dict(re.findall(r'name="(mark)" value="([0-9a-f]+)"', page(browser, address)))
    return browser.post(address, {**seen, **typed}, follow=True).content.decode()


def test_the_way_from_a_paper_bill_to_the_money(settled_town: Town, at: At) -> None:
    settlement = paper()
    assert f"/payments/owed/{settlement}/account/" in page(at("clerk"), "/payments/owed/")
    assert "1 笔应付个人的还没有开支付单" in page(at("clerk"), "/")
    account = f"/payments/owed/{settlement}/account/"
    typed = {"holder": "单雄信", "bank": "农业银行东昌府支行", "number": CARD}
    wrong = at("clerk").post(account, {**typed, "number": f"{CARD[:-1]}1"}).content.decode()
    assert "再核对卡号" in wrong
    assert "收款账户已录入" in does(at("clerk"), account, **typed)

    told = does(at("clerk"), "/payments/owed/", claims=[settlement])
    (number,) = {*re.findall(r"/payments/([0-9]+)/", told)}
    assert "待核准" in told
    assert "核准要由另一位有权限的人员办理" in page(at("clerk"), f"/payments/{number}/")
    assert f"支付单 {number} 待核准" in page(at("chief"), "/")
    does(at("chief"), f"/payments/{number}/approve/")
    does(at("reviewer"), f"/payments/{number}/review/")
    assert f"支付单 {number} 待支付" in page(at("cashier"), "/")
    paid = does(at("cashier"), f"/payments/{number}/pay/", paid_on=TODAY, reference="Z-2024-7")

    assert "凭证 Z-2024-7" in paid
    assert CARD not in paid
    assert "已付清" in page(at("clerk"), f"/settlements/{settlement}/")
    with entered(SYSTEM):
        person = selectors.claims(COUNTY), selectors.position(COUNTY, settlement)
    assert ([], 2_100_00) == (person[0], person[1].paid)
    assert "没有应付个人的" in page(at("city"), "/payments/owed/?region=371502")


def test_the_bank_s_list_is_in_the_clear_for_who_says_why(settled_town: Town, at: At) -> None:
    _, number, _ = ready(at)
    assert "支付以后才有付款清单" in page(at("cashier"), f"/payments/{number}/payees/")
    does(at("cashier"), f"/payments/{number}/pay/", paid_on=TODAY, reference="Z1")

    assert CARD not in page(at("cashier"), f"/payments/{number}/payees/")
    told = at("cashier").post(f"/payments/{number}/payees/", {"reason": "交银行付款"}).content.decode()
    assert CARD in told
    assert "单雄信" in told
    assert "显示付款清单" in page(at("cashier"), "/trail/")


def ready(at: At) -> tuple[int, int, int]:
    """A bill on an order that only has to be paid."""
    settlement, number, item = ordered_paper()
    does(at("chief"), f"/payments/{number}/approve/")
    does(at("reviewer"), f"/payments/{number}/review/")
    return settlement, number, item


def test_what_moved_is_seen_before_it_is_paid(settled_town: Town, at: At) -> None:
    settlement, number, _ = ready(at)
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        revision.cancel(settlement=settlement, on=timezone.localdate(), reason="账单作废")

    told = at("cashier").post(f"/payments/{number}/pay/", {"mark": "0", "paid_on": TODAY, "reference": "Z9"})
    assert "支付单上的已经都不应支付" in told.content.decode()
    assert 'value="Z9"' in told.content.decode()
    assert "应付已变动" in page(at("cashier"), f"/payments/{number}/")
    assert "支付单已作废" in does(at("cashier"), f"/payments/{number}/void/", reason="结算已冲销")


def test_what_the_bank_returns_and_what_a_person_gives_back(settled_town: Town, at: At) -> None:
    settlement, number, item = ready(at)
    does(at("cashier"), f"/payments/{number}/pay/", paid_on=TODAY, reference="Z1")
    back = does(
        at("reviewer"), f"/payments/{number}/items/{item}/return/", returned_on=TODAY, reference="R1", reason="户名不符"
    )
    assert "银行退回" in back
    assert "银行退回；待付 2,100.00" in page(at("clerk"), f"/settlements/{settlement}/")

    does(at("clerk"), "/payments/owed/", all="1")
    again = newest()
    does(at("chief"), f"/payments/{again}/approve/")
    does(at("reviewer"), f"/payments/{again}/review/")
    does(at("cashier"), f"/payments/{again}/pay/", paid_on=TODAY, reference="Z2")
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        revision.cancel(settlement=settlement, on=timezone.localdate(), reason="账单作废")
    refund = f"/payments/owed/{settlement}/refund/"
    assert "个人应退 2,100.00" in page(at("clerk"), f"/settlements/{settlement}/")
    assert refund in page(at("reviewer"), "/payments/owed/")
    typed = {"received_on": TODAY, "reference": "B1", "county": "2,100.01"}
    assert "不能退回 2100.01" in at("reviewer").post(refund, typed).content.decode()
    assert "退回已记入资金账" in does(at("reviewer"), refund, **{**typed, "county": "2,100"})


def newest() -> int:
    with entered(SYSTEM):
        return selectors.orders()[0].id


def test_only_the_county_draws_and_everybody_chooses_from_what_is_there(settled_town: Town, at: At) -> None:
    with_account(paper())

    assert 403 == at("reviewer").post("/payments/owed/", {"all": "1"}).status_code
    assert "列表已变动" in at("clerk").post("/payments/owed/", {"claims": ["999"]}).content.decode()
    assert "没有可以支付的" in at("clerk").post("/payments/owed/", {}).content.decode()
    assert 404 == at("city").get("/payments/owed/?region=370202").status_code
    assert [403, 403, 404, 404] == [
        at(who).get(f"/payments/{ordered}/{verb}/").status_code
        for ordered in (ordered_paper()[1],)
        for who, verb in (("city", "approve"), ("clerk", "pay"), ("clerk", "nothing"), ("chief", "draw"))
    ]
