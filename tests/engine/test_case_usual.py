"""The short way of reading agrees with the thorough one wherever it gives anything."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.by_hand import CATALOGUE, FACTS, LISTS, RAW_AMOUNTS, raw_case, raw_event, raw_person, small
from tuodi.core.money import format_yuan
from tuodi.engine.case import _CaseReader
from tuodi.engine.case_fields import known_fields
from tuodi.engine.case_usual import usual_case, usual_event, usual_person
from tuodi.engine.record import Case, Event, Person

PLAIN = known_fields(small())
PLANNED = known_fields(small(), small(id="sample"))
RICH = known_fields(small(facts=FACTS, lists=LISTS, catalogues={"annex": CATALOGUE}))

YUAN = st.integers(0, 9_999_999_999).map(format_yuan)
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *["", " ", "x", "1", "1.5", "-1.00", "1.000", "01.00", "１.00", "2023-01-01", "2023-02-29", "2023-W01-1"],
        *["inpatient", "orphan", "resident", "dialysis"],
        *[None, True, False, 0, 1, 2, 3, 4, 2022, 2.0, float("nan"), [], {}, ["x"]],
    ]
).map(copy.deepcopy)


def thorough_event(raw: object, fields: Any) -> tuple[Event, list[str]]:
    reader = _CaseReader(known=fields)
    event = reader.thorough_event(raw, "e")
    return event, [finding.code for finding in reader.findings]


def thorough_person(raw: object, fields: Any) -> tuple[Person, list[str]]:
    reader = _CaseReader(known=fields)
    person = reader.thorough_person(raw)
    return person, [finding.code for finding in reader.findings]


def thorough_case(raw: object, fields: Any) -> tuple[Case, list[str]]:
    reader = _CaseReader(known=fields)
    case = reader.case(raw)
    return case, [finding.code for finding in reader.findings]


amounts = st.fixed_dictionaries({name: st.sampled_from(["0.00", "120.50"]) | YUAN for name in RAW_AMOUNTS})
sound_amounts = st.fixed_dictionaries({name: st.integers(0, 100_000).map(format_yuan) for name in RAW_AMOUNTS}).map(
    lambda small_amounts: {**small_amounts, "total": "99999.99"}
)
flags = st.booleans()
facilities = st.fixed_dictionaries(
    {}, optional={"designated": flags, "level": st.integers(1, 3), "county": flags, "psychiatric": flags}
)
items = st.lists(
    st.fixed_dictionaries(
        {"item": st.sampled_from(["达沙替尼", "无名药"]), "personal": YUAN},
        optional={"review": flags, "dose": st.integers(0, 9) | st.none()},
    ),
    max_size=2,
)
sound_events = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["e1", "住院-7"]),
        "date": st.dates().filter(lambda day: day.year >= 1900).map(str),
        "service": st.sampled_from(["inpatient", "outpatient", "annual_relief"]),
        "facility": facilities,
        "amounts": sound_amounts,
    },
    optional={
        "disease": st.sampled_from([None, "", "白血病"]),
        "diagnoses": st.lists(st.sampled_from(["C34", "I10"]), max_size=2),
        "items": items,
        "admission_number": st.integers(1, 5) | st.none(),
        "bed_days": st.integers(0, 50) | st.none(),
        "cap": YUAN | st.none(),
        "regimen": st.sampled_from(["dialysis", None]),
        "filed": flags,
        "told": flags | st.none(),
    },
)
sound_persons = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["P1", "甲"]),
        "insurance": st.sampled_from(["resident", "employee", "none"]),
        "statuses": st.lists(
            st.fixed_dictionaries(
                {"status": st.sampled_from(["orphan", "low_income"]), "from": st.just("2023-05-01")},
                optional={
                    "to": st.sampled_from([None, "2023-05-01", "9999-12-31"]),
                    "applied_on": st.sampled_from([None, "2023-05-01", "2023-04-02"]),
                },
            ),
            max_size=3,
        ),
    },
    optional={"birth_date": st.sampled_from([None, "1950-01-01"])},
)

sound_cases = st.fixed_dictionaries(
    {"policy": st.just("small"), "person": sound_persons, "events": st.lists(sound_events, max_size=2)},
    optional={"plan": st.none(), "parameters": st.sampled_from([{}, {"rate": "70%"}]), "opening": st.just([])},
)


@st.composite
def damaged(draw: st.DrawFn, sound: st.SearchStrategy[dict[str, Any]]) -> Any:
    """A sound record in which one or two values, at any depth, are dropped, replaced or added."""
    record = copy.deepcopy(draw(sound))  # what is drawn may be shared between draws
    for _ in range(draw(st.integers(1, 2))):
        inner: Any = record
        while True:
            places = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            place = draw(st.sampled_from([*places, "extra"] if isinstance(inner, dict) else places or [0]))
            deeper = inner.get(place) if isinstance(inner, dict) else (inner[place] if inner else None)
            if not isinstance(deeper, dict | list) or not draw(st.booleans()):
                break
            inner = deeper
        if isinstance(inner, dict) and draw(st.booleans()):
            inner.pop(place, None)
        elif inner or isinstance(inner, dict):
            inner[place] = draw(ODD)
    return record


@given(raw=sound_events)
def test_a_sound_event_is_read_on_the_short_way(raw: dict[str, Any]) -> None:
    event = usual_event(raw, RICH)

    assert (event, []) == thorough_event(raw, RICH)


@given(raw=damaged(sound_events) | ODD, fields=st.sampled_from([PLAIN, RICH]))
def test_an_event_is_read_alike_or_left(raw: Any, fields: Any) -> None:
    event = usual_event(raw, fields)

    assert event is None or (event, []) == thorough_event(raw, fields)


@given(sums=amounts)
def test_amounts_are_read_alike_or_left(sums: dict[str, str]) -> None:
    raw = raw_event(amounts=sums)
    event = usual_event(raw, PLAIN)

    assert thorough_event(raw, PLAIN)[1] != [] if event is None else (event, []) == thorough_event(raw, PLAIN)


@given(raw=sound_persons)
def test_a_sound_person_is_read_alike(raw: dict[str, Any]) -> None:
    person = usual_person(raw, PLAIN)

    assert thorough_person(raw, PLAIN)[1] != [] if person is None else (person, []) == thorough_person(raw, PLAIN)


@given(raw=damaged(sound_persons) | ODD, fields=st.sampled_from([PLAIN, RICH]))
def test_a_person_is_read_alike_or_left(raw: Any, fields: Any) -> None:
    person = usual_person(raw, fields)

    assert person is None or (person, []) == thorough_person(raw, fields)


@given(raw=sound_cases | damaged(sound_cases) | ODD, fields=st.sampled_from([PLAIN, RICH]))
def test_a_case_is_read_alike_or_left(raw: Any, fields: Any) -> None:
    case = usual_case(raw, fields)

    assert case is None or (case, []) == thorough_case(raw, fields)


USUAL_CASES = [
    raw_case(),
    raw_case(parameters={"rate": "70%"}),
    raw_case(plan=None),
    raw_case(plan="sample"),
    raw_case(events=[]),
    raw_case(events=[raw_event(id="e1"), raw_event(id="e2")]),
]
UNUSUAL_CASES = [
    raw_case(opening=[]),
    raw_case(policy="other"),
    raw_case(plan="other"),
    raw_case(parameters=None),
    raw_case(events=None),
    raw_case(events=[raw_event(id="e1"), raw_event(id="e1")]),
    raw_case(events=[raw_event(date="1.2.2023")]),
    raw_case(person=raw_person(insurance="")),
]


@pytest.mark.parametrize("raw", USUAL_CASES)
def test_what_many_cases_look_like_is_usual(raw: dict[str, Any]) -> None:
    assert (usual_case(raw, PLANNED), []) == thorough_case(raw, PLANNED)


@pytest.mark.parametrize("raw", UNUSUAL_CASES)
def test_what_few_cases_look_like_is_left(raw: dict[str, Any]) -> None:
    assert usual_case(raw, PLANNED) is None


def test_a_plan_that_is_not_in_use_is_left() -> None:
    assert usual_case(raw_case(plan="sample"), PLAIN) is None


@pytest.mark.parametrize("raw", [raw_event(), raw_event(disease=...), raw_event(facility={})])
def test_what_the_format_shows_is_usual(raw: dict[str, Any]) -> None:
    assert usual_event(raw, PLAIN) is not None


def test_the_person_of_the_format_is_usual() -> None:
    assert usual_person(raw_person(), PLAIN) is not None


@pytest.mark.parametrize(
    "amounts",
    [
        {**RAW_AMOUNTS, "supplementary": "0"},
        {**RAW_AMOUNTS, "supplementary": None},
        {**RAW_AMOUNTS, "tax": "0.00"},
        {**RAW_AMOUNTS, "in_policy": "50000.01"},
        {**RAW_AMOUNTS, "commercial": "19000.01"},
    ],
)
def test_unusual_amounts_are_left(amounts: dict[str, Any]) -> None:
    assert usual_event(raw_event(amounts=amounts), PLAIN) is None
