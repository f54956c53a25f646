"""A person's settlements settled again from the first: the cancelled left out, the corrected in their place. Pure.

A cancelled, corrected or backdated bill is never subtracted. The same adjudication settles all of them again, in their
order, and each that comes out otherwise is told line by line, old and new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.money import parse_yuan
from tuodi.platform.settlement.adjudging import Adjudged, Counts, adjudge
from tuodi.platform.settlement.domain import Bill
from tuodi.platform.settlement.engines import Ready


class Past(NamedTuple):
    """A settlement as it stands: its row, the first row of its bill, what was settled, the result, and who bears it."""

    row: int
    origin: int
    policy: int
    who: Mapping[str, Any]
    event: Mapping[str, Any]
    written: Mapping[str, Any]
    region: str = ""


class Planned(NamedTuple):
    """What is to stand in the place of a settlement; without an engine it is cancelled.

    `bill` is the corrected one, if it is. `own`: the act is about this settlement.
    """

    past: Past
    ready: Ready | None
    who: Mapping[str, Any]
    event: Mapping[str, Any]
    bill: Bill | None
    own: bool


class Step(NamedTuple):
    """One place of the history: as it was, and as it is now; None where it is cancelled. `before`: the counts then."""

    planned: Planned
    before: Counts
    now: Adjudged | None

    @property
    def differs(self) -> bool:
        """Whether the act is about it, or it comes out otherwise."""
        return self.planned.own or self.now is None or _result(self.now.written) != _result(self.planned.past.written)

    @property
    def rests_on_other_grounds(self) -> bool:
        """Whether what it rests on is known otherwise now: by the next change it may come out otherwise."""
        planned, past = self.planned, self.planned.past
        return planned.who != past.who or planned.ready is None or planned.ready.id != past.policy


def replayed(opening: Counts, plan: Iterable[Planned]) -> tuple[list[Step], Counts]:
    """The history settled again from the opening counts, and the counts after it.

    Raises Faults with everything that an event now lacks; paths begin with its settlement.
    """
    counts, steps, faults = opening, [], list[Finding]()
    for planned in plan:
        try:
            now = None if planned.ready is None else adjudge(planned.ready, planned.who, planned.event, counts)
        except Faults as lacking:
            faults += [_at(lack, planned.past.row) for lack in lacking.findings]
            continue
        steps.append(Step(planned, counts, now))
        counts = counts if now is None else now.after
    if faults:
        raise Faults(faults)
    return steps, counts


def _at(lack: Finding, row: int) -> Finding:
    return finding(lack.code, lack.message, f"settlement:{row}.{lack.place.path}", lack.remedy)


def _result(written: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in written.items() if name != "id"}


# ---- differences, as they are shown ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class LineDifference:
    """A line in both histories, in fen; None where one has no such line."""

    benefit: str
    clause: str
    item: str | None
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A settlement that is another than it was. `own`: the act is about it; else it changes because of the act.

    `region`: the county that bears it.
    """

    settlement: int
    origin: int
    date: str
    event: str
    own: bool
    cancelled: bool
    old: int
    new: int
    lines: tuple[LineDifference, ...]
    region: str = ""

    @property
    def relief(self) -> int:
        """By how much relief rises, in fen; negative where it falls."""
        return self.new - self.old

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with a proposal."""
        return asdict(self)


def difference_read(kept: Mapping[str, Any]) -> Difference:
    """A difference that was kept with a proposal."""
    return Difference(**{**kept, "lines": tuple(LineDifference(**line) for line in kept["lines"])})


def differences(steps: Sequence[Step]) -> tuple[Difference, ...]:
    """Every settlement that is another than it was, in order."""
    return tuple(_difference(step) for step in steps if step.differs)


def _difference(step: Step) -> Difference:
    past = step.planned.past
    old, new = past.written, None if step.now is None else step.now.written
    return Difference(
        settlement=past.row, origin=past.origin, date=step.planned.event["date"], event=step.planned.event["id"],
        own=step.planned.own, cancelled=new is None, old=parse_yuan(old["relief"]),
        new=0 if new is None else parse_yuan(new["relief"]),
        lines=tuple(_lines(old["lines"], [] if new is None else new["lines"])), region=past.region,
    )  # fmt: skip


def _lines(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterable[LineDifference]:
    """Lines are the same line if benefit, item and the how-many-eth of these are."""
    before, after = _numbered(old), _numbered(new)
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        line = now or was
        if line is not None and (was is None or now is None or was["paid"] != now["paid"]):
            yield LineDifference(
                benefit=line["benefit"], clause=line["clause"], item=line.get("item"),
                old=None if was is None else parse_yuan(was["paid"]),
                new=None if now is None else parse_yuan(now["paid"]),
            )  # fmt: skip


def _numbered(lines: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str | None, int], Mapping[str, Any]]:
    numbered: dict[tuple[str, str | None, int], Mapping[str, Any]] = {}
    for line in lines:
        number = 0
        while (line["benefit"], line.get("item"), number) in numbered:
            number += 1
        numbered[line["benefit"], line.get("item"), number] = line
    return numbered
