"""Bills at a desk: the fall that ends in the stored fen, tried before settled, cancelled with a look beforehand."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.console.conftest import Offices, SignIn, Town
from tests.platform.settlement.town import AT_COUNTY, COUNTY, OTHER_COUNTY, TODAY, adopt, resident, settled, stay
from tuodi.console.settlements import fall
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import person
from tuodi.platform.settlement import revision, selectors
from tuodi.platform.settlement.domain import Amounts
from tuodi.platform.settlement.models import Proposal, Settlement


def test_the_fall_ends_in_the_stored_fen(town: None) -> None:
    adopt()
    person = resident("subsistence_allowance")
    bill = stay(person, "50000")
    bill = type(bill)(
        person=person, key=bill.key, service=bill.service, date=bill.date, institution=bill.institution,
        amounts=Amounts(50_000_00, 45_000_00, 28_000_00, 3_000_00),
    )  # fmt: skip
    answer = settled(bill)
    with entered(AT_COUNTY):
        rows = fall.rows(selectors.explanation(answer.settlement or 0), bill.amounts.in_policy)

    assert [
        ("医疗总费用", 50_000_00), ("目录外费用", 5_000_00), ("基本医保", 28_000_00), ("大病保险", 3_000_00),
        ("救助", 9_800_00), ("再救助", 0), ("个人付", 9_200_00),
    ] == [(row.label, row.fen) for row in rows]  # fmt: skip
    assert [5_000_00 + 4_200_00] == [row.fen for row in rows if row.label == "个人付"]
    assert 4_200_00 == rows[-2].left
    assert ["", "", "", "", "三(四)1", "三(四)1", ""] == [row.citation.clause if row.citation else "" for row in rows]


AT_HOSPITAL = {
    "service": "inpatient", "date": "2024-06-01", "total": "12,000", "in_policy": "10000", "basic": "6000",
    "critical_illness": "0", "supplementary": "0", "commercial": "0", "other_relief": "0",
}  # fmt: skip


@pytest.fixture
def clerk(signed_in: SignIn, settled_town: Town) -> tuple[Client, dict[str, str]]:
    """A clerk who has looked a patient up, and what the page holds."""
    browser = signed_in(Desk.hospital)
    page = browser.post("/counter/", {"number": settled_town.number}).content.decode()
    return browser, {**AT_HOSPITAL, **hidden(page)}


def hidden(page: str) -> dict[str, str]:
    """What the bill's page holds in hidden fields."""
    found = dict(re.findall(r'<input type="hidden" name="(patient|key|seen)" value="([^"]*)">', page))
    assert {"patient", "key", "seen"} == set(found)
    return found


def test_a_trial_settles_nothing_and_the_same_bill_is_settled_next(clerk: tuple[Client, dict[str, str]]) -> None:
    browser, typed = clerk
    before = Settlement.objects.count()
    tried = browser.post("/counter/", {**typed, "act": "try"}).content.decode()
    assert "试算结果" in tried
    assert before == Settlement.objects.count()

    answer = browser.post("/counter/", {**typed, **hidden(tried), "act": "settle"})

    assert before + 1 == Settlement.objects.count()
    assert f"/settlements/{Settlement.objects.order_by('-id')[0].pk}/" == answer.headers["Location"]


def test_what_was_not_seen_is_not_settled(clerk: tuple[Client, dict[str, str]]) -> None:
    browser, typed = clerk
    before = Settlement.objects.count()
    tried = browser.post("/counter/", {**typed, "act": "try"}).content.decode()
    changed = {**typed, **hidden(tried), "basic": "9000", "act": "settle"}

    assert "试算结果" in browser.post("/counter/", changed).content.decode()
    assert before == Settlement.objects.count()


def test_a_button_pressed_twice_settles_once(clerk: tuple[Client, dict[str, str]]) -> None:
    browser, typed = clerk
    before = Settlement.objects.count()
    tried = browser.post("/counter/", {**typed, "act": "try"}).content.decode()
    whole = {**typed, **hidden(tried), "act": "settle"}

    assert browser.post("/counter/", whole).headers["Location"] == browser.post("/counter/", whole).headers["Location"]
    assert before + 1 == Settlement.objects.count()


def test_faults_of_a_bill_stand_beside_their_fields_all_at_once(clerk: tuple[Client, dict[str, str]]) -> None:
    browser, typed = clerk
    page = browser.post("/counter/", {**typed, "date": "明天", "total": "1.234"}).content.decode()

    assert "不是日期" in page
    assert "小数超过两位" in page


def test_nobody_is_reached_by_a_number_of_the_registry(
    clerk: tuple[Client, dict[str, str]], settled_town: Town
) -> None:
    browser, typed = clerk

    answer = browser.post("/counter/", {**typed, "patient": str(settled_town.person)})

    assert "/counter/" == answer.headers["Location"]


def test_a_stranger_is_told_where_to_go(signed_in: SignIn, settled_town: Town) -> None:
    page = signed_in(Desk.hospital).post("/counter/", {"number": settled_town.number[:-1] + "?"}).content.decode()

    assert "没有登记这个号码" in page


def test_a_paper_bill_is_settled_at_the_county_with_a_reason(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/people/{settled_town.person}/settle/"
    key = dict(re.findall(r'name="(key)" value="([^"]*)"', browser.get(address).content.decode()))
    typed = {**AT_HOSPITAL, **key, "level": "3", "designated": "on", "region": "on", "reason": "异地住院"}
    tried = browser.post(address, {**typed, "act": "try"}).content.decode()
    seen = dict(re.findall(r'name="(seen)" value="([^"]*)"', tried))

    browser.post(address, {**typed, **seen, "act": "settle"})

    row = Settlement.objects.order_by("-id")[0]
    assert ("person", "异地住院", "371502") == (row.payee, row.reason, row.sender)


def test_a_cancellation_shows_what_else_changes_and_waits_for_another_pair_of_eyes(
    signed_in: SignIn, settled_town: Town, offices: Offices
) -> None:
    browser = signed_in(Desk.county)
    page = browser.get(f"/settlements/{settled_town.first}/cancel/").content.decode()
    assert "-40,500.00" in page
    assert "+21,580.46" in page
    before = Settlement.objects.count()

    browser.post(f"/settlements/{settled_town.first}/cancel/", {"reason": "账单作废"})
    own = Proposal.objects.order_by("-id")[0]
    refused = browser.post(f"/proposals/{settled_town.proposal}/", {"act": "approve", "reason": ""})

    assert before + 2 == Settlement.objects.count()  # the town's proposal was nobody's own
    assert "/proposals/" == refused.headers["Location"]
    assert own.pk == settled_town.proposal  # the same was proposed already


def test_the_last_bill_is_cancelled_at_once_by_its_hospital(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.hospital), f"/settlements/{settled_town.second}/cancel/"

    assert f"/settlements/{settled_town.second}/" == browser.post(address, {"reason": "重复收费"}).headers["Location"]
    assert 1 == Settlement.objects.filter(kind="cancelled", origin=settled_town.second).count()


def test_a_change_is_rejected_only_with_a_reason(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/proposals/{settled_town.proposal}/"

    assert "请填写" in browser.post(address, {"act": "reject", "reason": ""}).content.decode()
    assert "/proposals/" == browser.post(address, {"act": "reject", "reason": "账单有效"}).headers["Location"]
    assert 404 == signed_in(Desk.city).post(address, {"act": "approve"}).status_code


def test_no_other_city_cancels_or_decides(signed_in: SignIn, settled_town: Town) -> None:
    there = signed_in(Desk.county, "3702")
    before = Settlement.objects.count()

    assert 404 == there.post(f"/settlements/{settled_town.second}/cancel/", {"reason": "x"}).status_code
    assert 404 == there.post(f"/proposals/{settled_town.proposal}/", {"act": "approve"}).status_code
    assert before == Settlement.objects.count()


@pytest.mark.parametrize(
    ("asked", "keys"),
    [("?kind=settled", 2), ("?kind=cancelled", 0), ("?first=2024-06-30&last=2024-06-30", 2), ("?first=2024-07-01", 0)],
)
def test_settlements_are_listed_by_day_and_kind(signed_in: SignIn, settled_town: Town, asked: str, keys: int) -> None:
    page = signed_in(Desk.finance).get(f"/settlements/{asked}").content.decode()

    assert keys == len(re.findall(r'href="/settlements/\d+/"', page))


def test_a_person_s_settlements_are_listed(signed_in: SignIn, settled_town: Town) -> None:
    browser = signed_in(Desk.county)

    page = browser.get(f"/settlements/?person={settled_town.person}").content.decode()

    assert 2 == len(re.findall(r'href="/settlements/\d+/"', page))
    assert "没有符合条件的结算" in browser.get("/settlements/?person=999999").content.decode()


def test_a_bill_is_corrected_as_it_was_seen(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.hospital), f"/settlements/{settled_town.second}/correct/"
    page = browser.get(address).content.decode()
    typed = dict(re.findall(r'name="(total|in_policy|date|key)"(?: [a-z-]+="[^"]*")*? value="([^"]*)"', page))
    assert ("38000.50", "2023-03-01") == (typed["total"], typed["date"])
    better = {**AT_HOSPITAL, **typed, "basic": "0", "total": "30000", "in_policy": "30000", "reason": "多收一天床位费"}
    looked = browser.post(address, {**better, "act": "look"}).content.decode()
    assert "别的结算时" in looked
    seen = dict(re.findall(r'name="(seen)" value="([^"]+)"', looked))

    other = {**better, **seen, "total": "29000", "in_policy": "29000", "act": "correct"}
    assert "还没有更正" in browser.post(address, other).content.decode()
    answer = browser.post(address, {**better, **seen, "act": "correct"})

    row = Settlement.objects.get(kind="corrected")
    assert (settled_town.second, 30_000_00, "多收一天床位费") == (row.origin, row.total_fen, row.reason)
    assert f"/settlements/{row.pk}/" == answer.headers["Location"]


def test_a_correction_s_faults_stand_on_its_page(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/settlements/{settled_town.first}/correct/"
    wrong = {**AT_HOSPITAL, "key": "C1", "date": "2999-01-01", "in_policy": "13,000", "reason": "录错"}
    page = browser.post(address, {**wrong, "act": "look"}).content.decode()

    assert "晚于今天" in page
    assert 0 == Settlement.objects.filter(kind="corrected").count()


def test_counts_are_brought_along_before_the_first_bill(signed_in: SignIn, settled_town: Town) -> None:
    browser, newcomer = signed_in(Desk.county), resident("subsistence_allowance")
    address = f"/people/{newcomer}/opening/"
    page = browser.get(address).content.decode()
    name = re.findall(r'name="(count_[a-z_0-9]*relief[a-z_0-9]*)"', page)[0]
    assert "不是" in browser.post(address, {name: "一万", "reason": "外市转入"}).content.decode()

    assert (
        f"/people/{newcomer}/" == browser.post(address, {name: "12,000.00", "reason": "外市转入"}).headers["Location"]
    )
    with entered(AT_COUNTY):
        assert [[12_000_00]] == [[count[-1] for count in counts] for counts in selectors.counts(newcomer).values()]
    assert "已经有结算" in browser.get(f"/people/{settled_town.person}/opening/").content.decode()


def test_a_change_of_two_counties_bills_waits_for_the_other_one(signed_in: SignIn, settled_town: Town) -> None:
    with entered(AT_COUNTY):
        person.hand_over(person=settled_town.person, region=OTHER_COUNTY, reason="迁居")
    settled(stay(settled_town.person, "20000"))
    browser = signed_in(Desk.county)
    browser.post(f"/settlements/{settled_town.first}/cancel/", {"reason": "账单作废"})
    address = f"/proposals/{Proposal.objects.latest('pk').pk}/"
    assert Proposal.objects.latest("pk").pk != settled_town.proposal
    with entered(Scope(desk=Desk.county, region=COUNTY, staff=99)):  # a colleague of who proposed it
        revision.approve(proposal=Proposal.objects.latest("pk").pk, on=TODAY)

    page = browser.get(address).content.decode()
    assert "已移交的对象" in page
    assert "本区划已经同意，还要阳谷县同意" in page
    assert "等别的区划" in browser.get("/proposals/").content.decode()
    assert 404 == signed_in(Desk.county, "3702").get(address).status_code
