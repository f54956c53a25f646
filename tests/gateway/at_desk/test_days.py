"""Days of a simulated hospital at the platform's desk: no complaint, and books that stand the audit."""

from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import patient
from tests.gateway.hospital.planting import Planter
from tests.platform.settlement.town import COUNTY, HOSPITAL, OTHER_COUNTY
from tuodi.gateway.at_desk.door import closed_line
from tuodi.gateway.hospital.asked import Hospital
from tuodi.gateway.hospital.play import Answer, play
from tuodi.gateway.hospital.told import Told
from tuodi.platform.settlement.models import Settlement

pytestmark = pytest.mark.slow

AT = Hospital(code=HOSPITAL, name="示例医院", region=COUNTY, clearing_region=COUNTY)


def days(send: Answer, days: int, seed: int = 1, **more: Any) -> Told:
    persons = [
        patient("subsistence_allowance"),
        patient(),
        patient("extreme_poverty", county=OTHER_COUNTY),
        patient("low_income", kind="employee"),
    ]
    return play(
        institution=AT, persons=persons, first_day=date(2025, 3, 3), days=days, send=send, seed=seed, **more
    )  # fmt: skip


def test_days_pass_without_a_complaint(town: None):
    told = days(closed_line(HOSPITAL, COUNTY), 4)

    assert [] == [str(complaint) for complaint in told.complaints]
    assert min(told.settled, told.cancelled, told.repeated, told.relief) > 0
    assert told.settled - told.cancelled - told.reversed == _standing()
    no_findings()


def test_lost_answers_settle_nothing_twice(town: None):
    line, sent = closed_line(HOSPITAL, COUNTY), []

    def lossy(body: bytes, now: datetime) -> bytes:
        answer = line(body, now)
        sent.append(body)
        if len(sent) % 5 == 0:
            raise TimeoutError("lost on the way")
        return answer

    told = days(lossy, 2, seed=2)

    assert told.unknown > 10
    assert [] == [str(complaint) for complaint in told.complaints]
    assert told.settled - told.cancelled - told.reversed == _standing()
    no_findings()


@pytest.mark.parametrize("seed", [3, 4])
def test_messages_and_answers_lost_everywhere_leave_books_that_agree(town: None, seed: int):
    line, chance = closed_line(HOSPITAL, COUNTY), Random(seed)

    def lossy(body: bytes, now: datetime) -> bytes:
        dice = chance.randrange(100)
        if dice < 20:
            raise TimeoutError("never arrived")
        answer = line(body, now)
        if dice < 40:
            raise TimeoutError("lost on the way back")
        return answer

    told = days(lossy, 3, seed=seed)

    assert told.unknown > 100
    assert [] == [str(complaint) for complaint in told.complaints]
    assert told.settled - told.cancelled - told.reversed == _standing()
    no_findings()


def test_exactly_the_differences_that_were_planted_are_named(town: None):
    line, planter = closed_line(HOSPITAL, COUNTY), Planter(Random(5))

    days(lambda body, now: planter.exchange(body, lambda changed: line(changed, now)), 2, seed=5)

    assert planter.planted == planter.named
    assert {"1", "2", "3"} == set(planter.named.values())


def _standing() -> int:
    origins = Settlement.objects.values_list("origin", flat=True)
    gone = Settlement.objects.filter(kind="cancelled").values_list("origin", flat=True)
    return len({*origins} - {*gone})
