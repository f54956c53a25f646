"""The fund's year: what a policy pays on some people's events, by month, class, service, budget and reason of refusal.

The events are read and settled, portion by portion in flat memory; amounts are whole fen. Of persons of whom a row is
wrong, or an event lacks a fact, nothing is counted; `set_apart` says how many they are. Most people of a city are in no
class: their events are in the sums of classes and of refusals only; all else is about events *concerned*, whose person
is in a class on that day or is relieved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import numpy as np

from tuodi.batch.block import Block
from tuodi.batch.kernel import Ints
from tuodi.batch.loop import Say
from tuodi.core.finding import Finding
from tuodi.engine.bind import Bound
from tuodi.lab.answers import NOBODY, Answer, Judge, Lines, added, by_person, owners
from tuodi.lab.budget import Budgets
from tuodi.lab.people import People
from tuodi.lab.results import FEN, NUMBER, RATE, Progress, Tell, share
from tuodi.lab.sheet import Said, Sheet, sheet
from tuodi.language.model import AMOUNTS, PAYERS, SERVICES

MOST_FINDINGS = 50
"""Findings that are kept; more are only counted."""

OF_CONCERNED = "只计救助对象的账单"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """A month: events by the day of the bill, what stood to be relieved, what relief came to."""

    month: Annotated[str, Said("月份")]
    events: Annotated[int, Said("结算次数", NUMBER)]
    relieved: Annotated[int, Said("获救助次数", NUMBER)]
    refused: Annotated[int, Said("不予救助次数", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]
    relief: Annotated[int, Said("救助支出", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """Events of one class on the day, or one service."""

    group: Annotated[str, Said("类别")]
    events: Annotated[int, Said("结算次数", NUMBER)]
    relieved: Annotated[int, Said("获救助次数", NUMBER)]
    refused: Annotated[int, Said("不予救助次数", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]
    relief: Annotated[int, Said("救助支出", FEN)]

    @property
    def share(self) -> Annotated[int | None, Said("救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.relief, self.burden)

    @property
    def mean(self) -> Annotated[int | None, Said("次均救助", FEN)]:
        """Relief of one relieved event, half up to the fen."""
        return (2 * self.relief + self.relieved) // (2 * self.relieved) if self.relieved else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRow:
    """One benefit. `exhausted`: lines at 0.00, where nothing was left or nothing stood above the threshold."""

    benefit: Annotated[str, Said("编号")]
    label: Annotated[str, Said("待遇")]
    whom: Annotated[str, Said("对象")]
    clause: Annotated[str, Said("条款")]
    lines: Annotated[int, Said("笔数", NUMBER)]
    exhausted: Annotated[int, Said("其中 0.00 元", NUMBER)]
    relief: Annotated[int, Said("救助支出", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """What one budget bears, split line by line as it is booked."""

    payer: Annotated[str, Said("资金来源")]
    clause: Annotated[str, Said("条款")]
    relief: Annotated[int, Said("救助支出", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRow:
    """A reason why nothing is paid. `of_concerned`: those of the events whose persons are in a class."""

    clause: Annotated[str, Said("条款")]
    reason: Annotated[str, Said("理由")]
    events: Annotated[int, Said("次数", NUMBER)]
    of_concerned: Annotated[int, Said("其中救助对象", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step from the whole bill to what families pay."""

    step: Annotated[str, Said("项目")]
    amount: Annotated[int, Said("金额", FEN)]
    of_total: Annotated[int | None, Said("占总费用", RATE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """Persons by what they were given in the year: more than `above`, up to `up_to` fen; None is open."""

    label: Annotated[str, Said("全年救助")]
    above: Annotated[int | None, Said("大于", FEN)]
    up_to: Annotated[int | None, Said("至", FEN)]
    persons: Annotated[int, Said("人数", NUMBER)]
    relief: Annotated[int, Said("救助支出", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FundYear:
    """What a policy comes to on some people.

    `persons`: settled; `concerned`: of them, with an event concerned; `relieved`: given anything. `events`, `refused`,
    `burden`, `relief` and `personal` are of events concerned.
    """

    policy: str
    title: str
    people: str
    persons: int
    concerned: int
    relieved: int
    events: int
    refused: int
    burden: int
    relief: int
    personal: int
    set_apart: int
    steps: tuple[StepRow, ...]
    months: tuple[PeriodRow, ...]
    classes: tuple[GroupRow, ...]
    services: tuple[GroupRow, ...]
    benefits: tuple[BenefitRow, ...]
    budgets: tuple[BudgetRow, ...]
    refusals: tuple[RefusalRow, ...]
    bands: tuple[BandRow, ...]
    findings: tuple[Finding, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """All tables that have rows."""
        found = (
            sheet("steps", "从医疗费用到个人自付", StepRow, self.steps, OF_CONCERNED),
            sheet("months", "分月", PeriodRow, self.months, f"按结算日；{OF_CONCERNED}"),
            sheet("classes", "分对象类别", GroupRow, self.classes, "按事件当日的类别；不属于任何一类的人单列"),
            sheet("services", "分服务", GroupRow, self.services, OF_CONCERNED),
            sheet("benefits", "分待遇", BenefitRow, self.benefits),
            sheet("budgets", "分资金来源", BudgetRow, self.budgets, "逐笔按文件的分担比例、最大余数法分到分"),
            sheet("refusals", "不予救助的理由", RefusalRow, self.refusals),
            sheet("bands", "每人全年救助", BandRow, self.bands, "有账单的救助对象"),
        )
        return tuple(one for one in found if one.data.num_rows)


def fund_year(bound: Bound, people: People, tell: Tell | None = None, say: Say | None = None) -> FundYear:
    """Settles everybody's events under the policy and adds them up. Raises Faults where the files cannot be read."""
    tally = _Tally(judge=Judge(bound, say))
    done, total = 0, people.events
    for portion in people.portions(tally.judge.settler):
        settled = tally.judge.settled(portion.block)
        faulty = portion.faulty.copy()
        tally.note(portion.findings)
        tally.note(tally.judge.findings(settled, settled.faulty[~faulty[settled.faulty]][:MOST_FINDINGS]))
        faulty[settled.faulty] = True
        tally.add(settled.block, tally.judge.answer(settled.inputs, settled.results), ~faulty)
        done += portion.block.size
        if tell is not None:
            tell(Progress("结算", done, total))
    return tally.year(people.label)


# ---- adding up -------------------------------------------------------------------------------------------------------

_BANDS = (0, 100_000, 500_000, 1_000_000, 3_000_000, 5_000_000)
"""Upper ends of the bands of persons, in fen; the last one is open above."""

_COUNTED = ("events", "relieved", "refused", "burden", "relief")


@dataclass(slots=True, kw_only=True)
class _Groups:
    """Events of each group, by its number: how many, relieved, refused, burden, relief."""

    sums: dict[int, Ints] = field(default_factory=dict)

    def add(self, group: Ints, answer: Answer, kept: Ints) -> None:
        """The events that count."""
        numbers, place = np.unique(group[kept], return_inverse=True)
        relief, burden = answer.relief[kept], answer.burden[kept]
        columns = (np.ones(len(place), np.int64), relief > 0, answer.refusal[kept] >= 0, burden, relief)
        found = np.stack([added(place, column.astype(np.int64), len(numbers)) for column in columns], axis=1)
        for row, number in enumerate(numbers.tolist()):
            self.sums[number] = self.sums.get(number, 0) + found[row]

    def rows(self) -> Iterator[tuple[int, dict[str, int]]]:
        """By ascending number: the sums by name."""
        for number in sorted(self.sums):
            yield number, dict(zip(_COUNTED, self.sums[number].tolist(), strict=True))


@dataclass(slots=True, kw_only=True)
class _Tally:
    judge: Judge
    months: _Groups = field(default_factory=_Groups)
    classes: _Groups = field(default_factory=_Groups)
    services: _Groups = field(default_factory=_Groups)
    amounts: Counter[str] = field(default_factory=Counter)
    lines: Counter[tuple[int, str]] = field(default_factory=Counter)
    refused: Counter[tuple[int, str]] = field(default_factory=Counter)
    persons: Counter[str] = field(default_factory=Counter)
    bands: Counter[tuple[int, str]] = field(default_factory=Counter)
    budgets: Budgets | None = None
    findings: list[Finding] = field(default_factory=list)

    def note(self, findings: Iterable[Finding]) -> None:
        """Some of what is wrong."""
        self.findings += list(findings)[: MOST_FINDINGS - len(self.findings)]

    def add(self, block: Block, answer: Answer, person_counts: Ints) -> None:
        """The events of a block. `person_counts`: by person, whether it was settled."""
        kept = person_counts[owners(block.events_of)]
        concerned = kept & ((answer.in_class != NOBODY) | (answer.relief > 0))
        self.classes.add(answer.in_class.astype(np.int64), answer, kept)
        self._add_refusals(answer, kept, concerned)
        self.months.add(months_of(block.events.day), answer, concerned)
        self.services.add(block.events.service.astype(np.int64), answer, concerned)
        self._add_amounts(answer, concerned)
        self._add_lines(answer, concerned)
        self.persons["persons"] += int(person_counts.sum())
        self.persons["set_apart"] += int((~person_counts).sum())
        self._add_persons(answer, block.events_of, by_person(concerned, block.events_of) > 0)

    def _add_amounts(self, answer: Answer, kept: Ints) -> None:
        columns = dict(zip(tuple(AMOUNTS)[:2], answer.inputs.columns, strict=False)) | answer.payers
        columns |= {"relief": answer.relief, "personal": answer.personal, "burden": answer.burden}
        if len(answer.results.hospital):
            columns["hospital"] = answer.results.hospital
        for name, column in columns.items():
            self.amounts[name] += int(column[kept].sum(dtype=np.int64))

    def _add_refusals(self, answer: Answer, kept: Ints, concerned: Ints) -> None:
        refused = kept & (answer.refusal >= 0)
        for rule in np.unique(answer.refusal[refused]).tolist():
            events = kept & (answer.refusal == rule)
            self.refused[rule, "events"] += int(events.sum())
            self.refused[rule, "of_concerned"] += int((events & concerned).sum())
            self.refused[rule, "burden"] += int(answer.burden[events].sum())

    def _add_lines(self, answer: Answer, kept: Ints) -> None:
        self.budgets = self.budgets or Budgets(self.judge.bound)
        for found in self.judge.lines(answer):
            counted = kept[found.event]
            lines = Lines(found.rule[counted], found.paid[counted], found.event[counted])
            self.budgets.add(lines)
            for rule in np.unique(lines.rule).tolist():
                paid = lines.paid[lines.rule == rule]
                self.lines[rule, "lines"] += len(paid)
                self.lines[rule, "exhausted"] += int((paid == 0).sum())
                self.lines[rule, "relief"] += int(paid.sum())

    def _add_persons(self, answer: Answer, events_of: Ints, concerned: Ints) -> None:
        relief = by_person(answer.relief, events_of)[concerned]
        self.persons["concerned"] += len(relief)
        self.persons["relieved"] += int((relief > 0).sum())
        band = np.searchsorted(np.array(_BANDS), relief, side="left")
        for place in np.unique(band).tolist():
            self.bands[place, "persons"] += int((band == place).sum())
            self.bands[place, "relief"] += int(relief[band == place].sum())

    # ---- the whole ----

    def year(self, people: str) -> FundYear:
        """What all of it comes to."""
        document = self.judge.bound.policy.document
        amounts = self.amounts
        return FundYear(
            policy=document.id,
            title=document.title,
            people=people,
            persons=self.persons["persons"],
            concerned=self.persons["concerned"],
            relieved=self.persons["relieved"],
            events=sum(one["events"] for _, one in self.months.rows()),
            refused=sum(one["refused"] for _, one in self.months.rows()),
            burden=amounts["burden"],
            relief=amounts["relief"],
            personal=amounts["personal"],
            set_apart=self.persons["set_apart"],
            steps=tuple(self._steps()),
            months=tuple(PeriodRow(month=_month(number), **sums) for number, sums in self.months.rows()),
            classes=tuple(self._classes()),
            services=tuple(GroupRow(group=_SERVICES[number], **sums) for number, sums in self.services.rows()),
            benefits=tuple(self._benefits()),
            budgets=tuple(self._budgets()),
            refusals=tuple(self._refusals()),
            bands=tuple(self._bands()),
            findings=tuple(self.findings),
        )

    def _steps(self) -> Iterator[StepRow]:
        amounts, total = self.amounts, self.amounts["total"]
        layers = {layer.id: layer.label for layer in self.judge.bound.policy.layers}
        steps = {"医疗总费用": total, "政策范围外费用": total - amounts["in_policy"], "医院承担": amounts["hospital"]}
        known = ("total", "in_policy", "relief", "personal", "burden", "hospital")
        payers = {PAYERS.get(name, layers.get(name, name)): amounts[name] for name in amounts if name not in known}
        for step, amount in {**steps, **payers, "医疗救助": amounts["relief"], "个人自付": amounts["personal"]}.items():
            if amount:
                yield StepRow(step=step, amount=amount, of_total=share(amount, total))

    def _classes(self) -> Iterator[GroupRow]:
        """In the document's order; those in no class last."""
        found = dict(self.classes.rows())
        for number, one in enumerate(self.judge.bound.policy.classes):
            if number in found:
                yield GroupRow(group=one.label, **found[number])
        if NOBODY in found:
            yield GroupRow(group="不属于救助对象", **found[NOBODY])

    def _benefits(self) -> Iterator[BenefitRow]:
        for rule in self.judge.rules:
            if lines := self.lines[rule.index, "lines"]:
                yield BenefitRow(
                    benefit=rule.id,
                    label=rule.label,
                    whom=self._whom(rule.id),
                    clause=rule.clause,
                    lines=lines,
                    exhausted=self.lines[rule.index, "exhausted"],
                    relief=self.lines[rule.index, "relief"],
                )

    def _whom(self, benefit: str) -> str:
        """The classes that the benefit names."""
        policy = self.judge.bound.policy
        named = next(one.classes for one in policy.benefits if one.id == benefit)
        return "、".join(one.label for one in policy.classes if one.id in named) or "不限类别"

    def _budgets(self) -> Iterator[BudgetRow]:
        spent = self.budgets.spent if self.budgets else {}
        for payer, relief in sorted(spent.items(), key=lambda one: (-one[1], one[0])):
            yield BudgetRow(payer=payer.name, clause=payer.clause, relief=relief)

    def _refusals(self) -> Iterator[RefusalRow]:
        """By reason, the most frequent first."""
        rules = self.judge.rules
        found: dict[tuple[str, str], Counter[str]] = {}
        for (rule, what), amount in self.refused.items():
            found.setdefault((rules[rule].clause, rules[rule].refusal or rules[rule].label), Counter())[what] += amount
        for (clause, reason), sums in sorted(found.items(), key=lambda one: (-one[1]["events"], one[0])):
            yield RefusalRow(clause=clause, reason=reason, **sums)

    def _bands(self) -> Iterator[BandRow]:
        for place in range(len(_BANDS) + 1):
            above = _BANDS[place - 1] if place else None
            up_to = _BANDS[place] if place < len(_BANDS) else None
            yield BandRow(
                label=_band_label(above, up_to),
                above=above,
                up_to=up_to,
                persons=self.bands[place, "persons"],
                relief=self.bands[place, "relief"],
            )


# ---- helpers ---------------------------------------------------------------------------------------------------------

_SERVICES = tuple(SERVICES.values())


def months_of(days: Ints) -> Ints:
    """Ordinals as 12 times the year and the month from 0."""
    since = date(1970, 1, 1).toordinal()
    months: Ints = (days.astype(np.int64) - since).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + 1970 * 12


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def _band_label(above: int | None, up_to: int | None) -> str:
    if above is None:
        return "没有得到救助"
    low = f"{above // 100:,}" if above else "0"
    return f"{low} 元以上" if up_to is None else f"{low} 至 {up_to // 100:,} 元"
