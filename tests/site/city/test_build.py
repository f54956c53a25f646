"""The demonstration city, made as a real one is."""

import stat
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from tuodi.platform.base.domain import SYSTEM, Desk
from tuodi.platform.base.models import Institution, Region, Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.fund.audit import findings as fund_findings
from tuodi.platform.registry.models import Insurance, Person, Status
from tuodi.site.city import build
from tuodi.site.city.people import residents

TODAY = date(2026, 11, 28)
FEW = 400


@pytest.fixture(scope="module")
def people() -> list[object]:
    return list(residents(2026, FEW))


def test_the_same_people_live_there_whenever_it_is_made(people: list[object]):
    assert people == list(residents(2026, FEW))


def test_statuses_are_of_the_year_and_never_twice_at_once(people: list[object]):
    for resident in people:
        assert resident.statuses
        for one in resident.statuses:
            assert one.ends_on is None or one.starts_on < one.ends_on
            others = [other for other in resident.statuses if other is not one and other.status == one.status]
            assert all(other.ends_on <= one.starts_on or one.ends_on <= other.starts_on for other in others)


@pytest.mark.django_db
def test_a_city_is_made_once_whole_and_its_accounts_can_sign_in(tmp_path: Path, people: list[object]):
    assert build.built(TODAY, tmp_path, people)
    assert not build.built(TODAY, tmp_path, people)

    with entered(SYSTEM):
        assert 9 == Region.objects.count()
        assert 17 == Institution.objects.count()
        assert len(people) == Person.objects.count()
        assert sum(len(resident.statuses) for resident in people) == Status.objects.count()
        assert sum(resident.insurance != "none" for resident in people) == Insurance.objects.count()
        accounts = {account.username: account for account in Staff.objects.all()}
        assert [] == list(fund_findings())
    signs = build.sign_ins(tmp_path)
    assert set(accounts) == {sign.username for sign in signs}
    assert all(check_password(sign.password, accounts[sign.username].password) for sign in signs[:2])
    assert {desk.name for desk in Desk} - {"system", "insurer"} == {account.desk for account in accounts.values()}
    assert 0o600 == stat.S_IMODE((tmp_path / build.SIGN_INS).stat().st_mode)


@pytest.mark.django_db
def test_without_a_city_nobody_can_sign_in(tmp_path: Path):
    assert [] == build.sign_ins(tmp_path)
