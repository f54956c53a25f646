"""Persons: enrolled once, masked, corrected, handed over."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.platform.registry.conftest import HERE, NEXT_DOOR, OTHER_CITY, TODAY, number
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import household, person
from tuodi.platform.registry.models import Person

pytestmark = pytest.mark.django_db
Enrol = Callable[..., int]


def codes(caught: pytest.ExceptionInfo[Faults]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def acts() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("select act, reason from base_audit order by id")
        return cursor.fetchall()


def test_a_person_is_kept_without_a_readable_number(enrolled: Enrol):
    with entered(HERE):
        row = Person.objects.get(id=enrolled(7))

    assert ("shan xiong xin", "sxx", "male", "1960-01-01") == (
        row.name_key, row.name_initials, row.sex, str(row.birth_date)
    )  # fmt: skip
    assert number(7).encode() not in bytes(row.number_sealed) + bytes(row.number_index)


def test_a_number_is_enrolled_once_and_another_county_is_told_where(enrolled: Enrol):
    with entered(HERE):
        enrolled(7)
    with entered(OTHER_CITY), pytest.raises(Faults, match="东昌府区") as caught:
        enrolled(7, region="370202")

    assert ["person-enrolled"] == codes(caught)


def test_all_faults_of_an_enrolment_are_told_at_once(regions: object):
    with entered(HERE), pytest.raises(Faults) as caught:
        person.enrol(number="123", name=" ", region="371500", today=TODAY, household=9)

    assert ["number-form", "name-missing", "region-unknown", "household-unknown"] == codes(caught)


def test_unmasking_needs_a_reason_and_leaves_a_trace(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
        with pytest.raises(Faults, match="理由"):
            person.unmask(person=somebody, reason=" ")
        seen = person.unmask(person=somebody, reason="核对银行卡")
        assert (number(7), "单雄信") == (seen.number, seen.name)
        assert ("person.unmask", "核对银行卡") == acts()[-1]
    assert number(7) not in repr(seen)


def test_a_name_that_was_written_wrong_is_corrected_and_the_old_one_kept_in_the_trail(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
        person.correct(person=somebody, name="仇英", reason="姓名录入错误", today=TODAY)

        assert "qiu ying" == Person.objects.get(id=somebody).name_key
        with connection.cursor() as cursor:
            cursor.execute("select details ->> 'name' from base_audit where act = 'person.correct'")
            assert [("单雄信",)] == cursor.fetchall()


def test_a_corrected_number_is_nobody_else_s_and_changes_the_past_with_the_birth(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
        enrolled(9)
        with pytest.raises(Faults) as caught:
            person.correct(person=somebody, number=number(9), reason="录错", today=TODAY)
        assert ["person-enrolled"] == codes(caught)
        person.correct(person=somebody, number=number(11, birth="19500101"), reason="录错", today=TODAY)

        assert "1950-01-01" == str(Person.objects.get(id=somebody).birth_date)
        with connection.cursor() as cursor:
            cursor.execute("select person_id, from_day::text from registry_change")
            assert [(somebody, "1950-01-01")] == cursor.fetchall()


def test_only_the_county_that_has_a_person_gives_them_and_then_sees_them_no_more(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled(7)
    with entered(NEXT_DOOR), pytest.raises(Faults, match="没有登记"):
        person.hand_over(person=somebody, region="371521", reason="迁入")
    with entered(HERE):
        person.hand_over(person=somebody, region="371521", reason="户口迁移")
        assert not Person.objects.exists()
    with entered(NEXT_DOOR):
        assert [somebody] == list(Person.objects.values_list("id", flat=True))


def test_a_person_lives_in_a_household_of_the_own_county(enrolled: Enrol):
    with entered(NEXT_DOOR):
        elsewhere = household.register(region="371521", number="A1")
    with entered(HERE):
        here = household.register(region="371502", number="A1", township="柳园街道")
        assert here == household.register(region="371502", number="A1", township="古楼街道")
        somebody = enrolled(7)
        person.settle_in(person=somebody, household=here, relation="户主")
        with pytest.raises(Faults) as caught:
            person.settle_in(person=somebody, household=elsewhere)
    assert ["household-unknown"] == codes(caught)


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (HERE, True),
        (NEXT_DOOR, False),
        (OTHER_CITY, False),
        (Scope(desk=Desk.city, region="371500"), True),
        (Scope(desk=Desk.city, region="370200"), False),
        (Scope(desk=Desk.finance, region="371502"), False),
        (Scope(desk=Desk.hospital, region="371502", institution="H37150200001"), False),
    ],
)
def test_who_sees_a_person_in_the_table(enrolled: Enrol, scope: Scope, sees: bool):
    with entered(HERE):
        enrolled(7)
    with entered(scope):
        assert sees == Person.objects.exists()
