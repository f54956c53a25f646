"""Working days of real years, and the refusal to guess others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.core.finding import Faults
from tuodi.platform.base.workdays import (
    Holidays,
    add_working_days,
    is_working_day,
    shipped,
    working_days_between,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-02-09", True),  # the eve of the Spring Festival 2024: a working day with a wish beside it
        ("2024-02-12", False),  # a Monday of the Spring Festival
        ("2024-02-18", True),  # a Sunday, worked in exchange
        ("2024-03-02", False),  # an ordinary Saturday
        ("2025-10-08", False),
        ("2026-11-27", True),
    ],
)
def test_a_working_day_follows_the_year_s_notice(day: str, works: bool):
    assert works == is_working_day(date.fromisoformat(day))


def test_a_deadline_begins_on_the_day_after():
    assert date(2024, 9, 30) == add_working_days(date(2024, 9, 29), 1)
    assert date(2024, 10, 8) == add_working_days(date(2024, 9, 29), 2)


@given(day=st.dates(date(2005, 1, 1), date(2026, 6, 1)), count=st.integers(0, 60))
def test_counting_back_finds_the_days_that_were_added(day: date, count: int):
    last = add_working_days(day, count)

    assert count == working_days_between(day, last)
    assert -count == working_days_between(last, day)


def test_a_year_that_nobody_knows_is_refused():
    with pytest.raises(Faults) as caught:
        add_working_days(date(2026, 12, 30), 10)

    (finding,) = caught.value.findings
    assert ("holidays-unknown", "2027") == (finding.code, finding.place.path)
    assert finding.remedy


def test_a_declared_year_takes_the_place_of_what_was_known():
    declared = Holidays(year=2027, rests=frozenset({date(2027, 1, 1)}), works=frozenset({date(2027, 1, 2)}))
    calendar = shipped().with_declared([declared])

    assert date(2027, 1, 2) == add_working_days(date(2026, 12, 31), 1, calendar)
