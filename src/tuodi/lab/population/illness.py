"""Which diseases a city's people have, and how its documents write them: certified names, aliases, codes, items.

The diseases are those of `conditions.csv`; where a list of the city's policy has a row with a code of the same branch,
bills carry the row's name or an alias of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from tuodi.batch.layout import MISSING
from tuodi.lab.population.chance import MILLION, Chance, Flags, Ints, Purpose, Seed
from tuodi.lab.population.people import Persons
from tuodi.lab.population.settings import Assumptions, Condition, Written
from tuodi.language.model import CatalogueEntry, Disease, DiseaseList, Policy

_GROUPS = ("child", "adult", "elder")
_SEXES = ("male", "female")


class Naming(NamedTuple):
    """How the events' diseases are written: places among the names and the codes, or MISSING."""

    name: Ints
    code: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Of each name: the catalogue items of its disease, from the place `first` among `items`, so many as `number`."""

    items: tuple[CatalogueEntry, ...]
    first: Ints
    number: Ints


class Illness:
    """The diseases of a city. `names` and `codes`: every text that a bill may carry; `listed`: by list and condition.

    Names are those of the city's policy; `listed` and `offered` know the lists and catalogues of the others too.
    """

    def __init__(
        self, conditions: Sequence[Condition], policy: Policy, assumed: Assumptions, others: Iterable[Policy] = ()
    ) -> None:
        self.conditions = conditions
        self.stays = _column(conditions, "stays")
        self.factor = _column(conditions, "factor")
        self.claims = _column(conditions, "claims")
        self.claim = _column(conditions, "claim")
        self._written = assumed.written
        self._need = assumed.in_need_factor
        self._thresholds = {(group, sex): _thresholds(conditions, group, sex) for group in _GROUPS for sex in _SEXES}
        rows = [list(_rows_for(condition, policy)) for condition in conditions]
        self.codes = (*(condition.code for condition in conditions), *assumed.ordinary_codes)
        self._ordinary = len(assumed.ordinary_codes)
        spelt, self._tables = _name_tables(conditions, rows)
        self.names = tuple(dict.fromkeys(spelt))
        self._spelt = np.array([self.names.index(name) for name in spelt], np.int64)
        self.offered = _offered(self.names, [*others, policy])
        self.listed = {
            name: _in_list(conditions, one) for several in (*others, policy) for name, one in several.lists.items()
        }

    def marked(self, mark: str) -> Flags:
        """By condition: whether it is so marked."""
        return np.array([condition.mark == mark for condition in self.conditions])

    def of_persons(self, seed: Seed, block: int, persons: Persons, in_need: Flags) -> Ints:
        """The place of each person's disease, or MISSING; those in need are ill more often."""
        words = seed.stream(Purpose.CONDITIONS, block).words(persons.size)
        words = np.where(in_need, words * 1000 // self._need, words)
        found = np.full(persons.size, MISSING)
        ages = (persons.is_child, ~persons.is_child & ~persons.is_elder, persons.is_elder)
        for group, of_age in zip(_GROUPS, ages, strict=True):
            for sex, of_sex in zip(_SEXES, (persons.male, ~persons.male), strict=True):
                rows = np.flatnonzero(of_age & of_sex)
                place = np.searchsorted(self._thresholds[group, sex], words[rows], side="right")
                found[rows] = np.where(place < len(self.conditions), place, MISSING)
        return found

    def naming(self, draws: Chance, condition: Ints, child: Flags) -> Naming:
        """How each event's disease is written; one without a disease of the table has an ordinary code or nothing."""
        size = len(condition)
        way, alias, which, nothing = (draws.below(1000, size) for _ in range(4))
        ill = condition != MISSING
        wrote: Written = self._written
        named = ill & ((way < wrote.name_only) | (way >= wrote.name_only + wrote.code_only))
        table = np.where(alias < wrote.alias, 1, 0) + np.where(child, 2, 0)
        first, number = self._tables
        place = (table, np.where(ill, condition, 0))
        name = np.where(named, self._spelt[first[place] + which * number[place] // 1000], MISSING)
        ordinary = np.where(nothing < wrote.nothing, MISSING, len(self.conditions) + way * self._ordinary // 1000)
        code = np.where(ill, np.where(way >= wrote.name_only, condition, MISSING), ordinary)
        return Naming(name, code)


# ---- rows of the policy ----------------------------------------------------------------------------------------------


def _rows_for(condition: Condition, policy: Policy) -> Iterator[Disease]:
    """The three rows of the policy's lists that say the disease most closely."""
    rows = {row.name: row for one in policy.lists.values() for row in one.diseases}
    near = [(-_closeness(condition.icd, row), len(row.icd10), row.name) for row in rows.values()]
    for closeness, _, name in sorted(near)[:3]:
        if closeness:
            yield rows[name]


def _in_list(conditions: Iterable[Condition], one: DiseaseList) -> Flags:
    """By condition: whether a row of the list has a code of its branch."""
    return np.array([any(_closeness(condition.icd, row) for row in one.diseases) for condition in conditions])


def _closeness(icd: str, row: Disease) -> int:
    branches = icd.split()
    return max((len(code) for code in row.icd10 for icd in branches if _same_branch(icd, code)), default=0)


def _same_branch(icd: str, code: str) -> bool:
    return icd.startswith(code) or code.startswith(icd)


def _name_tables(
    conditions: Sequence[Condition], rows: Sequence[Sequence[Disease]]
) -> tuple[tuple[str, ...], tuple[Ints, Ints]]:
    """Names, and where each condition's begin and how many: for adults and children, certified names and aliases."""
    names: list[str] = []
    first, number = (np.zeros((4, len(conditions)), np.int64) for _ in range(2))
    for child in (False, True):
        for place, (condition, found) in enumerate(zip(conditions, rows, strict=True)):
            fitting = [row for row in found if child or row.needs_below_age is None]
            certified = [row.name for row in fitting] or [condition.name]
            aliases = [alias for row in fitting for alias in row.aliases] or certified
            for table, several in ((2 * child, certified), (2 * child + 1, aliases)):
                first[table, place], number[table, place] = len(names), len(several)
                names += several
    return tuple(names), (first, number)


def _offered(names: Sequence[str], policies: Iterable[Policy]) -> Offered:
    entries = _entries(policies)
    found = [entries.get(name, []) for name in names]
    number = [len(several) for several in found]
    return Offered(
        items=tuple(entry for several in found for entry in several),
        first=np.array([0, *accumulate(number)], np.int64),
        number=np.array([*number, 0], np.int64),
    )


def _entries(policies: Iterable[Policy]) -> dict[str, list[CatalogueEntry]]:
    """The catalogues' entries by each way in which their disease is written."""
    entries: dict[str, list[CatalogueEntry]] = {}
    for policy in policies:
        for catalogue in policy.catalogues.values():
            for row in policy.lists[catalogue.diseases].diseases:
                of_row = [entry for entry in catalogue.entries if entry.disease == row.name]
                for text in (row.name, *row.aliases):
                    entries.setdefault(text, []).extend(of_row)
    return entries


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _column(conditions: Iterable[Condition], name: str) -> Ints:
    return np.array([getattr(condition, name) for condition in conditions], np.int64)


def _thresholds(conditions: Iterable[Condition], group: str, sex: str) -> Ints:
    """A disease of one sex only is twice as frequent there as among all."""
    shares = [
        getattr(condition, group) * (0 if condition.sex not in ("", sex) else 2 if condition.sex else 1)
        for condition in conditions
    ]
    return (np.cumsum(np.array(shares, np.int64)) << 32) // MILLION
