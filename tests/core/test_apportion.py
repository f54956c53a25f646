"""Shares to the fen."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.core.apportion import apportion

SHARES = st.lists(st.integers(0, 10_000), max_size=6).map(
    lambda cuts: [high - low for low, high in itertools.pairwise([0, *sorted(cuts), 10_000])]
)


@pytest.mark.parametrize(
    ("fen", "shares", "parts"),
    [
        (0, [5000, 5000], (0, 0)),
        (1, [5000, 5000], (1, 0)),  # the earlier of two equal remainders
        (101, [5000, 5000], (51, 50)),
        (25001, [7000, 3000], (17501, 7500)),  # 175.007 : 75.003
        (10, [3333, 3333, 3334], (3, 3, 4)),  # 3.333 : 3.333 : 3.334
        (100, [10000, 0], (100, 0)),
    ],
)
def test_the_fen_that_are_left_go_to_the_largest_remainders(fen: int, shares: list[int], parts: tuple[int]) -> None:
    assert parts == apportion(fen, shares)


@given(st.integers(0, 10**15), SHARES)
def test_the_parts_add_up_and_none_is_a_fen_off_its_share(fen: int, shares: list[int]) -> None:
    parts = apportion(fen, shares)

    assert fen == sum(parts)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * 10_000 - fen * share) < 10_000


@pytest.mark.parametrize(("fen", "shares"), [(-1, [10000]), (1, [9999]), (1, [10001, -1])])
def test_what_is_no_division_of_an_amount_is_a_bug(fen: int, shares: list[int]) -> None:
    with pytest.raises(AssertionError, match="100 %"):
        apportion(fen, shares)
