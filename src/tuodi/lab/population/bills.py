"""Where care is given and what it costs: the institution, the bill, the part of it inside the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tuodi.batch.layout import MISSING
from tuodi.lab.population.care import STAYS, Care, Kind, Needs
from tuodi.lab.population.chance import MILLION, Chance, Flags, Ints, Purpose, Quantiles, Seed, Weights, bell, lognormal
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.running import running
from tuodi.lab.population.settings import Assumptions, ByLevel, City, targets_of

LARGEST_BILL = 300_000_000
"""Three million yuan, in fen: nothing larger is made."""

_LEAST_BILL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """By event: of the institution."""

    level: Ints
    designated: Flags
    county: Flags
    region: Flags
    psychiatric: Flags
    single_disease: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """By event, in fen. `number`: the how-many-eth stay of the year, or MISSING; `bed_days` of psychiatric stays."""

    facility: Facility
    total: Ints
    in_policy: Ints
    number: Ints
    bed_days: Ints


class Pricing:
    """Prices care as the city's targets say."""

    def __init__(self, city: City, assumed: Assumptions, illness: Illness, needs: Needs) -> None:
        self._assumed, self._illness, self._needs = assumed, illness, needs
        wanted = {(target.measure, target.of): target.value for target in targets_of(city)}
        first, second, third = (int(wanted["mean_bill", str(level)] * 100) for level in (1, 2, 3))
        self._mean: ByLevel = first, second, third
        self._stay_tables = [lognormal(spread) for spread in assumed.stays.bill_spread]
        self._levels = _level_weights(assumed, needs)
        self._in_policy = _in_policy_tables(assumed, self._mean, int(wanted["in_policy_share", "all"] * MILLION))
        self._tables = _other_tables(assumed)

    def bills(self, seed: Seed, block: int, care: Care) -> Bills:
        """The bills of the block's care."""
        draws = seed.stream(Purpose.BILLS, block)
        facility = self._facility(draws, care)
        days = draws.between(*self._assumed.psychiatric.days, care.size)
        days = np.where(care.is_(Kind.PSYCHIATRIC_STAY), days, MISSING)
        total = self._totals(draws.words(care.size), care, facility.level, days)
        share = self._shares(draws.words(care.size), care, facility.level)
        return Bills(
            facility=facility,
            total=total,
            in_policy=total * share // MILLION,
            number=_stay_numbers(care),
            bed_days=days,
        )

    def usual(self, condition: Ints) -> Ints:
        """What a stay for the disease costs on average in a hospital of level 3, in fen."""
        scale = self._needs.bill_scale[2]
        return self._mean[2] * scale // MILLION * self._illness.factor[condition] // 1000

    def usual_claim(self, condition: Ints) -> Ints:
        """What a claim for the disease comes to on average, in fen."""
        return self._illness.claim[condition] * 100

    # ---- where ----

    def _facility(self, draws: Chance, care: Care) -> Facility:
        words = draws.words(care.size)
        level = np.ones(care.size, np.int64)
        for kind, weights in self._levels.items():
            rows = care.kind == kind
            level[rows] = 1 + weights.at(words[rows])
        stays, psychiatric = self._assumed.stays, self._assumed.psychiatric
        county = draws.below(1000, care.size) < np.array(stays.county)[level - 1]
        region = draws.below(1000, care.size) < np.array(stays.region)[level - 1]
        general = draws.below(1000, care.size) < psychiatric.not_psychiatric
        return Facility(
            level=level,
            designated=draws.below(1000, care.size) >= stays.not_designated,
            county=county,
            region=county | region,
            psychiatric=care.is_(Kind.PSYCHIATRIC_STAY) & ~general,
            single_disease=draws.below(1000, care.size) >= stays.not_single_disease,
        )

    # ---- how much ----

    def _totals(self, words: Ints, care: Care, level: Ints, days: Ints) -> Ints:
        total = np.zeros(care.size, np.int64)
        factor = np.where(care.kind == Kind.SERIOUS_STAY, self._illness.factor[care.condition], 1000)
        for place in range(3):
            rows = care.is_(*STAYS) & (level == place + 1)
            mean = self._mean[place] * self._needs.bill_scale[place] // MILLION
            total[rows] = self._stay_tables[place].at(words[rows]) * mean // MILLION * factor[rows] // 1000
        for kind, table in self._tables.items():
            rows = care.kind == kind
            total[rows] = table.at(words[rows]) * self._means(kind, care.condition[rows], days[rows]) // MILLION
        return np.clip(total, _LEAST_BILL, LARGEST_BILL)

    def _means(self, kind: Kind, condition: Ints, days: Ints) -> Ints | int:
        assumed = self._assumed
        match kind:
            case Kind.PSYCHIATRIC_STAY:
                return days * assumed.psychiatric.a_day * 100
            case Kind.SERIOUS_CLAIM:
                return self.usual_claim(condition)
            case Kind.CLAIM:
                return assumed.chronic.mean * 100
            case Kind.VISIT:
                return assumed.visits.mean * 100
            case Kind.BIRTH:
                return assumed.births.mean * 100
            case _:
                return assumed.rehabilitation.mean * 100

    def _shares(self, words: Ints, care: Care, level: Ints) -> Ints:
        """The part inside the catalogues, per million."""
        share = np.zeros(care.size, np.int64)
        for place in range(3):
            rows = care.is_(*STAYS) & (level == place + 1)
            share[rows] = self._in_policy[place].at(words[rows])
        assumed = self._assumed
        others = {
            Kind.PSYCHIATRIC_STAY: assumed.psychiatric.in_policy,
            Kind.CLAIM: assumed.chronic.in_policy,
            Kind.SERIOUS_CLAIM: assumed.chronic.in_policy,
            Kind.VISIT: assumed.visits.in_policy,
            Kind.BIRTH: assumed.births.in_policy,
            Kind.REHABILITATION: assumed.rehabilitation.in_policy,
        }
        for kind, mean in others.items():
            rows = care.kind == kind
            least = 2 * mean * 1000 - MILLION  # as far below the mean as the whole bill is above it
            share[rows] = least + (MILLION - least) * (words[rows] >> 12) // (1 << 20)
        return share


# ---- tables ----------------------------------------------------------------------------------------------------------


def _level_weights(assumed: Assumptions, needs: Needs) -> Mapping[Kind, Weights]:
    serious = assumed.stays.serious_level_mix
    return {
        Kind.STAY: Weights(needs.level_mix),
        Kind.SERIOUS_STAY: Weights(serious),
        Kind.PSYCHIATRIC_STAY: Weights((250, 550, 200)),
        Kind.CLAIM: Weights(assumed.chronic.level_mix),
        Kind.SERIOUS_CLAIM: Weights(serious),
        Kind.VISIT: Weights(assumed.visits.level_mix),
        Kind.BIRTH: Weights(assumed.stays.level_mix),
        Kind.REHABILITATION: Weights(assumed.stays.level_mix),
    }


def _other_tables(assumed: Assumptions) -> Mapping[Kind, Quantiles]:
    return {
        Kind.PSYCHIATRIC_STAY: lognormal(assumed.psychiatric.spread),
        Kind.CLAIM: lognormal(assumed.chronic.spread),
        Kind.SERIOUS_CLAIM: lognormal(assumed.chronic.spread),
        Kind.VISIT: lognormal(assumed.visits.spread),
        Kind.BIRTH: lognormal(assumed.births.spread),
        Kind.REHABILITATION: lognormal(assumed.rehabilitation.spread),
    }


def _in_policy_tables(assumed: Assumptions, means: ByLevel, wanted: int) -> tuple[Quantiles, ...]:
    """Shares by level, per million, moved so that the share of all bills together is the wanted one."""
    stays = assumed.stays
    spread = stays.in_policy_spread * 1000
    plain = [bell(mean * 1000, spread, 300_000, MILLION) for mean in stays.in_policy]
    weights = [mix * mean for mix, mean in zip(stays.level_mix, means, strict=True)]
    made = sum(weight * table.mean for weight, table in zip(weights, plain, strict=True)) // sum(weights)
    return tuple(bell(mean * 1000 + wanted - made, spread, 300_000, MILLION) for mean in stays.in_policy)


def _stay_numbers(care: Care) -> Ints:
    """1, 2, 3 for each person's stays of the year."""
    stay = care.is_(*STAYS, Kind.PSYCHIATRIC_STAY)
    return np.where(stay, running(care.person, stay.astype(np.int64)), MISSING)
