"""Months that are drawn by themselves: on the agreed working day, once, and again where something was in the way."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from tests.platform.clearing.office import APRIL, CLERK, COUNTY, HOSPITAL, drawn, refused, treated
from tuodi.platform.base import work
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Audit, Outbox
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import monthly, selectors, term
from tuodi.platform.clearing.domain.lateness import Terms

pytestmark = pytest.mark.usefixtures("office")

THIRD_DAY = date(2024, 5, 8)  # after the holidays of May


def agree(draw_on: int | None = 3, institution: str = "") -> None:
    terms = Terms(pay_within=None, confirm_within=None, within_year=False, basis="协议", draw_on=draw_on)
    with entered(CLERK):
        term.agree(region=COUNTY, starts_on=date(2024, 1, 1), terms=terms, institution=institution)


def comes(day: date) -> list[str]:
    """Months drawn by the end of the day, after the errand has been run on it."""
    with entered(SYSTEM):
        number = Outbox.objects.filter(topic=term.DRAW).order_by("id").values_list("id", flat=True).last()
        monthly.draw_due(region=COUNTY, on=day, errand=number or 0)
        Outbox.objects.filter(pk=number).update(done_at="2024-01-01T00:00+08:00")
        return [str(line.month) for line in selectors.statements(region=COUNTY)]


def waiting() -> list[str]:
    """When the errand is due again, in China's days."""
    with entered(SYSTEM):
        rows = Outbox.objects.filter(topic=term.DRAW, done_at=None).order_by("due_at")
        return [str(row.due_at.astimezone(monthly.timezone.get_current_timezone()).date()) for row in rows]


def test_a_month_is_drawn_on_its_day_and_the_next_one_is_seen_to():
    agree()
    treated("1000")

    assert ([], ["2024-05-08"]) == (comes(date(2024, 5, 7)), waiting())
    assert (["2024-04"], ["2024-06-05"]) == (comes(THIRD_DAY), waiting())
    with entered(SYSTEM):
        (row,) = Audit.objects.filter(act="clearing.draw_month")
    assert ("month:2024-04", {"drawn": 1, "hindered": {}}) == (row.subject, row.details)


def test_what_is_in_the_way_is_tried_again_the_next_day():
    agree()
    treated("1000")
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica; update fund_line set fen = fen + sign(fen)")
        cursor.execute("set session_replication_role = origin")

    assert ([], ["2024-05-09"]) == (comes(THIRD_DAY), waiting())
    with entered(SYSTEM):
        (row,) = Audit.objects.filter(act="clearing.draw_month")
    assert {"drawn": 0, "hindered": {HOSPITAL: ["row-not-booked"]}} == row.details


def test_a_month_that_somebody_has_drawn_is_not_drawn_twice():
    agree()
    treated("1000")
    drawn(APRIL)

    assert ["2024-04"] == comes(THIRD_DAY)
    with entered(SYSTEM):
        assert not Audit.objects.filter(act="clearing.draw_month").exists()


def test_nobody_draws_where_no_day_is_agreed_or_no_longer():
    agree()
    agree(None)
    treated("1000")

    assert ([], []) == (comes(THIRD_DAY), waiting())


def test_the_day_is_agreed_for_all_institutions_together():
    assert ["term-draw"] == refused(agree, institution=HOSPITAL)


def test_whoever_works_in_the_background_runs_it():
    assert term.DRAW in work.known()
