"""Requests from bytes, answers to bytes: whatever comes, findings and no traceback."""

from __future__ import annotations

import json
import random
from datetime import datetime
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.sample import ASSISTED, NOW, desk, message, opened_stay, settlement
from tuodi.core.finding import Faults
from tuodi.gateway.national.door import Door, serve
from tuodi.gateway.national.envelope import (
    Answer,
    read_answer,
    read_request,
    reference_number,
    refusal_of,
    stamp,
    write_request,
)
from tuodi.gateway.national.fields import CHINA, read_record
from tuodi.gateway.national.json_text import Limits, read_json, write_json
from tuodi.gateway.national.messages.person import PersonAsked, PersonMessage


def codes(body: bytes) -> list[str]:
    with pytest.raises(Faults) as caught:
        read_request(body)
    return [finding.code for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"\xff\xfe{}", "message-not-utf-8"),
        ("{中文}".encode("gb18030"), "message-not-utf-8"),
        (b"[]", "not-an-envelope"),
        (b"1e400", "number-too-long"),
        (b"1e99999999999999999999", "number-too-long"),
        (b"-1E-77", "number-too-long"),
        (b"1" * 5000, "number-too-long"),
        (b"NaN", "not-json"),
        (b"[-Infinity]", "not-json"),
        (b'{"a":1,"a":2}', "key-twice"),
        (b'{"a":"\\u0000"}', "broken-text"),
        (b'{"a":"\\ud800"}', "broken-text"),
        (b'{"\\udc00":1}', "broken-text"),
        (b"[" * 100_000, "message-too-deep"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "message-too-deep"),
    ],
)
def test_what_is_no_message_is_a_finding(body: bytes, code: str) -> None:
    assert [code] == codes(body)


def test_a_bracket_inside_a_text_is_no_level() -> None:
    assert {"a": "[" * 100 + '"'} == read_json(json.dumps({"a": "[" * 100 + '"'}).encode())


def test_too_many_bytes_are_a_finding_before_anything_is_read() -> None:
    with pytest.raises(Faults, match="超过 10 字节"):
        read_json(b"x" * 11, Limits(bytes=10))


def test_a_byte_order_mark_is_let_pass() -> None:
    assert "1101" == read_request(b"\xef\xbb\xbf" + message("1101", {"data": {}})).head.infno


def test_every_missing_field_of_the_envelope_is_named() -> None:
    with pytest.raises(Faults) as caught:
        read_request(b'{"infno":"1101"}')

    places = [finding.place.path for finding in caught.value.findings]
    assert ["msgid", "mdtrtarea_admvs", "recer_sys_code", "infver", "opter_type"] == places[:5]


def test_the_word_null_is_nothing_and_a_time_of_digits_is_a_time() -> None:
    head = read_request(message("1101", {"data": {}}, inf_time="20250110100000")).head

    assert ("", "", datetime(2025, 1, 10, 10, tzinfo=CHINA)) == (head.dev_no, head.sign_no, head.inf_time)


@pytest.mark.parametrize("given_input", [None, "", [], "[]", 5])
def test_an_input_that_is_none_is_a_finding(given_input: object) -> None:
    with pytest.raises(Faults, match="input"):
        read_request(message("1101", given_input))


def test_the_digest_is_of_what_is_asked_however_it_is_written() -> None:
    one = read_request(message("2304", {"data": {"a": 10.50, "b": "x"}}))
    text = json.dumps({"data": {"b": "x", "a": 10.5}})
    same = read_request(message("2304A", text, "M2", inf_time="2025-01-11 00:00:00"))
    other = read_request(message("2304", {"data": {"a": 10.51, "b": "x"}}))

    assert one.digest == same.digest
    assert one.digest != other.digest


def test_numbers_of_an_answer_stand_digit_by_digit() -> None:
    body = Answer(
        code=0, output={"paid": orjson.Fragment(b"0.10"), "big": orjson.Fragment(b"99999999999999.99")}
    ).body()

    assert b'"paid":0.10,"big":99999999999999.99' in body
    assert {"paid": Decimal("0.10"), "big": Decimal("99999999999999.99")} == read_answer(body).output


def test_a_refusal_keeps_to_the_length_of_its_field_and_tells_all_beside_it() -> None:
    with pytest.raises(Faults) as caught:
        read_request(b"{}")

    findings = caught.value.findings * 2
    body = orjson.loads(refusal_of(findings).body())

    assert (-1, 200, None) == (body["infcode"], len(body["err_msg"]), body["output"])
    assert len(findings) == len(body["warn_msg"].splitlines())


def test_a_text_with_half_a_character_never_leaves() -> None:
    body = Answer(code=-1, message="坏\ud800字\x00").body()

    assert "坏�字�" == read_answer(body).message


def test_times_are_of_china() -> None:
    assert "20250110100001250" == stamp(NOW)
    assert "371500202501101000010000000042" == reference_number("371500", NOW, 42)


def test_what_an_institution_writes_is_what_we_read() -> None:
    request = read_request(message("1101", {"data": {}}))
    asked = PersonMessage(data=PersonAsked(mdtrt_cert_type="02", mdtrt_cert_no=ASSISTED.document_number))

    written = read_request(write_request(request.head, asked))

    assert (request.head, asked) == (written.head, read_record(PersonMessage, dict(written.input)))


whole_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | whole_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(whole_text, inner, max_size=4),
    max_leaves=20,
)


@given(value=json_values)
def test_json_comes_back_as_it_was_written(value: object) -> None:
    assert value == json.loads(json.dumps(read_json(json.dumps(value).encode()), default=int))


@given(body=st.binary(max_size=200))
def test_any_bytes_give_an_answer(body: bytes) -> None:
    assert -1 == read_answer(serve(body, {}, Door(), lambda _: desk(), NOW).body).code


@given(value=json_values)
def test_any_input_gives_an_answer(value: object) -> None:
    body = message("2304", {"data": value})

    assert -1 == read_answer(serve(body, {}, Door(), lambda _: desk(), NOW).body).code


@pytest.mark.slow
def test_ten_thousand_damaged_messages_get_answers() -> None:
    chance = random.Random(20250110)
    at = desk()
    visit = opened_stay(at)
    sound = [
        message("2304", settlement(visit, exp_content={"hifp_pay": 1, "facts": {"a": [1]}, "setldetail": []})),
        message("1101", {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number}}),
        message("2301", {"feedetail": [{"feedetl_sn": "9", "mdtrt_id": visit, "cnt": 1.5, "pric": "2"}]}),
        message("3202", {"data": {"file_qury_no": "1", "stmt_begndate": "2025-01-01", "medfee_sumamt": "-1.00"}}),
        message("9101", {"fsUploadIn": {"in": [80, -1, 255], "filename": "a.zip", "fixmedins_code": "H1"}}),
    ]

    answers = [
        read_answer(serve(damaged(chance.choice(sound), chance), {}, Door(), lambda _: at, NOW).body).code
        for _ in range(10_000)
    ]

    assert {0, -1} == set(answers)


def damaged(body: bytes, chance: random.Random) -> bytes:
    """The message with a few bytes changed, cut, doubled, or exchanged for what hurts."""
    pieces = [b"null", b"{", b"]", b'"', b"1e9", b"-", b"\\ud800", b"\x00", b"\xff", b"[[[[", b"true", "号".encode()]
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(body))
        end = min(len(body), start + chance.choice([0, 1, 1, 5, 40]))
        body = body[:start] + chance.choice([b"", *pieces, body[start:end] * 2]) + body[end:]
    return body or b"{"


def test_written_json_is_whole() -> None:
    assert b'{"a":[1,null,true,"x"]}' == write_json({"a": [1, None, True, "x"]})
