"""Disallowances: what clearing does not accept of a line, with reason and clause; never above what the line paid. Pure.

What is disallowed is borne back by the sources that bore the line, so that no source gets more than it gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tuodi.core.finding import Finding, Place
from tuodi.core.money import format_yuan
from tuodi.ledger.account import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """One benefit's share of a settlement, numbered from 1. `sources`: what each bears of it, adding up to `paid`."""

    number: int
    benefit: str
    clause: str
    paid: int
    sources: Mapping[Source, int]


def paid_lines(paid: Sequence[tuple[str, str, int]], sources: Mapping[Source, int]) -> tuple[PaidLine, ...]:
    """Lines (benefit, clause, fen) that the sources bore together, each with what each source bears of it.

    One after the other in proportion to what is left; so each line adds up, and so does each source.
    """
    assert sum(fen for _, _, fen in paid) == sum(sources.values()), "INV-25 the sources bear what the lines pay"
    left = Counter(dict(sources))
    lines = []
    for number, (benefit, clause, fen) in enumerate(paid, 1):
        borne = borne_by(fen, left)
        left.subtract(borne)
        lines.append(PaidLine(number=number, benefit=benefit, clause=clause, paid=fen, sources=borne))
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disallowance:
    """Fen (> 0) that are not accepted of a settlement's line. `clause`: of the document or of the agreement.

    `sources`: which of them get it back. `id` as it is stored, 0 of one that is only wanted.
    """

    settlement: int
    line: int
    fen: int
    reason: str
    clause: str
    sources: Mapping[Source, int] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A disallowance that goes back, as its settlement was cancelled or replaced: it would count twice otherwise."""

    disallowance: int
    settlement: int
    fen: int
    sources: Mapping[Source, int]


def findings(wanted: Disallowance, lines: Sequence[PaidLine], in_force: Iterable[Disallowance]) -> list[Finding]:
    """Why the disallowance can't be added beside those in force; all reasons."""
    found = [*_lacking(wanted)]
    line = next((line for line in lines if line.number == wanted.line), None)
    if line is None:
        return [*found, _finding("disallowance-line", wanted, f"没有第 {wanted.line} 项待遇", "选这笔结算的一项待遇")]
    before = sum(each.fen for each in in_force if _same_line(each, wanted))
    if wanted.fen > line.paid - before:
        already = f"，已扣减 {format_yuan(before)}" if before else ""
        says = f"第 {line.number} 项待遇支付 {format_yuan(line.paid)}{already}，不能扣减 {format_yuan(wanted.fen)}"
        found.append(_finding("disallowance-above-paid", wanted, says, f"至多扣减 {format_yuan(line.paid - before)}"))
    return found


def borne_by(fen: int, sources: Mapping[Source, int]) -> dict[Source, int]:
    """A part (0 <= fen <= all) of what the sources bore, in proportion, by largest remainder; none above its own."""
    whole = sum(sources.values())
    assert min(sources.values(), default=0) >= 0 and 0 <= fen <= whole, "a part is never more than the whole"
    if not fen:
        return {}
    bearing = [source for source in Source if sources.get(source)]
    parts = {source: divmod(fen * sources[source], whole) for source in bearing}
    left = fen - sum(cut for cut, _ in parts.values())
    favoured = sorted(bearing, key=lambda source: (-parts[source][1], bearing.index(source)))[:left]
    shares = {source: cut + (source in favoured) for source, (cut, _) in parts.items()}
    return {source: share for source, share in shares.items() if share}


def given_back(fen: int, line: PaidLine, in_force: Iterable[Disallowance]) -> dict[Source, int]:
    """Which sources get back how much of a line when `fen` more are disallowed beside those in force of that line.

    In proportion to what each still bears, so that none gets back more than it bore, whatever is withdrawn meanwhile.
    """
    left = Counter(dict(line.sources))
    for each in in_force:
        left.subtract(each.sources)
    return borne_by(fen, left)


def sources_of(all_of_them: Iterable[Disallowance | Release]) -> dict[Source, int]:
    """What goes back to each source, or comes from it again; sources in their order."""
    sums: Counter[Source] = Counter()
    for each in all_of_them:
        sums.update(each.sources)
    return {source: sums[source] for source in Source if sums[source]}


def _lacking(wanted: Disallowance) -> Iterable[Finding]:
    if wanted.fen <= 0:
        yield _finding("disallowance-nothing", wanted, "扣减金额应大于 0", "写明扣减多少；不扣减就不用录入")
    if not wanted.reason.strip():
        yield _finding("disallowance-reason", wanted, "没有写明扣减的理由", "写明不予支付的事实")
    if not wanted.clause.strip():
        yield _finding("disallowance-clause", wanted, "没有写明扣减的依据", "写明文件或协议的条款，如 七(一)")


def _same_line(one: Disallowance, other: Disallowance) -> bool:
    return (one.settlement, one.line) == (other.settlement, other.line)


def _finding(code: str, wanted: Disallowance, message: str, remedy: str) -> Finding:
    place = Place(path=f"settlement:{wanted.settlement} line:{wanted.line}")
    return Finding(code=code, message=message, place=place, remedy=remedy)
