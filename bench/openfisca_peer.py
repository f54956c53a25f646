"""OpenFisca-core computing the same two Liaocheng lines for one person, month by month, with its tracer on."""

from __future__ import annotations

import numpy as np
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Person = build_entity(key="person", plural="persons", label="person", is_person=True)


class burden(Variable):  # noqa: N801
    """The month's burden, an input."""

    value_type = float
    entity = Person
    definition_period = periods.DateUnit.MONTH


def _chained(name: str, formula) -> type[Variable]:
    return type(
        name,
        (Variable,),
        {"value_type": float, "entity": Person, "definition_period": periods.DateUnit.MONTH, "formula": formula},
    )


def _to_date(line: str):
    def formula(person, period):
        if period.start.month == 1:
            return person(line, period)
        return person(f"{line}_to_date", period.last_month) + person(line, period)

    return formula


def _before(person, line: str, period):
    return person(f"{line}_to_date", period.last_month) if period.start.month > 1 else 0 * person("burden", period)


def _relief(person, period):
    due = person("burden", period) * 0.7
    room = 30000 - _before(person, "relief", period)
    return (due < room) * due + (due >= room) * room


def _rest(person, period):
    return person("burden", period) - person("relief", period)


def _re_relief(person, period):
    before, rest = _before(person, "rest", period), person("rest", period)
    over = before + rest - 5000
    above = (over > 0) * ((over < rest) * over + (over >= rest) * rest)
    due, room = above * 0.7, 20000 - _before(person, "re_relief", period)
    return (due < room) * due + (due >= room) * room


class System(TaxBenefitSystem):
    """Burden in, relief and re-relief out, each with its sum to date."""

    def __init__(self) -> None:
        super().__init__([Person])
        self.add_variable(burden)
        for name, formula in (("relief", _relief), ("rest", _rest), ("re_relief", _re_relief)):
            self.add_variable(_chained(name, formula))
            self.add_variable(_chained(f"{name}_to_date", _to_date(name)))


def year(system: TaxBenefitSystem, burdens: list[float]) -> list[float]:
    """Relief of each of the twelve months, one event a month, in order, traced."""
    months = [f"2023-{month:02d}" for month in range(1, 13)]
    person = {"burden": dict(zip(months, burdens, strict=True))}
    simulation = SimulationBuilder().build_from_entities(system, {"persons": {"P1": person}})
    simulation.trace = True
    return [
        float(simulation.calculate("relief", month)[0] + simulation.calculate("re_relief", month)[0])
        for month in months
    ]


MONTHS = 12


def years(fen: np.ndarray) -> np.ndarray:
    """Relief in fen of many persons' years, burdens by month and person; rounded to the fen at the end only, for what
    the months hand on are floats."""
    simulation = SimulationBuilder().build_default_simulation(System(), fen.shape[1])
    months = [f"2023-{month:02d}" for month in range(1, MONTHS + 1)]
    for month, burdens in zip(months, fen, strict=True):
        simulation.set_input("burden", month, burdens / 100)
    paid = [simulation.calculate("relief", month) + simulation.calculate("re_relief", month) for month in months]
    return np.floor(np.array(paid, np.float64) * 100 + 0.5).astype(np.int64)
