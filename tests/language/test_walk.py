"""Walks find every value, operand and test, however deep."""

from datetime import date
from pathlib import Path

from tuodi.language.load import load_policy
from tuodi.language.model import (
    AllOf,
    AnyOf,
    Bands,
    ByCase,
    Column,
    Dated,
    Fixed,
    Is,
    LeftOf,
    Not,
    ParameterValue,
    QuantityRef,
    Reached,
    ShareOf,
    Test,
    Unpaid,
    Value,
)
from tuodi.language.walk import (
    atoms,
    conditions_in,
    conditions_of,
    leaves,
    parameters_of,
    quantity_named,
    rates,
    reachable,
    values_of,
)

SPECIMEN = load_policy(Path(__file__).parent / "specimen")
BENEFITS = {benefit.id: benefit for benefit in SPECIMEN.benefits}


def is_(value: int) -> Test:
    return Is(fact="level", values=frozenset({value}))


PARAMETER = ParameterValue(parameter="p")
DEEP: Value = Dated(
    steps=(
        (date(2020, 1, 1), ShareOf(share=1, of=ByCase(cases=((is_(1), Fixed(amount=1)),), otherwise=PARAMETER))),
        (date(2021, 1, 1), ByCase(cases=((is_(2), Fixed(amount=2)),))),
    )
)


def test_leaves_and_tests_of_a_value() -> None:
    assert [Fixed(amount=1), PARAMETER, Fixed(amount=2)] == list(leaves(DEEP))
    assert [is_(1), is_(2)] == list(conditions_in(DEEP))
    assert [] == list(leaves(None)) == list(conditions_in(None)) == list(conditions_in(PARAMETER))


def test_atoms_of_a_test() -> None:
    assert [is_(1), is_(2), is_(3)] == list(atoms(AllOf(tests=(is_(1), Not(test=AnyOf(tests=(is_(2), is_(3))))))))
    assert [] == list(atoms(None))


def test_values_of_a_benefit_with_its_adjustments() -> None:
    relief = BENEFITS["relief"]
    assert isinstance(relief.pay, Bands)

    literals = {leaf.amount for value in values_of(relief) for leaf in leaves(value) if isinstance(leaf, Fixed)}
    assert {6000, 7000, 8000, 1_000_000, 300_000, 3_000_000, 4_000_000, 100_000, 50_000, 1000, 4000} <= literals
    assert {2000} == {leaf.amount for value in values_of(BENEFITS["bed_day"]) for leaf in leaves(value)}  # type: ignore[union-attr]
    assert 3 == len(rates(relief))
    assert () == rates(BENEFITS["no_births"])


def test_parameters_that_a_benefit_needs() -> None:
    assert {"income"} == parameters_of(BENEFITS["relief"])
    assert {"other_rate"} == parameters_of(BENEFITS["illness"])
    assert {"item_limits"} == parameters_of(BENEFITS["items"])


def test_operands_beneath_a_basis() -> None:
    beneath = list(reachable(BENEFITS["illness"].of, SPECIMEN))

    assert {Column(name="total"), Column(name="in_policy"), Unpaid()} <= set(beneath)
    assert [] == list(reachable(None, SPECIMEN))
    assert [LeftOf(quantity="missing")] == list(reachable(LeftOf(quantity="missing"), SPECIMEN))
    assert ["burden", "burden", None] == [
        quantity_named(operand) for operand in (QuantityRef(quantity="burden"), LeftOf(quantity="burden"), Unpaid())
    ]


def test_tests_of_every_part() -> None:
    facts = {atom.fact for test in conditions_of(SPECIMEN) for atom in atoms(test) if isinstance(atom, Is)}

    assert {"insurance", "designated", "region", "county", "level", "expert_review"} <= facts
    assert any(isinstance(atom, Reached) for test in conditions_of(SPECIMEN) for atom in atoms(test))
