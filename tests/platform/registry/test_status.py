"""Statuses in two times: when they hold, and when we knew."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.platform.registry.conftest import HERE, NEXT_DOOR
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import insurance, person, status
from tuodi.platform.registry.domain import Department, Held
from tuodi.platform.registry.models import Change, Status

pytestmark = pytest.mark.django_db
Enrol = Callable[..., int]
D = date.fromisoformat
CIVIL = Department.civil_affairs


def held(start: str = "2024-01-01", end: str | None = None, word: str = "subsistence_allowance", **more: date) -> Held:
    return Held(status=word, starts_on=D(start), ends_on=D(end) if end else None, **more)


def case_person(somebody: int, day: str = "2024-06-01") -> Any:
    with connection.cursor() as cursor:
        cursor.execute("select registry_case_person(%s, %s)::text", [somebody, day])
        row = cursor.fetchone()[0]
    return row if row is None else json.loads(row)


def changes() -> list[tuple[int, str]]:
    return [(row.person_id, str(row.from_day)) for row in Change.objects.order_by("id")]


def test_a_status_is_part_of_the_case_with_the_insurance_of_the_day(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        status.grant(person=somebody, held=held(end="2025-01-01"), department=CIVIL, certificate="民〔2024〕1号")
        insurance.begin(person=somebody, kind="resident", starts_on=D("2024-01-01"), ends_on=D("2025-01-01"))

        assert {
            "id": str(somebody),
            "birth_date": "1960-01-01",
            "insurance": "resident",
            "statuses": [{"status": "subsistence_allowance", "from": "2024-01-01", "to": "2025-01-01"}],
        } == case_person(somebody)
        assert "none" == case_person(somebody, "2025-01-01")["insurance"]


@pytest.mark.parametrize(
    ("scope", "answers"),
    [
        (Scope(desk=Desk.hospital, region="370202", institution="H37020200001"), True),
        (NEXT_DOOR, False),
        (Scope(desk=Desk.city, region="371500"), True),
        (Scope(desk=Desk.finance, region="371502"), False),
    ],
)
def test_who_is_told_of_a_person_by_the_id(enrolled: Enrol, scope: Scope, answers: bool):
    with entered(HERE):
        somebody = enrolled()
    with entered(scope):
        assert answers == (case_person(somebody) is not None)


def test_ending_keeps_what_was_known_before(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        first = status.grant(person=somebody, held=held(), department=CIVIL)
        second = status.end(status=first, ends_on=D("2024-07-01"), reason="退出低保")

        old, new = Status.objects.get(id=first), Status.objects.get(id=second)
        assert (None, D("2024-07-01")) == (old.ends_on, new.ends_on)
        assert old.known_until == new.known_from
        assert first == new.supersedes_id
        assert [(somebody, "2024-01-01"), (somebody, "2024-07-01")] == changes()


def test_what_is_still_to_come_changes_no_past(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        row = status.grant(person=somebody, held=held("2999-01-01"), department=CIVIL)
        status.correct(status=row, held=held("2999-02-01"), reason="日期录错")
        assert [] == changes()


def test_an_application_may_change_days_before_its_recognition(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        ill = held("2024-05-20", word="illness_impoverished", applied_on=D("2024-05-10"))
        status.grant(person=somebody, held=ill, department=CIVIL)
        assert [(somebody, "2023-05-01")] == changes()


def test_a_withdrawn_status_was_never_held(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        row = status.grant(person=somebody, held=held(), department=CIVIL)
        status.withdraw(status=row, reason="认错人")
        assert [] == case_person(somebody)["statuses"]
        status.grant(person=somebody, held=held(), department=CIVIL)


@pytest.mark.parametrize(
    ("wanted", "department", "code"),
    [
        (held(), Department.veterans, "department-wrong"),
        (held(word="poor"), CIVIL, "status-unknown"),
        (held(end="2024-01-01"), CIVIL, "period-reversed"),
        (held(applied_on=D("2024-02-01")), CIVIL, "from-before-application"),
        (held("2023-06-01", "2024-06-01"), CIVIL, "status-overlaps"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_with_its_reason(
    enrolled: Enrol, wanted: Held, department: Department, code: str
):
    with entered(HERE):
        somebody = enrolled()
        status.grant(person=somebody, held=held(end="2025-01-01"), department=CIVIL)
        with pytest.raises(Faults) as caught:
            status.grant(person=somebody, held=wanted, department=department)
    assert [code] == [finding.code for finding in caught.value.findings]
    assert caught.value.findings[0].remedy


def test_a_row_that_was_superseded_is_not_superseded_again(enrolled: Enrol):
    with entered(HERE):
        row = status.grant(person=enrolled(), held=held(), department=CIVIL)
        status.end(status=row, ends_on=D("2024-07-01"))
        with pytest.raises(Faults) as caught:
            status.end(status=row, ends_on=D("2024-08-01"))
    assert "status-superseded" == caught.value.findings[0].code


@pytest.mark.parametrize(
    "statement",
    [
        "update registry_status set ends_on = '2030-01-01'",
        "update registry_status set known_until = null where known_until is not null",
        "delete from registry_status",
        "truncate registry_status",
        "update registry_change set from_day = '2030-01-01'",
    ],
)
def test_knowledge_is_never_rewritten(enrolled: Enrol, statement: str):
    with entered(HERE):
        row = status.grant(person=enrolled(), held=held(), department=CIVIL)
        status.end(status=row, ends_on=D("2024-07-01"))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_whoever_moves_takes_the_statuses_along(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        status.grant(person=somebody, held=held(), department=CIVIL)
        person.hand_over(person=somebody, region="371521", reason="户口迁移")
        assert not Status.objects.exists()
    with entered(NEXT_DOOR):
        assert 1 == len(case_person(somebody)["statuses"])


def test_insurances_do_not_overlap_and_are_corrected_in_knowledge(enrolled: Enrol):
    with entered(HERE):
        somebody = enrolled()
        row = insurance.begin(person=somebody, kind="resident", starts_on=D("2024-01-01"))
        with pytest.raises(Faults, match="已参加居民医保"):
            insurance.begin(person=somebody, kind="employee", starts_on=D("2024-06-01"))
        insurance.correct(
            insurance=row, kind="resident", starts_on=D("2024-01-01"), ends_on=D("2024-06-01"), reason="转职工"
        )
        insurance.begin(person=somebody, kind="employee", starts_on=D("2024-06-01"))
        assert "employee" == case_person(somebody)["insurance"]
