"""Django on a PostgreSQL of the tests' own: the embedded one, in a folder that later runs find again."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("TUODI_DATA", str(Path(tempfile.gettempdir()) / f"tuodi-tests-{os.geteuid()}"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuodi.site.settings")

import django

django.setup()

from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations

from tuodi.platform.base.domain import SYSTEM, Scope
from tuodi.platform.base.models import Institution, Region
from tuodi.platform.base.scope import entered

REGIONS = {
    "370000": "山东省",
    "371500": "聊城市",
    "371502": "东昌府区",
    "371521": "阳谷县",
    "370200": "青岛市",
    "370202": "市南区",
}


def emptied_whole(self: DatabaseOperations, style: object, tables: Any, **settings: Any) -> list[str]:
    """After a test with transactions of its own Django empties all tables, also those whose triggers forbid it.

    Row by row: a test leaves few, and to truncate a table makes new files, which takes seconds for all of them.
    """
    emptied = [f"delete from {self.quote_name(table)}" for table in tables]
    return ["set local session_replication_role = replica", *emptied] if emptied else []


DatabaseOperations.sql_flush = emptied_whole


def dropped_at_once(self: DatabaseCreation, test_database_name: str, verbosity: int) -> None:
    """The tests' database goes, whoever of a killed process or an ended thread still holds a connection to it."""
    with self._nodb_cursor() as cursor:
        cursor.execute(f"drop database if exists {self.connection.ops.quote_name(test_database_name)} with (force)")


DatabaseCreation._destroy_test_db = dropped_at_once


@pytest.fixture
def regions(db: None) -> dict[str, Region]:
    """Two cities of one province; the first has two counties."""
    return {code: Region.objects.create(code=code, name=name) for code, name in REGIONS.items()}


@pytest.fixture
def institutions(regions: dict[str, Region]) -> dict[str, Institution]:
    """A hospital of the third level in each of the first city's counties, and one in the other city."""
    places = {"H37150200001": "371502", "H37152100001": "371521", "H37020200001": "370202"}
    return {
        code: Institution.objects.create(code=code, name=f"{REGIONS[region]}人民医院", region_id=region, level=3)
        for code, region in places.items()
    }


@pytest.fixture
def as_system(db: None) -> Iterator[None]:
    """The test runs within the system's scope."""
    with entered(SYSTEM):
        yield


def within(scope: Scope) -> AbstractContextManager[None]:
    """Short for tests that change scope."""
    return entered(scope)
