"""Real messages, spoilt: bytes changed, values that no hospital means, other encodings, files that swell."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 0.1, "", " ", "null", "0", "-0.01", "1e999", "-1E+400", "NaN", "Infinity", "9" * 40,
    "0." + "0" * 40 + "1", 10**30, -(10**18), 1e308, "2026-02-30", "0000-00-00", "9999-12-31 23:59:59", "99",
    "\x00", "\u202e反", "\ud800", "😀" * 20, "a" * 5_000, "'; drop table x; --", "../../etc/passwd", "%s%n{0}", [], {},
    [[]], [None], {"": {}}, {"data": {"data": {}}},
)  # fmt: skip
"""Values that stand where others are meant."""


def bomb(megabytes: int = 64) -> bytes:
    """A small ZIP of a text that is large."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("detail.txt", b"0\t" * (megabytes * 500_000))
    return packed.getvalue()


def nested(depth: int) -> bytes:
    """Brackets in brackets."""
    return b'{"infno":"1101","input":' + b'{"data":' * depth + b"1" + b"}" * depth + b"}"


def mutated(body: bytes, chance: Random, others: list[bytes]) -> bytes:
    """The message with one to three things wrong."""
    for _ in range(chance.randint(1, 3)):
        body = chance.choice(_WAYS)(body, chance, others)
    return body


# ---- one thing wrong -------------------------------------------------------------------------------------------------


def _byte(body: bytes, chance: Random, _others: list[bytes]) -> bytes:
    place = chance.randrange(len(body) + 1)
    return body[:place] + bytes([chance.randrange(256)]) + body[place + chance.randint(0, 2) :]


def _cut(body: bytes, chance: Random, _others: list[bytes]) -> bytes:
    first, last = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    return chance.choice([body[:first], body[last:], body[:first] + body[last:]])


def _twice(body: bytes, chance: Random, _others: list[bytes]) -> bytes:
    first, last = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    return body[:last] + body[first:last] * chance.randint(1, 5) + body[last:]


def _spliced(body: bytes, chance: Random, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]


def _encoded(body: bytes, chance: Random, _others: list[bytes]) -> bytes:
    text = body.decode(errors="replace")
    return text.encode(chance.choice(["utf-16", "utf-32", "gb18030", "utf-8-sig", "utf-7"]), errors="replace")


def _valued(body: bytes, chance: Random, _others: list[bytes]) -> bytes:
    """Some value, name or row of the message is another one."""
    try:
        whole = json.loads(body)
    except ValueError:
        return body
    if not isinstance(whole, dict):
        return body
    node: Any = whole
    while isinstance(node, dict | list) and node:
        place = chance.choice([*node]) if isinstance(node, dict) else chance.randrange(len(node))
        below = node[place]
        if not isinstance(below, dict | list) or not below or chance.random() < 0.2:
            _change(node, place, chance)
            break
        node = below
    return json.dumps(whole, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass")


def _change(node: Any, place: Any, chance: Random) -> None:
    match chance.randrange(4):
        case 0 if isinstance(node, dict):
            del node[place]
        case 1 if isinstance(node, dict):
            node[str(place).upper() + chance.choice(["", "x", " "])] = node[place]
        case 2 if isinstance(node, list):
            node.extend([node[place]] * chance.choice([1, 2, 300]))
        case _:
            node[place] = chance.choice(STRANGE)


def _filed(body: bytes, chance: Random, _others: list[bytes]) -> bytes:
    """Another file than the one that comes up."""
    try:
        whole = json.loads(body)
        file = whole["input"]["fsUploadIn"]
    except (ValueError, KeyError, TypeError):
        return _valued(body, chance, _others)
    data = base64.b64decode(file["in"]) if isinstance(file.get("in"), str) else b""
    file["in"] = base64.b64encode(_byte(data or b"PK", chance, _others)).decode()
    return json.dumps(whole).encode()


_WAYS: tuple[Callable[[bytes, Random, list[bytes]], bytes], ...] = (
    _valued, _valued, _valued, _byte, _cut, _twice, _spliced, _encoded, _filed,
)  # fmt: skip
