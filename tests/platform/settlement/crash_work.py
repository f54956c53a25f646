"""What a killed process was doing: a town prepared, bills settled and written down once they are acknowledged."""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.platform.settlement.town import (
    AT_HOSPITAL,
    HOSPITAL,
    adopt,
    designate,
    resident,
    settled,
    small_policy,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.platform.base.models import Institution, Region
from tuodi.platform.settlement.domain import Answer, Bill

PEOPLE, THREADS = 12, 4


def prepare(folder: Path) -> None:
    for code, name in (("370000", "山东省"), ("371500", "聊城市"), ("371502", "东昌府区")):
        Region.objects.create(code=code, name=name)
    Institution.objects.create(code=HOSPITAL, name="东昌府区人民医院", region_id="371502", level=3)
    designate(HOSPITAL)
    adopt(small_policy(folder, "rate: 70%, limit: {relief: 20000}"))
    print(*[resident("subsistence_allowance") for _ in range(PEOPLE)], sep=",")


def bill_of(number: int, people: list[int]) -> Bill:
    """Always the same bill of a number, in whichever process."""
    chance = random.Random(number)
    return stay(chance.choice(people), f"{chance.randint(1, 900)}.{chance.randint(0, 99):02}", key=f"K{number}")


def settle(people: list[int], file: str, first: int, last: int) -> None:
    acknowledged = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def one(number: int) -> None:
        answer = _patiently(bill_of(number, people))
        os.write(acknowledged, f"{number} {answer.settlement} {answer.relief}\n".encode())

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(first, last)))


def _patiently(bill: Bill) -> Answer:
    """As a sender does: the same bill under the same key, until it is answered."""
    for _ in range(600):
        try:
            return settled(bill, AT_HOSPITAL)
        except Faults as faults:
            if faults.findings[0].code != "busy":
                raise
            time.sleep(0.1)
    raise TimeoutError(bill.key)
