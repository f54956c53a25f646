"""What a change comes to: the policy as it stands and the changed one, settled on the same people, to the fen.

Nothing is estimated: every event is settled under both policies with its accumulators, and what the tables show are
sums of what the engine would pay. Persons of whom a row is wrong, or a fact missing under either policy, are in no
figure of either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tuodi.batch.kernel import Ints
from tuodi.batch.loop import Say
from tuodi.batch.settle import Settled
from tuodi.batch.source import plain_ids
from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.program import Rule
from tuodi.lab import groups
from tuodi.lab.answers import Answer, Judge, added, by_person, last_class, owners
from tuodi.lab.budget import Budgets, Fund, payer_rows, reserve_rows
from tuodi.lab.change import Change, Regime
from tuodi.lab.cliffs import cliff_rows
from tuodi.lab.numbers import PLAN
from tuodi.lab.people import TOLD, People, Portion
from tuodi.lab.results import BenefitRow, Measure, Progress, SpreadRow, Tell, WhatIf, share
from tuodi.lab.sheet import Unit
from tuodi.lab.watch import Events, View, Watch


def what_if(
    change: Change, people: People, fund: Fund | None = None, tell: Tell | None = None, say: Say | None = None
) -> WhatIf:
    """Both policies on these people. `fund`: the year's money, for the reserve; `say` is called before compiling.

    Raises Faults where the people's files cannot be read, or where nothing that was changed can matter to them.
    """
    trial = Trial.of(change, say)
    for pair in trial.pairs(people, tell):
        trial.add(pair)
    trial.refuse_what_cannot_matter()
    return trial.result(people, fund)


def repeated(results: Iterable[WhatIf], tell: Tell | None = None) -> WhatIf:
    """The first of several what-ifs of one change, each on another population, with how far the figures spread."""
    several = []
    for number, one in enumerate(results, 1):
        several.append(one)
        if tell is not None:
            tell(Progress("重复抽样", number, 0))
    assert several, "there is one at least"
    measures = [one.measures for one in several]
    rows = [_spread(of_measure) for of_measure in zip(*measures, strict=True)]
    return replace(several[0], spread=tuple(row for pair in rows for row in pair))


def _spread(several: tuple[Measure, ...]) -> tuple[SpreadRow, SpreadRow]:
    first = several[0]
    return (
        _spread_row(f"{first.label}：新政策", first.unit, [one.after for one in several]),
        _spread_row(f"{first.label}：增减", first.unit, [one.change for one in several]),
    )


def _spread_row(measure: str, unit: Unit, values: list[int]) -> SpreadRow:
    ordered = sorted(values)
    return SpreadRow(
        measure=measure,
        unit=unit,
        runs=len(ordered),
        least=ordered[0],
        middle=ordered[(len(ordered) - 1) // 2],
        most=ordered[-1],
        values=tuple(values),
    )


# ---- both policies on some people ------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """A portion under both policies. `apart`: by person, whether they count for nothing."""

    portion: Portion
    before: Answer
    after: Answer
    apart: Ints
    findings: tuple[Finding, ...]

    @property
    def events_of(self) -> Ints:
        """Offsets of events by person."""
        return self.portion.block.events_of

    @property
    def counted(self) -> Ints:
        """By event, whether it counts."""
        counts: Ints = ~np.repeat(self.apart, np.diff(self.events_of))
        return counts


@dataclass(slots=True)
class Side:
    """What one policy adds up to."""

    judge: Judge
    budgets: Budgets
    lines: Counter[int] = field(default_factory=Counter)
    paid: Counter[int] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, regime: Regime, judge: Judge) -> Side:
        """Nothing yet."""
        return cls(judge=judge, budgets=Budgets(regime.bound))

    def add(self, answer: Answer, counted: Ints) -> None:
        """Some events, of which these count."""
        self.sums["relief"] += int(answer.relief[counted].sum())
        self.sums["personal"] += int(answer.personal[counted].sum())
        self.sums["burden"] += int(answer.burden[counted].sum())
        self.sums["refused"] += int((answer.refusal[counted] >= 0).sum())
        self.sums["relieved_events"] += int((answer.relief[counted] > 0).sum())
        self.sums["computed"] += int((answer.results.layer_paid >= 0).sum())
        for paid in answer.payers.values():
            self.sums["payers"] += int(paid[counted].sum())
        for lines in self.judge.lines(answer):
            kept = lines._replace(**{name: column[counted[lines.event]] for name, column in lines._asdict().items()})
            self.budgets.add(kept)
            size = len(self.judge.rules)
            self.lines.update(_numbered(np.bincount(kept.rule, minlength=size)))
            self.paid.update(_numbered(added(kept.rule, kept.paid, size)))


@dataclass(slots=True)
class Trial:
    """One change on one set of people, portion by portion."""

    change: Change
    before: Side
    after: Side
    watch: Watch
    set_apart: int = 0
    events: int = 0
    findings: list[Finding] = field(default_factory=list)
    tables: list[pa.Table] = field(default_factory=list)

    @classmethod
    def of(cls, change: Change, say: Say | None = None) -> Trial:
        """Nobody yet. `say` is called before anything is compiled."""
        before = Judge(change.before.bound, say)
        after = before if change.shares_program else Judge(change.after.bound, say)
        return cls(
            change=change,
            before=Side.of(change.before, before),
            after=Side.of(change.after, after),
            watch=Watch(before=change.before, after=change.after),
        )

    def pairs(self, people: People, tell: Tell | None) -> Iterator[Pair]:
        """Everybody, portion by portion, under both policies."""
        done, total = 0, people.events
        for pair in self._shared(people) if self.change.shares_program else self._apart(people):
            yield pair
            done += pair.portion.block.size
            if tell is not None:
                tell(Progress("结算", done, total))

    def add(self, pair: Pair) -> None:
        """Some people."""
        counted = pair.counted
        self.set_apart += int(pair.apart.sum())
        self.events += int(counted.sum())
        self.findings += pair.findings[: TOLD - len(self.findings)]
        self.before.add(pair.before, counted)
        self.after.add(pair.after, counted)
        views = (
            View(self.change.before, self.before.judge, pair.before),
            View(self.change.after, self.after.judge, pair.after),
        )
        self.watch.add(views, Events(person=owners(pair.events_of), counted=counted))
        self.tables.append(_persons(pair))

    # ---- settling ----

    def _shared(self, people: People) -> Iterator[Pair]:
        """One program, two tables: facts are read once."""
        judge = self.before.judge
        for portion in people.portions(judge.settler):
            settled = judge.settled(portion.block)
            results = judge.settled_with(settled.inputs, self.change.after.bound)
            before = judge.answer(settled.inputs, settled.results)
            yield self._pair(portion, settled, before, judge.answer(settled.inputs, results), ())

    def _apart(self, people: People) -> Iterator[Pair]:
        """Two programs, each of which reads what it knows."""
        one, other = self.before.judge, self.after.judge
        both = zip(
            people.portions(one.settler, lenient=True), people.portions(other.settler, lenient=True), strict=True
        )
        for portion, same in both:
            settled, settled_after = one.settled(portion.block), other.settled(same.block)
            faulty = portion.faulty | same.faulty
            told = (*same.findings, *_lacking(other, settled_after, faulty))
            before = one.answer(settled.inputs, settled.results)
            after = other.answer(settled_after.inputs, settled_after.results)
            yield self._pair(portion._replace(faulty=faulty), settled, before, after, told)

    def _pair(
        self, portion: Portion, settled: Settled, before: Answer, after: Answer, told: tuple[Finding, ...]
    ) -> Pair:
        stuck = by_person(before.stuck, portion.block.events_of) + by_person(after.stuck, portion.block.events_of) > 0
        own = (*portion.findings, *_lacking(self.before.judge, settled, portion.faulty))
        findings = (*own, *(one for one in told if one not in own))
        return Pair(portion, before, after, portion.faulty | stuck, findings)

    # ---- the result ----

    def refuse_what_cannot_matter(self) -> None:
        """Raises Faults where insurance was changed, and every bill says what insurance paid."""
        changed = [row.path for row in self.change.rows if row.path.startswith((PLAN, "insurance_tilts."))]
        if changed and not self.after.sums["computed"]:
            raise Faults([_nothing_computed(path) for path in changed])

    def result(self, people: People, fund: Fund | None) -> WhatIf:
        """The tables."""
        persons = pa.concat_tables(self.tables) if self.tables else _nobody()
        policy = self.change.before.policy
        before, after = self.before.sums["relief"], self.after.sums["relief"]
        sides = {"原政策": (policy, before), "新政策": (self.change.after.policy, after)}
        return WhatIf(
            policy=policy.document.id,
            title=policy.document.title,
            people=people.label,
            changes=self.change.rows,
            measures=tuple(self._measures(persons)),
            payers=payer_rows(self.before.budgets, self.after.budgets),
            benefits=tuple(self._benefits()),
            classes=groups.by_class(persons, [one.label for one in policy.classes]),
            bands=groups.by_band(persons),
            counties=groups.by_county(persons, people.counties),
            effects=groups.effects(persons),
            bins=groups.bins(persons),
            deciles=groups.deciles(persons),
            warnings=self.watch.rows(),
            cliffs=cliff_rows(self.change),
            reserve=reserve_rows(sides, fund),
            spread=(),
            persons=persons,
            set_apart=self.set_apart,
            findings=tuple(self.findings),
            notes=tuple(self._notes(persons)),
        )

    def _measures(self, persons: pa.Table) -> Iterator[Measure]:
        year = groups.year_of(persons)
        before, after = self.before.sums, self.after.sums
        homes = [groups.of_households(persons, amounts) for amounts in (year.before, year.after)]
        yield Measure(id="relief", label="救助支出", unit=Unit.FEN, before=before["relief"], after=after["relief"])
        for name, label in (("personal", "个人自付"), ("burden", "政策范围内个人负担"), ("payers", "各方支付")):
            yield Measure(id=name, label=label, unit=Unit.FEN, before=before[name], after=after[name])
        shares = [share(side["relief"], side["burden"]) or 0 for side in (before, after)]
        yield Measure(id="share", label="救助占负担", unit=Unit.RATE, before=shares[0], after=shares[1])
        counts = {
            "relieved_persons": ("获救助人数", [groups.receiving(one) for one in (year.before, year.after)]),
            "relieved_households": ("获救助家庭", [groups.receiving(one) for one in homes]),
            "heavy_without": (
                "负担两万元以上而没有救助的人数",
                [groups.heavy_without(year.burden, one) for one in (year.before, year.after)],
            ),
            "relieved_events": ("获救助次数", [before["relieved_events"], after["relieved_events"]]),
            "refused": ("不予救助次数", [before["refused"], after["refused"]]),
            "persons": ("有费用的人数", [persons.num_rows] * 2),
            "events": ("结算次数", [self.events] * 2),
        }
        for name, (label, numbers) in counts.items():
            yield Measure(id=name, label=label, unit=Unit.NUMBER, before=numbers[0], after=numbers[1])

    def _benefits(self) -> Iterator[BenefitRow]:
        """In the order of the policy as it stands; what is new stands last."""
        before, after = (_by_id(side) for side in (self.before, self.after))
        for name in dict.fromkeys((*before, *after)):
            rule, lines, paid = before.get(name) or after[name]._replace(lines=0, paid=0)
            now = after.get(name)
            yield BenefitRow(
                benefit=name,
                label=rule.label,
                clause=rule.clause,
                lines_before=lines,
                lines_after=now.lines if now else 0,
                before=paid,
                after=now.paid if now else 0,
            )

    def _notes(self, persons: pa.Table) -> Iterator[str]:
        yield "只算医疗救助待遇；参保资助不在内"
        yield "人们的就医和费用按原样，不因政策改变"
        if self.after.sums["computed"]:
            yield "账单没有写明的保险支付，由参保方案逐笔计算"
        if persons["household"].null_count == persons.num_rows:
            yield "没有家庭信息，每人按一个家庭计"
        if self.set_apart:
            yield f"{self.set_apart} 人缺少事实或数据有误，两边都没有计入"
        year = groups.year_of(persons)
        if not year.change.any():
            yield "对这些人没有影响：没有一笔结算因此改变"
        yield from self.change.notes


# ---- helpers ---------------------------------------------------------------------------------------------------------


class _Paid(NamedTuple):
    rule: Rule
    lines: int
    paid: int


def _by_id(side: Side) -> dict[str, _Paid]:
    """What each relieving benefit paid, also nothing."""
    judge = side.judge
    benefits = [rule for rule in judge.rules if rule.refusal is None and judge.relieving[rule.index]]
    return {rule.id: _Paid(rule, side.lines[rule.index], side.paid[rule.index]) for rule in benefits}


def _persons(pair: Pair) -> pa.Table:
    """A row for each person who counts and has an event."""
    events_of = pair.events_of
    kept = ~pair.apart & (np.diff(events_of) > 0)
    size = len(kept)
    ids = pair.portion.block.persons.ids
    columns = {
        "person": plain_ids(ids) if isinstance(ids, pa.Array | pa.ChunkedArray) else pa.array(ids),
        "household": pair.portion.household if pair.portion.household is not None else pa.nulls(size, pa.string()),
        "county": pair.portion.county if pair.portion.county is not None else pa.nulls(size, pa.string()),
        "class": pa.array(last_class(pair.before.in_class, events_of).astype(np.int16)),
        "burden_fen": pa.array(by_person(pair.before.burden, events_of)),
        "before_fen": pa.array(by_person(pair.before.relief, events_of)),
        "after_fen": pa.array(by_person(pair.after.relief, events_of)),
    }
    return pa.table(columns).filter(pa.array(kept))


def _nobody() -> pa.Table:
    texts = {name: pa.array([], pa.string()) for name in ("person", "household", "county")}
    amounts = {name: pa.array([], pa.int64()) for name in ("burden_fen", "before_fen", "after_fen")}
    return pa.table({**texts, "class": pa.array([], pa.int16()), **amounts})


def _numbered(counts: Ints) -> dict[int, int]:
    return {int(place): int(counts[place]) for place in np.flatnonzero(counts)}


def _lacking(judge: Judge, settled: Settled, faulty: Ints) -> tuple[Finding, ...]:
    """What events lack of persons whose rows are all right; of some of them."""
    persons = settled.faulty[~faulty[settled.faulty]]
    return judge.findings(settled, persons[:TOLD])


def _nothing_computed(path: str) -> Finding:
    return Finding(
        code="plan-computes-nothing",
        message=f"改了保险待遇“{path}”，但每张账单都写明了保险付多少，不会因此改变",
        place=Place(path=path),
        remedy="账单里由参保方案计算的金额留空（null），或改救助的数",
    )
