"""Made persons, households, statuses, insurance and bills of a city, held against published figures.

Nobody in a population exists. `docs/populations.md` says what is in the files and what the figures rest on.
"""

from __future__ import annotations

from tuodi.lab.population.make import make_population
from tuodi.lab.population.report import PopulationReport

__all__ = ["PopulationReport", "make_population"]
