"""Whether a hospital admits somebody without a deposit: the policy's procedure `deposit_waiver`, asked at admission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tuodi.core.citation import Citation
from tuodi.engine.case import read_case
from tuodi.language.model import AllOf, AnyOf, ClassIn, Is, Not, Procedure, ServiceIn, StatusIn, Test
from tuodi.platform.base.domain import Scope
from tuodi.platform.settlement.domain import Amounts, Bill, event_of
from tuodi.platform.settlement.engines import Ready
from tuodi.platform.settlement.settlement import grounds

PROCEDURE = "deposit_waiver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """The answer at admission. `citation` None: the policy has no such procedure, and `says` tells so."""

    granted: bool
    says: str
    citation: Citation | None


def at_admission(*, scope: Scope, person: int, institution: str, service: str, on: date) -> Waiver:
    """Whether the person pays no deposit for a stay that begins on the day. Commits nothing.

    Raises Faults: `person-unknown`, `institution-unknown`, `no-policy`.
    """
    bill = Bill(
        person=person, key="admission", service=service, date=on, amounts=Amounts(0, 0), institution=institution
    )
    ready, who, facility = grounds(scope=scope, bill=bill, on=on)
    return waiver_of(ready, who, event_of(bill, sender=institution, facility=facility))


def waiver_of(ready: Ready, who: Mapping[str, Any], event: Mapping[str, Any]) -> Waiver:
    """The policy's answer for a person and an event as in the case format."""
    procedure = next((one for one in ready.policy.procedures if one.id == PROCEDURE), None)
    if procedure is None:
        return Waiver(granted=False, says="本地政策没有先诊疗后付费的规定，按医院规定收取押金", citation=None)
    granted = _Asked.of(ready, who, event).holds_for(procedure)
    does = "；".join(step.does for step in procedure.steps)
    return Waiver(
        granted=granted,
        says=f"{procedure.label}：{does}" if granted else f"不符合“{procedure.label}”的条件，按医院规定收取押金",
        citation=Citation(document=ready.policy.document.number, clause=procedure.clause),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is known of the admission: classes and statuses that hold on the day, the service, the facts."""

    classes: frozenset[str]
    statuses: frozenset[str]
    facts: Mapping[str, object]
    service: str

    @classmethod
    def of(cls, ready: Ready, who: Mapping[str, Any], event: Mapping[str, Any]) -> _Asked:
        raw = {"policy": ready.policy.document.id, "person": who, "events": [event]}
        case = read_case(raw, ready.policy, None)
        engine, settled = ready.engine, case.events[0]
        word = engine.facts.situation(engine.person(case.person), settled).word
        bits = {bit.id.removeprefix("class:"): bit.mask for bit in engine.bound.program.bits if bit.id[:6] == "class:"}
        return cls(
            classes=frozenset(name for name, mask in bits.items() if word & mask),
            statuses=frozenset(
                one.status
                for one in case.person.statuses
                if one.start <= settled.day and (one.end is None or settled.day < one.end)
            ),
            facts={**case.person.facts, **settled.facts, "insurance": case.person.insurance},
            service=settled.service,
        )

    def holds_for(self, procedure: Procedure) -> bool:
        """Whether the procedure is for them; a condition that cannot be told at admission is not met."""
        member = not procedure.classes or bool(procedure.classes & self.classes)
        return member and (procedure.when is None or self.holds(procedure.when))

    def holds(self, test: Test) -> bool:
        """Whether the condition holds on the day."""
        match test:
            case AllOf(tests=tests):
                return all(self.holds(one) for one in tests)
            case AnyOf(tests=tests):
                return any(self.holds(one) for one in tests)
            case Not(test=inner):
                return not self.holds(inner)
            case ServiceIn(services=services):
                return self.service in services
            case StatusIn(statuses=statuses):
                return bool(statuses & self.statuses)
            case ClassIn(classes=classes):
                return bool(classes & self.classes)
            case Is(fact=fact, values=values):
                return self.facts.get(fact) in values
        return False
