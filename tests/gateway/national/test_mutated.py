"""Spoilt messages by the thousand: each is answered in the form of the interface, and no sum is broken."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from random import Random

import pytest

from tests.gateway.hospital.test_run import ASKED, PEOPLE, Clock, at
from tests.gateway.memory_desk import MemoryDesk
from tests.gateway.mutating import bomb, mutated, nested
from tests.gateway.sample import NOW, desk, message
from tuodi.gateway.hospital.run import run
from tuodi.gateway.national.amounts import check_identities
from tuodi.gateway.national.door import BYTES, Door, Response, serve
from tuodi.gateway.national.fields import read_record
from tuodi.gateway.national.messages.settlement import SettlementAnswer

MANY = int(os.environ.get("TUODI_MANY", "10000"))


def messages() -> list[bytes]:
    """All that a simulated hospital sends in two days: every transaction."""
    clock, sent = Clock(), []
    answered = at(MemoryDesk(PEOPLE), clock)

    def keeping(body: bytes, headers: Mapping[str, str]) -> bytes:
        sent.append(body)
        return answered(body, headers)

    run(ASKED, keeping, lambda _: {}, clock)
    return sent


def well_answered(response: Response) -> bool:
    """HTTP 200, a file or an envelope; a refusal has words that fit; sums hold to the cent."""
    assert 200 == response.status
    if response.content_type == BYTES:
        return True
    answer = json.loads(response.body, parse_float=str)
    assert answer["infcode"] in (0, -1)
    if answer["infcode"] == -1:
        assert 0 < len(answer["err_msg"]) <= 200
        assert answer["output"] is None
    elif "psn_cash_pay" in ((answer["output"] or {}).get("setlinfo") or {}):
        told = read_record(SettlementAnswer, answer["output"])
        assert [] == [*check_identities(told.setlinfo, told.setldetail)]
    return answer["infcode"] == 0


def some_are_taken(many: int) -> int:
    """How many of the spoilt messages succeed: what was spoilt may have been nothing that counts."""
    chance, sent, clock = Random(20261128), messages(), Clock()
    at_desk, taken = MemoryDesk(PEOPLE), 0
    for number in range(many):
        body = sent[number % len(sent)]
        well_answered(serve(body, {}, Door(), lambda _: at_desk, clock()))  # the state goes on as it would
        taken += well_answered(serve(mutated(body, chance, sent), {}, Door(), lambda _: at_desk, clock()))
    return taken


def test_five_hundred_spoilt_messages_are_answered() -> None:
    assert 0 < some_are_taken(500) < 250


@pytest.mark.slow
def test_thousands_of_spoilt_messages_are_answered() -> None:
    assert 0 < some_are_taken(MANY) < MANY / 2


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"\xff\xfe", b"null", b"[]", b'"x"', b"1e999", b"{", b"{" * 100_000, nested(50), nested(100_000),
        b'{"infno":' + b"9" * 1_000_000 + b"}", b'{"infno":1e1000000000}', b'{"infno":-0.' + b"0" * 100_000 + b"1}",
        b'{"a":1,"a":2}', b'{"infno":"\\ud800"}', b"{'infno':'1101'}", b"\x00" * 1_000,
        '{"infno":"1101"}'.encode("utf-16"), "{“infno”:“1101”}".encode("gb18030"),
    ],
    ids=range(20),
)  # fmt: skip
def test_what_is_hardly_a_message_is_refused_in_words(body: bytes) -> None:
    assert not well_answered(serve(body, {}, Door(), lambda _: desk(), NOW))


@pytest.mark.parametrize(
    "amount", ["1e400", "9" * 400, "1E+1000000000", "0." + "9" * 1_000_000, "NaN", "1_000", "１０"]
)
def test_an_amount_that_nobody_can_count_is_refused_in_words(amount: str) -> None:
    body = message("2304", {"data": {"medfee_sumamt": amount}})

    assert not well_answered(serve(body, {}, Door(), lambda _: desk(), NOW))


def test_a_file_that_swells_is_refused_before_it_is_unpacked() -> None:
    """64 MB of text in a ZIP of some kB."""
    at_desk, packed = desk(), bomb()
    assert len(packed) < 1_000_000
    up = {"in": base64.b64encode(packed).decode(), "filename": "x.zip", "fixmedins_code": "H99000000001"}
    kept = json.loads(serve(message("9101", {"fsUploadIn": up}), {}, Door(), lambda _: at_desk, NOW).body)["output"]
    claimed = {
        "setl_optins": "371500", "file_qury_no": kept["file_qury_no"], "stmt_begndate": "2025-01-10",
        "stmt_enddate": "2025-01-10", "medfee_sumamt": "0", "fund_pay_sumamt": "0", "cash_payamt": "0",
        "fixmedins_setl_cnt": "0", "clr_type": "21",
    }  # fmt: skip

    response = serve(message("3202", {"data": claimed}, "M9"), {}, Door(), lambda _: at_desk, NOW)

    assert not well_answered(response)
    assert "32" in json.loads(response.body)["err_msg"]
