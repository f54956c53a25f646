"""The city's last months: messages of its hospitals, settled and cleared, and books that stand the recount."""

from datetime import date
from pathlib import Path

import pytest

from tuodi.core.month import Month
from tuodi.lab.population.settings import city_named
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import arrears, selectors
from tuodi.platform.clearing.audit import findings as clearing_findings
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.fund.audit import findings as fund_findings
from tuodi.platform.settlement.audit import findings as settlement_findings
from tuodi.site.city import build, clearing, month
from tuodi.site.city.people import CITY, residents

TODAY = date(2026, 3, 2)


def test_the_month_before_is_over():
    assert Month(2026, 2) == month.month_before(TODAY)
    assert Month(2025, 12) == month.month_before(date(2026, 1, 31))


def test_hospitals_send_the_end_of_a_month_and_the_whole_of_the_next_one():
    end, whole = month.days_to_live(TODAY)

    assert (month.LAST_DAYS, 28) == (len(end), len(whole))
    assert (build.first_lived(TODAY), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)) == (
        date(2026, 1, 1), end[-1], whole[0], whole[-1],
    )  # fmt: skip


@pytest.mark.slow
def test_months_go_through_the_gateway_once_and_are_cleared_as_offices_do_it(committed: None, tmp_path: Path):
    people = residents(2026, 1_500)
    build.built(TODAY, tmp_path, people)
    places = build.hospitals(city_named(CITY))[:2]
    months = [days[-5:] for days in month.days_to_live(TODAY)]

    assert not month.played(months[1], places[0])
    for days in months:
        for place in places:
            told = month.live(days, place, people, lambda: None)
            assert [] == [str(complaint) for complaint in told.complaints]
            assert month.played(days, place)
    assert (True, False) == (clearing.cleared(TODAY, places), clearing.cleared(TODAY, places))

    with entered(SYSTEM):
        assert {
            ("2026-01", Status.paid), ("2026-01", Status.confirmed), ("2026-02", Status.objected),
            ("2026-02", Status.drawn),
        } == {(str(line.month), line.status) for line in selectors.statements()}  # fmt: skip
        (late,) = [due for due in arrears.late(year=2026, on=TODAY) if due.is_late and due.paid_on is None]
        assert (Month(2026, 1), Status.confirmed) == (late.month, late.status)
        assert [] == [*fund_findings(), *settlement_findings(), *clearing_findings()]
