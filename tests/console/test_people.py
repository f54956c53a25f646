"""A person's page: class and limits under any policy, found by number without telling it, unmasked by reason."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.console.conftest import SignIn, Town
from tests.platform.settlement.town import AT_COUNTY, COUNTY, adopt, resident, settled, small_policy, stay
from tuodi.console.people.standing import standing
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Audit
from tuodi.platform.base.scope import entered

DAY = date(2023, 6, 1)


def test_standing_names_the_class_that_settles_and_each_limit_with_what_is_used(settled_town: Town) -> None:
    with entered(AT_COUNTY):
        found = standing(settled_town.person, COUNTY, DAY)

    assert ["三(四)1"] == [one.clause for one in found.classes]
    assert [
        ("年度救助限额", "已用 30,000.00，还剩 0.00"),
        ("年度再救助限额", "已用 20,000.00，还剩 0.00"),
    ] == [(limit.label, limit.text) for limit in found.limits]


def test_standing_holds_for_any_policy(town: None, tmp_path: Path) -> None:
    adopt(small_policy(tmp_path, "rate: 50%, limit: {relief: 1000}"))
    poor, other = resident("subsistence_allowance"), resident("orphan")
    settled(stay(poor, "500"))
    with entered(AT_COUNTY):
        assert ["已用 250.00，还剩 750.00"] == [limit.text for limit in standing(poor, COUNTY, DAY).limits]
        assert () == standing(other, COUNTY, DAY).classes


def test_without_a_policy_nothing_is_guessed(town: None) -> None:
    person = resident("subsistence_allowance")
    with entered(AT_COUNTY):
        assert "2023-06-01 没有施行的政策" == standing(person, COUNTY, DAY).trouble


def test_a_number_leads_to_the_person_and_stands_in_no_address(signed_in: SignIn, settled_town: Town) -> None:
    browser = signed_in(Desk.county)

    assert f"/people/{settled_town.person}/" == browser.post("/people/", {"q": settled_town.number}).headers["Location"]
    assert "/people/" == browser.post("/people/", {"q": settled_town.number[:-1]}).headers["Location"]
    assert "/people/?q=sxx" == browser.post("/people/", {"q": " sxx "}).headers["Location"]


@pytest.mark.parametrize("asked", ["单雄信", "单", "sxx", "SX", "shan xiong"])
def test_somebody_is_found_by_name_initials_and_pinyin(signed_in: SignIn, settled_town: Town, asked: str) -> None:
    page = signed_in(Desk.county).get("/people/", {"q": asked}).content.decode()

    assert "单**" in page
    assert "雄信" not in page.replace(f'value="{asked}"', "")
    assert settled_town.number not in page


def test_nobody_is_found_from_another_city(signed_in: SignIn, settled_town: Town) -> None:
    assert "没有找到" in signed_in(Desk.county, "3702").get("/people/", {"q": "sxx"}).content.decode()


def test_name_and_number_are_shown_for_a_reason_which_the_trail_keeps(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/people/{settled_town.person}/"
    assert settled_town.number not in browser.get(address).content.decode()
    assert settled_town.number not in browser.post(address, {"reason": ""}).content.decode()

    page = browser.post(address, {"reason": "核对身份证原件"}).content.decode()

    assert settled_town.number in page
    assert ["核对身份证原件"] == list(Audit.objects.filter(act="person.unmask").values_list("reason", flat=True))


def test_a_person_is_registered_with_what_is_wrong_beside_the_field(signed_in: SignIn, settled_town: Town) -> None:
    browser = signed_in(Desk.county)
    wrong = browser.post("/people/new/", {"number": "123", "name": "罗士信", "kind": "resident", "starts_on": ""})
    assert "请填写参保的起日" in wrong.content.decode()
    again = browser.post("/people/new/", {"number": settled_town.number, "name": "单雄信"}).content.decode()
    assert "这个身份证号码已在东昌府区登记" in again
    assert re.search(r'<div class="field wrong">\s*<label for="id_number">', again)
