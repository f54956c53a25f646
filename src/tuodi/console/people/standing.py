"""How somebody stands today: the class and why, and what of each of its limits is used.

Asked of the engine itself: a stay without any cost, today, at a hospital of the county, settled in mind. So it holds
for whatever policy the region has adopted, and nothing is kept.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.utils.safestring import SafeString

from tuodi.console.amounts import yuan_text
from tuodi.console.picture.shapes import Part, Tone, strip
from tuodi.console.policies.in_force import policy_on
from tuodi.core.finding import Faults
from tuodi.engine.answers import answers
from tuodi.engine.explain import explain
from tuodi.engine.settle import Settlement
from tuodi.engine.why import LimitWhy
from tuodi.language.model import AMOUNTS, ClassIn, PersonsIn
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.adjudging import settled
from tuodi.platform.settlement.selectors import counts


class Class(NamedTuple):
    """A class that holds, with the clause that makes it."""

    label: str
    clause: str


class Limit(NamedTuple):
    """A limit of the year; without an amount it is not limited."""

    label: str
    clause: str
    text: str
    picture: SafeString


class Standing(NamedTuple):
    """Somebody on a day, under the policy in force; `trouble` where it cannot be told, and why.

    `limits` None: the desk doesn't see what is used of them.
    """

    policy: int | None
    document: str
    classes: tuple[Class, ...]
    limits: tuple[Limit, ...] | None
    trouble: str = ""


def standing(person: int, region: str, day: date) -> Standing:
    """Within the scope that asks; a desk that may not see somebody's statuses is told no class."""
    with connection.cursor() as cursor:
        cursor.execute("select registry_case_person(%s, %s)", [person, day])
        (who,) = cursor.fetchone()
    policy = policy_on(region, day)
    if who is None or policy is None:
        return Standing(policy, "", (), (), "这个岗位看不到类别" if policy else f"{day} 没有施行的政策")
    ready = adopted.ready(policy)
    used = counts(person)
    try:
        mind = settled(ready, orjson.loads(who), _nothing(day), used or {})
    except Faults as faults:
        return Standing(policy, ready.policy.document.number, (), (), faults.findings[0].message)
    limits = None if used is None else tuple(_limits(mind))
    return Standing(policy, ready.policy.document.number, tuple(_classes(mind)), limits)


def _nothing(day: date) -> dict[str, Any]:
    facility = {"designated": True, "level": 3, "county": True, "region": True}
    amounts = dict.fromkeys(AMOUNTS, "0.00")
    return {"id": "standing", "date": day.isoformat(), "service": "inpatient", "facility": facility, "amounts": amounts}


def _classes(mind: Settlement) -> list[Class]:
    """Those that hold; where the first one settles alone, that one."""
    bound = mind.engine.bound
    holds = answers(bound).holds
    found = [
        Class(one.label, one.clause)
        for one in bound.policy.classes
        if holds(ClassIn(classes=frozenset({one.id})))(mind.outcome.word)
    ]
    return found[:1] if bound.policy.persons_in is PersonsIn.FIRST_CLASS else found


def _limits(mind: Settlement) -> list[Limit]:
    told = {limit.count_id: limit for line in explain(mind).lines for limit in line.limits}
    return [_limit(limit) for limit in told.values()]


def _limit(limit: LimitWhy) -> Limit:
    if limit.limit is None:
        text = f"不设限额，已用 {yuan_text(limit.used)}"
        return Limit(limit.label, limit.citation.clause, text, strip([Part(1, Tone.pale)], 1, text))
    left = max(limit.limit - limit.used, 0)
    text = f"已用 {yuan_text(limit.used)}，还剩 {yuan_text(left)}"
    tone = Tone.main if left else Tone.alarm
    bar = strip([Part(min(limit.used, limit.limit), tone), Part(left, Tone.ground)], limit.limit, text)
    return Limit(limit.label, limit.citation.clause, text, bar)
