"""Identity numbers at rest: sealed with SM4-GCM, found again by a blind index (HMAC-SM3); keys lie elsewhere."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

NONCE, TAG = 12, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Two keys: 16 bytes that seal, 32 bytes that index."""

    sealing: bytes = field(repr=False)
    indexing: bytes = field(repr=False)

    def seal(self, text: str) -> bytes:
        """Nonce, cipher text and tag: each time other bytes."""
        nonce = os.urandom(NONCE)
        cipher = Cipher(algorithms.SM4(self.sealing), modes.GCM(nonce)).encryptor()
        return nonce + cipher.update(text.encode()) + cipher.finalize() + cipher.tag

    def unseal(self, sealed: bytes) -> str:
        """The text again. Raises ValueError where the bytes were changed or sealed under another key."""
        nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        cipher = Cipher(algorithms.SM4(self.sealing), modes.GCM(nonce, tag)).decryptor()
        try:
            return (cipher.update(body) + cipher.finalize()).decode()
        except Exception as why:
            raise ValueError("密文与密钥不符：密文被改动，或是用另一把密钥加密的") from why

    def index(self, text: str) -> bytes:
        """The same 32 bytes for the same text: two rows can be compared, and nothing be read from them."""
        mac = HMAC(self.indexing, hashes.SM3())
        mac.update(text.strip().upper().encode())
        return mac.finalize()

    def same(self, text: str, index: bytes) -> bool:
        """Whether the index is the text's, in constant time."""
        return hmac.compare_digest(self.index(text), index)


def masked_number(number: str) -> str:
    """An identity number as pages show it: 371502********1234."""
    return number[:6] + "*" * max(0, len(number) - 10) + number[-4:] if len(number) > 10 else "*" * len(number)


def masked_name(name: str) -> str:
    """A name as pages show it: the family name, and a star for each other character."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*"
