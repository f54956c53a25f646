"""SM4 around `input` and `output`, SM2 over the envelope: adapters, so that a site brings its own cryptography.

`Sm4` needs nothing but the library that is there already. SM2 signatures need the optional package gmssl; without it
`sm2` says so instead of letting a message through unchecked.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from tuodi.core.finding import Faults, Finding, Place
from tuodi.gateway.national.envelope import Head
from tuodi.gateway.national.fields import write_record

BLOCK = 16


class EnvelopeCryptography(Protocol):
    """How a site closes and opens the text of `input` and `output`."""

    def close(self, data: bytes) -> str:
        """The text that stands for the data."""

    def open(self, text: str, kind: str) -> str:
        """The data's text; `kind` is the envelope's enc_type. Raises Faults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sm4:
    """SM4 with PKCS#7 padding, as Base64.

    `chained` puts a random first block before the data (CBC); without it every block stands for itself (ECB), which
    clients in use expect. A key is 16 bytes.
    """

    key: bytes
    chained: bool = False

    def __post_init__(self) -> None:
        if len(self.key) != BLOCK:
            raise ValueError("SM4 的密钥应为16字节")

    def close(self, data: bytes) -> str:
        """Base64 of the sealed data."""
        start = secrets.token_bytes(BLOCK) if self.chained else b""
        padder = PKCS7(8 * BLOCK).padder()
        encryptor = self._cipher(start).encryptor()
        sealed = encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
        return base64.b64encode(start + sealed).decode()

    def open(self, text: str, kind: str) -> str:  # noqa: ARG002
        """The text inside."""
        try:
            sealed = base64.b64decode("".join(text.split()), validate=True)
            start, sealed = (sealed[:BLOCK], sealed[BLOCK:]) if self.chained else (b"", sealed)
            decryptor = self._cipher(start).decryptor()
            unpadder = PKCS7(8 * BLOCK).unpadder()
            padded = decryptor.update(sealed) + decryptor.finalize()
            return (unpadder.update(padded) + unpadder.finalize()).decode()
        except (binascii.Error, ValueError):
            raise Faults([_unreadable()]) from None

    def _cipher(self, start: bytes) -> Cipher[Any]:
        return Cipher(algorithms.SM4(self.key), modes.CBC(start) if self.chained else modes.ECB())


class Sm2Signatures(Protocol):
    """Signing and checking under SM2 with SM3."""

    def sign(self, text: bytes) -> str:
        """The signature as hex."""

    def holds(self, text: bytes, signature: str) -> bool:
        """Whether the signature is of this text."""


class Sm2Missing(Exception):
    """No library for SM2 is installed."""


def sm2(*, public_key: str, private_key: str = "") -> Sm2Signatures:
    """SM2 by gmssl. Raises Sm2Missing where that package is not installed."""
    try:
        library = importlib.import_module("gmssl.sm2")
    except ImportError:
        raise Sm2Missing("SM2 签名需要 gmssl 包：请先安装（pip install gmssl），或改用 HMAC-SM3 签名") from None
    return _Gmssl(library.CryptSM2(private_key=private_key, public_key=public_key))


def signed_text(head: Head) -> bytes:
    """What `cainfo` signs: the envelope's filled fields as k=v, sorted, joined by &, without cainfo and input."""
    fields = {name: value for name, value in write_record(head).items() if name != "cainfo" and value not in (None, "")}
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()


# ---- helpers ---------------------------------------------------------------------------------------------------------


class _Gmssl:
    def __init__(self, keys: Any) -> None:
        self._keys = keys

    def sign(self, text: bytes) -> str:
        return str(self._keys.sign_with_sm3(text))

    def holds(self, text: bytes, signature: str) -> bool:
        return bool(self._keys.verify_with_sm3(signature, text))


def _unreadable() -> Finding:
    message, remedy = "交易输入（input）无法解密", "核对加密方式和密钥"
    return Finding(code="not-sealed-so", message=message, place=Place(path="input"), remedy=remedy)
