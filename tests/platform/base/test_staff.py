"""Accounts: who makes and changes them, and what is wrong with an entry."""

import pytest
from django.db import DatabaseError, transaction

from tuodi.core.finding import Faults
from tuodi.platform.base import staff
from tuodi.platform.base.domain import SYSTEM, Desk, Duty, Scope
from tuodi.platform.base.models import Audit, Region, Staff
from tuodi.platform.base.scope import entered

CITY = Scope(desk=Desk.administrator, region="371500", staff=1)


def codes(caught: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def made(username: str = "li.wei", desk: Desk = Desk.county, region: str = "371502") -> Staff:
    with entered(SYSTEM):
        return staff.create(username=username, name="李伟", desk=desk, region=region).staff


def test_a_new_account_has_a_password_that_must_be_changed_first(regions: dict[str, Region]):
    with entered(CITY):
        handed = staff.create(username="li.wei", name="李伟", desk=Desk.county, region="371502")

    person = Staff.objects.get(username="li.wei")
    assert (True, Duty.password) == (person.check_password(handed.password), person.duty)
    assert handed.password not in repr(handed)
    assert [("staff.create", f"staff:{person.pk}", "371502", 1)] == list(
        Audit.objects.values_list("act", "subject", "region_id", "staff_id")
    )


def test_every_fault_of_an_entry_is_told_at_once(regions: dict[str, Region]):
    with entered(CITY), pytest.raises(Faults) as caught:
        staff.create(username="李", name=" ", desk=Desk.hospital, region="999999")

    assert ["staff-username", "staff-name", "staff-region", "staff-institution"] == codes(caught)


def test_a_name_is_taken_whatever_its_case(regions: dict[str, Region]):
    made("li.wei")

    with entered(CITY), pytest.raises(Faults) as caught:
        staff.create(username="Li.Wei", name="李伟", desk=Desk.county, region="371502")
    assert ["staff-twice"] == codes(caught)


def test_an_administrator_makes_nobody_outside_their_region(regions: dict[str, Region]):
    with pytest.raises(DatabaseError, match="row-level security"), entered(CITY):
        staff.create(username="wang.fang", name="王芳", desk=Desk.county, region="370202")


def test_an_administrator_changes_nobody_outside_their_region(regions: dict[str, Region]):
    made("wang.fang", region="370202")

    with entered(CITY), pytest.raises(Faults) as caught:
        staff.lock(username="wang.fang", reason="离职")
    assert ["staff-elsewhere"] == codes(caught)


def test_an_act_on_an_account_wants_a_reason_and_an_account(regions: dict[str, Region]):
    with entered(CITY), pytest.raises(Faults) as caught:
        staff.lock(username="nobody", reason=" ")

    assert ["staff-unknown", "staff-reason"] == codes(caught)


@pytest.mark.parametrize(
    ("desk", "duty"), [(Desk.county, Duty.two_factor), (Desk.finance, Duty.two_factor), (Desk.township, None)]
)
def test_desks_that_move_money_enable_a_second_factor(regions: dict[str, Region], desk: Desk, duty: Duty | None):
    person = made(desk=desk)
    person.must_change_password = False

    assert duty == person.duty


def test_somebody_changes_their_own_password(regions: dict[str, Region]):
    person = made()
    person.set_password("the-first-long-one")
    person.save()
    before = person.get_session_auth_hash()

    with entered(person.scope):
        staff.change_password(staff=person, old="the-first-long-one", new="一句别人想不到的很长的话")

    person.refresh_from_db()
    assert (True, False) == (person.check_password("一句别人想不到的很长的话"), person.must_change_password)
    assert before != person.get_session_auth_hash()


def test_a_weak_or_the_same_password_is_refused_in_chinese(regions: dict[str, Region]):
    person = made()

    with entered(person.scope), pytest.raises(Faults) as caught:
        staff.change_password(staff=person, old="x", new="12345678")

    assert ["原密码不正确", "密码不足 10 位", "密码太常见", "密码全是数字"] == [
        finding.message for finding in caught.value.findings
    ]


@pytest.mark.parametrize("columns", [{"desk": "finance"}, {"region_id": "371500"}, {"is_active": False}])
def test_nobody_gives_themselves_another_desk(regions: dict[str, Region], columns: dict[str, object]):
    person = made()

    with entered(person.scope), pytest.raises(DatabaseError, match="another desk"), transaction.atomic():
        Staff.objects.filter(pk=person.pk).update(**columns)


def test_nobody_changes_another_s_password(regions: dict[str, Region]):
    other, person = made("wang.fang"), made("li.wei")

    with entered(person.scope):
        assert 0 == Staff.objects.filter(pk=other.pk).update(password="x")
