"""SM2 (GB/T 32918, GM/T 0009) by the optional library gmssl-pyx: signatures of envelopes, and sealing of short keys.

Senders write signatures in several forms: 64 bytes r and s, or DER, each as hex or Base64. All are read; hex of r and s
is written. A cipher text is DER, or the point, the digest and the text one after the other (C1C3C2); both open.
"""

from __future__ import annotations

import base64
import binascii
import importlib
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

LONGEST_SEALED = 255
"""SM2 seals keys, not messages: these are for SM4."""
_SIDE, _DIGEST = 32, 32
_POINT = 0x04
_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04


class Sm2Signatures(Protocol):
    """Signing and checking under SM2 with SM3."""

    def sign(self, text: bytes) -> str:
        """The signature as hex."""

    def holds(self, text: bytes, signature: str) -> bool:
        """Whether the signature is of this text."""


class Sm2Missing(Exception):
    """No library for SM2 is installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sm2:
    """A pair of keys, or somebody's public key alone; `signer` is what the standard calls the signer's identifier."""

    public_key: bytes
    private_key: bytes = field(default=b"", repr=False)
    signer: bytes = b"1234567812345678"

    def sign(self, text: bytes) -> str:
        """Hex of r and s."""
        r, s = decode_dss_signature(_library().sm2_sign(self.private_key, self.public_key, text, self.signer))
        return (_side(r) + _side(s)).hex()

    def holds(self, text: bytes, signature: str) -> bool:
        """Whether the signature is of this text; one that cannot be read is not."""
        der = _signature(signature)
        if der is None:
            return False
        try:
            return bool(_library().sm2_verify(self.public_key, text, der, self.signer))
        except _library().GmsslInnerError:
            return False

    def seal(self, secret: bytes) -> bytes:
        """Sealed for the holder of the private key, as C1C3C2. At most 255 bytes."""
        x, y, digest, text = _ciphertext(_library().sm2_encrypt(self.public_key, secret))
        return bytes([_POINT]) + x + y + digest + text

    def open(self, sealed: bytes) -> bytes:
        """What was sealed, in either form. Raises ValueError where it isn't for this key, or was changed."""
        try:
            return bytes(_library().sm2_decrypt(self.private_key, _as_der(sealed)))
        except _library().GmsslInnerError as why:
            raise ValueError("SM2 密文无法解开：密文被改动，或不是用这把公钥加密的") from why


def sm2(*, public_key: str, private_key: str = "") -> Sm2:
    """The pair of keys given as hex; a public key with or without its 04. Raises Sm2Missing, ValueError."""
    library = _library()
    try:
        public = library.normalize_sm2_public_key(public_key)
        private = bytes.fromhex(private_key)
    except (library.InvalidValueError, ValueError) as why:
        raise ValueError("SM2 公钥应为 64 字节曲线上的点，私钥应为 32 字节，都写成十六进制") from why
    if private_key and len(private) != _SIDE:
        raise ValueError("SM2 私钥应为 32 字节，写成 64 位十六进制")
    return Sm2(public_key=public, private_key=private)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _library() -> Any:
    try:
        return importlib.import_module("gmssl_pyx")
    except ImportError:
        raise Sm2Missing("SM2 需要 gmssl-pyx：请先安装（pip install tuodi[sm2]），或改用 HMAC-SM3 签名") from None


def _signature(text: str) -> bytes | None:
    """DER of a signature in any of its forms; None where it is none."""
    for raw in (_of_hex(text), _of_base64(text)):
        if raw is not None and len(raw) == 2 * _SIDE:
            return encode_dss_signature(int.from_bytes(raw[:_SIDE]), int.from_bytes(raw[_SIDE:]))
        if raw is not None and raw[:1] == bytes([_SEQUENCE]):
            try:
                return encode_dss_signature(*decode_dss_signature(raw))
            except ValueError:
                continue
    return None


def _of_hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _of_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _side(number: int) -> bytes:
    return number.to_bytes(_SIDE)


def _as_der(sealed: bytes) -> bytes:
    """A cipher text as the library wants it."""
    if sealed[:1] != bytes([_POINT]) or len(sealed) <= 1 + 2 * _SIDE + _DIGEST:
        return sealed
    x, y = sealed[1 : 1 + _SIDE], sealed[1 + _SIDE : 1 + 2 * _SIDE]
    digest, text = sealed[1 + 2 * _SIDE :][:_DIGEST], sealed[1 + 2 * _SIDE + _DIGEST :]
    return _tagged(_SEQUENCE, _integer(x) + _integer(y) + _tagged(_OCTETS, digest) + _tagged(_OCTETS, text))


def _integer(side: bytes) -> bytes:
    number = int.from_bytes(side)
    return _tagged(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2)
    return bytes([tag]) + length + content


def _ciphertext(der: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """The point's sides, the digest and the text of what the library has sealed."""
    whole = _content(der)[0]
    x, rest = _content(whole)
    y, rest = _content(rest)
    digest, rest = _content(rest)
    text, _ = _content(rest)
    return _side(int.from_bytes(x)), _side(int.from_bytes(y)), digest, text


def _content(der: bytes) -> tuple[bytes, bytes]:
    """The content of the first element, and what comes after it."""
    size, start = der[1], 2
    if size >= 128:
        start += size - 128
        size = int.from_bytes(der[2:start])
    return der[start : start + size], der[start + size :]
