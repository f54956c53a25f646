"""Budgets share to the fen."""

from __future__ import annotations

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tuodi.engine.funding import BudgetShare, funding_of, split
from tuodi.language.model import Document, Funding, PayerShare, Policy


def _shares(**parts: int) -> tuple[PayerShare, ...]:
    return tuple(PayerShare(payer=payer, share=share) for payer, share in parts.items())


def _parts(**parts: int) -> tuple[BudgetShare, ...]:
    return tuple(BudgetShare(payer=payer, fen=fen) for payer, fen in parts.items())


def test_an_odd_fen_goes_to_the_earlier_of_two_equal_remainders() -> None:
    assert _parts(city=51, county=50) == split(101, _shares(city=5000, county=5000))


def test_the_left_fen_goes_to_the_largest_remainder() -> None:
    # 250.01 yuan, 70 % : 30 % = 175.007 : 75.003
    assert _parts(province=17501, county=7500) == split(25001, _shares(province=7000, county=3000))


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10000), min_size=1, max_size=6).map(lambda cuts: [0, *sorted(cuts), 10000]),
)
def test_the_parts_add_up_and_none_is_a_fen_off_its_share(fen: int, cuts: list[int]) -> None:
    shares = tuple(
        PayerShare(payer=f"payer_{place}", share=high - low)
        for place, (low, high) in enumerate(itertools.pairwise(cuts))
    )

    parts = split(fen, shares)

    assert fen == sum(part.fen for part in parts)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part.fen * 10000 - fen * share.share) < 10000


def test_a_benefit_finds_its_funding() -> None:
    document = Document(
        id="x", number="x", title="x", issuer="x", region="0", issued=date(2023, 1, 1), start=date(2023, 1, 1),
        end=None, start_clause="一",
    )  # fmt: skip
    line = Funding(id="f", clause="五", pays=frozenset({"stay"}), payers=_shares(city=10000))
    policy = Policy(document=document, content_hash="", funding=(line,))

    assert line == funding_of(policy, "stay")
    assert funding_of(policy, "visit") is None
