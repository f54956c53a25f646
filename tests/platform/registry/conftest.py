"""Persons that nobody is: numbers of counties that were never given out."""

from collections.abc import Callable
from datetime import date

import pytest

from tuodi.lab.population.identity import check_digit
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.models import Region
from tuodi.platform.registry import person

TODAY = date(2026, 11, 28)
HERE = Scope(desk=Desk.county, region="371502", staff=1)
NEXT_DOOR = Scope(desk=Desk.county, region="371521", staff=2)
OTHER_CITY = Scope(desk=Desk.county, region="370202", staff=3)


def number(sequence: int, *, birth: str = "19600101", county: str = "371591") -> str:
    """A valid number of nobody."""
    head = f"{county}{birth}{sequence:03}"
    return head + check_digit(head)


@pytest.fixture
def enrolled(regions: dict[str, Region]) -> Callable[..., int]:
    """Enrols within the scope that the test has entered."""

    def enrol(sequence: int = 1, name: str = "单雄信", region: str = "371502", birth: str = "19600101") -> int:
        return person.enrol(number=number(sequence, birth=birth), name=name, region=region, today=TODAY)

    return enrol
