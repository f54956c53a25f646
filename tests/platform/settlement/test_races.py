"""Many at once: no limit is exceeded, nothing is settled twice, nothing is lost, and nobody waits for a stranger."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    NEXT_DOOR,
    NEXT_HOSPITAL,
    TODAY,
    adopt,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.platform.base.domain import SYSTEM, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books
from tuodi.platform.settlement import audit, connections, revision
from tuodi.platform.settlement.domain import Bill
from tuodi.platform.settlement.models import Account, Settlement

CAP = "rate: 100%, limit: {relief: 150}"
MANY = int(os.environ.get("TUODI_MANY", "1500"))
_AT_MOST_TWENTY = threading.Semaphore(20)  # the server takes a hundred connections, and each thread holds one


def at_once(threads: int, work: Callable[[int], object]) -> list[object]:
    """What the work gives in each thread; all begin together."""
    gate = threading.Barrier(threads)

    def begun(number: int) -> object:
        try:
            gate.wait()
            return work(number)
        finally:
            connections.dropped()
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begun, range(threads)))


@pytest.fixture
def capped(town: None, tmp_path: Path) -> int:
    adopt(small_policy(tmp_path / "small", CAP))
    return resident("subsistence_allowance")


def all_stands_up() -> None:
    with entered(SYSTEM):
        assert [] == audit.findings()
        assert [] == books.findings()


def test_bills_of_one_person_at_once_never_exceed_the_cap(capped: int):
    bills = [stay(capped, "101") for _ in range(8)]
    reliefs = at_once(8, lambda number: settled(bills[number]).relief)

    assert [0] * 6 + [4_900, 10_100] == sorted(reliefs)
    assert 8 == Account.objects.get(person_id=capped).version
    all_stands_up()


def test_one_bill_sent_many_times_at_once_is_settled_once(capped: int):
    bill = stay(capped, "101")
    answers = at_once(8, lambda _: settled(bill))

    assert 1 == len({answer.settlement for answer in answers}) == Settlement.objects.count()
    assert {10_100} == {answer.relief for answer in answers}
    assert 1 == sum(not answer.repeated for answer in answers)


def test_bills_at_two_hospitals_at_once_share_the_cap(capped: int):
    places = [(AT_HOSPITAL, stay(capped, "101")), (NEXT_DOOR, stay(capped, "101", institution=NEXT_HOSPITAL))]
    reliefs = at_once(2, lambda number: settled(places[number][1], places[number][0]).relief)

    assert [4_900, 10_100] == sorted(reliefs)


def test_a_cancellation_and_bills_at_once_end_in_one_history(capped: int):
    first = settled(stay(capped, "101"))
    bills = [stay(capped, "30") for _ in range(4)]

    def work(number: int) -> str:
        if number < 4:
            return str(settled(bills[number]).relief)
        with entered(AT_HOSPITAL):
            return revision.cancel(settlement=first.settlement or 0, on=TODAY, reason="票据有误").state

    outcome = at_once(5, work)
    assert outcome[-1] in ("done", "proposed")
    all_stands_up()


def test_a_stranger_is_not_waited_for(capped: int):
    """Somebody's account is locked, and stays so; another person is settled all the same."""
    settled(stay(capped, "101"))
    stranger = resident("subsistence_allowance")
    with entered(SYSTEM):
        Account.objects.select_for_update().get(person_id=capped)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(at_once, 1, lambda _: settled(stay(stranger, "101")).relief).result(timeout=60)

    assert [10_100] == answer


@pytest.mark.slow
def test_thousands_of_bills_of_few_persons_from_many_threads(town: None, tmp_path: Path):
    """Bills come doubled and shuffled, to two hospitals, among cancellations; `TUODI_MANY` says how many."""
    adopt(small_policy(tmp_path / "small", "rate: 70%, limit: {relief: 5000}"))
    people = [resident("subsistence_allowance") for _ in range(max(40, MANY // 100))]
    chance = random.Random(7)
    bills = [_bill(chance, people) for _ in range(MANY)]
    sendings = bills + chance.sample(bills, MANY // 4)
    chance.shuffle(sendings)

    def work(number: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        own = random.Random(number)
        for scope, bill in sendings[number::64]:
            seen[_sent(scope, bill, own)] += 1
        return seen

    seen = sum(at_once(64, work), Counter())
    sent = Settlement.objects.filter(kind="settled")

    assert MANY == sent.count() == sent.values("sender", "sender_key").distinct().count()
    assert len(sendings) == sum(seen.values())
    assert {"settled", "repeated", "settlement-cancelled"} >= set(seen)
    assert all(_relief(account) <= 500_000 for account in Account.objects.all())
    all_stands_up()


def _bill(chance: random.Random, people: Sequence[int]) -> tuple[Scope, Bill]:
    scope, hospital = chance.choice([(AT_HOSPITAL, AT_HOSPITAL.institution), (NEXT_DOOR, NEXT_HOSPITAL)])
    return scope, stay(
        chance.choice(people), f"{chance.randint(1, 2000)}.{chance.randint(0, 99):02}", institution=hospital
    )


def _sent(scope: Scope, bill: Bill, chance: random.Random) -> str:
    try:
        answer = settled(bill, scope)
    except Faults as faults:
        return faults.findings[0].code
    if chance.random() < 0.03:
        with _AT_MOST_TWENTY:
            with entered(scope):
                revision.cancel(settlement=answer.settlement or 0, on=TODAY, reason="抽查")
            connection.close()
    return "repeated" if answer.repeated else "settled"


def _relief(account: Account) -> int:
    return sum(amount for count, _, amount in account.state["small"] if count == "relief")
