"""Identity numbers at rest: sealed with SM4-GCM, found again by a blind index (HMAC-SM3); keys lie elsewhere. Pure.

Keys change while data are in use: a `Ring` holds every set of keys that some row may still need. The set in use seals
and indexes, all of them open and are looked up. A sealed value begins with the mark of its key, so that what is still
under an earlier one can be counted, and is opened by none but its own.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

MARK, NONCE, TAG = 8, 12, 16
FIRST = 1
"""The number of the set that an installation begins with. It also opens values from before there were marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A set of two keys: 16 bytes that seal, 32 bytes that index; and its number."""

    number: int = FIRST
    sealing: bytes = field(repr=False)
    indexing: bytes = field(repr=False)
    mark: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", _hmac(self.sealing, b"tuodi sealing key")[:MARK])

    def seal(self, text: str) -> bytes:
        """Mark, nonce, cipher text and tag: each time other bytes."""
        nonce = os.urandom(NONCE)
        cipher = Cipher(algorithms.SM4(self.sealing), modes.GCM(nonce)).encryptor()
        return self.mark + nonce + cipher.update(text.encode()) + cipher.finalize() + cipher.tag

    def unseal(self, sealed: bytes) -> str:
        """The text again. Raises ValueError where the bytes were changed or sealed under another key."""
        if sealed.startswith(self.mark):
            return self._opened(sealed[MARK:])
        if self.number == FIRST:
            return self._opened(sealed)
        raise ValueError(OTHER_KEY)

    def index(self, text: str) -> bytes:
        """The same 32 bytes for the same text: two rows can be compared, and nothing be read from them."""
        return _hmac(self.indexing, text.strip().upper().encode())

    def _opened(self, sealed: bytes) -> str:
        nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        try:
            cipher = Cipher(algorithms.SM4(self.sealing), modes.GCM(nonce, tag)).decryptor()
            return (cipher.update(body) + cipher.finalize()).decode()
        except Exception as why:
            raise ValueError(OTHER_KEY) from why


OTHER_KEY = "密文与密钥不符：密文被改动，或是用另一把密钥加密的"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Every set of keys that data may need: the one in use, and those before it or made ready to come after it."""

    using: Seal
    others: tuple[Seal, ...] = ()

    @property
    def changing(self) -> bool:
        """Whether rows may be under more than one set: then whoever writes a number looks it up under each."""
        return bool(self.others)

    def seal(self, text: str) -> bytes:
        """Sealed under the set in use."""
        return self.using.seal(text)

    def unseal(self, sealed: bytes) -> str:
        """The text again, whichever set it was sealed under. Raises ValueError."""
        mark = sealed[:MARK]
        for one in (self.using, *self.others):
            if one.mark == mark:
                return one.unseal(sealed)
        return next((one for one in self.others if one.number == FIRST), self.using).unseal(sealed)

    def current(self, sealed: bytes) -> bool:
        """Whether a value is under the set in use."""
        return sealed.startswith(self.using.mark)

    def index(self, text: str) -> bytes:
        """The index under the set in use."""
        return self.using.index(text)

    def indexes(self, text: str) -> list[bytes]:
        """The text's index under each set, the one in use first: a row may be under any."""
        return [one.index(text) for one in (self.using, *self.others)]

    def same(self, text: str, index: bytes) -> bool:
        """Whether the index is the text's under one of the sets, each compared in constant time."""
        return any(hmac.compare_digest(one, index) for one in self.indexes(text))


class RingNow:
    """The ring as it is at each moment: keys change while programs run."""

    def __init__(self, ring: Callable[[], Ring]) -> None:
        self.ring = ring

    @property
    def changing(self) -> bool:
        """As of the ring."""
        return self.ring().changing

    def seal(self, text: str) -> bytes:
        """As of the ring."""
        return self.ring().seal(text)

    def unseal(self, sealed: bytes) -> str:
        """As of the ring."""
        return self.ring().unseal(sealed)

    def current(self, sealed: bytes) -> bool:
        """As of the ring."""
        return self.ring().current(sealed)

    def index(self, text: str) -> bytes:
        """As of the ring."""
        return self.ring().index(text)

    def indexes(self, text: str) -> list[bytes]:
        """As of the ring."""
        return self.ring().indexes(text)

    def same(self, text: str, index: bytes) -> bool:
        """As of the ring."""
        return self.ring().same(text, index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A key of the trail's chain: it makes the codes after the position `after`, where the code was `code`."""

    key: bytes = field(repr=False)
    after: int = 0
    code: bytes = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainKeys:
    """Which key makes which code of the chain. A key that has ended proves nothing beyond its end, whoever has it.

    For where it ended, and on which code, is told here and not in the database; the next key's first code covers it.
    """

    links: tuple[Link, ...]

    def key(self, position: int) -> bytes:
        """The key of the code at a position, from 1 on."""
        return next(link.key for link in reversed(self.links) if link.after < position)

    def ends(self) -> dict[int, bytes]:
        """The codes on which earlier keys ended, by position."""
        return {link.after: link.code for link in self.links if link.after}


def masked_number(number: str) -> str:
    """An identity number as pages show it: 371502********1234."""
    return number[:6] + "*" * max(0, len(number) - 10) + number[-4:] if len(number) > 10 else "*" * len(number)


def masked_name(name: str) -> str:
    """A name as pages show it: the family name, and a star for each other character."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def _hmac(key: bytes, text: bytes) -> bytes:
    mac = HMAC(key, hashes.SM3())
    mac.update(text)
    return mac.finalize()
