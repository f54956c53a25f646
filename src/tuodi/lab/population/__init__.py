"""Made persons, households, statuses, insurance and bills of a city, held against published figures.

Nobody in a population exists. `docs/populations.md` says what is in the files and what the figures rest on.
`make_population` writes files; a `Workshop` gives the same blocks in memory, which `block_of` hands to the batch.
"""

from __future__ import annotations

from tuodi.lab.population.columns import block_of
from tuodi.lab.population.make import Workshop, make_population
from tuodi.lab.population.report import Comparison, PopulationReport
from tuodi.lab.population.settings import cities

__all__ = ["Comparison", "PopulationReport", "Workshop", "block_of", "cities", "make_population"]
