"""Catalogue items on bills: which drug, device or food, and what the person still bears of it after all payers."""

from __future__ import annotations

import numpy as np

from tuodi.batch.layout import MISSING
from tuodi.lab.population.care import STAYS, Kind
from tuodi.lab.population.chance import Chance, Ints, Purpose
from tuodi.lab.population.columns import Columns, Items
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.settings import Assumptions
from tuodi.language.model import ParameterType, Policy

_UNKNOWN = "进口营养制剂"
"""An item that no catalogue has."""


class Shelf:
    """The items of all catalogues as bills write them."""

    def __init__(self, illness: Illness, assumed: Assumptions) -> None:
        self._rule = assumed.items
        self._offered = illness.offered
        written = [(entry.item, *entry.aliases) for entry in illness.offered.items]
        self._names = tuple(dict.fromkeys([name for several in written for name in several] + [_UNKNOWN]))
        self._item = np.array([self._names.index(names[0]) for names in written] + [0])
        self._alias = np.array([self._names.index(names[-1]) for names in written] + [0])

    def items(self, columns: Columns) -> Items:
        """The items of the events, by what the payers left."""
        size = columns.care.size
        draws = columns.scene.seed.stream(Purpose.ITEMS, columns.scene.block)
        number = self._numbers(draws, columns)
        items_of = np.concatenate([[0], np.cumsum(number)])
        event = np.repeat(np.arange(size), number)
        second = np.arange(len(event)) - items_of[event]
        return Items(
            items_of=items_of,
            item=self._which(draws, columns.naming.name[event], second),
            personal=self._burdens(draws, columns.unpaid()[event], second, len(event)),
            reviewed=(draws.below(1000, len(event)) < self._rule.reviewed).astype(np.int64),
            names=self._names,
        )

    def _numbers(self, draws: Chance, columns: Columns) -> Ints:
        care, rule = columns.care, self._rule
        listed = self._offered.number[columns.naming.name] > 0
        listed &= columns.naming.name != MISSING
        share = np.where(care.is_(*STAYS), rule.stays, np.where(care.is_(Kind.SERIOUS_CLAIM), rule.claims, 0))
        one = listed & (draws.below(1000, care.size) < share) & (columns.unpaid() >= 2)
        two = one & (draws.below(1000, care.size) < rule.second)
        return one.astype(np.int64) + two

    def _which(self, draws: Chance, name: Ints, second: Ints) -> Ints:
        """One of the disease's items, then the next; now and then by an alias, or one that no catalogue has."""
        number = self._offered.number[name]
        entry = self._offered.first[name] + (draws.below(number, len(name)) + second) % np.maximum(number, 1)
        alias = draws.below(1000, len(name)) < self._rule.alias
        unknown = draws.below(1000, len(name)) < self._rule.unknown
        named = np.where(alias, self._alias[entry], self._item[entry])
        return np.where(unknown, len(self._names) - 1, named)

    def _burdens(self, draws: Chance, unpaid: Ints, second: Ints, size: int) -> Ints:
        """Together never more than is unpaid: the second item takes a tenth of what the first took."""
        low, high = self._rule.part
        part = unpaid * draws.between(low, high, size) // 1000
        return np.where(second == 0, part, part // 10)


def item_limits(policy: Policy, assumed: Assumptions) -> dict[str, dict[str, str]]:
    """The parameters of the policy that are tables by item: a limit for each, by the kind of the item."""
    rule = assumed.items
    by_kind = {"drug": rule.drug_limit, "device": rule.device_limit, "food": rule.food_limit}
    tables = {}
    for hole in policy.parameters.values():
        if hole.type is ParameterType.MONEY_BY_ITEM and hole.catalogue is not None:
            entries = policy.catalogues[hole.catalogue].entries
            tables[hole.id] = {entry.item: f"{by_kind[entry.kind]}.00" for entry in entries}
    return tables
