"""What a roster's tables refer to is there, whoever writes, though it is looked up once a statement."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.platform.registry.conftest import HERE
from tuodi.platform.base.scope import entered

CHANGE = "insert into registry_change (person_id, region_id, from_day, reason) values (%s, %s, '2024-01-01', '')"


def refused(statement: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    except DatabaseError as why:
        raise AssertionError(statement) from why
    return False


def test_a_row_names_what_is_there_and_nothing_else(enrolled: Callable[..., int]):
    with entered(HERE):
        person = enrolled()

    assert [False, True, True] == [
        refused(CHANGE, person, "371502"), refused(CHANGE, person + 1, "371502"), refused(CHANGE, person, "371599")
    ]  # fmt: skip
    assert refused("update registry_person set household_id = 1 where id = %s", person)
    assert refused("update registry_person set region_id = '371599' where id = %s", person)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from registry_person",
        "update registry_person set id = id + 1000",
        "delete from base_region where code = '371521'",
        "update base_region set code = '371522' where code = '371521'",
        "truncate registry_roster cascade",
    ],
)
def test_what_is_named_lasts_under_its_key(enrolled: Callable[..., int], statement: str):
    with entered(HERE):
        enrolled()

    assert refused(statement)
