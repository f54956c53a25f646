"""Where relief bends or jumps along a bill, and which of these places a change makes, moves away or leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tuodi.engine.bind import Bound
from tuodi.lab.change import Change
from tuodi.lab.results import CliffRow, Standing
from tuodi.proof.report import Curve, Kink, KinkKind, ProofReport

_KINDS = {KinkKind.KINK: "拐点", KinkKind.CLIFF: "断崖"}


class _Place(NamedTuple):
    curve: Curve
    kink: Kink

    @property
    def name(self) -> tuple[object, ...]:
        """What makes it the same place in both policies."""
        return self.curve.benefits, self.curve.conditions, self.curve.measure, self.kink


def cliff_rows(change: Change) -> tuple[CliffRow, ...]:
    """Cliffs and kinks of both policies, those that differ first; cliffs before kinks."""
    before, after = _places(change.before_proof), _places(change.after_proof)
    was, now = {one.name for one in before}, {one.name for one in after}
    rows = [_row(one, Standing.KEPT if one.name in was else Standing.NEW, change.after.bound) for one in after]
    rows += [_row(one, Standing.GONE, change.before.bound) for one in before if one.name not in now]
    return tuple(
        sorted(rows, key=lambda row: (row.standing is Standing.KEPT, row.kind != "断崖", row.conditions, row.at))
    )


def _places(report: ProofReport) -> list[_Place]:
    return [_Place(curve, kink) for curve in report.curves for kink in curve.kinks]


def _row(place: _Place, standing: Standing, bound: Bound) -> CliffRow:
    curve, kink = place
    return CliffRow(
        standing=standing,
        kind=_KINDS[kink.kind],
        conditions=curve.conditions,
        benefits="、".join(_labels(curve, bound)),
        clauses="、".join(curve.clauses),
        at=kink.at,
        relief=kink.relief,
        jump=kink.jump,
        slope_before=kink.slope_before,
        slope_after=kink.slope_after,
        why=kink.why,
    )


def _labels(curve: Curve, bound: Bound) -> Iterator[str]:
    labels = {rule.id: rule.label for rule in bound.program.rules}
    for benefit in curve.benefits:
        yield labels[benefit]
