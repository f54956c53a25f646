"""Plain integers as numbers of a walk: what the steps come to for one bill."""

from __future__ import annotations

from tuodi.core.money import round_half_up


class Plain:
    """The arithmetic of whole fen (`walk.Numbers`)."""

    def whole(self, number: int) -> int:
        """The number."""
        return number

    def plus(self, a: int, b: int) -> int:
        """a + b."""
        return a + b

    def minus(self, a: int, b: int) -> int:
        """a - b."""
        return a - b

    def least(self, a: int, b: int) -> int:
        """min(a, b)."""
        return min(a, b)

    def most(self, a: int, b: int) -> int:
        """max(a, b)."""
        return max(a, b)

    def product(self, a: int, b: int) -> int:
        """a x b."""
        return a * b

    def rounded(self, a: int, by: int) -> int:
        """a / by, half up; 0 where `by` is 0."""
        return round_half_up(a, by) if by else 0

    def named(self, a: int) -> int:
        """The same."""
        return a

    def mark(self) -> int:
        """No definitions."""
        return 0

    def where_less(self, a: int, b: int, then: int, otherwise: int) -> int:
        """`then` where a < b, else `otherwise`."""
        return then if a < b else otherwise
