"""Terms of the solver: folding, rounding, and what leaves the safe range."""

from __future__ import annotations

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from tuodi.core.money import LARGEST_FEN, round_half_up
from tuodi.proof.terms import LARGEST_INT64, NotLinear, Term, Terms, total


@given(st.integers(0, 10**14), st.sampled_from([1, 2, 3, 7, 10_000, 35_000_000]))
def test_a_rounding_has_one_quotient_and_that_is_half_up(number: int, by: int) -> None:
    terms = Terms()
    rounded = terms.rounded(terms.unknown("x", 0, 10**14), terms.whole(by))
    solver = z3.SimpleSolver()
    solver.add(*terms.facts, z3.Int("x") == number)

    assert z3.sat == solver.check()
    assert round_half_up(number, by) == solver.model().eval(rounded.expr).as_long()
    solver.add(rounded.expr != round_half_up(number, by))
    assert z3.unsat == solver.check()


def test_what_intervals_decide_never_reaches_the_solver() -> None:
    terms = Terms()
    bill, lifted = terms.unknown("bill", 0, LARGEST_FEN), terms.whole(1 << 60)

    assert bill is terms.least(bill, lifted)
    assert lifted is terms.most(lifted, bill)
    assert terms.whole(7) == terms.where_less(bill, lifted, terms.whole(7), bill)
    assert terms.whole(5) == terms.rounded(terms.whole(50_000), terms.whole(10_000))


def test_the_same_name_is_the_same_number() -> None:
    terms = Terms()

    assert terms.unknown("bill", 0, 10) is terms.unknown("bill", 0, 10)
    assert 2 == len(terms.bounds)


def test_two_unknowns_are_not_multiplied_and_nothing_is_divided_by_one() -> None:
    terms = Terms()
    unknown = terms.unknown("x", 0, 10)

    with pytest.raises(NotLinear):
        terms.product(unknown, unknown)
    with pytest.raises(NotLinear):
        terms.rounded(unknown, unknown)


def test_a_rounding_by_nothing_is_nothing() -> None:
    terms = Terms()

    assert terms.whole(0) == terms.rounded(terms.unknown("x", 0, 10), terms.whole(0))


def test_a_number_that_may_leave_64_bits_is_noted() -> None:
    terms = Terms()
    terms.product(terms.unknown("x", 0, LARGEST_INT64), terms.whole(1))
    assert [] == terms.wide

    terms.product(terms.unknown("x", 0, LARGEST_INT64), terms.whole(2))
    assert 1 == len(terms.wide)


def test_a_rounded_number_that_may_be_negative_is_noted() -> None:
    terms = Terms()
    terms.rounded(terms.unknown("x", -1, 10), terms.whole(10_000))

    assert 1 == len(terms.negative)


def test_a_sum_keeps_its_interval() -> None:
    terms = Terms()

    assert (3, 23) == _interval(total([terms.whole(3), terms.unknown("x", 0, 20)]))


def _interval(term: Term) -> tuple[int, int]:
    return term.low, term.high
