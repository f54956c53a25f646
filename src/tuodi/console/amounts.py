"""Amounts and rates as pages write them: thousands apart, two decimals."""

from tuodi.core.money import format_rate, format_yuan
from tuodi.ledger.account import Source


def yuan_text(fen: int) -> str:
    """1,234.50 for 123450 fen."""
    whole, _, cents = format_yuan(fen).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}.{cents}"


def source_text(source: Source) -> str:
    """A source as the money that it is: 县级资金, 临时救助资金."""
    return f"{str(source).removesuffix('资金')}资金"


def rate_text(basis_points: int) -> str:
    """70% for 7000 basis points."""
    return format_rate(basis_points)
