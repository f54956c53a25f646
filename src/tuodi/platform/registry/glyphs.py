"""Which characters the font of printed papers has: a name that would print as a box is told before it is printed."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import serif_path

_FORMAT = 12  # groups of characters over all planes
_GROUP = struct.Struct(">III")


def missing(text: str) -> str:
    """The characters of the text that the font has no picture for, each once; control characters apart."""
    known = _known()
    return "".join(sorted({char for char in text if ord(char) not in known and unicodedata.category(char) != "Cc"}))


@cache
def _known() -> frozenset[int]:
    """Every character of the font, read from its own table."""
    return frozenset(
        char for first, last, _ in _groups(Path(serif_path()).read_bytes()) for char in range(first, last + 1)
    )


def _groups(font: bytes) -> Iterator[tuple[int, int, int]]:
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, table + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", font, table + 4 + 8 * index + 4)
        start = table + offset
        if struct.unpack_from(">H", font, start) == (_FORMAT,):
            (groups,) = struct.unpack_from(">I", font, start + 12)
            yield from _GROUP.iter_unpack(font[start + 16 : start + 16 + groups * _GROUP.size])
            return


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise AssertionError("a font has a table of its characters")
