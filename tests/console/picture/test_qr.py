"""Codes that telephones read: each of these was read by zbar 0.23.92 when it was written down."""

import hashlib
import re

import pytest

from tuodi.console.picture.qr import MOST_BYTES, Grid, qr_code, qr_svg
from tuodi.platform.base.totp import address

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def digest(grid: Grid) -> str:
    return hashlib.sha256("\n".join("".join(map(str, row)) for row in grid).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("a", 21, "e8ab680854e4019c"),
        ("托底", 21, "acbae57f121ff2a2"),
        ("a" * 14, 21, "cc6c29f78651c31b"),
        ("b" * 15, 25, "50cfd1f0473c2d0a"),
        ("otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP&issuer=x", 33, "e3cc26a2008d266a"),
        ("c" * 122, 45, "748cdf6e18bd4372"),
        ("d" * 123, 49, "d36ec0f5901f4a83"),
        ("e" * 180, 53, "6750de26b7c6f04d"),
        ("f" * 181, 57, "97e561f9e00e43e0"),
        ("g" * 213, 57, "2620723613f229fd"),
    ],
)
def test_a_code_is_the_one_that_was_read(text: str, size: int, expected: str) -> None:
    grid = qr_code(text)

    assert (size, expected) == (len(grid), digest(grid))


@pytest.mark.parametrize("length", range(1, MOST_BYTES + 1, 7))
def test_a_code_is_square_with_its_three_finders_and_timing(length: int) -> None:
    grid = qr_code("a" * length)
    size = len(grid)
    finder = [[int(max(abs(y - 3), abs(x - 3)) != 2) for x in range(7)] for y in range(7)]

    assert {size} == {len(row) for row in grid}
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert finder == [row[left : left + 7] for row in grid[top : top + 7]]
    assert [(at + 1) % 2 for at in range(8, size - 8)] == grid[6][8 : size - 8]
    assert 1 == grid[size - 8][8]


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="214 bytes"):
        qr_code("a" * (MOST_BYTES + 1))


def test_the_address_of_the_longest_account_fits() -> None:
    assert 57 >= len(qr_code(address(SECRET, "a" * 50)))


def test_the_picture_has_a_quiet_zone_and_a_square_for_each_dark_module() -> None:
    grid = qr_code("托底")
    svg = qr_svg("托底", "<动态码>")

    assert f'viewBox="0 0 {len(grid) + 8} {len(grid) + 8}"' in svg
    assert sum(map(sum, grid)) == len(re.findall(r"h1v1h-1z", svg))
    assert 'aria-label="&lt;动态码&gt;"' in svg
