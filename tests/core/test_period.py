"""Half-open periods and the calendar's corners."""

from __future__ import annotations

from datetime import date

import pytest

from tuodi.core.period import Period, age_on, first_of_month, months_back, next_new_year, parse_day


def test_a_period_holds_its_first_day_and_not_its_end() -> None:
    period = Period(start=date(2023, 1, 1), end=date(2023, 2, 1))

    assert date(2023, 1, 1) in period
    assert date(2023, 1, 31) in period
    assert date(2023, 2, 1) not in period
    assert date(2022, 12, 31) not in period


def test_an_open_period_never_ends() -> None:
    assert date(9999, 12, 31) in Period(start=date(2023, 1, 1), end=None)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="早于"):
        Period(start=date(2023, 1, 2), end=date(2023, 1, 1))


NO_DAYS = ["2023-02-29", "2023-1-1", "20230101", "2023-01-01T00:00", "2023-W09-3", "", "二〇二三"]


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="不是日期"):
        parse_day(text)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2023, 5, 10), 12, date(2022, 5, 10)),
        (date(2020, 2, 29), 12, date(2019, 2, 28)),
        (date(2023, 3, 31), 1, date(2023, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 1, 31), 1, date(2023, 12, 31)),
        (date(2024, 5, 31), 1, date(2024, 4, 30)),
    ],
)
def test_months_back_stay_in_their_month(day: date, months: int, expected: date) -> None:
    assert expected == months_back(day, months)


def test_age_is_in_completed_years() -> None:
    assert 17 == age_on(date(2005, 6, 2), date(2023, 6, 1))
    assert 18 == age_on(date(2005, 6, 2), date(2023, 6, 2))


def test_months_and_years_have_their_edges() -> None:
    assert parse_day("2023-05-01") == first_of_month(date(2023, 5, 31))
    assert date(2024, 1, 1) == next_new_year(date(2023, 12, 31))
