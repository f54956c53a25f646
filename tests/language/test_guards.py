"""Which tests can hold together, by trying: checked against plain enumeration."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.written import DISEASES, Edit, part, policy
from tuodi.language.guards import And, Formula, Lit, No, Or, Solver, Space, Undecided, holds
from tuodi.language.load import load_policy
from tuodi.language.model import AllOf, ClassIn, DiseaseIn, Fixed, Given, Not, Policy, Reached, Since, StatusIn, Test

DOMAINS: dict[str, tuple[object, ...]] = {"a": (1, 2, 3), "b": (True, False), "c": ("x", None)}
SPECIMEN = load_policy(Path(__file__).parent / "specimen")

LITS = st.sampled_from(sorted(DOMAINS)).flatmap(
    lambda name: st.frozensets(st.sampled_from(DOMAINS[name])).map(lambda values: Lit(name, values))
)
FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    LITS,
    lambda parts: st.one_of(
        parts.map(No),
        st.lists(parts, max_size=3).map(lambda some: And(tuple(some))),
        st.lists(parts, max_size=3).map(lambda some: Or(tuple(some))),
    ),
    max_leaves=8,
)


@given(st.lists(FORMULAS, max_size=3))
def test_an_example_is_found_exactly_where_there_is_one(formulas: list[Formula]) -> None:
    worlds = [dict(zip(DOMAINS, values, strict=True)) for values in product(*DOMAINS.values())]
    there_is = any(all(holds(formula, world) for formula in formulas) for world in worlds)
    found = Solver(DOMAINS).example(formulas)

    assert there_is is (found is not None)
    if found is not None:
        assert all(holds(formula, found) for formula in formulas)


def test_trying_has_an_end() -> None:
    digits = {str(number): (True, False) for number in range(30)}
    odd = [Or((Lit(name, frozenset({True})), Lit(name, frozenset({False})))) for name in digits]
    never = And((*odd, Lit("0", frozenset()), Lit("29", frozenset())))

    with pytest.raises(Undecided):
        Solver(digits, patience=5).example([*odd, No(never)])


def test_a_formula_is_open_while_it_hangs_on_something() -> None:
    lit = Lit("a", frozenset({1}))

    assert [None, True, False] == [holds(lit, {}), holds(lit, {"a": 1}), holds(lit, {"a": 2})]
    assert [None, False] == [holds(No(lit), {}), holds(No(lit), {"a": 1})]
    assert [None, False] == [holds(And((lit, lit)), {}), holds(And((lit, Lit("b", frozenset()))), {"b": True})]
    assert [None, True] == [holds(Or((lit, lit)), {}), holds(Or((lit, Lit("b", frozenset({True})))), {"b": True})]


def together(found: Policy, *tests: Test) -> bool:
    space = Space(found)
    return space.example(*(space.formula(test) for test in tests)) is not None


def statuses(*names: str) -> StatusIn:
    return StatusIn(statuses=frozenset(names))


def classes(*names: str) -> ClassIn:
    return ClassIn(classes=frozenset(names))


def test_in_first_class_a_person_is_in_one() -> None:
    assert not together(SPECIMEN, classes("destitute"), classes("poor"))
    assert not together(SPECIMEN, classes("poor"), statuses("orphan"))
    assert together(SPECIMEN, classes("poor"), statuses("subsistence_allowance"))
    assert together(SPECIMEN, classes("ill"), Not(test=statuses("illness_impoverished")))


def test_a_class_of_classes_is_what_it_is_made_of() -> None:
    assert together(SPECIMEN, classes("key"), statuses("severe_disability"))
    assert not together(SPECIMEN, classes("key"), Not(test=statuses("severe_disability")))


ASKED: list[Edit] = [
    part("lists:\n  a: {file: lists/a.csv, label: 甲, clause: 二}\n  b: {file: lists/b.csv, label: 乙, clause: 二}\n"),
    part("facts:\n  deposit: {type: money, label: 押金, default: null}\n"),
    (
        "    of: burden\n",
        "    when: {any: [{disease: [a, b]}, {deposit: {at_least: 5, below: 10}}, {since: 2024-01-01},"
        " {since: 2025-01-01}, {level: 2}, {insurance: resident}, {reached: {relief_of_year: 5}}]}\n    of: burden\n",
    ),
]


@pytest.fixture
def asked(tmp_path: Path) -> Policy:
    return policy(tmp_path, *ASKED, lists={"a": DISEASES, "b": DISEASES + "乳腺癌,,C50,,\n"})


def test_a_list_inside_another_is_seen(asked: Policy) -> None:
    inner, outer = DiseaseIn(lists=frozenset({"a"})), DiseaseIn(lists=frozenset({"b"}))

    assert not together(asked, inner, Not(test=outer))
    assert together(asked, outer, Not(test=inner))
    assert together(asked, inner, outer)


def test_days_follow_each_other(asked: Policy) -> None:
    from datetime import date

    early, late = Since(day=date(2024, 1, 1)), Since(day=date(2025, 1, 1))

    assert together(asked, early, Not(test=late))
    assert not together(asked, late, Not(test=early))


def test_numbers_have_intervals_and_may_be_missing(asked: Policy) -> None:
    from tuodi.language.model import Between, Is

    low, high = Between(fact="deposit", below=500), Between(fact="deposit", at_least=1000)

    assert not together(asked, low, high)
    assert together(asked, low, Not(test=Between(fact="deposit", at_least=500, below=1000)))
    assert not together(asked, low, Not(test=Given(fact="deposit")))
    assert together(asked, Not(test=low), Not(test=high))
    level = Is(fact="level", values=frozenset({2}))
    assert together(asked, level) and together(asked, Not(test=level))


def test_what_is_not_modelled_is_free(asked: Policy) -> None:
    reached = Reached(count="relief_of_year", at_least=Fixed(amount=500))

    assert together(asked, reached) and together(asked, Not(test=reached))
    assert not together(asked, AllOf(tests=(reached, Not(test=reached))))


def test_every_rule_of_the_specimen_can_apply() -> None:
    space = Space(SPECIMEN)

    assert all(space.example(space.guard(benefit)) is not None for benefit in SPECIMEN.benefits)
