"""Lines in pieces are the functions that they stand for."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tuodi.proof.piecewise import AMOUNT, Pieces, Piecewise, is_constant, starts

NUMBERS = Piecewise()


@st.composite
def functions(draw: st.DrawFn, depth: int = 3) -> Pieces:
    """What steps can make of one amount."""
    if depth == 0:
        return draw(st.sampled_from([AMOUNT, *(NUMBERS.whole(number) for number in (0, 3, 50, 700))]))
    a, b = draw(functions(depth=depth - 1)), draw(functions(depth=depth - 1))
    kind = draw(st.sampled_from(["plus", "minus", "least", "most", "product", "where_less"]))
    if kind == "product":
        return NUMBERS.product(a, NUMBERS.whole(draw(st.integers(0, 5))))
    if kind == "where_less":
        return NUMBERS.where_less(a, b, draw(functions(depth=0)), draw(functions(depth=0)))
    made: Pieces = getattr(NUMBERS, kind)(a, b)
    return made


def _at(pieces: Pieces, amount: Fraction) -> Fraction:
    return next(piece for piece in reversed(pieces) if piece.start <= amount).at(amount)


@given(functions(), functions(), st.fractions(0, 2000))
def test_the_four_operations_are_pointwise(a: Pieces, b: Pieces, amount: Fraction) -> None:
    at_a, at_b = _at(a, amount), _at(b, amount)

    assert at_a + at_b == _at(NUMBERS.plus(a, b), amount)
    assert at_a - at_b == _at(NUMBERS.minus(a, b), amount)
    assert min(at_a, at_b) == _at(NUMBERS.least(a, b), amount)
    assert max(at_a, at_b) == _at(NUMBERS.most(a, b), amount)


@given(functions(), functions(), functions(), functions(), st.fractions(0, 2000))
def test_a_choice_is_pointwise_but_where_it_turns(
    a: Pieces, b: Pieces, then: Pieces, otherwise: Pieces, amount: Fraction
) -> None:
    at_a, at_b = _at(a, amount), _at(b, amount)
    chosen = NUMBERS.where_less(a, b, then, otherwise)

    if at_a != at_b:
        assert (_at(then, amount) if at_a < at_b else _at(otherwise, amount)) == _at(chosen, amount)


def test_constants_are_rounded_and_lines_are_not() -> None:
    assert NUMBERS.whole(2) == NUMBERS.rounded(NUMBERS.whole(15_000), NUMBERS.whole(10_000))
    half = NUMBERS.rounded(AMOUNT, NUMBERS.whole(2))
    assert Fraction(1, 2) == half[0].slope
    assert NUMBERS.whole(0) == NUMBERS.rounded(AMOUNT, NUMBERS.whole(0))


def test_a_jump_is_a_piece_of_its_own() -> None:
    cliff = NUMBERS.where_less(AMOUNT, NUMBERS.whole(100), NUMBERS.whole(0), NUMBERS.whole(40))

    assert {Fraction(100)} == starts(cliff)
    assert not is_constant(cliff)
