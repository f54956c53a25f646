"""Money in whole fen, and the only road from a product of money and rate back to money.

`Money * Rate` is an exact `Amount`; only `Amount.rounded()` gives `Money` again, half up and once, so that a
forgotten rounding does not type-check. At every edge money is a decimal string in yuan, never a float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST_FEN = 10_000_000_000 - 1
"""The largest amount that a bill, a threshold or a limit may carry: 99,999,999.99 yuan.

With it every product of the compiled program fits in 64 bits (INV-06).
"""

BASIS_POINTS = 10_000

_YUAN = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]{1,2}))?\Z", re.ASCII)


class Money(int):
    """Whole fen. Adding and subtracting give Money; multiplying by a Rate gives an exact Amount."""

    __slots__ = ()

    def __add__(self, other: int) -> Money:
        return Money(int(self) + int(other))

    def __sub__(self, other: int) -> Money:
        return Money(int(self) - int(other))

    def __mul__(self, rate: Rate) -> Amount:  # type: ignore[override]
        if not isinstance(rate, Rate):
            raise TypeError("money is multiplied by a Rate, and rounded by Amount.rounded()")
        return Amount(numerator=int(self) * rate.basis_points, denominator=BASIS_POINTS)

    def __truediv__(self, other: object) -> Amount:  # type: ignore[override]
        raise TypeError("money is never divided into a float; use Amount")

    def __str__(self) -> str:
        return format_yuan(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate in basis points: 70 % is 7000."""

    basis_points: int

    def __str__(self) -> str:
        return format_rate(self.basis_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An exact product in fen, numerator / denominator, before its one rounding. Never negative."""

    numerator: int
    denominator: int

    def rounded(self) -> Money:
        """Half up to the fen. A negative amount is a bug: half up of a negative has no agreed meaning."""
        assert self.numerator >= 0 and self.denominator > 0, "INV-04 only amounts >= 0 are rounded"
        return Money(round_half_up(self.numerator, self.denominator))


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest integer, ties upwards; both >= 0, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def parse_yuan(text: str, largest: int = LARGEST_FEN) -> int:
    """Fen of a decimal string in yuan with at most two decimals ("1234.50").

    `largest`: in fen, where more than a bill's is allowed. Raises ValueError with the reason in Chinese: not a number,
    a sign, too many decimals, too large.
    """
    match = _YUAN.match(text)
    if match is None:
        raise ValueError(_why_not_yuan(text))
    fen = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if fen > largest:
        raise ValueError(f"金额 {text} 超过上限 {format_yuan(largest)} 元")
    return fen


def format_yuan(fen: int) -> str:
    """ "1234.50" for 123450 fen."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(int(fen)), 100)
    return f"{sign}{yuan}.{rest:02d}"


_RATE = re.compile(r"([0-9]+)(?:\.([0-9]{1,2}))?%\Z", re.ASCII)


def parse_rate(text: str) -> int:
    """Basis points of a percentage with at most two decimals ("70%", "62.5%"). Raises ValueError with the reason."""
    match = _RATE.match(text)
    if match is None:
        raise ValueError(f"比例“{text}”须写成百分数，如 70%")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def format_rate(basis_points: int) -> str:
    """ "70%" for 7000 basis points, "62.5%" for 6250."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}%" if not rest else f"{whole}.{rest:02d}".rstrip("0") + "%"


def _why_not_yuan(text: str) -> str:
    if text.startswith("-"):
        return f"金额 {text} 为负数"
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", text, re.ASCII):
        return f"金额 {text} 的小数超过两位"
    return f"“{text}”不是金额：应为元，至多两位小数，如 1234.50"
