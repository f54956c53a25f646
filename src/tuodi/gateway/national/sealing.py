"""SM4 around `input` and `output`: an adapter, so that a site brings its own cryptography."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from tuodi.core.finding import Faults, Finding, Place

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


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _unreadable() -> Finding:
    message, remedy = "交易输入（input）无法解密", "核对加密方式和密钥"
    return Finding(code="not-sealed-so", message=message, place=Place(path="input"), remedy=remedy)
