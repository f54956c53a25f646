"""Signatures, held against values that openssl computed; each way of being turned away."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tuodi.gateway.national.fields import CHINA
from tuodi.gateway.national.signature import Credential, GateRefusal, hmac_sm3, verify

NOW = datetime(2025, 1, 10, 10, 0, 1, tzinfo=CHINA)
BODY = b'{"infno":"1101"}'
HOLDER = Credential(key="AK1", secret=b"secret-1", variants=frozenset({"api", "tif", "ca", "apikey"}))

# printf '…' | openssl dgst -sha1 -hmac secret-1 -binary | base64, and -sm3 -hmac, and -sha256
API = {
    "_api_name": "callService",
    "_api_version": "1.0",
    "_api_timestamp": "1736474401250",
    "_api_access_key": "AK1",
    "_api_signature": "4w1P/XuGJQry71p1jYfHRH88hC0=",
}
TIF = {
    "x-tif-paasid": "AK1",
    "x-tif-timestamp": "1736474401",
    "x-tif-nonce": "n-1",
    "x-tif-signature": "4a11b78245c24d69f50dfe22bd88a97299c6f119729f0a12c1abaa229003ce2e",
}
CA = {
    "x-ca-key": "AK1",
    "x-ca-signature": "1736474401:6A04E603C89EDE3278AF33799BC406032673E3AB22E5A442183F510CA5458273",
}


class Keys:
    def find(self, key: str) -> Credential | None:
        return HOLDER if key == HOLDER.key else None

    def find_by_secret(self, secret: bytes) -> Credential | None:
        return HOLDER if secret == HOLDER.secret else None


class Seen:
    def __init__(self) -> None:
        self.bound: dict[tuple[str, str], bytes] = {}

    def claim(self, key: str, nonce: str, digest: bytes, until: datetime) -> bytes:
        assert until > NOW
        return self.bound.setdefault((key, nonce), digest)


def verified(headers: dict[str, str], body: bytes = BODY, now: datetime = NOW) -> str:
    """The key of who was let in, or the reason why not."""
    found = verify(headers, body, Keys(), Seen(), now)
    return found.message if isinstance(found, GateRefusal) else found.key


@pytest.mark.parametrize("headers", [API, TIF, CA, {"apikey": "secret-1"}], ids=["api", "tif", "ca", "apikey"])
def test_a_right_signature_is_let_in(headers: dict[str, str]) -> None:
    assert "AK1" == verified(headers)


def test_names_of_headers_may_be_changed_as_web_servers_do() -> None:
    assert "AK1" == verified({name.replace("_", "-").title(): value for name, value in API.items()})


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "请求头缺少 签名信息"),
        ({name: value for name, value in API.items() if name != "_api_version"}, "请求头缺少 _api_version"),
        ({**API, "_api_access_key": "AK2"}, "访问密钥不存在"),
        ({**API, "_api_signature": "AAAA"}, "签名不一致"),
        ({**API, "_api_name": "other"}, "签名不一致"),
        ({**API, "_api_timestamp": "soon"}, "时间戳与服务器时间相差超过30分钟"),
        ({**TIF, "x-tif-nonce": "n-2"}, "签名不一致"),
        ({**CA, "x-ca-signature": "1736474401"}, "签名不一致"),
        ({**CA, "x-ca-key": "AK2"}, "访问密钥不存在"),
        ({"apikey": "wrong"}, "访问密钥不存在"),
        ({"apikey": "\udc80"}, "访问密钥不存在"),
    ],
)
def test_a_wrong_one_is_turned_away_with_its_cause(headers: dict[str, str], reason: str) -> None:
    assert reason == verified(headers)


@pytest.mark.parametrize("minutes", [-31, 31])
@pytest.mark.parametrize("headers", [API, TIF, CA], ids=["api", "tif", "ca"])
def test_a_signature_lives_for_thirty_minutes(headers: dict[str, str], minutes: int) -> None:
    assert "AK1" == verified(headers, now=NOW + timedelta(minutes=29))
    assert "时间戳与服务器时间相差超过30分钟" == verified(headers, now=NOW + timedelta(minutes=minutes))


def test_the_sm3_signature_covers_the_body() -> None:
    assert "签名不一致" == verified(CA, body=BODY + b" ")


def test_a_nonce_comes_again_only_with_the_same_body() -> None:
    seen = Seen()

    first, again, other = (verify(TIF, body, Keys(), seen, NOW) for body in (BODY, BODY, b"{}"))

    assert HOLDER == first == again
    assert GateRefusal(message="签名随机数已用于其他报文") == other


def test_a_variant_that_was_not_given_to_the_key_is_unknown() -> None:
    class Narrow(Keys):
        def find(self, key: str) -> Credential | None:
            return Credential(key=key, secret=HOLDER.secret, variants=frozenset({"ca"}))

    assert GateRefusal(message="访问密钥不存在") == verify(API, BODY, Narrow(), Seen(), NOW)


def test_a_refusal_has_a_body_of_its_own() -> None:
    assert {"code": 401, "message": "签名不一致"} == json.loads(GateRefusal(message="签名不一致").body())


def test_hmac_over_sm3_is_that_of_openssl() -> None:
    assert "28e63256e7c5a087b1f073265dc53092163f7b82729735d06f28f10af9d52393" == hmac_sm3(b"key", b"abc").hex()
