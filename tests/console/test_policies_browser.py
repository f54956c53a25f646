"""A policy set, adopted and agreed to, a bill corrected and counts brought along, in a browser on both screens."""

from __future__ import annotations

from datetime import date

import pytest

from tests.console.browser import Looking
from tests.console.conftest import PASSWORD, Town
from tests.console.test_browser import seen, tab  # noqa: F401
from tests.platform.settlement.town import AT_CITY, CITY, resident
from tuodi.language.shelf import POLICIES
from tuodi.platform.base import work
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import draft
from tuodi.platform.settlement.adopted import Wanted, texts
from tuodi.platform.settlement.models import Policy

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def better() -> int:
    """A draft with a higher rate."""
    files = texts(POLICIES / "liaocheng-2022-5")
    files["policy.yaml"] = files["policy.yaml"].replace("rate: 70%", "rate: 75%")
    with entered(AT_CITY):
        return draft.make(wanted=Wanted(region=CITY, starts_on=date(2022, 1, 1), files=files), reason="市政府令")


def test_a_city_sets_a_policy_and_its_county_agrees(settled_town: Town, tab: Looking) -> None:  # noqa: F811
    tab.sign_in("city3715", PASSWORD)
    seen(tab, "/policies/new/", "policy-new")
    tab.page.get_by_label("或上传政策文件夹").set_input_files(__file__)
    tab.page.get_by_role("button", name="检查文件，下一步").click()
    tab.picture("policy-new-fault")
    document = Policy.objects.get(pk=settled_town.policy).document_id
    seen(tab, f"/policies/new/{document}/", "policy-terms")
    number = better()
    seen(tab, f"/policies/drafts/{number}/", "policy-draft-begun")
    work.work_off()
    seen(tab, "/policies/", "policies-city")
    seen(tab, f"/policies/drafts/{number}/", "policy-draft")
    tab.page.get_by_role("button", name="采用").click()
    tab.page.wait_for_url("**/resettled/")
    adopted = tab.page.url.removeprefix(tab.server)
    work.work_off()
    seen(tab, adopted, "resettled-city")

    tab.page.context.clear_cookies()
    tab.sign_in("county3715", PASSWORD)
    seen(tab, "/", "home-county-adoption")
    seen(tab, adopted, "resettled-county")
    tab.page.get_by_role("button", name="同意这 1 件").click()
    tab.page.wait_for_url(f"**{adopted}")
    work.work_off()
    seen(tab, adopted, "resettled-done")


def test_a_bill_is_corrected_and_counts_are_brought_along(settled_town: Town, tab: Looking) -> None:  # noqa: F811
    newcomer = resident("subsistence_allowance")
    tab.sign_in("county3715", PASSWORD)
    seen(tab, f"/settlements/{settled_town.first}/correct/", "correct")
    tab.page.get_by_label("医疗总费用").fill("40000")
    tab.page.get_by_label("政策范围内费用").fill("40000")
    tab.page.get_by_label("更正的理由").fill("多收一次手术费")
    tab.page.get_by_role("button", name="看会改变什么").click()
    tab.picture("correct-looked")
    assert "还没有更正" in tab.page.inner_text("main")
    tab.page.get_by_role("button", name="提交更正").click()
    tab.page.wait_for_url("**/settlements/*/")
    seen(tab, f"/people/{newcomer}/opening/", "opening")
    seen(tab, f"/people/{newcomer}/", "person-newcomer")
