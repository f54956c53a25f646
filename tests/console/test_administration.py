"""The administrator's acts: told once, within the region, each with a reason, and all of it in the trail."""

from __future__ import annotations

import re

import pytest

from tests.console.conftest import Offices, SignIn
from tests.platform.settlement.town import HOSPITAL
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Agreement, Audit, Credential, Holiday, Institution, Region, Staff

pytestmark = pytest.mark.django_db
SOMEBODY = {"username": "li.wei", "name": "李伟", "desk": "township", "region": "371502", "institution": ""}


def test_a_new_account_s_password_is_told_once(signed_in: SignIn) -> None:
    browser = signed_in(Desk.administrator)
    page = browser.post("/staff/new/", {**SOMEBODY, "department": ""}).content.decode()
    (password,) = re.findall(r"<strong>([a-z2-9-]{14})</strong>", page)
    staff = Staff.objects.get(username="li.wei")

    assert staff.check_password(password)
    assert password not in browser.get(f"/staff/{staff.pk}/").content.decode()


def test_everything_wrong_with_an_account_is_told_at_once(signed_in: SignIn) -> None:
    wrong = {**SOMEBODY, "username": "county3715", "desk": "hospital", "department": ""}
    page = signed_in(Desk.administrator).post("/staff/new/", wrong).content.decode()

    assert "有 2 处要改正" in page
    assert "用户名“county3715”已经有了" in page
    assert "医药机构的人员必须有机构" in page
    assert 'value="李伟"' in page


def test_no_account_is_made_or_touched_in_another_city(signed_in: SignIn, offices: Offices) -> None:
    browser, there = signed_in(Desk.administrator), offices[Desk.township, "3702"]

    assert "选择一个有效的选项" in browser.post("/staff/new/", {**SOMEBODY, "region": "370202"}).content.decode()
    assert 404 == browser.post(f"/staff/{there.pk}/lock/", {"reason": "x"}).status_code
    assert Staff.objects.get(pk=there.pk).is_active


def test_an_account_is_locked_with_a_reason_and_unlocked_again(signed_in: SignIn, offices: Offices) -> None:
    browser, staff = signed_in(Desk.administrator), offices[Desk.township, "3715"]
    assert "请填写" in browser.post(f"/staff/{staff.pk}/lock/", {"reason": ""}).content.decode()
    browser.post(f"/staff/{staff.pk}/lock/", {"reason": "调离岗位"})
    assert not Staff.objects.get(pk=staff.pk).is_active
    browser.post(f"/staff/{staff.pk}/unlock/", {"reason": "调回"})

    assert Staff.objects.get(pk=staff.pk).is_active
    page = browser.get("/trail/").content.decode()
    assert ["启用账号", "停用账号"] == re.findall(r"<td>((?:启用|停用)账号)</td>", page)
    assert "调离岗位" in page


def test_an_institution_is_entered_with_an_agreement_that_ends(signed_in: SignIn) -> None:
    browser = signed_in(Desk.administrator)
    typed = {"code": "H37152100002", "name": "阳谷县中医院", "region": "371521", "level": "2", "single_disease": "on"}
    assert "/institutions/H37152100002/" == browser.post("/institutions/new/", typed).headers["Location"]
    browser.post("/institutions/H37152100002/agreement/", {"starts_on": "2026-01-01", "last_day": "2026-12-31"})
    overlapping = browser.post("/institutions/H37152100002/agreement/", {"starts_on": "2026-06-01", "last_day": ""})

    assert "与已有的协议重叠" in overlapping.content.decode()
    agreed = Agreement.objects.get(institution="H37152100002")
    assert ("2026-01-01", "2027-01-01") == (str(agreed.starts_on), str(agreed.ends_on))
    assert 2 == Institution.objects.get(pk="H37152100002").level
    browser.post("/institutions/H37152100002/agreement/end/", {"last_day": "2026-06-30", "reason": "违规"})
    assert "2026-07-01" == str(Agreement.objects.get(institution="H37152100002").ends_on)


def test_a_credential_s_secret_is_told_once_and_the_credential_ends(signed_in: SignIn) -> None:
    browser, address = signed_in(Desk.administrator), f"/institutions/{HOSPITAL}/"
    page = browser.post(address, {"variant": "national", "addresses": "10.1.2.3，10.2.0.0/16"}).content.decode()
    (secret,) = re.findall(r"<strong>([0-9a-f]{64})</strong>", page)
    kept = Credential.objects.get()

    assert ["10.1.2.3", "10.2.0.0/16"] == kept.addresses
    assert secret not in browser.get(address).content.decode()
    assert "不是地址或网段" in browser.post(address, {"variant": "national", "addresses": "本院"}).content.decode()
    browser.post(f"{address}revoke/{kept.access_key}/", {"reason": "泄露"})
    kept.refresh_from_db()
    assert kept.ends_at is not None


def test_a_year_s_holidays_are_entered(signed_in: SignIn) -> None:
    typed = {
        "year": "2027",
        "rests": "2027-01-01 2027-10-01至2027-10-07",
        "works": "2027-10-09",
        "document": "国办发明电",
    }
    browser = signed_in(Desk.administrator)
    assert "/holidays/" == browser.post("/holidays/", typed).headers["Location"]

    assert 8 == len(Holiday.objects.get().rests)
    assert "本系统录入" in browser.get("/holidays/").content.decode()
    twice = browser.post("/holidays/", {**typed, "works": "2027-10-01"}).content.decode()
    assert "既放假又上班" in twice


def test_a_county_is_entered(signed_in: SignIn) -> None:
    browser = signed_in(Desk.administrator)
    browser.post("/regions/", {"code": "371522", "name": "莘县"})

    assert "莘县" == Region.objects.get(pk="371522").name
    assert "不是区划代码" in browser.post("/regions/", {"code": "3715", "name": "某县"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "acts"),
    [
        ({"who": "county3715"}, ["status.grant"]),
        ({"act": "person.enrol"}, ["person.enrol"]),
        ({"subject": "person:1"}, ["person.enrol"]),
        ({"first": "2030-01-01"}, []),
    ],
)
def test_the_trail_is_read_by_person_act_subject_and_day(
    signed_in: SignIn, offices: Offices, asked: dict[str, str], acts: list[str]
) -> None:
    for desk, act, subject in ((Desk.county, "status.grant", "status:1"), (Desk.finance, "person.enrol", "person:1")):
        who = offices[desk, "3715"]
        Audit.objects.create(
            staff_id=who.pk, desk=desk.name, institution_id="", region_id="371502", act=act, subject=subject
        )
    page = signed_in(Desk.county).get("/trail/", asked).content.decode()

    labels = {"status.grant": "认定身份", "person.enrol": "登记对象"}
    assert [labels[act] for act in acts] == re.findall(r"<td>(认定身份|登记对象)</td>", page)
