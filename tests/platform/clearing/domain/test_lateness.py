"""By when a month must be paid, and how late it is."""

from __future__ import annotations

from datetime import date

import pytest

from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.platform.clearing.domain.lateness import Lateness, Terms, due_on, lapses_on, lateness

YANGQUAN = Terms(pay_within=20, confirm_within=5, within_year=False, basis="阳医保发〔2019〕45号 七(二)；服务协议")
NINGBO = Terms(pay_within=None, confirm_within=None, within_year=True, basis="甬医保发〔2019〕27号 四(四)")


def test_working_days_count_from_the_end_of_the_month():
    # April 2023 ends on a Sunday; 1-3 May are free, Saturday the 6th is worked: 4, 5, 6, 8-12, 15-19, 22-26, 29, 30.
    assert date(2023, 5, 30) == due_on(date(2023, 4, 18), Month(2023, 4), YANGQUAN)


def test_within_the_year_is_by_its_last_day_whatever_the_month_of_booking():
    assert date(2020, 12, 31) == due_on(date(2020, 12, 30), Month(2021, 1), NINGBO)


def test_of_two_terms_the_earlier_day_counts():
    both = Terms(pay_within=20, confirm_within=None, within_year=True, basis="协议")

    assert [date(2023, 5, 30), date(2022, 12, 31)] == [
        due_on(day, month, both)
        for day, month in [(date(2023, 4, 18), Month(2023, 4)), (date(2022, 12, 5), Month(2022, 12))]
    ]


def test_where_no_term_says_anything_nothing_is_due():
    terms = Terms(pay_within=None, confirm_within=None, within_year=False, basis="青政办发〔2018〕1号")

    assert (None, None) == (due_on(date(2018, 5, 1), Month(2018, 5), terms), lapses_on(date(2018, 6, 1), terms))


@pytest.mark.parametrize(
    ("until", "days", "working_days"),
    [(date(2023, 5, 29), 0, 0), (date(2023, 5, 30), 0, 0), (date(2023, 5, 31), 1, 1), (date(2023, 6, 5), 6, 4)],
)
def test_lateness_is_told_in_days_and_working_days(until: date, days: int, working_days: int):
    assert Lateness(due_on=date(2023, 5, 30), days=days, working_days=working_days) == lateness(
        date(2023, 5, 30), until
    )


def test_silence_counts_as_consent_after_the_agreed_days():
    assert date(2023, 5, 15) == lapses_on(date(2023, 5, 8), YANGQUAN)


def test_a_year_whose_holidays_nobody_knows_is_not_guessed():
    with pytest.raises(Faults) as told:
        due_on(date(2090, 3, 1), Month(2090, 3), YANGQUAN)

    assert ["holidays-unknown"] == [finding.code for finding in told.value.findings]
