"""The console in a browser: on an office screen and a phone, by keyboard, without a request to anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished

from tests.console.browser import MOST_BYTES, Looking, looking
from tests.console.conftest import PASSWORD, Offices, Town
from tests.console.payees import booked_voucher, ordered_paper, paper, with_account
from tuodi.platform.base.domain import Desk
from tuodi.platform.settlement import connections

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tab(live_server: Any, offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Looking]:
    """A browser on the running console."""
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # playwright brings a loop into this thread, and nothing waits on it
    request_finished.connect(dropped)
    with looking(live_server.url, tmp_path) as found:
        yield found
    request_finished.disconnect(dropped)


def dropped(**_: Any) -> None:
    """The server's threads give their connections up with each answer: the database is removed after the tests."""
    connections.dropped()


def seen(tab: Looking, path: str, name: str) -> None:
    """The page fits a phone, is light, complains of nothing, and asks nobody else for anything."""
    tab.at(path)
    assert (name, 0) == (name, tab.picture(name))
    assert tab.weight < MOST_BYTES
    assert [] == tab.outside
    assert [] == tab.complaints


def test_the_administrator_s_pages(tab: Looking, offices: Offices) -> None:
    seen(tab, "/sign-in/", "sign-in")
    tab.sign_in("administrator3715", PASSWORD)
    seen(tab, "/", "home-administrator")
    seen(tab, "/staff/", "staff")
    seen(tab, "/staff/new/", "new-staff")
    tab.page.get_by_role("button", name="新建账号").click()
    tab.picture("new-staff-faults")
    seen(tab, f"/staff/{offices[Desk.township, '3715'].pk}/", "account")
    seen(tab, f"/staff/{offices[Desk.township, '3715'].pk}/lock/", "account-lock")
    seen(tab, "/institutions/", "institutions")
    seen(tab, "/institutions/H37150200001/", "institution")
    tab.page.get_by_role("button", name="签发凭证").click()
    tab.picture("institution-issued")
    seen(tab, "/holidays/", "holidays")
    seen(tab, "/trail/", "trail")
    seen(tab, "/two-factor/", "two-factor")
    seen(tab, "/password/", "password")
    tab.at("/nowhere/")
    tab.picture("error-404")


def test_the_pages_of_a_county(settled_town: Town, tab: Looking) -> None:
    tab.sign_in("county3715", PASSWORD)
    seen(tab, "/", "home-county")
    seen(tab, "/settlements/", "settlements")
    seen(tab, f"/settlements/{settled_town.second}/", "settlement")
    seen(tab, f"/settlements/{settled_town.second}/?sheet", "settlement-sheet")
    seen(tab, "/ledger/?year=2024", "ledger")
    seen(tab, "/ledger/accounts/371502/county/relief/2024/", "ledger-account")
    seen(tab, f"/ledger/entries/settlement:{settled_town.first}/", "ledger-entry")
    seen(tab, "/people/", "people-none")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("sxx")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/people/?q=sxx")
    tab.picture("people")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**/people/{settled_town.person}/")
    seen(tab, f"/people/{settled_town.person}/", "person")
    tab.page.get_by_text("显示姓名和号码").click()
    tab.page.get_by_label("为什么要看").fill("核对身份证原件")
    tab.page.get_by_role("button", name="显示并记录").click()
    tab.picture("person-clear")
    seen(tab, "/people/new/", "enrol")
    seen(tab, f"/people/{settled_town.person}/settle/", "settle-by-hand")
    seen(tab, f"/people/{settled_town.person}/resettle/", "resettle")
    seen(tab, f"/settlements/{settled_town.first}/cancel/", "cancel")
    seen(tab, "/proposals/", "proposals")
    seen(tab, f"/proposals/{settled_town.proposal}/", "proposal")
    seen(tab, "/rosters/", "rosters")
    seen(tab, "/rosters/new/", "roster-new")
    seen(tab, f"/rosters/{settled_town.roster}/", "roster")
    seen(tab, "/policies/", "policies")
    seen(tab, f"/policies/{settled_town.policy}/", "policy")


def test_the_pages_that_pay_persons_and_keep_the_books(settled_town: Town, tab: Looking) -> None:
    with_account(paper())
    bare = paper("500")
    settlement, order, item = ordered_paper()
    by_hand = booked_voucher()
    tab.sign_in("county3715", PASSWORD)
    seen(tab, "/payments/", "payments")
    seen(tab, "/payments/owed/", "payments-owed")
    seen(tab, f"/payments/owed/{bare}/account/", "payments-account")
    tab.page.get_by_role("button", name="录入收款账户").click()
    tab.picture("payments-account-faults")
    seen(tab, f"/payments/{order}/", "payments-order")
    seen(tab, f"/payments/{order}/approve/", "payments-approve")
    seen(tab, f"/settlements/{settlement}/", "settlement-to-person")
    seen(tab, "/ledger/closing/", "ledger-closing")
    tab.page.get_by_role("button", name="2024-06 关账").click()
    tab.picture("ledger-closed")
    tab.page.get_by_role("button", name="退出").click()
    tab.sign_in("finance3715", PASSWORD)
    seen(tab, f"/payments/{order}/pay/", "payments-pay")
    seen(tab, f"/payments/{order}/payees/", "payments-payees")
    seen(tab, f"/payments/{order}/items/{item}/return/", "payments-return")
    seen(tab, f"/payments/owed/{settlement}/refund/", "payments-refund")
    seen(tab, "/ledger/?year=2024", "ledger-budget")
    seen(tab, "/ledger/vouchers/", "ledger-vouchers")
    seen(tab, "/ledger/vouchers/new/appropriation/", "ledger-prepare")
    seen(tab, f"/ledger/vouchers/{by_hand}/", "ledger-voucher")
    seen(tab, f"/ledger/vouchers/reverse/voucher:{by_hand}/", "ledger-reverse")


def test_a_clerk_tries_a_bill_and_settles_what_was_seen(settled_town: Town, tab: Looking) -> None:
    tab.sign_in("hospital3715", PASSWORD)
    seen(tab, "/counter/", "counter")
    tab.page.get_by_label("病人的身份证号码").fill(settled_town.number)
    tab.page.get_by_role("button", name="查病人").click()
    tab.page.get_by_label("结算日期").fill("20240601")
    tab.page.get_by_label("医疗总费用").fill("12,000")
    tab.page.get_by_label("政策范围内费用").fill("10000")
    tab.page.get_by_label("基本医保支付").fill("6000")
    tab.page.get_by_role("button", name="试算").click()
    tab.picture("bill-tried")
    assert [] == tab.complaints
    tab.page.get_by_label("基本医保支付").fill("7000")
    tab.page.get_by_role("button", name="按试算结算").click()
    assert "试算结果" in tab.page.inner_text("main")  # another bill than was seen: tried anew
    tab.page.get_by_role("button", name="按试算结算").click()
    tab.page.wait_for_url("**/settlements/*/")
    tab.picture("bill-settled")
    assert [] == tab.outside


def test_much_of_everything_stays_light_and_prints(busy_town: Town, tab: Looking) -> None:
    tab.sign_in("county3715", PASSWORD)
    seen(tab, "/settlements/", "settlements-many")
    seen(tab, f"/people/{busy_town.person}/", "person-many")
    seen(tab, "/trail/", "trail-many")
    tab.at(f"/settlements/{busy_town.second}/?sheet")
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size({"width": 680, "height": 960})  # A4 without its margins
    assert 680 >= tab.page.evaluate("document.documentElement.scrollWidth")
    tab.page.screenshot(path=tab.pictures / "sheet-printed.png", full_page=True)
