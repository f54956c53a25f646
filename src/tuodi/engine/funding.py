"""Which budget bears what: the document's shares, split to the fen by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuodi.core.money import BASIS_POINTS
from tuodi.language.model import Funding, PayerShare, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetShare:
    """What one budget bears, in fen."""

    payer: str
    fen: int


def split(fen: int, shares: Sequence[PayerShare]) -> tuple[BudgetShare, ...]:
    """The amount (>= 0) over the shares, which add up to 100 %, in their order; the parts add up to the amount.

    Each payer bears its exact part cut to the fen; the fen that are left go one each to the largest remainders, the
    earlier payer first among equals.
    """
    assert fen >= 0 and sum(share.share for share in shares) == BASIS_POINTS, "loaded: shares add up to 100 %"
    parts = [divmod(fen * share.share, BASIS_POINTS) for share in shares]
    left = fen - sum(whole for whole, _ in parts)
    favoured = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left]
    return tuple(
        BudgetShare(payer=share.payer, fen=whole + (place in favoured))
        for place, (share, (whole, _)) in enumerate(zip(shares, parts, strict=True))
    )


def funding_of(policy: Policy, benefit: str) -> Funding | None:
    """The funding line that bears the benefit or enrolment; None where the document states no shares for it."""
    return next((funding for funding in policy.funding if benefit in funding.pays), None)
