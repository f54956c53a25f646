"""What an explanation says, as data: amounts in fen, rates in basis points, each reason with document and clause."""

from __future__ import annotations

from typing import NamedTuple

from tuodi.core.citation import Citation
from tuodi.engine.line import BandPart
from tuodi.engine.settle import Note
from tuodi.engine.situation import Key


class Part(NamedTuple):
    """An amount by its label, and how it came about where it is made from others."""

    label: str
    amount: int
    formula: Formula | None = None


class Formula(NamedTuple):
    """max(0, min(sum(take) x times - sum(less), at_most...)); `times` in basis points, None for 100 %."""

    take: tuple[Part, ...]
    times: int | None
    less: tuple[Part, ...]
    at_most: tuple[Part, ...]


class Adjusted(NamedTuple):
    """What made a number differ for this event: the clause, and what it says, in Chinese."""

    citation: Citation
    says: str


class ThresholdWhy(NamedTuple):
    """The amount above which a line pays. `count_id` None: measured on this event alone.

    before, after: where the count stood, and stands with this event's basis. `stated`: the amount before adjusting,
    where something adjusted it.
    """

    amount: int
    count_id: str | None
    label: str
    before: int
    after: int
    stated: int | None
    adjusted: tuple[Adjusted, ...]


class LimitWhy(NamedTuple):
    """A limit. used: before this line; room: what was left then; left: what is left now. None: the limit is lifted."""

    count_id: str
    label: str
    citation: Citation
    limit: int | None
    used: int
    room: int
    left: int | None
    stated: int | None
    adjusted: tuple[Adjusted, ...]


class GrantWhy(NamedTuple):
    """A flat amount, times `each` of what `each_label` names where a number is asked."""

    amount: int
    each: int | None
    each_label: str


class LineWhy(NamedTuple):
    """One line.

    basis: the whole basis; part: what of it the rate was applied to, above the threshold; stated: the rate before
    adjusting, where something adjusted it; due: after rounding, exact where nothing was rounded; limited: after the
    limits; bill: what the bill left unpaid before this line; cut_by: the id of a count, `bill`, or None.
    """

    benefit: str
    label: str
    citation: Citation
    layer: str
    item: str | None
    basis: Part | None
    threshold: ThresholdWhy | None
    part: int | None
    rate: int | None
    stated: int | None
    adjusted: tuple[Adjusted, ...]
    bands: tuple[BandPart, ...]
    grant: GrantWhy | None
    due: int
    limits: tuple[LimitWhy, ...]
    limited: int
    bill: int | None
    cut_by: str | None
    paid: int


class PayerWhy(NamedTuple):
    """Somebody who pays before relief: what was given, or, `computed`, what the plan's layer came to here."""

    payer: str
    label: str
    paid: int
    computed: bool


class MoveWhy(NamedTuple):
    """A count that moved, in fen, or in uses."""

    count_id: str
    label: str
    citation: Citation
    key: Key
    before: int
    after: int
    in_uses: bool


class RefusalWhy(NamedTuple):
    """The law says no: the clause and the reason."""

    citation: Citation
    reason: str


class Explanation(NamedTuple):
    """One event. payers + relief + personal + hospital = total; flat grants may make it more, and so may payers who
    have paid more than may be charged.

    `year` is the year that an application is for. `lines` have those of insurance layers that were computed here too.
    `sentences` are the short text, in the language that was asked for.
    """

    event: str
    service: str
    year: int | None
    total: int
    payers: tuple[PayerWhy, ...]
    hospital: int
    lines: tuple[LineWhy, ...]
    refusal: RefusalWhy | None
    notes: tuple[Note, ...]
    moves: tuple[MoveWhy, ...]
    relief: int
    personal: int
    sentences: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The short text."""
        return "".join(self.sentences)
