"""Who bears what: the payers that a document names as sources of money, and relief split over them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tuodi.core.finding import Finding, Place
from tuodi.engine.funding import funding_of
from tuodi.language.model import Funding, Policy
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Part, Share, split

_BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")
_WORDS = (
    ("临时救助", Source.temporary_relief),
    ("捐", Source.donation),
    ("慈善", Source.donation),
    ("中央", Source.central),
    ("省", Source.provincial),
    ("县", Source.county),
    ("区", Source.county),
    ("当地", Source.county),
    ("市", Source.city),
)


def source_of(payer: str) -> Source | None:
    """The source that a document's payer is, by the level of government that it names; None where it names none.

    What stands in brackets plays no part: 县（市、区）级财政 is the county's.
    """
    bare = _BRACKETS.sub("", payer)
    return next((source for word, source in _WORDS if word in bare), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """Which shares bear which benefits; `otherwise` those for which the document states none."""

    by_benefit: Mapping[str, tuple[Share, ...]]
    otherwise: tuple[Share, ...]

    def parts(self, paid: Mapping[str, int]) -> tuple[Part, ...]:
        """What each source bears of what the benefits paid (fen >= 0). Benefits of the same shares are split as one."""
        by_shares: Counter[tuple[Share, ...]] = Counter()
        for benefit, fen in paid.items():
            if fen:
                by_shares[self.by_benefit.get(benefit, self.otherwise)] += fen
        if len(by_shares) == 1:  # most bills, and a bill waits for this
            ((shares, fen),) = by_shares.items()
            return tuple(part for part in split(fen, shares) if part.fen)
        sums: Counter[Source] = Counter()
        for shares, fen in by_shares.items():
            for part in split(fen, shares):
                sums[part.source] += part.fen
        return tuple(Part(source=source, fen=sums[source]) for source in Source if sums[source])


def bearing_of(policy: Policy, otherwise: Sequence[Share]) -> Bearing:
    """The policy's shares by benefit."""
    by_benefit = {
        benefit: _shares(funding)
        for benefit in (benefit.id for benefit in policy.benefits)
        if (funding := funding_of(policy, benefit)) is not None
    }
    return Bearing(by_benefit=by_benefit, otherwise=tuple(otherwise))


def funding_faults(policy: Policy) -> list[Finding]:
    """What of a policy's funding cannot be booked: a payer of no known level, shares that hang on a condition."""
    faults = [
        Finding(
            code="payer-unknown",
            message=f"资金分担“{funding.id}”的“{share.payer}”看不出是哪一级的资金",
            place=Place(path=f"funding.{funding.id}"),
            remedy="写明中央、省、市、县（区），或捐赠、临时救助资金",
        )
        for funding in _of_benefits(policy)
        for share in funding.payers
        if source_of(share.payer) is None
    ]
    return faults + [
        Finding(
            code="funding-conditional",
            message=f"资金分担“{funding.id}”附有条件，不能按它记账",
            place=Place(path=f"funding.{funding.id}"),
            remedy="把条件写进待遇，一项待遇一种分担",
        )
        for funding in _of_benefits(policy)
        if funding.when is not None
    ]


def _of_benefits(policy: Policy) -> list[Funding]:
    benefits = {benefit.id for benefit in policy.benefits}
    return [funding for funding in policy.funding if benefits & funding.pays]


def _shares(funding: Funding) -> tuple[Share, ...]:
    """One share a source: two budgets of one level are one source."""
    sums: Counter[Source] = Counter()
    for share in funding.payers:
        source = source_of(share.payer)
        assert source is not None, "funding_faults: every payer has a level"
        sums[source] += share.share
    return tuple(Share(source=source, basis_points=points) for source, points in sums.items())
