"""An event becomes a word of facts: what is so, what cannot be told, and under which keys it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.by_hand import (
    CATALOGUE,
    FACTS,
    LISTS,
    bound,
    by_name,
    count,
    fact,
    facts,
    on_application,
    one_of,
    ordinal,
    person_class,
    read_event,
    read_person,
    small,
)
from tests.engine.plain_facts import PlainFacts
from tuodi.engine.bind import Bound
from tuodi.engine.facts import FactReader
from tuodi.engine.record import Event, Item, Person, StatusPeriod
from tuodi.engine.situation import ItemSituation, Situation
from tuodi.language.model import (
    SERVICES,
    AllOf,
    AnyOf,
    Between,
    ClassIn,
    Cover,
    CoverEnd,
    DiseaseIn,
    FactType,
    Fixed,
    Given,
    Is,
    Member,
    Not,
    PersonsIn,
    Policy,
    Reached,
    Scope,
    ServiceIn,
    Since,
    StatusIn,
    Test,
    YearsBefore,
)

RICH = small(facts=FACTS, lists=LISTS, catalogues={"annex": CATALOGUE})
POOR = read_person(RICH, ("subsistence_allowance", "2023-01-01", None))


def situation(binding: Bound, person: Person = POOR, event: Event | None = None) -> Situation:
    reader = FactReader(binding)
    return reader.situation(reader.person(person), event or read_event(binding.policy, binding.plan))


def told(test: Test, person: Person = POOR, policy: Policy = RICH, **parts: Any) -> bool | None:
    """The test of one event: so, not so, or cannot be told."""
    binding = bound(policy, test)
    found = situation(binding, person, read_event(policy, **parts))
    assert not found.word & found.unknown
    return None if found.unknown & binding.program.bit("t0").mask else "t0" in by_name(binding, found.word)


# ---- facts -----------------------------------------------------------------------------------------------------------

NOBODY = read_person(RICH, birth_date=None)


@pytest.mark.parametrize(
    ("test", "parts", "expected"),
    [
        (one_of("designated", True), {}, True),
        (one_of("designated", False), {}, False),
        (one_of("designated", True, False), {}, True),
        (one_of("designated"), {}, False),
        (one_of("level", 2, 3), {}, True),
        (one_of("level", 1), {}, False),
        (one_of("level", 1), {"facility": {}}, None),
        (one_of("county", False), {"facility": {"county": False}}, True),
        (one_of("county", False), {"facility": {}}, None),
        (one_of("psychiatric", True), {"facility": {}}, True),
        (one_of("insurance", "resident", "employee"), {}, True),
        (one_of("insurance", "none"), {}, False),
        (one_of("regimen", "dialysis"), {"regimen": "dialysis"}, True),
        (one_of("regimen", "dialysis"), {}, False),
        (one_of("filed", True), {}, True),
        (one_of("filed", True), {"filed": False}, False),
        (one_of("told", True), {"told": True}, True),
        (one_of("told", False), {}, None),
        (one_of("review", True), {"review": True}, True),
        (one_of("rural", True), {}, False),
        (Between(fact="bed_days", at_least=3), {"bed_days": 3}, True),
        (Between(fact="bed_days", at_least=3), {"bed_days": 2}, False),
        (Between(fact="bed_days", below=3), {"bed_days": 3}, False),
        (Between(fact="bed_days", below=3), {"bed_days": 2}, True),
        (Between(fact="bed_days", at_least=3), {}, None),
        (Between(fact="cap", at_least=0), {}, False),
        (Between(fact="cap", at_least=800_000), {"cap": "8000.00"}, True),
        (Between(fact="income", below=1), {}, None),
        (Between(fact="month", at_least=3, below=4), {}, True),
        (Between(fact="month", at_least=1, below=3), {}, False),
        (Given(fact="cap"), {}, False),
        (Given(fact="cap"), {"cap": "0.00"}, True),
        (Given(fact="bed_days"), {}, False),
        (YearsBefore(fact="for_year", years=1), {"for_year": 2022}, True),
        (YearsBefore(fact="for_year", years=1), {"for_year": 2023}, False),
        (YearsBefore(fact="for_year", years=1), {}, None),
        (Since(day=date(2023, 3, 1)), {}, True),
        (Since(day=date(2023, 3, 2)), {}, False),
        (ServiceIn(services=frozenset({"inpatient"})), {}, True),
        (ServiceIn(services=frozenset({"outpatient"})), {}, False),
        (Not(test=ServiceIn(services=frozenset({"outpatient"}))), {}, True),
        (StatusIn(statuses=frozenset({"orphan", "subsistence_allowance"})), {}, True),
        (StatusIn(statuses=frozenset({"subsistence_allowance"})), {"date": "2022-12-31"}, False),
        (StatusIn(statuses=frozenset({"orphan"})), {}, False),
    ],
)  # fmt: skip
def test_a_fact_is_so_or_not_or_cannot_be_told(test: Test, parts: dict[str, Any], expected: bool | None) -> None:
    assert expected is told(test, **parts)


@pytest.mark.parametrize(
    ("birth", "day", "expected"),
    [
        ("1950-03-01", "2023-03-01", True),
        ("1963-03-01", "2023-03-01", True),
        ("1963-03-02", "2023-03-01", False),
        ("2004-02-29", "2064-02-29", True),
        ("2004-02-29", "2064-02-28", False),
        ("1963-02-28", "2023-03-01", True),
        (None, "2023-03-01", None),
        ("2024-03-01", "2023-03-01", False),
    ],
)
def test_an_age_is_in_completed_years(birth: str | None, day: str, expected: bool | None) -> None:
    person = read_person(RICH, birth_date=birth)

    assert expected is told(Between(fact="age", at_least=60), person, date=day)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (AllOf(tests=()), True),
        (AnyOf(tests=()), False),
        (AllOf(tests=(one_of("told", True), one_of("filed", True))), None),
        (AllOf(tests=(one_of("told", True), one_of("filed", False))), False),
        (AllOf(tests=(one_of("told", True), one_of("level", 3), Given(fact="bed_days"))), False),
        (AllOf(tests=(one_of("told", True), one_of("level", 1))), False),
        (AnyOf(tests=(one_of("told", True), one_of("filed", True))), True),
        (AnyOf(tests=(one_of("told", True), one_of("filed", False))), None),
        (AnyOf(tests=(one_of("told", True), one_of("level", 3))), True),
        (AnyOf(tests=(one_of("told", True), one_of("level", 1))), None),
        (Not(test=one_of("told", True)), None),
        (Not(test=one_of("level", 1)), True),
        (Not(test=one_of("filed", True)), False),
    ],
)
def test_conditions_add_up_in_three_values(test: Test, expected: bool | None) -> None:
    assert expected is told(test)


def test_a_bit_that_hangs_on_counts_is_left_to_the_executor() -> None:
    reached = Reached(count="c", at_least=Fixed(amount=0))
    tests = (reached, Not(test=reached), AllOf(tests=(reached,)), AnyOf(tests=(reached,)))
    binding = bound(RICH, *tests, built_in=("unused:c",))

    assert {"in_force", "day_in_force"} == by_name(binding, situation(binding).word)
    assert 0 == situation(binding).unknown


def test_the_bits_of_set_parameters_are_always_there() -> None:
    binding = bound(RICH, built_in=("parameter:rate",), constant_word=1 << 2)

    assert {"in_force", "day_in_force", "parameter:rate"} == by_name(binding, situation(binding).word)


# ---- columns and keys ------------------------------------------------------------------------------------------------


def test_columns_are_the_amounts_and_the_numbers_asked_for() -> None:
    binding = bound(RICH, columns=("cap", "bed_days", "income", "drugs"))
    event = read_event(RICH, cap="8000.00")

    assert (*event.amounts, 8_000_00, None, None, None) == situation(binding, event=event).columns


def test_years_are_keyed_by_their_facts() -> None:
    binding = bound(RICH, year_facts=("for_year",))

    assert {"for_year": 2022} == situation(binding, event=read_event(RICH, for_year=2022)).years
    assert {"for_year": None} == situation(binding).years
    assert 2023 == situation(binding).year


def test_a_situation_is_what_it_says() -> None:
    found = situation(bound(RICH))

    assert isinstance(found, Situation)
    assert (found.unknown, found.recognition, found.years, found.items) == (0, 0, {}, ())


# ---- classes ---------------------------------------------------------------------------------------------------------

FIRST, SECOND = person_class("first", "subsistence_allowance", "orphan"), person_class("second", "subsistence_margin")
BOTH = (("orphan", "2023-01-01", "2023-06-01"), ("subsistence_margin", "2023-03-01", None))


def settled(policy: Policy, periods: tuple[tuple[Any, ...], ...], **parts: Any) -> set[str]:
    """The classes that settle an event, and `in_force`."""
    binding = bound(policy)
    found = situation(binding, read_person(policy, *periods), read_event(policy, **parts))
    assert 0 == found.unknown
    return by_name(binding, found.word)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-12-31", set()),
        ("2023-01-01", {"class:first"}),
        ("2023-05-31", {"class:first"}),
        ("2023-06-01", {"class:second"}),
    ],
)
def test_the_first_class_that_holds_settles_alone(day: str, expected: set[str]) -> None:
    policy = small(classes=(FIRST, SECOND))

    assert expected | {"in_force", "day_in_force"} == settled(policy, BOTH, date=day)


def test_every_class_that_holds_settles() -> None:
    policy = small(classes=(FIRST, SECOND), persons_in=PersonsIn.EVERY_CLASS)

    assert {"class:first", "class:second", "in_force", "day_in_force"} == settled(policy, BOTH, date="2023-03-01")


@pytest.mark.parametrize("persons_in", list(PersonsIn))
@pytest.mark.parametrize("day", ["2022-12-26", "2024-01-01"])
def test_no_class_settles_while_the_document_is_not_in_force(persons_in: PersonsIn, day: str) -> None:
    policy = small(classes=(FIRST, SECOND), persons_in=persons_in, end=date(2024, 1, 1))

    assert set() == settled(policy, (("orphan", "2020-01-01", None),), date=day)


@pytest.mark.parametrize("day", ["2022-12-27", "2023-12-31"])
def test_the_first_and_the_last_day_are_in_force(day: str) -> None:
    policy = small(classes=(FIRST,), end=date(2024, 1, 1))

    assert {"class:first", "in_force", "day_in_force"} == settled(policy, (("orphan", "2020-01-01", None),), date=day)


def test_a_status_that_no_class_names_settles_nothing() -> None:
    assert {"in_force", "day_in_force"} == settled(small(classes=(FIRST,)), (("bravery", "2020-01-01", None),))


def test_a_class_may_ask_something_of_its_members() -> None:
    old = Member(status="low_income", when=Between(fact="age", at_least=60))
    residents = person_class("residents", "entitled_group", when=one_of("insurance", "resident"))
    poor = person_class("poor", old, "severe_disability")
    policy = small(classes=(poor, residents), persons_in=PersonsIn.EVERY_CLASS)

    def classes(*statuses: str, **person: Any) -> tuple[set[str], set[str]]:
        binding = bound(policy)
        periods = [(status, "2023-01-01", None) for status in statuses]
        found = situation(binding, read_person(policy, *periods, **person))
        return by_name(binding, found.word) - {"in_force", "day_in_force"}, by_name(binding, found.unknown)

    assert ({"class:poor"}, set()) == classes("low_income", birth_date="1960-01-01")
    assert (set(), set()) == classes("low_income", birth_date="1970-01-01")
    assert (set(), {"class:poor"}) == classes("low_income", birth_date=None)
    assert ({"class:poor"}, set()) == classes("low_income", "severe_disability", birth_date=None)
    assert (set(), set()) == classes(birth_date=None)
    assert ({"class:residents"}, set()) == classes("entitled_group")
    assert (set(), set()) == classes("entitled_group", insurance="employee")


def test_after_a_class_that_cannot_be_told_none_is_certain() -> None:
    old = Member(status="low_income", when=Between(fact="age", at_least=60))
    policy = small(classes=(person_class("old", old), FIRST, SECOND))
    binding = bound(policy)
    periods = [(status, "2020-01-01", None) for status in ("low_income", "orphan", "subsistence_margin")]

    found = situation(binding, read_person(policy, *periods, birth_date=None))

    assert {"in_force", "day_in_force"} == by_name(binding, found.word)
    assert {"class:old", "class:first"} == by_name(binding, found.unknown)


def test_a_class_of_classes() -> None:
    union = person_class(
        "union", Member(class_id="first", when=one_of("insurance", "employee")), Member(class_id="second")
    )
    policy = small(classes=(FIRST, SECOND, union), persons_in=PersonsIn.EVERY_CLASS)

    assert {"class:first"} == settled(policy, (("orphan", "2023-01-01", None),)) - {"in_force", "day_in_force"}
    assert {"class:second", "class:union"} == settled(policy, (("subsistence_margin", "2023-01-01", None),)) - {
        "in_force",
        "day_in_force",
    }


def test_a_class_may_be_for_those_in_no_other() -> None:
    rest = person_class("rest", "low_income", when=Not(test=ClassIn(classes=frozenset({"first"}))))
    policy = small(classes=(FIRST, rest), persons_in=PersonsIn.EVERY_CLASS)
    low = ("low_income", "2023-01-01", None)

    assert {"class:rest"} == settled(policy, (low,)) - {"in_force", "day_in_force"}
    assert {"class:first"} == settled(policy, (low, ("orphan", "2023-01-01", None))) - {"in_force", "day_in_force"}


@pytest.mark.parametrize(("name", "expected"), [("first", True), ("second", False)])
def test_a_condition_asks_for_the_class_that_settles(name: str, expected: bool) -> None:
    policy = small(classes=(FIRST, SECOND))
    person = read_person(policy, *BOTH)

    assert expected is told(ClassIn(classes=frozenset({name})), person, policy, date="2023-03-01")


def test_a_condition_on_a_class_that_cannot_be_told_cannot_be_told() -> None:
    old = person_class("old", Member(status="orphan", when=Between(fact="age", at_least=60)))
    person = read_person(RICH, ("orphan", "2023-01-01", None), birth_date=None)

    assert told(ClassIn(classes=frozenset({"old"})), person, small(classes=(old,))) is None


# ---- statuses granted on application ---------------------------------------------------------------------------------

LIAOCHENG = small(
    classes=(
        FIRST,
        person_class(
            "third",
            on_application(
                "illness_impoverished",
                months_before=12,
                from_first_of_month=True,
                until=CoverEnd.YEAR_END,
                one_application_per_year=True,
            ),
        ),
    ),
    counts={"burden": count("burden", Scope.RECOGNITION)},
)


def third(day: str, *periods: tuple[Any, ...]) -> tuple[set[str], int]:
    """What settles an event of the day for a person with recognitions (from, to, applied on), and the key."""
    binding = bound(LIAOCHENG)
    person = read_person(LIAOCHENG, *(("illness_impoverished", *period) for period in periods))
    found = situation(binding, person, read_event(LIAOCHENG, date=day))
    return by_name(binding, found.word) - {"day_in_force"}, found.recognition


HELD = {"class:third", "in_force"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-04-30", set()),
        ("2022-05-01", HELD),
        ("2022-12-26", HELD),
        ("2023-05-09", HELD),
        ("2023-05-10", HELD),
        ("2023-12-31", HELD),
        ("2024-01-01", {"in_force"}),
    ],
)
def test_a_cover_reaches_back_and_lasts_until_the_years_end(day: str, expected: set[str]) -> None:
    key = ordinal("2023-05-10") if "class:third" in expected else 0

    assert (expected, key) == third(day, ("2023-05-20", None, "2023-05-10"))


def test_a_cover_ends_with_the_status() -> None:
    period = ("2023-05-20", "2023-08-01", "2023-05-10")

    assert [HELD, {"in_force"}] == [third(day, period)[0] for day in ("2023-07-31", "2023-08-01")]


def test_an_application_before_the_document_reaches_back_to_its_first_day() -> None:
    period = ("2022-12-26", None, "2022-12-26")

    assert [(set(), 0), (HELD, ordinal("2022-12-26"))] == [third(day, period) for day in ("2022-12-26", "2022-12-27")]
    assert (set(), 0) == third("2022-06-01", period)


def test_without_a_day_of_application_nothing_reaches_back() -> None:
    period = ("2023-05-10", None)

    assert [{"in_force"}, HELD, HELD, {"in_force"}] == [
        third(day, period)[0] for day in ("2023-05-09", "2023-05-10", "2023-12-31", "2024-01-01")
    ]
    assert ordinal("2023-05-10") == third("2023-05-10", period)[1]


def test_of_two_applications_the_earlier_settles() -> None:
    periods = (("2024-03-05", None, "2024-03-05"), ("2023-05-10", None, "2023-05-10"))

    assert ordinal("2023-05-10") == third("2023-04-01", *periods)[1]
    assert ordinal("2023-05-10") == third("2023-12-31", *periods)[1]
    assert ordinal("2024-03-05") == third("2024-01-01", *periods)[1]


def test_a_second_application_in_a_year_is_ignored() -> None:
    periods = (("2023-09-01", None, "2023-09-01"), ("2023-02-01", "2023-03-01", "2023-02-01"))

    assert ({"in_force"}, 0) == third("2023-10-01", *periods)


def test_an_earlier_application_that_does_not_count_yet_leaves_the_day_to_the_later() -> None:
    periods = (("2022-06-01", None, "2022-06-01"), ("2023-05-10", None, "2023-05-10"))

    assert (HELD, ordinal("2023-05-10")) == third("2022-07-01", *periods)
    assert (HELD, ordinal("2022-06-01")) == third("2022-12-27", *periods)


def test_a_class_that_holds_without_being_in_force_still_stands_first() -> None:
    policy = small(classes=LIAOCHENG.classes, counts=LIAOCHENG.counts)
    periods = (("orphan", "2022-01-01", None), ("illness_impoverished", "2023-05-10", None, "2023-05-10"))

    assert set() == settled(policy, periods, date="2022-12-26")
    assert {"class:first", "in_force", "day_in_force"} == settled(policy, periods, date="2022-12-27")


NINGBO = small(
    classes=(
        FIRST,
        person_class("fourth", on_application("illness_impoverished")),
        person_class(
            "before",
            on_application("illness_impoverished", months_before=12, until=CoverEnd.APPLICATION, except_held=True),
        ),
    ),
    persons_in=PersonsIn.EVERY_CLASS,
    counts={"burden": count("burden", Scope.RECOGNITION)},
)


def fourth(day: str, *periods: tuple[Any, ...]) -> set[str]:
    names = settled(NINGBO, tuple(("illness_impoverished", *period) for period in periods), date=day)
    return {name.removeprefix("class:") for name in names - {"in_force", "day_in_force"}}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-05-09", set()),
        ("2022-05-10", {"before"}),
        ("2023-05-09", {"before"}),
        ("2023-05-10", {"fourth"}),
        ("2023-07-31", {"fourth"}),
        ("2023-08-01", set()),
    ],
)
def test_the_reach_back_is_a_class_of_its_own(day: str, expected: set[str]) -> None:
    assert expected == fourth(day, ("2023-05-20", "2023-08-01", "2023-05-10"))


def test_a_leap_day_reaches_back_to_the_28th() -> None:
    period = ("2024-02-29", None, "2024-02-29")

    assert [set(), {"before"}] == [fourth(day, period) for day in ("2023-02-27", "2023-02-28")]


def test_a_day_on_which_a_recognition_holds_is_no_reach_back_day() -> None:
    periods = (("2023-01-10", "2023-04-01", "2023-01-10"), ("2023-06-01", None, "2023-06-01"))

    days = ("2023-01-09", "2023-03-31", "2023-04-01")
    assert [{"before"}, {"fourth"}, {"before"}] == [fourth(day, *periods) for day in days]


def test_a_recognition_before_the_document_takes_the_day_without_counting() -> None:
    periods = (("2022-10-01", "2022-12-01", "2022-10-01"), ("2023-06-01", None, "2023-06-01"))

    assert [set(), {"before"}] == [fourth(day, *periods) for day in ("2022-11-30", "2022-12-01")]


def test_of_several_classes_the_one_on_application_keys_the_recognition() -> None:
    binding = bound(NINGBO)
    person = read_person(
        NINGBO, ("orphan", "2020-01-01", None), ("illness_impoverished", "2023-02-01", None, "2023-01-20")
    )

    assert ordinal("2023-01-20") == situation(binding, person).recognition


def test_without_a_class_on_application_the_first_status_keys_the_recognition() -> None:
    policy = small(classes=(FIRST, SECOND), counts={"burden": count("burden", Scope.RECOGNITION)})
    person = read_person(policy, ("orphan", "2021-05-01", None), ("subsistence_allowance", "2022-02-01", None))

    assert ordinal("2021-05-01") == situation(bound(policy), person).recognition


def test_no_count_by_recognition_no_key() -> None:
    assert 0 == situation(bound(small(classes=(FIRST,)))).recognition


# ---- diseases and items ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "birth", "expected"),
    [
        ({"disease": "白血病"}, None, True),
        ({"disease": "感冒"}, None, False),
        ({}, None, False),
        ({"diagnoses": ["C91.0"]}, None, True),
        ({"diagnoses": ["Q21.1"]}, "2010-01-01", True),
        ({"diagnoses": ["Q21.1"]}, "2000-01-01", False),
        ({"diagnoses": ["Q21.1"]}, None, None),
        ({"diagnoses": ["Q21.1"], "disease": "白血病"}, None, True),
        ({"disease": "儿童先心病"}, "1950-01-01", True),
    ],
)
def test_a_disease_is_on_a_list(parts: dict[str, Any], birth: str | None, expected: bool | None) -> None:
    person = read_person(RICH, birth_date=birth)

    assert expected is told(DiseaseIn(lists=frozenset({"serious"})), person, **parts)


def test_lists_without_an_age_never_ask_for_one() -> None:
    policy = small(lists={"serious": LISTS["serious"]}, classes=(FIRST,))
    no_ages = small(lists={"rare": _without_ages(LISTS["rare"])})

    assert "birth" in FactReader(bound(policy, DiseaseIn(lists=frozenset({"serious"})))).source.split("found.at(")[0]
    assert "found.at(" not in FactReader(bound(no_ages, DiseaseIn(lists=frozenset({"rare"})))).source
    assert told(DiseaseIn(lists=frozenset({"rare"})), NOBODY, no_ages, diagnoses=["E75.2"]) is True


def _without_ages(one: Any) -> Any:
    return type(one)(id=one.id, label=one.label, clause=one.clause, diseases=one.diseases[:1])


ITEMS = bound(
    RICH,
    one_of("review", True),
    Between(fact="dose", at_least=2),
    AllOf(tests=(one_of("review", True), one_of("designated", True))),
    built_in=("item_counts:annex",),
    per_item=(0, 1, 2),
)


def item(text: str, event: dict[str, Any], birth: str | None = None, **parts: Any) -> tuple[str, set[str], set[str]]:
    """The item's name, the bits of its own, and those that cannot be told."""
    read = read_event(RICH, items=[{"item": text, "personal": "10.00", **parts}], **event)
    found = situation(ITEMS, read_person(RICH, birth_date=birth), read)
    (one,) = found.items
    assert isinstance(one, ItemSituation) and one.burden == 1000
    assert found.word & one.word == found.word
    own = one.word ^ found.word
    return one.item, by_name(ITEMS, own), by_name(ITEMS, found.unknown)


def test_an_item_counts_for_its_own_disease() -> None:
    assert ("达沙替尼", {"item_counts:annex"}, {"t1"}) == item("达沙替尼片", {"disease": "白血病"})
    assert ("凝血因子Ⅷ", set(), {"t1"}) == item("凝血因子 VIII", {"disease": "白血病"})
    assert ("凝血因子Ⅷ", {"item_counts:annex"}, {"t1"}) == item("凝血因子VIII", {"disease": "戈谢病"})
    assert ("无名药", set(), {"t1"}) == item("无名药", {"disease": "白血病"})


def test_an_item_may_hang_on_an_age() -> None:
    coded = {"diagnoses": ["Q21"]}

    assert ("封堵器", {"item_counts:annex"}, {"t1"}) == item("封堵器", coded, birth="2015-01-01")
    assert ("封堵器", set(), {"t1"}) == item("封堵器", coded, birth="1950-01-01")
    assert ("封堵器", set(), {"t1", "item_counts:annex"}) == item("封堵器", coded)


def test_an_items_own_fact_goes_before_the_events() -> None:
    assert {"t0", "t2"} == item("达沙替尼", {}, review=True)[1]
    assert {"t0", "t2"} == item("达沙替尼", {"review": True})[1]
    assert set() == item("达沙替尼", {"review": True}, review=False)[1]
    assert ({"t1"}, set()) == item("达沙替尼", {"dose": 1}, dose=2)[1:]
    assert ({"t1"}, set()) == item("达沙替尼", {"dose": 2})[1:]


def test_a_bit_of_items_that_hangs_on_counts_is_left_to_the_executor() -> None:
    binding = bound(RICH, built_in=("item_unused:c",))
    read = read_event(RICH, items=[{"item": "达沙替尼", "personal": "10.00"}])

    assert {"in_force", "day_in_force"} == by_name(binding, situation(binding, event=read).items[0].word)


def test_an_event_without_items_has_none() -> None:
    assert () == situation(ITEMS).items


# ---- a plan beside the policy ----------------------------------------------------------------------------------------


def test_facts_and_lists_of_the_plan_are_known() -> None:
    plan = small(id="plan", is_plan=True, facts=facts(fact("filed", FactType.FLAG, default=True)), lists=LISTS)
    policy = small()
    binding = bound(policy, one_of("filed", False), DiseaseIn(lists=frozenset({"rare"})), plan=plan)
    event = read_event(policy, plan, filed=False, disease="戈谢病")

    assert {"t0", "t1"} <= by_name(binding, situation(binding, event=event).word)


# ---- against facts told plainly --------------------------------------------------------------------------------------

STATUSES = ["orphan", "low_income", "illness_impoverished"]
DAYS = st.integers(date(2021, 11, 1).toordinal(), date(2025, 2, 1).toordinal())
FIXED_DAYS = st.sampled_from([date(2022, 12, 26), date(2022, 12, 27), date(2024, 2, 29), date(2024, 1, 1)]).map(
    date.toordinal
)


@st.composite
def periods(draw: st.DrawFn) -> StatusPeriod:
    start = draw(DAYS | FIXED_DAYS)
    end = draw(st.none() | st.integers(0, 500).map(lambda length: start + length))
    applied = draw(st.none() | st.integers(0, 60).map(lambda before: start - before))
    return StatusPeriod(draw(st.sampled_from(STATUSES)), start, end, applied)


@st.composite
def people(draw: st.DrawFn) -> Person:
    birth = draw(st.sampled_from([None, 19600229, 20051231, 20160301]))
    own = {"income": draw(st.sampled_from([None, 0, 100])), "rural": draw(st.booleans())}
    held = draw(st.lists(periods(), max_size=4))
    return Person("P", draw(st.sampled_from(["resident", "none"])), birth, tuple(held), own)


@st.composite
def events(draw: st.DrawFn) -> Event:
    day = date.fromordinal(draw(DAYS | FIXED_DAYS))
    flags = st.booleans() | st.none()
    given_facts = {
        "designated": draw(st.booleans()),
        "level": draw(st.sampled_from([None, 1, 2, 3])),
        "county": draw(flags),
        "region": draw(flags),
        "psychiatric": draw(st.booleans()),
        "single_disease": True,
        "admission_number": draw(st.sampled_from([None, 1, 2])),
        "bed_days": draw(st.sampled_from([None, 0, 5])),
        "for_year": draw(st.sampled_from([None, 2022, 2023])),
        "cap": draw(st.sampled_from([None, 0, 100])),
        "regimen": draw(st.sampled_from([None, "dialysis"])),
        "filed": draw(st.booleans()),
        "told": draw(flags),
        "beds": draw(st.sampled_from([None, 7])),
        "review": draw(st.booleans()),
        "dose": draw(st.sampled_from([None, 1, 2])),
    }
    own = st.fixed_dictionaries({}, optional={"review": st.booleans(), "dose": st.integers(1, 2)})
    item_names = st.sampled_from(["达沙替尼", "达沙 替尼片", "凝血因子VIII", "封堵器", "无名药"])
    made_items = draw(st.lists(st.builds(Item, item_names, st.just(5), own), max_size=2))
    return Event(
        "e",
        day.toordinal(),
        day.year * 10000 + day.month * 100 + day.day,
        draw(st.sampled_from(list(SERVICES))),
        given_facts,
        draw(st.sampled_from([None, "白血病", "戈 谢病", "I型戈谢病", "肺癌(一代耐药)", "感冒"])),
        tuple(draw(st.lists(st.sampled_from(["C34.1", "c910", "Q21.101", "E75.2", "C92", "I10"]), max_size=2))),
        (100, 90, 10, 0, 0, 0, 0),
        tuple(made_items),
    )


FACT_TESTS = st.sampled_from(
    [
        one_of("designated", True),
        one_of("level", 1, 2),
        one_of("region", False),
        one_of("insurance", "resident"),
        one_of("regimen", "dialysis"),
        one_of("told", True),
        one_of("rural", True),
        Between(fact="age", at_least=18, below=60),
        Between(fact="bed_days", at_least=1),
        Between(fact="cap", below=50),
        Between(fact="income", at_least=1),
        Between(fact="month", at_least=3, below=11),
        Given(fact="cap"),
        Given(fact="told"),
        YearsBefore(fact="for_year", years=1),
        Since(day=date(2023, 6, 1)),
        ServiceIn(services=frozenset({"inpatient", "childbirth"})),
        StatusIn(statuses=frozenset({"orphan"})),
        StatusIn(statuses=frozenset({"bravery", "illness_impoverished"})),
        DiseaseIn(lists=frozenset({"serious"})),
        DiseaseIn(lists=frozenset({"serious", "rare"})),
    ]
)


def compound(atoms: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    several = lambda inner: st.lists(inner, max_size=3).map(tuple)  # noqa: E731
    return st.recursive(
        atoms,
        lambda inner: (
            st.builds(lambda test: Not(test=test), inner)
            | st.builds(lambda tests: AllOf(tests=tests), several(inner))
            | st.builds(lambda tests: AnyOf(tests=tests), several(inner))
        ),
        max_leaves=4,
    )


COVERS = st.builds(
    lambda months, first, until, once, held: Cover(
        months_before=months,
        from_first_of_month=first,
        until=until,
        one_application_per_year=once,
        except_held=held,
    ),
    st.sampled_from([0, 3, 12]),
    st.booleans(),
    st.sampled_from(CoverEnd),
    st.booleans(),
    st.booleans(),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    classes = []
    for place in range(draw(st.integers(0, 4))):
        before = [one.id for one in classes]
        atoms = FACT_TESTS
        if before:
            atoms |= st.sampled_from(before).map(lambda name: ClassIn(classes=frozenset({name})))
        tests = st.none() | compound(atoms)
        members = [
            Member(status=draw(st.sampled_from(STATUSES)), cover=draw(st.none() | COVERS), when=draw(tests))
            for _ in range(draw(st.integers(0, 2)))
        ]
        if before and draw(st.booleans()):
            members.append(Member(class_id=draw(st.sampled_from(before)), when=draw(tests)))
        classes.append(person_class(f"c{place}", *members, when=draw(tests)))
    return small(
        facts=FACTS,
        lists=LISTS,
        catalogues={"annex": CATALOGUE},
        classes=tuple(classes),
        persons_in=draw(st.sampled_from(PersonsIn)),
        counts={"burden": count("burden", Scope.RECOGNITION)},
        end=draw(st.sampled_from([None, date(2024, 7, 1)])),
    )


@given(data=st.data())
def test_facts_are_as_told_plainly(data: st.DataObject) -> None:
    policy = data.draw(policies())
    classes = [one.id for one in policy.classes]
    of_class = [st.sampled_from(classes).map(lambda name: ClassIn(classes=frozenset({name})))] if classes else []
    tests = data.draw(st.lists(compound(st.one_of(FACT_TESTS, *of_class)), max_size=4))
    of_item = data.draw(st.lists(compound(FACT_TESTS | st.just(one_of("review", True))), max_size=2))
    per_item = range(len(tests), len(tests) + len(of_item))
    binding = bound(policy, *tests, *of_item, per_item=per_item, built_in=("item_counts:annex",))
    reader = FactReader(binding)
    person = data.draw(people())
    person_facts = reader.person(person)

    for event in data.draw(st.lists(events(), min_size=1, max_size=3)):
        found = reader.situation(person_facts, event)

        plain = PlainFacts(bound=binding, person=person, event=event)
        word, unknown = plain.words()
        items = [PlainFacts(bound=binding, person=person, event=event, item=one).item_words() for one in event.items]
        assert word == by_name(binding, found.word)
        assert unknown.union(*(of_items for _, of_items in items)) == by_name(binding, found.unknown)
        assert [word | own for own, _ in items] == [by_name(binding, one.word) for one in found.items]
        assert plain.recognition() == found.recognition


def test_an_is_test_tells_true_from_one() -> None:
    assert told(Is(fact="level", values=frozenset({True})), facility={"level": 1}) is False
