"""Kinks and cliffs: how the relief of a fresh year runs along one bill, and where that changes, with amounts.

Found on lines in pieces (`piecewise`), before rounding; what is paid at a kink is then computed to the fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil

import z3

from tuodi.core.money import BASIS_POINTS, format_yuan, round_half_up
from tuodi.engine.shape import state_bits
from tuodi.language.model import INSURANCES, PAYERS, SERVICES, STATUSES, FactType, TallyOf
from tuodi.proof.bills import Ground
from tuodi.proof.classes import fresh_bits
from tuodi.proof.examples import ROUND
from tuodi.proof.facts import FactsFound, Standing
from tuodi.proof.obligations import benefit_of
from tuodi.proof.paths import Path
from tuodi.proof.piecewise import AMOUNT, Piece, Pieces, Piecewise, is_constant, starts
from tuodi.proof.plain import Plain
from tuodi.proof.report import Curve, Kink, KinkKind, Measure, Switch
from tuodi.proof.walk import CountKey, ItemOf, LineOf, Numbers, T, Walk


def curves(ground: Ground, paths: Sequence[Path]) -> tuple[Curve, ...]:
    """One curve for each way of settling that a fresh year can take."""
    solver = ground.facts.solver()
    solver.add(fresh_bits(ground))
    found = []
    for path in paths:
        solver.push()
        solver.add(path.condition)
        if solver.check() == z3.sat:
            found.append(_curve(ground, path, ground.facts.found(ground.facts.plain(solver))))
        solver.pop()
    return tuple(found)


def switches(ground: Ground) -> tuple[Switch, ...]:
    """Amounts of counts from which later events are settled otherwise."""
    counts = ground.bound.program.counts
    return tuple(
        Switch(
            count=bit.count,
            at=bit.at_least,
            says=f"“{counts[bit.count].label}”达到 {format_yuan(bit.at_least)} 元后，后续结算适用另一规则",
        )
        for bit in state_bits(ground.bound.program)
        if bit.at_least is not None
    )


def _curve(ground: Ground, path: Path, facts: FactsFound) -> Curve:
    measure = _measure(ground, path)
    walk = _walk(ground, path, measure, Piecewise(), AMOUNT)
    pieces = walk.relief
    reasons = _reasons(ground, walk)
    kinks = []
    for before, after in pairwise(pieces):
        at = ceil(after.start)
        paid = _walk(ground, path, measure, Plain(), at).relief
        kinks.append(_kink(before, after, paid, "、".join(reasons.get(after.start, ()))))
    return Curve(
        benefits=path.benefits,
        clauses=tuple(dict.fromkeys(chosen.rule.clause for chosen in path.lines)),
        measure=measure,
        relief_at_start=int(pieces[0].value),
        slope_at_start=_basis_points(pieces[0].slope),
        kinks=tuple(kinks),
        conditions=_conditions(ground, facts),
    )


def _kink(before: Piece, after: Piece, paid: int, why: str) -> Kink:
    jump = after.value - before.at(after.start)
    return Kink(
        kind=KinkKind.CLIFF if jump else KinkKind.KINK,
        at=ceil(after.start),
        relief=paid,
        slope_before=_basis_points(before.slope),
        slope_after=_basis_points(after.slope),
        jump=_nearest(jump),
        why=why,
    )


def _basis_points(slope: Fraction) -> int:
    return _nearest(slope * BASIS_POINTS)


def _nearest(number: Fraction) -> int:
    size = round_half_up(abs(number.numerator), number.denominator)
    return -size if number < 0 else size


# ---- one bill --------------------------------------------------------------------------------------------------------


def _measure(ground: Ground, path: Path) -> Measure:
    if path.per_item:
        return Measure.ITEM
    benefit = benefit_of(ground, path.lines[0].rule.id)
    return Measure.TALLY if benefit and isinstance(benefit.of, TallyOf) else Measure.BILL


def _walk(ground: Ground, path: Path, measure: Measure, numbers: Numbers[T], amount: T) -> Walk[T]:
    """A fresh year's event of that amount: all of it in policy, nobody else pays, other facts are plain."""
    zero, one, round_amount = (numbers.whole(number) for number in (0, 1, ROUND))
    money = {name for name, fact in ground.facts.facts.items() if fact.type is FactType.MONEY}
    columns = {name: round_amount if name in money else one for name in ground.bound.program.columns}
    columns |= dict.fromkeys((*PAYERS, *(layer.layer.id for layer in ground.bound.program.layers)), zero)
    columns |= {"total": amount, "in_policy": amount}

    def opening(key: CountKey) -> T:
        return amount if measure is Measure.TALLY and key in tallies else zero

    tallies = _tallies(ground, path)
    walk = Walk(
        numbers=numbers,
        program=ground.bound.program,
        table=[numbers.whole(number) for number in ground.numbers(ROUND)],
        entry=lambda _parameter, _item: round_amount,
        columns=columns,
        payers=zero,
        opening=opening,
    )
    for chosen in path.lines:
        walk.line(chosen, ItemOf(name="", burden=amount) if chosen.rule.per_item else None)
    walk.finish()
    return walk


def _tallies(ground: Ground, path: Path) -> set[CountKey]:
    """The tallies on which the path's lines are based."""
    bases = [benefit.of for chosen in path.lines if (benefit := benefit_of(ground, chosen.rule.id))]
    return {(of.count, of.year or "") for of in bases if isinstance(of, TallyOf)}


# ---- why -------------------------------------------------------------------------------------------------------------


def _reasons(ground: Ground, walk: Walk[Pieces]) -> dict[Fraction, list[str]]:
    """What begins to bind where, by the amount."""
    found: dict[Fraction, list[str]] = {}
    for line in walk.lines:
        for amount, why in _bends(ground, line):
            if why not in found.setdefault(amount, []):
                found[amount].append(why)
    for line in walk.lines:
        for amount in _bends_of_base(line) - found.keys():  # worth saying only where nothing else explains it
            found[amount] = [f"{line.chosen.rule.label}：计算基数变化"]
    return found


def _bends_of_base(line: LineOf[Pieces]) -> frozenset[Fraction]:
    trace = line.chosen.rule.trace
    base = line.at(trace.base) if trace else None
    return starts(base) if base is not None else frozenset()


def _bends(ground: Ground, line: LineOf[Pieces]) -> Iterator[tuple[Fraction, str]]:
    trace = line.chosen.rule.trace
    assert trace is not None
    label = line.chosen.rule.label
    base, part = line.at(trace.base), line.at(trace.part)
    threshold = line.at(trace.threshold)
    if base is not None and part is not None and threshold is not None and is_constant(threshold):
        for amount in starts(part) - starts(base):
            yield amount, f"{label}：超过起付线 {format_yuan(int(threshold[0].value))} 元"
    for place, band in enumerate(trace.bands, start=1):
        for amount in starts(line.registers[band.part]) - starts(base or ()):
            yield amount, f"{label}：第 {place} 段"
    running = line.registers[trace.due]
    for limit in trace.limits:
        cut = Piecewise().least(running, line.registers[limit.room])
        for amount in starts(cut) - starts(running):
            yield amount, f"{label}：达到限额“{ground.bound.program.counts[limit.count].label}”"
        running = cut
    for amount in starts(line.paid) - starts(running):
        yield amount, f"{label}：达到账单未支付的部分"


# ---- for whom --------------------------------------------------------------------------------------------------------


def _conditions(ground: Ground, facts: FactsFound) -> str:
    """For whom the curve is drawn, in a few words."""
    said = [
        STATUSES[name] + ("（事后申请）" if standing is Standing.LATER else "") for name, standing in facts.statuses
    ]
    said += [SERVICES[facts.service], INSURANCES[str(facts.facts["insurance"])]]
    said += [facts.disease.name] if facts.disease else []
    flags = [fact for fact in ground.facts.facts.values() if fact.type is FactType.FLAG and fact.has_default]
    said += [
        f"{fact.label}{'是' if facts.facts[fact.id] else '否'}"
        for fact in flags
        if fact.id != "designated" and facts.facts[fact.id] != fact.default
    ]
    return "，".join(said)
