"""When the slots of a timeline hold: whole spans, with their keys and with what reaches back in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.engine.by_hand import DOCUMENT, ordinal, period
from tuodi.engine.record import StatusPeriod
from tuodi.engine.timeline import OPEN, Timeline
from tuodi.language.model import Cover, CoverEnd, Document

PLAIN, COVERED, IN_FORCE = 1, 2, 2 << 2


def spans(
    cover: Cover, *periods: StatusPeriod, document: Document = DOCUMENT
) -> list[tuple[str, str | None, int, str]]:
    """The spans of a timeline with two slots, 低保 plainly and 因病致贫 by the cover; days as texts, None for open."""
    timeline = Timeline(document, [("subsistence_allowance", None), ("illness_impoverished", cover)])
    return [
        (_day(start), None if end == OPEN else _day(end), mask, _day(key))
        for start, end, mask, key in timeline.spans(periods)
    ]


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat()


def test_a_plain_status_holds_from_day_to_day() -> None:
    held = period("subsistence_allowance", "2023-01-01", "2023-06-01")

    assert [("2023-01-01", "2023-06-01", PLAIN, "2023-01-01")] == spans(Cover(), held)


def test_its_key_is_the_application_where_there_was_one() -> None:
    held = period("subsistence_allowance", "2023-01-01", None, "2022-12-01")

    assert [("2023-01-01", None, PLAIN, "2022-12-01")] == spans(Cover(), held)


def test_a_status_that_nobody_asks_for_has_no_span() -> None:
    assert [] == spans(Cover(), period("bravery", "2023-01-01"))


def test_a_slot_asked_for_twice_is_one() -> None:
    assert 1 == Timeline(DOCUMENT, [("orphan", None), ("orphan", None)]).size


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (Cover(), [("2023-05-10", "2024-03-01", COVERED)]),
        (
            Cover(months_before=3),
            [("2023-02-10", "2023-05-10", COVERED | IN_FORCE), ("2023-05-10", "2024-03-01", COVERED)],
        ),
        (
            Cover(from_first_of_month=True),
            [("2023-05-01", "2023-05-10", COVERED | IN_FORCE), ("2023-05-10", "2024-03-01", COVERED)],
        ),
        (Cover(until=CoverEnd.YEAR_END), [("2023-05-10", "2024-01-01", COVERED)]),
        (Cover(until=CoverEnd.APPLICATION), []),
        (Cover(months_before=1, until=CoverEnd.APPLICATION), [("2023-04-10", "2023-05-10", COVERED | IN_FORCE)]),
    ],
)
def test_a_cover_runs_as_it_says(cover: Cover, expected: list[tuple[str, str, int]]) -> None:
    held = period("illness_impoverished", "2023-05-20", "2024-03-01", "2023-05-10")

    assert [(*span, "2023-05-10") for span in expected] == spans(cover, held)


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (Cover(months_before=3), [("2023-05-20", "2024-03-01", COVERED)]),
        (Cover(months_before=3, until=CoverEnd.YEAR_END), [("2023-05-20", "2024-01-01", COVERED)]),
        (Cover(months_before=3, until=CoverEnd.APPLICATION), []),
    ],
)
def test_without_an_application_a_cover_starts_with_the_status(
    cover: Cover, expected: list[tuple[str, str, int]]
) -> None:
    held = period("illness_impoverished", "2023-05-20", "2024-03-01")

    assert [(*span, "2023-05-20") for span in expected] == spans(cover, held)


@pytest.mark.parametrize(
    ("applied", "mask"),
    [
        ("2022-12-26", COVERED),
        ("2022-12-27", COVERED | IN_FORCE),
        ("2023-12-31", COVERED | IN_FORCE),
        ("2024-01-01", COVERED),
    ],
)
def test_only_an_application_in_force_reaches_back_in_force(applied: str, mask: int) -> None:
    document = replace(DOCUMENT, end=date(2024, 1, 1))
    cover = Cover(months_before=1, until=CoverEnd.APPLICATION)

    (span,) = spans(cover, period("illness_impoverished", applied, None, applied), document=document)

    assert mask == span[2]


def test_a_year_end_is_the_calendars_last_day_at_most() -> None:
    held = period("illness_impoverished", "9999-12-01", None, "9999-12-01")
    timeline = Timeline(DOCUMENT, [("illness_impoverished", Cover(until=CoverEnd.YEAR_END))])

    (span,) = timeline.spans([held])

    assert date.max.toordinal() + 1 == span.end


EXCEPT_HELD = Cover(months_before=12, until=CoverEnd.APPLICATION, except_held=True)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], [("2022-06-01", "2023-06-01")]),
        ([("2022-07-01", "2022-08-01")], [("2022-06-01", "2022-07-01"), ("2022-08-01", "2023-06-01")]),
        ([("2022-01-01", "2022-08-01")], [("2022-08-01", "2023-06-01")]),
        ([("2022-01-01", "2022-06-01")], [("2022-06-01", "2023-06-01")]),
        ([("2023-05-01", "2023-07-01")], [("2022-06-01", "2023-05-01")]),
        ([("2022-01-01", None)], []),
        ([("2023-06-01", "2023-07-01")], [("2022-06-01", "2023-06-01")]),
        ([("2023-07-01", "2023-08-01")], [("2022-06-01", "2023-06-01")]),
        (
            [("2023-03-01", "2023-04-01"), ("2022-07-01", "2022-09-01"), ("2022-08-01", "2022-10-01")],
            [("2022-06-01", "2022-07-01"), ("2022-10-01", "2023-03-01"), ("2023-04-01", "2023-06-01")],
        ),
    ],
)
def test_a_reach_back_leaves_out_days_already_held(
    others: list[tuple[str, str | None]], expected: list[tuple[str, str]]
) -> None:
    settled = period("illness_impoverished", "2023-06-01", "2023-06-01", "2023-06-01")
    held = [period("illness_impoverished", start, end) for start, end in others]

    reached = [span for span in spans(EXCEPT_HELD, settled, *held) if span[3] == "2023-06-01"]

    assert [(start, end, COVERED | IN_FORCE, "2023-06-01") for start, end in expected] == reached


def test_recognitions_stand_in_the_order_of_application() -> None:
    late = period("illness_impoverished", "2023-06-01", None, "2023-06-01")
    early = period("illness_impoverished", "2023-07-01", None, "2023-02-01")

    assert ["2023-02-01", "2023-06-01"] == [key for *_, key in spans(Cover(), late, early)]


def test_of_two_applications_on_a_day_the_first_listed_counts() -> None:
    first = period("illness_impoverished", "2023-02-01", "2023-03-01", "2023-02-01")
    second = period("illness_impoverished", "2023-02-01", "2023-09-01", "2023-02-01")

    ends = [end for _, end, *_ in spans(Cover(one_application_per_year=True), first, second)]

    assert ["2023-03-01"] == ends


def test_the_earliest_application_that_counts_on_the_day_is_the_key() -> None:
    cover = Cover(months_before=12)
    timeline = Timeline(DOCUMENT, [("illness_impoverished", cover)])
    before = period("illness_impoverished", "2022-06-01", "2023-02-01", "2022-06-01")
    after = period("illness_impoverished", "2023-01-15", None, "2023-01-15")
    held = timeline.spans([before, after])

    def key(day: str, in_force: bool) -> str:
        number = ordinal(day)
        assert number is not None
        return _day(timeline.earliest(held, number, in_force, 1))

    assert "2023-01-15" == key("2022-07-01", in_force=False)
    assert "2022-06-01" == key("2023-01-20", in_force=True)
    assert "2023-01-15" == key("2023-02-01", in_force=True)
