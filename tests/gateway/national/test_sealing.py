"""SM4 around a message."""

from __future__ import annotations

import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.sample import ASSISTED, NOW, desk, message
from tuodi.core.finding import Faults
from tuodi.gateway.national.door import Door, serve
from tuodi.gateway.national.sealing import Sm4

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def test_one_block_is_that_of_the_standard() -> None:
    """GB/T 32907-2016, appendix A.1."""
    assert "681edf34d206965e86b3e94f536e4246" == base64.b64decode(Sm4(key=KEY).close(KEY))[:16].hex()


@given(text=st.text(), chained=st.booleans())
def test_what_was_closed_opens(text: str, chained: bool) -> None:
    text = text.encode(errors="replace").decode()
    sealing = Sm4(key=KEY, chained=chained)

    assert text == sealing.open(sealing.close(text.encode()), "")


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize("text", ["", "!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "é"])
def test_what_was_not_closed_so_is_a_finding(text: str, chained: bool) -> None:
    with pytest.raises(Faults, match="无法解密"):
        Sm4(key=KEY, chained=chained).open(text, "")


def test_a_sealed_message_gets_a_sealed_answer() -> None:
    sealing = Sm4(key=KEY)
    given_ = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number}}
    body = message("1101", sealing.close(orjson.dumps(given_)), enc_type="SM4")

    answered = orjson.loads(serve(body, {}, Door(cryptography=sealing), lambda _: desk(), NOW).body)

    assert 0 == answered["infcode"]
    assert ASSISTED.number == orjson.loads(sealing.open(answered["output"], ""))["baseinfo"]["psn_no"]


def test_a_sealed_message_to_a_door_without_sealing_is_told_so() -> None:
    body = message("1101", Sm4(key=KEY).close(b"{}"))

    answered = orjson.loads(serve(body, {}, Door(), lambda _: desk(), NOW).body)

    assert (-1, "交易输入（input）不是 JSON 对象，本平台未启用报文加密") == (answered["infcode"], answered["err_msg"])


def test_a_key_of_another_length_is_refused_before_any_message() -> None:
    with pytest.raises(ValueError, match="16字节"):
        Sm4(key=b"short")
