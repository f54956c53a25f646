"""Bills settled by the service beside pgbench's TPC-B on the same server, in turns, and beside Django's ORM.

    TUODI_DATA=/tmp/somewhere .venv/bin/python -m bench.settlement [SECONDS] [ROUNDS]
    TUODI_DATA=/tmp/somewhere .venv/bin/python -m bench.settlement grown 10000 100000 1000000

Two processes settle bills of many persons with everything on: idempotency, person and facility facts, adjudication,
settlement with receipt and counts, a balanced ledger entry, audit and outbox, one durable transaction each. Then the
same at 80 % of that pace, bills coming in at random moments, and how long the slowest wait.

`grown` measures pace and waits while the tables already hold so many settlements, with their entries, lines and audit:
copies of settled ones, written by SQL. A million takes about 4 GB.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuodi.site.settings")

WORKERS, PEOPLE, SCALE = 2, 20_000, 20
TARGET = 0.6
TODAY = date(2026, 11, 28)
HOSPITAL, COUNTY = "H37150200001", "371502"


def main(seconds: float, rounds: int) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        town()
        address = where(str(connection.settings_dict["NAME"]))
        compared(address, seconds, rounds)
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def grown(sizes: Sequence[int], seconds: float) -> None:
    """The same at each size of the tables, TPC-B beside it, so that the machine's own drift is seen."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        town()
        address = where(str(connection.settings_dict["NAME"]))
        pgbench(address, "-i", "-s", str(SCALE), "-q")
        way, held = Workers(address, "service"), 0
        for size in sizes:
            way.pace(1)
            held += copied(size - held)
            pace, base = way.pace(seconds), tpc_b(address, seconds)
            waits = told(sorted(way.waits(seconds * 2, 0.8 * pace / WORKERS)))
            print(
                f"{size:>12,} settlements: {pace:.0f} a second, {pace / base:.2f} of TPC-B; at 80 %: {waits}",
                flush=True,
            )
        way.stop()
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def copied(count: int) -> int:
    """So many more settlements, each of another key and day, spread over all persons; how many."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(_COPIED, [count])
        for statement in _COPIES:
            cursor.execute(statement)
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")
        cursor.execute("checkpoint")
    return count


def told(waits: Sequence[float]) -> str:
    return ", ".join(f"p{p} {waits[len(waits) * p // 100]:.1f} ms" for p in (50, 95, 99))


def compared(address: str, seconds: float, rounds: int) -> None:
    pgbench(address, "-i", "-s", str(SCALE), "-q")
    ways = [Workers(address, way) for way in ("service", "orm")]
    base: list[float] = []
    paces: dict[str, list[float]] = {way.way: [] for way in ways}
    for number in range(rounds):
        base.append(tpc_b(address, seconds))
        for way in ways:
            paces[way.way].append(way.pace(seconds))
        seen = ", ".join(f"{name} {found[-1]:.0f}" for name, found in paces.items())
        print(f"round {number + 1}: TPC-B {base[-1]:.0f} a second, {seen}")
    for name, found in paces.items():
        ratio = median(one / other for one, other in zip(found, base, strict=True))
        print(f"{name}: {ratio:.2f} of TPC-B" + (f" (target {TARGET})" if name == "service" else ""))
    load = 0.8 * median(paces["service"])
    print(f"at 80 % ({load:.0f} a second): {told(sorted(ways[0].waits(seconds * 2, load / WORKERS)))}")
    for way in ways:
        way.stop()


# ---- the other side --------------------------------------------------------------------------------------------------
def where(database: str) -> str:
    from tuodi.site.postgres import data_folder, home_in, start

    return os.environ.get("DATABASE_URL") or start(home_in(data_folder())).url(database)


def pgbench(address: str, *arguments: str) -> str:
    from tuodi.site.postgres.program import tools

    done = subprocess.run([tools() / "pgbench", *arguments, address], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tpc_b(address: str, seconds: float) -> float:
    text = pgbench(address, "-n", "-c", str(WORKERS), "-j", str(WORKERS), "-T", str(max(1, round(seconds))))
    found = re.search(r"tps = ([0-9.]+)", text)
    assert found is not None, text
    return float(found[1])


# ---- settling processes ----------------------------------------------------------------------------------------------
class Workers:
    """Processes that wait for an order, settle as long as it says, and tell how it went."""

    def __init__(self, address: str, way: str) -> None:
        environment = {**os.environ, "DATABASE_URL": address, "TUODI_SERVES": "" if way == "orm" else "1"}
        self.way = way
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.settlement", "worker", way, str(number)], env=environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for number in range(WORKERS)
        ]  # fmt: skip
        self.ordered("pace 1")

    def pace(self, seconds: float) -> float:
        return sum(float(line) for line in self.ordered(f"pace {seconds}"))

    def waits(self, seconds: float, load: float) -> list[float]:
        return [float(wait) for line in self.ordered(f"waits {seconds} {load}") for wait in line.split()]

    def ordered(self, order: str) -> list[str]:
        for process in self.processes:
            print(order, file=process.stdin, flush=True)
        return [process.stdout.readline() for process in self.processes if process.stdout]

    def stop(self) -> None:
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()


def worker(way: str, number: int) -> None:
    import django

    django.setup()
    from tuodi.platform.registry.models import Person

    people = list(Person.objects.values_list("pk", flat=True)) if way == "orm" else _people()
    settle = by_orm if way == "orm" else by_service
    bills = _bills(people, f"{way}{number}-{os.getpid()}")
    for order in sys.stdin:
        what, *numbers = order.split()
        if what == "pace":
            print(_paced(settle, bills, float(numbers[0])), flush=True)
        else:
            print(*_waited(settle, bills, *(float(one) for one in numbers)), flush=True)


def _paced(settle: Any, bills: Any, seconds: float) -> float:
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        settle(next(bills))
        count += 1
    return count / (time.perf_counter() - start)


def _waited(settle: Any, bills: Any, seconds: float, load: float) -> Sequence[float]:
    """Milliseconds from when each bill came in, at random moments, to when it was settled."""
    chance, waits = random.Random(5), []
    start = time.perf_counter()
    due = start
    while due - start < seconds:
        due += chance.expovariate(load)
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        settle(next(bills))
        waits.append((time.perf_counter() - due) * 1000)
    return waits


def _people() -> list[int]:
    from tuodi.platform.base.domain import SYSTEM
    from tuodi.platform.base.scope import entered
    from tuodi.platform.registry.models import Person

    with entered(SYSTEM):
        return list(Person.objects.values_list("pk", flat=True))


def _bills(people: Sequence[int], prefix: str) -> Any:
    from tuodi.platform.settlement.domain import Amounts, Bill

    chance, number = random.Random(prefix), 0
    while True:
        number += 1
        total = chance.randint(10_000, 3_000_000)
        yield Bill(
            person=chance.choice(people), key=f"{prefix}-{number}", service="inpatient", date=date(2023, 3, 1),
            amounts=Amounts(total, total * 9 // 10, total * 5 // 10), institution=HOSPITAL,
        )  # fmt: skip


def by_service(bill: Any) -> None:
    from tuodi.platform.base.domain import Desk, Scope
    from tuodi.platform.settlement.settlement import settle

    settle(scope=Scope(desk=Desk.hospital, region=COUNTY, institution=HOSPITAL), bill=bill, on=TODAY)


# ---- the same in the ordinary way ------------------------------------------------------------------------------------
def by_orm(bill: Any) -> None:
    """The same rows, as a Django view would write them: objects read, adjudicated under a row lock, objects saved."""
    from django.db import transaction

    from tuodi.platform.base.models import Agreement, Audit, Institution, Outbox
    from tuodi.platform.fund.models import Entry, Line
    from tuodi.platform.registry.models import Insurance, Person, Status
    from tuodi.platform.settlement import adopted
    from tuodi.platform.settlement.adjudging import adjudge
    from tuodi.platform.settlement.domain import Facility, event_of
    from tuodi.platform.settlement.models import Account, Policy, Settlement

    with transaction.atomic():
        if Settlement.objects.filter(sender=bill.institution, sender_key=bill.key, kind="settled").exists():
            return
        person = Person.objects.get(pk=bill.person)
        account, _ = Account.objects.get_or_create(
            person=person, defaults={"region_id": person.region_id, "version": 0}
        )
        account = Account.objects.select_for_update().get(pk=person.pk)
        held = Insurance.objects.filter(person=person, known_until=None, starts_on__lte=bill.date).first()
        who = {
            "id": str(person.pk), "birth_date": person.birth_date.isoformat(),
            "insurance": held.kind if held else "none",
            "statuses": [
                {"status": one.status, "from": one.starts_on.isoformat(), "to": None}
                for one in Status.objects.filter(person=person, known_until=None)
            ],
        }  # fmt: skip
        institution = Institution.objects.get(pk=bill.institution)
        facility = Facility(
            designated=Agreement.objects.filter(institution=institution, starts_on__lte=bill.date).exists(),
            level=institution.level, county=institution.region_id == person.region_id, region=True,
        )  # fmt: skip
        policy = Policy.objects.filter(region_id__in=(COUNTY, "371500", "370000"), starts_on__lte=bill.date).last()
        event = event_of(bill, sender=bill.institution, facility=facility)
        done = adjudge(adopted.ready(policy.pk), who, event, account.state)
        outcome, written = done.settlement.outcome, done.written
        number = (Settlement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + random.randint(
            1, 10**9
        )
        row = Settlement.objects.create(
            pk=number, origin=number, kind="settled", region_id=person.region_id, institution_id=bill.institution,
            person=person, payee="institution", sender=bill.institution, sender_key=bill.key,
            content_hash=bill.content, service=bill.service, happened_on=bill.date, known_on=TODAY,
            total_fen=bill.amounts.total, in_policy_fen=bill.amounts.in_policy, relief_fen=outcome.relief,
            personal_fen=outcome.personal, hospital_fen=outcome.hospital, lines=written["lines"],
            refusal=written["refusal"], event=event, who=who, policy=policy, engine=done.engine,
            opening_hash=done.opening_hash, chain=done.chain, state_before=done.before, state_after=done.after,
        )  # fmt: skip
        account.state, account.version = done.after, account.version + 1
        account.save()
        if outcome.relief:
            entry = Entry.objects.create(
                cause=f"settlement:{row.pk}", movement="relief_by_institution", region_id=person.region_id,
                regions=[person.region_id], booked_on=TODAY, happened_on=bill.date, known_on=TODAY, reason="一站式结算",
                lines=2 * len(done.parts),
            )  # fmt: skip
            kinds = (("relief", "", 1), ("payable_institution", bill.institution, -1))
            Line.objects.bulk_create(
                Line(
                    entry=entry, number=place, region_id=person.region_id, source=part.source.name, kind=kind,
                    party=party, fen=sign * part.fen,
                )
                for place, (part, (kind, party, sign)) in enumerate(
                    ((part, each) for each in kinds for part in done.parts), 1
                )
            )  # fmt: skip
        Audit.objects.create(
            desk="hospital", institution_id=HOSPITAL, region_id=person.region_id, act="settlement.settle",
            subject=f"settlement:{row.pk}",
        )  # fmt: skip
        Outbox.objects.create(topic="settlement.settled", key=f"settlement:{row.pk}")


# ---- where it happens ------------------------------------------------------------------------------------------------
def town() -> None:
    from django.db import connection

    from tuodi.language.shelf import POLICIES
    from tuodi.platform.base.domain import SYSTEM
    from tuodi.platform.base.models import Agreement, Institution, Region
    from tuodi.platform.base.scope import entered
    from tuodi.platform.settlement import adopted

    for code, name in (("370000", "山东省"), ("371500", "聊城市"), (COUNTY, "东昌府区")):
        Region.objects.create(code=code, name=name)
    Institution.objects.create(code=HOSPITAL, name="东昌府区人民医院", region_id=COUNTY, level=3)
    Agreement.objects.create(institution_id=HOSPITAL, starts_on=date(2010, 1, 1))
    with entered(SYSTEM):
        adopted.adopt(region="371500", folder=POLICIES / "liaocheng-2022-5", starts_on=date(2020, 1, 1), reason="测量")
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [PEOPLE])
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


_PEOPLE = """
with people as (
  insert into registry_person (region_id, number_sealed, number_index, name, name_key, name_initials, sex, birth_date,
                               relation)
  select '371502', '', int4send(n), '单雄信', '', '', 'male', '1960-01-01', '' from generate_series(1, %s) as n
  returning id),
insured as (
  insert into registry_insurance (person_id, region_id, kind, starts_on)
  select id, '371502', 'resident', '2015-01-01' from people)
insert into registry_status (person_id, region_id, status, starts_on, department, certificate)
select id, '371502', 'subsistence_allowance', '2022-01-01', 'civil_affairs', '' from people
"""

# What one settlement wrote, again under new numbers.
_COPIED = """
create temp table copied as
  with held as (select (array_agg(id order by id))[1:1000] as ids from settlement_settlement where relief_fen > 0),
       people as (select min(id) as first, count(*) as all from registry_person)
  select n, nextval('settlement_settlement_id_seq') as id, nextval('fund_order') as entry,
         held.ids[1 + n %% cardinality(held.ids)] as was, people.first + n %% people.all as person
  from held, people, generate_series(1, %s) as n
"""
_COPIES = (
    """
insert into settlement_settlement select s.* from copied c join settlement_settlement o on o.id = c.was,
  lateral jsonb_populate_record(o, jsonb_build_object('id', c.id, 'origin', c.id, 'sender_key', 'copy-' || c.id,
    'happened_on', o.happened_on - (c.n % 300), 'person_id', c.person)) as s
""",
    """
insert into fund_entry select e.* from copied c join fund_entry o on o.cause = 'settlement:' || c.was,
  lateral jsonb_populate_record(o, jsonb_build_object('id', c.entry, 'cause', 'settlement:' || c.id)) as e
""",
    """
insert into fund_line (entry_id, number, region_id, source, kind, party, fen)
  select c.entry, l.number, l.region_id, l.source, l.kind, l.party, l.fen from copied c
  join fund_entry o on o.cause = 'settlement:' || c.was join fund_line l on l.entry_id = o.id
""",
    """
insert into base_audit (staff_id, desk, institution_id, region_id, act, subject, reason)
  select a.staff_id, a.desk, a.institution_id, a.region_id, a.act, 'settlement:' || c.id, a.reason
  from copied c, lateral (select * from base_audit where act = 'settlement.settle' limit 1) as a
""",
    "drop table copied",
)

if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["grown"]:
        grown([int(size) for size in sys.argv[2:]], 8)
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 4, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
