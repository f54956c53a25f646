"""One person's statuses, insurance, household, name and county changed at the desk: seen first, then done."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.console.conftest import SignIn, Town
from tuodi.platform.base.domain import Desk
from tuodi.platform.registry.models import Change, Insurance, Person, Status

WHY = {"reason": "核对档案"}
AGREED = {"agreed": "yes"}


def text(answer: Any) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_ending_a_status_shows_what_it_touches_and_only_then_ends_it(signed_in: SignIn, settled_town: Town) -> None:
    browser, held = signed_in(Desk.county), Status.objects.get(person_id=settled_town.person)
    address = f"/people/{settled_town.person}/statuses/{held.pk}/end/"
    ended = {"ends_on": "2023-06-02", "certificate": "民字〔2023〕6号", **WHY}
    noted = Change.objects.count()

    page = text(browser.post(address, ended))

    assert ("2023-06-02 起的登记有变化" in page, "终止这项身份" in page) == (True, True)
    assert [held.pk] == [row.pk for row in Status.objects.filter(person_id=settled_town.person)]
    assert noted == Change.objects.count()

    assert f"/people/{settled_town.person}/" == browser.post(address, ended | AGREED).headers["Location"]
    before, after = Status.objects.filter(person_id=settled_town.person).order_by("id")
    assert (before.known_until, held.pk) == (after.known_from, after.supersedes_id)
    assert ("2023-06-02", "民字〔2023〕6号") == (str(after.ends_on), after.certificate)
    assert [("2023-06-02", "核对档案")] == [
        (str(row.from_day), row.reason) for row in Change.objects.order_by("id")[noted:]
    ]


def test_a_status_never_held_touches_every_bill_since_it_began(signed_in: SignIn, settled_town: Town) -> None:
    held = Status.objects.get(person_id=settled_town.person)

    page = text(signed_in(Desk.county).post(f"/people/{settled_town.person}/statuses/{held.pk}/withdraw/", WHY))

    assert "这以后有 2 笔结算要重新看" in page


def test_a_department_grants_what_it_recognises_and_nothing_else(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.department), f"/people/{settled_town.person}/statuses/new/"
    granted = {"status": "orphan", "department": "civil_affairs", "starts_on": "2024-01-01", **WHY}

    assert "entitled_group" not in browser.get(address).content.decode()
    assert 200 == browser.post(address, granted | AGREED | {"status": "entitled_group"}).status_code
    assert 302 == browser.post(address, granted | AGREED).status_code
    assert ["orphan"] == [row.status for row in Status.objects.filter(starts_on="2024-01-01")]


def test_what_stands_in_the_way_is_told_and_what_was_typed_stays(signed_in: SignIn, settled_town: Town) -> None:
    page = signed_in(Desk.county).post(
        f"/people/{settled_town.person}/statuses/new/",
        {"status": "subsistence_allowance", "department": "civil_affairs", "starts_on": "2024-01-01", **WHY},
    )

    assert "已有低保对象身份" in text(page)
    assert 'value="2024-01-01"' in page.content.decode()


@pytest.mark.parametrize("verb", ["correct", "withdraw"])
def test_insurance_is_corrected_as_new_knowledge(signed_in: SignIn, settled_town: Town, verb: str) -> None:
    old = Insurance.objects.get(person_id=settled_town.person)
    said = {"kind": "employee", "starts_on": "2022-01-01"} if verb == "correct" else {}

    answer = signed_in(Desk.county).post(
        f"/people/{settled_town.person}/insurance/{old.pk}/{verb}/", said | WHY | AGREED
    )

    old.refresh_from_db()
    assert (302, False) == (answer.status_code, old.known_until is None)
    now = Insurance.objects.filter(person_id=settled_town.person, known_until=None)
    assert (["employee"] if verb == "correct" else []) == [row.kind for row in now]


def test_a_household_is_joined_and_left(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/people/{settled_town.person}/household/"

    browser.post(address, {"number": "H-9", "relation": "户主", "township": "柳园街道"} | AGREED)
    joined = Person.objects.select_related("household").get(pk=settled_town.person)
    browser.post(address, {"number": ""} | AGREED)
    left = Person.objects.get(pk=settled_town.person)

    assert ("H-9", "柳园街道", "户主") == (joined.household.number, joined.household.township, joined.relation)
    assert (None, "") == (left.household_id, left.relation)


def test_a_name_is_corrected_for_a_reason(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/people/{settled_town.person}/identity/"

    assert "请填写更正后的姓名或号码" in text(browser.post(address, WHY))
    browser.post(address, {"name": "单雄义"} | WHY | AGREED)

    assert "单雄义" == Person.objects.get(pk=settled_town.person).name


def test_a_person_is_handed_over_and_seen_no_more(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/people/{settled_town.person}/hand-over/"
    given = {"region": "371521", **WHY}

    assert "移交以后，这个人由对方区划登记和救助" in text(browser.post(address, given))
    assert "/people/" == browser.post(address, given | AGREED).headers["Location"]
    assert ("371521", 404) == (
        Person.objects.get(pk=settled_town.person).region_id, browser.get(address).status_code
    )  # fmt: skip


def test_the_page_says_by_which_status_somebody_is_in_a_class(signed_in: SignIn, settled_town: Town) -> None:
    page = text(signed_in(Desk.county).get(f"/people/{settled_town.person}/"))

    assert re.search(r"今天的身份：低保对象（民政部门认定，\d{4}-\d\d-\d\d 起", page)
