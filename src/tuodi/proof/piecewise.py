"""Lines in pieces over one amount: what the steps come to as that amount grows, before rounding to the fen.

A function is a tuple of pieces, each straight from its start to the next one's; at a start it may jump.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from tuodi.core.money import round_half_up


class Piece(NamedTuple):
    """value + slope x (amount - start), from the start on."""

    start: Fraction
    value: Fraction
    slope: Fraction

    def at(self, amount: Fraction) -> Fraction:
        """The value at the amount."""
        return self.value + self.slope * (amount - self.start)


Pieces = tuple[Piece, ...]

ZERO = Fraction(0)
AMOUNT: Pieces = (Piece(ZERO, ZERO, Fraction(1)),)
"""The amount itself."""


class Piecewise:
    """The arithmetic of functions of one amount >= 0 (`walk.Numbers`)."""

    def whole(self, number: int) -> Pieces:
        """The constant."""
        return (Piece(ZERO, Fraction(number), ZERO),)

    def plus(self, a: Pieces, b: Pieces) -> Pieces:
        """a + b."""
        return _joined(Piece(f.start, f.value + g.value, f.slope + g.slope) for f, g in _together(a, b))

    def minus(self, a: Pieces, b: Pieces) -> Pieces:
        """a - b."""
        return _joined(Piece(f.start, f.value - g.value, f.slope - g.slope) for f, g in _together(a, b))

    def least(self, a: Pieces, b: Pieces) -> Pieces:
        """min(a, b)."""
        return self.where_less(a, b, a, b)

    def most(self, a: Pieces, b: Pieces) -> Pieces:
        """max(a, b)."""
        return self.where_less(a, b, b, a)

    def product(self, a: Pieces, b: Pieces) -> Pieces:
        """a x b, of which one is constant."""
        constant, other = (a, b) if is_constant(a) else (b, a)
        assert is_constant(constant), "a product of two amounts is no line"
        factor = constant[0].value
        return _joined(Piece(piece.start, piece.value * factor, piece.slope * factor) for piece in other)

    def rounded(self, a: Pieces, by: Pieces) -> Pieces:
        """a / by, `by` constant: half up where `a` is constant, else without rounding; 0 where `by` is 0."""
        assert is_constant(by)
        divisor = by[0].value
        if divisor == 0:
            return self.whole(0)
        if is_constant(a):
            return self.whole(round_half_up(int(a[0].value), int(divisor)))
        return _joined(Piece(piece.start, piece.value / divisor, piece.slope / divisor) for piece in a)

    def named(self, a: Pieces) -> Pieces:
        """The same."""
        return a

    def mark(self) -> int:
        """No definitions."""
        return 0

    def where_less(self, a: Pieces, b: Pieces, then: Pieces, otherwise: Pieces) -> Pieces:
        """`then` where a < b, else `otherwise`."""
        return _joined(_chosen(a, b, then, otherwise))


def is_constant(pieces: Pieces) -> bool:
    """Whether the function is one whole number everywhere."""
    return len(pieces) == 1 and pieces[0].slope == 0 and pieces[0].value.denominator == 1


def starts(pieces: Pieces) -> frozenset[Fraction]:
    """Where the function bends or jumps."""
    return frozenset(piece.start for piece in pieces[1:])


def _chosen(a: Pieces, b: Pieces, then: Pieces, otherwise: Pieces) -> Iterator[Piece]:
    difference = _joined(Piece(f.start, f.value - g.value, f.slope - g.slope) for f, g in _together(a, b))
    for piece, end in _until(_split_at_roots(difference)):
        inside = piece.start + 1 if end is None else (piece.start + end) / 2
        source = then if piece.at(inside) < 0 else otherwise
        yield from _between(source, piece.start, end)


def _split_at_roots(pieces: Pieces) -> Pieces:
    """The same function, with a piece beginning wherever it crosses zero."""
    found: list[Piece] = []
    for piece, end in _until(pieces):
        found.append(piece)
        root = piece.start - piece.value / piece.slope if piece.slope else None
        if root is not None and root > piece.start and (end is None or root < end):
            found.append(Piece(root, ZERO, piece.slope))
    return tuple(found)


def _between(pieces: Pieces, start: Fraction, end: Fraction | None) -> Iterator[Piece]:
    for piece, stop in _until(pieces):
        first = max(piece.start, start)
        if (stop is None or first < stop) and (end is None or first < end):
            yield Piece(first, piece.at(first), piece.slope)


def _together(a: Pieces, b: Pieces) -> Iterator[tuple[Piece, Piece]]:
    """Pieces of both over the same spans."""
    for start in sorted({piece.start for piece in (*a, *b)}):
        f, g = _holding(a, start), _holding(b, start)
        yield Piece(start, f.at(start), f.slope), Piece(start, g.at(start), g.slope)


def _holding(pieces: Pieces, amount: Fraction) -> Piece:
    return next(piece for piece in reversed(pieces) if piece.start <= amount)


def _until(pieces: Pieces) -> Iterator[tuple[Piece, Fraction | None]]:
    """Each piece with the start of the next, None after the last."""
    ends: list[Fraction | None] = [piece.start for piece in pieces[1:]]
    return zip(pieces, [*ends, None], strict=True)


def _joined(pieces: Iterable[Piece]) -> Pieces:
    """Pieces in order, without those that only go on."""
    found: list[Piece] = []
    for piece in pieces:
        if not found or found[-1].slope != piece.slope or found[-1].at(piece.start) != piece.value:
            found.append(piece)
    return tuple(found)
