"""The city itself: regions, hospitals, accounts, the policy in force, people with their statuses; all or nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import orjson

from tuodi.lab.population.settings import City, city_named
from tuodi.language.shelf import packaged_plans, packaged_policies
from tuodi.ledger.account import Source
from tuodi.ledger.entry import Entry, Line
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.base import institution, region, staff
from tuodi.platform.base.domain import SYSTEM, Desk
from tuodi.platform.base.models import Region
from tuodi.platform.base.scope import entered
from tuodi.platform.base.workdays import ONE_DAY
from tuodi.platform.fund import entry
from tuodi.platform.registry import household, insurance, person, status
from tuodi.platform.registry.domain import RECOGNISES, Department, Held
from tuodi.platform.settlement import adopted
from tuodi.site.city.people import CITY, Resident

SIGN_INS = "demonstration.json"
COUNTIES = 2
"""Counties with accounts of their own; people live in all of them."""
GRANTED_FEN = 500_000_000
"""What the city hands each county for the year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """An account of the demonstration. All of them have one password, made by lot for this installation."""

    username: str
    who: str
    where: str
    password: str = field(repr=False)


class Place(NamedTuple):
    """A hospital to be: code, name, region, level."""

    code: str
    name: str
    region: str
    level: int


def built(today: date, folder: Path, people: Sequence[Resident]) -> bool:
    """Makes the city where it is not there yet; True where it was made. The sign-ins are kept in the folder.

    One transaction: whatever stands in the way, no half of a city is left.
    """
    city = city_named(CITY)
    with entered(SYSTEM):
        if Region.objects.filter(pk=_code(city)).exists():
            return False
        year = first_lived(today).year
        _places(city, year)
        _law(city)
        for each in range(year, today.year + 1):
            _money(city, date(each, 1, 1))
        _settle_in(people, today, date(year, 1, 1))
        signs = list(_accounts(city))
    _keep(folder / SIGN_INS, signs)
    return True


def first_lived(today: date) -> date:
    """The first day of the month before last: from then on the city lives."""
    last = today.replace(day=1) - ONE_DAY
    return (last.replace(day=1) - ONE_DAY).replace(day=1)


def sign_ins(folder: Path) -> list[SignIn]:
    """Whoever can sign in; none where the city was made elsewhere."""
    path = folder / SIGN_INS
    return [SignIn(**row) for row in orjson.loads(path.read_bytes())] if path.exists() else []


# ---- places and law --------------------------------------------------------------------------------------------------


def hospitals(city: City) -> list[Place]:
    """The city's own hospital, and in each county one of the second and one of the first level."""
    first = city.counties[0].code
    places = [Place(f"H{first}00001", f"{city.label}人民医院", first, 3)]
    for county in city.counties:
        places.append(Place(f"H{county.code}00002", f"{county.label}人民医院", county.code, 2))
        places.append(Place(f"H{county.code}00003", f"{county.label}中心卫生院", county.code, 1))
    return places


def _code(city: City) -> str:
    return city.counties[0].code[:4] + "00"


def _places(city: City, year: int) -> None:
    region.ensure(code=_code(city), name=city.label)
    for county in city.counties:
        region.ensure(code=county.code, name=county.label)
    for place in hospitals(city):
        institution.enter(code=place.code, name=place.name, region=place.region, level=place.level)
        institution.agree(institution=place.code, starts_on=date(year - 1, 1, 1))


def _law(city: City) -> None:
    policy = packaged_policies()[city.policy]
    adopted.adopt(
        region=_code(city), folder=policy, plan=packaged_plans()[city.plan], parameters=city.parameters,
        starts_on=date(2022, 12, 27), reason="演示：全市执行本市办法",
    )  # fmt: skip


def _money(city: City, day: date) -> None:
    """Each county is granted its year: money in the bank, and a budget."""
    for county in city.counties:
        part = [Part(source=Source.county, fen=GRANTED_FEN)]
        for movement, reason in ((Movement.appropriation, "年初拨款"), (Movement.budget, "年度预算")):
            lines = lines_of(movement, region=county.code, parts=part)
            cause = f"demonstration:{movement.name}:{county.code}:{day.year}"
            entry.post(entry=_entry(cause, movement, day, lines, reason))


def _entry(cause: str, movement: Movement, day: date, lines: tuple[Line, ...], reason: str) -> Entry:
    return Entry(
        cause=cause, movement=movement, booked_on=day, happened_on=day, known_on=day, lines=lines, reason=reason
    )  # fmt: skip


# ---- people ----------------------------------------------------------------------------------------------------------


def _settle_in(people: Iterable[Resident], today: date, insured_from: date) -> None:
    for resident in people:
        home = household.register(region=resident.county, number=f"{resident.county}{resident.household:06d}")
        who = person.enrol(
            number=resident.number, name=resident.name, region=resident.county, today=today, household=home,
            relation=resident.relation,
        )  # fmt: skip
        first = min(one.starts_on for one in resident.statuses)
        if resident.insurance != "none":
            insurance.begin(person=who, kind=resident.insurance, starts_on=min(first, insured_from))
        for one in resident.statuses:
            held = Held(
                status=one.status, starts_on=one.starts_on, ends_on=one.ends_on, applied_on=one.applied_on
            )  # fmt: skip
            status.grant(person=who, held=held, department=_department(one.status))


def _department(name: str) -> Department:
    return next(department for department, statuses in RECOGNISES.items() if name in statuses)


# ---- accounts --------------------------------------------------------------------------------------------------------


def _accounts(city: City) -> Iterator[SignIn]:
    password = staff.initial_password()
    whole = (_code(city), city.label)
    yield _account("city", "市医保局", Desk.city, whole, password)
    yield _account("admin", "系统管理员", Desk.administrator, whole, password)
    yield _account("audit", "审计", Desk.supervisor, whole, password)
    for number, county in enumerate(city.counties[:COUNTIES], 1):
        where = (county.code, county.label)
        yield _account(f"county{number}", "县医保局经办", Desk.county, where, password)
        yield _account(f"chief{number}", "县医保局复核", Desk.county, where, password)
        yield _account(f"finance{number}", "财政局", Desk.finance, where, password)
        yield _account(f"treasury{number}", "财政局复核", Desk.finance, where, password)
        yield _account(f"civil{number}", "民政局", Desk.department, where, password, department="民政")
        yield _account(f"township{number}", "乡镇经办", Desk.township, where, password)
    for number, place in enumerate(hospitals(city)[:2], 1):
        yield _account(f"hospital{number}", place.name, Desk.hospital, place[2:0:-1], password, at=place.code)


def _account(
    username: str, who: str, desk: Desk, where: tuple[str, str], password: str, *, department: str = "", at: str = ""
) -> SignIn:
    handed = staff.create(
        username=username, name=who, desk=desk, region=where[0], institution=at, department=department
    )  # fmt: skip
    staff.change_password(staff=handed.staff, old=handed.password, new=password)
    return SignIn(username=username, who=who, where=where[1], password=password)


def _keep(path: Path, signs: Iterable[SignIn]) -> None:
    rows = [{"username": one.username, "who": one.who, "where": one.where, "password": one.password} for one in signs]
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    new.replace(path)
