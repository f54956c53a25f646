"""Which fields a case of one policy, and of an insurance plan, may have: the case format's and those of their facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tuodi.engine.kept import Kept
from tuodi.engine.record import FactValue
from tuodi.language.model import (
    BUILT_IN_FACTS,
    CASE_FACTS,
    PAYERS,
    Catalogue,
    Count,
    Fact,
    FactSource,
    FactType,
    Policy,
)

DERIVED = frozenset({"insurance", "age", "month"})
"""Facts that no field of their own carries: `person.insurance` is one of the format, the others follow from days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFields:
    """Facts by the place of their field; `defaults` of what a missing field means, None for "not given".

    `other_facts` are of the format and asked for by other policies: checked, and left out. `items` is whether a
    catalogue asks for items.
    `computed` are the amounts that may be null because the plan, or the policy, computes them, `uses` the counts in
    uses rather than fen.
    """

    policy: Policy
    plan: Policy | None
    person_facts: Mapping[str, Fact]
    facility_facts: Mapping[str, Fact]
    facility_flags: frozenset[str]
    event_facts: Mapping[str, Fact]
    item_facts: Mapping[str, Fact]
    other_facts: Mapping[str, Fact]
    other_item_facts: Mapping[str, Fact]
    person_defaults: Mapping[str, FactValue]
    event_defaults: Mapping[str, FactValue]
    items: bool
    computed: frozenset[str]
    counts: Mapping[str, Count]
    uses: frozenset[str]
    catalogues: tuple[Catalogue, ...]


def known_fields(policy: Policy, plan: Policy | None = None) -> CaseFields:
    """The fields of the policy's cases; made once for each policy and plan that are in use."""
    return _KNOWN.of((policy, plan), lambda: _fields(policy, plan))


def all_facts(policy: Policy, plan: Policy | None) -> dict[str, Fact]:
    """Every fact by name: of the case format, the plan and the policy."""
    return {**BUILT_IN_FACTS, **(plan.facts if plan else {}), **policy.facts}


# ---- helpers ---------------------------------------------------------------------------------------------------------

_KNOWN: Kept[CaseFields] = Kept()


def _fields(policy: Policy, plan: Policy | None) -> CaseFields:
    owners = [policy, plan] if plan else [policy]
    facts = [fact for fact in all_facts(policy, plan).values() if fact.id not in DERIVED]
    facility, event = _of(facts, FactSource.FACILITY), _of(facts, FactSource.EVENT, FactSource.ITEM)
    others = [fact for fact in CASE_FACTS.values() if fact.id not in {one.id for one in facts}]
    person = _of(facts, FactSource.PERSON)
    return CaseFields(
        policy=policy,
        plan=plan,
        person_facts=person,
        facility_facts=facility,
        facility_flags=frozenset(name for name, fact in facility.items() if fact.type is FactType.FLAG),
        event_facts=event,
        item_facts=_of(facts, FactSource.ITEM),
        other_facts=_of(others, FactSource.EVENT, FactSource.ITEM),
        other_item_facts=_of(others, FactSource.ITEM),
        person_defaults=_defaults(person),
        event_defaults={**_defaults(facility), **_defaults(event)},
        items=any(owner.catalogues for owner in owners),
        computed=frozenset(layer.id for owner in owners for layer in owner.layers if layer.id in PAYERS),
        counts={name: count for owner in owners for name, count in owner.counts.items()},
        uses=frozenset(benefit.once for owner in owners for benefit in owner.benefits if benefit.once),
        catalogues=tuple(catalogue for owner in owners for catalogue in owner.catalogues.values()),
    )


def _of(facts: Iterable[Fact], *sources: FactSource) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts if fact.source in sources}


def _defaults(facts: Mapping[str, Fact]) -> dict[str, FactValue]:
    return {name: fact.default if fact.has_default else None for name, fact in facts.items()}
