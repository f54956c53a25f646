"""Clearing in a browser: on an office screen, a phone and paper, with a hospital's month of many rows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.console.browser import Looking
from tests.console.conftest import PASSWORD, Town
from tests.console.test_browser import seen, tab
from tests.platform.settlement.town import AT_HOSPITAL, COUNTY, resident, stay
from tuodi.core.month import Month
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import approval, content, statement, term
from tuodi.platform.clearing.domain.lateness import Terms
from tuodi.platform.clearing.reconciliation import Asked, compare_details, ours
from tuodi.platform.settlement.settlement import settle

__all__ = ["tab"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CLERK, CHIEF = (Scope(desk=Desk.county, region=COUNTY, staff=staff) for staff in (7, 8))
JULY, AUGUST = date(2024, 7, 8), date(2024, 8, 1)


@pytest.fixture
def july(settled_town: Town) -> int:
    """A draft of July: twenty patients, of whom the hospital reports one too few."""
    for day in range(20):
        bill = stay(resident("subsistence_allowance"), f"{4000 + 731 * day}.50", on=JULY)
        settle(scope=AT_HOSPITAL, bill=bill, on=JULY)
    with entered(AT_HOSPITAL):
        asked = Asked(institution=AT_HOSPITAL.institution, first=JULY, last=JULY)
        compare_details(asked=asked, said=[*ours(asked)][1:])
    with entered(CLERK):
        agreed = Terms(pay_within=None, confirm_within=None, within_year=True, basis="2024 年协议第八条")
        term.agree(region=COUNTY, starts_on=date(2024, 1, 1), terms=agreed)
        return statement.draw(region=COUNTY, institution=AT_HOSPITAL.institution, month=Month.of(JULY), on=AUGUST)


def test_a_county_clears_a_hospital_s_month(settled_town: Town, july: int, tab: Looking) -> None:
    tab.sign_in("county3715", PASSWORD)
    seen(tab, "/clearing/", "clearing")
    seen(tab, "/clearing/?month=all", "clearing-all")
    seen(tab, "/clearing/draw/", "clearing-draw")
    seen(tab, f"/clearing/{july}/", "clearing-statement")
    seen(tab, f"/clearing/{settled_town.statement}/", "clearing-statement-sent")
    seen(tab, f"/clearing/{july}/send/", "clearing-send")
    seen(tab, "/clearing/late/?year=2024", "clearing-late")
    seen(tab, "/clearing/terms/", "clearing-terms")
    seen(tab, "/clearing/refunds/", "clearing-refunds")
    tab.at(f"/clearing/{july}/")
    tab.page.get_by_role("link", name="扣减", exact=True).first.click()
    tab.page.get_by_label("扣减金额（元）").fill("9999999")
    tab.page.get_by_label("不予支付的事实").fill("分解收费")
    tab.page.get_by_label("依据的条款").fill("七(一)")
    tab.page.get_by_role("button", name="扣减").click()
    tab.picture("clearing-disallow-fault")
    tab.page.get_by_label("扣减金额（元）").fill("120.50")
    tab.page.get_by_role("button", name="扣减").click()
    tab.page.wait_for_url(f"**/clearing/{july}/")
    assert [] == tab.complaints


def test_a_statement_stands_on_paper(july: int, tab: Looking) -> None:
    tab.sign_in("county3715", PASSWORD)
    tab.at(f"/clearing/{july}/")
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size({"width": 680, "height": 960})  # A4 without its margins
    tab.page.screenshot(path=tab.pictures / "clearing-printed.png", full_page=True)

    assert 680 >= tab.page.evaluate("document.documentElement.scrollWidth")
    assert [] == tab.page.evaluate(
        "[...document.querySelectorAll('.wide')].filter(one => one.scrollWidth > one.clientWidth)"
        ".map(one => one.innerText)"
    )


def test_the_hospital_and_those_who_approve(settled_town: Town, tab: Looking) -> None:
    number = settled_town.statement
    tab.sign_in("hospital3715", PASSWORD)
    seen(tab, "/clearing/", "clearing-hospital")
    seen(tab, f"/clearing/{number}/", "clearing-hospital-statement")
    seen(tab, f"/clearing/{number}/object/", "clearing-object")
    seen(tab, f"/clearing/{number}/confirm/", "clearing-confirm")
    tab.page.get_by_role("button", name="确认结算单").click()
    tab.page.wait_for_url(f"**/clearing/{number}/")
    tab.page.context.clear_cookies()
    tab.sign_in("county3715", PASSWORD)
    seen(tab, f"/clearing/{number}/approve-business/", "clearing-approve")
    with entered(CHIEF):
        approval.approve_business(statement=number, fingerprint=content.of(number).hash)
    tab.page.context.clear_cookies()
    tab.sign_in("finance3715", PASSWORD)
    seen(tab, f"/clearing/{number}/approve-finance/", "clearing-approve-finance")
    tab.page.get_by_role("button", name="核准").click()
    tab.page.wait_for_url(f"**/clearing/{number}/")
    seen(tab, f"/clearing/{number}/order/", "clearing-order")
    tab.page.get_by_role("button", name="开支付单").click()
    tab.page.wait_for_url(f"**/clearing/{number}/")
    seen(tab, f"/clearing/{number}/", "clearing-ordered")
