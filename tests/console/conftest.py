"""Two cities' offices with somebody at every desk, on the platform's database, and a town with settled bills."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.platform.conftest import institutions, regions  # noqa: F401
from tests.platform.settlement.conftest import town  # noqa: F401
from tests.platform.settlement.town import CITY, COUNTY, HOSPITAL, TODAY, adopt, recognise, resident, settled, stay
from tuodi.core.month import Month
from tuodi.lab.population.identity import check_digit
from tuodi.language.shelf import POLICIES
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Institution, Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.sign_in import SEEN_AT, SIGNED_IN_AT
from tuodi.platform.clearing import disallowance, statement
from tuodi.platform.registry import roster
from tuodi.platform.registry.delivery import Delivery, Mode
from tuodi.platform.registry.domain import Department
from tuodi.platform.registry.models import Person
from tuodi.platform.settlement import draft, revision
from tuodi.platform.settlement.adopted import Wanted, texts

PASSWORD = "correct-horse-battery"
CITIES = {"3715": ("371502", "H37150200001"), "3702": ("370202", "H37020200001")}
"""By the city's digits: a county of it, and a hospital there."""

OF_THE_CITY = {Desk.city, Desk.supervisor, Desk.administrator, Desk.insurer}

Offices = dict[tuple[Desk, str], Staff]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TWO_FACTOR_REQUIRED = False


@pytest.fixture
def offices(institutions: dict[str, Institution]) -> Offices:  # noqa: F811
    """Somebody at every desk of both cities, by desk and the city's digits; all with one password."""
    password = make_password(PASSWORD)
    with entered(SYSTEM):
        people = [somebody(desk, city, password) for city in CITIES for desk in Desk if desk is not Desk.system]
        return {(Desk[one.desk], one.region_id[:4]): one for one in Staff.objects.bulk_create(people)}


def somebody(desk: Desk, city: str, password: str) -> Staff:
    """A person at that desk, in the city's county or in the city itself."""
    county, hospital = CITIES[city]
    return Staff(
        username=f"{desk.name}{city}", name=f"{desk.value}经办", desk=desk.name, password=password,
        region_id=f"{city}00" if desk in OF_THE_CITY else county,
        institution_id=hospital if desk is Desk.hospital else None,
        department="civil_affairs" if desk is Desk.department else "",
    )  # fmt: skip


@pytest.fixture
def signed_in(offices: Offices) -> SignIn:
    """A browser in which somebody at a desk has signed in."""

    def browser(desk: Desk, city: str = "3715") -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(offices[desk, city])
        session = client.session
        session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
        session.save()
        return client

    return browser


class Town(NamedTuple):
    """What the first city's county has: its policy, a person on the minimum allowance, and their two stays."""

    policy: int
    person: int
    number: str
    first: int
    second: int
    roster: int
    proposal: int
    statement: int
    disallowance: int
    draft: int


@pytest.fixture
def settled_town(town: None) -> Town:  # noqa: F811
    """Liaocheng's document adopted, and two stays of one person settled at the county's hospital."""
    policy = adopt()
    person = resident("subsistence_allowance")
    first, second = (settled(stay(person, yuan)).settlement for yuan in ("50000", "38000.50"))
    assert first and second
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        roster_id = roster.preview(content=ROSTER.encode(), file_name="低保.csv", delivery=DELIVERY, today=TODAY)
        proposal = revision.cancel(settlement=first, on=TODAY, reason="账单作废").proposal
    assert proposal
    sent, disallowed = statement_of_june(first)
    with entered(Scope(desk=Desk.city, region=CITY)):
        wanted = Wanted(region=CITY, starts_on=date(2022, 1, 1), files=texts(POLICIES / "liaocheng-2022-5"))
        drafted = draft.make(wanted=wanted, reason="核对")
    return Town(policy, person, unmasked(person), first, second, roster_id, proposal, sent, disallowed, drafted)


def statement_of_june(settled: int) -> tuple[int, int]:
    """The month in which the stays were settled, with a part of one disallowed, sent to the hospital."""
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        on = TODAY + timedelta(days=1)
        number = statement.draw(region=COUNTY, institution=HOSPITAL, month=Month.of(TODAY), on=on)
        disallowed = disallowance.add(
            statement=number, settlement=settled, line=1, fen=100_00, reason="超出病种的检查", clause="协议第十二条"
        )
        statement.send(statement=number, on=on)
    return number, disallowed


@pytest.fixture
def busy_town(settled_town: Town) -> Town:
    """The same person with a whole list of stays, and a past of several statuses."""
    for month in range(1, 13):
        for day in (3, 13, 23):
            settled(stay(settled_town.person, "1234.56", on=date(2023, month, day)))
    with entered(SYSTEM):
        for word, since, until in PAST:
            recognise(settled_town.person, word, since=since, until=until)
    return settled_town


PAST = (
    ("low_income", date(2014, 5, 1), date(2016, 5, 1)),
    ("illness_impoverished", date(2017, 3, 1), date(2018, 3, 1)),
    ("severe_disability", date(2019, 1, 1), None),
    ("poverty_monitored", date(2020, 7, 1), date(2021, 12, 31)),
)


def unmasked(person: int) -> str:
    """The number of somebody of the town."""
    return settings.SEAL.unseal(bytes(Person.objects.get(pk=person).number_sealed))


DELIVERY = Delivery(
    region=COUNTY, department=Department.civil_affairs, mode=Mode.changes, adjusted_on=date(2024, 6, 24),
    effective_on=date(2024, 7, 1), received_on=date(2024, 6, 28),
)  # fmt: skip


def number(sequence: int) -> str:
    """A valid number of nobody: the county was never given out."""
    head = f"37159119650101{sequence:03}"
    return head + check_digit(head)


ROSTER = "\n".join(
    [
        "姓名,身份证号码,救助对象类别,变动,认定日期",
        f"程咬金,{number(1)},低保,新增,2024-07-01",
        f"罗士信,{number(2)},特困,新增,2024-07-01",
        f"秦琼,{number(3)[:-1]}9,低保,新增,2024年7月",
    ]
)
"""Two who are new, and one whose number and day are wrong."""
