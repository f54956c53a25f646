"""The installation's keys: in a file beside the database, never in it. Lost keys are lost numbers: back them up."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tuodi.site.postgres import data_folder

FILE = "keys.json"
NAMED = "TUODI_KEYS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`sealing` 16 bytes, `indexing` 32 bytes, `chain` 32 bytes (of the audit trail), `django` text."""

    sealing: bytes = field(repr=False)
    indexing: bytes = field(repr=False)
    chain: bytes = field(repr=False)
    django: str = field(repr=False)


def keys(folder: Path | None = None) -> Keys:
    """The keys of this installation: of the file that `TUODI_KEYS` names, else `keys.json` of the data folder.

    The one in the data folder is made on first use, mode 0600; any number of starters end with the same one.
    """
    path = keys_file(folder)
    if NAMED not in os.environ and not path.exists():
        _make(path)
    return _read(path)


def keys_file(folder: Path | None = None) -> Path:
    """Where the keys lie."""
    named = os.environ.get(NAMED)
    return Path(named) if named else (folder or data_folder()) / FILE


def _read(path: Path) -> Keys:
    raw = orjson.loads(path.read_bytes())
    return Keys(
        sealing=bytes.fromhex(raw["sealing"]), indexing=bytes.fromhex(raw["indexing"]),
        chain=bytes.fromhex(raw["chain"]), django=raw["django"],
    )  # fmt: skip


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    content = {
        "sealing": secrets.token_hex(16), "indexing": secrets.token_hex(32), "chain": secrets.token_hex(32),
        "django": secrets.token_urlsafe(48),
    }  # fmt: skip
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        os.fsync(file.fileno())
    try:
        os.link(made, path)  # whoever is first wins, and nobody reads half a file
    except FileExistsError:
        pass
    finally:
        made.unlink()
