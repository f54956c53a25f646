"""The city's last month: messages of its hospitals, settled, and books that stand the recount."""

from datetime import date
from pathlib import Path

import pytest

from tuodi.core.month import Month
from tuodi.lab.population.settings import city_named
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.fund.audit import findings as fund_findings
from tuodi.platform.settlement.audit import findings as settlement_findings
from tuodi.site.city import build, month
from tuodi.site.city.people import CITY, residents

TODAY = date(2026, 3, 2)


def test_the_month_before_is_over():
    assert Month(2026, 2) == month.month_before(TODAY)
    assert Month(2025, 12) == month.month_before(date(2026, 1, 31))


@pytest.mark.slow
def test_a_month_goes_through_the_gateway_once_and_its_books_are_right(committed: None, tmp_path: Path):
    people = residents(2026, 1_500)
    build.built(TODAY, tmp_path, people)
    place, past = build.hospitals(city_named(CITY))[0], month.month_before(TODAY)

    days: list[None] = []
    assert not month.played(past, place)
    told = month.live(past, place, people, lambda: days.append(None))

    assert month.played(past, place)
    assert [] == [str(complaint) for complaint in told.complaints]
    assert 28 == len(days)
    assert told.relief > 0
    with entered(SYSTEM):
        assert [] == list(fund_findings())
        assert [] == list(settlement_findings())
