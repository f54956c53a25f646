"""A case, a person and an event as most are, read in one go: what is not usual about one is left to the thorough way.

What counts here is time: files have millions of events, and a promise says how many are settled in a second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, NoReturn

from tuodi.engine.case_fields import CaseFields
from tuodi.engine.case_values import Unfit, day_value, fact_value, money_value
from tuodi.engine.record import Case, Event, FactValue, Item, Person, StatusPeriod
from tuodi.language.model import AMOUNTS, APPLICATIONS, INSURANCES, SERVICES, STATUSES

_new: Any = tuple.__new__  # half of what the constructor of a named tuple takes

NO_PARAMETERS: Mapping[str, object] = {}


def usual_case(raw: Any, fields: CaseFields) -> Case | None:
    """The case; None where anything is unusual: a fault, counts brought along, or something of a person or an event."""
    try:
        parameters, person = raw.get("parameters", NO_PARAMETERS), usual_person(raw["person"], fields)
        if len(raw) != 3 + ("parameters" in raw) + ("plan" in raw) or type(parameters) is not dict or person is None:
            return None
        events = _events(raw["events"], fields) if type(raw["events"]) is list else None
        if events is None or not _names_right(raw, fields):
            return None
        case: Case = _new(Case, (raw["policy"], raw.get("plan"), parameters, person, events, {}))
        return case
    except (KeyError, TypeError, AttributeError):
        return None


def _names_right(raw: Any, fields: CaseFields) -> bool:
    """Whether the case names the policy, and the plan where it names one."""
    plan = raw.get("plan")
    named = plan is None or (fields.plan is not None and plan == fields.plan.document.id)
    return named and bool(raw["policy"] == fields.policy.document.id)


def _events(listed: list[Any], fields: CaseFields) -> tuple[Event, ...] | None:
    """All of them, under different names."""
    events = []
    for raw in listed:
        event = usual_event(raw, fields)
        if event is None:
            return None
        events.append(event)
    return tuple(events) if len(events) < 2 or len({event.id for event in events}) == len(events) else None


def usual_event(raw: Any, fields: CaseFields) -> Event | None:
    """The event; None where anything about it is unusual, a fault or not."""
    try:
        service, disease, amounts = raw["service"], raw.get("disease"), _amounts(raw["amounts"])
        day, ymd = day_value(raw["date"])
        facts = {**fields.event_defaults}
        if "facility" in raw or service not in APPLICATIONS:
            _add_facility(facts, raw["facility"], fields)
        if amounts is None or service not in SERVICES or (disease is not None and type(disease) is not str):
            return None
        diagnoses, items = _less_often(raw, facts, fields)
        event: Event = _new(Event, (_text(raw["id"]), day, ymd, service, facts, disease, diagnoses, amounts, items))
        return event
    except (KeyError, TypeError, AttributeError, Unfit):
        return None


def usual_person(raw: Any, fields: CaseFields) -> Person | None:
    """The person; None where anything is unusual, a fault or not."""
    try:
        insurance, birth, statuses = raw["insurance"], raw.get("birth_date"), raw["statuses"]
        if len(raw) != 3 + ("birth_date" in raw) or insurance not in INSURANCES or type(statuses) is not list:
            return None
        born = None if birth is None else day_value(birth)[1]
        periods = tuple([_status(period) for period in statuses])
        person: Person = _new(Person, (_text(raw["id"]), insurance, born, periods, fields.person_defaults))
        return person
    except (KeyError, TypeError, AttributeError, Unfit):
        return None


# ---- parts of an event -----------------------------------------------------------------------------------------------

_READ_ALREADY = frozenset({"id", "date", "service", "facility", "disease", "amounts"})
_SEVEN_AMOUNTS = itemgetter(*AMOUNTS)
_YUAN = r"(?:0|[1-9][0-9]{0,7})\.[0-9]{2}"  # as nearly all programs write it, and never too large
_PLAIN = re.compile(_YUAN).fullmatch
_SEVEN_PLAIN = re.compile(",".join([_YUAN] * len(AMOUNTS))).fullmatch


def _amounts(raw: Any) -> tuple[int, ...] | None:
    """All seven with two decimals, and no more paid than billed: one look at them together is quickest."""
    joined = ",".join(_SEVEN_AMOUNTS(raw))
    if len(raw) != len(AMOUNTS) or not _SEVEN_PLAIN(joined):
        return None
    fen = tuple(map(int, joined.replace(".", "").split(",")))
    return None if fen[1] > fen[0] or sum(fen[2:]) > fen[0] else fen


def _less_often(raw: Any, facts: dict[str, FactValue], fields: CaseFields) -> tuple[tuple[str, ...], tuple[Item, ...]]:
    """Diagnoses and items; the facts that a policy adds are put among the others."""
    diagnoses: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    for name in raw.keys() - _READ_ALREADY:
        value = raw[name]
        if name in fields.event_facts:
            facts[name] = fact_value(fields.event_facts[name], value)
        elif name == "diagnoses" and type(value) is list:
            diagnoses = tuple([_text(code) for code in value])
        elif name == "items" and type(value) is list:
            items = tuple([_item(item, fields) for item in value])
        elif name in fields.other_facts:
            fact_value(fields.other_facts[name], value)
        else:
            _unusual()
    return diagnoses, items


def _add_facility(facts: dict[str, FactValue], raw: Any, fields: CaseFields) -> None:
    flags = fields.facility_flags
    for name, value in raw.items():
        if value is True or value is False:
            facts[name] = value if name in flags else _unusual()
        elif name == "level" and type(value) is int and 1 <= value <= 3:
            facts[name] = value
        else:
            facts[name] = fact_value(fields.facility_facts[name], value)


_ITEM = frozenset({"item", "personal"})


def _item(raw: Any, fields: CaseFields) -> Item:
    facts = {}
    if len(raw) > 2:
        known = fields.item_facts
        if not raw.keys() <= _ITEM | known.keys():
            _unusual()
        facts = {name: fact_value(known[name], value) for name, value in raw.items() if name not in _ITEM}
        facts = {name: value for name, value in facts.items() if value is not None}
    personal = raw["personal"]
    fen = int(personal.replace(".", "")) if _PLAIN(personal) else money_value(personal)
    item: Item = _new(Item, (_text(raw["item"]), fen, facts))
    return item


# ---- parts of a person, texts ----------------------------------------------------------------------------------------


def _status(raw: Any) -> StatusPeriod:
    status, to, applied_on = raw["status"], raw.get("to"), raw.get("applied_on")
    if len(raw) != 2 + ("to" in raw) + ("applied_on" in raw) or status not in STATUSES:
        _unusual()
    start = day_value(raw["from"])[0]
    end = None if to is None else day_value(to)[0]
    applied = None if applied_on is None else day_value(applied_on)[0]
    if (end is not None and end < start) or (applied is not None and start < applied):
        _unusual()
    period: StatusPeriod = _new(StatusPeriod, (status, start, end, applied))
    return period


def _text(raw: Any) -> str:
    return raw if type(raw) is str and raw.strip() else _unusual()


def _unusual() -> NoReturn:
    raise Unfit("unusual", "", "")
