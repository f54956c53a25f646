"""A case for which a benefit applies: the simplest person and bill that its conditions describe.

A guess from the conditions, not a proof: whoever uses it settles it and looks whether the benefit was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tuodi.core.money import format_yuan
from tuodi.language.model import (
    AMOUNTS,
    APPLICATIONS,
    BUILT_IN_FACTS,
    SERVICES,
    AllOf,
    AnyOf,
    Benefit,
    Between,
    ClassIn,
    Cover,
    CoverEnd,
    DiseaseIn,
    Fact,
    FactSource,
    FactType,
    Fixed,
    Given,
    Grant,
    Is,
    Not,
    ParameterHole,
    ParameterType,
    Policy,
    Reached,
    ServiceIn,
    Since,
    StatusIn,
    TallyOf,
    Test,
    YearsBefore,
)

SAMPLE_MONEY = "10000.00"
SAMPLE_RATE = "70%"
SAMPLE_ITEM = "50000.00"
_BED_DAYS = 10
_AGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A case in the case format whose last event the benefit should settle. `vary` writes the swept amount into it."""

    case: Mapping[str, Any]
    status: str | None
    service: str
    day: date
    measure: str
    in_policy: bool
    varied: tuple[tuple[str | int, ...], ...]

    def at(self, fen: int) -> dict[str, Any]:
        """The case with the amount in fen in its place."""
        case: dict[str, Any] = deepcopy(dict(self.case))
        for path in self.varied:
            holder: Any = case
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = format_yuan(fen)
        return case


def witnesses(policy: Policy, benefit: Benefit) -> Iterator[Witness]:
    """Cases to try, the most usual first: by status, service, day, and with as few parameters as may do."""
    for status, cover in _ways_in(policy, benefit):
        for service in (name for name in SERVICES if name in benefit.services):
            for day in _days(policy):
                for applied in _application_days(day, cover):
                    wishes = _Wishes(policy=policy, benefit=benefit, service=service, day=day)
                    witness = wishes.witness(status, applied)
                    yield from _variants(witness, policy)
                    if told := _required(policy, day):
                        yield from _variants(_with(witness, told), policy)


def _required(policy: Policy, day: date) -> dict[str, Any]:
    """An ordinary value for each field of an event that the policy has no default for."""
    samples = {FactType.FLAG: True, FactType.COUNT: 1, FactType.YEAR: day.year, FactType.MONEY: SAMPLE_MONEY}
    return {
        fact.id: fact.choices[0] if fact.type is FactType.CHOICE else samples[fact.type]
        for fact in policy.facts.values()
        if fact.source is FactSource.EVENT and not fact.has_default
    }


def _with(witness: Witness, told: Mapping[str, Any]) -> Witness:
    events = [{**told, **event} for event in witness.case["events"]]
    return replace(witness, case={**witness.case, "events": events})


def _variants(witness: Witness, policy: Policy) -> Iterator[Witness]:
    """The same with other parameters; as the first stay of the year; with a bill all out of policy."""
    for parameters in _parameters(policy):
        yield replace(witness, case={**witness.case, "parameters": parameters})
    everything = {**witness.case, "parameters": parameters}
    *earlier, last = witness.case["events"]
    yield replace(witness, case={**everything, "events": [*earlier, {**last, "admission_number": 1}]})
    varied = tuple(path for path in witness.varied if path[-1] != "in_policy")
    yield replace(witness, case=everything, varied=varied, in_policy=False)


def _ways_in(policy: Policy, benefit: Benefit) -> Iterator[tuple[str | None, Cover | None]]:
    """Statuses through which one comes into the benefit's classes; None for no class."""
    if not benefit.classes:
        yield None, None
    for person_class in policy.classes:
        if person_class.id in benefit.classes or not benefit.classes:
            yield from _statuses(policy, person_class.id)


def _statuses(policy: Policy, class_id: str) -> Iterator[tuple[str | None, Cover | None]]:
    person_class = next(one for one in policy.classes if one.id == class_id)
    for member in person_class.members:
        if member.status is not None:
            yield member.status, member.cover
        elif member.class_id is not None:
            yield from _statuses(policy, member.class_id)


def _days(policy: Policy) -> Iterator[date]:
    """A day in the middle of the first whole year, and one in January."""
    start = policy.document.start
    for day in (date(start.year + 1, 7, 1), date(start.year + 2, 1, 15)):
        if policy.document.end is None or day < policy.document.end:
            yield day


def _application_days(day: date, cover: Cover | None) -> Iterator[date | None]:
    if cover is None:
        yield None
    elif cover.until is CoverEnd.APPLICATION:
        yield day + timedelta(days=30)
    else:
        yield day


@dataclass(slots=True, kw_only=True)
class _Wishes:
    """What the conditions ask for, gathered into one event."""

    policy: Policy
    benefit: Benefit
    service: str
    day: date
    facts: dict[str, Any] = field(default_factory=dict)
    disease: str | None = None
    statuses: list[str] = field(default_factory=list)
    opening: list[dict[str, str]] = field(default_factory=list)
    age: int = _AGE

    def witness(self, status: str | None, applied: date | None) -> Witness:
        self._gather(status)
        event = self._event("e1", self.day, self.service, self.facts)
        events = [event]
        varied: list[tuple[str | int, ...]] = [(0, "amounts", "total"), (0, "amounts", "in_policy")]
        measure = "医疗总费用"
        catalogue = self.benefit.catalogue
        if catalogue is not None:
            entry = self.policy.catalogues[catalogue].entries[0]
            event["items"] = [{"item": entry.item, "personal": "0.00"}]
            event["disease"] = entry.disease
            varied.append((0, "items", 0, "personal"))
        if isinstance(self.benefit.of, TallyOf):
            events = [self._fed(self.benefit.of), event]
            measure = "上一年住院总费用"
        case = {
            "policy": self.policy.document.id,
            "person": self._person(status, applied),
            "events": events,
            "opening": self.opening,
        }
        return Witness(
            case=case,
            status=status,
            service=self.service,
            day=self.day,
            measure=measure,
            in_policy=True,
            varied=tuple(("events", *path) for path in varied),
        )

    # ---- conditions ----

    def _gather(self, status: str | None) -> None:
        waived = self.benefit.waives
        tests: list[Test | None] = [one.when for one in self.policy.general_conditions if one.id not in waived]
        tests.append(self.benefit.when)
        for person_class in self.policy.classes:
            if person_class.id in self.benefit.classes:
                tests.append(person_class.when)
                tests += [member.when for member in person_class.members if member.status == status]
        for test in tests:
            if test is not None:
                self._wish(test)
        if isinstance(self.benefit.pay, Grant) and self.benefit.pay.each:
            self.facts[self.benefit.pay.each] = _BED_DAYS

    def _wish(self, test: Test) -> None:
        match test:
            case AllOf(tests=tests):
                for part in tests:
                    self._wish(part)
            case AnyOf(tests=tests):
                self._wish(tests[0])
            case Not(test=Is(fact=fact, values=values)) if self._fact(fact).type is FactType.FLAG:
                self.facts[fact] = True not in values
            case Is(fact=fact, values=values):
                self.facts[fact] = min(values, key=lambda value: (value == "employee", str(value)))
            case Between() | Given() | YearsBefore():
                self._wish_number(test)
            case DiseaseIn() | StatusIn() | Reached():
                self._wish_beside_facts(test)
            case ClassIn() | ServiceIn() | Since() | Not():
                pass  # the class, the service and the day are chosen before, and what is not asked for is not there

    def _wish_number(self, test: Between | Given | YearsBefore) -> None:
        match test:
            case Between(fact="age", at_least=at_least, below=below):
                self.age = at_least + 5 if at_least is not None else max(0, (below or 18) - 8)
            case Between(fact="month"):
                pass
            case Between(fact=fact, at_least=at_least):
                self.facts.setdefault(fact, at_least or 0)
            case Given(fact=fact):
                self.facts[fact] = "20000.00" if self._fact(fact).type is FactType.MONEY else 1
            case YearsBefore(fact=fact, years=years):
                self.facts[fact] = self.day.year - years

    def _wish_beside_facts(self, test: DiseaseIn | StatusIn | Reached) -> None:
        match test:
            case DiseaseIn(lists=lists):
                self.disease = next((row.name for row in self.policy.lists[min(lists)].diseases), None)
            case StatusIn(statuses=statuses):
                self.statuses.append(min(statuses))
            case Reached(count=count, at_least=Fixed(amount=amount)):
                self.opening.append({"count": count, "key": str(self.day.year), "amount": format_yuan(amount)})

    def _fact(self, name: str) -> Fact:
        return self.policy.facts.get(name) or BUILT_IN_FACTS[name]

    # ---- the case ----

    def _event(self, name: str, day: date, service: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        facility: dict[str, Any] = {"designated": True, "level": 3, "county": True, "region": True}
        own: dict[str, Any] = {}
        for fact, value in facts.items():
            source = self._fact(fact).source
            if source is FactSource.FACILITY:
                facility[fact] = value
            elif source is not FactSource.PERSON and fact != "month":
                own[fact] = value
        event = {"id": name, "date": day.isoformat(), "service": service, "disease": self.disease, **own}
        if service not in APPLICATIONS:
            event["facility"] = facility
        return event | {"amounts": dict.fromkeys(AMOUNTS, "0.00")}

    def _fed(self, tally: TallyOf) -> dict[str, Any]:
        """An event of the year before that feeds the tally."""
        feed = self.policy.counts[tally.count].feed
        asked = _Wishes(policy=self.policy, benefit=self.benefit, service=self.service, day=self.day)
        if feed is not None and feed.when is not None:
            asked._wish(feed.when)
        service = next((name for name in SERVICES if name in _services_in(feed.when if feed else None)), "inpatient")
        return asked._event("e0", date(self.day.year - 1, 5, 1), service, asked.facts)

    def _person(self, status: str | None, applied: date | None) -> dict[str, Any]:
        held = [name for name in dict.fromkeys([status, *self.statuses]) if name is not None]
        since = (applied or date(self.day.year - 2, 1, 1)).isoformat()
        periods = [
            {"status": name, "from": since, "to": None, **({"applied_on": since} if applied and name == status else {})}
            for name in held
        ]
        return {
            "id": "示例",
            "insurance": self.facts.get("insurance", "resident"),
            "birth_date": date(self.day.year - self.age - 1, 1, 1).isoformat(),
            "statuses": periods,
        }


def _parameters(policy: Policy) -> Iterator[dict[str, Any]]:
    """None, each alone, all."""
    samples = {name: _sample(policy, hole) for name, hole in policy.parameters.items()}
    yield {}
    yield from ({name: sample} for name, sample in samples.items())
    if len(samples) > 1:
        yield samples


def _sample(policy: Policy, hole: ParameterHole) -> Any:
    if hole.catalogue is not None:
        return {policy.catalogues[hole.catalogue].entries[0].item: SAMPLE_ITEM}
    return SAMPLE_RATE if hole.type is ParameterType.RATE else SAMPLE_MONEY


def _services_in(test: Test | None) -> Iterable[str]:
    match test:
        case ServiceIn(services=services):
            return services
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return [name for part in tests for name in _services_in(part)]
    return ()
