"""What waits for the worker."""

import pytest
from django.db import DatabaseError, connection

from tuodi.platform.base import outbox
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered

COUNTY = Scope(desk=Desk.county, region="371502", staff=7)


def waiting() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("select topic, key, payload from base_outbox where done_at is null order by id")
        return cursor.fetchall()


@pytest.mark.django_db
def test_whoever_is_in_a_scope_leaves_errands_that_only_the_system_sees():
    with entered(COUNTY):
        outbox.put(topic="notice.send", key="case:1", payload={"to": "x"})
        assert [] == waiting()
    with entered(SYSTEM):
        assert [("notice.send", "case:1")] == [row[:2] for row in waiting()]


@pytest.mark.django_db
def test_an_errand_of_a_transaction_that_failed_is_not_there():
    with pytest.raises(ZeroDivisionError), entered(COUNTY):  # noqa: PT012 - the act that fails has two steps
        outbox.put(topic="notice.send", key="case:1")
        raise ZeroDivisionError
    with entered(SYSTEM):
        assert [] == waiting()


@pytest.mark.django_db
def test_without_a_scope_no_errand_is_left():
    with connection.cursor() as cursor:
        cursor.execute("set local role tuodi_app")

    with pytest.raises(DatabaseError, match="row-level security"):
        outbox.put(topic="notice.send", key="case:1")
