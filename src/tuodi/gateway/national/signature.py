"""The gateways' signatures: who sends a request, or why it is turned away before anybody reads it.

Four variants are in use, told apart by their headers; each caller is allowed its own.

    api     _api_name, _api_version, _api_timestamp (ms), _api_access_key; _api_signature = Base64(HMAC-SHA1(secret,
            the four as k=v, sorted, joined by &)). The body is not under it.
    tif     x-tif-paasid, x-tif-timestamp (s), x-tif-nonce; x-tif-signature = SHA-256 hex of
            timestamp, token, nonce, timestamp
    ca      x-ca-key; x-ca-signature = "<s>:" + HMAC-SM3 hex(secret, timestamp, line break, body)
    apikey  apikey: the secret itself, only behind TLS or on a closed line

Header names are compared without case, and `-` is `_`: web servers change both. A signature lives for 30 minutes. A
nonce may come again only with the same body: that is a client's own retry, which idempotency answers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from tuodi.gateway.national.json_text import write_json

WINDOW = timedelta(minutes=30)

MISSING = "请求头缺少 {}"
EXPIRED = "时间戳与服务器时间相差超过30分钟"
UNKNOWN = "访问密钥不存在"
MISMATCH = "签名不一致"
REPLAYED = "签名随机数已用于其他报文"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key that was given to somebody, and which institutions it may speak for (none: any)."""

    key: str
    secret: bytes
    variants: frozenset[str]
    institutions: frozenset[str] = frozenset()

    def speaks_for(self, institution: str) -> bool:
        """Whether a message of this institution may come under the key."""
        return not self.institutions or institution in self.institutions


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRefusal:
    """Turned away: no envelope, HTTP 401 and a body of its own."""

    message: str
    code: int = 401

    def body(self) -> bytes:
        """The body to send."""
        return write_json({"code": self.code, "message": self.message})


class Credentials(Protocol):
    """Who holds which key."""

    def find(self, key: str) -> Credential | None:
        """The credential with this key."""

    def find_by_secret(self, secret: bytes) -> Credential | None:
        """The credential of an API key, compared in constant time or by a keyed hash."""


class Nonces(Protocol):
    """Which body a nonce was used with."""

    def claim(self, key: str, nonce: str, digest: bytes, until: datetime) -> bytes:
        """The digest that this key's nonce is bound to: the one before, or this one from now until then."""


def verify(
    headers: Mapping[str, str], body: bytes, credentials: Credentials, nonces: Nonces, now: datetime
) -> Credential | GateRefusal:
    """The caller, or why not. `now` is aware."""
    given = {name.lower().replace("-", "_"): value.strip() for name, value in headers.items()}
    for variant, (mark, check) in _VARIANTS.items():
        if mark in given:
            return check(variant, given, body, _Gate(credentials=credentials, nonces=nonces, now=now))
    return GateRefusal(message=MISSING.format("签名信息"))


def api_signature(headers: Mapping[str, str], secret: bytes) -> str:
    """The signature of the four `_api_` headers."""
    text = "&".join(f"{name}={headers[name]}" for name in sorted(_API))
    return base64.b64encode(hmac.new(secret, text.encode(errors="replace"), hashlib.sha1).digest()).decode()


def tif_signature(timestamp: str, nonce: str, token: bytes) -> str:
    """The signature of an x-tif request."""
    return hashlib.sha256(timestamp.encode() + token + nonce.encode(errors="replace") + timestamp.encode()).hexdigest()


def ca_signature(timestamp: str, body: bytes, secret: bytes) -> str:
    """The signature of an x-ca request, with its timestamp."""
    digest = hmac_sm3(secret, timestamp.encode() + b"\n" + body)
    return f"{timestamp}:{digest.hex().upper()}"


def hmac_sm3(secret: bytes, data: bytes) -> bytes:
    """HMAC over SM3 (RFC 2104, GM/T 0004)."""
    mac = HMAC(secret, hashes.SM3())
    mac.update(data)
    return mac.finalize()


# ---- helpers ---------------------------------------------------------------------------------------------------------

_API = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
_TIF = ("x_tif_paasid", "x_tif_timestamp", "x_tif_nonce", "x_tif_signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    credentials: Credentials
    nonces: Nonces
    now: datetime

    def holder(self, key: str, variant: str) -> Credential | None:
        found = self.credentials.find(key)
        return found if found is not None and variant in found.variants else None

    def in_window(self, timestamp: str, per_second: int) -> bool:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 16):
            return False
        milliseconds = int(timestamp) * 1000 // per_second
        sent = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
        return abs(self.now - sent) <= WINDOW

    def first_with(self, holder: Credential, nonce: str, body: bytes) -> bool:
        digest = hashlib.sha256(body).digest()
        return digest == self.nonces.claim(holder.key, nonce, digest, self.now + 2 * WINDOW)


_Given = Mapping[str, str]
_Check = Callable[[str, _Given, bytes, _Gate], "Credential | GateRefusal"]


def _api(variant: str, given: _Given, _body: bytes, gate: _Gate) -> Credential | GateRefusal:
    if missing := _missing(given, (*_API, "_api_signature")):
        return missing
    if not gate.in_window(given["_api_timestamp"], 1000):
        return GateRefusal(message=EXPIRED)
    holder = gate.holder(given["_api_access_key"], variant)
    if holder is None:
        return GateRefusal(message=UNKNOWN)
    return holder if _same(given["_api_signature"], api_signature(given, holder.secret)) else _mismatch()


def _tif(variant: str, given: _Given, body: bytes, gate: _Gate) -> Credential | GateRefusal:
    if missing := _missing(given, _TIF):
        return missing
    if not gate.in_window(given["x_tif_timestamp"], 1):
        return GateRefusal(message=EXPIRED)
    holder = gate.holder(given["x_tif_paasid"], variant)
    if holder is None:
        return GateRefusal(message=UNKNOWN)
    expected = tif_signature(given["x_tif_timestamp"], given["x_tif_nonce"], holder.secret)
    if not _same(given["x_tif_signature"].lower(), expected):
        return _mismatch()
    return holder if gate.first_with(holder, given["x_tif_nonce"], body) else GateRefusal(message=REPLAYED)


def _ca(variant: str, given: _Given, body: bytes, gate: _Gate) -> Credential | GateRefusal:
    if missing := _missing(given, ("x_ca_key", "x_ca_signature")):
        return missing
    timestamp, _, signature = given["x_ca_signature"].partition(":")
    if not gate.in_window(timestamp, 1):
        return GateRefusal(message=EXPIRED)
    holder = gate.holder(given["x_ca_key"], variant)
    if holder is None:
        return GateRefusal(message=UNKNOWN)
    expected = ca_signature(timestamp, body, holder.secret)
    return holder if _same(f"{timestamp}:{signature.upper()}", expected) else _mismatch()


def _apikey(variant: str, given: _Given, _body: bytes, gate: _Gate) -> Credential | GateRefusal:
    holder = gate.credentials.find_by_secret(given["apikey"].encode(errors="replace")) if given["apikey"] else None
    return holder if holder is not None and variant in holder.variants else GateRefusal(message=UNKNOWN)


_VARIANTS: Mapping[str, tuple[str, _Check]] = {
    "api": ("_api_access_key", _api),
    "tif": ("x_tif_paasid", _tif),
    "ca": ("x_ca_key", _ca),
    "apikey": ("apikey", _apikey),
}
"""By name: the header that tells the variant, and its check."""


def _missing(given: _Given, names: tuple[str, ...]) -> GateRefusal | None:
    absent = [name for name in names if not given.get(name)]
    return GateRefusal(message=MISSING.format("、".join(absent))) if absent else None


def _mismatch() -> GateRefusal:
    return GateRefusal(message=MISMATCH)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
