"""Months."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tuodi.core.month import Month


def test_a_month_knows_its_first_day_and_is_written_as_year_and_month() -> None:
    assert date(2022, 3, 1) == Month(2022, 3).first
    assert "2022-03" == str(Month(2022, 3))


def test_december_is_followed_by_january() -> None:
    assert Month(2023, 1) == Month(2022, 12).following
    assert Month(2022, 12) == Month(2022, 11).following


@given(st.dates(max_value=date(9998, 12, 31)))
def test_a_day_lies_between_the_first_days_of_its_month_and_of_the_following_one(day: date) -> None:
    month = Month.of(day)

    assert month.first <= day < month.following.first
    assert month < month.following
    assert month == Month.of(month.following.first - timedelta(days=1))
