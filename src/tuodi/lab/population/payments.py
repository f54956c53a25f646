"""What every payer before relief pays of a bill.

The city's sample insurance plan is computed by the compiled engine, with its thresholds, limits and accumulators over
the year; what no plan says, by simple rules of `assumptions.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tuodi.batch.block import INSURANCE_WORDS, SERVICE_WORDS
from tuodi.batch.kernel import computed_layers
from tuodi.batch.layout import MISSING
from tuodi.batch.settle import BlockSettler
from tuodi.lab.population.care import SERVICE_OF, STAYS, Kind
from tuodi.lab.population.chance import Chance, Flags, Ints, Purpose
from tuodi.lab.population.columns import Columns, block_of
from tuodi.lab.population.items import Shelf
from tuodi.lab.population.running import running
from tuodi.lab.population.settings import Given, Range
from tuodi.language.model import Policy, Refuse

_RESIDENT, _EMPLOYEE, _NONE = (INSURANCE_WORDS.index(word) for word in ("resident", "employee", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the city's policy makes of a block, by event, in fen; `refused`: the index of the refusing rule, or -1."""

    relief: Ints
    personal: Ints
    refused: Ints


class Payers:
    """Pays the bills of a city. `insured` computes the plan's layers, `relieved` the policy on what was paid."""

    def __init__(self, insured: BlockSettler, relieved: BlockSettler, shelf: Shelf) -> None:
        self._insured, self._relieved, self._shelf = insured, relieved, shelf
        self._layers = computed_layers(insured.bound.program)
        assert insured.bound.plan is not None, "payments are computed under a plan"
        self._says = {layer: _services_of(insured.bound.plan, layer) for layer in self._layers}

    def paid(self, columns: Columns) -> tuple[Columns, Answer]:
        """The columns with all five payers and the catalogue items, and what the policy then answers."""
        columns = self._insurance(columns)
        columns = self._others(columns)
        columns = columns.with_items(self._shelf.items(columns))
        settled = self._relieved.settle(block_of(columns, self._relieved.bound))
        assert not settled.results.stuck.any(), "a population lacks nothing that its policy asks for"
        results = settled.results
        return columns, Answer(relief=results.relief, personal=results.personal, refused=results.refusal)

    # ---- insurance ----

    def _insurance(self, columns: Columns) -> Columns:
        given = columns.scene.assumed.given
        plain = _by_rule(columns, given)
        asked = {"basic": self._asked(columns, "basic", plain)}
        asked["critical_illness"] = self._asked(columns, "critical_illness", np.zeros_like(plain))
        results = self._insured.settle(block_of(columns.with_payers(asked), self._insured.bound)).results
        assert not results.stuck.any(), "a population lacks nothing that its plan asks for"
        paid = {}
        for name, column in asked.items():
            computed = results.layer_paid[self._layers.index(name)] if name in self._layers else column
            paid[name] = np.where(column == MISSING, computed, column)
        if "critical_illness" not in self._layers:
            paid["critical_illness"] = _critical_illness(columns, paid["basic"], given)
        return columns.with_payers(paid | {"supplementary": _second(columns, paid["basic"], given)})

    def _asked(self, columns: Columns, layer: str, plain: Ints) -> Ints:
        """MISSING where the plan computes, else what is given."""
        if layer not in self._layers:
            return plain
        told = self._says[layer][SERVICE_OF[columns.care.kind]]
        return np.where(told & (columns.insurance == _RESIDENT) & columns.designated, MISSING, plain)

    # ---- others ----

    def _others(self, columns: Columns) -> Columns:
        rule, care = columns.scene.assumed.others, columns.care
        draws = columns.scene.seed.stream(Purpose.PAYERS, columns.scene.block)
        stays = care.is_(*STAYS)
        left = columns.unpaid()
        commercial = _part(draws, stays, rule.commercial, rule.commercial_part, left)
        others = stays | care.is_(Kind.SERIOUS_CLAIM, Kind.VISIT)
        other = _part(draws, others, rule.other_relief, rule.other_relief_part, left - commercial)
        return columns.with_payers({"commercial": commercial, "other_relief": other})


# ---- by rule ---------------------------------------------------------------------------------------------------------


def _by_rule(columns: Columns, given: Given) -> Ints:
    """What basic insurance pays where no plan says it: nothing outside designated institutions and to the uninsured."""
    kind, fees = columns.care.kind, columns.bills.in_policy
    level = columns.bills.facility.level - 1
    above = np.where(columns.care.is_(Kind.CLAIM, Kind.SERIOUS_CLAIM), 0, np.array(given.employee_above)[level] * 100)
    paid = _share(np.maximum(fees - above, 0), np.array(given.employee_rate)[level])
    paid = np.where(columns.insurance == _EMPLOYEE, paid, 0)
    flat: Mapping[Kind, Ints] = {
        Kind.VISIT: np.minimum(_share(fees, given.visit_rate), given.visit_most * 100),
        Kind.BIRTH: np.minimum(fees, given.birth * 100),
        Kind.REHABILITATION: _share(fees, given.rehabilitation_rate),
    }
    for of_kind, column in flat.items():
        paid = np.where(kind == of_kind, column, paid)
    return np.where(columns.designated & (columns.insurance != _NONE), paid, 0)


def _critical_illness(columns: Columns, basic: Ints, given: Given) -> Ints:
    """Of residents, above a sum of the year's burdens; where the plan has no such layer."""
    covered = (columns.insurance == _RESIDENT) & columns.designated & ~columns.care.is_(Kind.VISIT)
    burden = np.where(covered, columns.bills.in_policy - basic, 0)
    return _above(columns, burden, given.critical_illness_above, given.critical_illness_rate)


def _second(columns: Columns, basic: Ints, given: Given) -> Ints:
    """The supplementary insurance of employees, above a sum of the year's burdens."""
    covered = (columns.insurance == _EMPLOYEE) & columns.designated & ~columns.care.is_(Kind.VISIT)
    burden = np.where(covered, columns.bills.in_policy - basic, 0)
    return _above(columns, burden, given.employee_second_above, given.employee_second_rate)


def _above(columns: Columns, burden: Ints, yuan: int, rate: int) -> Ints:
    after = running(columns.care.person, burden)
    over = np.maximum(after - yuan * 100, 0) - np.maximum(after - burden - yuan * 100, 0)
    return _share(over, rate)


def _part(draws: Chance, eligible: Flags, chance: int, part: Range, left: Ints) -> Ints:
    pays = eligible & (draws.below(1000, len(left)) < chance)
    share = draws.between(*part, len(left))
    return np.where(pays, _share(left, share), 0)


def _share(amount: Ints, per_mille: int | Ints) -> Ints:
    """Half up to the fen."""
    return (amount * per_mille + 500) // 1000


def _services_of(plan: Policy, layer: str) -> Flags:
    """By service: whether the plan's layer says what it pays of it."""
    benefits = [one for one in plan.benefits if one.layer == layer and not isinstance(one.pay, Refuse)]
    services = {service for benefit in benefits for service in benefit.services}
    return np.array([word in services for word in SERVICE_WORDS])
