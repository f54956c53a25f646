"""Days in made-up time: each on its own day, reconciled in the evening."""

from __future__ import annotations

from datetime import date, datetime

from tests.gateway.hospital.test_run import HOSPITAL, PEOPLE
from tests.gateway.memory_desk import MemoryDesk
from tuodi.gateway.hospital.asked import Patient
from tuodi.gateway.hospital.play import Answer, play
from tuodi.gateway.hospital.told import Told
from tuodi.gateway.national.door import Door, serve
from tuodi.gateway.national.fields import CHINA

PATIENTS = [Patient(document_number=one.document_number, name=one.name) for one in PEOPLE]


def three_days(send: Answer) -> Told:
    return play(
        institution=HOSPITAL, persons=PATIENTS, first_day=date(2025, 1, 30), days=3, send=send, visits_a_day=6
    )  # fmt: skip


def test_each_day_passes_on_its_own_day_and_is_reconciled() -> None:
    desk, moments = MemoryDesk(PEOPLE), list[datetime]()

    def at(body: bytes, now: datetime) -> bytes:
        moments.append(now)
        return serve(body, {}, Door(), lambda _: desk, now).body

    told = three_days(at)

    assert [] == [str(complaint) for complaint in told.complaints]
    assert [date(2025, 1, 30), date(2025, 1, 31), date(2025, 2, 1)] == sorted({each.date() for each in moments})
    assert (True, 3) == (told.sent["3202"] >= 3, told.sent["9001"])
    assert told.settled >= 18
    assert all(CHINA == each.tzinfo for each in moments)


def test_complaints_of_all_days_are_told_together() -> None:
    def broken(_body: bytes, _now: datetime) -> bytes:
        return b'{"infcode":"-1","err_msg":""}'

    told = three_days(broken)

    assert ["9001", "9002"] * 3 == [one.transaction for one in told.complaints if one.transaction[0] == "9"]
