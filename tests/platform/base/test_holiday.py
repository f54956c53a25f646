"""An administrator extends the calendar."""

from datetime import date

import pytest
from django.db import DatabaseError

from tuodi.core.finding import Faults
from tuodi.platform.base import holiday
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.base.workdays import add_working_days

ADMINISTRATOR = Scope(desk=Desk.administrator, region="371500", staff=1)
NEW_YEAR = date(2027, 1, 1)


@pytest.mark.django_db
def test_a_year_is_known_once_it_is_declared_and_the_latest_entry_holds():
    with entered(ADMINISTRATOR):
        for rests in ([NEW_YEAR], [NEW_YEAR, date(2027, 1, 4)]):
            holiday.declare(year=2027, rests=rests, works=[date(2027, 1, 2)], document="国办发明电〔2026〕1号")
        calendar = holiday.calendar()

    assert date(2027, 1, 5) == add_working_days(date(2026, 12, 31), 2, calendar)


@pytest.mark.django_db
def test_every_fault_of_an_entry_is_told_at_once():
    with entered(ADMINISTRATOR), pytest.raises(Faults) as caught:
        holiday.declare(year=2027, rests=[date(2026, 1, 1)], works=[NEW_YEAR, date(2026, 1, 1)], document=" ")

    assert [
        "holiday-year", "holiday-twice", "holiday-no-weekend", "holiday-no-weekend", "holiday-document"
    ] == [finding.code for finding in caught.value.findings]  # fmt: skip


@pytest.mark.django_db
def test_another_desk_declares_no_holiday():
    with pytest.raises(DatabaseError, match="row-level security"), entered(Scope(desk=Desk.county, region="371502")):
        holiday.declare(year=2027, rests=[NEW_YEAR], works=[], document="国办发明电〔2026〕1号")
