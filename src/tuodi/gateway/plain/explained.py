"""An explanation as JSON: who paid, each line's way from basis to amount, limits, counts, and the text for people."""

from __future__ import annotations

from tuodi.core.money import format_rate
from tuodi.engine.why import Adjusted, Explanation, Formula, LimitWhy, LineWhy, MoveWhy, Part, ThresholdWhy
from tuodi.gateway.plain.words import Told, Yuan, yuan


class PayerTold(Told):
    """Somebody who paid before relief. `computed`: by the region's plan here."""

    payer: str
    label: str
    paid: Yuan
    computed: bool


class AdjustmentTold(Told):
    """What made a number differ for this bill."""

    document: str
    clause: str
    says: str


class FormulaTold(Told):
    """Sum of `take` times `times` (null: whole) less `less`, at least 0 and at most each of `at_most`."""

    take: list[PartTold]
    times: str | None
    less: list[PartTold]
    at_most: list[PartTold]


class PartTold(Told):
    """An amount by its label, and how it came about."""

    label: str
    amount: Yuan
    formula: FormulaTold | None


class ThresholdTold(Told):
    """The amount above which a line pays."""

    label: str
    amount: Yuan
    stated: Yuan | None
    before: Yuan
    after: Yuan
    adjusted: list[AdjustmentTold]


class LimitTold(Told):
    """A limit. `limit` null: lifted; `left`: what is left of it now."""

    count: str
    label: str
    document: str
    clause: str
    limit: Yuan | None
    stated: Yuan | None
    used: Yuan
    left: Yuan | None
    adjusted: list[AdjustmentTold]


class BandTold(Told):
    """One band of a rate."""

    start: Yuan
    end: Yuan | None
    part: Yuan
    rate: str


class LineExplained(Told):
    """One line: `part` of the basis times `rate` is `limited` by the limits, and `paid`."""

    benefit: str
    label: str
    document: str
    clause: str
    layer: str
    item: str | None
    basis: PartTold | None
    threshold: ThresholdTold | None
    part: Yuan | None
    rate: str | None
    stated_rate: str | None
    adjusted: list[AdjustmentTold]
    bands: list[BandTold]
    limits: list[LimitTold]
    limited: Yuan
    cut_by: str | None
    paid: Yuan


class CountMoved(Told):
    """A count before and after: an amount, or how often (`uses`)."""

    count: str
    label: str
    document: str
    clause: str
    before: Yuan | None
    after: Yuan | None
    uses_before: int | None
    uses_after: int | None


class NoteTold(Told):
    """An item that was not relieved, and why."""

    item: str
    clause: str
    reason: str


class RefusalExplained(Told):
    """The law says no."""

    document: str
    clause: str
    reason: str


class Explained(Told):
    """All of it: payers, relief, the person and the hospital come to the total."""

    total: Yuan
    payers: list[PayerTold]
    lines: list[LineExplained]
    refusal: RefusalExplained | None
    notes: list[NoteTold]
    counts: list[CountMoved]
    relief: Yuan
    personal: Yuan
    hospital: Yuan
    text: str


def explained(why: Explanation) -> Explained:
    """The explanation as it is told."""
    refusal = why.refusal
    return Explained(
        total=yuan(why.total),
        payers=[
            PayerTold(payer=one.payer, label=one.label, paid=yuan(one.paid), computed=one.computed)
            for one in why.payers
        ],
        lines=[_line(line) for line in why.lines],
        refusal=refusal
        and RefusalExplained(
            document=refusal.citation.document, clause=refusal.citation.clause, reason=refusal.reason
        ),
        notes=[NoteTold(item=note.item, clause=note.clause, reason=note.reason) for note in why.notes],
        counts=[_moved(move) for move in why.moves],
        relief=yuan(why.relief), personal=yuan(why.personal), hospital=yuan(why.hospital), text=why.text,
    )  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _some(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def _rate(basis_points: int | None) -> str | None:
    return None if basis_points is None else format_rate(basis_points)


def _part(part: Part) -> PartTold:
    formula = part.formula
    return PartTold(label=part.label, amount=yuan(part.amount), formula=None if formula is None else _formula(formula))


def _formula(formula: Formula) -> FormulaTold:
    return FormulaTold(
        take=[_part(one) for one in formula.take], times=_rate(formula.times),
        less=[_part(one) for one in formula.less], at_most=[_part(one) for one in formula.at_most],
    )  # fmt: skip


def _adjusted(all_of_them: tuple[Adjusted, ...]) -> list[AdjustmentTold]:
    return [
        AdjustmentTold(document=one.citation.document, clause=one.citation.clause, says=one.says)
        for one in all_of_them
    ]  # fmt: skip


def _threshold(threshold: ThresholdWhy) -> ThresholdTold:
    return ThresholdTold(
        label=threshold.label, amount=yuan(threshold.amount), stated=_some(threshold.stated),
        before=yuan(threshold.before), after=yuan(threshold.after), adjusted=_adjusted(threshold.adjusted),
    )  # fmt: skip


def _limit(limit: LimitWhy) -> LimitTold:
    return LimitTold(
        count=limit.count_id, label=limit.label, document=limit.citation.document, clause=limit.citation.clause,
        limit=_some(limit.limit), stated=_some(limit.stated), used=yuan(limit.used), left=_some(limit.left),
        adjusted=_adjusted(limit.adjusted),
    )  # fmt: skip


def _line(line: LineWhy) -> LineExplained:
    return LineExplained(
        benefit=line.benefit, label=line.label, document=line.citation.document, clause=line.citation.clause,
        layer=line.layer, item=line.item, basis=None if line.basis is None else _part(line.basis),
        threshold=None if line.threshold is None else _threshold(line.threshold), part=_some(line.part),
        rate=_rate(line.rate), stated_rate=_rate(line.stated), adjusted=_adjusted(line.adjusted),
        bands=[
            BandTold(start=yuan(band.start), end=_some(band.end), part=yuan(band.part), rate=format_rate(band.rate))
            for band in line.bands
        ],
        limits=[_limit(one) for one in line.limits], limited=yuan(line.limited), cut_by=line.cut_by,
        paid=yuan(line.paid),
    )  # fmt: skip


def _moved(move: MoveWhy) -> CountMoved:
    uses = move.in_uses
    return CountMoved(
        count=move.count_id, label=move.label, document=move.citation.document, clause=move.citation.clause,
        before=None if uses else yuan(move.before), after=None if uses else yuan(move.after),
        uses_before=move.before if uses else None, uses_after=move.after if uses else None,
    )  # fmt: skip
