"""Two counties of one city and another city: what the database itself keeps apart."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.platform.registry.conftest import HERE, NEXT_DOOR, OTHER_CITY, TODAY, number
from tests.platform.registry.sheets import delivery, workbook
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import household, insurance, roster, status
from tuodi.platform.registry.domain import Department, Held

pytestmark = pytest.mark.django_db
TABLES = [
    "person", "household", "status", "insurance", "change", "roster", "roster_row", "roster_finding",
]  # fmt: skip
LOW = Held(status="subsistence_allowance", starts_on=date(2024, 1, 1))


@pytest.fixture
def filled(enrolled: Callable[..., int]) -> int:
    """Something in every table of 东昌府区."""
    with entered(HERE):
        somebody = enrolled(7)
        household.register(region="371502", number="H1")
        status.grant(person=somebody, held=LOW, department=Department.civil_affairs)
        insurance.begin(person=somebody, kind="resident", starts_on=date(2024, 1, 1))
        content = workbook([["赵一", number(1), "低保", "昨天"]])
        roster.preview(content=content, file_name="", delivery=delivery(), today=TODAY)
    return somebody


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from registry_{table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (HERE, set(TABLES)),
        (NEXT_DOOR, set()),
        (OTHER_CITY, set()),
        (Scope(desk=Desk.city, region="371500"), set(TABLES)),
        (Scope(desk=Desk.city, region="370200"), set()),
        (Scope(desk=Desk.supervisor, region="370000"), set(TABLES)),
        (Scope(desk=Desk.township, region="371502"), set(TABLES)),
        (Scope(desk=Desk.insurer, region="371500"), {"person", "household", "status", "insurance", "change"}),
        (Scope(desk=Desk.finance, region="371502"), set()),
        (Scope(desk=Desk.administrator, region="371500"), set()),
        (Scope(desk=Desk.hospital, region="371502", institution="H37150200001"), set()),
    ],
)
def test_who_sees_what(filled: int, scope: Scope, sees: set[str]):
    with entered(scope):
        assert sees == {table for table in TABLES if count(table)}


def test_without_a_scope_the_application_s_role_sees_nothing(filled: int):
    with connection.cursor() as cursor:
        cursor.execute("set local role tuodi_app")

    assert {0} == {count(table) for table in TABLES}


@pytest.mark.parametrize(
    "statement",
    [
        "insert into registry_household (region_id, number, township, village, address)"
        " values ('371502', 'X', '', '', '')",
        "insert into registry_change (person_id, region_id, from_day, reason)"
        " values ({person}, '371502', '2024-01-01', 'x')",
        "insert into registry_insurance (person_id, region_id, kind, starts_on)"
        " values ({person}, '371502', 'resident', '2020-01-01')",
        "insert into registry_status (person_id, region_id, status, starts_on, department, certificate)"
        " values ({person}, '371502', 'orphan', '2020-01-01', 'civil_affairs', '')",
    ],
)
def test_a_neighbour_and_the_city_write_nothing_into_the_county(filled: int, statement: str):
    for scope in (NEXT_DOOR, Scope(desk=Desk.city, region="371500")):
        with pytest.raises(DatabaseError, match="row-level security"), entered(scope):
            execute(statement.format(person=filled))


def test_a_department_writes_no_status_of_another_one(filled: int):
    staff = Staff.objects.create(
        username="v", name="办事员", desk="department", region_id="371502", department="veterans"
    )
    with (
        pytest.raises(DatabaseError, match="own_department"),
        entered(Scope(desk=Desk.department, region="371502", staff=staff.pk)),
    ):
        status.grant(
            person=filled, held=Held(status="orphan", starts_on=date(2024, 1, 1)), department=Department.civil_affairs
        )


@pytest.mark.parametrize("shift", ["2024-06-01", "2023-06-01"])
def test_the_database_itself_refuses_a_status_twice_on_a_day(filled: int, shift: str):
    with pytest.raises(DatabaseError, match="registry_status_no_overlap"), entered(HERE):
        execute(
            "insert into registry_status (person_id, region_id, status, starts_on, department, certificate)"
            f" values ({filled}, '371502', 'subsistence_allowance', '{shift}', 'civil_affairs', '')"
        )


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
