"""The events of a block with everything on them, as columns, and as a block that the compiled engine settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tuodi.batch.block import Block, Events, Persons, Texts, fact_kind, no_items, no_openings
from tuodi.batch.block import Items as BlockItems
from tuodi.batch.layout import MISSING
from tuodi.engine.bind import Bound
from tuodi.engine.case_fields import known_fields
from tuodi.lab.population.asked import Scene
from tuodi.lab.population.bills import Bills
from tuodi.lab.population.care import SERVICE_OF, Care
from tuodi.lab.population.chance import Flags, Ints
from tuodi.lab.population.illness import Naming
from tuodi.language.model import PAYERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Catalogue items: offsets by event, places among the city's names of items, what the person bears, review."""

    items_of: Ints
    item: Ints
    personal: Ints
    reviewed: Ints
    names: tuple[str, ...]

    @classmethod
    def none(cls, events: int) -> Items:
        """Of events that name none."""
        nothing = np.empty(0, np.int64)
        return cls(items_of=np.zeros(events + 1, np.int64), item=nothing, personal=nothing, reviewed=nothing, names=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """`insurance`: by event, of its person. `payers`: by name, in fen; one that is not known yet is absent."""

    scene: Scene
    insurance: Ints
    naming: Naming
    facts: Mapping[str, Ints]
    payers: Mapping[str, Ints]
    items: Items

    @property
    def care(self) -> Care:
        """Whose, what for, when."""
        return self.scene.year.care

    @property
    def bills(self) -> Bills:
        """Where and how much."""
        return self.scene.year.bills

    @property
    def designated(self) -> Flags:
        """Whether the institution has an agreement."""
        return self.bills.facility.designated.astype(np.bool_)

    def payer(self, name: str) -> Ints:
        """What the payer pays; nothing where it is not known yet."""
        found = self.payers.get(name)
        return np.zeros(self.care.size, np.int64) if found is None else found

    def unpaid(self) -> Ints:
        """What all payers together leave of each bill."""
        left = self.bills.total
        for name in PAYERS:
            left = left - self.payer(name)
        return left

    def with_payers(self, payers: Mapping[str, Ints]) -> Columns:
        """These, with more payers."""
        return replace(self, payers={**self.payers, **payers})

    def with_items(self, items: Items) -> Columns:
        """These, with the items."""
        return replace(self, items=items)


def block_of(columns: Columns, bound: Bound) -> Block:
    """The columns as the bound policy reads them. Persons without an event are in it too."""
    persons, care = columns.scene.people.persons, columns.care
    amounts = (columns.bills.total, columns.bills.in_policy, *(columns.payer(name) for name in PAYERS))
    return Block(
        persons=_persons(columns),
        events_of=np.searchsorted(care.person, np.arange(persons.size + 1)),
        events=Events(
            ids=np.arange(care.size),
            day=care.day.astype(np.int32),
            service=SERVICE_OF[care.kind].astype(np.int8),
            facts=_facts(columns, bound),
            disease=Texts(place=columns.naming.name.astype(np.int32), texts=columns.scene.illness.names),
            codes_of=np.concatenate([[0], np.cumsum(columns.naming.code != MISSING)]),
            codes=Texts(
                place=columns.naming.code[columns.naming.code != MISSING].astype(np.int32),
                texts=columns.scene.illness.codes,
            ),
            amounts=amounts,
        ),
        items=_items(columns, bound),
        openings=no_openings(persons.size),
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _persons(columns: Columns) -> Persons:
    people, periods = columns.scene.people, columns.scene.periods
    size = people.persons.size
    return Persons(
        ids=np.arange(size),
        insurance=people.register.insurance.astype(np.int8),
        birth=as_numbers(people.persons.birth).astype(np.int32),
        facts={},
        statuses_of=np.searchsorted(periods.owner, np.arange(size + 1)),
        status=periods.status.astype(np.int8),
        start=periods.start,
        end=periods.end,
        applied=periods.applied,
    )


def _facts(columns: Columns, bound: Bound) -> dict[str, Ints]:
    known = known_fields(bound.policy, bound.plan)
    return {name: columns.facts[name] for name in (*known.facility_facts, *known.event_facts)}


def _items(columns: Columns, bound: Bound) -> BlockItems:
    if not bound.policy.catalogues:
        return no_items(columns.care.size)
    items, known = columns.items, known_fields(bound.policy, bound.plan).item_facts
    facts = {name: np.full(len(items.item), MISSING, fact_kind(fact)) for name, fact in known.items()}
    if "expert_review" in known:
        facts["expert_review"] = items.reviewed.astype(np.int8)
    return BlockItems(
        items_of=items.items_of,
        item=Texts(place=items.item.astype(np.int32), texts=items.names),
        burden=items.personal,
        facts=facts,
    )


def as_numbers(days: Ints) -> Ints:
    """Ordinals as 19500101."""
    dates = (days - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month = months.astype(np.int64) + 1970 * 12
    numbers: Ints = month // 12 * 10000 + (month % 12 + 1) * 100 + (dates - months).astype(np.int64) + 1
    return numbers


_EPOCH = 719_163  # the ordinal of 1970-01-01
