"""Makes a population: block by block, in flat memory, the same for a city and seed however it is run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tuodi import __version__
from tuodi.batch.settle import BlockSettler
from tuodi.core.finding import Faults, Finding
from tuodi.engine.bind import bind
from tuodi.engine.case_fields import known_fields
from tuodi.lab.population.applications import Applicants, Year
from tuodi.lab.population.asked import Scene, facts
from tuodi.lab.population.bills import Pricing
from tuodi.lab.population.by_cost import by_cost
from tuodi.lab.population.care import Needs, Resident
from tuodi.lab.population.chance import Purpose, Seed
from tuodi.lab.population.columns import Columns, Items, as_numbers
from tuodi.lab.population.files import REPORT, Tables, whole_folder, write_json, write_manifest
from tuodi.lab.population.identity import Office
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.items import Shelf, item_limits
from tuodi.lab.population.payments import Answer, Payers
from tuodi.lab.population.people import BLOCK, Census
from tuodi.lab.population.report import PopulationReport, report_of
from tuodi.lab.population.settings import assumptions, cities, city_named, conditions, data_hash, targets_of
from tuodi.lab.population.statuses import TRIAL_BLOCKS, Periods, Registrar
from tuodi.lab.population.tally import Tally
from tuodi.language.load import load_policy
from tuodi.language.model import CASE_FACTS, Fact, FactType, Policy
from tuodi.language.shelf import packaged_plans, packaged_policies

Progress = Callable[[int, int], None]
"""Called with the persons made so far, and all."""

COMPILING = "正在编译：同一形状的政策只在第一次"

MOST_PERSONS = 100_000_000
"""More have not enough identity numbers."""


def make_population(
    city: str,
    persons: int,
    seed: int,
    out: Path,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    say: Callable[[str], None] | None = None,
) -> PopulationReport:
    """Writes a population of so many persons of the city to the folder, which must be new or empty.

    The files hang on city, persons and seed alone. `say` is told what takes long (compiling). Raises Faults
    (`unknown-city`, `persons-out-of-range`, `seed-out-of-range`, `folder-exists`, `disk-full`, `out-unwritable`,
    `identity-numbers-used-up`).
    """
    if not 1 <= persons <= MOST_PERSONS:
        raise Faults([_out_of_range("persons", f"人数 {persons} 不在 1 到 {MOST_PERSONS:,} 之间", "换一个人数")])
    if not 0 <= seed < 1 << 63:
        raise Faults([_out_of_range("seed", f"种子 {seed} 不是从 0 到 2^63 的整数", "换一个种子")])
    workshop = Workshop(city, say)
    with whole_folder(out) as folder:
        tally = Tally(targets_of(workshop.city))
        office = Office(workshop.city.counties[0].code)
        with Tables(folder, workshop.counties, workshop.columns) as tables:
            for columns, answer in workshop.blocks(Seed.of(city, seed), persons, workers):
                people = columns.scene.people.persons
                tables.write(columns, office.numbers(people.birth, as_numbers(people.birth), people.male))
                tally.add(columns, answer)
                if progress is not None:
                    progress(tally.persons, persons)
        report = report_of(workshop.city, seed, out, targets_of(workshop.city), tally)
        write_json(folder / REPORT, report.data())
        write_manifest(folder, workshop.said(persons, seed))
    return report


class Workshop:
    """Everything that is made ready once for a city. `columns`: of the events' table, and the facts they carry."""

    def __init__(self, city: str, say: Callable[[str], None] | None = None) -> None:
        self.city = city_named(city)
        self.assumed = assumptions()
        self.policy = load_policy(packaged_policies()[self.city.policy])
        self.plan = load_policy(packaged_plans()[self.city.plan])
        self.parameters: dict[str, object] = {**self.city.parameters, **item_limits(self.policy, self.assumed)}
        self.counties = tuple(county.code for county in self.city.counties)
        others = [load_policy(packaged_policies()[city_named(one).policy]) for one in cities() if one != city]
        self.illness = Illness(conditions(), self.policy, self.assumed, others)
        self._census = Census(self.city, self.assumed)
        self._registrar = Registrar(self.city, self.assumed, self._census)
        trial = Seed.of(city, -1)
        everybody = [self._resident(trial, block, BLOCK) for block in range(TRIAL_BLOCKS)]
        self._needs = Needs(self.city, self.assumed, self.illness, everybody)
        self._pricing = Pricing(self.city, self.assumed, self.illness, self._needs)
        self._applicants = Applicants(self.city, self.assumed, self.illness, self.policy)
        compiling = None if say is None else partial(say, COMPILING)
        insured = BlockSettler(bind(self.policy, self.parameters, self.plan), compiling)
        relieved = BlockSettler(bind(self.policy, self.parameters), compiling)
        self._payers = Payers(insured, relieved, Shelf(self.illness, self.assumed))
        self._asked = _asked(self.plan, self.policy)
        self.columns = _columns(self._asked, self.policy)

    def blocks(self, seed: Seed, persons: int, workers: int = 1) -> Iterator[tuple[Columns, Answer]]:
        """Block by block, in order."""
        sizes = [min(BLOCK, persons - first) for first in range(0, persons, BLOCK)]
        if workers == 1:
            for block, size in enumerate(sizes):
                yield self.block(seed, block, size)
            return
        with ThreadPoolExecutor(workers) as pool:
            waiting: deque[Future[tuple[Columns, Answer]]] = deque()
            for block, size in enumerate(sizes):
                waiting.append(pool.submit(self.block, seed, block, size))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def block(self, seed: Seed, block: int, size: int) -> tuple[Columns, Answer]:
        """The block's persons with their year, paid; and what the city's policy makes of it."""
        people = self._resident(seed, block, size)
        care = self._needs.care(seed, block, people)
        bills = self._pricing.bills(seed, block, care)
        recognised = by_cost(self.city, self.assumed, seed, block, people, care, bills)
        periods = Periods.joined([people.register.periods, recognised])
        year = self._applicants.added(seed, block, people, periods, Year(care=care, bills=bills))
        return self._payers.paid(self._drawn(seed, block, people, periods, year))

    def said(self, persons: int, seed: int) -> dict[str, object]:
        """What a manifest says of the population."""
        return {
            "synthetic": True,
            "notice": "合成数据：人、户、证件号码和账单都是按统计数字随机生成的，不对应任何真实的人",
            "city": self.city.id,
            "year": self.city.year,
            "persons": persons,
            "seed": seed,
            "counties": {county.code: county.label for county in self.city.counties},
            "policy": self.city.policy,
            "plan": self.city.plan,
            "parameters": self.parameters,
            "tuodi": __version__,
            "data": data_hash(),
        }

    def _resident(self, seed: Seed, block: int, size: int) -> Resident:
        persons = self._census.persons(seed, block, size)
        register = self._registrar.register(seed, block, persons)
        condition = self.illness.of_persons(seed, block, persons, register.in_need)
        return Resident(persons=persons, register=register, condition=condition)

    def _drawn(self, seed: Seed, block: int, people: Resident, periods: Periods, year: Year) -> Columns:
        scene = Scene(
            city=self.city,
            assumed=self.assumed,
            illness=self.illness,
            pricing=self._pricing,
            seed=seed,
            block=block,
            people=people,
            periods=periods,
            year=year,
        )
        child = people.persons.is_child[year.care.person]
        return Columns(
            scene=scene,
            insurance=people.register.insurance[year.care.person],
            naming=self.illness.naming(seed.stream(Purpose.WRITING, block), year.care.condition, child),
            facts=facts(scene, self._asked),
            payers={},
            items=Items.none(year.care.size),
        )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _asked(plan: Policy, policy: Policy) -> dict[str, Fact]:
    """Every fact of events that the case format knows, or the plan or policy alone."""
    known = known_fields(policy, plan)
    return {**CASE_FACTS, **known.facility_facts, **known.event_facts}


def _columns(asked: Mapping[str, Fact], policy: Policy) -> dict[str, Fact]:
    """Columns of the events' table. What only the plan asks for is named so that a batch without it leaves it aside."""
    own = known_fields(policy)
    columns = {}
    for name, fact in asked.items():
        column = name if name in {*CASE_FACTS, *own.facility_facts, *own.event_facts} else f"x_{name}"
        columns[column + ("_fen" if fact.type is FactType.MONEY else "")] = fact
    return columns


def _out_of_range(what: str, message: str, remedy: str) -> Finding:
    return Finding(code=f"{what}-out-of-range", message=message, remedy=remedy)
