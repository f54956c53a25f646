"""A QR code (ISO/IEC 18004) of a short text: byte mode, error correction M, versions 1 to 10.

Written here because one page needs one code of one kind: the address that an authenticator on a phone reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

Grid = list[list[int]]
"""Rows of modules: 1 is dark."""

MOST_BYTES = 213


class _Version(NamedTuple):
    """Correction bytes a block, the data bytes of each block, centres of the alignment marks."""

    correction: int
    blocks: tuple[int, ...]
    centres: tuple[int, ...] = ()


_VERSIONS = (
    _Version(10, (16,)),
    _Version(16, (28,), (6, 18)),
    _Version(26, (44,), (6, 22)),
    _Version(18, (32,) * 2, (6, 26)),
    _Version(24, (43,) * 2, (6, 30)),
    _Version(16, (27,) * 4, (6, 34)),
    _Version(18, (31,) * 4, (6, 22, 38)),
    _Version(22, (38, 38, 39, 39), (6, 24, 42)),
    _Version(22, (36, 36, 36, 37, 37), (6, 26, 46)),
    _Version(26, (43, 43, 43, 43, 44), (6, 28, 50)),
)

_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _: y % 2 == 0,
    lambda _, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)  # fmt: skip


def qr_svg(text: str, label: str) -> SafeString:
    """The code as an SVG that scales, with the quiet zone of four modules around it."""
    grid = qr_code(text)
    size = len(grid) + 8
    path = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(grid) for x, dark in enumerate(row) if dark)
    return mark_safe(
        f'<svg class="qr" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img" '
        f'aria-label="{escape(label)}">'
        f'<rect width="{size}" height="{size}"/><path d="{path}"/></svg>'
    )


def qr_code(text: str) -> Grid:
    """The smallest code that holds the text as UTF-8; ValueError above 213 bytes."""
    data = text.encode()
    number = next((at for at in range(1, 11) if _bits_needed(data, at) <= sum(_VERSIONS[at - 1].blocks) * 8), None)
    if number is None:
        raise ValueError(f"{len(data)} bytes are more than a code of this kind holds")
    version = _VERSIONS[number - 1]
    bits = _placed_bits(_with_correction(_data_bytes(data, number), version))
    codes = (_drawn(number, bits, mask) for mask in range(8))
    return min(codes, key=_penalty)


# ---- bytes -----------------------------------------------------------------------------------------------------------


def _bits_needed(data: bytes, number: int) -> int:
    return 4 + _length_bits(number) + 8 * len(data)


def _length_bits(number: int) -> int:
    return 8 if number < 10 else 16


def _data_bytes(data: bytes, number: int) -> bytes:
    """Mode, length, text, end mark; filled up with two bytes by turns."""
    room = sum(_VERSIONS[number - 1].blocks)
    bits = f"0100{len(data):0{_length_bits(number)}b}" + "".join(f"{byte:08b}" for byte in data)
    bits = bits[: room * 8] + "0" * min(4, room * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    whole = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return (whole + b"\xec\x11" * room)[:room]


def _with_correction(data: bytes, version: _Version) -> bytes:
    """Data and correction of all blocks, a byte of each by turns."""
    blocks, at = [], 0
    for length in version.blocks:
        blocks.append(data[at : at + length])
        at += length
    checks = [_correction(block, version.correction) for block in blocks]
    return bytes([*_by_turns(blocks), *_by_turns(checks)])


def _by_turns(blocks: Sequence[bytes]) -> Iterator[int]:
    for at in range(max(map(len, blocks))):
        yield from (block[at] for block in blocks if at < len(block))


def _powers() -> tuple[list[int], list[int]]:
    """Powers of 2 in the field of 256 elements by x^8 + x^4 + x^3 + x^2 + 1, and their logarithms."""
    power, log, value = [0] * 255, [0] * 256, 1
    for exponent in range(255):
        power[exponent], log[value] = value, exponent
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return power, log


_POWER, _LOG = _powers()


def _times(one: int, other: int) -> int:
    return _POWER[(_LOG[one] + _LOG[other]) % 255] if one and other else 0


def _correction(block: bytes, count: int) -> bytes:
    """The remainder by the generator whose roots are the first `count` powers of 2 (Reed-Solomon)."""
    generator = [1]
    for exponent in range(count):
        shifted = [_times(term, _POWER[exponent]) for term in generator]
        generator = [one ^ other for one, other in zip([*generator, 0], [0, *shifted], strict=True)]
    rest = list(block) + [0] * count
    for at in range(len(block)):
        lead = rest[at]
        for place, term in enumerate(generator):
            rest[at + place] ^= _times(term, lead)
    return bytes(rest[-count:])


def _placed_bits(data: bytes) -> list[int]:
    return [byte >> shift & 1 for byte in data for shift in range(7, -1, -1)]


# ---- modules ---------------------------------------------------------------------------------------------------------


def _drawn(number: int, bits: Sequence[int], mask: int) -> Grid:
    size = 17 + 4 * number
    fixed = dict(_fixed(number, size, mask))
    grid = [[fixed.get((y, x), 0) for x in range(size)] for y in range(size)]
    waiting = iter(bits)
    for y, x in _zigzag(size):
        if (y, x) not in fixed:
            grid[y][x] = next(waiting, 0) ^ _MASKS[mask](y, x)
    return grid


def _fixed(number: int, size: int, mask: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Everything that is no data: timing, alignment, finders, format and version; later ones go above earlier ones."""
    for at in range(size):
        yield (6, at), (at + 1) % 2
        yield (at, 6), (at + 1) % 2
    centres = _VERSIONS[number - 1].centres
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for y, x in ((y, x) for y in centres for x in centres if (y, x) not in corners):
        yield from (((y + dy, x + dx), int(max(abs(dy), abs(dx)) != 1)) for dy in range(-2, 3) for dx in range(-2, 3))
    for y, x in ((3, 3), (3, size - 4), (size - 4, 3)):
        yield from _finder(y, x, size)
    yield from _format(size, mask)
    yield from _version_marks(number, size)


def _finder(y: int, x: int, size: int) -> Iterator[tuple[tuple[int, int], int]]:
    for dy in range(-4, 5):
        for dx in range(-4, 5):
            if 0 <= y + dy < size and 0 <= x + dx < size:
                yield (y + dy, x + dx), int(max(abs(dy), abs(dx)) not in (2, 4))


def _format(size: int, mask: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Level M and the mask, with their check bits, twice; and the module that is always dark."""
    bits = (mask << 10 | _remainder(mask << 10, 0x537)) ^ 0x5412
    around = [(at, 8) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, at) for at in (7, 5, 4, 3, 2, 1, 0)]
    apart = [(8, size - 1 - at) for at in range(8)] + [(size - 7 + at, 8) for at in range(7)]
    for place in range(15):
        yield around[place], bits >> place & 1
        yield apart[place], bits >> place & 1
    yield (size - 8, 8), 1


def _version_marks(number: int, size: int) -> Iterator[tuple[tuple[int, int], int]]:
    if number < 7:
        return
    bits = number << 12 | _remainder(number << 12, 0x1F25)
    for place in range(18):
        far, near = size - 11 + place % 3, place // 3
        yield (far, near), bits >> place & 1
        yield (near, far), bits >> place & 1


def _remainder(value: int, generator: int) -> int:
    length = generator.bit_length()
    while value.bit_length() >= length:
        value ^= generator << value.bit_length() - length
    return value


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """Columns by twos from the right, up and down by turns, past the column of the timing marks."""
    rising = True
    for right in range(size - 1, 0, -2):
        column = right if right > 6 else right - 1
        for at in range(size):
            y = size - 1 - at if rising else at
            yield y, column
            yield y, column - 1
        rising = not rising


# ---- choosing a mask -------------------------------------------------------------------------------------------------


def _penalty(grid: Grid) -> int:
    """How hard the code is to read: runs, blocks, what looks like a finder, more dark than light."""
    lines = [*grid, *([row[x] for row in grid] for x in range(len(grid)))]
    return sum(map(_of_runs, lines)) + sum(map(_of_finders, lines)) + _of_blocks(grid) + _of_balance(grid)


def _of_runs(line: Sequence[int]) -> int:
    points, length = 0, 0
    for at, module in enumerate(line):
        length = length + 1 if at and module == line[at - 1] else 1
        points += 3 if length == 5 else int(length > 5)
    return points


def _of_finders(line: Sequence[int]) -> int:
    text = "".join(map(str, line))
    return 40 * sum(text.startswith(("10111010000", "00001011101"), at) for at in range(len(text) - 10))


def _of_blocks(grid: Grid) -> int:
    reach = range(len(grid) - 1)
    return 3 * sum(grid[y][x] == grid[y][x + 1] == grid[y + 1][x] == grid[y + 1][x + 1] for y in reach for x in reach)


def _of_balance(grid: Grid) -> int:
    dark, whole = sum(map(sum, grid)), len(grid) ** 2
    return 10 * (abs(dark * 20 - whole * 10) // whole)
