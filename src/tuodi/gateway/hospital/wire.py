"""The simulated hospital's line over HTTP: signed requests, their answers, and a door that stays shut told apart."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from tuodi.gateway.hospital.asked import Clock, Sign
from tuodi.gateway.national.signature import api_signature, ca_signature, tif_signature

TIMEOUT = 60.0


class TurnedAway(Exception):
    """The platform lets this hospital not in, or answers something that is none of the interface: with what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A credential, with the variant of signature that it is for."""

    variant: str
    access_key: str
    secret: bytes


def sender(url: str, timeout: float = TIMEOUT) -> Callable[[bytes, Mapping[str, str]], bytes]:
    """Sends to the address. Raises OSError where no answer comes, TurnedAway where the door stays shut."""

    def send(body: bytes, headers: Mapping[str, str]) -> bytes:
        request = urllib.request.Request(url, body, {"Content-Type": "text/plain; charset=utf-8", **headers})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return bytes(response.read())
        except urllib.error.HTTPError as answered:
            if answered.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            raise TurnedAway(f"HTTP {answered.code} {_message(answered.read())}".strip()) from None

    return send


def signer(key: Key, clock: Clock) -> Sign:
    """Signs bodies with the key, as its variant does."""
    serial = iter(range(1, 10**9))

    def sign(body: bytes) -> Mapping[str, str]:
        return _VARIANTS[key.variant](key, body, clock(), next(serial))

    return sign


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _message(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("message", "")) if isinstance(told, dict) else ""


def _ca(key: Key, body: bytes, now: datetime, _serial: int) -> Mapping[str, str]:
    signature = ca_signature(str(int(now.timestamp())), body, key.secret)
    return {"x-ca-key": key.access_key, "x-ca-signature": signature}


def _tif(key: Key, _body: bytes, now: datetime, serial: int) -> Mapping[str, str]:
    timestamp, nonce = str(int(now.timestamp())), f"{now.timestamp():.6f}-{serial}"
    return {
        "x-tif-paasid": key.access_key, "x-tif-timestamp": timestamp, "x-tif-nonce": nonce,
        "x-tif-signature": tif_signature(timestamp, nonce, key.secret),
    }  # fmt: skip


def _api(key: Key, _body: bytes, now: datetime, _serial: int) -> Mapping[str, str]:
    headers = {
        "_api_access_key": key.access_key, "_api_name": "hssServives", "_api_version": "1.0.0",
        "_api_timestamp": str(int(now.timestamp() * 1000)),
    }  # fmt: skip
    return {**headers, "_api_signature": api_signature(headers, key.secret)}


def _apikey(key: Key, _body: bytes, _now: datetime, _serial: int) -> Mapping[str, str]:
    return {"apikey": key.access_key + key.secret.decode()}


_VARIANTS = {"ca": _ca, "tif": _tif, "api": _api, "apikey": _apikey}
VARIANTS = tuple(_VARIANTS)
"""The variants that a key may be for."""
