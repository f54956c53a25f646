"""A simulated hospital at a desk that keeps everything in memory: days without a complaint, and faults that it sees."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from tests.gateway.hospital.planting import Planter
from tests.gateway.memory_desk import MemoryDesk
from tests.gateway.sample import person
from tuodi.gateway.hospital.asked import Asked, Hospital, Patient, Send
from tuodi.gateway.hospital.run import run
from tuodi.gateway.hospital.told import Told
from tuodi.gateway.national.behaviour import MessageKey
from tuodi.gateway.national.desk import Refused
from tuodi.gateway.national.door import Door, serve
from tuodi.gateway.national.fields import CHINA

PEOPLE = [
    person("37150000000000000001", "371591196001010017", "subsistence_allowance"),
    person("37150000000000000002", "371591196001010033"),
    person("37150000000000000003", "37159119600101005X", "extreme_poverty"),
]
HOSPITAL = Hospital(code="H99000000001", name="示例医院", region="371500", clearing_region="371500")
ASKED = Asked(
    hospital=HOSPITAL,
    patients=tuple(Patient(document_number=one.document_number, name=one.name) for one in PEOPLE),
    seed=7,
    first_day=date(2025, 1, 10),
    days=2,
    visits_a_day=12,
    cancelled_per_100=25,
    reversed_per_100=25,
)


def losing(chance: Random, of_100: int) -> Callable[[Send], Send]:
    """A line that loses so many of 100 exchanges: messages on their way there, or answers on their way back."""

    def change(send: Send) -> Send:
        def lossy(body: bytes, headers: Mapping[str, str]) -> bytes:
            dice = chance.randrange(200)
            if dice < of_100:
                raise TimeoutError("never arrived")
            answer = send(body, headers)
            if dice < 2 * of_100:
                raise TimeoutError("lost on the way back")
            return answer

        return lossy

    return change


class Clock:
    """A second passes each time that somebody asks."""

    def __init__(self) -> None:
        self.time = datetime(2025, 1, 10, 8, tzinfo=CHINA)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def at(desk: MemoryDesk, clock: Clock) -> Send:
    return lambda body, headers: serve(body, headers, Door(), lambda _: desk, clock()).body


def told(change: Callable[[Send], Send] = lambda send: send, asked: Asked = ASKED) -> Told:
    desk, clock = MemoryDesk(PEOPLE), Clock()
    return run(asked, change(at(desk, clock)), lambda _: {}, clock)


def test_two_days_pass_without_a_complaint() -> None:
    found = told()

    assert [] == [str(complaint) for complaint in found.complaints]
    assert {"1101", "2201", "2204", "2206", "2207", "2301", "2303", "2304", "2401", "2402"} <= set(found.sent)
    assert {"2202", "2205", "2302", "5203", "5206"} <= set(found.sent)
    assert {"2305", "2601", "3201", "3202", "9101", "9102"} <= set(found.sent)
    assert min(found.settled, found.cancelled, found.reversed, found.repeated, found.relief) > 0


def test_the_same_seed_sends_the_same_messages() -> None:
    def kept(bodies: list[bytes]) -> Callable[[Send], Send]:
        def change(send: Send) -> Send:
            def keeping(body: bytes, headers: Mapping[str, str]) -> bytes:
                bodies.append(body)
                return send(body, headers)

            return keeping

        return change

    one: list[bytes] = []
    other: list[bytes] = []
    told(kept(one))
    told(kept(other))

    assert one == other


def test_lost_answers_are_asked_for_again_and_nothing_is_settled_twice() -> None:
    def losing(send: Send) -> Send:
        count = 0

        def lossy(body: bytes, headers: Mapping[str, str]) -> bytes:
            nonlocal count
            count += 1
            answer = send(body, headers)
            if count % 5 == 0:
                raise TimeoutError("lost on the way")
            return answer

        return lossy

    found = told(losing)

    assert found.unknown > 10
    assert [] == [str(complaint) for complaint in found.complaints]


def test_a_settlement_without_any_answer_is_reversed() -> None:
    def deaf(send: Send) -> Send:
        def unheard(body: bytes, headers: Mapping[str, str]) -> bytes:
            answer = send(body, headers)
            if b'"infno":"2304"' in body:
                raise TimeoutError("no answer")
            return answer

        return unheard

    found = told(deaf)

    assert [] == [str(complaint) for complaint in found.complaints]
    assert found.withdrawn > 0


@pytest.mark.parametrize("delivered", [True, False])
def test_a_cancel_without_any_answer_is_reversed_and_the_settlement_stands(delivered: bool) -> None:
    def deaf(send: Send) -> Send:
        def unheard(body: bytes, headers: Mapping[str, str]) -> bytes:
            cancels = b'"infno":"2305"' in body or b'"infno":"2208"' in body
            if cancels and not delivered:
                raise TimeoutError("never arrived")
            answer = send(body, headers)
            if cancels:
                raise TimeoutError("no answer")
            return answer

        return unheard

    found = told(deaf)

    assert [] == [str(complaint) for complaint in found.complaints]
    assert found.withdrawn > 0
    assert 0 == found.cancelled


@pytest.mark.parametrize("seed", range(5))
def test_with_nearly_every_second_exchange_lost_on_its_way_there_or_back_the_books_agree(seed: int) -> None:
    found = told(losing(Random(seed), 45), replace(ASKED, seed=seed))

    assert [] == [str(complaint) for complaint in found.complaints]
    assert found.unknown > 100


@pytest.mark.parametrize("seed", range(5))
def test_exactly_the_differences_that_were_planted_are_named(seed: int) -> None:
    planter = Planter(Random(seed))

    def planting(send: Send) -> Send:
        return lambda body, headers: planter.exchange(body, lambda changed: send(changed, headers))

    found = told(lambda send: planting(losing(Random(seed), 10)(send)), replace(ASKED, seed=seed))

    assert planter.planted == planter.named
    assert {"1", "2", "3"} == set(planter.named.values())
    assert found.cancelled > 0


def test_a_platform_that_pays_a_cent_too_little_is_found_out() -> None:
    def short(send: Send) -> Send:
        def paying(body: bytes, headers: Mapping[str, str]) -> bytes:
            answer = send(body, headers)
            return answer.replace(b'"maf_pay":', b'"maf_pay":1') if b'"infno":"2207"' in body else answer

        return paying

    texts = {complaint.text.partition("：")[0] for complaint in told(short).complaints}

    assert {"金额不平", "结算与预结算不一致"} <= texts


def test_a_platform_that_forgets_messages_is_found_out() -> None:
    class Forgetful(MemoryDesk):
        def once(self, key: MessageKey, digest: bytes, work: Callable[[], bytes | None]) -> bytes | Refused | None:
            return super().once(replace(key, message=f"{key.message}-{self.next_serial()}"), digest, work)

    clock = Clock()
    found = run(ASKED, at(Forgetful(PEOPLE), clock), lambda _: {}, clock)

    assert "重发同一报文得到了不同的应答" in {complaint.text for complaint in found.complaints}


def test_somebody_whom_the_platform_does_not_know_is_a_refusal_and_no_complaint() -> None:
    stranger = Asked(
        hospital=HOSPITAL,
        patients=(Patient(document_number="371591196001010092", name="示例乙"),),
        seed=1,
        first_day=date(2025, 1, 10),
    )

    found = told(asked=stranger)

    assert found.sound
    assert {"未查询到该人员的参保信息"} == {refusal.text for refusal in found.refusals}


def test_the_messages_have_the_form_that_the_field_uses() -> None:
    heads = []

    def seeing(send: Send) -> Send:
        def look(body: bytes, headers: Mapping[str, str]) -> bytes:
            heads.append({name: value for name, value in json.loads(body).items() if name != "input"})
            return send(body, headers)

        return look

    told(seeing)

    assert all(30 == len(head["msgid"]) and head["msgid"].startswith("H99000000001202501") for head in heads)
    assert len({head["msgid"] for head in heads}) > 100
