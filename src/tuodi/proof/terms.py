"""The steps of a program as terms of the solver: whole fen, every rounding a fresh quotient, never `div`.

A term carries the interval that it lies in, so that a limit that is lifted, a threshold of zero or a fresh year's
count folds away before the solver sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import z3

LARGEST_INT64 = (1 << 63) - 1


class NotLinear(Exception):
    """A product of two unknown numbers, a rate left open times an amount: more than the solver is asked to decide."""


@dataclass(frozen=True, slots=True)
class Term:
    """An integer: itself, or a term of the solver that lies in low..high."""

    expr: Any  # int | z3.ArithRef
    low: int
    high: int

    @property
    def known(self) -> bool:
        """Whether the term is a plain number."""
        return isinstance(self.expr, int)


@dataclass(slots=True)
class Terms:
    """The arithmetic of terms (`walk.Numbers`), and what must hold for the unknowns that it made.

    `bounds` hold of every unknown; `definitions` say what the fresh ones stand for: the two sides of every rounding,
    and what a line pays. A question may leave definitions out where it does not need them. `wide` and `negative` are
    the conditions under which a number leaves 64 bits, or one below zero is rounded, where intervals don't rule it out.
    `widest` is the largest size that intervals allow.
    """

    bounds: list[Any] = field(default_factory=list)
    definitions: list[Any] = field(default_factory=list)
    unknowns: dict[str, Term] = field(default_factory=dict)
    wide: list[Any] = field(default_factory=list)
    negative: list[Any] = field(default_factory=list)
    widest: int = 0
    _fresh: Any = field(default_factory=count)

    def unknown(self, name: str, low: int, high: int) -> Term:
        """A whole number in low..high; the same name is the same number."""
        if name not in self.unknowns:
            variable = z3.Int(name)
            self.bounds += [variable >= low, variable <= high]
            self.unknowns[name] = Term(variable, low, high)
        return self.unknowns[name]

    def whole(self, number: int) -> Term:
        """The constant."""
        return Term(number, number, number)

    def plus(self, a: Term, b: Term) -> Term:
        """a + b."""
        return self._made(a.expr + b.expr, a.low + b.low, a.high + b.high)

    def minus(self, a: Term, b: Term) -> Term:
        """a - b."""
        return self._made(a.expr - b.expr, a.low - b.high, a.high - b.low)

    def least(self, a: Term, b: Term) -> Term:
        """min(a, b)."""
        if a.high <= b.low:
            return a
        if b.high <= a.low:
            return b
        return Term(z3.If(_lifted(a) <= _lifted(b), a.expr, b.expr), min(a.low, b.low), min(a.high, b.high))

    def most(self, a: Term, b: Term) -> Term:
        """max(a, b)."""
        if a.low >= b.high:
            return a
        if b.low >= a.high:
            return b
        return Term(z3.If(_lifted(a) >= _lifted(b), a.expr, b.expr), max(a.low, b.low), max(a.high, b.high))

    def product(self, a: Term, b: Term) -> Term:
        """a x b, of which one is known."""
        if not (a.known or b.known):
            raise NotLinear
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return self._made(a.expr * b.expr, min(corners), max(corners))

    def rounded(self, a: Term, by: Term) -> Term:
        """a / by, half up, as the quotient q with 2 by q <= 2 a + by < 2 by (q + 1); `by` is known."""
        if not by.known:
            raise NotLinear
        divisor = by.expr
        if divisor == 0:
            return self.whole(0)
        if a.low < 0:
            self.negative.append(_lifted(a) < 0)
        doubled = self._made(2 * a.expr + divisor, 2 * a.low + divisor, 2 * a.high + divisor)
        low, high = doubled.low // (2 * divisor), doubled.high // (2 * divisor)
        if low == high:
            return self.whole(low)
        quotient = z3.Int(f"q{next(self._fresh)}")
        remainder = doubled.expr - 2 * divisor * quotient
        self.bounds += [quotient >= low, quotient <= high]
        self.definitions += [remainder >= 0, remainder < 2 * divisor]
        return Term(quotient, low, high)

    def where_less(self, a: Term, b: Term, then: Term, otherwise: Term) -> Term:
        """`then` where a < b, else `otherwise`."""
        if a.high < b.low:
            return then
        if a.low >= b.high:
            return otherwise
        choice = z3.If(_lifted(a) < _lifted(b), _lifted(then), _lifted(otherwise))
        return Term(choice, min(then.low, otherwise.low), max(then.high, otherwise.high))

    def named(self, a: Term) -> Term:
        """The same number under a name of its own, so that what follows need not know how it was made."""
        if a.known:
            return a
        name = z3.Int(f"p{next(self._fresh)}")
        self.bounds += [name >= a.low, name <= a.high]
        self.definitions.append(name == a.expr)
        return Term(name, a.low, a.high)

    def mark(self) -> int:
        """How many definitions there are."""
        return len(self.definitions)

    @property
    def facts(self) -> list[Any]:
        """All that holds."""
        return [*self.bounds, *self.definitions]

    def _made(self, expr: Any, low: int, high: int) -> Term:
        term = Term(expr, low, high)
        self.widest = max(self.widest, -low, high)
        if high > LARGEST_INT64 or low < -LARGEST_INT64:
            lifted = _lifted(term)
            self.wide.append(z3.Or(lifted > LARGEST_INT64, lifted < -LARGEST_INT64))
        return term


def _lifted(term: Term) -> Any:
    return z3.IntVal(term.expr) if term.known else term.expr


def total(terms: Iterable[Term]) -> Term:
    """The sum."""
    low = high = 0
    expr: Any = 0
    for term in terms:
        expr, low, high = expr + term.expr, low + term.low, high + term.high
    return Term(expr, low, high)
