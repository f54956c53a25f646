"""The trail: who writes what under which name, and who reads it."""

import pytest
from django.db import DatabaseError, connection, transaction

from tuodi.platform.base import audit
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered

COUNTY = Scope(desk=Desk.county, region="371502", staff=7)
HOSPITAL = Scope(desk=Desk.hospital, region="370202", institution="H37020200001", staff=8)


def trail() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("select staff_id, desk, institution_id, region_id, act from base_audit order by id")
        return cursor.fetchall()


@pytest.mark.django_db
def test_an_act_is_written_under_the_scope_s_name_and_region():
    with entered(COUNTY):
        audit.record(act="case.decide", subject="case:1", reason="符合条件", details={"relief_fen": 100})
        assert [(7, "county", "", "371502", "case.decide")] == trail()


@pytest.mark.django_db
def test_an_act_may_be_another_region_s_business_whose_desk_then_reads_it():
    with entered(HOSPITAL):
        audit.record(act="settlement.settle", subject="settlement:1", region="371502")
        assert [] == trail()
    with entered(COUNTY):
        assert [(8, "hospital", "H37020200001", "371502", "settlement.settle")] == trail()
    with entered(Scope(desk=Desk.county, region="371521")):
        assert [] == trail()


@pytest.mark.django_db
@pytest.mark.parametrize("columns", ["staff_id, act, subject) values (1,", "desk, act, subject) values ('finance',"])
def test_nobody_writes_under_another_name(columns: str):
    with entered(COUNTY), pytest.raises(DatabaseError, match="row-level security"):
        execute(f"insert into base_audit ({columns} 'x', 'y')")


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["id", "at", "transaction"])
def test_number_time_and_transaction_are_the_database_s_to_give(column: str):
    with entered(COUNTY), pytest.raises(DatabaseError, match="permission denied"):
        execute(f"insert into base_audit ({column}, act, subject) values (null, 'x', 'y')")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["update base_audit set act = 'x'", "delete from base_audit", "truncate base_audit"]
)
def test_not_even_the_owner_changes_the_trail(statement: str):
    with entered(COUNTY):
        audit.record(act="case.decide", subject="case:1")

    with pytest.raises(DatabaseError, match="only added"):
        execute(statement)


@pytest.mark.django_db
def test_without_a_scope_nothing_is_written():
    execute("set local role tuodi_app")

    with pytest.raises(DatabaseError, match="row-level security"):
        audit.record(act="x", subject="y")


@pytest.mark.django_db
def test_the_system_sees_the_whole_trail():
    with entered(COUNTY):
        audit.record(act="case.decide", subject="case:1")
    with entered(SYSTEM):
        audit.record(act="outbox.run", subject="outbox:1")
        assert ["371502", ""] == [row[3] for row in trail()]


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_row_survives_the_end_of_its_scope():
    with entered(COUNTY):
        audit.record(act="case.decide", subject="case:1")
    with entered(COUNTY):
        assert 1 == len(trail())
