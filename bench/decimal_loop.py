"""The plain way: the two Liaocheng lines of class 1 in a loop over Decimal, without reasons, refusals or checks."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def settle(bills: list[tuple[Decimal, Decimal, Decimal]]) -> list[Decimal]:
    """Relief of each bill (in-policy, basic, critical illness), in order, of one person in one year."""
    relief_of_year = re_relief_of_year = rest_of_year = Decimal(0)
    reliefs = []
    for in_policy, basic, critical_illness in bills:
        burden = max(Decimal(0), in_policy - basic - critical_illness)
        relief = (burden * Decimal("0.70")).quantize(FEN, ROUND_HALF_UP)
        relief = min(relief, Decimal(30000) - relief_of_year)
        rest = burden - relief
        above = min(rest, max(Decimal(0), rest_of_year + rest - 5000))
        again = (above * Decimal("0.70")).quantize(FEN, ROUND_HALF_UP)
        again = min(again, Decimal(20000) - re_relief_of_year)
        relief_of_year += relief
        rest_of_year += rest
        re_relief_of_year += again
        reliefs.append(relief + again)
    return reliefs
