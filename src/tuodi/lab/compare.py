"""The same people under several policies: what each group of them would receive, and why not, to the fen.

People, bills and what insurance paid stay as they are; each policy reads of them what it knows, and what it asks for
besides has its default. Where a document was not yet in force, all days are moved by whole years until every one is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tuodi.batch.block import Block
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING
from tuodi.batch.loop import Say
from tuodi.batch.settle import Settled
from tuodi.core.finding import Finding
from tuodi.core.money import round_half_up
from tuodi.engine.timeline import OPEN
from tuodi.lab import groups
from tuodi.lab.answers import Answer, Judge, added, by_person, owners
from tuodi.lab.change import Regime
from tuodi.lab.families import FAMILIES, Family, family_rows
from tuodi.lab.people import TOLD, People, Portion
from tuodi.lab.results import ComparedRow, Comparison, PolicyRow, Progress, ReasonRow, Tell
from tuodi.lab.whom import SERVICE_NAMES, STANDING_NAMES, DiseaseNames, Grouping, by_service, by_standing
from tuodi.language.model import CASE_FACTS, FactType, Policy

DISEASES = 20
"""Diseases that are shown, those of the largest burdens."""


def compare(
    regimes: Sequence[Regime],
    people: People,
    families: Sequence[Family] = FAMILIES,
    tell: Tell | None = None,
    say: Say | None = None,
) -> Comparison:
    """What the people receive under each policy. Raises Faults where their files cannot be read."""
    meeting = Meeting.of(regimes, say)
    done, total = 0, people.events
    for portions in zip(*(people.portions(judge.settler, lenient=True) for judge in meeting.judges), strict=True):
        meeting.add(portions)
        done += portions[0].block.size
        if tell is not None:
            tell(Progress("比较", done, total))
    return meeting.result(people, families)


def labels_of(policies: Iterable[Policy]) -> list[str]:
    """Short names: the city; with the document's number where two are of one city."""
    policies = list(policies)
    cities = [_city(policy) for policy in policies]
    return [
        city if cities.count(city) == 1 else f"{city} {policy.document.number}"
        for city, policy in zip(cities, policies, strict=True)
    ]


def _city(policy: Policy) -> str:
    found = re.match(r"[^、]{1,8}?市", policy.document.issuer)
    return found[0] if found else policy.document.number or policy.document.id


# ---- sums ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Sums:
    """One group under one policy. `reliefs`: what each person who receives anything receives."""

    persons: int = 0
    events: int = 0
    burden: int = 0
    relief: int = 0
    refused: int = 0
    reliefs: list[Ints] = field(default_factory=list)

    def row(self, group: str, policy: str, label: str) -> ComparedRow:
        """What the group receives."""
        several = np.sort(np.concatenate([np.zeros(0, np.int64), *self.reliefs]))
        without = self.persons - len(several)
        middle = (self.persons - 1) // 2
        return ComparedRow(
            group=group,
            policy=policy,
            label=label,
            number=self.persons,
            events=self.events,
            burden=self.burden,
            relief=self.relief,
            relieved=len(several),
            mean=round_half_up(self.relief, self.persons) if self.persons else 0,
            median=0 if middle < without or not self.persons else int(several[middle - without]),
            typical=groups.order_statistic(several, 50),
            refused=self.refused,
        )


class Seen(NamedTuple):
    """A portion that counts: by event its person, whether it counts, and the groups that are the same for all."""

    person: Ints
    counted: Ints
    burden: Ints
    groupings: Mapping[str, Grouping]


@dataclass(slots=True, kw_only=True)
class Meeting:
    """Several policies and the same people."""

    regimes: Sequence[Regime]
    labels: Sequence[str]
    judges: Sequence[Judge]
    diseases: DiseaseNames
    sums: dict[tuple[str, str, int], Sums] = field(default_factory=dict)
    reasons: dict[tuple[int, int], Counter[str]] = field(default_factory=dict)
    lacking: Counter[int] = field(default_factory=Counter)
    tables: list[pa.Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    year: int = 0
    years: int | None = None

    @classmethod
    def of(cls, regimes: Sequence[Regime], say: Say | None = None) -> Meeting:
        """Nobody yet. `say` is called before anything is compiled."""
        policies = [regime.policy for regime in regimes]
        return cls(
            regimes=regimes,
            labels=labels_of(policies),
            judges=[Judge(regime.bound, say) for regime in regimes],
            diseases=DiseaseNames.of(policies),
        )

    def add(self, portions: Sequence[Portion]) -> None:
        """Some people, as each policy reads them."""
        self._choose_years(portions[0].block)
        blocks = [later(portion.block, self.years or 0) for portion in portions]
        settled = [judge.settled(block) for judge, block in zip(self.judges, blocks, strict=True)]
        apart = self._apart(portions, settled)
        answers = [judge.answer(one.inputs, one.results) for judge, one in zip(self.judges, settled, strict=True)]
        block = blocks[0]
        seen = Seen(
            person=owners(block.events_of),
            counted=~np.repeat(apart, np.diff(block.events_of)),
            burden=answers[0].burden,
            groupings={
                "all": Grouping(np.zeros(block.size, np.int64), ("全部",)),
                "classes": by_standing(block),
                "services": by_service(block),
                "diseases": self.diseases.grouping(block),
            },
        )
        for number, answer in enumerate(answers):
            self._add_groups(number, answer, seen)
            self._add_reasons(number, answer, seen)
        self.tables.append(_persons(portions[0], block, apart, answers))

    # ---- parts ----

    def _choose_years(self, block: Block) -> None:
        """By how many years days are moved: none where every document is in force when the first events happen."""
        if self.years is None and block.size:
            first = date.fromordinal(int(block.events.day.min())).year
            starts = [regime.policy.document.start for regime in self.regimes]
            needed = max(one.year + ((one.month, one.day) > (1, 1)) for one in starts)
            self.years = max(0, needed - first)
            self.year = first + self.years

    def _apart(self, portions: Sequence[Portion], settled: Sequence[Settled]) -> Ints:
        """Persons who count for nothing, since some policy lacks a fact of theirs."""
        apart = np.zeros(len(portions[0].faulty), np.bool_)
        for number, (portion, one) in enumerate(zip(portions, settled, strict=True)):
            faulty = portion.faulty.copy()
            lacking = one.faulty[~faulty[one.faulty]]
            faulty[one.faulty] = True
            self.lacking[number] += int(faulty.sum())
            told = (*portion.findings, *self.judges[number].findings(one, lacking[:TOLD]))
            self.findings += [finding for finding in told if finding not in self.findings][: TOLD - len(self.findings)]
            apart |= faulty
        return apart

    def _add_groups(self, number: int, answer: Answer, seen: Seen) -> None:
        event = np.flatnonzero(seen.counted)
        refused = answer.refusal[event] >= 0
        for name, grouping in seen.groupings.items():
            size = len(grouping.names)
            place = grouping.place[event]
            persons = np.unique(seen.person[event] * size + place, return_inverse=True)
            of_person = added(persons[1], answer.relief[event], len(persons[0]))
            group_of_person = persons[0] % size
            columns = (
                np.bincount(group_of_person, minlength=size),
                np.bincount(place, minlength=size),
                added(place, seen.burden[event], size),
                added(place, answer.relief[event], size),
                np.bincount(place[refused], minlength=size),
            )
            for group in np.flatnonzero(columns[1]).tolist():
                sums = self.sums.setdefault((name, grouping.names[group], number), Sums())
                sums.persons += int(columns[0][group])
                sums.events += int(columns[1][group])
                sums.burden += int(columns[2][group])
                sums.relief += int(columns[3][group])
                sums.refused += int(columns[4][group])
                sums.reliefs.append(of_person[(group_of_person == group) & (of_person > 0)])

    def _add_reasons(self, number: int, answer: Answer, seen: Seen) -> None:
        refused = seen.counted & (answer.refusal >= 0)
        for rule in np.unique(answer.refusal[refused]).tolist():
            found = refused & (answer.refusal == rule)
            counter = self.reasons.setdefault((number, rule), Counter())
            counter.update(events=int(found.sum()), burden=int(seen.burden[found].sum()))

    # ---- the result ----

    def result(self, people: People, families: Sequence[Family]) -> Comparison:
        """The tables."""
        persons = pa.concat_tables(self.tables) if self.tables else None
        regimes = dict(zip(self.labels, self.regimes, strict=True))
        return Comparison(
            people=people.label,
            policies=tuple(self._policy_row(number) for number in range(len(self.regimes))),
            classes=self._rows("classes", self._there("classes", STANDING_NAMES)),
            diseases=self._rows("diseases", self._largest("diseases", DISEASES)),
            services=self._rows("services", self._there("services", SERVICE_NAMES)),
            bands=self._band_rows(persons, of_homes=False),
            households=self._band_rows(persons, of_homes=True),
            reasons=tuple(self._reasons()),
            families=family_rows(regimes, self.year, families) if self.year else (),
            findings=tuple(self.findings),
            notes=tuple(self._notes(persons)),
        )

    def _policy_row(self, number: int) -> PolicyRow:
        sums = self.sums.get(("all", "全部", number), Sums())
        return PolicyRow(
            policy=self.regimes[number].policy.document.id,
            label=self.labels[number],
            persons=sums.persons,
            events=sums.events,
            burden=sums.burden,
            relieved=sum(map(len, sums.reliefs)),
            relief=sums.relief,
            refused=sums.refused,
            set_apart=self.lacking[number],
        )

    def _there(self, name: str, names: Iterable[str]) -> list[str]:
        """Those of the groups of which somebody is one."""
        return [group for group in names if (name, group, 0) in self.sums]

    def _largest(self, name: str, most: int) -> list[str]:
        """The groups of the largest burdens; those that no list names last."""
        burdens = {group: sums.burden for (of, group, number), sums in self.sums.items() if of == name and not number}
        other = self.diseases.names[-1]
        ordered = sorted((group for group in burdens if group != other), key=lambda group: (-burdens[group], group))
        return [*ordered[:most], *([other] if other in burdens else [])]

    def _rows(self, name: str, order: Sequence[str]) -> tuple[ComparedRow, ...]:
        return tuple(
            self.sums.get((name, group, number), Sums()).row(group, regime.policy.document.id, self.labels[number])
            for group in order
            for number, regime in enumerate(self.regimes)
        )

    def _band_rows(self, persons: pa.Table | None, *, of_homes: bool) -> tuple[ComparedRow, ...]:
        if persons is None:
            return ()
        found = [_band_sums(persons, number, of_homes) for number in range(len(self.regimes))]
        names = [group for group in groups.band_names() if any(group in one for one in found)]
        return tuple(
            one.get(group, Sums()).row(group, self.regimes[number].policy.document.id, self.labels[number])
            for group in names
            for number, one in enumerate(found)
        )

    def _reasons(self) -> Iterator[ReasonRow]:
        """Policy by policy, the most frequent first."""
        for (number, index), counter in sorted(self.reasons.items(), key=lambda one: (one[0][0], -one[1]["events"])):
            rule = self.judges[number].rules[index]
            yield ReasonRow(
                policy=self.regimes[number].policy.document.id,
                label=self.labels[number],
                clause=rule.clause,
                reason=rule.refusal or rule.label,
                events=counter["events"],
                burden=counter["burden"],
            )

    def _notes(self, persons: pa.Table | None) -> Iterator[str]:
        yield "同一批人、同一批账单，保险已付的金额照原样；各地救助办法各读各的"
        yield "文件另外要问的事实（如床日、单病种限额、罕见病认定），账单没有写明的，按文件的默认；没有默认的不计入"
        if self.years:
            yield f"为使各文件都已施行，日期整体后移 {self.years} 年，到 {self.year} 年"
        if persons is not None and persons["household"].null_count == persons.num_rows:
            yield "没有家庭信息，每人按一个家庭计"


# ---- persons and households ------------------------------------------------------------------------------------------


def _persons(portion: Portion, block: Block, apart: Ints, answers: Sequence[Answer]) -> pa.Table:
    """A row for each person who counts and bears something: household, burden, events; relief, refusals by policy."""
    events_of = block.events_of
    burden = by_person(answers[0].burden, events_of)
    kept = ~apart & (burden > 0)
    household = portion.household if portion.household is not None else pa.nulls(len(kept), pa.string())
    columns = {"household": household, "burden": pa.array(burden), "events": pa.array(np.diff(events_of))}
    for number, answer in enumerate(answers):
        columns[f"relief_{number}"] = pa.array(by_person(answer.relief, events_of))
        columns[f"refused_{number}"] = pa.array(by_person((answer.refusal >= 0).astype(np.int64), events_of))
    return pa.table(columns).filter(pa.array(kept))


def _band_sums(persons: pa.Table, number: int, of_homes: bool) -> dict[str, Sums]:
    """By the size of a year's burden, of each person or of each household: what one of them receives."""
    names = ("burden", "events", f"relief_{number}", f"refused_{number}")
    columns = [groups.numbers(persons[name]) for name in names]
    if of_homes:
        columns = [groups.of_households(persons, column) for column in columns]
    burden, events, relief, refused = columns
    place = groups.band_of(burden)
    found = {}
    for band, name in enumerate(groups.band_names()):
        inside = place == band
        if inside.any():
            found[name] = Sums(
                persons=int(inside.sum()),
                events=int(events[inside].sum()),
                burden=int(burden[inside].sum()),
                relief=int(relief[inside].sum()),
                refused=int(refused[inside].sum()),
                reliefs=[relief[inside & (relief > 0)]],
            )
    return found


# ---- other years -----------------------------------------------------------------------------------------------------


def later(block: Block, years: int) -> Block:
    """The block with every day so many years later; 29 February becomes 1 March where the year has none."""
    if not years:
        return block
    persons, events = block.persons, block.events
    facts = {name: _later_year(column, years) if name in _YEARS else column for name, column in events.facts.items()}
    return replace(
        block,
        persons=replace(
            persons,
            birth=np.where(persons.birth == MISSING, MISSING, persons.birth + 10_000 * years).astype(np.int32),
            start=_later_days(persons.start, years),
            end=_later_days(persons.end, years),
            applied=_later_days(persons.applied, years),
        ),
        events=replace(events, day=_later_days(events.day, years), facts=facts),
    )


_YEARS = frozenset(name for name, fact in CASE_FACTS.items() if fact.type is FactType.YEAR)
_EPOCH = date(1970, 1, 1).toordinal()


def _later_days(days: Ints, years: int) -> Ints:
    known = (days != MISSING) & (days != OPEN)
    dates = (np.where(known, days, _EPOCH).astype(np.int64) - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    moved = (months + 12 * years).astype("datetime64[D]") + (dates - months.astype("datetime64[D]"))
    return np.where(known, moved.astype(np.int64) + _EPOCH, days).astype(days.dtype)


def _later_year(column: Ints, years: int) -> Ints:
    return np.where(column == MISSING, MISSING, column + years).astype(column.dtype)
