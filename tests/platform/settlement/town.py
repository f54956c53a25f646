"""A small town to settle in: its hospitals, its people, its policy, and short words for bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from tuodi.lab.population.identity import check_digit
from tuodi.language.shelf import POLICIES
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Agreement
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import insurance, person, status
from tuodi.platform.registry.domain import RECOGNISES, Held
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.domain import Amounts, Answer, Bill
from tuodi.platform.settlement.settlement import settle

COUNTY, OTHER_COUNTY, CITY = "371502", "371521", "371500"
HOSPITAL, NEXT_HOSPITAL, FAR_HOSPITAL = "H37150200001", "H37152100001", "H37020200001"
TODAY = date(2024, 6, 30)
DAY = date(2023, 3, 1)

AT_HOSPITAL = Scope(desk=Desk.hospital, region=COUNTY, institution=HOSPITAL)
NEXT_DOOR = Scope(desk=Desk.hospital, region=OTHER_COUNTY, institution=NEXT_HOSPITAL)
AT_COUNTY = Scope(desk=Desk.county, region=COUNTY)
AT_CITY = Scope(desk=Desk.city, region=CITY)

SMALL = """\
document:
  id: small
  number: 测试〔2022〕1号
  title: 测试
  issuer: 测试
  region: "371500"
  issued: 2020-01-01
  in_force: {from: 2020-01-01, clause: 一}
no_class: {clause: 一}
classes:
  - {id: poor, label: 低保, clause: 一, any: [subsistence_allowance]}
quantities:
  own: {label: 负担, take: in_policy, less: [basic], at_most: [unpaid]}
clauses:
  一: {is: [classes, benefit], says: 全文}
benefits:
"""

_SEQUENCE = count(1)
_KEYS = count(1)


def small_policy(folder: Path, *benefits: str, funding: str = "") -> Path:
    """The folder of a policy for the poor's stays; each benefit says its rate and limit."""
    usual = "clause: 一, for: poor, services: [inpatient], of: own"
    listed = [f"  - {{id: benefit_{number}, label: 救助, {usual}, {text}}}\n" for number, text in enumerate(benefits)]
    folder.mkdir(parents=True, exist_ok=True)
    text = SMALL + "".join(listed) + funding
    used = [name for name in ("relief", "burden") if f"{{{name}:" in text]
    if used:
        counts = "".join(f"  {name}: {{per: year, clause: 一, label: {name}}}\n" for name in used)
        text = text.replace("clauses:\n", f"counts:\n{counts}clauses:\n", 1)
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    return folder


def adopt(folder: Path | str = "liaocheng-2022-5", *, region: str = CITY, starts_on: date = date(2020, 1, 1)) -> int:
    """The region settles by the policy."""
    path = POLICIES / folder if isinstance(folder, str) else folder
    with entered(SYSTEM):
        return adopted.adopt(region=region, folder=path, starts_on=starts_on, reason="测试")


def designate(*institutions: str) -> None:
    """These have an agreement since long ago."""
    for institution in institutions:
        Agreement.objects.create(institution_id=institution, starts_on=date(2010, 1, 1))


def resident(*statuses: str, county: str = COUNTY, since: date = date(2022, 1, 1)) -> int:
    """Somebody insured as a resident, with these statuses; the registry's id."""
    sequence = next(_SEQUENCE)
    head = f"371591{1900 + sequence // 900 % 60:04}0101{sequence % 900:03}"
    with entered(SYSTEM):
        who = person.enrol(number=head + check_digit(head), name="单雄信", region=county, today=TODAY)
        insurance.begin(person=who, kind="resident", starts_on=date(2015, 1, 1))
        for word in statuses:
            recognise(who, word, since=since)
    return who


def recognise(who: int, word: str, *, since: date, until: date | None = None, applied_on: date | None = None) -> int:
    """The status, by a department that recognises it; inside a scope."""
    department = next(department for department, words in RECOGNISES.items() if word in words)
    held = Held(status=word, starts_on=since, ends_on=until, applied_on=applied_on)
    return status.grant(person=who, held=held, department=department)


def stay(who: int, yuan: str, *, key: str = "", on: date = DAY, institution: str = HOSPITAL) -> Bill:
    """A stay of which nothing is paid yet, all within the policy's scope."""
    fen = int(yuan.replace(".", "")) if "." in yuan else int(yuan) * 100
    return Bill(
        person=who, key=key or f"B{next(_KEYS)}", service="inpatient", date=on, amounts=Amounts(fen, fen),
        institution=institution,
    )  # fmt: skip


def settled(bill: Bill, scope: Scope = AT_HOSPITAL) -> Answer:
    """The bill, settled at the hospital."""
    return settle(scope=scope, bill=bill, on=TODAY)


def again(bill: Bill, **changed: object) -> Bill:
    """The bill with something changed."""
    return replace(bill, **changed)  # type: ignore[arg-type]
