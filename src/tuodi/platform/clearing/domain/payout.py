"""What a payment order pays: the statement's net after disallowances, less refunds due, source by source. Pure.

Each source of money is a fund of its own, so what one fund is owed is never kept back from what another one owes. An
order never takes money: what is still due after it stays due, for the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from tuodi.ledger.account import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePayout:
    """One source: net = relief - disallowed + released; net and due come to paid, or to what is left due."""

    source: Source
    relief: int
    disallowed: int
    released: int
    due: int

    def __post_init__(self) -> None:
        assert self.disallowed >= 0 and self.released >= 0 and self.due >= 0, "amounts that go one way each"

    @property
    def net(self) -> int:
        """What the statement comes to; below zero where cancels outweigh."""
        return self.relief - self.disallowed + self.released

    @property
    def offset(self) -> int:
        """What of refunds due is kept back."""
        return min(max(self.net, 0), self.due)

    @property
    def paid(self) -> int:
        """What goes to the institution, never below zero."""
        return max(self.net - self.due, 0)

    @property
    def left_due(self) -> int:
        """What the institution still has to give back afterwards."""
        return max(self.due - self.net, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """An order's amounts, a row a source."""

    sources: tuple[SourcePayout, ...]

    @property
    def relief(self) -> int:
        """The rows of the statement."""
        return sum(each.relief for each in self.sources)

    @property
    def disallowed(self) -> int:
        """What is not accepted of them."""
        return sum(each.disallowed for each in self.sources)

    @property
    def released(self) -> int:
        """Earlier disallowances that go back."""
        return sum(each.released for each in self.sources)

    @property
    def offset(self) -> int:
        """Kept back for refunds due."""
        return sum(each.offset for each in self.sources)

    @property
    def paid(self) -> int:
        """The order's amount."""
        return sum(each.paid for each in self.sources)

    @property
    def left_due(self) -> int:
        """Still to be given back."""
        return sum(each.left_due for each in self.sources)

    def __iter__(self) -> Iterator[SourcePayout]:
        return iter(self.sources)


def payout(
    relief: Mapping[Source, int],
    disallowed: Mapping[Source, int],
    released: Mapping[Source, int],
    due: Mapping[Source, int],
) -> Payout:
    """The order's amounts. Sources in their order, those that nothing concerns left out."""
    concerned: Iterable[Source] = (
        source for source in Source if any(sums.get(source) for sums in (relief, disallowed, released, due))
    )
    return Payout(
        sources=tuple(
            SourcePayout(
                source=source,
                relief=relief.get(source, 0),
                disallowed=disallowed.get(source, 0),
                released=released.get(source, 0),
                due=due.get(source, 0),
            )
            for source in concerned
        )
    )


def still_due(orders: Iterable[Payout], otherwise: Mapping[Source, int]) -> dict[Source, int]:
    """What all these orders left due, with what came to it otherwise, less what was given back; sources at 0 left out.

    Below zero: more was given back than any order left, which INV-26 rules out.
    """
    due: Counter[Source] = Counter()
    due.update(otherwise)
    for each in chain.from_iterable(orders):
        due[each.source] += each.paid - each.net
    return {source: due[source] for source in Source if due[source]}
