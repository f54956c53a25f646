"""SM2 by the standard's own examples, and over envelopes: another's, changed, cut and repeated ones are not taken."""

from __future__ import annotations

import base64
import importlib
import json
import sys
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.gateway.memory_desk import MemoryDesk
from tests.gateway.sample import ASSISTED, HOSPITAL, NOW, desk, message
from tuodi.gateway.national.door import Door, serve
from tuodi.gateway.national.envelope import read_request, signed_text
from tuodi.gateway.national.sm2 import Sm2, Sm2Missing, sm2

# GB/T 32918.5-2017, appendix A: the recommended curve; A.2 a signature, A.3 an encryption.
PRIVATE = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
PUBLIC = (
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
R = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
S = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
SEALED = bytes.fromhex(
    "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "21886ca989ca9c7d58087307ca93092d651efa"
)
OTHER_PRIVATE = "00" * 31 + "07"


@pytest.fixture
def keys() -> Sm2:
    pytest.importorskip("gmssl_pyx")
    return sm2(public_key=PUBLIC, private_key=PRIVATE)


@pytest.fixture
def other(keys: Sm2) -> Sm2:
    """A pair of keys of somebody else."""
    public, private = importlib.import_module("gmssl_pyx").sm2_key_generate()
    return sm2(public_key=public.hex(), private_key=private.hex())


# ---- the standard ----------------------------------------------------------------------------------------------------


def forms() -> dict[str, str]:
    raw = bytes.fromhex(R + S)
    der = encode_dss_signature(int(R, 16), int(S, 16))
    return {
        "hex": (R + S), "capitals": (R + S).upper(), "base64": base64.b64encode(raw).decode(), "DER as hex": der.hex(),
        "DER as base64": base64.b64encode(der).decode(),
    }  # fmt: skip


@pytest.mark.parametrize("form", forms())
def test_the_signature_of_the_standard_holds_in_every_form(keys: Sm2, form: str) -> None:
    assert keys.holds(b"message digest", forms()[form])
    assert not keys.holds(b"message digest.", forms()[form])


def test_what_the_standard_has_encrypted_opens(keys: Sm2) -> None:
    assert b"encryption standard" == keys.open(SEALED)


@pytest.mark.parametrize("text", [b"", b"x", "住院".encode(), b"x" * 10_000])
def test_what_was_signed_holds_for_its_text_and_its_key_alone(keys: Sm2, other: Sm2, text: bytes) -> None:
    signature = keys.sign(text)

    assert (True, 128) == (keys.holds(text, signature), len(signature))
    assert [False, False, False] == [
        keys.holds(text + b"y", signature), other.holds(text, signature), keys.holds(text, other.sign(text))
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 16, 90, 91, 92, 155, 156, 255])
def test_a_short_secret_opens_again_of_whatever_length(keys: Sm2, other: Sm2, size: int) -> None:
    for _ in range(20):  # coordinates with leading zeros, now and then
        assert bytes(range(size)) == keys.open(keys.seal(bytes(range(size))))
    with pytest.raises(ValueError, match="SM2"):
        other.open(keys.seal(bytes(size)))


@pytest.mark.parametrize("cut", [0, 1, 33, 65, 96, 97, 110])
def test_a_cipher_text_that_was_cut_does_not_open(keys: Sm2, cut: int) -> None:
    with pytest.raises(ValueError, match="SM2"):
        keys.open(SEALED[:cut])


@pytest.mark.parametrize("place", [0, 1, 40, 70, 100, -1])
def test_a_cipher_text_that_was_changed_does_not_open(keys: Sm2, place: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1

    with pytest.raises(ValueError, match="SM2"):
        keys.open(bytes(changed))


@pytest.mark.parametrize(
    "signature",
    ["", "null", "0" * 128, "f" * 128, R, R + S + "00", (R + S)[:-2], "30", "3006020100020100", "签名"],
)
def test_what_is_no_signature_holds_for_nothing(keys: Sm2, signature: str) -> None:
    assert not keys.holds(b"message digest", signature)


@pytest.mark.parametrize(
    "pair", [("00" * 64, ""), ("zz", ""), (PUBLIC[:-2], ""), (PUBLIC, "11"), (PUBLIC, "zz"), (PUBLIC[:-2] + "14", "")]
)
def test_keys_that_are_none_are_refused_before_any_message(keys: Sm2, pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="SM2"):
        sm2(public_key=pair[0], private_key=pair[1])


def test_a_public_key_may_carry_its_04(keys: Sm2) -> None:
    assert keys.public_key == sm2(public_key="04" + PUBLIC).public_key


def test_without_its_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)

    with pytest.raises(Sm2Missing, match=r"tuodi\[sm2\]"):
        sm2(public_key=PUBLIC)


# ---- envelopes -------------------------------------------------------------------------------------------------------


def signed(keys: Sm2, data: Any = None, infno: str = "1101", **head: Any) -> bytes:
    """A message whose envelope is signed as it is sent."""
    asked = data or {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number}}
    plain = json.loads(message(infno, asked, "M1", signtype="SM2", **head))
    return json.dumps({**plain, "cainfo": keys.sign(signed_text(plain))}, ensure_ascii=False).encode()


def told(body: bytes, keys: Sm2 | None, at: MemoryDesk | None = None, late: timedelta = timedelta()) -> str:
    """Why it was not taken; empty where it was."""
    door = Door(signers=lambda institution: keys if institution == HOSPITAL else None)
    answered = json.loads(serve(body, {}, door, lambda _: at or desk(), NOW + late).body)
    return str(answered["err_msg"] or "")


def test_an_envelope_that_its_institution_has_signed_is_taken(keys: Sm2) -> None:
    assert "" == told(signed(keys), keys)
    assert "" == told(signed(keys, inf_time="20250110100000"), keys)


def test_an_envelope_of_another_key_or_changed_or_without_signature_is_not(keys: Sm2, other: Sm2) -> None:
    body = signed(keys)

    assert "数字签名（cainfo）与报文头或公钥不符" == told(body, other)
    assert "数字签名（cainfo）与报文头或公钥不符" == told(body.replace("操作员".encode(), "别的人".encode()), keys)
    assert "报文没有数字签名（cainfo）" == told(message("1101", {"data": {}}, "M1"), keys)
    assert f"机构 {HOSPITAL} 没有登记签名公钥" == told(body, None)


def test_a_signature_that_was_cut_is_not_taken(keys: Sm2) -> None:
    whole = json.loads(signed(keys))
    for length in (1, 64, 127):
        cut = json.dumps({**whole, "cainfo": whole["cainfo"][:length]}, ensure_ascii=False).encode()
        assert "数字签名（cainfo）与报文头或公钥不符" == told(cut, keys)


def test_an_envelope_is_not_sent_again_later_nor_with_another_input(keys: Sm2) -> None:
    reversal = {"data": {"psn_no": ASSISTED.number, "omsgid": "M0", "oinfno": "2304"}}
    at, body = desk(), signed(keys, reversal, infno="2601")
    assert "" == told(body, keys, at)

    assert "相差超过30分钟" in told(body, keys, at, late=timedelta(minutes=31))
    assert "" == told(body, keys, at)
    assert "内容不同的报文" in told(body.replace(b'"omsgid": "M0"', b'"omsgid": "M9"'), keys, at)


def test_what_is_signed_are_the_filled_fields_in_order_as_they_were_sent() -> None:
    text = read_request(message("1101", {"data": {}}, "M1", inf_time="20250110100000")).signed

    assert text.startswith("dev_no=null&fixmedins_code=H99000000001&fixmedins_name=示例医院&".encode())
    assert b"&inf_time=20250110100000&" in text
    assert b"cainfo" not in text
