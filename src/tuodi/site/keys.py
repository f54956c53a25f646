"""The installation's keys: in a file beside the database, never in it. Lost keys are lost numbers: back them up.

The file has one set of keys or, while keys are being changed, several, and tells which one is in use. It is replaced
whole, and a running program reads it again as soon as it is another one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from tuodi.platform.base.seal import FIRST, ChainKeys, Link, Ring, Seal
from tuodi.site.postgres import data_folder

FILE = "keys.json"
NAMED = "TUODI_KEYS"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """Keys that are changed together: `seal` for what is stored, `chain` (32 bytes) for the audit trail."""

    seal: Seal
    chain: bytes = field(repr=False)

    @property
    def number(self) -> int:
        """Counted from 1 in the order in which sets were made."""
        return self.seal.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """All sets that may be needed, by number; which one is in use; the chain's keys so far; `django` signs sessions."""

    django: str = field(repr=False)
    using: int
    sets: tuple[KeySet, ...]
    links: tuple[Link, ...]

    @property
    def ring(self) -> Ring:
        """What seals and opens."""
        using, others = self.of(self.using), [one.seal for one in self.sets if one.number != self.using]
        return Ring(using=using.seal, others=tuple(others))

    @property
    def chain(self) -> ChainKeys:
        """What chains the trail."""
        return ChainKeys(links=self.links)

    @property
    def last(self) -> KeySet:
        """The set that was made last; it may not be in use yet."""
        return self.sets[-1]

    def of(self, number: int) -> KeySet:
        """A set by its number."""
        return next(one for one in self.sets if one.number == number)

    def with_new_set(self) -> Keys:
        """A set more, which opens what others seal with it, and seals nothing itself yet."""
        return replace(self, sets=(*self.sets, _new_set(self.last.number + 1)))

    def with_last_in_use(self, *, position: int, code: bytes) -> Keys:
        """From here on the last set seals; its chain key goes on after the position, where the code is `code`."""
        link = Link(key=self.last.chain, after=position, code=code)
        links = self.links if position else ()
        return replace(self, using=self.last.number, links=(*links, link))

    def without_earlier_sets(self) -> Keys:
        """The set in use alone. Chain keys stay: with them the trail's earlier part is recounted."""
        return replace(self, sets=tuple(one for one in self.sets if one.number >= self.using))


class HeldKeys:
    """The keys of a file, read again whenever it was replaced. A file that is gone for a moment changes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held = _Held(path)

    def now(self) -> Keys:
        """The keys as the file has them now."""
        return self._now().keys

    def ring(self) -> Ring:
        """What seals and opens now."""
        return self._now().ring

    def chain(self) -> ChainKeys:
        """What chains the trail now."""
        return self._now().chain

    def _now(self) -> _Held:
        try:
            same = _version(self.path) == self._held.version
        except FileNotFoundError:
            return self._held
        if not same:
            self._held = _Held(self.path)
        return self._held


class _Held:
    """One version of the file, as it was read: nobody sees half of a change."""

    def __init__(self, path: Path) -> None:
        self.version = _version(path)
        self.keys = read(path)
        self.ring, self.chain = self.keys.ring, self.keys.chain


def keys(folder: Path | None = None) -> HeldKeys:
    """The keys of this installation: of the file that `TUODI_KEYS` names, else `keys.json` of the data folder.

    The one in the data folder is made on first use, mode 0600; any number of starters end with the same one.
    """
    path = keys_file(folder)
    if NAMED not in os.environ and not path.exists():
        _make(path)
    return HeldKeys(path)


def keys_file(folder: Path | None = None) -> Path:
    """Where the keys lie."""
    named = os.environ.get(NAMED)
    return Path(named) if named else (folder or data_folder()) / FILE


def read(path: Path) -> Keys:
    """The keys of a file, also of one from before there were sets."""
    raw = orjson.loads(path.read_bytes())
    if "sets" not in raw:
        raw = {"django": raw["django"], "using": FIRST, "sets": [raw], "chain": [{"key": raw["chain"]}]}
    return Keys(
        django=raw["django"], using=raw["using"], sets=tuple(map(_set, raw["sets"])),
        links=tuple(map(_link, raw["chain"])),
    )  # fmt: skip


def replaced(path: Path, found: Keys) -> None:
    """Writes the file anew, whole or not at all, for the same account's eyes as before."""
    before = path.stat()
    made = _written(path, found)
    try:
        if os.geteuid() == 0:
            os.chown(made, before.st_uid, before.st_gid)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _set(raw: Mapping[str, Any]) -> KeySet:
    seal = Seal(
        number=raw.get("number", FIRST), sealing=bytes.fromhex(raw["sealing"]), indexing=bytes.fromhex(raw["indexing"])
    )
    return KeySet(seal=seal, chain=bytes.fromhex(raw["chain"]))


def _link(raw: Mapping[str, Any]) -> Link:
    if "after" not in raw:
        return Link(key=bytes.fromhex(raw["key"]))
    return Link(key=bytes.fromhex(raw["key"]), after=raw["after"], code=bytes.fromhex(raw["code"]))


def _new_set(number: int) -> KeySet:
    seal = Seal(number=number, sealing=secrets.token_bytes(16), indexing=secrets.token_bytes(32))
    return KeySet(seal=seal, chain=secrets.token_bytes(32))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    first = _new_set(FIRST)
    made = _written(
        path,
        Keys(django=secrets.token_urlsafe(48), using=FIRST, sets=(first,), links=(Link(key=first.chain),)),
    )
    try:
        os.link(made, path)  # whoever is first wins, and nobody reads half a file
    except FileExistsError:
        pass
    finally:
        made.unlink()


def _written(path: Path, found: Keys) -> Path:
    """The keys in a file beside, safe on the disk."""
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(_content(found), option=orjson.OPT_INDENT_2))
        os.fsync(file.fileno())
    return made


def _content(found: Keys) -> dict[str, Any]:
    return {
        "django": found.django,
        "using": found.using,
        "sets": [
            {
                "number": one.number, "sealing": one.seal.sealing.hex(), "indexing": one.seal.indexing.hex(),
                "chain": one.chain.hex(),
            }
            for one in found.sets
        ],
        "chain": [{"key": link.key.hex(), "after": link.after, "code": link.code.hex()} for link in found.links],
    }  # fmt: skip


def _version(path: Path) -> tuple[int, int, int]:
    """What differs when the file is another one."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size
