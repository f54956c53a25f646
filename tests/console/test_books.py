"""The books at their desks: a month is closed, and what finance does by hand is booked by another hand."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.console.conftest import Offices, SignIn, Town, somebody
from tests.console.payees import ordered_paper
from tests.platform.settlement.town import AT_HOSPITAL, COUNTY, TODAY
from tuodi.core.month import Month
from tuodi.platform.base.domain import SYSTEM, Desk
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import selectors
from tuodi.platform.settlement import revision

ADDRESS = "/ledger/closing/"


def page(browser: Client, address: str = ADDRESS) -> str:
    answer = browser.get(address)
    assert (address, 200) == (address, answer.status_code)
    return answer.content.decode()


def closes(browser: Client) -> str:
    """Closes what the page shows; what stands there afterwards."""
    seen = dict(re.findall(r'name="(mark)" value="([0-9a-f]+)"', page(browser)))
    return browser.post(ADDRESS, seen, follow=True).content.decode()


def test_a_month_is_closed_after_a_look_and_a_cancel_goes_into_the_next(signed_in: SignIn, settled_town: Town) -> None:
    ordered_paper()
    told = page(signed_in(Desk.finance))
    assert "关账：2024-06" in told
    assert "1 张结算单还没有核准" in told
    assert "1 张个人支付单还没有支付" in told
    assert "一站式救助" in told

    assert "2024-06 已关账" in closes(signed_in(Desk.finance))
    assert "关账：2024-07" in page(signed_in(Desk.county))
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=settled_town.second, on=TODAY, reason="账单作废")
    with entered(SYSTEM):
        assert Month(2024, 6) == selectors.closed_until(COUNTY)
        back = selectors.reversed_by(f"settlement:{settled_town.second}")
        reversal = selectors.entry(back or "")
        assert reversal is not None
        assert ("2024-07-01", "2024-06-30") == (str(reversal.booked_on), str(reversal.known_on))
    assert "2024-06" in page(signed_in(Desk.city), f"{ADDRESS}?region=371502")


def test_a_mark_of_what_was_not_seen_closes_nothing(signed_in: SignIn, settled_town: Town) -> None:
    told = signed_in(Desk.county).post(ADDRESS, {"mark": "0" * 64}).content.decode()

    assert "刚刚有新的记账" in told
    with entered(SYSTEM):
        assert selectors.closed_until(COUNTY) is None


@pytest.mark.parametrize(("desk", "status"), [(Desk.supervisor, 403), (Desk.city, 403), (Desk.hospital, 403)])
def test_a_month_is_its_own_region_s_to_close(signed_in: SignIn, settled_town: Town, desk: Desk, status: int) -> None:
    assert status == signed_in(desk).post(f"{ADDRESS}?region=371502", {"mark": "0"}).status_code


# ---- by hand ---------------------------------------------------------------------------------------------------------
def test_a_city_s_budget_is_more_than_any_bill(signed_in: SignIn, settled_town: Town) -> None:
    told = signed_in(Desk.finance).post(
        "/ledger/vouchers/new/budget/", {**PAPER, "county": "620,000,000.00"}, follow=True
    )

    assert "620,000,000.00" in told.content.decode()


PAPER = {"happened_on": "2024-06-03", "document": "聊财社〔2024〕5号", "reason": "二季度资金"}


def maker_and_checker(signed_in: SignIn, offices: Offices) -> tuple[Client, Client]:
    """Two persons of the county's finance."""
    with entered(SYSTEM):
        other = somebody(Desk.finance, "3715", offices[Desk.finance, "3715"].password)
        other.username = "finance-other"
        other.save()
        offices[Desk.finance, "other"] = other
    return signed_in(Desk.finance), signed_in(Desk.finance, "other")


def test_money_comes_in_by_one_hand_and_is_booked_by_another(
    signed_in: SignIn, offices: Offices, settled_town: Town
) -> None:
    maker, checker = maker_and_checker(signed_in, offices)
    address = "/ledger/vouchers/new/appropriation/"
    told = maker.post(address, {**PAPER, "county": "80,000", "document": ""}).content.decode()
    assert "请填写" in told
    assert 'value="80,000"' in told
    told = maker.post(address, {**PAPER, "county": "80,000", "city": "20000"}, follow=True).content.decode()
    (number,) = {*re.findall(r"记账凭证 ([0-9]+)：", told)}
    assert "制单人不能复核自己的凭证" in told
    assert told.index("财政专户存款") < told.index("财政拨款收入")
    assert (
        "文号 聊财社〔2024〕5号 的“财政拨款”已有记账凭证"
        in maker.post(address, {**PAPER, "county": "1"}).content.decode()
    )

    assert "没有写明为什么不通过" not in page(checker, f"/ledger/vouchers/{number}/")
    assert "请填写" in checker.post(f"/ledger/vouchers/{number}/", {"refuse": "1"}).content.decode()
    assert "已记账" in checker.post(f"/ledger/vouchers/{number}/", follow=True).content.decode()
    year = page(maker, "/ledger/")
    assert "80,000.00" in year
    assert "20,000.00" in year

    reverse = f"/ledger/vouchers/reverse/voucher:{number}/"
    assert reverse in page(maker, f"/ledger/entries/voucher:{number}/")
    back = maker.post(reverse, {"document": "更正1号", "reason": "重复入账"}, follow=True).content.decode()
    assert "（冲销）" in back
    (second,) = {*re.findall(r"记账凭证 ([0-9]+)：", back)}
    checker.post(f"/ledger/vouchers/{second}/", follow=True)
    with entered(SYSTEM):
        assert 0 == selectors.fund_year(COUNTY, timezone.localdate().year).raised


def test_each_desk_books_what_is_its_own(signed_in: SignIn, settled_town: Town) -> None:
    city = signed_in(Desk.city)

    assert "付给" in page(city, "/ledger/vouchers/new/transfer/")
    assert [403, 403, 404] == [
        signed_in(desk).get(f"/ledger/vouchers/new/{name}/").status_code
        for desk, name in ((Desk.city, "budget"), (Desk.county, "budget"), (Desk.finance, "nothing"))
    ]
    typed = {**PAPER, "taker": "371502", "city": "5,000"}
    told = city.post("/ledger/vouchers/new/transfer/", typed, follow=True).content.decode()
    assert "东昌府区" in told
    assert "调剂" in page(signed_in(Desk.city), "/ledger/vouchers/")


def test_a_budget_and_what_is_left_of_it_stand_first(signed_in: SignIn, offices: Offices, settled_town: Town) -> None:
    maker, checker = maker_and_checker(signed_in, offices)
    told = maker.post("/ledger/vouchers/new/budget/", {**PAPER, "county": "60,000"}, follow=True).content.decode()
    (number,) = {*re.findall(r"记账凭证 ([0-9]+)：", told)}
    refused = checker.post(f"/ledger/vouchers/{number}/", {"refuse": "1", "reason": "文号有误"}, follow=True)
    assert "未通过" in refused.content.decode()
    told = maker.post("/ledger/vouchers/new/budget/", {**PAPER, "county": "60,000"}, follow=True).content.decode()
    (number,) = {*re.findall(r"记账凭证 ([0-9]+)：", told)}
    checker.post(f"/ledger/vouchers/{number}/")

    assert "60,000.00" in page(maker, f"/ledger/?year={timezone.localdate().year}")


def test_a_year_is_carried_over(signed_in: SignIn, offices: Offices, settled_town: Town) -> None:
    maker, checker = maker_and_checker(signed_in, offices)
    typed = {"document": "年终结转", "reason": "年终", "year": "2024"}
    told = maker.post("/ledger/vouchers/new/carry_over/", typed, follow=True).content.decode()
    assert "结转结余" in told
    (number,) = {*re.findall(r"记账凭证 ([0-9]+)：", told)}

    assert "已记账" in checker.post(f"/ledger/vouchers/{number}/", follow=True).content.decode()
    assert "没有可以结转的" in maker.post(
        "/ledger/vouchers/new/carry_over/", {**typed, "document": "再结转"}
    ).content.decode()  # fmt: skip


def test_who_may_check_a_voucher_finds_it_on_their_first_page(
    signed_in: SignIn, offices: Offices, settled_town: Town
) -> None:
    maker, checker = maker_and_checker(signed_in, offices)
    maker.post("/ledger/vouchers/new/interest/", {**PAPER, "county": "12.34"})

    assert "待复核" in page(checker, "/")
    assert "待复核" not in page(maker, "/")
