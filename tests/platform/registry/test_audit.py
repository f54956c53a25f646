"""The recount names what somebody planted behind the constraints' back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from tests.platform.registry.conftest import HERE, TODAY, number
from tests.platform.registry.sheets import delivery, workbook
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import audit, insurance, roster, status
from tuodi.platform.registry.domain import Department, Held

pytestmark = pytest.mark.django_db
LOW = Held(status="subsistence_allowance", starts_on=date(2024, 1, 1))


@pytest.fixture
def filled(enrolled: Callable[..., int]) -> None:
    with entered(HERE):
        somebody = enrolled(7)
        row = status.grant(person=somebody, held=LOW, department=Department.civil_affairs)
        status.end(status=row, ends_on=date(2024, 6, 1))
        insurance.begin(person=somebody, kind="resident", starts_on=date(2024, 1, 1))
        rows = [["赵一", number(1), "低保", date(2024, 1, 1)]]
        roster.take_in(roster=roster.preview(content=workbook(rows), file_name="", delivery=delivery(), today=TODAY))


def codes() -> list[str]:
    with entered(SYSTEM):
        return [finding.code for finding in audit.findings()]


def test_what_the_services_wrote_is_well(filled: None):
    assert [] == codes()


@pytest.mark.parametrize(
    ("planted", "code"),
    [
        (
            "alter table registry_status drop constraint registry_status_no_overlap; insert into registry_status"
            " (person_id, region_id, status, starts_on, department, certificate) select person_id, region_id, status,"
            " starts_on, department, certificate from registry_status where known_until is null and roster_id is null",
            "status-twice",
        ),
        (
            "alter table registry_insurance drop constraint registry_insurance_no_overlap; insert into"
            " registry_insurance (person_id, region_id, kind, starts_on) select person_id, region_id, 'employee',"
            " '2025-01-01' from registry_insurance",
            "insurance-twice",
        ),
        (
            "alter table registry_status drop constraint registry_status_no_overlap;"
            " update registry_status set known_until = known_until + interval '1 hour' where known_until is not null",
            "knowledge-out-of-order",
        ),
        ("update registry_status set roster_id = null", "import-differs"),
        ("update registry_roster set state = 'previewed'", "import-differs"),
        ("update registry_person set birth_date = '1961-01-01' where name = '赵一'", "number-differs"),
        ("update registry_person set number_index = sha256('x') where name = '赵一'", "number-differs"),
        ("update registry_person set number_sealed = sha256('x') where name = '赵一'", "number-unreadable"),
    ],
)
def test_a_planted_fault_is_named(filled: None, planted: str, code: str):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(planted)
        cursor.execute("set local session_replication_role = origin")

    assert code in codes()
