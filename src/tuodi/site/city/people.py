"""Who lives in the demonstration city: persons of a made population who have a status, named by lot."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tuodi.lab.population import make_population
from tuodi.lab.population.settings import city_named

CITY, SEED = "liaocheng", 1
PERSONS = 6_000
"""Made in all; about one in thirty has a status."""

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = "安宁平和文清明远书景云岚松柏梅兰竹菊春秋晨晓月星海江河川山石林森田禾雨雪晴朗思齐怀瑾若谷乐康健诚信"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status over the days `starts_on <= day < ends_on`."""

    status: str
    starts_on: date
    ends_on: date | None
    applied_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One person of the city. The number is valid in form and issued to nobody: its county does not exist."""

    number: str = field(repr=False)
    name: str
    county: str
    household: int
    relation: str
    insurance: str
    statuses: tuple[Status, ...]


def residents(year: int, persons: int = PERSONS) -> list[Resident]:
    """Everybody with a status, their statuses moved to the year; the same people for the same arguments."""
    with tempfile.TemporaryDirectory(prefix="tuodi-city-") as folder:
        make_population(CITY, persons, SEED, Path(folder) / CITY)
        return list(_read(Path(folder) / CITY, year - city_named(CITY).year))


_WHO = """
select p.person, identity, county, household, relation, p.insurance,
       list({status: s.status, starts_on: s."from", ends_on: s."to", applied_on: s.applied_on}
            order by s."from", s.status)
  from read_parquet($persons) p join read_parquet($statuses) s on s.person = p.person
 where s.status is not null group by all order by p.person
"""


def _read(folder: Path, years: int) -> Iterator[Resident]:
    files = {"persons": str(folder / "persons.parquet"), "statuses": str(folder / "statuses.parquet")}
    with duckdb.connect() as database:
        for person, identity, county, household, relation, insurance, held in database.execute(_WHO, files).fetchall():
            yield Resident(
                number=identity, name=_name(person), county=county, household=household, relation=relation,
                insurance=insurance, statuses=_apart([_moved(one, years) for one in held]),
            )  # fmt: skip


def _apart(statuses: list[Status]) -> tuple[Status, ...]:
    """Of two periods of one status that overlap, as departments hand them in, the earlier one."""
    kept: list[Status] = []
    for one in statuses:
        same = [other for other in kept if other.status == one.status]
        if all(other.ends_on is not None and other.ends_on <= one.starts_on for other in same):
            kept.append(one)
    return tuple(kept)


def _name(person: int) -> str:
    lot = random.Random(f"{SEED}/{person}")
    return lot.choice(_SURNAMES) + "".join(lot.choice(_GIVEN) for _ in range(lot.choice((1, 2, 2))))


def _moved(held: dict[str, Any], years: int) -> Status:
    days = {name: _later(held[name], years) for name in ("starts_on", "ends_on", "applied_on")}
    starts_on = days["starts_on"]
    assert starts_on is not None, "a status begins on a day"
    return Status(
        status=held["status"], starts_on=starts_on, ends_on=days["ends_on"], applied_on=days["applied_on"]
    )  # fmt: skip


def _later(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)
