"""One-time codes from a shared secret and the time (RFC 6238: HMAC-SHA-1, 30 seconds, six digits). Pure."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode
from urllib.parse import quote

SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
TOLERANCE = 1
"""Steps before and after that are taken too, for clocks that differ."""


def new_secret() -> str:
    """A secret in base 32, as authenticator programs take it."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(code: str, secret: str, seconds: int) -> int | None:
    """The step whose code this is at that moment (seconds since 1970), None where it is none's.

    Compared in constant time. Who accepts a code keeps its step, and takes none up to it again.
    """
    typed = "".join(code.split())
    now = seconds // SECONDS
    steps = range(now - TOLERANCE, now + TOLERANCE + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(step, secret).encode(), typed.encode())), None)


def code_at(step: int, secret: str, digits: int = DIGITS) -> str:
    """The code of a step."""
    digest = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def address(secret: str, account: str, issuer: str = "托底") -> str:
    """The address that an authenticator program reads from a picture."""
    label = f"{quote(issuer)}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={SECONDS}"
