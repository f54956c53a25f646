"""Which budget bears what: the document's shares, split to the fen by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuodi.core.apportion import apportion
from tuodi.language.model import Funding, PayerShare, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetShare:
    """What one budget bears, in fen."""

    payer: str
    fen: int


def split(fen: int, shares: Sequence[PayerShare]) -> tuple[BudgetShare, ...]:
    """The amount (>= 0) over the shares, which add up to 100 %, in their order, by largest remainder."""
    parts = apportion(fen, [share.share for share in shares])
    return tuple(BudgetShare(payer=share.payer, fen=part) for share, part in zip(shares, parts, strict=True))


def funding_of(policy: Policy, benefit: str) -> Funding | None:
    """The funding line that bears the benefit or enrolment; None where the document states no shares for it."""
    return next((funding for funding in policy.funding if benefit in funding.pays), None)
