"""A roster's way through the pages: looked at, taken in without what is faulty, taken back, a paper of it."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.console.conftest import ROSTER, SignIn, Town
from tuodi.platform.base.domain import Desk
from tuodi.platform.registry.models import Person, Roster, Status

WITH = {
    "department": "civil_affairs", "mode": "changes", "status": "", "adjusted_on": "2026-11-20",
    "effective_on": "2026年12月1日", "received_on": "20261126", "certificate": "",
}  # fmt: skip


def test_a_file_is_looked_at_before_anything_changes(signed_in: SignIn, settled_town: Town) -> None:
    browser, people = signed_in(Desk.department), Person.objects.count()
    file = SimpleUploadedFile("低保.csv", ROSTER.encode("gb18030"))
    answer = browser.post("/rosters/new/", {**WITH, "file": file})
    page = browser.get(answer.headers["Location"]).content.decode()

    assert people == Person.objects.count()
    assert "导入后，2 条身份登记会改变" in page
    assert "身份证号码的校验位不对" in page
    assert "程**" in page


def test_a_file_that_is_none_says_what_to_do_and_keeps_what_was_typed(signed_in: SignIn, settled_town: Town) -> None:
    file = SimpleUploadedFile("低保.pdf", b"%PDF-1.7")
    page = signed_in(Desk.department).post("/rosters/new/", {**WITH, "file": file}).content.decode()

    assert "文件是 PDF，不是表格" in page
    assert 'value="2026年12月1日"' in page


def test_faulty_rows_are_left_out_only_if_somebody_says_so(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/rosters/{settled_town.roster}/"

    assert "有 1 行有问题" in browser.post(f"{address}take-in/", {}).content.decode()
    assert address == browser.post(f"{address}take-in/", {"without_faulty": "on"}).headers["Location"]
    assert 2 == Status.objects.filter(roster=settled_town.roster, known_until=None).count()


def test_an_import_is_taken_back_with_a_reason(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/rosters/{settled_town.roster}/"
    browser.post(f"{address}take-in/", {"without_faulty": "on"})

    assert "请填写" in browser.post(f"{address}undo/", {"reason": ""}).content.decode()
    browser.post(f"{address}undo/", {"reason": "报错了名单"})

    assert "undone" == Roster.objects.get(pk=settled_town.roster).state
    assert 0 == Status.objects.filter(roster=settled_town.roster, known_until=None).count()


def test_an_import_has_a_paper(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.county), f"/rosters/{settled_town.roster}/"
    browser.post(f"{address}take-in/", {"without_faulty": "on"})
    quarterly, monthly = browser.get(f"{address}paper/"), browser.get(f"{address}paper/?month")

    assert ("application/pdf", b"%PDF") == (quarterly.headers["Content-Type"], quarterly.content[:4])
    assert ("application/pdf", True) == (monthly.headers["Content-Type"], monthly.content != quarterly.content)


def test_the_city_looks_and_does_not_decide(signed_in: SignIn, settled_town: Town) -> None:
    browser, address = signed_in(Desk.city), f"/rosters/{settled_town.roster}/"

    assert 200 == browser.get(address).status_code
    assert 403 == browser.post(f"{address}take-in/", {"without_faulty": "on"}).status_code
