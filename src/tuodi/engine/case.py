"""A decoded line of a case file, read against the case format and the facts of its policy.

Everything that is wrong is found at once, each with its place, its reason and what would mend it. What looks usual is
read on a short way; what does not, on the thorough one, which alone decides what is a fault. Where both give a case, a
person or an event, it is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from tuodi.core.money import format_yuan
from tuodi.engine.case_fields import CaseFields, known_fields
from tuodi.engine.case_findings import Collector, array
from tuodi.engine.case_opening import opening_amount, opening_count, opening_key
from tuodi.engine.case_usual import NO_PARAMETERS, usual_case, usual_event, usual_person
from tuodi.engine.case_values import (
    day_value,
    fact_value,
    money_value,
    optional_day,
    optional_text,
    shown,
    text_value,
    word_value,
    wrong_type,
)
from tuodi.engine.record import Case, Event, FactValue, Item, Person, StatusPeriod
from tuodi.engine.situation import Key, State
from tuodi.language.model import AMOUNTS, APPLICATIONS, INSURANCES, SERVICES, STATUSES, Fact, Policy

__all__ = ["Case", "CaseNames", "Event", "FactValue", "Item", "Person", "StatusPeriod", "case_names", "read_case"]


class CaseNames(NamedTuple):
    """The policy that a case asks for, and the insurance plan, if any."""

    policy: str
    plan: str | None


def case_names(raw: object) -> CaseNames:
    """Which policy and plan a decoded case needs, before it can be read. Raises Faults where it does not say."""
    if type(raw) is dict and "plan" not in raw and type(name := raw.get("policy")) is str and name.strip():
        return CaseNames(name, None)
    collector = Collector()
    case = collector.fields(raw, "", ("policy",), None)
    names = CaseNames(
        policy=collector.value(case, "policy", "", text_value, ""),
        plan=collector.value(case, "plan", "", optional_text, None),
    )
    collector.raise_findings()
    return names


def read_case(raw: object, policy: Policy, plan: Policy | None = None) -> Case:
    """The case of this policy, with amounts in fen and days as ordinals.

    With a plan, the amounts that it computes may be null. Parameters are left as they are: `bind` types them.
    Raises Faults with all findings; the path of each leads from the case, as `events[2].amounts.total`.
    """
    known = known_fields(policy, plan)
    return usual_case(raw, known) or _thorough(raw, known)


def _thorough(raw: object, known: CaseFields) -> Case:
    reader = _CaseReader(known=known)
    case = reader.case(raw)
    reader.raise_findings()
    return case


_CASE = ("policy", "person", "events")
_PERSON = ("id", "insurance", "statuses")
_STATUS = ("status", "from")
_EVENT = ("id", "date", "service", "amounts")

_NOBODY = Person("", "", None, (), {})


@dataclass(slots=True, kw_only=True)
class _CaseReader(Collector):
    """Reads a case level by level."""

    known: CaseFields

    def case(self, raw: object) -> Case:
        case = self.fields(raw, "", _CASE, ("parameters", "plan", "opening"))
        return Case(
            self.policy(case),
            self.plan(case),
            self.value(case, "parameters", "", _object, NO_PARAMETERS),
            self.person(case),
            self.events(case),
            self.opening(case),
        )

    def policy(self, case: Mapping[str, Any]) -> str:
        settling = self.known.policy.document.id
        name = self.value(case, "policy", "", text_value, settling)
        if name != settling:
            self.fault("wrong-policy", f"这里按政策 {settling} 结算，案例写的是“{shown(name)}”", "policy", "改正其一")
        return name

    def plan(self, case: Mapping[str, Any]) -> str | None:
        plan = self.known.plan
        name = self.value(case, "plan", "", optional_text, None)
        if name is not None and (plan is None or name != plan.document.id):
            here = f"按参保方案 {plan.document.id}" if plan else "不用参保方案"
            self.fault("wrong-plan", f"这里{here}结算，案例写的是“{shown(name)}”", "plan", "改正其一")
        return name

    # ---- person ----

    def person(self, case: Mapping[str, Any]) -> Person:
        if "person" not in case:
            return _NOBODY
        return usual_person(case["person"], self.known) or self.thorough_person(case["person"])

    def thorough_person(self, raw: object) -> Person:
        known = self.known.person_facts
        person = self.fields(raw, "person", _PERSON, ("birth_date", *known))
        birth = self.value(person, "birth_date", "person", optional_day, None)
        return Person(
            self.value(person, "id", "person", text_value, ""),
            self.value(person, "insurance", "person", _insurance, ""),
            birth[1] if birth else None,
            self.each(person, "statuses", "person", self.status),
            {**self.known.person_defaults, **self.facts(person, known, "person")},
        )

    def status(self, raw: object, path: str) -> StatusPeriod:
        period = self.fields(raw, path, _STATUS, ("to", "applied_on"))
        start = self.value(period, "from", path, day_value, None)
        end = self.value(period, "to", path, optional_day, None)
        applied = self.value(period, "applied_on", path, optional_day, None)
        if start and end and end < start:
            reason = f"止日 {period['to']} 早于起日 {period['from']}"
            self.fault("period-reversed", reason, f"{path}.to", "核对起止日期")
        if start and applied and start < applied:
            reason = f"起日 {period['from']} 早于申请日 {period['applied_on']}"
            self.fault("from-before-application", reason, f"{path}.from", "起日不早于申请日；可追溯的天数由政策算")
        word = self.value(period, "status", path, _status, "")
        return StatusPeriod(word, start[0] if start else 0, end[0] if end else None, applied[0] if applied else None)

    # ---- events ----

    def events(self, case: Mapping[str, Any]) -> tuple[Event, ...]:
        events = self.each(case, "events", "", self.event)
        if len({event.id for event in events}) < len(events):
            self.duplicates(events)
        return events

    def duplicates(self, events: Sequence[Event]) -> None:
        first: dict[str, int] = {}
        for place, event in enumerate(events):
            if event.id and first.setdefault(event.id, place) < place:
                reason = f"事件编号“{shown(event.id)}”与 events[{first[event.id]}] 重复"
                self.fault("duplicate-event", reason, f"events[{place}].id", "每个事件用不同的编号")

    def event(self, raw: object, path: str) -> Event:
        return usual_event(raw, self.known) or self.thorough_event(raw, path)

    def thorough_event(self, raw: object, path: str) -> Event:
        known = self.known
        application = isinstance(raw, dict) and _is_application(raw)
        required = _EVENT if application else (*_EVENT, "facility")
        optional = ("facility", "disease", "diagnoses", "items", *known.event_facts, *known.other_facts)
        event = self.fields(raw, path, required, optional)
        self.facts(event, known.other_facts, path)
        day, ymd = self.value(event, "date", path, day_value, (0, 0))
        return Event(
            self.value(event, "id", path, text_value, ""),
            day,
            ymd,
            self.value(event, "service", path, _service, ""),
            {**known.event_defaults, **self.facility(event, path), **self.facts(event, known.event_facts, path)},
            self.value(event, "disease", path, optional_text, None),
            self.each(event, "diagnoses", path, self.code) if event.get("diagnoses") is not None else (),
            self.amounts(event, path),
            self.each(event, "items", path, self.item),
        )

    def facility(self, event: Mapping[str, Any], path: str) -> dict[str, FactValue]:
        if "facility" not in event or (event["facility"] is None and _is_application(event)):
            return {}
        path = f"{path}.facility"
        known = self.known.facility_facts
        return self.facts(self.fields(event["facility"], path, (), known), known, path)

    def code(self, raw: object, path: str) -> str:
        return self.checked(raw, path, text_value, "")

    def item(self, raw: object, path: str) -> Item:
        known, others = self.known.item_facts, self.known.other_item_facts
        item = self.fields(raw, path, ("item", "personal"), (*known, *others))
        self.facts(item, others, path)
        facts = self.facts(item, known, path)
        return Item(
            self.value(item, "item", path, text_value, ""),
            self.value(item, "personal", path, money_value, 0),
            {name: value for name, value in facts.items() if value is not None},
        )

    def amounts(self, event: Mapping[str, Any], path: str) -> tuple[int | None, ...]:
        if "amounts" not in event:
            return ()
        path = f"{path}.amounts"
        findings_before = len(self.findings)
        given = self.fields(event["amounts"], path, AMOUNTS)
        fen = tuple([self.amount(given, name, path) for name in AMOUNTS])
        if len(self.findings) == findings_before:
            self.compare(fen, path)
        return fen

    def amount(self, given: Mapping[str, Any], name: str, path: str) -> int | None:
        if name in self.known.computed and given.get(name) is None:
            return None
        return self.value(given, name, path, money_value, 0)

    def compare(self, fen: Sequence[int | None], path: str) -> None:
        total, in_policy, *payers = (amount or 0 for amount in fen)
        if in_policy > total:
            reason = f"政策范围内费用 {format_yuan(in_policy)} 超过医疗总费用 {format_yuan(total)}"
            self.fault("in-policy-above-total", reason, f"{path}.in_policy", "核对两项金额")
        if sum(payers) > total:
            reason = f"各方支付合计 {format_yuan(sum(payers))} 超过医疗总费用 {format_yuan(total)}"
            self.fault("payers-above-total", reason, path, "核对总费用和五项支付")

    # ---- counts brought along ----

    def opening(self, case: Mapping[str, Any]) -> State:
        state: State = {}
        listed: Sequence[object] = self.value(case, "opening", "", array, ())
        for place, raw in enumerate(listed):
            path = f"opening[{place}]"
            given = self.fields(raw, path, ("count", "key", "amount"))
            count = self.value(given, "count", path, partial(opening_count, fields=self.known), None)
            if count is None:
                continue
            key: Key = self.value(given, "key", path, partial(opening_key, count=count, fields=self.known), "")
            if (count.id, key) in state:
                self.fault("duplicate-opening", f"“{count.label}”的同一个键给出了两次", f"{path}.key", "只保留一个")
            amount = partial(opening_amount, count=count, fields=self.known)
            state[count.id, key] = self.value(given, "amount", path, amount, 0)
        return state

    def facts(self, given: Mapping[str, Any], known: Mapping[str, Fact], path: str) -> dict[str, FactValue]:
        """Those of the known facts that are given."""
        return {
            name: self.value(given, name, path, partial(fact_value, fact), None)
            for name, fact in known.items()
            if name in given
        }


def _object(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise wrong_type(raw, "对象", "写成 { … }")
    return raw


def _is_application(event: Mapping[str, Any]) -> bool:
    service = event.get("service")
    return isinstance(service, str) and service in APPLICATIONS


_insurance = partial(word_value, words=INSURANCES, code="unknown-insurance", what="参保类型")
_status = partial(word_value, words=STATUSES, code="unknown-status", what="身份")
_service = partial(word_value, words=SERVICES, code="unknown-service", what="服务类别")
