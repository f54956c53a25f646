"""Households and the persons in them: who lives with whom, how old, in which county.

A block is a fixed number of persons in whole households; the same block is the same persons in any population of the
same city and seed that is large enough to have it whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tuodi.lab.population.chance import Chance, Flags, Ints, Purpose, Seed, Weights
from tuodi.lab.population.settings import Assumptions, City, HouseholdKind

BLOCK = 1 << 14
"""Persons of a block."""

ROLES = ("head", "spouse", "child", "parent", "grandchild")

YEAR = 365
CHILD, ELDER = 18 * YEAR + 5, 60 * YEAR + 15
"""Ages in days, with the leap days."""

_OLDEST = 98 * YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """By person of a block. `head`: the place of the household's head; `kind`: of the household; `age` in days on the
    year's first day, by which all are born; `birth` an ordinal."""

    first: int
    head: Ints
    kind: Ints
    role: Ints
    male: Flags
    age: Ints
    birth: Ints
    county: Ints

    @property
    def size(self) -> int:
        """How many."""
        return len(self.head)

    @property
    def is_child(self) -> Flags:
        """Below 18 on the year's first day."""
        return self.age < CHILD

    @property
    def is_elder(self) -> Flags:
        """60 or older on the year's first day."""
        return self.age >= ELDER


class Census:
    """Makes persons block by block."""

    def __init__(self, city: City, assumed: Assumptions) -> None:
        self.city = city
        self.kinds = assumed.households
        self.new_year = date(city.year, 1, 1).toordinal()
        self._weights = Weights(kind.weight for kind in self.kinds)
        self._counties = Weights(county.share for county in city.counties)
        self._roles = _role_table(self.kinds)
        self._sizes = np.array([len(kind.roles) for kind in self.kinds])
        self._youngest = np.array([kind.ages[0] * YEAR for kind in self.kinds])
        self._oldest = np.array([kind.ages[1] * YEAR for kind in self.kinds])

    def persons(self, seed: Seed, block: int, size: int) -> Persons:
        """The block's first persons, `size` of them; the last household may be cut short."""
        household = self._households(seed.stream(Purpose.HOUSEHOLDS, block))
        draws = seed.stream(Purpose.PERSONS, block)
        sizes = self._sizes[household.kind]
        owner = np.repeat(np.arange(len(sizes)), sizes)[:BLOCK]
        head = (np.cumsum(sizes) - sizes)[owner]
        role = self._roles[household.kind[owner], np.arange(BLOCK) - head]
        age = self._ages(draws, role, household.age[owner])
        male = _males(draws, role, household.male[owner], np.arange(BLOCK) - head)
        return Persons(
            first=block * BLOCK,
            head=head[:size],
            kind=household.kind[owner][:size],
            role=role[:size],
            male=male[:size],
            age=age[:size],
            birth=self.new_year - age[:size],
            county=household.county[owner][:size],
        )

    def _households(self, draws: Chance) -> _Households:
        """As many as a block can hold: one for each person."""
        kind = draws.picks(self._weights, BLOCK)
        return _Households(
            kind=kind,
            age=draws.between(self._youngest[kind], self._oldest[kind] + YEAR - 1, BLOCK),
            male=draws.hits(600_000, BLOCK),
            county=draws.picks(self._counties, BLOCK),
        )

    @staticmethod
    def _ages(draws: Chance, role: Ints, of_head: Ints) -> Ints:
        """In days on the year's first day; at least one."""
        nearly = of_head + draws.between(-4 * YEAR, 3 * YEAR, BLOCK)
        younger = of_head - draws.between(21 * YEAR, 34 * YEAR, BLOCK)
        baby = draws.between(1, 3 * YEAR, BLOCK)
        grown = draws.between(17 * YEAR, 24 * YEAR, BLOCK)
        child = np.where(younger < 1, baby, np.where(younger > 26 * YEAR, grown, younger))
        older = np.minimum(of_head + draws.between(21 * YEAR, 32 * YEAR, BLOCK), _OLDEST)
        grandchild = draws.between(2 * YEAR, 17 * YEAR, BLOCK)
        adult = np.maximum(nearly, 20 * YEAR)
        return np.choose(role, [of_head, adult, child, older, grandchild]).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Households:
    kind: Ints
    age: Ints
    male: Flags
    county: Ints


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _role_table(kinds: Sequence[HouseholdKind]) -> Ints:
    """By kind and place in the household."""
    table = np.zeros((len(kinds), max(len(kind.roles) for kind in kinds)), np.int64)
    for row, kind in enumerate(kinds):
        table[row, : len(kind.roles)] = [ROLES.index(role) for role in kind.roles]
    return table


def _males(draws: Chance, role: Ints, of_head: Flags, place: Ints) -> Flags:
    """Spouses differ from heads, the second parent from the first."""
    own = draws.hits(np.where(role == ROLES.index("parent"), 380_000, 515_000), BLOCK)
    second = (role == ROLES.index("parent")) & (np.roll(role, 1) == ROLES.index("parent")) & (place > 1)
    male = np.where(role == ROLES.index("head"), of_head, np.where(role == ROLES.index("spouse"), ~of_head, own))
    return np.where(second, ~np.roll(male, 1), male)
