"""From which day two pieces of knowledge differ."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.platform.registry.domain import Held, first_difference

D = date.fromisoformat


def held(start: str, end: str | None = None, applied: str | None = None) -> Held:
    return Held(
        status="illness_impoverished", starts_on=D(start), ends_on=end and D(end), applied_on=applied and D(applied)
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        (None, held("2024-05-01"), "2024-05-01"),
        (held("2024-05-01"), None, "2024-05-01"),
        (held("2024-05-01"), held("2024-03-01"), "2024-03-01"),
        (held("2024-05-01"), held("2024-05-01", "2024-08-01"), "2024-08-01"),
        (held("2024-05-01", "2024-09-01"), held("2024-05-01", "2024-08-01"), "2024-08-01"),
        (None, held("2024-05-20", applied="2024-05-10"), "2023-05-01"),
        (held("2024-05-20", applied="2024-05-10"), held("2024-05-20", applied="2024-02-29"), "2023-02-01"),
        (held("2024-05-01"), held("2024-05-01"), None),
    ],
)
def test_the_first_day_that_a_settlement_could_tell_apart(old: Held | None, new: Held | None, day: str | None):
    assert (day and D(day)) == first_difference(old, new)


DAYS = st.dates(date(2020, 1, 1), date(2021, 12, 31))


@st.composite
def some(draw: Any) -> Held | None:
    start = draw(DAYS)
    end = draw(st.none() | st.dates(start, date(2022, 12, 31)).filter(lambda day: day > start))
    return draw(st.just(Held(status="orphan", starts_on=start, ends_on=end)) | st.none())


@given(old=some(), new=some(), day=DAYS)
def test_before_the_first_difference_both_say_the_same(old: Held | None, new: Held | None, day: date):
    def holds(one: Held | None) -> bool:
        return one is not None and one.starts_on <= day and (one.ends_on is None or day < one.ends_on)

    first = first_difference(old, new)
    assert holds(old) == holds(new) or (first is not None and first <= day)
